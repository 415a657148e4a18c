package main

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/edit"
)

const flatName = "merge into a campaign of"

// flatSizes are numbers of rows that a campaign has before.
func flatSizes() []int { return []int{10_000, 100_000, 1_000_000, 5_000_000} }

// flattening measures whether a merge costs the same however large the campaign is:
// the same stream of entries after ever more rows, against the smallest campaign. It
// takes minutes, so it runs only when it is asked for.
func flattening(ctx context.Context, rounds int) (err error) {
	b, err := newBed(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	var first float64
	for _, size := range flatSizes() {
		if err := b.grow(ctx, size); err != nil {
			return err
		}
		var costs []float64
		for range max(rounds, 3) {
			s := shape{entries: 5000, changes: 4, group: 100}
			pushes, _ := b.stream(s)
			cpu, err := b.push(ctx, pushes)
			if err != nil {
				return err
			}
			costs = append(costs, float64(cpu.Nanoseconds())/float64(s.entries*s.changes))
		}
		cost := median(costs)
		if first == 0 {
			first = cost
		}
		figure{fmt.Sprintf("%s %d rows", flatName, size), cost, "ns CPU a change", first}.print()
	}
	return nil
}

// grow inserts rows until the campaign has a size. The phones go on with the rows
// that they made last.
func (b *bed) grow(ctx context.Context, size int) error {
	const keep = 5000
	for b.rows < size {
		pushes := b.inserts(min(1000, size-b.rows))
		if _, err := b.push(ctx, pushes); err != nil {
			return err
		}
		for _, p := range b.phones {
			if len(p.ids) > 2*keep {
				p.ids = append(p.ids[:0], p.ids[len(p.ids)-keep:]...)
			}
		}
	}
	return b.see(ctx)
}

// inserts makes one entry of new rows.
func (b *bed) inserts(n int) []chain.Push {
	p := b.phones[b.rows/1000%2]
	e := edit.New(b.service.Catalogue)
	for range n {
		b.rows++
		id := schema.NewRowID()
		p.ids = append(p.ids, id)
		b.insert(e, p, id)
	}
	bytes, err := e.Bytes()
	if err != nil {
		panic(err)
	}
	p.seal(b.campaign(), bytes)
	return []chain.Push{p.push(b.campaign())}
}

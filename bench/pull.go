package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
)

const pullName = "pull 50,000 rows"

// pulling measures a whole pull from zero, page by page as a phone does it, against
// reading the same rows one by one and writing them down as a patchset.
func pulling(ctx context.Context, rounds int) (f figure, err error) {
	const rows, limit = 50_000, 5000
	b, err := newBed(ctx)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	pushes, _ := b.stream(shape{entries: rows * 2 / 1000, changes: 1000, group: 1}) // half of them insert
	if _, err := b.push(ctx, pushes); err != nil {
		return f, err
	}
	var ours, theirs []float64
	for range rounds {
		cpu, n, err := b.pull(ctx, limit)
		if err != nil {
			return f, err
		}
		if n < rows {
			return f, fmt.Errorf("pulled %d of %d rows", n, rows)
		}
		ours = append(ours, float64(cpu.Milliseconds()))
		if cpu, err = b.readRows(ctx); err != nil {
			return f, err
		}
		theirs = append(theirs, float64(cpu.Milliseconds()))
	}
	return figure{pullName, median(ours), "ms CPU", median(theirs)}, nil
}

// pull pulls all that a phone may hold.
func (b *bed) pull(ctx context.Context, limit int) (time.Duration, int, error) {
	runtime.GC()
	before, n := cpuTime(), 0
	p := ingest.Pull{
		Campaign: b.campaign(), Device: b.phones[0].id, Schema: schema.Version, Limit: limit,
	}
	for {
		page, err := b.service.Pull(ctx, p)
		if err != nil {
			return 0, 0, err
		}
		n += page.Rows
		if !page.More {
			return cpuTime() - before, n, nil
		}
		p.After, p.Epoch = page.Next, &page.Epoch
	}
}

// readRows reads all findings by database/sql.
func (b *bed) readRows(ctx context.Context) (time.Duration, error) {
	runtime.GC()
	t := b.service.Catalogue.MustTable("finding")
	query := "SELECT id"
	for i := range t.Columns {
		query += ", " + t.Columns[i].Name
	}
	before := cpuTime()
	err := b.store.Read(ctx, b.campaign(), func(v store.View) error {
		rows, err := v.QueryContext(ctx, query+" FROM finding WHERE campaign_no = $1 ORDER BY id", v.CampaignNo)
		if err != nil {
			return err
		}
		defer rows.Close()
		return writeRows(rows, t)
	})
	return cpuTime() - before, err
}

func writeRows(rows *sql.Rows, t *schema.Table) error {
	w := changeset.NewWriter(changeset.Patchset)
	flags := make([]byte, 1+len(t.Columns))
	flags[0] = 1
	w.Table(t.Name, flags)
	cells, dest := make([]any, len(flags)), make([]any, len(flags))
	values := make([]changeset.Value, len(flags))
	for i := range cells {
		dest[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		for i := range cells {
			values[i] = changeset.ValueOf(cells[i])
		}
		if err := w.Insert(false, values); err != nil {
			return err
		}
	}
	return rows.Err()
}

package merge_test

import (
	"fmt"
	"testing"

	"sansuiji/syncengine/naive"
)

// inOrders delivers a history in several orders, of which only those of each
// device's own chain are kept, and wants of each what the set of entries says.
func inOrders(h *history, orders int) error {
	want := naive.Fold(h.catalogue, h.entries)
	for order := range orders {
		s := newServer(h.catalogue, h.Rand)
		for _, i := range h.order(order) {
			if err := s.take(&h.entries[i]); err != nil {
				return fmt.Errorf("order %d: %w", order, err)
			}
		}
		if err := s.differs(&want); err != nil {
			return fmt.Errorf("order %d: %w", order, err)
		}
		if err := s.forgets(); err != nil {
			return fmt.Errorf("order %d: %w", order, err)
		}
	}
	return nil
}

// order is one in which a server may get the entries: as they were made, or any
// in which each device's come in turn. Some come twice.
func (h *history) order(n int) []int {
	list := make([]int, 0, len(h.entries))
	if n == 0 {
		for i := range h.entries {
			list = append(list, i)
		}
		return list
	}
	chains := map[int][]int{}
	var devices []int
	for i := range h.entries {
		d := int(h.entries[i].Device[0])
		if chains[d] == nil {
			devices = append(devices, d)
		}
		chains[d] = append(chains[d], i)
	}
	batch := 1 + h.IntN(6) // entries of one push
	for len(devices) > 0 {
		k := h.IntN(len(devices))
		d := devices[k]
		take := min(1+h.IntN(batch), len(chains[d]))
		list = append(list, chains[d][:take]...)
		if h.IntN(4) == 0 {
			list = append(list, list[h.IntN(len(list))])
		}
		if chains[d] = chains[d][take:]; len(chains[d]) == 0 {
			devices[k] = devices[len(devices)-1]
			devices = devices[:len(devices)-1]
		}
	}
	return list
}

// checkHistories looks at many histories.
func checkHistories(from, to uint64) error {
	for seed := from; seed < to; seed++ {
		h := newHistory(seed, 4+int(seed%24))
		if err := inOrders(h, 5); err != nil {
			return fmt.Errorf("history %d: %w", seed, err)
		}
	}
	return nil
}

// Order and topology, idempotence, constraints and withdrawals: whatever the order,
// batching, route or duplication, rows, contests, held and refused entries are
// those that the set of entries says.
func TestRowsAndContestsAreAFunctionOfTheSetOfEntries(t *testing.T) {
	if err := checkHistories(0, 2500); err != nil {
		t.Error(err)
	}
}

func FuzzTheOrderOfArrivalDoesNotMatter(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, uint8(10+seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, entries uint8) {
		if err := inOrders(newHistory(seed, int(entries%60)), 6); err != nil {
			t.Error(err)
		}
	})
}

// Conservation: at every step on the way a server is as the entries it has by then
// say. So whatever was accepted stands, competes, is known to a later author, or
// has lost by its column's rule; and who competed once stays readable.
func TestNothingIsLostAtAnyStepOnTheWay(t *testing.T) {
	for seed := range uint64(150) {
		h := newHistory(1_000_000+seed, 20)
		s := newServer(h.catalogue, h.Rand)
		var have []naive.Entry
		for n, i := range h.order(1) {
			have = append(have, h.entries[i])
			if err := s.take(&h.entries[i]); err != nil {
				t.Fatalf("history %d, step %d: %v", seed, n, err)
			}
			want := naive.Fold(h.catalogue, have)
			if err := s.differs(&want); err != nil {
				t.Fatalf("history %d, step %d: %v", seed, n, err)
			}
			if err := s.forgets(); err != nil {
				t.Fatalf("history %d, step %d: %v", seed, n, err)
			}
		}
	}
}

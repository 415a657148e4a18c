package naive

import (
	"bytes"
	"cmp"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
)

// Cell is one write of one cell.
type Cell struct {
	Name
	Clock  clock.Time
	HQ     bool
	Knows  map[schema.DeviceID]uint64
	Saw    map[Name]bool
	Insert bool // of the row, not a change of it
	Value  changeset.Value
}

// Known says whether the author of one write had seen another; a device knows
// its own earlier ones.
func (c *Cell) Known(by *Cell) bool {
	if c.Device == by.Device {
		return c.Seq < by.Seq
	}
	return c.Seq <= by.Knows[c.Device] || by.Saw[c.Name]
}

// Stand finds what stands in a cell after a set of writes, and what competes.
func Stand(rule schema.Rule, choices []schema.Choice, all []Cell) (stands Cell, competing []Cell) {
	switch rule {
	case schema.Latest:
		return slices.MaxFunc(all, later), nil
	case schema.HQ:
		if hq := having(all, func(c *Cell) bool { return c.HQ }); len(hq) > 0 {
			all = hq
		}
		return slices.MaxFunc(all, later), nil
	case schema.Furthest:
		return slices.MaxFunc(all, func(a, b Cell) int {
			return cmp.Or(cmp.Compare(place(choices, a.Value), place(choices, b.Value)), later(a, b))
		}), nil
	case schema.Review:
		competing = having(all, func(c *Cell) bool { return !knownToAny(c, all) })
		return slices.MaxFunc(competing, later), competing
	case schema.Once:
		return once(all)
	}
	panic("naive: no rule " + string(rule))
}

// once: the earliest value of those that no write of headquarters knows stands,
// unless headquarters' own is among them.
func once(all []Cell) (stands Cell, competing []Cell) {
	values := having(all, func(c *Cell) bool {
		return c.Value.Kind != changeset.Null || c.HQ && !c.Insert
	})
	if len(values) == 0 {
		return slices.MaxFunc(all, later), nil
	}
	hq := having(values, func(c *Cell) bool { return c.HQ })
	competing = having(values, func(c *Cell) bool { return !knownToAny(c, hq) })
	if own := having(competing, func(c *Cell) bool { return c.HQ }); len(own) > 0 {
		return slices.MaxFunc(own, later), competing
	}
	return slices.MinFunc(competing, later), competing
}

func knownToAny(c *Cell, others []Cell) bool {
	return slices.ContainsFunc(others, func(o Cell) bool { return c.Known(&o) })
}

func having(all []Cell, keep func(*Cell) bool) (some []Cell) {
	for i := range all {
		if keep(&all[i]) {
			some = append(some, all[i])
		}
	}
	return some
}

// later orders writes by clock, then device.
func later(a, b Cell) int {
	return cmp.Or(cmp.Compare(a.Clock, b.Clock), bytes.Compare(a.Device[:], b.Device[:]))
}

// place of a state in the order of its column's choices; NULL comes first.
func place(choices []schema.Choice, v changeset.Value) int {
	return slices.IndexFunc(choices, func(c schema.Choice) bool { return c.Code == string(v.Bytes) })
}

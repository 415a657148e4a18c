package naive

import (
	"cmp"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
)

// write is one write of one cell.
type write struct {
	*Entry
	op     changeset.Op
	column int
	value  changeset.Value
}

// known says whether the author of another write had seen this one; a device knows
// its own earlier ones.
func (w write) known(by write) bool {
	if w.Device == by.Device {
		return w.Seq < by.Seq
	}
	return w.Seq <= by.Knows[w.Device] || by.Saw[w.Name]
}

// stand finds what stands in a cell after a set of writes, and what competes.
func stand(rule schema.Rule, choices []schema.Choice, all []write) (stands write, competing []write) {
	switch rule {
	case schema.Latest:
		return slices.MaxFunc(all, later), nil
	case schema.HQ:
		if hq := having(all, fromHQ); len(hq) > 0 {
			all = hq
		}
		return slices.MaxFunc(all, later), nil
	case schema.Furthest:
		return slices.MaxFunc(all, func(a, b write) int {
			return cmp.Or(cmp.Compare(place(choices, a.value), place(choices, b.value)), later(a, b))
		}), nil
	case schema.Review:
		competing = having(all, func(w write) bool { return !knownToAny(w, all) })
		return slices.MaxFunc(competing, later), competing
	case schema.Once:
		return once(all)
	}
	panic("naive: no rule " + string(rule))
}

// once: the earliest value of those that no write of headquarters knows stands,
// unless headquarters' own is among them.
func once(all []write) (stands write, competing []write) {
	values := having(all, func(w write) bool {
		return w.value.Kind != changeset.Null || w.HQ && w.op != changeset.Insert
	})
	if len(values) == 0 {
		return slices.MaxFunc(all, later), nil
	}
	competing = having(values, func(w write) bool { return !knownToAny(w, having(values, fromHQ)) })
	if own := having(competing, fromHQ); len(own) > 0 {
		return slices.MaxFunc(own, later), competing
	}
	return slices.MinFunc(competing, later), competing
}

func fromHQ(w write) bool { return w.HQ }

func knownToAny(w write, others []write) bool { return slices.ContainsFunc(others, w.known) }

func having(all []write, keep func(write) bool) []write {
	return slices.DeleteFunc(slices.Clone(all), func(w write) bool { return !keep(w) })
}

// later orders writes by clock, then device.
func later(a, b write) int {
	return cmp.Or(cmp.Compare(a.Clock, b.Clock), a.Compare(b.Name))
}

// place of a state in the order of its column's choices; NULL comes first.
func place(choices []schema.Choice, v changeset.Value) int {
	return slices.IndexFunc(choices, func(c schema.Choice) bool { return c.Code == string(v.Bytes) })
}

package merge

import (
	"bytes"
	"crypto/sha256"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
)

// Write is one write of one cell.
type Write struct {
	Author   uint32
	Device   schema.DeviceID // of the author
	HQ       bool            // the author is headquarters
	Seq      uint64          // of the entry in its author's chain
	Revision uint64
	Clock    clock.Time
	Value    changeset.Value
	Base     changeset.Value // what the author had before; Absent for an inserted row
}

// stamp is what the write leaves in a cell.
func (w *Write) stamp() Stamp {
	return Stamp{Author: w.Author, Revision: w.Revision, Clock: w.Clock}
}

// ContestState says how far a contest has come.
type ContestState string

// The states.
const (
	Open       ContestState = "open"       // different values; a person decides
	Agreed     ContestState = "agreed"     // several writes of one value
	Resolved   ContestState = "resolved"   // headquarters wrote, having seen all
	Superseded ContestState = "superseded" // a device wrote, having seen all
)

// Contest is a cell with writes whose authors had not seen one another's.
type Contest struct {
	ID     [16]byte
	Table  *schema.Table
	Row    schema.RowID
	Column int
	Base   changeset.Value
	State  ContestState
	Writes []Write // competing; one when the contest is over
	Gone   []Write // competed until this change
	Opened bool    // by this change
}

// ContestID names the contest of a cell from a base, whoever finds it.
func ContestID(
	campaign schema.CampaignID, t *schema.Table, row schema.RowID, column int, base changeset.Value,
) [16]byte {
	b := append([]byte("sansuiji/conflict/1\n"), campaign[:]...)
	b = append(append(b, t.Name...), 0)
	b = append(b, row[:]...)
	b = append(append(b, t.Columns[column].Name...), 0)
	sum := sha256.Sum256(changeset.AppendValue(b, base))
	return [16]byte(sum[:16])
}

// settle adds a write to those competing in a cell. Writes that its author knew
// compete no longer; under Once only headquarters can end a competition. It
// returns what competes now, what no longer does, and the place of the winner.
func settle(
	rule schema.Rule, competing []Write, w Write, knows func(Write) bool,
) (left, gone []Write, winner int) {
	for _, c := range competing {
		if knows(c) && (rule != schema.Once || w.HQ) {
			gone = append(gone, c)
		} else {
			left = append(left, c)
		}
	}
	left = append(left, w)
	for i := range left {
		if stands(rule, left[i], left[winner]) {
			winner = i
		}
	}
	return left, gone, winner
}

// stands says whether a comes before b as the value that stands.
func stands(rule schema.Rule, a, b Write) bool {
	if rule != schema.Once || (a.HQ && b.HQ) {
		return later(a, b)
	}
	if a.HQ != b.HQ {
		return a.HQ
	}
	return later(b, a)
}

// later orders writes by clock, then device, then revision.
func later(a, b Write) bool {
	if a.Clock != b.Clock {
		return a.Clock > b.Clock
	}
	if a.Device != b.Device {
		return bytes.Compare(a.Device[:], b.Device[:]) > 0
	}
	return a.Revision > b.Revision
}

// state of a contest after a write.
func contestState(left []Write, w Write) ContestState {
	switch {
	case len(left) == 1 && w.HQ:
		return Resolved
	case len(left) == 1:
		return Superseded
	}
	for _, c := range left[1:] {
		if !c.Value.Equal(left[0].Value) {
			return Open
		}
	}
	return Agreed
}

package merge

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/mutant"
)

// Write is one write of one cell.
type Write struct {
	Author   uint32
	Device   schema.DeviceID // of the author
	HQ       bool            // the author is headquarters
	Seq      uint64          // of the entry in its device's chain
	Revision uint64
	Clock    clock.Time
	Value    changeset.Value
	Base     changeset.Value // what the author had before; Absent for an inserted row
}

// stamp is what the write leaves in a cell.
func (w *Write) stamp() Stamp {
	return Stamp{Author: w.Author, Seq: w.Seq, Revision: w.Revision, Clock: w.Clock}
}

// ContestState says how far a contest has come.
type ContestState string

// The states.
const (
	Open       ContestState = "open"       // different values; a person decides
	Agreed     ContestState = "agreed"     // several writes of one value
	Settled    ContestState = "settled"    // was open; those who compete now wrote one value
	Resolved   ContestState = "resolved"   // headquarters wrote, having seen all
	Superseded ContestState = "superseded" // a device wrote, having seen all
)

// Contest is a cell with writes whose authors had not seen one another's. It ends
// with a write that knows all of them, and stays as it was then; the next contest
// of the cell is another one, with another id.
type Contest struct {
	ID     [16]byte
	Was    [16]byte // the id it had until this change, if that was another; else zero
	Table  *schema.Table
	Row    schema.RowID
	Column int
	Base   changeset.Value // of the write that opened it, a hint for people
	State  ContestState
	Writes []Write // competing; one when the contest is over
	Gone   []Write // known to one of the others since this change; not in Writes
	Opened bool    // by this change
}

// ContestID names the contest of a cell after the write with the lowest device,
// then seq, of those that compete. Whoever has the same writes finds the same
// name, at headquarters or at a hub, whatever came first; and since a write that
// stopped competing never does again, no later contest of the cell has it.
func ContestID(
	campaign schema.CampaignID, t *schema.Table, row schema.RowID, column int, competing []Write,
) [16]byte {
	first := &competing[0]
	for i := range competing {
		if precedes(&competing[i], first) && !mutant.On(mutant.NamedByArrival) {
			first = &competing[i]
		}
	}
	var room [256]byte
	b := append(append(room[:0], "sansuiji/conflict/2\n"...), campaign[:]...)
	b = append(append(b, t.Name...), 0)
	b = append(b, row[:]...)
	b = append(append(b, t.Columns[column].Name...), 0)
	b = append(b, first.Device[:]...)
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(b, first.Seq))
	return [16]byte(sum[:16])
}

// precedes orders writes by what every server that has them agrees about.
func precedes(a, b *Write) bool {
	if c := bytes.Compare(a.Device[:], b.Device[:]); c != 0 {
		return c < 0
	}
	return a.Seq < b.Seq
}

// contest lets a write compete with those its author had not seen.
func (u *updating) contest(i int, theirs, base changeset.Value) error {
	contest, err := u.competing(i, base)
	if err != nil {
		return err
	}
	a := &u.entry.Author
	w := Write{
		Author: a.Number, Device: a.Device, HQ: a.HQ, Seq: u.entry.Seq, Revision: u.revision,
		Clock: u.entry.Clock, Value: theirs, Base: base,
	}
	rule := u.change.table.Columns[i].Rule
	left, gone, err := u.settle(rule, contest.Writes, w)
	if err != nil {
		return err
	}
	u.settled(i, left[standing(rule, left)], len(left) > 1)
	if len(left) == 1 && contest.Opened {
		return nil // it never was one: one of the two authors knew the other's write
	}
	u.marked = true // the write's revision names it in the contest
	contest.Writes, contest.Gone = left, gone
	contest.State = contestState(contest.State, left, w)
	contest.rename(u.entry.Campaign)
	u.contests = append(u.contests, contest)
	return nil
}

// rename gives a contest the name of those that compete. One that is over keeps
// the name it had.
func (c *Contest) rename(campaign schema.CampaignID) {
	if len(c.Writes) == 1 || mutant.On(mutant.NameNotFollowed) && !c.Opened {
		return
	}
	id := ContestID(campaign, c.Table, c.Row, c.Column, c.Writes)
	if !c.Opened && id != c.ID {
		c.Was = c.ID
	}
	c.ID = id
}

// competing finds what competes in a cell: its contest, or the value it has.
func (u *updating) competing(i int, base changeset.Value) (Contest, error) {
	t, id, stamp := u.change.table, u.change.id, u.row.Stamps[i]
	if stamp.Contested {
		c, err := u.view.Contest(t, id, i)
		for k := range c.Writes {
			if w := &c.Writes[k]; w.Author == u.entry.Author.Number {
				w.Device, w.HQ = u.entry.Author.Device, u.entry.Author.HQ
			}
		}
		return c, err
	}
	value, err := u.value(i)
	if err != nil {
		return Contest{}, err
	}
	device, hq, err := u.device(stamp.Author)
	if err != nil {
		return Contest{}, err
	}
	standing := u.sides.take(1)
	standing[0] = Write{
		Author: stamp.Author, Device: device, HQ: hq, Seq: stamp.Seq,
		Revision: stamp.Revision, Clock: stamp.Clock, Value: value, Base: base,
	}
	return Contest{Table: t, Row: id, Column: i, Base: base, Opened: true, Writes: standing}, nil
}

// device tells whose an author's number is. The entry may be its author's first,
// of whom the view need not know yet.
func (u *updating) device(author uint32) (device schema.DeviceID, hq bool, err error) {
	if a := &u.entry.Author; author == a.Number {
		return a.Device, a.HQ, nil
	}
	return u.view.Device(author)
}

// settle adds a write to those competing in a cell. What its author knew competes
// no longer, nor does the write itself if the author of one of the others knew it;
// under Once only headquarters' knowledge counts.
func (u *updating) settle(
	rule schema.Rule, competing []Write, w Write,
) (left, gone []Write, err error) {
	known := false
	left = u.sides.take(len(competing) + 1)[:0]
	for i := range competing {
		c := &competing[i]
		if ends(rule, &w) && (u.entry.knows(c.stamp()) || mutant.On(mutant.ClosedUnseen) && w.HQ) {
			gone = append(gone, *c)
			continue
		}
		left = append(left, *c)
		if ends(rule, c) && !known {
			if known, err = u.knownTo(c.stamp()); err != nil {
				return nil, nil, err
			}
		}
	}
	if known {
		return left, append(gone, w), nil
	}
	return append(left, w), gone, nil
}

// ends says whether a write ends the competition of those its author knew.
func ends(rule schema.Rule, w *Write) bool {
	return rule != schema.Once || w.HQ || mutant.On(mutant.OnceEndedByDevice)
}

// knownTo says whether the author of a write that was merged before had seen the
// entry: it is an older one of the author's own, or arrives late.
func (u *updating) knownTo(s Stamp) (bool, error) {
	if u.entry.outdated(s) || !u.entry.Awaited || mutant.On(mutant.LateNotKnown) {
		return u.entry.outdated(s), nil
	}
	return u.view.Knew(s)
}

// settled stores the write that stands in the row.
func (u *updating) settled(i int, w Write, contested bool) {
	s := w.stamp()
	s.Contested, s.Emptied = contested, emptied(u.change.table.Columns[i].Rule, w.HQ, w.Value)
	if w.Revision == u.revision || u.row.Stamps[i].Revision != w.Revision {
		u.write.Columns = append(u.write.Columns, i)
		u.write.Values = append(u.write.Values, w.Value)
	}
	if s != u.row.Stamps[i] {
		u.write.Stamps[i], u.marked = s, true
	}
}

// emptied says that a write which stands is headquarters' NULL under Once.
func emptied(rule schema.Rule, hq bool, v changeset.Value) bool {
	return rule == schema.Once && hq && v.Kind == changeset.Null && !mutant.On(mutant.OnceNullForgotten)
}

// standing is the place of the write that stands.
func standing(rule schema.Rule, competing []Write) int {
	place := 0
	for i := range competing {
		if stands(rule, competing[i], competing[place]) {
			place = i
		}
	}
	return place
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

// later orders writes by clock, then device. A device has no two entries of one
// clock.
func later(a, b Write) bool {
	if mutant.On(mutant.ClockIgnored) {
		return a.Revision > b.Revision
	}
	if a.Clock != b.Clock {
		return a.Clock > b.Clock
	}
	if mutant.On(mutant.TieByArrival) {
		return a.Revision > b.Revision
	}
	return bytes.Compare(a.Device[:], b.Device[:]) > 0
}

// Live says whether writes compete: the contest is not over.
func (s ContestState) Live() bool { return s == Open || s == Agreed || s == Settled }

// contestState is that of a contest after a write. One that was open does not
// vanish when its writers come to agree.
func contestState(before ContestState, left []Write, w Write) ContestState {
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
	if before == Open || before == Settled {
		return Settled
	}
	return Agreed
}

// Package merge decides what becomes of an entry: which cells take its values,
// which keep theirs, where a person has to decide, and what cannot be merged at
// all. It is pure: rows come in through View, decisions go out as a Plan.
//
// A value somebody wrote is never dropped in silence. Where two people wrote one
// cell and neither had seen the other's value, the column's rule decides and,
// under Review and Once, a contest is opened that only a later write which knows
// all competing ones can close.
//
// What stands, and what competes, is a function of the set of merged entries, of
// their effective clocks and of what each author had seen; the order in which they
// arrive does not matter. Package naive says the same in a plainer way, and the
// tests compare the two. docs/PROTOCOL.md §8 has the rules in words.
package merge

import (
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/mutant"
)

// Scope is the short number of who holds a row: a team's, or one of these.
type Scope int64

// The scopes that are not a team's.
const (
	ScopeHQ       Scope = 0 // headquarters alone
	ScopeCampaign Scope = 1 // every device of the campaign
)

// View shows the campaign's rows as they are before the entry.
type View interface {
	// Row finds a row's bookkeeping, without its values.
	Row(t *schema.Table, id schema.RowID) (Row, bool, error)
	// Scope finds a row's scope alone; it is asked for parents, again and again.
	Scope(t *schema.Table, id schema.RowID) (Scope, bool, error)
	// Cell reads a value of a present row.
	Cell(t *schema.Table, id schema.RowID, column int) (changeset.Value, error)
	// Contest finds the contest of a contested cell with what competes in it.
	Contest(t *schema.Table, id schema.RowID, column int) (Contest, error)
	// Device tells whose an author's number is.
	Device(author uint32) (device schema.DeviceID, hq bool, err error)
	// TeamScope is the scope of a team.
	TeamScope(team schema.TeamID) (Scope, error)
	// Knew says whether the author of the entry that left a stamp had seen the entry
	// being merged, although that one is merged later. It is asked about an Awaited
	// entry only.
	Knew(s Stamp) (bool, error)
}

// Row is a row's bookkeeping.
type Row struct {
	Scope    Scope
	Revision uint64
	Stamps   []Stamp // one per column
}

// Author is who wrote an entry, and what they may write.
type Author struct {
	Number    uint32
	Device    schema.DeviceID
	HQ        bool
	Inspector schema.RowID
	Scopes    []Scope // whose rows they may write
}

// Entry is an entry that is next in its chain.
type Entry struct {
	Campaign  schema.CampaignID
	Author    Author
	Seq       uint64     // place in its device's chain
	Clock     clock.Time // effective; rises along a device's chain
	Seen      uint64     // revision of this epoch that the author had pulled
	Schema    int
	SchemaMax int    // entries of later versions are quarantined
	Revision  uint64 // the campaign's before the entry
	Changeset []byte

	// Heads is up to which seq entries were known that were learnt by other ways than
	// headquarters' present state, by author.
	Heads map[uint32]uint64

	// Awaited says that an entry which is merged already had seen this one.
	Awaited bool
}

// knows says whether the entry's author knew the write that left a stamp. A
// device knows its own earlier writes; a held entry may come after its later ones.
func (e *Entry) knows(s Stamp) bool {
	seen := e.Seen
	if mutant.On(mutant.KnownOffByOne) {
		seen++
	}
	return s.Revision <= seen || e.learnt(s) || s.Author == e.Author.Number && s.Clock < e.Clock
}

// learnt says whether the entry's author knew a write by other ways than
// headquarters.
func (e *Entry) learnt(s Stamp) bool {
	if mutant.On(mutant.HeadsIgnored) {
		return false
	}
	upTo := e.Heads[s.Author]
	return upTo > 0 && s.Seq <= upTo
}

// outdated says that the entry's author has since replaced what it writes: the
// write that left the stamp is the author's own, and later.
func (e *Entry) outdated(s Stamp) bool {
	return s.Author == e.Author.Number && s.Clock > e.Clock && !mutant.On(mutant.HeldAsNewest)
}

// RowRef names a row.
type RowRef struct {
	Table *schema.Table
	ID    schema.RowID
}

// RowWrite is what is to be stored of one row.
type RowWrite struct {
	RowRef
	Insert  bool
	Columns []int             // places in Table.Columns; all of them for an insert
	Values  []changeset.Value // one per column of Columns
	Scope   Scope
	Stamps  []Stamp // one per column of the table

	// Revision is the row's new one; rows whose values stay keep theirs.
	Revision uint64
	// From is the scope the row leaves, if Moved.
	From  Scope
	Moved bool
}

// Plan is the decision about an entry. Only a merged one has writes.
type Plan struct {
	Outcome schema.Outcome
	Reason  string // of a quarantine
	Detail  string
	Awaits  RowRef // of a held entry

	// Writes are to be stored in this order: rows that move come last and children
	// before their parents, so that each takes along the children it has by then.
	Writes   []RowWrite
	Contests []Contest
	Revision uint64 // the campaign's after the entry
}

// Decide plans an entry. An error means that the view failed, not the entry.
func Decide(catalogue *schema.Catalogue, view View, e *Entry) (Plan, error) {
	return NewPlanner(catalogue).Decide(view, e)
}

// Decide plans an entry. An error means that the view failed, not the entry.
func (d *Planner) Decide(view View, e *Entry) (Plan, error) {
	p := planner{Planner: d, view: view, entry: e, revision: e.Revision}
	if err := p.run(); err != nil {
		return p.refused(err)
	}
	return Plan{
		Outcome: schema.Merged, Writes: p.writes, Contests: p.contests, Revision: p.revision,
	}, nil
}

// refusal stops a plan: the entry cannot be merged as it is.
type refusal struct {
	reason string
	detail string
	awaits RowRef
}

func (r *refusal) Error() string { return r.reason + ": " + r.detail }

func quarantine(reason, format string, args ...any) error {
	return &refusal{reason: reason, detail: fmt.Sprintf(format, args...)}
}

func await(t *schema.Table, id schema.RowID) error {
	return &refusal{detail: t.Name + " " + id.String(), awaits: RowRef{t, id}}
}

func (p *planner) refused(err error) (Plan, error) {
	r, ok := err.(*refusal) //nolint:errorlint // made here and never wrapped
	if !ok {
		return Plan{}, err
	}
	plan := Plan{Outcome: schema.Quarantined, Reason: r.reason, Detail: r.detail, Revision: p.entry.Revision}
	if r.awaits.Table != nil {
		plan.Outcome, plan.Awaits = schema.Held, r.awaits
	}
	return plan, nil
}

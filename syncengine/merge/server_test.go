package merge_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/naive"
)

// server takes entries as headquarters does: each once, those of a device in
// order, those that wait for a row again when it has come.
type server struct {
	*model
	random   *rand.Rand // of how knowledge is told; nil: by heads alone
	campaign schema.CampaignID
	have     map[naive.Name]*naive.Entry
	merged   []arrival
	waiting  map[merge.RowRef][]*naive.Entry
	outcomes map[naive.Name]schema.Outcome
	reasons  map[naive.Name]string
	rivals   map[rival]bool // every write that ever competed
}

// arrival is a merged entry and the revision after it.
type arrival struct {
	*naive.Entry
	revision uint64
}

// rival is a write that competed in a cell.
type rival struct {
	cell
	naive.Name
}

func newServer(catalogue *schema.Catalogue, random *rand.Rand) *server {
	m := newModel(len(crew()) - 1)
	m.catalogue = catalogue
	return &server{
		model: m, random: random, campaign: schema.CampaignID{1},
		have: map[naive.Name]*naive.Entry{}, waiting: map[merge.RowRef][]*naive.Entry{},
		outcomes: map[naive.Name]schema.Outcome{}, reasons: map[naive.Name]string{},
		rivals: map[rival]bool{},
	}
}

// take merges an entry, or answers for one it has.
func (s *server) take(e *naive.Entry) error {
	if s.have[e.Name] != nil {
		return nil
	}
	s.have[e.Name] = e
	return s.decide(e)
}

// decide merges an entry and all that waited for its rows.
func (s *server) decide(e *naive.Entry) error {
	entry := s.told(e)
	s.knew = nil
	if entry.Awaited {
		s.knew = func(stamp merge.Stamp) bool {
			by := s.have[naive.Name{Device: s.devices[stamp.Author-1], Seq: stamp.Seq}]
			return knows(by, e)
		}
	}
	plan, err := merge.Decide(s.catalogue, s, entry)
	if err != nil {
		return fmt.Errorf("decide %s: %w", label(e.Name), err)
	}
	s.outcomes[e.Name], s.reasons[e.Name] = plan.Outcome, plan.Reason
	switch plan.Outcome {
	case schema.Held:
		s.waiting[plan.Awaits] = append(s.waiting[plan.Awaits], e)
		return nil
	case schema.Quarantined, schema.Duplicate:
		return nil
	case schema.Merged:
	}
	before := s.revisions(e)
	if err := s.keep(&plan); err != nil {
		return fmt.Errorf("%s: %w", label(e.Name), err)
	}
	if err := s.learns(e, before); err != nil {
		return err
	}
	s.merged = append(s.merged, arrival{e, s.revision})
	return s.release(&plan)
}

// revisions are those of the rows that an entry changes.
func (s *server) revisions(e *naive.Entry) map[naive.Ref]uint64 {
	before := map[naive.Ref]uint64{}
	for i := range e.Changes {
		if row := s.rows[merge.RowRef{Table: e.Changes[i].Table, ID: e.Changes[i].ID}]; row != nil {
			before[e.Changes[i].Ref] = row.Revision
		}
	}
	return before
}

// learns wants a row in which a device's value does not stand to have a new revision,
// so that the device pulls it.
func (s *server) learns(e *naive.Entry, before map[naive.Ref]uint64) error {
	for i := range e.Changes {
		c := &e.Changes[i]
		row := s.rows[merge.RowRef{Table: c.Table, ID: c.ID}]
		for k, v := range c.Cells {
			if e.HQ || v.Kind == changeset.Absent || c.Table.Columns[k].Rule == schema.HQ || row.values[k].Equal(v) {
				continue
			}
			if row.Revision == before[c.Ref] {
				return fmt.Errorf("%s does not learn that its %s.%s does not stand", label(e.Name), c.Table.Name,
					c.Table.Columns[k].Name)
			}
		}
	}
	return nil
}

// keep stores a plan. Contests that are over stay as they were.
func (s *server) keep(plan *merge.Plan) error {
	before := map[[16]byte]bool{}
	for _, over := range s.closed {
		for i := range over {
			before[over[i].ID] = true
		}
	}
	s.apply(plan)
	for i := range plan.Contests {
		c := &plan.Contests[i]
		if before[c.ID] {
			return fmt.Errorf("contest %x goes on though it was over", c.ID[:4])
		}
		for _, w := range append(slices.Clip(c.Writes), c.Gone...) {
			at := cell{merge.RowRef{Table: c.Table, ID: c.Row}, c.Column}
			s.rivals[rival{at, naive.Name{Device: w.Device, Seq: w.Seq}}] = true
		}
	}
	return s.check()
}

func (s *server) release(plan *merge.Plan) error {
	for i := range plan.Writes {
		w := &plan.Writes[i]
		if !w.Insert {
			continue
		}
		held := s.waiting[w.RowRef]
		delete(s.waiting, w.RowRef)
		for _, e := range held {
			if err := s.decide(e); err != nil {
				return err
			}
		}
	}
	return nil
}

func knows(by, e *naive.Entry) bool {
	if by.Device == e.Device {
		return by.Seq > e.Seq
	}
	return by.Knows[e.Device] >= e.Seq
}

// told is an entry as headquarters gets to know it: what its author knew is told
// partly by a revision and partly by heads.
func (s *server) told(e *naive.Entry) *merge.Entry {
	out := &merge.Entry{
		Campaign: s.campaign, Seq: e.Seq, Clock: e.Clock, Schema: version(e), SchemaMax: schema.Version,
		Revision: s.revision, Changeset: encode(e), Heads: map[uint32]uint64{},
		Author: merge.Author{Device: e.Device, HQ: e.HQ, Inspector: e.Inspector},
	}
	out.Author.Number = uint32(1 + slices.Index(s.devices, e.Device))
	for _, team := range e.Teams {
		scope, _ := s.TeamScope(team)
		out.Author.Scopes = append(out.Author.Scopes, scope)
	}
	out.Awaited = slices.ContainsFunc(s.merged, func(a arrival) bool {
		return a.Device != e.Device && knows(a.Entry, e)
	})
	pulled := 0
	for pulled < len(s.merged) && s.random != nil && knows(e, s.merged[pulled].Entry) {
		out.Seen = s.merged[pulled].revision
		pulled++
	}
	for device, seq := range e.Knows {
		other := slices.ContainsFunc(s.merged[pulled:], func(a arrival) bool { return a.Device == device })
		if other || s.random == nil || s.random.IntN(2) == 0 {
			out.Heads[uint32(1+slices.Index(s.devices, device))] = seq
		}
	}
	return out
}

// differs says where a server is not as the set of its entries wants it.
func (s *server) differs(want *naive.State) error {
	if len(s.rows) != len(want.Rows) {
		return fmt.Errorf("%d rows, want %d", len(s.rows), len(want.Rows))
	}
	for ref, row := range want.Rows {
		if err := s.differsRow(ref, row); err != nil {
			return fmt.Errorf("%s %s: %w", ref.Table.Name, ref.ID, err)
		}
	}
	for name, verdict := range want.Verdicts {
		if (naive.Verdict{Outcome: s.outcomes[name], Reason: s.reasons[name]}) != verdict {
			return fmt.Errorf("%s is %s %s, want %s %s", label(name), s.outcomes[name], s.reasons[name],
				verdict.Outcome, verdict.Reason)
		}
	}
	if len(s.contests) != len(want.Contests) {
		return fmt.Errorf("%d contests, want %d", len(s.contests), len(want.Contests))
	}
	for i := range want.Contests {
		if err := s.differsContest(&want.Contests[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) differsRow(ref naive.Ref, want *naive.Row) error {
	row := s.rows[merge.RowRef{Table: ref.Table, ID: ref.ID}]
	if row == nil {
		return fmt.Errorf("is not there")
	}
	scope := merge.ScopeHQ
	switch {
	case want.Scope.All:
		scope = merge.ScopeCampaign
	case want.Scope.Held:
		scope, _ = s.TeamScope(want.Scope.Team)
	}
	if row.Scope != scope {
		return fmt.Errorf("scope %d, want %d", row.Scope, scope)
	}
	for i, v := range want.Cells {
		col, stamp := &ref.Table.Columns[i], row.Stamps[i]
		by := naive.Name{Seq: stamp.Seq}
		if stamp.Author > 0 {
			by.Device = s.devices[stamp.Author-1]
		}
		// Whose default stands while headquarters has not decided says nothing; nobody's, if
		// the row came from a program that did not have the column.
		undecided := col.Rule == schema.HQ && by.Device != s.devices[0] && want.Writers[i].Device != s.devices[0]
		if !row.values[i].Equal(v) || (by != want.Writers[i] && !undecided) {
			return fmt.Errorf("%s is %s by %s, want %s by %s", col.Name,
				plain(row.values[i]), label(by), plain(v), label(want.Writers[i]))
		}
	}
	return nil
}

func (s *server) differsContest(want *naive.Contest) error {
	at := cell{merge.RowRef{Table: want.Table, ID: want.ID}, want.Column}
	c, ok := s.contests[at]
	what := fmt.Sprintf("%s.%s of %s", want.Table.Name, want.Table.Columns[want.Column].Name, want.ID)
	if !ok || (c.State == merge.Open) != want.Open {
		return fmt.Errorf("contest of %s: %q, want open: %v", what, c.State, want.Open)
	}
	var names []naive.Name
	for i := range c.Writes {
		names = append(names, naive.Name{Device: c.Writes[i].Device, Seq: c.Writes[i].Seq})
	}
	slices.SortFunc(names, naive.Name.Compare)
	if !slices.Equal(names, want.Writes) {
		return fmt.Errorf("%s compete for %s, want %s", labels(names), what, labels(want.Writes))
	}
	first := []merge.Write{{Device: want.Writes[0].Device, Seq: want.Writes[0].Seq}}
	if id := merge.ContestID(s.campaign, want.Table, want.ID, want.Column, first); id != c.ID {
		return fmt.Errorf("contest of %s is not called after %s", what, label(want.Writes[0]))
	}
	return nil
}

// forgets finds a write that competed once and is in no contest any more, open or
// over.
func (s *server) forgets() error {
	kept := map[rival]bool{}
	note := func(at cell, c *merge.Contest) {
		for _, w := range append(slices.Clip(c.Writes), c.Gone...) {
			kept[rival{at, naive.Name{Device: w.Device, Seq: w.Seq}}] = true
		}
	}
	for at, c := range s.contests {
		note(at, &c)
	}
	for at, over := range s.closed {
		for i := range over {
			note(at, &over[i])
		}
	}
	for r := range s.rivals {
		if !kept[r] {
			return fmt.Errorf("%s competed in %s and is forgotten", label(r.Name), r.ID)
		}
	}
	return nil
}

// label is how tests call an entry: the device's letter, headquarters' is H, and
// the seq.
func label(n naive.Name) string {
	i := slices.Index(newModel(len(crew())-1).devices, n.Device)
	if i < 0 {
		return fmt.Sprintf("?%d", n.Seq)
	}
	return fmt.Sprintf("%c%d", "HABCDEFG"[i], n.Seq)
}

func labels(names []naive.Name) string {
	list := make([]string, len(names))
	for i := range names {
		list[i] = label(names[i])
	}
	return strings.Join(list, " ")
}

// plain is a value for people.
func plain(v changeset.Value) string {
	switch v.Kind {
	case changeset.Null:
		return "-"
	case changeset.Integer:
		return fmt.Sprint(v.Int64())
	case changeset.Text:
		return string(v.Bytes)
	case changeset.Absent, changeset.Real, changeset.Blob:
	}
	return fmt.Sprintf("%x", v.Bytes)
}

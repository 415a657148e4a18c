package simulation

import (
	"maps"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/naive"
)

func parse(b []byte) (chain.Entry, error) { return chain.Parse(b) }

// judgeAgainstSet wants rows and conflicts to be what the set of merged entries
// says, each with what its author knew in truth. Where headquarters went back, it
// may know less than the authors did, and ask a person too often; never too seldom.
func (w *world) judgeAgainstSet(s *state) {
	if w.hq.went || w.broken != nil {
		return // what it merged before somebody noticed was judged by another past
	}
	set, forged := w.entriesOf(s)
	merged := slices.DeleteFunc(slices.Clone(set), func(e naive.Entry) bool {
		return s.recordOf(e.Name).Outcome != schema.Merged
	})
	want := naive.Build(s.catalogue, merged)
	w.judgeRows(s, &want, forged)
	if !w.moved() && !w.reparented(merged) {
		full := naive.Fold(s.catalogue, set)
		for _, e := range set {
			r := s.recordOf(e.Name)
			if full.Verdicts[e.Name].Outcome != r.Outcome && !e.HQ && r.Reason != schema.ReasonMalformed {
				w.fail("outcomes are those of the set", "entry %d of %s is %s %s, want %s %s", e.Seq,
					w.called(e.Device), r.Outcome, r.Reason, full.Verdicts[e.Name].Outcome, full.Verdicts[e.Name].Reason)
			}
		}
	}
}

func (s *state) recordOf(n naive.Name) *record {
	for i := range s.records {
		if s.records[i].device == n.Device && s.records[i].Seq == n.Seq {
			return &s.records[i]
		}
	}
	return &record{}
}

// reparented says whether an entry moved a row to another parent: then outcomes
// depend on when the others came.
func (w *world) reparented(set []naive.Entry) bool {
	parents := map[naive.Ref]string{}
	for i := range set {
		for _, c := range set[i].Changes {
			at := c.Table.ColumnIndex(c.Table.Scope.Column)
			if at < 0 || c.Cells[at].Kind == changeset.Absent {
				continue
			}
			now := string(c.Cells[at].Bytes)
			if before, ok := parents[c.Ref]; ok && before != now {
				return true
			}
			parents[c.Ref] = now
		}
	}
	return false
}

// entriesOf are the entries of the history as the model takes them, and those whose
// authors say that they know more than they do.
func (w *world) entriesOf(s *state) (set []naive.Entry, forged map[naive.Name]bool) {
	forged = map[naive.Name]bool{}
	people := map[schema.DeviceID]schema.RowID{}
	for ref, k := range s.rows {
		if ref.Table.Name == "device" && k.cells[0].Kind == changeset.Blob {
			people[schema.DeviceID(ref.ID)] = schema.RowID(k.cells[0].Bytes)
		}
	}
	teams := map[schema.RowID][]schema.TeamID{}
	for ref, k := range s.rows {
		if ref.Table.Name == "team_member" {
			person := schema.RowID(k.cells[1].Bytes)
			teams[person] = append(teams[person], schema.TeamID(k.cells[0].Bytes))
		}
	}
	for i := range s.records {
		r := &s.records[i]
		e := naive.Entry{
			Name: r.name(), Clock: r.Clock, HQ: r.device == w.Cities.hq, Inspector: people[r.device],
			Changes: changesOf(s.catalogue, &r.entry), Saw: map[naive.Name]bool{},
		}
		e.Teams = teams[e.Inspector]
		if t := w.truth.sealed[r.Hash]; t != nil {
			forged[e.Name] = t.forged
			for _, sum := range t.knows {
				if known := s.byHash[sum]; known != nil {
					e.Saw[known.name()] = true
				}
			}
		}
		set = append(set, e)
	}
	return set, forged
}

// cellName names a cell.
type cellName struct {
	naive.Ref
	column int
}

func (w *world) judgeRows(s *state, want *naive.State, forged map[naive.Name]bool) {
	lying := w.liedAbout(s, forged)
	exact := s.restored == 0
	competing := map[cellName][]naive.Name{}
	for i := range s.contests {
		if c := &s.contests[i]; c.live {
			competing[cellName{c.Ref, c.Column}] = c.Writes
		}
	}
	for ref, row := range want.Rows {
		k := s.rows[ref]
		if k == nil {
			w.fail("rows are those of the set", "%s %s is not there", ref.Table.Name, ref.ID)
			continue
		}
		for i, v := range row.Cells {
			at := cellName{ref, i}
			known := ref.Table.Columns[i].Rule == schema.Review || ref.Table.Columns[i].Rule == schema.Once
			if lying[at] || k.cells[i].Equal(v) || !exact && (len(competing[at]) > 1 || known && w.truth.lied) {
				continue
			}
			w.fail("rows are those of the set", "%s.%s of %s is %s, want %s by %s %d", ref.Table.Name,
				ref.Table.Columns[i].Name, ref.ID, show(k.cells[i]), show(v),
				w.called(row.Writers[i].Device), row.Writers[i].Seq)
		}
	}
	if exact && w.broken == nil {
		w.judgeScopes(s, want)
	}
	if len(s.rows) != len(want.Rows) {
		w.fail("rows are those of the set", "%d rows, want %d", len(s.rows), len(want.Rows))
	}
	w.judgeContests(want, competing, lying, exact)
}

// judgeScopes wants every row to be where the set says: children with their parents.
func (w *world) judgeScopes(s *state, want *naive.State) {
	for ref, row := range want.Rows {
		k := s.rows[ref]
		held := k.scope > 1
		if (k.scope == 1) != row.Scope.All || held != row.Scope.Held || held && k.team != row.Scope.Team {
			w.fail("rows are in the scopes of the set", "%s %s is held by %d %s, want %+v", ref.Table.Name,
				ref.ID, k.scope, k.team, row.Scope)
		}
	}
}

// liedAbout are the cells that an entry wrote whose author lies about what it knew.
func (w *world) liedAbout(s *state, forged map[naive.Name]bool) map[cellName]bool {
	cells := map[cellName]bool{}
	for i := range s.records {
		r := &s.records[i]
		if !forged[r.name()] {
			continue
		}
		for _, c := range changesOf(s.catalogue, &r.entry) {
			for k := range c.Cells {
				if c.Cells[k].Kind != changeset.Absent {
					cells[cellName{c.Ref, k}] = true
				}
			}
		}
	}
	return cells
}

func (w *world) judgeContests(
	want *naive.State, have map[cellName][]naive.Name, lying map[cellName]bool, exact bool,
) {
	if w.truth.lied && !exact {
		return
	}
	for i := range want.Contests {
		c := &want.Contests[i]
		at := cellName{c.Ref, c.Column}
		got := have[at]
		missing := slices.ContainsFunc(c.Writes, func(n naive.Name) bool {
			return !slices.Contains(got, n)
		})
		if !lying[at] && (missing || exact && len(got) != len(c.Writes)) {
			w.fail("conflicts are those of the set", "%s.%s of %s: %s compete, want %s", c.Table.Name,
				c.Table.Columns[c.Column].Name, c.ID, w.listed(got), w.listed(c.Writes))
		}
		delete(have, at)
	}
	for _, at := range slices.Collect(maps.Keys(have)) {
		if exact && !lying[at] {
			w.fail("conflicts are those of the set", "%s.%s of %s: %s compete, want none", at.Table.Name,
				at.Table.Columns[at.column].Name, at.ID, w.listed(have[at]))
		}
	}
}

func (w *world) listed(names []naive.Name) (list []string) {
	for _, n := range names {
		list = append(list, w.called(n.Device)+" "+itoa(n.Seq))
	}
	return list
}

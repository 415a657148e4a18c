package merge_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/naive"
)

// The text cases of testdata/merge: README.md there says how they are written.

// story is a text case.
type story struct {
	name    string
	lines   []string // what happens, as written
	want    []string // what comes of it
	entries []naive.Entry
}

// prologue is what headquarters has done before every story: everybody knows it.
const prologue = "H1 @1: + visit V; + visit W team_id=two"

// readStories takes a file of cases apart; head is what stands above the first.
func readStories(catalogue *schema.Catalogue, text string) (head string, list []*story, err error) {
	var s *story
	then := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		name, isCase := strings.CutPrefix(line, "case ")
		switch {
		case isCase:
			s, then = &story{name: name}, false
			list = append(list, s)
		case s == nil:
			head += line + "\n"
		case line == "then":
			then = true
		case strings.TrimSpace(line) == "":
		case then:
			s.want = append(s.want, strings.TrimSpace(line))
		default:
			s.lines = append(s.lines, strings.TrimSpace(line))
		}
	}
	for _, s := range list {
		if err := s.parse(catalogue); err != nil {
			return "", nil, fmt.Errorf("case %s: %w", s.name, err)
		}
	}
	return head, list, nil
}

func (s *story) parse(catalogue *schema.Catalogue) error {
	people := crew()
	for _, line := range append([]string{prologue}, s.lines...) {
		e, err := parseEntry(catalogue, people, line)
		if err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
		s.entries = append(s.entries, e)
	}
	s.closeKnowledge()
	return nil
}

// closeKnowledge lets everybody know what those whom they have seen knew.
func (s *story) closeKnowledge() {
	byName := map[naive.Name]*naive.Entry{}
	for i := range s.entries {
		byName[s.entries[i].Name] = &s.entries[i]
	}
	for range s.entries {
		for i := range s.entries {
			e := &s.entries[i]
			for device, seq := range maps.Clone(e.Knows) {
				for other := range seq {
					if from := byName[naive.Name{Device: device, Seq: other + 1}]; from != nil {
						self, seq := *e, e.Seq
						learn(&self, from)
						self.Seq = seq
					}
				}
			}
			if before := byName[naive.Name{Device: e.Device, Seq: e.Seq - 1}]; before != nil {
				for device, seq := range before.Knows {
					e.Knows[device] = max(e.Knows[device], seq)
				}
			}
		}
	}
}

// parseEntry reads a line like
//
//	A2 @20 sees B1,H2: + finding F title=甲; finding G severity=minor
func parseEntry(catalogue *schema.Catalogue, people []naive.Entry, line string) (naive.Entry, error) {
	head, tail, ok := strings.Cut(line, ": ")
	fields := strings.Fields(head)
	if !ok || len(fields) < 2 {
		return naive.Entry{}, fmt.Errorf("no entry")
	}
	name, err := parseName(people, fields[0])
	if err != nil {
		return naive.Entry{}, err
	}
	e := people[slices.IndexFunc(people, func(p naive.Entry) bool { return p.Device == name.Device })]
	when, err := strconv.ParseUint(strings.TrimPrefix(fields[1], "@"), 10, 63)
	if err != nil {
		return e, err
	}
	e.Name, e.Clock = name, clock.Time(when)
	e.Knows = map[schema.DeviceID]uint64{people[0].Device: 1}
	if len(fields) == 4 && fields[2] == "sees" {
		for _, seen := range strings.Split(fields[3], ",") {
			other, err := parseName(people, seen)
			if err != nil {
				return e, err
			}
			e.Knows[other.Device] = other.Seq
		}
	}
	delete(e.Knows, e.Device)
	for _, text := range strings.Split(tail, "; ") {
		c, err := parseChange(catalogue, &e, strings.Fields(text))
		if err != nil {
			return e, fmt.Errorf("change %q: %w", text, err)
		}
		e.Changes = append(e.Changes, c)
	}
	return e, nil
}

func parseName(people []naive.Entry, text string) (naive.Name, error) {
	i := strings.IndexByte("HABC", text[0])
	seq, err := strconv.ParseUint(text[1:], 10, 63)
	if i < 0 || err != nil {
		return naive.Name{}, fmt.Errorf("%q names no entry", text)
	}
	return naive.Name{Device: people[i].Device, Seq: seq}, nil
}

// parseChange reads + for an INSERT, x for a DELETE, nothing for an UPDATE, then
// the table, the row's letter and the cells.
func parseChange(
	catalogue *schema.Catalogue, e *naive.Entry, words []string,
) (c naive.Change, err error) {
	c.Op = changeset.Update
	switch words[0] {
	case "+":
		c.Op, words = changeset.Insert, words[1:]
	case "x":
		c.Op, words = changeset.Delete, words[1:]
	}
	t, ok := catalogue.Table(words[0], schema.Version)
	if !ok || len(words) < 2 {
		return c, fmt.Errorf("no table and row")
	}
	c.Ref = naive.Ref{Table: t, ID: letter(words[1])}
	c.Cells = make([]changeset.Value, len(t.Columns))
	if c.Op == changeset.Insert {
		for i := range t.Columns {
			c.Cells[i] = usual(t, &t.Columns[i], e)
		}
	}
	for _, word := range words[2:] {
		name, text, _ := strings.Cut(word, "=")
		i := t.ColumnIndex(name)
		if i < 0 {
			return c, fmt.Errorf("no column %q", name)
		}
		if c.Cells[i], err = parseValue(&t.Columns[i], text); err != nil {
			return c, err
		}
	}
	return c, nil
}

func letter(name string) (id schema.RowID) {
	copy(id[:], name)
	return id
}

// usual is what an INSERT has in a column that a case does not mention.
func usual(t *schema.Table, col *schema.Column, e *naive.Entry) changeset.Value {
	switch {
	case col.Name == "team_id":
		return edit.ID(schema.TeamID{})
	case col.Name == t.Author:
		inspector := e.Inspector
		if e.HQ {
			inspector = crew()[1].Inspector
		}
		return edit.ID(inspector)
	case col.Name == t.Scope.Column && t.Scope.Parent == "visit":
		return edit.ID(letter("V"))
	case col.Name == t.Scope.Column:
		return edit.ID(letter("F"))
	case col.Required && col.Default == nil && col.Type == schema.ID:
		return edit.ID(letter("U"))
	case col.Required && col.Default == nil:
		return changeset.TextValue("無")
	}
	return edit.Default(col)
}

func parseValue(col *schema.Column, text string) (changeset.Value, error) {
	switch {
	case text == "-":
		return changeset.NullValue(), nil
	case text == "one", text == "two":
		return edit.ID(schema.TeamID{byte(strings.Index("one two", text) / 4)}), nil
	case col.Type == schema.ID:
		return edit.ID(letter(text)), nil
	case col.Type == schema.Integer:
		n, err := strconv.ParseInt(text, 10, 64)
		return changeset.Int(n), err
	}
	return changeset.TextValue(text), nil
}

// tell writes down what comes of a story's entries: the rows with the cells that it
// mentions and who wrote them, competing writes, and what was not merged.
func (s *story) tell(state *naive.State) []string {
	var lines []string
	for _, ref := range s.refs(state) {
		row := state.Rows[ref]
		text := fmt.Sprintf("%s %s %s:", ref.Table.Name, name(ref.ID[:]), scopeName(row.Scope))
		for i := range ref.Table.Columns {
			if s.mentions(ref, i) {
				text += fmt.Sprintf(" %s=%s", ref.Table.Columns[i].Name, shownCell(&ref.Table.Columns[i], row.Cells[i]))
				text += "/" + label(row.Writers[i])
			}
		}
		lines = append(lines, text)
	}
	for i := range state.Contests {
		c := &state.Contests[i]
		col := &c.Table.Columns[c.Column]
		text := fmt.Sprintf("%s %s %s %s:", map[bool]string{true: "conflict", false: "agreement"}[c.Open],
			c.Table.Name, name(c.ID[:]), col.Name)
		for _, w := range c.Writes {
			text += fmt.Sprintf(" %s=%s", label(w), shownCell(col, s.wrote(w, c)))
		}
		lines = append(lines, text)
	}
	for i := range s.entries {
		e := &s.entries[i]
		if v := state.Verdicts[e.Name]; v.Outcome != schema.Merged {
			lines = append(lines, strings.TrimSpace(label(e.Name)+" "+string(v.Outcome)+" "+v.Reason))
		}
	}
	return lines
}

func (s *story) refs(state *naive.State) []naive.Ref {
	var refs []naive.Ref
	for ref := range state.Rows {
		if slices.ContainsFunc(s.entries[1:], func(e naive.Entry) bool {
			return slices.ContainsFunc(e.Changes, func(c naive.Change) bool { return c.Ref == ref })
		}) {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, func(a, b naive.Ref) int {
		return strings.Compare(fmt.Sprintf("%02d %s", a.Table.Number, a.ID), fmt.Sprintf("%02d %s", b.Table.Number, b.ID))
	})
	return refs
}

// mentions says whether a story's text names a cell.
func (s *story) mentions(ref naive.Ref, column int) bool {
	return slices.ContainsFunc(s.lines, func(line string) bool {
		_, tail, _ := strings.Cut(line, ": ")
		return slices.ContainsFunc(strings.Split(tail, "; "), func(change string) bool {
			return strings.Contains(change+" ", ref.Table.Name+" "+name(ref.ID[:])+" ") &&
				strings.Contains(change, " "+ref.Table.Columns[column].Name+"=")
		})
	})
}

// wrote is what an entry wrote in a contested cell.
func (s *story) wrote(by naive.Name, c *naive.Contest) changeset.Value {
	for i := range s.entries {
		for k := range s.entries[i].Changes {
			if change := &s.entries[i].Changes[k]; s.entries[i].Name == by && change.Ref == c.Ref {
				return change.Cells[c.Column]
			}
		}
	}
	return changeset.Value{}
}

func name(id []byte) string { return strings.TrimRight(string(id), "\x00") }

func shownCell(col *schema.Column, v changeset.Value) string {
	switch {
	case v.Kind != changeset.Blob:
		return plain(v)
	case col.Name == "team_id":
		return [2]string{"one", "two"}[v.Bytes[0]]
	}
	return name(v.Bytes)
}

func scopeName(s naive.Scope) string {
	if s.Held {
		return "of team " + [2]string{"one", "two"}[s.Team[0]]
	}
	return "of headquarters"
}

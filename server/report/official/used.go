package official

import (
	"slices"
	"strconv"
	"strings"

	"sansuiji/schema"
)

// Used is what a document rests on: what its small numbers stand for, and the rows and
// photos behind them.
type Used struct {
	Sources []Source            // in the order of their numbers
	Rows    map[string][]string // ids by table, each once, in the order of the campaign's lists
	Shots   []Shot
}

// Source is what a number stands for: a row, or a sum of rows.
type Source struct {
	Number   int
	Kind     schema.Label
	Table    string
	ID       string   // of the row; "": a sum
	Rows     []string // that a sum counts, as far as they are known
	Count    int      // of a sum
	Hidden   bool     // the rows are not to be shown: sealed, or of people who were asked
	Who      string
	At       int64 // Unix milliseconds; 0: not known
	Position int64 // of the history; 0: not known
}

// Shot is a photo or a signature that a document shows, or would if it had arrived.
type Shot struct {
	Number     int // in the document; 0: it has none
	Attachment string
	Who        string // took it
}

// used is what came into the document.
func (w *writer) used() Used {
	lists, tables := w.facts.lists(), map[string]string{}
	for table, ids := range lists {
		for _, id := range ids {
			tables[id] = table
		}
	}
	u, taken := Used{Rows: map[string][]string{}}, map[string]bool{}
	for i := range w.sources {
		s := w.told(&w.sources[i], i+1, tables, lists)
		u.Sources = append(u.Sources, s)
		if s.ID != "" && !s.Hidden {
			taken[s.ID] = true
		}
		for _, id := range s.Rows {
			taken[id] = true
		}
	}
	u.Shots = w.usedShots(taken)
	for table, ids := range lists {
		for _, id := range ids {
			if taken[id] {
				u.Rows[table] = append(u.Rows[table], id)
				delete(taken, id)
			}
		}
	}
	return u
}

// told is a source in the words of Used.
func (w *writer) told(s *source, number int, tables map[string]string, lists map[string][]string) Source {
	t := Source{
		Number: number, Kind: schema.Label{Zh: s.zh, En: s.en}, Table: tables[s.id], ID: s.id,
		Who: s.who, At: s.at, Position: s.position,
	}
	t.Kind.Zh = strings.TrimPrefix(t.Kind.Zh, sumZh)
	if table, count, sum := strings.Cut(s.id, sumSign); sum {
		t.Table, t.ID, t.Rows = table, "", lists[table]
		t.Kind.En = strings.TrimPrefix(t.Kind.En, sumEn)
		t.Count, _ = strconv.Atoi(count)
		if s.rows != nil {
			t.Rows = s.rows
		}
	}
	sealed := func(d drawn) bool { return d.id == s.id && d.sealed }
	t.Hidden = t.Table == "" || slices.Contains(hiddenTables(), t.Table) || slices.ContainsFunc(w.facts.draws, sealed)
	if t.Hidden {
		t.Rows = nil
	}
	return t
}

// hiddenTables have what people said of whom they were asked about: one by one, or by groups
// however small.
func hiddenTables() []string { return []string{"interview", "interview_score", "ballot_box"} }

// lists are the ids of the rows that a document can name, by table.
func (f *facts) lists() map[string][]string {
	return map[string][]string{
		"visit":        idsOf(f.visits, func(v *visit) *row { return &v.row }),
		"draw":         idsOf(f.draws, func(d *drawn) *row { return &d.row }),
		"finding":      idsOf(f.finds, func(f *finding) *row { return &f.row }),
		"verification": idsOf(f.checks, func(v *verification) *row { return &v.row }),
		"ledger_entry": idsOf(f.ledger, func(l *ledgerLine) *row { return &l.row }),
		"conclusion":   idsOf(f.concluded, func(c *conclusion) *row { return &c.row }),
		"signoff":      idsOf(f.signs, func(s *signoff) *row { return &s.row }),
		"answer":       idsOf(f.answers, func(a *answer) *row { return &a.row }),
		"ledger_act":   idsOf(f.acts, func(a *act) *row { return &a.row }),
		"evidence":     idsOf(f.shown, func(s *shownFile) *row { return &s.row }),
		"criterion":    f.scoredRows(func(s *Scored) [][]row { return [][]row{s.criteria} }),
		"mark":         f.scoredRows((*Scored).marks),
		"ballot_box":   f.scoredRows((*Scored).boxes),
	}
}

// scoredRows are the ids of rows behind rankings.
func (f *facts) scoredRows(of func(*Scored) [][]row) []string {
	ids := []string{}
	for i := range f.scored {
		for _, rows := range of(&f.scored[i]) {
			ids = append(ids, idsOf(rows, func(r *row) *row { return r })...)
		}
	}
	return ids
}

func (s *Scored) marks() (list [][]row) {
	for i := range s.Sheet.Rows {
		for k := range s.Sheet.Criteria {
			list = append(list, s.given[[2]string{s.Sheet.Criteria[k].ID, s.Sheet.Rows[i].ID}])
		}
	}
	return list
}

func (s *Scored) boxes() (list [][]row) {
	for i := range s.Sheet.Rows {
		list = append(list, s.given[[2]string{"", s.Sheet.Rows[i].ID}])
	}
	return list
}

func idsOf[T any](list []T, of func(*T) *row) []string {
	ids := []string{}
	for i := range list {
		ids = append(ids, of(&list[i]).id)
	}
	return ids
}

// usedShots are the numbered photos of rows that are in the document, and the signatures
// under its sign-offs.
func (w *writer) usedShots(taken map[string]bool) (list []Shot) {
	numbers := map[string]int{}
	for i := range w.shots {
		if w.shots[i].kind == evidenceKind { // no attachment
			continue
		}
		numbers[w.shots[i].id] = w.shots[i].number
		list = append(list, Shot{w.shots[i].number, w.shots[i].id, w.shots[i].who})
	}
	if w.isAbridged() {
		list = append(list, w.restOfShots(taken, numbers)...)
	}
	for i := range w.facts.signs {
		s := &w.facts.signs[i]
		if !taken[s.id] || s.attachment == "" || numbers[s.attachment] > 0 {
			continue
		}
		list = append(list, Shot{0, s.attachment, s.who})
	}
	return list
}

// restOfShots are photos of rows that the document counts and does not print.
func (w *writer) restOfShots(taken map[string]bool, numbers map[string]int) (list []Shot) {
	for _, id := range append(idsOf(w.facts.finds, func(f *finding) *row { return &f.row }),
		idsOf(w.facts.checks, func(v *verification) *row { return &v.row })...) {
		for i := range w.facts.photos[id] {
			if p := &w.facts.photos[id][i]; taken[id] && p.kind != "signature" && numbers[p.id] == 0 {
				list = append(list, Shot{0, p.id, p.who})
			}
		}
	}
	return list
}

package intake

import (
	"slices"
	"strconv"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// problems finds the problems of units.
type problems struct {
	byTitle  map[string][]*stored
	byNumber map[string][]*stored
}

func (p *planner) problems() (*problems, error) {
	rows, err := p.load("problem")
	known := &problems{map[string][]*stored{}, map[string][]*stored{}}
	for _, row := range rows {
		unit := schema.RowID(p.of("problem", row, "unit_id").Bytes)
		title := titleKey(unit, p.textOf("problem", row, "title"))
		known.byTitle[title] = append(known.byTitle[title], row)
		if number := numberKey(unit, p.of("problem", row, "number")); number != "" {
			known.byNumber[number] = append(known.byNumber[number], row)
		}
	}
	return known, err
}

// problem is that of the current record. Its title goes first: the numbers of a ledger may
// be those of its rows.
func (p *planner) problem(known *problems, unit schema.RowID) *stored {
	number, title, field := numberKey(unit, p.value("number")), p.said("problem"), "number"
	found := known.byNumber[number]
	if title != "" {
		field = "problem"
		byTitle := known.byTitle[titleKey(unit, title)]
		if n, err := strconv.ParseInt(title, 10, 64); err == nil && len(byTitle) == 0 {
			byTitle = known.byNumber[numberKey(unit, edit.Int(n))]
		}
		if len(byTitle) > 1 && number != "" {
			byTitle = slices.DeleteFunc(slices.Clone(byTitle), func(s *stored) bool { return !slices.Contains(found, s) })
		}
		found = byTitle
	}
	switch len(found) {
	case 0:
		p.complain(field, unknown(problemLabel()))
	case 1:
		return found[0]
	default:
		p.complain(field, ambiguous(problemLabel(), schema.Label{Zh: "問題序號", En: "number"}))
	}
	return nil
}

// planLedger matches entries by their problems, and by their measures where a problem has
// several.
func planLedger(p *planner) error {
	knownUnits, err := p.units()
	if err != nil {
		return err
	}
	knownProblems, err := p.problems()
	if err != nil {
		return err
	}
	rows, err := p.load("ledger_entry")
	if err != nil {
		return err
	}
	entries := map[schema.RowID][]*stored{}
	for _, row := range rows {
		problem := schema.RowID(p.of("ledger_entry", row, "problem_id").Bytes)
		entries[problem] = append(entries[problem], row)
	}
	find := p.finder(knownUnits, knownProblems)
	several := p.several(find)
	err = p.compare(func(*record) (string, error) {
		problem := find()
		if problem == nil {
			p.now.rec.broken = true
			return "", nil
		}
		measure := fold(p.said("measure"))
		p.once("measure", string(problem.id[:])+measure)
		cells := p.cells("ledger_entry", p.fields()...)
		cells["problem_id"] = edit.ID(problem.id)
		entry := p.entry(entries[problem.id], measure, several[problem.id])
		p.keepsState(entry)
		p.put("ledger_entry", entry, cells)
		return p.textOf("problem", problem, "title"), nil
	})
	p.countAbsent(rows)
	return err
}

// keepsState wants the current record to leave an entry's state as it is: from open to
// close-out it goes by the acts of three people, and never by one person's table.
func (p *planner) keepsState(entry *stored) {
	v := p.value("state")
	if entry == nil || v.Kind != changeset.Text {
		return
	}
	if have := p.of("ledger_entry", entry, "state"); !v.Equal(have) {
		p.complain("state", stateStands(string(have.Bytes)))
	}
}

// finder finds the current record's problem.
func (p *planner) finder(u *units, known *problems) func() *stored {
	return func() *stored {
		unit := p.unit(u)
		if unit == nil {
			return nil
		}
		return p.problem(known, unit.id)
	}
}

// several says which problems have more than one row in the file. It looks at the records
// as compare does later, and leaves no trace of it.
func (p *planner) several(find func() *stored) map[schema.RowID]bool {
	before := p.mistakes
	first, several := map[schema.RowID]bool{}, map[schema.RowID]bool{}
	for i := range p.records {
		broken := p.records[i].broken
		p.now = current{rec: &p.records[i]}
		if problem := find(); problem != nil {
			several[problem.id] = first[problem.id]
			first[problem.id] = true
		}
		p.records[i].broken = broken
	}
	p.mistakes = before
	return several
}

// entry is the one of a problem that a row is about.
func (p *planner) entry(entries []*stored, measure string, several bool) *stored {
	if len(entries) == 1 && !several {
		return entries[0]
	}
	for _, entry := range entries {
		if fold(p.textOf("ledger_entry", entry, "measure")) == measure {
			return entry
		}
	}
	return nil
}

package intake

import (
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// planUnits matches units by their codes.
func planUnits(p *planner) error { return p.byCode("unit") }

// planQuestions matches questions by their codes. One of several needs them to choose
// from, and a scale an end.
func planQuestions(p *planner) error {
	return p.byCode("question", func() {
		switch p.said("kind") {
		case "choice":
			if !has(p.value("options")) {
				p.complain("options", blank(p.kind.Fields[p.kind.field("options")].Label))
			}
		case "scale":
			if !has(p.value("scale_max")) {
				p.complain("scale_max", blank(p.kind.Fields[p.kind.field("scale_max")].Label))
			}
		}
	})
}

// byCode matches rows that have a code of their own.
func (p *planner) byCode(table string, checks ...func()) error {
	rows, err := p.load(table)
	if err != nil {
		return err
	}
	have := map[string]*stored{}
	for _, row := range rows {
		if code := p.textOf(table, row, "code"); have[code] == nil {
			have[code] = row
		}
	}
	err = p.compare(func(*record) (string, error) {
		code := p.said("code")
		if code != "" {
			p.once("code", code)
		}
		for _, check := range checks {
			check()
		}
		p.put(table, have[code], p.cells(table, p.fields()...))
		return strings.TrimSpace(code + " " + p.said("name") + p.said("text")), nil
	})
	p.countAbsent(rows)
	return err
}

// units finds the units of a campaign.
type units struct {
	byCode map[string]*stored
	byName map[string][]*stored
}

func (p *planner) units() (*units, error) {
	rows, err := p.load("unit")
	u := &units{map[string]*stored{}, map[string][]*stored{}}
	for _, row := range rows {
		name := fold(p.textOf("unit", row, "name"))
		u.byCode[p.textOf("unit", row, "code")] = row
		u.byName[name] = append(u.byName[name], row)
	}
	return u, err
}

// unit is that of the current record: by its code, else by its name if only one has it.
func (p *planner) unit(u *units) *stored {
	label := unitLabel()
	if code := p.said("unit_code"); code != "" {
		if u.byCode[code] == nil {
			p.complain("unit_code", unknown(label))
		}
		return u.byCode[code]
	}
	name := p.said("unit")
	if name == "" {
		return nil // that it is not there was said already
	}
	if unit := u.byCode[name]; unit != nil {
		return unit
	}
	switch list := u.byName[fold(name)]; len(list) {
	case 0:
		p.complain("unit", unknown(label))
	case 1:
		return list[0]
	default:
		p.complain("unit", ambiguous(label, schema.Label{Zh: "單位代碼", En: "code"}))
	}
	return nil
}

func planProblems(p *planner) error { return p.numbered("problem") }

func planCommitments(p *planner) error { return p.numbered("commitment") }

// numbered matches rows of units by their numbers, else by their titles.
func (p *planner) numbered(table string) error {
	known, err := p.units()
	if err != nil {
		return err
	}
	rows, err := p.load(table)
	if err != nil {
		return err
	}
	have := p.indexed(table, rows)
	err = p.compare(func(*record) (string, error) {
		unit := p.unit(known)
		if unit == nil {
			p.now.rec.broken = true
			return "", nil
		}
		number, title := p.value("number"), p.said("title")
		key, field := numberKey(unit.id, number), "number"
		if key == "" {
			key, field = titleKey(unit.id, title), "title"
		}
		p.once(field, key)
		row := have[key]
		if row == nil {
			row = have[titleKey(unit.id, title)]
			if row != nil && has(number) && has(p.of(table, row, "number")) {
				row = nil // the same words under another number
			}
		}
		cells := p.cells(table, p.fields()...)
		cells["unit_id"] = edit.ID(unit.id)
		p.put(table, row, cells)
		return p.textOf("unit", unit, "name") + "：" + title, nil
	})
	p.countAbsent(rows)
	return err
}

// indexed finds rows of units by their numbers and by their titles.
func (p *planner) indexed(table string, rows []*stored) map[string]*stored {
	have := map[string]*stored{}
	for _, row := range rows {
		unit := schema.RowID(p.of(table, row, "unit_id").Bytes)
		keys := []string{titleKey(unit, p.textOf(table, row, "title"))}
		if key := numberKey(unit, p.of(table, row, "number")); key != "" {
			keys = append(keys, key)
		}
		for _, key := range keys {
			if have[key] == nil {
				have[key] = row
			}
		}
	}
	return have
}

// numberKey and titleKey tell rows of a unit apart.
func numberKey(unit schema.RowID, number changeset.Value) string {
	if !has(number) {
		return ""
	}
	return string(unit[:]) + "#" + strconv.FormatInt(number.Int64(), 10)
}

func titleKey(unit schema.RowID, title string) string { return string(unit[:]) + "=" + fold(title) }

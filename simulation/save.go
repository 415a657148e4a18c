package simulation

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"sansuiji/device"
	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/sim"
)

// save does one save of what the step says.
func (p *phone) save() error {
	dice := sim.NewDice(p.w.step.Dice, 2)
	if p.id == (schema.DeviceID{}) {
		return p.excuse(p.enrol())
	}
	rows := map[string][]schema.RowID{}
	for _, table := range []string{
		"visit", "problem", "commitment", "finding", "verification", "comment",
	} {
		err := p.d.Each(table, func(row []changeset.Value) error {
			rows[table] = append(rows[table], schema.RowID(row[0].Bytes))
			return nil
		})
		if err != nil {
			return err
		}
	}
	wrote := false
	_, err := p.d.Save(func(s *device.Saving) error {
		w := writing{Saving: s, dice: dice, rows: rows, catalogue: p.w.catalogues[p.version]}
		err := w.do(p.w.step)
		wrote = w.wrote
		return err
	})
	if err == nil && !wrote {
		return p.w.skip()
	}
	return err
}

// writing is one save under way.
type writing struct {
	*device.Saving
	dice      *rand.Rand
	rows      map[string][]schema.RowID // that are there, by table
	catalogue *schema.Catalogue
	wrote     bool
}

func (w *writing) do(s *sim.Step) error {
	table := ""
	if len(s.Words) > 0 {
		table = s.Words[0]
	}
	switch s.Verb { //nolint:exhaustive // the verbs of one actor
	case sim.Insert:
		return w.insert(table)
	case sim.Update:
		return w.update(table)
	case sim.Withdraw:
		return w.withdraw(table)
	default:
		return errors.Join(w.insert("finding"), w.insert("comment"), w.update("visit"),
			w.update("verification"))
	}
}

func (w *writing) pick(table string) (schema.RowID, bool) {
	list := w.rows[table]
	if len(list) == 0 {
		return schema.RowID{}, false
	}
	return list[w.dice.IntN(len(list))], true
}

func (w *writing) put(table string, id schema.RowID, cells edit.Cells) error {
	w.wrote = true
	return w.Put(table, id, cells)
}

// insert makes a new row, or writes one whose natural key is taken.
func (w *writing) insert(table string) error {
	t := w.catalogue.MustTable(table)
	cells := edit.Cells{}
	for i := range t.Columns {
		if col := &t.Columns[i]; col.Rule != schema.HQ && col.Type != schema.ID && w.dice.IntN(3) > 0 {
			cells[col.Name] = value(w.dice, col)
		}
	}
	for i := range t.Columns { // what a row must have
		if col := &t.Columns[i]; col.Required && col.Default == nil && col.Type == schema.Text {
			cells[col.Name] = changeset.TextValue("甲")
		}
	}
	delete(cells, "withdrawn_at")
	parent, ok := w.pick(t.Scope.Parent)
	if !ok {
		return nil
	}
	cells[t.Scope.Column] = edit.ID(parent)
	cells["inspector_id"] = edit.ID(w.Who.Inspector)
	if table == "verification" {
		subject, column := "problem", "problem_id"
		if w.dice.IntN(4) == 0 {
			subject, column = "commitment", "commitment_id"
		}
		of, ok := w.pick(subject)
		if !ok {
			return nil
		}
		cells[column] = edit.ID(of)
	}
	id, natural := device.NaturalID(table, cells)
	if !natural {
		var err error
		if id, err = w.NewID(); err != nil {
			return err
		}
	}
	if err := w.put(table, id, cells); err != nil {
		return fmt.Errorf("insert %s: %w", table, err)
	}
	w.rows[table] = append(w.rows[table], id)
	return nil
}

// update writes some cells of a row that is there.
func (w *writing) update(table string) error {
	id, ok := w.pick(table)
	if !ok {
		return nil
	}
	t, cells := w.catalogue.MustTable(table), edit.Cells{}
	for range 1 + w.dice.IntN(3) {
		col := &t.Columns[w.dice.IntN(len(t.Columns))]
		switch {
		case col.Rule == schema.HQ, col.Name == t.Author:
		case col.Name == t.Scope.Column:
			if parent, ok := w.pick(t.Scope.Parent); ok && w.dice.IntN(4) == 0 {
				cells[col.Name] = edit.ID(parent)
			}
		case col.Name == "problem_id" && col.Rule == schema.Latest:
			if of, ok := w.pick("problem"); ok {
				cells[col.Name] = edit.ID(of)
			}
		case col.Type == schema.ID:
		default:
			cells[col.Name] = value(w.dice, col)
		}
	}
	if len(cells) == 0 {
		return nil
	}
	return w.put(table, id, cells)
}

func (w *writing) withdraw(table string) error {
	id, ok := w.pick(table)
	if !ok || w.catalogue.MustTable(table).ColumnIndex("withdrawn_at") < 0 {
		return nil
	}
	return w.put(table, id, edit.Cells{"withdrawn_at": edit.Int(w.At)})
}

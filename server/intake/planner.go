package intake

import (
	"context"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// planner compares records with what the campaign has.
type planner struct {
	*reading
	ctx       context.Context
	view      store.View
	catalogue *schema.Catalogue
	board     *board

	changes  []change
	recusals []ImportRecusal
	seen     map[string]int // row by key, of what must stand once in the file
	now      current
	tally    tally
}

// change is a row of the campaign to insert, or to update where before is there.
type change struct {
	table         string
	id            schema.RowID
	before, after edit.Cells
	bytes         int
}

// tally counts records by what they bring.
type tally struct {
	inserts, unchanged, absent, updateCount int
	updates                                 []ImportUpdate
	newRows                                 []ImportNew
}

// current is the record that is compared.
type current struct {
	rec      *record
	key      string
	inserted bool
	changed  []ImportChange
	from     int // its first change
}

// showEvery is after how many records progress is shown.
const showEvery = 1000

// compare plans every record. What only other records need is planned even for a broken
// one, so that all that is wrong is found at once; none of it is kept.
func (p *planner) compare(do func(rec *record) (key string, err error)) error {
	p.seen = map[string]int{}
	for i := range p.records {
		if i%showEvery == 0 {
			p.board.show(p.ctx, Progress{"comparing", i, len(p.records)})
		}
		rec := &p.records[i]
		p.now = current{rec: rec, from: len(p.changes)}
		key, err := do(rec)
		if err != nil {
			return err
		}
		p.now.key = key
		p.close()
	}
	return nil
}

// close counts the record.
func (p *planner) close() {
	t, now := &p.tally, &p.now
	switch {
	case now.rec.broken:
		p.changes = p.changes[:now.from]
	case now.inserted:
		if t.inserts++; t.inserts <= updatesMax {
			t.newRows = append(t.newRows, ImportNew{now.rec.row.Number, now.key})
		}
	case len(now.changed) > 0:
		if t.updateCount++; t.updateCount <= updatesMax {
			t.updates = append(t.updates, ImportUpdate{now.rec.row.Number, now.key, now.changed})
		}
	default:
		t.unchanged++
	}
}

// value is the current record's.
func (p *planner) value(field string) changeset.Value {
	if i := p.kind.field(field); i >= 0 {
		return p.now.rec.values[i]
	}
	return changeset.Value{}
}

// said is a text's value; "" where there is none.
func (p *planner) said(field string) string { return string(p.value(field).Bytes) }

// once wants a key to stand once in the file, and says whether it is the first.
func (p *planner) once(field, key string) bool {
	first, again := p.seen[key]
	if !again {
		p.seen[key] = p.now.rec.row.Number
		return true
	}
	p.complain(field, duplicate(first))
	return false
}

// complain notes what is wrong with the current record.
func (p *planner) complain(field string, why *reason) {
	p.wrong(p.now.rec, p.kind.field(field), why)
}

// cells are the record's values of a table's columns.
func (p *planner) cells(table string, fields ...string) edit.Cells {
	t, cells := p.catalogue.MustTable(table), edit.Cells{}
	for _, name := range fields {
		if v := p.value(name); v.Kind != changeset.Absent && t.ColumnIndex(name) >= 0 {
			cells[name] = v
		}
	}
	return cells
}

// fields lists those of the kind, for cells.
func (p *planner) fields() []string {
	names := make([]string, len(p.kind.Fields))
	for i := range names {
		names[i] = p.kind.Fields[i].Name
	}
	return names
}

// insert plans a new row. What was left blank has its default.
func (p *planner) insert(table string, id schema.RowID, cells edit.Cells) {
	size := 0
	for name, v := range cells {
		if v.Kind == changeset.Null {
			delete(cells, name)
		}
		size += len(v.Bytes) + 16
	}
	p.now.inserted = true
	p.changes = append(p.changes, change{table, id, nil, cells, size})
}

// update plans the differences to a row that is there. A blank cell empties a column; one
// that must have a value keeps it.
func (p *planner) update(table string, have *stored, cells edit.Cells) {
	t := p.catalogue.MustTable(table)
	before, after, size := edit.Cells{}, edit.Cells{}, 0
	for i := range t.Columns {
		column := &t.Columns[i]
		v, given := cells[column.Name]
		if !given || v.Equal(have.values[i]) || (v.Kind == changeset.Null && column.Required) {
			continue
		}
		before[column.Name], after[column.Name] = have.values[i], v
		size += len(v.Bytes) + len(have.values[i].Bytes) + 16
		p.now.changed = append(p.now.changed, ImportChange{
			table, column.Name, column.Label, display(column, have.values[i]), display(column, v),
		})
	}
	if len(after) > 0 {
		p.changes = append(p.changes, change{table, have.id, before, after, size})
	}
}

// put plans a row that is new, or the differences to the one that is there.
func (p *planner) put(table string, have *stored, cells edit.Cells) {
	if have == nil {
		p.insert(table, schema.NewRowID(), cells)
		return
	}
	have.matched = true
	p.update(table, have, cells)
}

// absent counts rows that the file does not have.
func (p *planner) countAbsent(rows []*stored) {
	p.tally.absent = 0
	for _, row := range rows {
		if !row.matched {
			p.tally.absent++
		}
	}
}

// builder makes changes one changeset.
func builder(catalogue *schema.Catalogue, changes []change) *edit.Builder {
	b := edit.New(catalogue)
	for i := range changes {
		if c := &changes[i]; c.before == nil {
			b.Insert(c.table, c.id, c.after)
		} else {
			b.Update(c.table, c.id, c.before, c.after)
		}
	}
	return b
}

// Limits of one entry.
const (
	entryRows  = 1000
	entryBytes = 4 << 20
)

// pieces cuts changes into entries, parents before children.
func pieces(changes []change) [][]change {
	var list [][]change
	from, size := 0, 0
	for i := range changes {
		if i > from && (i-from == entryRows || size+changes[i].bytes > entryBytes) {
			list, from, size = append(list, changes[from:i]), i, 0
		}
		size += changes[i].bytes
	}
	if from < len(changes) {
		list = append(list, slices.Clip(changes[from:]))
	}
	return list
}

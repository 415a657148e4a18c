package store

import "sansuiji/schema"

// Statements are the statements that a connection runs, made once, and memory for
// their rows, which goes from one to the next.
type Statements struct {
	tables map[*schema.Table]*rowStatements
	spare  []*Rows
}

// What is kept of the memory for rows while nobody needs it.
const (
	spareMax      = 8
	spareBytesMax = 1 << 20
)

// rows is no rows of some columns, in memory that was used before.
func (p *Statements) rows(width int) *Rows {
	n := len(p.spare)
	if n == 0 {
		return NewRows(width)
	}
	r := p.spare[n-1]
	p.spare = p.spare[:n-1]
	r.reset(width)
	return r
}

// used takes back rows that a statement has run with.
func (p *Statements) used(r *Rows) {
	if len(p.spare) < spareMax && cap(r.packed) <= spareBytesMax {
		p.spare = append(p.spare, r)
	}
}

// NewStatements is no statements yet.
func NewStatements() *Statements {
	return &Statements{tables: map[*schema.Table]*rowStatements{}}
}

// rowStatements are the statements for a table's rows.
type rowStatements struct {
	find, insert, children *Statement
	updates                map[shape]*Statement
}

// shape is what decides which columns an update names.
type shape struct {
	columns uint64
	moved   bool
}

// shapesMax bounds a table's updates: which columns one names is up to the devices.
const shapesMax = 1000

var idKey = []Field{{"id", schema.ID}}

func bookkeeping() []Field {
	return []Field{
		{"_scope", schema.Integer}, {"_revision", schema.Integer}, {"_clocks", schema.Bytes},
	}
}

// of a table's rows.
func (p *Statements) of(t *schema.Table) *rowStatements {
	if s, ok := p.tables[t]; ok {
		return s
	}
	fields := bookkeeping()
	for i := range t.Columns {
		fields = append(fields, Field{t.Columns[i].Name, t.Columns[i].Type})
	}
	s := &rowStatements{
		find:    &Statement{Verb: Select, Table: t.Name, Keys: idKey, Fields: fields},
		insert:  &Statement{Verb: Insert, Table: t.Name, Keys: idKey, Fields: fields},
		updates: map[shape]*Statement{},
	}
	if t.Scope.Kind == schema.ByParent {
		s.children = &Statement{
			Verb: Select, Table: t.Name, Keys: []Field{{t.Scope.Column, schema.ID}}, Fields: idKey,
		}
	}
	p.tables[t] = s
	return s
}

// update is the statement that writes some columns.
func (s *rowStatements) update(t *schema.Table, w shape) *Statement {
	if u, ok := s.updates[w]; ok {
		return u
	}
	var fields []Field
	if w.moved {
		fields = append(fields, Field{"_scope", schema.Integer})
	}
	fields = append(fields, Field{"_revision", schema.Integer}, Field{"_clocks", schema.Bytes})
	for i := range t.Columns {
		if w.columns&(1<<i) != 0 {
			fields = append(fields, Field{t.Columns[i].Name, t.Columns[i].Type})
		}
	}
	u := &Statement{Verb: Update, Table: t.Name, Keys: idKey, Fields: fields}
	if len(s.updates) >= shapesMax {
		clear(s.updates)
	}
	s.updates[w] = u
	return u
}

package intake

import (
	"slices"

	"sansuiji/schema"
)

// Field is what a column of a table can be.
type Field struct {
	Name     string // of the column, where the table has one
	Label    schema.Label
	Words    []string // that offices head such a column with
	Required bool
	Or       string // the field that can stand in for a required one
	Example  string

	read       reader
	own, words []string // its names, and all words for it, as they are compared
}

// Kind is a kind of import.
type Kind struct {
	Name   string
	Label  schema.Label
	Fields []Field
	table  string // of rows that are only in the campaign
	plan   func(p *planner) error
}

func (k *Kind) field(name string) int {
	return slices.IndexFunc(k.Fields, func(f Field) bool { return f.Name == name })
}

// KindNames lists the kinds in the order in which an office imports them.
func KindNames() []string {
	return []string{"units", "problems", "ledger", "commitments", "questions", "people"}
}

// KindOf finds a kind; another name is schema.FaultNotFound.
func KindOf(name string) (*Kind, error) {
	all := map[string]func(*schema.Catalogue) *Kind{
		"units": unitKind, "problems": problemKind, "ledger": ledgerKind,
		"commitments": commitmentKind, "questions": questionKind, "people": peopleKind,
		Recusals: recusalKind,
	}
	if all[name] == nil {
		return nil, schema.NewFault(schema.FaultNotFound, "import of "+name)
	}
	k := all[name](schema.NewCatalogue())
	for i := range k.Fields {
		f := &k.Fields[i]
		f.own = []string{fold(f.Label.Zh), fold(f.Label.En), fold(f.Name)}
		for _, word := range append([]string{f.Label.Zh}, f.Words...) {
			f.words = append(f.words, fold(word))
		}
	}
	return k, nil
}

// describer makes fields of a table's columns.
type describer struct{ table *schema.Table }

func (d describer) column(name string) *schema.Column {
	return &d.table.Columns[d.table.ColumnIndex(name)]
}

func (d describer) field(name string, read reader, example string, words ...string) Field {
	return Field{Name: name, Label: d.column(name).Label, Words: words, Example: example, read: read}
}

func (d describer) choice(name, example string, meanings map[string]string, words ...string) Field {
	return d.field(name, choice(d.column(name).Choices, meanings), example, words...)
}

func (f Field) required() Field { f.Required = true; return f }

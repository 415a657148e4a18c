package schema

import (
	"fmt"
	"slices"
)

// Version is the newest schema version this program knows. It rises by one with
// each migration of the synced tables.
//
//   - 2: headquarters' events; a campaign is archived.
//   - 3: a verification can be withdrawn.
//   - 4: draws.
//   - 5: people drawn in the field; attachments; questions, interviews, sign-offs.
//   - 6: the ledger's steps, acts and evidence; conclusions; scoring; openings of sealed data;
//     what a finding is about; devices that are to be wiped.
const Version = 6

// Rule says what stands when two people wrote different values in one cell and
// neither had seen the other's.
type Rule string

// The rules. See docs/PROTOCOL.md for every pair of operations.
const (
	// Latest: the write with the higher clock stands; history keeps both.
	Latest Rule = "latest"
	// Review: the later one stands for now, and a conflict is opened.
	Review Rule = "review"
	// Furthest: the state further along the column's choices stands.
	Furthest Rule = "furthest"
	// Once: the first one stands; a second, different one opens a conflict.
	Once Rule = "once"
	// HQ: only headquarters writes; a device's write is quarantined.
	HQ Rule = "hq"
)

// Type is what a column holds.
type Type string

// The types, each with one SQL type per engine.
const (
	// ID is a UUID: 16 bytes (BLOB in SQLite, bytea in PostgreSQL changesets,
	// uuid in its tables).
	ID Type = "id"
	// Text is valid UTF-8 without NUL.
	Text Type = "text"
	// Integer has 64 bits and a sign.
	Integer Type = "integer"
	// Bytes is any octets.
	Bytes Type = "bytes"
)

// Writer says who may write a table's rows.
type Writer string

// The writers.
const (
	// HQOnly: headquarters.
	HQOnly Writer = "hq"
	// TeamMembers: devices whose scopes hold the row, and headquarters.
	TeamMembers Writer = "team"
	// AuthorOnly: the inspector named in the author column, and headquarters.
	AuthorOnly Writer = "author"
)

// Label is a word in the two languages of the screens.
type Label struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Choice is one allowed value of a text column. Under the Furthest rule the
// order of the choices is the order of the states.
type Choice struct {
	Code  string `json:"code"`
	Label Label  `json:"label"`
}

// Column is one column of a synced table, the key aside.
type Column struct {
	Name     string   `json:"name"`
	Type     Type     `json:"type"`
	Rule     Rule     `json:"rule"`
	Label    Label    `json:"label"`
	Choices  []Choice `json:"choices,omitempty"`
	Required bool     `json:"required,omitempty"` // NULL is refused
	Default  any      `json:"default,omitempty"`  // nil, string or int64
	Since    int      `json:"since"`              // first schema version that has it
}

// ScopeKind says how a row's scope is found.
type ScopeKind string

// The ways to find a row's scope.
const (
	// ByCampaign: every device of the campaign holds the row.
	ByCampaign ScopeKind = "campaign"
	// ByTeam: the scope column names the team that holds the row; without one
	// only headquarters does.
	ByTeam ScopeKind = "team"
	// ByParent: the row goes where the row named in the scope column goes.
	ByParent ScopeKind = "parent"
	// ByHQ: headquarters alone holds the row; devices do not even have the table.
	ByHQ ScopeKind = "hq"
)

// ScopeRule is how a table's rows find their scope.
type ScopeRule struct {
	Kind   ScopeKind `json:"kind"`
	Column string    `json:"column,omitempty"` // the team's or the parent's id
	Parent string    `json:"parent,omitempty"` // the parent's table
}

// Table is one synced table. Its key is always one column, id.
type Table struct {
	Name    string    `json:"name"`
	Label   Label     `json:"label"`
	Scope   ScopeRule `json:"scope"`
	Writer  Writer    `json:"writer"`
	Author  string    `json:"author,omitempty"` // column naming the author, for AuthorOnly
	Columns []Column  `json:"columns"`
	Since   int       `json:"since"`
	Number  int       `json:"number"` // place in the catalogue

	places []int
}

// Places lists the places of all columns: 0, 1, … It is not to be changed.
func (t *Table) Places() []int { return t.places }

// Width is the number of wire columns at a schema version: the key and the
// columns that version has.
func (t *Table) Width(version int) int {
	n := 1
	for i := range t.Columns {
		if t.Columns[i].Since <= version {
			n++
		}
	}
	return n
}

// ColumnIndex is the place of a column in t.Columns, or -1.
func (t *Table) ColumnIndex(name string) int {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// Catalogue is the set of synced tables.
type Catalogue struct {
	Version int // the newest that its columns belong to
	Tables  []*Table
	byName  map[string]*Table
}

// Table finds a table that exists at a schema version.
func (c *Catalogue) Table(name string, version int) (*Table, bool) {
	t, ok := c.byName[name]
	return t, ok && t.Since <= version
}

// MustTable finds a table by name. A missing name is a bug of ours.
func (c *Catalogue) MustTable(name string) *Table {
	t, ok := c.byName[name]
	if !ok {
		panic("schema: no table " + name)
	}
	return t
}

// OnDevices lists the tables that devices have: all but headquarters' own.
func (c *Catalogue) OnDevices() []*Table {
	return slices.DeleteFunc(slices.Clone(c.Tables), func(t *Table) bool { return t.Scope.Kind == ByHQ })
}

// Children lists the tables whose rows take their scope from t's rows.
func (c *Catalogue) Children(t *Table) []*Table {
	var out []*Table
	for _, child := range c.Tables {
		if child.Scope.Kind == ByParent && child.Scope.Parent == t.Name {
			out = append(out, child)
		}
	}
	return out
}

// NewCatalogue is the catalogue of this program.
func NewCatalogue() *Catalogue { return CatalogueAt(Version) }

// CatalogueAt is the catalogue of a program that knew a schema version and none
// after it.
func CatalogueAt(version int) *Catalogue {
	c := &Catalogue{Version: version, byName: map[string]*Table{}}
	for i, t := range tables() {
		t.Number, t.Since = i, max(t.Since, 1)
		if t.Since > version {
			continue
		}
		t.Columns = slices.DeleteFunc(t.Columns, func(col Column) bool { return col.Since > version })
		c.Tables = append(c.Tables, t)
		t.places = make([]int, len(t.Columns))
		for j := range t.Columns {
			t.places[j] = j
			t.Columns[j].Since = max(t.Columns[j].Since, t.Since)
		}
		c.byName[t.Name] = t
	}
	if err := c.check(); err != nil {
		panic(err)
	}
	return c
}

// columnsMax is how many columns a table may have beside its key: stores tell
// sets of columns apart by 64 bits.
const columnsMax = 64

// check refuses a catalogue that contradicts itself.
func (c *Catalogue) check() error {
	for i, t := range c.Tables {
		if t.Number != i {
			return fmt.Errorf("schema: %s: an older table comes after a newer one", t.Name)
		}
		if len(t.Columns) > columnsMax {
			return fmt.Errorf("schema: %s: more than %d columns", t.Name, columnsMax)
		}
		if (t.Scope.Kind == ByTeam || t.Scope.Kind == ByParent) && t.ColumnIndex(t.Scope.Column) < 0 {
			return fmt.Errorf("schema: %s: no scope column %q", t.Name, t.Scope.Column)
		}
		if t.Scope.Kind == ByParent && c.byName[t.Scope.Parent] == nil {
			return fmt.Errorf("schema: %s: no parent table %q", t.Name, t.Scope.Parent)
		}
		if t.Writer == AuthorOnly && t.ColumnIndex(t.Author) < 0 {
			return fmt.Errorf("schema: %s: no author column %q", t.Name, t.Author)
		}
		for _, col := range t.Columns {
			if col.Rule == Furthest && len(col.Choices) == 0 {
				return fmt.Errorf("schema: %s.%s: furthest without choices", t.Name, col.Name)
			}
		}
	}
	return nil
}

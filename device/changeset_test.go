package device

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/oracle"
)

// TestWhatIsSealedIsWhatSQLiteRecords compares with the session extension byte
// for byte: records, merging of several writes of a row, order of the rows, and
// tables as the phone attaches them, in the order of the catalogue.
func TestWhatIsSealedIsWhatSQLiteRecords(t *testing.T) {
	o, err := oracle.Start(t.Context())
	must(t, err)
	defer func() { _ = o.Close() }()
	for seed := range uint64(40) {
		w := newWriting(seed)
		d := enrolled(t, testSettings(1))
		for range 1 + w.IntN(3) {
			setup := d.script(t)
			sealed := w.save(t, d, 1+w.IntN(40))
			compareWithSQLite(t, o, d.Catalogue, setup, w.take(), sealed)
		}
	}
}

// TestManyRowsOfOneSaveAreInSQLitesOrder makes the hash table of the extension
// grow, at and around its edges, and more than once.
func TestManyRowsOfOneSaveAreInSQLitesOrder(t *testing.T) {
	o, err := oracle.Start(t.Context())
	must(t, err)
	defer func() { _ = o.Close() }()
	for i, n := range []int{127, 128, 129, 130, 255, 256, 257, 600, 1500} {
		for _, again := range []bool{false, true} {
			w := newWriting(uint64(1000 + i))
			d := enrolled(t, testSettings(1))
			setup := d.script(t)
			sealed := w.saveSteps(t, d, func(s *Saving) {
				for range n {
					w.insert(t, s, "comment")
				}
				if again {
					w.update(t, s, w.known[len(w.known)-1])
				}
			})
			compareWithSQLite(t, o, d.Catalogue, setup, w.take(), sealed)

			setup = d.script(t)
			sealed = w.saveSteps(t, d, func(s *Saving) {
				for _, k := range w.known[:n] {
					w.update(t, s, k)
				}
			})
			compareWithSQLite(t, o, d.Catalogue, setup, w.take(), sealed)
		}
	}
}

func compareWithSQLite(
	t *testing.T, o *oracle.Oracle, c *schema.Catalogue, setup, change string, sealed []byte,
) {
	t.Helper()
	recorded, _, err := o.Record(setup, change)
	must(t, err)
	if want := inCatalogueOrder(t, c, recorded); !bytes.Equal(want, sealed) {
		t.Fatalf("sealed\n%x\nSQLite records\n%x\nof\n%s", sealed, want, change)
	}
}

// inCatalogueOrder sorts a changeset's tables. The oracle attaches a table when it
// is first written; the phone attaches all of them in the catalogue's order. Each
// table's bytes stay as SQLite wrote them.
func inCatalogueOrder(t *testing.T, c *schema.Catalogue, set []byte) []byte {
	t.Helper()
	parts := map[int][]byte{}
	r := changeset.NewReader(set, changeset.Limits{})
	for from := 0; ; from = r.Offset() {
		change, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		must(t, err)
		n := c.MustTable(change.Table.Name).Number
		parts[n] = append(parts[n], set[from:r.Offset()]...)
	}
	var out []byte
	for n := range c.Tables {
		out = append(out, parts[n]...)
	}
	return out
}

// writing makes random writes and says them in SQL too.
type writing struct {
	*rand.Rand
	known []knownRow
	sql   strings.Builder
}

type knownRow struct {
	table string
	id    schema.RowID
}

func newWriting(seed uint64) *writing { return &writing{Rand: rand.New(rand.NewPCG(seed, 7))} }

func (w *writing) take() string {
	defer w.sql.Reset()
	return w.sql.String()
}

// save makes some random writes of all kinds: new rows, changes, changes back,
// changes of new rows, and writes that change nothing.
func (w *writing) save(t *testing.T, d *Device, writes int) []byte {
	return w.saveSteps(t, d, func(s *Saving) {
		for range writes {
			if len(w.known) == 0 || w.IntN(3) == 0 {
				w.insert(t, s, []string{"visit", "verification", "finding", "comment", "device"}[w.IntN(5)])
			} else {
				w.update(t, s, w.known[w.IntN(len(w.known))])
			}
		}
	})
}

// saveSteps saves and gives the changeset that was sealed; empty if nothing was.
func (w *writing) saveSteps(t *testing.T, d *Device, steps func(*Saving)) []byte {
	t.Helper()
	seq, err := d.Save(func(s *Saving) error { steps(s); return nil })
	must(t, err)
	if seq == 0 {
		return nil
	}
	list, err := d.Entries(seq-1, 1)
	must(t, err)
	entry, err := chain.Parse(list[0].Bytes)
	must(t, err)
	return entry.Changeset
}

func (w *writing) insert(t *testing.T, s *Saving, table string) {
	t.Helper()
	id, err := s.NewID()
	must(t, err)
	cells := edit.Cells{}
	for _, c := range s.d.Catalogue.MustTable(table).Columns {
		if (c.Required && c.Default == nil) || w.IntN(2) == 0 {
			cells[c.Name] = w.value(&c)
		}
	}
	must(t, s.Put(table, id, cells))
	w.known = append(w.known, knownRow{table, id})
	names, values := w.literals(cells)
	fmt.Fprintf(&w.sql, "INSERT INTO %s (id, %s) VALUES (x'%x', %s);\n", table,
		strings.Join(names, ", "), id[:], strings.Join(values, ", "))
}

func (w *writing) update(t *testing.T, s *Saving, k knownRow) {
	t.Helper()
	cells := edit.Cells{}
	columns := s.d.Catalogue.MustTable(k.table).Columns
	for range 1 + w.IntN(3) {
		c := &columns[w.IntN(len(columns))]
		cells[c.Name] = w.value(c)
	}
	must(t, s.Put(k.table, k.id, cells))
	names, values := w.literals(cells)
	for i := range names {
		names[i] += " = " + values[i]
	}
	fmt.Fprintf(&w.sql, "UPDATE %s SET %s WHERE id = x'%x';\n", k.table, strings.Join(names, ", "), k.id[:])
}

// value is one of few, so that values come back.
func (w *writing) value(c *schema.Column) changeset.Value {
	if !c.Required && w.IntN(4) == 0 {
		return changeset.NullValue()
	}
	switch c.Type {
	case schema.ID:
		return edit.ID(rowID(byte(w.IntN(3))))
	case schema.Text:
		return changeset.TextValue([]string{"", "帳目", "it's", "x"}[w.IntN(4)])
	case schema.Integer:
		return changeset.Int([]int64{0, 1, -1, 1 << 62}[w.IntN(4)])
	case schema.Bytes:
		return changeset.BlobValue([][]byte{{}, {0}, {1, 2}}[w.IntN(3)])
	}
	panic(c.Type)
}

func (w *writing) literals(cells edit.Cells) (names, values []string) {
	for name := range cells {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		values = append(values, literal(cells[name]))
	}
	return names, values
}

func literal(v changeset.Value) string {
	switch v.Kind {
	case changeset.Integer:
		return fmt.Sprint(v.Int64())
	case changeset.Text:
		return "'" + strings.ReplaceAll(string(v.Bytes), "'", "''") + "'"
	case changeset.Blob:
		return "x'" + hex.EncodeToString(v.Bytes) + "'"
	case changeset.Null, changeset.Absent, changeset.Real:
	}
	return "NULL"
}

// script makes the device's tables and rows as they are.
func (d *Device) script(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	steps, err := schema.Migrations(schema.OnDevice)
	must(t, err)
	for _, step := range steps {
		b.WriteString(step.SQL)
	}
	for _, table := range d.Catalogue.OnDevices() {
		must(t, d.Each(table.Name, func(row []changeset.Value) error {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = literal(v)
			}
			fmt.Fprintf(&b, "INSERT INTO %s VALUES (%s);\n", table.Name, strings.Join(cells, ", "))
			return nil
		}))
	}
	return b.String()
}

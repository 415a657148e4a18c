package evidence

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
)

// loaded is what a file says.
type loaded struct {
	tables     []*table
	rowsBy     map[ref]*tableRow
	entries    []*entry
	byPosition map[uint64]*entry
	byTurn     map[deviceTurn]*entry
	seals      []sealLine
	sources    []sourceLine
	pictures   []photo
}

// table is a table with its rows.
type table struct {
	tableHead
	Rows []*tableRow `json:"rows"`
}

// tableRow is a row and which of its cells are as an entry wrote them.
type tableRow struct {
	rowLine
	head   *tableHead
	values []changeset.Value
	files  []string // the member that a value's bytes are, or ""
	proved []bool
}

// entry is a record, with what its entry says.
type entry struct {
	recordLine
	said    *chain.Entry // nil: withheld
	changes map[ref]change
	signed  bool
}

// change is what an entry writes to a row.
type change struct {
	op  changeset.Op
	new []changeset.Value
}

// deviceTurn is a place in a device's chain.
type deviceTurn struct {
	device schema.DeviceID
	seq    uint64
}

// textMax is the largest member that is read as a whole.
const textMax = 1 << 30

// text reads a member as a whole.
func (v *verifier) text(path string) ([]byte, error) {
	p := v.byPath[path]
	if p == nil {
		return nil, fmt.Errorf("%w: no member %s", errLine, path)
	}
	if p.size > textMax {
		return nil, fmt.Errorf("%w: %s has %d bytes", errLine, path, p.size)
	}
	return v.read(p.data(), p.size)
}

// load reads what the file says, and names the member that it cannot be read from.
func (v *verifier) load() (member string, err error) {
	v.rowsBy, v.byPosition, v.byTurn = map[ref]*tableRow{}, map[uint64]*entry{}, map[deviceTurn]*entry{}
	for i := range v.members {
		path := v.members[i].path
		if strings.HasPrefix(path, "rows/") && strings.HasSuffix(path, ".json") {
			if err := v.loadTable(path); err != nil {
				return path, err
			}
		}
	}
	for _, one := range []struct {
		path string
		load func([]byte) error
	}{
		{entriesPath, v.loadEntries},
		{sealsPath, v.loadSeals},
		{sourcesPath, v.loadSources},
		{photosPath, v.loadPhotos},
	} {
		text, err := v.text(one.path)
		if err == nil {
			err = one.load(text)
		}
		if err != nil {
			return one.path, err
		}
	}
	return "", nil
}

func (v *verifier) loadTable(path string) error {
	text, err := v.text(path)
	if err != nil {
		return err
	}
	t := &table{}
	if err := json.Unmarshal(text, t); err != nil {
		return err
	}
	if rowsPath(t.Table) != path {
		return fmt.Errorf("%w: table %.40q", errLine, t.Table)
	}
	for _, r := range t.Rows {
		if r == nil || len(r.Values) != len(t.Columns) || len(r.Positions) != len(t.Columns) || v.rowsBy[ref{t.Table, r.ID}] != nil {
			return fmt.Errorf("%w: a row of %s", errLine, t.Table)
		}
		r.head, r.proved, r.files = &t.tableHead, make([]bool, len(t.Columns)), make([]string, len(t.Columns))
		for i := range t.Columns {
			value, file, err := parseValue(t.Columns[i].Type, r.Values[i])
			if err != nil {
				return fmt.Errorf("row %s, column %s: %w", r.ID, t.Columns[i].Name, err)
			}
			r.values, r.files[i] = append(r.values, value), file
		}
		v.rowsBy[ref{t.Table, r.ID}] = r
	}
	v.tables = append(v.tables, t)
	return nil
}

// parseValue reads what plain writes.
func parseValue(t schema.Type, raw json.RawMessage) (value changeset.Value, file string, err error) {
	if bytes.Equal(raw, []byte("null")) {
		return changeset.NullValue(), "", nil
	}
	var f fileValue
	if raw[0] == '{' {
		err = json.Unmarshal(raw, &f)
		return changeset.Value{}, f.File, err
	}
	if t == schema.Integer {
		n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
		return changeset.Int(n), "", err
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return value, "", err
	}
	switch t {
	case schema.ID:
		id, err := schema.ParseID[schema.RowID](text)
		return changeset.BlobValue(id[:]), "", err
	case schema.Bytes:
		b, err := hex.DecodeString(text)
		return changeset.BlobValue(b), "", err
	case schema.Text, schema.Integer:
	}
	return changeset.TextValue(text), "", nil
}

// lines runs do on each line of a text.
func lines(text []byte, do func([]byte) error) error {
	n := 0
	for line := range bytes.Lines(text) {
		n++
		if err := do(line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return nil
}

func (v *verifier) loadEntries(text []byte) error {
	return lines(text, func(line []byte) error {
		e := &entry{}
		if err := json.Unmarshal(line, &e.recordLine); err != nil {
			return err
		}
		at := deviceTurn{e.Device, e.Seq}
		if v.byPosition[e.Position] != nil || v.byTurn[at] != nil || len(e.Hash) != len(chain.Hash{}) {
			return errLine
		}
		v.byPosition[e.Position], v.byTurn[at], v.entries = e, e, append(v.entries, e)
		return nil
	})
}

func (v *verifier) loadSeals(text []byte) error {
	return lines(text, func(line []byte) error {
		v.seals = append(v.seals, sealLine{})
		return json.Unmarshal(line, &v.seals[len(v.seals)-1])
	})
}

func (v *verifier) loadSources(text []byte) error {
	var list struct {
		Sources []sourceLine `json:"sources"`
	}
	err := json.Unmarshal(text, &list)
	v.sources = list.Sources
	return err
}

func (v *verifier) loadPhotos(text []byte) error {
	var list struct {
		Photos []photo `json:"photos"`
	}
	err := json.Unmarshal(text, &list)
	v.pictures = list.Photos
	return err
}

package draw

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// bom is the byte order mark that spreadsheet programs put before UTF-8.
const bom = "\ufeff"

// ReadFrame reads a frame from CSV with a header, or from JSON lines. Columns, and
// keys, are id and stratum, and as need be class, size, eligible (1 or 0),
// exclusion, x_m and y_m; all others are attributes. Rows may stand in any order.
func ReadFrame(file []byte) (*Frame, error) {
	if !utf8.Valid(file) {
		return nil, problem("not-utf8")
	}
	text := bytes.TrimPrefix(file, []byte(bom))
	var units []Unit
	var err error
	if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) {
		units, err = readLines(text)
	} else {
		units, err = readTable(text)
	}
	if err != nil {
		return nil, err
	}
	f, err := NewFrame(units)
	if err != nil {
		return nil, err
	}
	f.SHA256 = sum(file)
	return f, nil
}

// fields are the columns of a frame that are no attributes.
var fields = []string{"id", "stratum", "class", "size", "eligible", "exclusion", "x_m", "y_m"}

// misspelt says whether a name is that of a column in other capitals: it would be
// taken for an attribute.
func misspelt(name string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return f != name && strings.EqualFold(f, name) })
}

func readTable(text []byte) ([]Unit, error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return nil, tableProblem(err)
	}
	header = slices.Clone(header)
	for i, name := range header {
		if name == "" || slices.Contains(header[:i], name) || misspelt(name) {
			return nil, problem("frame-column", strconv.Itoa(i+1), name)
		}
	}
	for _, name := range fields[:2] {
		if !slices.Contains(header, name) {
			return nil, problem("frame-no-column", name)
		}
	}
	units := make([]Unit, 0, bytes.Count(text, []byte("\n")))
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return units, nil
		}
		if err != nil {
			return nil, tableProblem(err)
		}
		line, _ := r.FieldPos(0)
		u := row{Unit: Unit{Size: 1, Eligible: true}, line: line}
		for i, text := range record {
			if err := u.set(header[i], text); err != nil {
				return nil, err
			}
		}
		units = append(units, u.done())
	}
}

func tableProblem(err error) error {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return problem("frame-csv", strconv.Itoa(at.Line), strconv.Itoa(at.Column))
	}
	return problem("frame-empty")
}

func readLines(text []byte) ([]Unit, error) {
	var units []Unit
	line := 0
	for one := range bytes.Lines(text) {
		line++
		if len(bytes.TrimSpace(one)) == 0 {
			continue
		}
		v, err := parseJSON(one)
		if p := ProblemOf(err); p != nil && len(p.Args) > 0 {
			p.Args[0] = strconv.Itoa(line)
		}
		if err != nil {
			return nil, err
		}
		members, ok := v.(object)
		if !ok {
			return nil, problem("frame-line", strconv.Itoa(line))
		}
		u := row{Unit: Unit{Size: 1, Eligible: true}, line: line}
		for _, m := range members {
			text, ok := m.value.(string)
			if n, number := m.value.(int64); number {
				text, ok = strconv.FormatInt(n, 10), true
			}
			if !ok || misspelt(m.key) {
				return nil, problem("frame-value", strconv.Itoa(line), m.key)
			}
			if err := u.set(m.key, text); err != nil {
				return nil, err
			}
		}
		units = append(units, u.done())
	}
	return units, nil
}

// row is a unit being read.
type row struct {
	Unit
	line int
}

func (r *row) done() Unit {
	slices.SortFunc(r.Attributes, func(a, b Attribute) int { return strings.Compare(a.Key, b.Key) })
	return r.Unit
}

func (r *row) set(name, text string) (err error) {
	if strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return problem("frame-value", strconv.Itoa(r.line), name)
	}
	if text == "" && slices.Contains([]string{"size", "eligible", "x_m", "y_m"}, name) {
		return nil // as if the column were not there
	}
	switch name {
	case "id":
		r.ID = text
		if !isID(text) {
			return problem("frame-row-id", strconv.Itoa(r.line), text)
		}
	case "stratum":
		r.Stratum = text
	case "class":
		r.Class = text
	case "exclusion":
		r.Exclusion = text
	case "size":
		if r.Size, err = parseSize(text); err != nil {
			return problem("frame-row-size", strconv.Itoa(r.line), text)
		}
	case "eligible":
		if text != "0" && text != "1" {
			return problem("frame-value", strconv.Itoa(r.line), name)
		}
		r.Eligible = text == "1"
	case "x_m", "y_m":
		n, ok := parseInteger(text)
		if !ok || n > CoordinateMax || n < -CoordinateMax {
			return problem("frame-value", strconv.Itoa(r.line), name)
		}
		if name == "x_m" {
			r.X = int32(n)
		} else {
			r.Y = int32(n)
		}
	default:
		if text != "" {
			r.Attributes = append(r.Attributes, Attribute{name, text})
		}
	}
	return nil
}

func parseSize(text string) (uint64, error) {
	n, ok := parseInteger(text)
	if !ok || n < 0 {
		return 0, problem("frame-row-size")
	}
	return uint64(n), nil
}

// AppendFrame writes a frame as CSV: what a draw's file is.
func AppendFrame(dst []byte, f *Frame) []byte {
	keys := map[string]bool{}
	for i := range f.Units {
		for _, a := range f.Units[i].Attributes {
			keys[a.Key] = true
		}
	}
	extra := slices.Sorted(maps.Keys(keys))
	b := bytes.NewBuffer(dst)
	w := csv.NewWriter(b)
	_ = w.Write(append(slices.Clone(fields), extra...)) // a buffer takes all
	for i := range f.Units {
		u := &f.Units[i]
		eligible := "0"
		if u.Eligible {
			eligible = "1"
		}
		record := []string{
			u.ID, u.Stratum, u.Class, strconv.FormatUint(u.Size, 10), eligible, u.Exclusion,
			strconv.Itoa(int(u.X)), strconv.Itoa(int(u.Y)),
		}
		for _, key := range extra {
			record = append(record, attribute(u.Attributes, key))
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.Bytes()
}

func attribute(list []Attribute, key string) string {
	for _, a := range list {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

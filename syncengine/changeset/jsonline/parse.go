package jsonline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sansuiji/syncengine/changeset"
)

// line is a parsed line. Its table has the bytes of the header.
type line struct {
	table    changeset.Table
	op       changeset.Op
	indirect bool
	old, now []changeset.Value
	header   bool

	pk    []bool
	flags []byte
	name  *string // the bytes of a table name that is not UTF-8
}

func parse(b []byte) (line, error) {
	if len(b) > LineMax {
		return line{}, fmt.Errorf("%w: longer than %d bytes", ErrMalformed, LineMax)
	}
	if !json.Valid(b) || !soundText(b) {
		return line{}, fmt.Errorf("%w: not valid JSON in UTF-8", ErrMalformed)
	}
	p := parser{json.NewDecoder(bytes.NewReader(b))}
	p.UseNumber()
	var l line
	if err := p.line(&l); err != nil {
		return line{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if err := l.settle(); err != nil {
		return line{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return l, nil
}

// settle makes one table of the keys that describe it, which must agree.
func (l *line) settle() error {
	l.table.PK = naturalFlags(l.pk)
	if l.flags != nil {
		l.table.PK = l.flags
		if !slices.Equal(keyColumns(l.flags), l.pk) {
			return errors.New("pk and pk_flags differ")
		}
	}
	if l.name != nil {
		if strings.ToValidUTF8(*l.name, replacement) != l.table.Name {
			return errors.New("table and table_bytes differ")
		}
		l.table.Name = *l.name
	}
	return l.within(changeset.DefaultLimits())
}

// within holds a line to the limits of a Reader, so that what it makes can be
// dumped again.
func (l *line) within(limits changeset.Limits) error {
	if len(l.table.Name) > limits.Name {
		return fmt.Errorf("table name of %d bytes", len(l.table.Name))
	}
	for _, row := range [][]changeset.Value{l.old, l.now} {
		for i, v := range row {
			if len(v.Bytes) > limits.Value {
				return fmt.Errorf("column %d of %d bytes", i, len(v.Bytes))
			}
		}
	}
	return nil
}

func (p parser) line(l *line) error {
	seen := map[string]bool{}
	err := p.object(func(key string) error {
		if seen[key] {
			return fmt.Errorf("key %q twice", key)
		}
		seen[key] = true
		if err := p.member(l, key); err != nil {
			return fmt.Errorf("key %q: %w", key, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, key := range []string{"table", "op", "indirect", "pk", "format", "old", "new"} {
		if !seen[key] {
			return fmt.Errorf("key %q is missing", key)
		}
	}
	return nil
}

func (p parser) member(l *line, key string) (err error) {
	switch key {
	case "table":
		l.table.Name, err = p.text()
	case "op":
		l.op, err = p.op()
	case "indirect":
		l.indirect, err = p.bool()
	case "pk":
		err = p.array(func() error {
			inside, err := p.bool()
			l.pk = append(l.pk, inside)
			return err
		})
	case "format":
		l.table.Format, err = p.format()
	case "old":
		l.old, err = p.record()
	case "new":
		l.now, err = p.record()
	case "pk_flags":
		l.flags = []byte{}
		err = p.array(func() error {
			flag, err := p.flag()
			l.flags = append(l.flags, flag)
			return err
		})
	case "table_bytes":
		b, err := p.hex()
		name := string(b)
		l.name = &name
		return err
	case "header":
		l.header, err = p.bool()
	default:
		err = errors.New("unknown key")
	}
	return err
}

func (p parser) op() (changeset.Op, error) {
	s, err := p.text()
	for _, op := range []changeset.Op{changeset.Insert, changeset.Update, changeset.Delete} {
		if s == op.String() {
			return op, err
		}
	}
	return 0, errors.New("unknown operation")
}

func (p parser) format() (changeset.Format, error) {
	s, err := p.text()
	for _, f := range []changeset.Format{changeset.Changeset, changeset.Patchset} {
		if s == f.String() {
			return f, err
		}
	}
	return 0, errors.New("unknown format")
}

func (p parser) flag() (byte, error) {
	t, err := p.Token()
	if err != nil {
		return 0, err
	}
	n, ok := t.(json.Number)
	if !ok {
		return 0, errors.New("not a number")
	}
	flag, err := strconv.ParseUint(n.String(), 10, 8)
	return byte(flag), err
}

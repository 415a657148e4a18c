package jsonline

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"sansuiji/syncengine/changeset"
)

// replacement stands in a shown table name for bytes that are not UTF-8.
const replacement = "\uFFFD"

// Dumper makes lines from the changes of one Reader, in their order. The zero
// Dumper is ready.
type Dumper struct {
	table *changeset.Table
}

// Append appends the line of a change, with its newline.
func (d *Dumper) Append(dst []byte, c changeset.Change) []byte {
	dst = appendString(append(dst, `{"table":`...), strings.ToValidUTF8(c.Table.Name, replacement))
	dst = appendString(append(dst, `,"op":`...), c.Op.String())
	dst = strconv.AppendBool(append(dst, `,"indirect":`...), c.Indirect)
	dst = appendKey(append(dst, `,"pk":`...), c.Table.PK)
	dst = appendString(append(dst, `,"format":`...), c.Table.Format.String())
	dst = appendRecord(append(dst, `,"old":`...), c.Old)
	dst = appendRecord(append(dst, `,"new":`...), c.New)
	dst = d.appendExtra(dst, c.Table)
	d.table = c.Table
	return append(dst, "}\n"...)
}

// appendExtra appends what the other keys do not tell.
func (d *Dumper) appendExtra(dst []byte, t *changeset.Table) []byte {
	if !bytes.Equal(t.PK, naturalFlags(keyColumns(t.PK))) {
		dst = appendFlags(append(dst, `,"pk_flags":`...), t.PK)
	}
	if !utf8.ValidString(t.Name) {
		dst = appendHex(append(dst, `,"table_bytes":`...), []byte(t.Name))
	}
	if d.table != nil && d.table != t && same(d.table, t) {
		dst = append(dst, `,"header":true`...)
	}
	return dst
}

func same(t, u *changeset.Table) bool {
	return t.Name == u.Name && t.Format == u.Format && bytes.Equal(t.PK, u.PK)
}

// keyColumns says which columns the flags put in the key.
func keyColumns(flags []byte) []bool {
	pk := make([]bool, len(flags))
	for i, flag := range flags {
		pk[i] = flag != 0
	}
	return pk
}

// naturalFlags are the flags SQLite writes for a key declared in column order.
func naturalFlags(pk []bool) []byte {
	flags, place := make([]byte, len(pk)), byte(0)
	for i, inside := range pk {
		if inside {
			place++
			flags[i] = place
		}
	}
	return flags
}

func appendKey(dst []byte, flags []byte) []byte {
	dst = append(dst, '[')
	for i, flag := range flags {
		dst = strconv.AppendBool(separate(dst, i), flag != 0)
	}
	return append(dst, ']')
}

func appendFlags(dst []byte, flags []byte) []byte {
	dst = append(dst, '[')
	for i, flag := range flags {
		dst = strconv.AppendUint(separate(dst, i), uint64(flag), 10)
	}
	return append(dst, ']')
}

func appendRecord(dst []byte, row []changeset.Value) []byte {
	if row == nil {
		return append(dst, "null"...)
	}
	dst = append(dst, '[')
	for i, v := range row {
		dst = appendValue(separate(dst, i), v)
	}
	return append(dst, ']')
}

func separate(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

func appendValue(dst []byte, v changeset.Value) []byte {
	switch v.Kind {
	case changeset.Integer:
		dst = strconv.AppendInt(append(dst, `{"i":"`...), v.Int64(), 10)
		return append(dst, `"}`...)
	case changeset.Real:
		dst = append(dst, `{"r":"`...)
		for shift := 60; shift >= 0; shift -= 4 {
			dst = append(dst, hexDigits[v.Bits>>shift&15])
		}
		return append(dst, `"}`...)
	case changeset.Text:
		if utf8.Valid(v.Bytes) {
			dst = appendString(append(dst, `{"t":`...), string(v.Bytes))
		} else {
			dst = appendHex(append(dst, `{"tx":`...), v.Bytes)
		}
		return append(dst, '}')
	case changeset.Blob:
		return append(appendHex(append(dst, `{"b":`...), v.Bytes), '}')
	case changeset.Null:
		return append(dst, `{"n":true}`...)
	case changeset.Absent:
	}
	return append(dst, "null"...)
}

const hexDigits = "0123456789abcdef"

func appendHex(dst, b []byte) []byte {
	return append(hex.AppendEncode(append(dst, '"'), b), '"')
}

// appendString appends valid UTF-8 as a JSON string. Only what JSON forbids in a
// string is escaped.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		if c < ' ' {
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		} else {
			dst = append(dst, '\\', c)
		}
	}
	return append(append(dst, s[from:]...), '"')
}

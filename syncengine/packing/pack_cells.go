package packing

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
)

// fitting says whether a changeset can be told in cells, and in how many
// changes: if its tables are those of the catalogue, as wide as in the schema
// version of the run, its changes have shapes, and it is the only changeset of
// these changes.
func (p *packer) fitting(e *chain.Entry) (changes int, fits bool) {
	if e.Schema != p.version {
		return 0, false
	}
	r := changeset.NewReader(e.Changeset, changeset.Limits{Value: chain.EntryMax})
	size, unknown := 0, map[shapeKey]struct{}(nil)
	var last *changeset.Table
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			// A header without changes is the only thing that is not in the changes.
			return changes, size == len(e.Changeset)
		}
		if err != nil {
			return 0, false
		}
		key, t, ok := p.keyOf(&c, c.Table != last)
		if !ok {
			return 0, false
		}
		if _, known := p.byKey[key]; !known {
			if unknown == nil {
				unknown = map[shapeKey]struct{}{}
			}
			if unknown[key] = struct{}{}; len(p.shapes)+len(unknown) > shapesMax {
				return 0, false
			}
		}
		if c.Table != last {
			size += len(t.header)
		}
		size += 2 + sizeOf(c.Old) + sizeOf(c.New)
		last = c.Table
		changes++
	}
}

// keyOf is the shape of a change.
func (p *packer) keyOf(c *changeset.Change, header bool) (key shapeKey, t *table, ok bool) {
	t, ok = p.byName[c.Table.Name]
	if !ok || c.Table.Format != changeset.Changeset || len(c.Table.PK) != len(t.columns) {
		return key, nil, false
	}
	for i, flag := range c.Table.PK {
		if (flag == 1) != (i == 0) || flag > 1 {
			return key, nil, false
		}
	}
	key.table = t.number
	if c.Indirect {
		key.flags |= shapeIndirect
	}
	if header {
		key.flags |= shapeHeader
	}
	switch c.Op {
	case changeset.Insert:
		return key, t, true
	case changeset.Update:
		key.flags |= shapeUpdate
		for i := 1; i < len(c.New); i++ {
			if c.New[i].Kind != changeset.Absent {
				key.filled |= 1 << (i - 1)
			}
		}
		return key, t, c.New[0].Kind == changeset.Absent
	case changeset.Delete:
	}
	return key, nil, false
}

// sizeOf is the size of a record in the changeset.
func sizeOf(values []changeset.Value) int {
	n := 0
	for i := range values {
		switch v := &values[i]; v.Kind {
		case changeset.Integer, changeset.Real:
			n += 9
		case changeset.Text, changeset.Blob:
			n += 1 + varintLen(len(v.Bytes)) + len(v.Bytes)
		case changeset.Absent, changeset.Null:
			n++
		}
	}
	return n
}

func varintLen(v int) int {
	n := 1
	for ; v > 0x7f; v >>= 7 {
		n++
	}
	return n
}

// changeset writes the changes of a changeset that fits.
func (p *packer) changeset(b []byte) {
	r := changeset.NewReader(b, changeset.Limits{Value: chain.EntryMax})
	var last *changeset.Table
	for c, err := r.Next(); err == nil; c, err = r.Next() {
		key, _, _ := p.keyOf(&c, c.Table != last)
		p.change(&c, p.shape(key))
		last = c.Table
	}
}

func (p *packer) change(c *changeset.Change, s *shape) {
	p.row.born = p.row.wall
	natural := p.natural(c, s)
	for i, at := range s.cells {
		v := &c.New[at.column]
		if at.old {
			v = &c.Old[at.column]
			p.row.old[at.column] = *v
		}
		if i == 0 && natural != nil {
			s.controls[0] = append(s.controls[0], idNatural)
			continue
		}
		s.controls[i] = append(s.controls[i], p.cell(v, at, s))
		if k := asID(v); i == 0 && k != nil && k.isV7() {
			p.row.born = k.millis()
		}
	}
	if natural != nil {
		s.table.columns[0].id = *natural
		p.note(*natural)
	}
	p.row.forget(s)
}

// natural is the key of an INSERT, if it follows from the row and was not met.
func (p *packer) natural(c *changeset.Change, s *shape) *id {
	if s.update() {
		return nil
	}
	k := asID(&c.New[0])
	if k == nil || k[6]>>4 != 5 || *k == s.table.columns[0].id {
		return nil
	}
	if _, known := p.known[*k]; known {
		return nil
	}
	var parts []id
	for i := 1; i < len(c.New) && len(parts) < naturalParts; i++ {
		if part := asID(&c.New[i]); part != nil && s.table.columns[i].kind == schema.ID {
			parts = append(parts, *part)
		}
	}
	if len(parts) < naturalParts || naturalID(s.table.name, parts) != *k {
		return nil
	}
	return k
}

// note adds an id to those that were written.
func (p *packer) note(k id) {
	p.known[k] = len(p.ids)
	p.ids = append(p.ids, k)
}

// cell writes one value and returns its control.
func (p *packer) cell(v *changeset.Value, at cell, s *shape) byte {
	c := &s.table.columns[at.column]
	switch c.kind {
	case schema.Integer:
		return p.integer(v, at, c)
	case schema.Text, schema.Bytes:
		return p.text(v, at, c)
	case schema.ID:
	}
	return p.id(v, c)
}

func (p *packer) other(v *changeset.Value) {
	p.out.text = changeset.AppendValue(p.out.text, *v)
}

func (p *packer) integer(v *changeset.Value, at cell, c *column) byte {
	switch v.Kind {
	case changeset.Null:
		return integerNull
	case changeset.Integer:
	case changeset.Absent, changeset.Real, changeset.Text, changeset.Blob:
		p.other(v)
		return integerOther
	}
	predictions := p.row.predictions(c, at)
	best := c.mode
	for i := range predictions {
		gain := class(zigzag(v.Bits-predictions[best])) - class(zigzag(v.Bits-predictions[i]))
		if gain > hardly {
			best = byte(i)
		}
	}
	c.mode, c.integer = best, v.Bits
	return best*integerClasses + p.magnitude(zigzag(v.Bits-predictions[best]))
}

func (p *packer) text(v *changeset.Value, at cell, c *column) byte {
	switch {
	case v.Kind == changeset.Null:
		return textNull
	case v.Kind == changeset.Text && c.kind == schema.Text:
	case v.Kind == changeset.Blob && c.kind == schema.Bytes:
	default:
		p.other(v)
		return textOther
	}
	for i := range min(len(c.choices), choicesMax) {
		if string(v.Bytes) == c.choices[i].Code {
			return textChoice + byte(i)
		}
	}
	last := c.text
	c.text = v.Bytes
	if !at.old {
		if old := &p.row.old[at.column]; old.Kind == v.Kind {
			if bytes.Equal(old.Bytes, v.Bytes) {
				return textOld
			}
			if head, tail := shared(old.Bytes, v.Bytes); head+tail >= editMin {
				p.number(uint64(head))
				p.number(uint64(tail))
				p.out.extras = append(p.out.extras, p.spell(v.Bytes[head:len(v.Bytes)-tail]))
				return textEdit
			}
		}
	}
	if last != nil && bytes.Equal(v.Bytes, last) {
		return textLast
	}
	return p.spell(v.Bytes)
}

// spell writes bytes as they are or in the coded form, what is shorter.
func (p *packer) spell(b []byte) byte {
	if p.learning {
		return 0
	}
	from := len(p.out.text)
	if utf8.Valid(b) {
		p.out.text = p.letters.appendCode(p.out.text, b)
	}
	if size := len(p.out.text) - from; size == 0 || size > len(b) {
		p.out.text = append(p.out.text[:from], b...)
		return textPlain + p.magnitude(uint64(len(b)))
	}
	return p.magnitude(uint64(len(b)))
}

// shared is how many bytes two texts share at the beginning and at the end.
func shared(a, b []byte) (head, tail int) {
	most := min(len(a), len(b))
	for head < most && a[head] == b[head] {
		head++
	}
	for tail < most-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return wholeHead(b, head), wholeTail(b, tail)
}

// wholeHead is the most of the first n bytes that does not split a character.
func wholeHead(b []byte, n int) int {
	for n > 0 && n < len(b) && !utf8.RuneStart(b[n]) {
		n--
	}
	return n
}

func wholeTail(b []byte, n int) int {
	for n > 0 && !utf8.RuneStart(b[len(b)-n]) {
		n--
	}
	return n
}

func (p *packer) id(v *changeset.Value, c *column) byte {
	if v.Kind == changeset.Null {
		return idNull
	}
	k := asID(v)
	if k == nil {
		p.other(v)
		return idOther
	}
	return p.identify(*k, c, p.row.wall)
}

func asID(v *changeset.Value) *id {
	if v.Kind != changeset.Blob || len(v.Bytes) != len(id{}) {
		return nil
	}
	return (*id)(v.Bytes)
}

// identify writes an id.
func (p *packer) identify(k id, c *column, wall int64) byte {
	if k == c.id {
		return idLast
	}
	c.id = k
	if place, known := p.known[k]; known {
		return idKnown + p.magnitude(uint64(len(p.ids)-place))
	}
	p.note(k)
	if !k.isV7() {
		return p.whole(&k)
	}
	high, low := k.random()
	near, last := zigzag(uint64(k.millis()-wall)), zigzag(uint64(k.millis()-c.born))
	var control byte
	switch worthwhile := class(last)+hardly < class(near); {
	case !worthwhile && class(near) <= millisBits:
		control = idByWall + p.magnitude(near)
	case class(last) <= millisBits:
		control = idByLast + p.magnitude(last)
	default:
		return p.whole(&k)
	}
	c.born = k.millis()
	p.out.bits.write(high, 12)
	p.out.bits.write(low, 62)
	return control
}

// whole writes all bits of an id.
func (p *packer) whole(k *id) byte {
	for _, b := range k {
		p.out.bits.write(uint64(b), 8)
	}
	return idWhole
}

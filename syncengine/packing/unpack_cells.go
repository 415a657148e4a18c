package packing

import (
	"encoding/binary"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
)

// cell reads one value, appends it to the changeset, and returns it.
func (u *unpacker) cell(control byte, at cell, s *shape) changeset.Value {
	c := &s.table.columns[at.column]
	switch c.kind {
	case schema.Integer:
		return u.integer(control, at, c)
	case schema.Text:
		return u.textCell(control, at, c, changeset.Text)
	case schema.Bytes:
		return u.textCell(control, at, c, changeset.Blob)
	case schema.ID:
	}
	return u.id(control, at, s)
}

func (u *unpacker) null() changeset.Value {
	u.out = append(u.out, byte(changeset.Null))
	return changeset.NullValue()
}

// other reads a value that stands among the texts in its wire form.
func (u *unpacker) other() changeset.Value {
	v, n, err := changeset.ReadValue(u.text)
	if err != nil || v.Kind == changeset.Absent {
		u.fail("value among the texts: %v", err)
		return v
	}
	u.out, u.text = append(u.out, u.text[:n]...), u.text[n:]
	return v
}

func (u *unpacker) integer(control byte, at cell, c *column) changeset.Value {
	switch {
	case control == integerNull:
		return u.null()
	case control == integerOther:
		return u.other()
	case control > integerOther:
		u.fail("control %d of an integer", control)
		return changeset.Value{}
	}
	mode := control / integerClasses
	predicted := u.row.predictions(c, at)[mode]
	c.integer = predicted + unzigzag(u.magnitude(control%integerClasses))
	u.out = append(u.out, byte(changeset.Integer))
	u.out = binary.BigEndian.AppendUint64(u.out, c.integer)
	return changeset.Value{Kind: changeset.Integer, Bits: c.integer}
}

func (u *unpacker) textCell(control byte, at cell, c *column, kind changeset.Kind) changeset.Value {
	switch {
	case control == textNull:
		return u.null()
	case control == textOther:
		return u.other()
	case control >= textChoice:
		if int(control)-textChoice >= len(c.choices) {
			u.fail("choice %d", control)
			return changeset.Value{}
		}
		return u.value(kind, []byte(c.choices[control-textChoice].Code))
	case control == textLast && c.text != nil:
		return u.value(kind, c.text)
	}
	old := &u.row.old[at.column]
	hasOld := !at.old && old.Kind == kind
	var v changeset.Value
	switch {
	case control < textNull:
		v = u.spelled(control, nil, nil, kind)
	case control == textOld && hasOld:
		v = u.value(kind, old.Bytes)
	case control == textEdit && hasOld:
		head, tail := u.number(), u.number()
		if head > uint64(len(old.Bytes)) || tail > uint64(len(old.Bytes))-head {
			u.fail("edit of %d bytes that keeps %d and %d", len(old.Bytes), head, tail)
			return v
		}
		v = u.spelled(u.extra(), old.Bytes[:head], old.Bytes[uint64(len(old.Bytes))-tail:], kind)
	default:
		u.fail("control %d of a text", control)
		return v
	}
	c.text = v.Bytes
	return v
}

// value appends a text or a blob.
func (u *unpacker) value(kind changeset.Kind, b []byte) changeset.Value {
	from := u.begin(kind, len(b))
	u.out = append(u.out, b...)
	return changeset.Value{Kind: kind, Bytes: u.out[from:len(u.out):len(u.out)]}
}

// begin appends what stands before a text or blob of a size.
func (u *unpacker) begin(kind changeset.Kind, size int) (from int) {
	if size > chain.EntryMax || len(u.out)+size > UnpackedMax {
		u.fail("text of %d bytes", size)
	}
	u.out = append(u.out, byte(kind))
	u.out = appendLength(u.out, size)
	return len(u.out)
}

// appendLength appends a SQLite varint of up to 28 bits.
func appendLength(b []byte, size int) []byte {
	for shift := 21; shift > 0; shift -= 7 {
		if size>>shift != 0 {
			b = append(b, byte(size>>shift)|0x80)
		}
	}
	return append(b, byte(size)&0x7f)
}

// spelled reads a text that is spelled out between a head and a tail.
func (u *unpacker) spelled(
	control byte, head, tail []byte, kind changeset.Kind,
) (v changeset.Value) {
	plain := control >= textPlain
	if plain {
		control -= textPlain
	}
	size := int(min(u.magnitude(control), chain.EntryMax+1))
	from := u.begin(kind, len(head)+size+len(tail))
	if u.err != nil {
		return v
	}
	u.out = append(u.out, head...)
	taken, ok := size, size <= len(u.text)
	if !plain {
		u.out, taken, ok = u.letters.appendText(u.out, u.text, size)
	} else if ok {
		u.out = append(u.out, u.text[:size]...)
	}
	if !ok {
		u.fail("text of %d bytes ends early", size)
		return v
	}
	u.text = u.text[taken:]
	u.out = append(u.out, tail...)
	return changeset.Value{Kind: kind, Bytes: u.out[from:len(u.out):len(u.out)]}
}

func (u *unpacker) id(control byte, at cell, s *shape) changeset.Value {
	switch control {
	case idNull:
		return u.null()
	case idOther:
		return u.other()
	case idNatural:
		if at.column > 0 || s.update() {
			u.fail("natural key of no new row")
		}
		u.keyAt = u.putID(id{})
		return changeset.Value{Kind: changeset.Blob}
	}
	k := u.identify(control, &s.table.columns[at.column], u.row.wall)
	if at.column > 0 && len(u.parts) < naturalParts {
		u.parts = append(u.parts, k)
	} else if at.column == 0 && k.isV7() {
		u.row.born = k.millis()
	}
	u.putID(k)
	return changeset.Value{Kind: changeset.Blob}
}

// putID appends an id and says where.
func (u *unpacker) putID(k id) (at int) {
	u.out = append(u.out, byte(changeset.Blob), byte(len(k)))
	u.out = append(u.out, k[:]...)
	return len(u.out) - len(k)
}

// fillKey puts the key in its place that follows from the row.
func (u *unpacker) fillKey(t *table) {
	if len(u.parts) < naturalParts {
		u.fail("natural key of %d ids", len(u.parts))
		return
	}
	k := naturalID(t.name, u.parts)
	copy(u.out[u.keyAt:], k[:])
	t.columns[0].id = k
	u.ids = append(u.ids, k)
}

// identify reads an id.
func (u *unpacker) identify(control byte, c *column, wall int64) id {
	switch {
	case control == idLast:
		return c.id
	case control >= idKnown && control < idEnd:
		back := u.magnitude(control - idKnown)
		if back == 0 || back > uint64(len(u.ids)) {
			u.fail("id %d of %d", back, len(u.ids))
			return id{}
		}
		c.id = u.ids[uint64(len(u.ids))-back]
		return c.id
	case control == idWhole:
		var k id
		binary.BigEndian.PutUint64(k[:], u.bits.read(64))
		binary.BigEndian.PutUint64(k[8:], u.bits.read(64))
		c.id = k
	case control >= idByWall && control < idByLast:
		c.id = u.mint(wall, control-idByWall, c)
	case control >= idByLast && control < idKnown:
		c.id = u.mint(c.born, control-idByLast, c)
	default:
		u.fail("control %d of an id", control)
	}
	u.ids = append(u.ids, c.id)
	return c.id
}

// mint reads an id of version 7 whose time is held against another.
func (u *unpacker) mint(near int64, class byte, c *column) id {
	c.born = near + int64(unzigzag(u.magnitude(class)))
	if c.born>>millisBits != 0 {
		u.fail("id of time %d", c.born)
	}
	high := u.bits.read(12)
	return idOfV7(c.born, high, u.bits.read(62))
}

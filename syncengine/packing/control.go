package packing

import (
	"encoding/binary"
	"math/bits"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
)

// Every cell has one control byte. What it does not say is in the bits, or in
// the texts, of the run. A class is a number of bits, see bitWriter.magnitude.
//
// Integers: the kind of prediction times 65, and the class of the zigzag
// difference from it.
const (
	integerClasses = 65
	byWall         = 0 // the wall time of the entry
	byLast         = 1 // the last integer of the column
	byRow          = 2 // the old value of the cell, or else when the row's id was minted
	integerNull    = 3 * integerClasses
	integerOther   = integerNull + 1 // see other
)

// Texts and bytes: classes of the length in UTF-8 of a coded text, then of one as
// it is, then these, then choices.
const (
	textPlain = 26 // classes are below
	textNull  = 2 * textPlain
	textOther = textNull + 1 // see other
	textLast  = textNull + 2 // the last text of the column
	textOld   = textNull + 3 // the old value of the cell
	textEdit  = textNull + 4 // the old value of the cell with a part replaced

	textChoice = 64
	choicesMax = 256 - textChoice
)

// hardly is how many bits another prediction may save and still not be worth the
// change from the usual one.
const hardly = 2

// editMin is how many bytes an edit must share with the old value.
const editMin = 9

// Ids: these, then classes of the distance of a version 7 time from the wall
// time or from the last id of the column, then classes of how far back in the
// list of ids.
const (
	idNull = iota
	idOther
	idLast    // the last id of the column
	idWhole   // 16 bytes
	idNatural // of an INSERT's key: what naturalID makes of the row
	idByWall  // and a class up to millisBits
	idByLast  = idByWall + millisBits + 1
	idKnown   = idByLast + millisBits + 1 // and a class up to 32, of 1 for the newest
	idEnd     = idKnown + 33
)

// millisBits is the size of the time in an id of version 7.
const millisBits = 48

// other: the value stands among the texts in its wire form.

// naturalID is the key of a row of which no two should be made: the natural id of
// the table's name and of the first two ids in the row beside the key.
func naturalID(table string, parts []id) id {
	return id(schema.NaturalRowID(table, schema.RowID(parts[0]), schema.RowID(parts[1])))
}

// naturalParts is how many ids of a row make its natural key.
const naturalParts = 2

// isV7 says whether an id is a UUID of version 7, of 48 bits of milliseconds and
// 74 random bits.
func (i *id) isV7() bool { return i[6]>>4 == 7 && i[8]>>6 == 2 }

func (i *id) millis() int64 { return int64(binary.BigEndian.Uint64(i[:]) >> 16) }

// random are the random bits of an id of version 7: 12 and 62.
func (i *id) random() (high, low uint64) {
	high = uint64(binary.BigEndian.Uint16(i[6:]) & 0xfff)
	return high, binary.BigEndian.Uint64(i[8:]) & (1<<62 - 1)
}

func idOfV7(millis int64, high, low uint64) (i id) {
	binary.BigEndian.PutUint64(i[:], uint64(millis)<<16|7<<12|high)
	binary.BigEndian.PutUint64(i[8:], 2<<62|low)
	return i
}

func class(v uint64) int { return bits.Len64(v) }

// predictions are the three values an integer is held against.
func (r *row) predictions(c *column, at cell) [3]uint64 {
	third := uint64(r.born)
	if !at.old && r.old[at.column].Kind == changeset.Integer {
		third = r.old[at.column].Bits
	}
	return [3]uint64{uint64(r.wall), c.integer, third}
}

// appendHeader appends the header of a table whose key is its first column.
func appendHeader(b []byte, name string, width int) []byte {
	b = append(b, byte(changeset.Changeset), byte(width), 1)
	b = append(b, make([]byte, width-1)...)
	return append(append(b, name...), 0)
}

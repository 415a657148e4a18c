package evidence

import (
	"encoding/binary"
	"math"
	"time"

	"sansuiji/schema"
)

// placed is a member with its place in the archive.
type placed struct {
	path   string
	size   int64
	crc    uint32
	offset int64 // of its local header
}

// data is where a member's bytes begin.
func (p *placed) data() int64 { return p.offset + int64(localSize+len(p.path)) }

// end is where the next thing begins.
func (p *placed) end() int64 { return p.data() + p.size }

// Sizes of the fixed parts of headers (APPNOTE.TXT 6.3.10, §4.3).
const (
	localSize     = 30
	centralSize   = 46
	endSize       = 22
	wideEndSize   = 56
	locatorSize   = 20
	wideExtraSize = 12
)

// Signatures, and what we write where there is a choice: UTF-8 names, nothing compressed,
// made on Unix, files that everybody may read.
const (
	localSign    = 0x04034b50
	centralSign  = 0x02014b50
	endSign      = 0x06054b50
	wideEndSign  = 0x06064b50
	locatorSign  = 0x07064b50
	version      = 20
	wideVersion  = 45
	madeBy       = 3<<8 | version
	utf8Names    = 0x0800
	readable     = 0o100644 << 16
	wideExtra    = 1
	most16       = math.MaxUint16
	most32       = math.MaxUint32
	memberMax    = most32 - 1 // bytes of one member
	membersMax   = 1_000_000
	pathMax      = 200
	manifestPath = "manifest.json"
	notePath     = "manifest.note"
)

// stamp is a time as the archive's headers have it, in two's of seconds.
type stamp struct{ date, time uint16 }

// stampOf is a moment in the campaign's zone; none is before 1980.
func stampOf(ms int64) stamp {
	t := time.UnixMilli(ms).In(schema.Zone())
	if t.Year() < 1980 || t.Year() > 2107 {
		return stamp{date: 1<<5 | 1}
	}
	return stamp{
		date: uint16((t.Year()-1980)<<9 | int(t.Month())<<5 | t.Day()),
		time: uint16(t.Hour()<<11 | t.Minute()<<5 | t.Second()/2),
	}
}

// header writes numbers of two and four bytes, little-endian.
type header []byte

func (h *header) short(list ...int) {
	for _, n := range list {
		*h = binary.LittleEndian.AppendUint16(*h, uint16(n))
	}
}

func (h *header) long(list ...int64) {
	for _, n := range list {
		*h = binary.LittleEndian.AppendUint32(*h, uint32(n))
	}
}

func (h *header) wide(list ...int64) {
	for _, n := range list {
		*h = binary.LittleEndian.AppendUint64(*h, uint64(n))
	}
}

// local is the header before a member's bytes.
func (p *placed) local(at stamp) []byte {
	var h header
	h.long(localSign)
	h.short(version, utf8Names, 0, int(at.time), int(at.date))
	h.long(int64(p.crc), p.size, p.size)
	h.short(len(p.path), 0)
	return append(h, p.path...)
}

// central is a member's entry in the directory at the end.
func (p *placed) central(at stamp) []byte {
	var h header
	isWide := p.offset >= most32
	needs, extra := version, 0
	if isWide {
		needs, extra = wideVersion, wideExtraSize
	}
	h.long(centralSign)
	h.short(madeBy, needs, utf8Names, 0, int(at.time), int(at.date))
	h.long(int64(p.crc), p.size, p.size)
	h.short(len(p.path), extra, 0, 0, 0)
	h.long(readable, min(p.offset, most32))
	h = append(h, p.path...)
	if isWide {
		h.short(wideExtra, wideExtraSize-4)
		h.wide(p.offset)
	}
	return h
}

// closing is what closes the archive, after a directory at an offset.
func closing(count int, size, offset int64) []byte {
	var h header
	if count >= most16 || size >= most32 || offset >= most32 {
		h.long(wideEndSign)
		h.wide(wideEndSize - 12)
		h.short(wideVersion, wideVersion)
		h.long(0, 0)
		h.wide(int64(count), int64(count), size, offset)
		h.long(locatorSign, 0)
		h.wide(offset + size)
		h.long(1)
	}
	short := min(count, most16)
	h.long(endSign)
	h.short(0, 0, short, short)
	h.long(min(size, most32), min(offset, most32))
	h.short(0)
	return h
}

// place gives members their places, in their order, and says where the directory begins.
func place(members []placed) (directory int64) {
	for i := range members {
		members[i].offset = directory
		directory = members[i].end()
	}
	return directory
}

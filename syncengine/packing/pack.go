package packing

import (
	"encoding/binary"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
)

// formatVersion is the first byte of a packed run.
const formatVersion = 1

// The flags of a run, its second byte.
const (
	flagBefore  = 1 << iota // packed with the entry before
	flagControl             // the controls are compressed
	flagText                // the texts are compressed
	flagChanges             // the number of changes is not that of entries
	flagSchema              // the schema version is not the expected one
	flagsKnown  = 1<<iota - 1
)

// The flags of an entry.
const (
	entryClock      = 1 << iota // not what the clock of a device gives
	entryEpoch                  // another than in the entry before; and so on
	entryRevision               //
	entryHeads                  //
	entrySchema                 // not that of the run
	entryRaw                    // the changeset stands among the texts
	entryChanges                // not one change
	entryFlagsKnown = 1<<iota - 1
)

// Pack packs a run of entries that stands at a place. Entries that do not follow
// one another there are ErrNoRun; anything else that a run can hold is packed.
func Pack(entries [][]byte, catalogue *schema.Catalogue, place Place) ([]byte, error) {
	run, err := readRun(entries, &place)
	if err != nil {
		return nil, err
	}
	before, err := place.before(run[0].Seq)
	if err != nil {
		return nil, err
	}
	version := min(run[0].Schema, catalogue.Version)
	p := newPacker(catalogue, version, &place)
	p.learn(before)
	for i := range run {
		p.entry(&run[i])
	}
	return p.body(&run[0], len(run), before)
}

// readRun reads entries and proves that they are a run at the place.
func readRun(entries [][]byte, place *Place) ([]chain.Entry, error) {
	if len(entries) == 0 {
		return nil, fmt.Errorf("%w: none", ErrNoRun)
	}
	if len(entries) > EntriesMax {
		return nil, fmt.Errorf("%w: %d entries", ErrLimit, len(entries))
	}
	run, previous, size := make([]chain.Entry, len(entries)), place.Previous, 0
	for i, b := range entries {
		e, err := chain.Parse(b)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w: %w", i, ErrNoRun, err)
		}
		if e.Campaign != place.Campaign || e.Device != place.Device || e.Previous != previous ||
			e.Seq != run[0].Seq+uint64(i) && i > 0 {
			return nil, fmt.Errorf("entry %d: %w: seq %d does not follow", i, ErrNoRun, e.Seq)
		}
		if size += len(b); size > UnpackedMax {
			return nil, fmt.Errorf("entry %d: %w: more than %d bytes", i, ErrLimit, UnpackedMax)
		}
		run[i], previous = e, chain.HashBytes(b)
	}
	return run, nil
}

// packer writes the streams of a run.
type packer struct {
	model
	version int
	byName  map[string]*table
	known   map[id]int // places in the list of ids
	byKey   map[shapeKey]int

	letters *letters
	out     streams
	row     row

	learning bool // nothing is going to be kept but the model
}

// streams is what was written.
type streams struct {
	flags, walls, order, shapes, extras []byte // controls, but for those of cells
	text                                []byte
	bits                                bitWriter
	changes                             int
}

func newPacker(catalogue *schema.Catalogue, version int, place *Place) *packer {
	p := &packer{
		model: newModel(catalogue, version, place), version: version,
		byName: map[string]*table{}, known: map[id]int{}, byKey: map[shapeKey]int{},
		letters: newLetters(),
	}
	for i, known := range p.ids {
		p.known[known] = i
	}
	widest := 1
	for _, t := range p.tables {
		if t != nil {
			p.byName[t.name] = t
			widest = max(widest, len(t.columns))
		}
	}
	p.row.old = make([]changeset.Value, widest)
	return p
}

// learn takes in the entries before the run, which do not travel.
func (p *packer) learn(before []chain.Entry) {
	p.learning = true
	for i := range before {
		p.entry(&before[i])
	}
	p.learning = false
	p.out = streams{}
	for _, s := range p.shapes {
		s.count, s.controls = 0, make([][]byte, len(s.cells))
	}
}

// entry writes one entry.
func (p *packer) entry(e *chain.Entry) {
	at := len(p.out.flags)
	p.out.flags = append(p.out.flags, 0)
	p.out.walls = append(p.out.walls, p.magnitude(zigzag(uint64(e.WallAt-p.wall))))
	flags := p.header(e)
	changes, fits := p.fitting(e)
	if !fits {
		flags |= entryRaw
		p.number(uint64(len(e.Changeset)))
		p.out.text = append(p.out.text, e.Changeset...)
		changes = 0
	} else if changes != 1 {
		flags |= entryChanges
		p.number(uint64(changes))
	}
	if fits {
		p.row.wall = e.WallAt
		p.changeset(e.Changeset)
	}
	p.out.changes += changes
	p.out.flags[at] = flags
}

// header writes what differs from the entry before, beside the wall time.
func (p *packer) header(e *chain.Entry) (flags byte) {
	if expected := p.expectClock(e.WallAt); e.Clock != expected {
		flags |= entryClock
		p.number(zigzag(uint64(e.Clock - expected)))
	}
	if e.Seen.Epoch != p.seen.Epoch {
		flags |= entryEpoch
		p.out.extras = append(p.out.extras, p.identify(id(e.Seen.Epoch), &p.epochs, e.WallAt))
	}
	if e.Seen.Revision != p.seen.Revision {
		flags |= entryRevision
		p.number(zigzag(e.Seen.Revision - p.seen.Revision))
	}
	if !sameHeads(e.Seen.Heads, p.seen.Heads) {
		flags |= entryHeads
		p.number(uint64(len(e.Seen.Heads)))
		for _, h := range e.Seen.Heads {
			p.out.extras = append(p.out.extras, p.identify(id(h.Device), &p.devices, e.WallAt))
			p.number(h.Seq)
		}
	}
	if e.Schema != p.version {
		flags |= entrySchema
		p.number(uint64(e.Schema))
	}
	p.clock, p.wall, p.seen = e.Clock, e.WallAt, e.Seen
	return flags
}

func sameHeads(a, b []chain.DeviceHead) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// number writes a number outside of cells.
func (p *packer) number(v uint64) { p.out.extras = append(p.out.extras, p.magnitude(v)) }

func (p *packer) magnitude(v uint64) byte { return p.out.bits.magnitude(v) }

// body puts the streams together.
func (p *packer) body(first *chain.Entry, count int, before []chain.Entry) ([]byte, error) {
	control := p.control()
	sections := [2][]byte{control, p.out.text}
	var flags byte
	var d deflater
	for i, section := range sections {
		packed, smaller, err := d.deflate(section)
		if err != nil {
			return nil, fmt.Errorf("deflate: %w", err)
		}
		if smaller {
			sections[i], flags = packed, flags|flagControl<<i
		}
	}
	if len(before) > 0 {
		flags |= flagBefore
	}
	if p.out.changes != count {
		flags |= flagChanges
	}
	if p.version != expectedSchema(before) {
		flags |= flagSchema
	}
	b := binary.AppendUvarint([]byte{formatVersion, flags}, first.Seq)
	b = binary.AppendUvarint(b, uint64(count))
	if flags&flagChanges != 0 {
		b = binary.AppendUvarint(b, uint64(p.out.changes))
	}
	if flags&flagSchema != 0 {
		b = binary.AppendUvarint(b, uint64(p.version))
	}
	b = appendSizes(b, len(control), len(sections[0]), flags&flagControl != 0)
	b = appendSizes(b, len(p.out.text), len(sections[1]), flags&flagText != 0)
	b = append(append(b, sections[0]...), sections[1]...)
	return append(b, p.out.bits.bytes()...), nil
}

func appendSizes(b []byte, size, packed int, compressed bool) []byte {
	b = binary.AppendUvarint(b, uint64(size))
	if compressed {
		b = binary.AppendUvarint(b, uint64(packed))
	}
	return b
}

// control is the controls, those of one kind of cell beside each other.
func (p *packer) control() []byte {
	var b []byte
	for _, part := range [][]byte{p.out.flags, p.out.walls, p.out.order, p.out.shapes} {
		b = append(b, part...)
	}
	for _, s := range p.shapes {
		for _, controls := range s.controls {
			b = append(b, controls...)
		}
	}
	return append(b, p.out.extras...)
}

// shape writes which shape a change has, and what that is where it is new.
func (p *packer) shape(key shapeKey) *shape {
	p.out.order = append(p.out.order, 0)
	place, known := p.byKey[key]
	if known {
		p.out.order[len(p.out.order)-1] = byte(1 + place)
		return p.shapes[place]
	}
	s := newShape(key, p.tables[key.table])
	p.byKey[key] = len(p.shapes)
	p.shapes = append(p.shapes, s)
	p.out.shapes = binary.AppendUvarint(p.out.shapes, uint64(key.table)<<shapeFlags|uint64(key.flags))
	if key.update() {
		p.out.shapes = binary.AppendUvarint(p.out.shapes, key.filled)
	}
	return s
}

package packing

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
)

// Unpack gives back the canonical entries of a run that stands at a place. It
// proves nothing: to another place than the one a run was packed for, other
// entries belong, and their signature says so.
func Unpack(body []byte, catalogue *schema.Catalogue, place Place) ([][]byte, error) {
	f, err := readFront(body)
	if err != nil {
		return nil, err
	}
	before, err := f.before(&place)
	if err != nil {
		return nil, err
	}
	version := f.version
	if version == 0 {
		version = expectedSchema(before)
	}
	if version > catalogue.Version {
		return nil, fmt.Errorf("read run: %w: schema %d", ErrVersion, version)
	}
	u := &unpacker{front: f, place: &place, version: version}
	p := newPacker(catalogue, version, &place)
	p.learn(before)
	u.model, u.row, u.letters = p.model, p.row, p.letters
	if u.control, u.text, u.bits.b, err = f.sections(); err != nil {
		return nil, fmt.Errorf("read run: %w", err)
	}
	return u.run()
}

// before reads the entries before the run, if it needs them.
func (f *front) before(place *Place) ([]chain.Entry, error) {
	if f.flags&flagBefore == 0 {
		return nil, nil
	}
	before, err := place.before(f.seq)
	if err == nil && len(before) == 0 {
		err = fmt.Errorf("%w: seq %d without the entries before", ErrPlace, f.seq)
	}
	return before, err
}

// unpacker reads the streams of a run.
type unpacker struct {
	model
	front   *front
	place   *Place
	version int
	letters *letters
	row     row

	control []byte
	order   []byte // the shapes of the changes that are to come
	extras  []byte // those that are to come
	text    []byte // those that are to come
	bits    bitReader

	keyAt int  // where the key is missing that follows from the row; 0: nowhere
	parts []id // the first ids of the row

	out []byte
	err error // the first one
}

// fail notes what is wrong. Reading goes on with zeroes until somebody looks.
func (u *unpacker) fail(format string, args ...any) {
	if u.err == nil {
		u.err = fmt.Errorf("read run: %w: %s", ErrMalformed, fmt.Sprintf(format, args...))
	}
}

func (u *unpacker) run() ([][]byte, error) {
	count := u.front.count
	u.layOut()
	if u.err != nil {
		return nil, u.err
	}
	// Most entries are not much larger; the rest grows as it comes.
	const usual = 300
	u.out = make([]byte, 0, count*usual+len(u.text))
	ends := make([]int, count)
	for i := range count {
		u.entry(i)
		if u.err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, u.err)
		}
		ends[i] = len(u.out)
	}
	if len(u.order)+len(u.extras)+len(u.text) > 0 || !u.bits.done() {
		return nil, fmt.Errorf("read run: %w: more than its entries", ErrMalformed)
	}
	entries, from := make([][]byte, count), 0
	for i, end := range ends {
		entries[i] = u.out[from:end:end]
		from = end
	}
	return entries, nil
}

// layOut finds out what is where among the controls.
func (u *unpacker) layOut() {
	at := 2 * u.front.count
	if len(u.control)-at < u.front.changes {
		u.fail("%d bytes of controls", len(u.control))
		return
	}
	u.order = bytes.Clone(u.control[at : at+u.front.changes])
	r := fields{rest: u.control[at+u.front.changes:]}
	for i, place := range u.order {
		if place == 0 {
			u.newShape(&r)
			if u.err != nil {
				return
			}
			u.order[i] = byte(len(u.shapes))
		} else if int(place) > len(u.shapes) {
			u.fail("shape %d of %d", place, len(u.shapes))
			return
		}
		u.shapes[u.order[i]-1].count++
	}
	start := len(u.control) - len(r.rest)
	for _, s := range u.shapes {
		s.start = start
		start += s.count * len(s.cells)
	}
	if start > len(u.control) {
		u.fail("%d bytes of controls, want %d", len(u.control), start)
		return
	}
	u.extras = u.control[start:]
}

func (u *unpacker) newShape(r *fields) {
	first := r.uvarint(uint64(len(u.tables))<<shapeFlags - 1)
	key := shapeKey{table: int(first >> shapeFlags), flags: byte(first & (1<<shapeFlags - 1))}
	t := u.tables[key.table]
	if key.update() {
		key.filled = r.uvarint(math.MaxUint64)
	}
	if t == nil {
		u.fail("table %d", key.table)
		return
	}
	if r.bad || key.filled>>(len(t.columns)-1) != 0 || len(u.shapes) == shapesMax {
		u.fail("shape %d", len(u.shapes))
		return
	}
	u.shapes = append(u.shapes, newShape(key, t))
}

// entry reads one entry.
func (u *unpacker) entry(i int) {
	from := len(u.out)
	flags := u.control[i]
	wall := u.wall + int64(unzigzag(u.magnitude(u.control[u.front.count+i])))
	version, changes := u.header(flags, wall)
	e := chain.Entry{
		Campaign: u.place.Campaign, Device: u.place.Device, Seq: u.front.seq + uint64(i),
		Previous: u.previous, Clock: u.clock, WallAt: wall, Schema: version, Seen: u.seen,
	}
	u.out = e.Append(u.out)
	start := len(u.out)
	if flags&entryRaw != 0 {
		u.raw()
	}
	u.changeset(changes, wall)
	size := len(u.out) - start
	if len(u.out)-from > chain.EntryMax || len(u.out) > UnpackedMax {
		u.fail("more than %d bytes", UnpackedMax)
	}
	binary.BigEndian.PutUint32(u.out[start-4:], uint32(size))
	u.previous = chain.HashBytes(u.out[from:])
}

// header reads what differs from the entry before.
func (u *unpacker) header(flags byte, wall int64) (version, changes int) {
	u.clock, u.wall = u.expectClock(wall), wall
	if flags&entryClock != 0 {
		u.clock += clock.Time(unzigzag(u.number()))
	}
	if flags&entryEpoch != 0 {
		u.seen.Epoch = schema.Epoch(u.identify(u.extra(), &u.epochs, wall))
	}
	if flags&entryRevision != 0 {
		u.seen.Revision += unzigzag(u.number())
	}
	if flags&entryHeads != 0 {
		u.heads(wall)
	}
	version, changes = u.version, 1
	if flags&entrySchema != 0 {
		version = int(min(u.number(), math.MaxInt32+1))
	}
	if flags&entryChanges != 0 {
		changes = int(min(u.number(), UnpackedMax))
	}
	if flags&entryRaw != 0 {
		changes = 0
	}
	switch {
	case flags > entryFlagsKnown, flags&entryRaw != 0 && flags&entryChanges != 0:
		u.fail("flags %d", flags)
	case flags&entrySchema != 0 && flags&entryRaw == 0:
		u.fail("changes of schema %d", version)
	case version < 1 || version > math.MaxInt32 || u.clock > math.MaxInt64 ||
		u.seen.Revision > math.MaxInt64:
		u.fail("schema %d, clock %d, revision %d", version, u.clock, u.seen.Revision)
	}
	return version, changes
}

func (u *unpacker) heads(wall int64) {
	count := u.number()
	if count > chain.HeadsMax {
		u.fail("%d heads", count)
		return
	}
	heads := make([]chain.DeviceHead, count)
	for i := range heads {
		heads[i].Device = schema.DeviceID(u.identify(u.extra(), &u.devices, wall))
		heads[i].Seq = u.number()
		if i > 0 && string(heads[i-1].Device[:]) >= string(heads[i].Device[:]) {
			u.fail("heads out of order")
			return
		}
	}
	u.seen.Heads = heads
}

// raw reads a changeset that stands among the texts.
func (u *unpacker) raw() {
	size := u.number()
	if size > uint64(len(u.text)) {
		u.fail("changeset of %d bytes", size)
		return
	}
	u.out, u.text = append(u.out, u.text[:size]...), u.text[size:]
}

// changeset reads changes.
func (u *unpacker) changeset(changes int, wall int64) {
	if changes > len(u.order) {
		u.fail("%d changes of %d", changes, len(u.order))
		return
	}
	u.row.wall = wall
	for _, place := range u.order[:changes] {
		u.change(u.shapes[place-1])
		if len(u.out) > UnpackedMax {
			u.fail("more than %d bytes", UnpackedMax)
		}
		if u.err != nil {
			return
		}
	}
	u.order = u.order[changes:]
}

// change reads one change.
func (u *unpacker) change(s *shape) {
	if s.flags&shapeHeader != 0 {
		u.out = append(u.out, s.table.header...)
	}
	op := changeset.Insert
	if s.update() {
		op = changeset.Update
	}
	u.row.born = u.row.wall
	u.keyAt, u.parts = 0, u.parts[:0]
	u.out = append(u.out, byte(op), s.flags&shapeIndirect>>1)
	cells := u.record(s, 0, s.update())
	if s.update() {
		u.out = append(u.out, byte(changeset.Absent))
		u.record(s, cells, false)
		u.row.forget(s)
	} else if u.keyAt > 0 {
		u.fillKey(s.table)
	}
	s.used++
}

// record reads one record, whose cells begin at the given one, and returns where
// the next record's do. The key of the new record of an UPDATE is written.
func (u *unpacker) record(s *shape, from int, old bool) int {
	next := s.start + s.used + from*s.count
	for i := range s.table.columns {
		if i == 0 && from > 0 {
			continue
		}
		if i > 0 && s.update() && s.filled>>(i-1)&1 == 0 {
			u.out = append(u.out, byte(changeset.Absent))
			continue
		}
		v := u.cell(u.control[next], s.cells[from], s)
		if old {
			u.row.old[i] = v
		}
		next += s.count
		from++
	}
	return from
}

// extra takes the next of the controls outside of cells.
func (u *unpacker) extra() byte {
	if len(u.extras) == 0 {
		u.fail("numbers end early")
		return 0
	}
	b := u.extras[0]
	u.extras = u.extras[1:]
	return b
}

func (u *unpacker) number() uint64 { return u.magnitude(u.extra()) }

func (u *unpacker) magnitude(class byte) uint64 {
	if class > 64 {
		u.fail("number of %d bits", class)
		return 0
	}
	return u.bits.magnitude(class)
}

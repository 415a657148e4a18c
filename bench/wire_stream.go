package main

import (
	"encoding/binary"
	"math"
	"math/rand/v2"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
)

// inspecting is a made-up device of a team at work. Of ten entries, of one
// change each, seven set a status and its time, two write a note, one inserts a
// finding. Nine of ten updates go to rows that headquarters or another device
// made up to six days before; the old values are what those had.
type inspecting struct {
	writer
	catalogue *schema.Catalogue
	pulls     float64 // how probable a pull before an entry is

	head  chain.Entry
	hash  chain.Hash
	now   int64
	since int // entries at this visit

	visit, inspector    schema.RowID
	latitude, longitude int64
	touched             []*inspected
	problems            []schema.RowID
}

// inspected is a row as the device has it.
type inspected struct {
	table string
	id    schema.RowID
	cells edit.Cells
}

const (
	minute = 60_000
	day    = 24 * 60 * minute
	start  = 1_790_000_000_000
)

func newInspecting(seed uint64, pulls float64) *inspecting {
	s := &inspecting{
		writer:    writer{rand.New(rand.NewPCG(seed, seed))},
		catalogue: schema.NewCatalogue(), pulls: pulls, now: start + 9*60*minute,
	}
	s.inspector = s.id(s.ago(30 * day))
	s.head = chain.Entry{
		Campaign: schema.CampaignID(s.id(s.ago(40 * day))),
		Device:   schema.DeviceID(s.id(s.ago(20 * day))),
		Schema:   schema.Version,
		Seen:     chain.Seen{Epoch: schema.Epoch(s.id(s.ago(60 * day))), Revision: 48_211},
	}
	s.arrive()
	return s
}

// id is an id of version 7 minted at the given time.
func (s *inspecting) id(at int64) (id schema.RowID) {
	binary.BigEndian.PutUint64(id[:], uint64(at)<<16|7<<12|s.Uint64()&0xfff)
	binary.BigEndian.PutUint64(id[8:], 2<<62|s.Uint64()>>2)
	return id
}

// ago is a time up to span before now.
func (s *inspecting) ago(span int64) int64 { return s.now - s.Int64N(span) }

// arrive goes to another unit with problems of its own.
func (s *inspecting) arrive() {
	s.visit, s.since = s.id(s.ago(12*day)), 0
	s.latitude = 298_000_000 + s.Int64N(9_000_000)
	s.longitude = 1_061_000_000 + s.Int64N(9_000_000)
	s.problems = s.problems[:0]
	for range 6 + s.IntN(12) {
		s.problems = append(s.problems, s.id(s.ago(25*day)))
	}
}

// pass lets time go by: minutes between entries, at times a night.
func (s *inspecting) pass() {
	s.now += 3_000 + int64(90_000*math.Exp(s.NormFloat64()*1.1))
	const opens, closes = 8 * 60 * minute, 19 * 60 * minute
	if s.now%day > closes {
		s.now += day - s.now%day + opens + s.Int64N(90*minute)
	}
	if s.since++; s.since > 15+s.IntN(40) {
		s.arrive()
	}
	if s.Float64() < s.pulls {
		s.head.Seen.Revision += 1 + uint64(s.ExpFloat64()*60)
	}
}

// next seals the next entry.
func (s *inspecting) next() []byte {
	s.pass()
	e := edit.New(s.catalogue)
	switch n := s.IntN(10); {
	case n < 7:
		s.setStatus(e)
	case n < 9:
		s.writeNote(e)
	default:
		s.insert(e)
	}
	bytes, err := e.Bytes()
	if err != nil {
		panic(err)
	}
	s.head.Changeset, s.head.WallAt, s.head.Previous = bytes, s.now, s.hash
	s.head.Clock = clock.Next(s.head.Clock, s.now)
	s.head.Seq++
	entry := s.head.Append(nil)
	s.hash = chain.HashBytes(entry)
	return entry
}

// setStatus arrives or leaves, or decides again what a verification came to.
func (s *inspecting) setStatus(e *edit.Builder) {
	if s.IntN(10) < 3 {
		r := s.row("visit", edit.Cells{"status": edit.Text("planned")})
		if r.cells["status"].Equal(edit.Text("planned")) {
			s.update(e, r, edit.Cells{"status": edit.Text("arrived"), "arrived_at": edit.Int(s.now)})
		} else {
			s.update(e, r, edit.Cells{"status": s.other(r, "status"), "left_at": edit.Int(s.now)})
		}
		return
	}
	r := s.row("verification", edit.Cells{"outcome": s.choice("verification", "outcome")})
	s.update(e, r, edit.Cells{"outcome": s.other(r, "outcome"), "verified_at": edit.Int(s.now)})
}

// writeNote writes a first note, or another.
func (s *inspecting) writeNote(e *edit.Builder) {
	table, column := "verification", "note"
	switch s.IntN(4) {
	case 0:
		table = "visit"
	case 1:
		table, column = "finding", "detail"
	}
	cells := edit.Cells{}
	if s.IntN(2) == 0 {
		cells[column] = edit.Text(s.note())
	}
	r := s.row(table, cells)
	text := s.note()
	if old := r.cells[column]; old.Kind == changeset.Text {
		text = s.revise(string(old.Bytes))
	}
	s.update(e, r, edit.Cells{column: edit.Text(text)})
}

// insert records a finding where the device stands.
func (s *inspecting) insert(e *edit.Builder) {
	const drift = 4000 // ten-millionths of a degree: some forty metres
	cells := edit.Cells{
		"visit_id": edit.ID(s.visit), "kind": s.choice("finding", "kind"), "title": edit.Text(s.title()),
		"severity": s.choice("finding", "severity"), "status": s.choice("finding", "status"),
		"inspector_id": edit.ID(s.inspector), "recorded_at": edit.Int(s.now),
		"latitude_e7":  edit.Int(s.latitude + int64(s.NormFloat64()*drift)),
		"longitude_e7": edit.Int(s.longitude + int64(s.NormFloat64()*drift)),
		"accuracy_m":   edit.Int(4 + int64(s.ExpFloat64()*15)),
	}
	if s.IntN(3) > 0 {
		cells["problem_id"] = edit.ID(s.problems[s.IntN(len(s.problems))])
	}
	if s.IntN(5) > 0 {
		cells["detail"] = edit.Text(s.note())
	}
	r := &inspected{"finding", s.id(s.now), cells}
	e.Insert(r.table, r.id, cells)
	s.touched = append(s.touched, r)
}

// row is a row of the table to update: one in ten was updated before.
func (s *inspecting) row(table string, cells edit.Cells) *inspected {
	if s.IntN(10) == 0 {
		for range 20 {
			if n := len(s.touched); n > 0 {
				if r := s.touched[n-1-s.IntN(min(n, 60))]; r.table == table {
					return r
				}
			}
		}
	}
	made := s.ago(6 * day)
	r := &inspected{table, s.id(made), cells}
	if table == "verification" {
		cells["verified_at"] = edit.Int(made + s.Int64N(s.now-made+1))
	}
	s.touched = append(s.touched, r)
	return r
}

func (s *inspecting) update(e *edit.Builder, r *inspected, after edit.Cells) {
	e.Update(r.table, r.id, r.cells, after)
	for name, v := range after {
		r.cells[name] = v
	}
}

func (s *inspecting) choice(table, column string) changeset.Value {
	t := s.catalogue.MustTable(table)
	list := t.Columns[t.ColumnIndex(column)].Choices
	return edit.Text(list[s.IntN(len(list))].Code)
}

// other is another choice than the row has.
func (s *inspecting) other(r *inspected, column string) changeset.Value {
	for {
		if v := s.choice(r.table, column); !v.Equal(r.cells[column]) {
			return v
		}
	}
}

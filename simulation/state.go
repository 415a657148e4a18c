package simulation

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/naive"
)

// state is headquarters' file, read.
type state struct {
	catalogue *schema.Catalogue
	rows      map[naive.Ref]*kept
	records   []record
	byHash    map[hash]*record
	contests  []contest
	aside     map[hash]bool
	devices   map[uint32]schema.DeviceID
	restored  int         // how often it began a new epoch
	awaited   []naive.Ref // rows that held entries wait for
}

// kept is a row at headquarters.
type kept struct {
	cells []changeset.Value
	scope int64 // 0 headquarters, 1 all, else a team's
	team  schema.TeamID
}

// record is an entry of the history.
type record struct {
	store.Record
	device schema.DeviceID
	entry  chain.Entry
}

func (r *record) name() naive.Name { return naive.Name{Device: r.device, Seq: r.Seq} }

// contest is a conflict at headquarters, and who competes in it.
type contest struct {
	naive.Contest
	live bool
	gone []naive.Name
}

func (h *headquarters) read() (*state, error) {
	s := &state{
		catalogue: h.catalogue(), rows: map[naive.Ref]*kept{}, byHash: map[hash]*record{},
		aside: map[hash]bool{}, devices: map[uint32]schema.DeviceID{},
	}
	teams := map[int64]schema.TeamID{}
	err := errors.Join(
		h.probe.each("SELECT no, team_id FROM scope WHERE campaign_no = 1", func(row []changeset.Value) {
			teams[row[0].Int64()] = schema.TeamID(row[1].Bytes)
		}),
		h.probe.each("SELECT no, device_id FROM author WHERE campaign_no = 1", func(row []changeset.Value) {
			s.devices[uint32(row[0].Bits)] = schema.DeviceID(row[1].Bytes)
		}),
		h.probe.each("SELECT hash FROM aside", func(row []changeset.Value) {
			s.aside[hash(row[0].Bytes)] = true
		}),
		h.probe.each("SELECT count(*) - 1 FROM epoch", func(row []changeset.Value) {
			s.restored = int(row[0].Int64())
		}),
	)
	err = errors.Join(err, h.probe.each("SELECT table_name, row_id FROM held", func(row []changeset.Value) {
		t := s.catalogue.MustTable(string(row[0].Bytes))
		s.awaited = append(s.awaited, naive.Ref{Table: t, ID: schema.RowID(row[1].Bytes)})
	}))
	for _, t := range s.catalogue.Tables {
		err = errors.Join(err, h.probe.each(rowsQuery(t), func(row []changeset.Value) {
			n := len(row) - 1
			k := &kept{cells: row[1:n], scope: row[n].Int64()}
			k.team = teams[k.scope]
			s.rows[naive.Ref{Table: t, ID: schema.RowID(row[0].Bytes)}] = k
		}))
	}
	return s, errors.Join(err, s.readHistory(h), s.readContests(h))
}

func rowsQuery(t *schema.Table) string {
	q := "SELECT id"
	for i := range t.Columns {
		q += ", " + t.Columns[i].Name
	}
	return q + ", _scope FROM " + t.Name + " WHERE campaign_no = 1"
}

func (s *state) readHistory(h *headquarters) error {
	var faults []error
	err := h.probe.each(`SELECT position, author, seq, hash, clock, received_at, outcome, reason, entry
		FROM history WHERE campaign_no = 1 ORDER BY position`, func(row []changeset.Value) {
		r := record{Record: store.Record{
			Position: row[0].Bits, Author: uint32(row[1].Bits), Seq: row[2].Bits, Clock: clock.Time(row[4].Bits),
			ReceivedAt: row[5].Int64(), Outcome: schema.Outcome(row[6].Bytes), Reason: string(row[7].Bytes),
			Entry: row[8].Bytes,
		}}
		copy(r.Hash[:], row[3].Bytes)
		r.device = s.devices[r.Author]
		var err error
		if r.entry, err = chain.Parse(r.Entry); err != nil {
			faults = append(faults, err)
		}
		s.records = append(s.records, r)
	})
	for i := range s.records {
		s.byHash[s.records[i].Hash] = &s.records[i]
	}
	return errors.Join(append(faults, err)...)
}

const conflictQuery = "SELECT table_name, row_id, column_name, state, writes FROM conflict"

func (s *state) readContests(h *headquarters) error {
	var faults []error
	err := h.probe.each(conflictQuery, func(row []changeset.Value) {
		t := s.catalogue.MustTable(string(row[0].Bytes))
		c := contest{live: merge.ContestState(row[3].Bytes).Live()}
		c.Ref = naive.Ref{Table: t, ID: schema.RowID(row[1].Bytes)}
		c.Column = t.ColumnIndex(string(row[2].Bytes))
		c.Open = merge.ContestState(row[3].Bytes) == merge.Open
		competing, gone, err := store.ReadWrites(row[4].Bytes)
		faults = append(faults, err)
		c.Writes, c.gone = s.names(competing), s.names(gone)
		s.contests = append(s.contests, c)
	})
	return errors.Join(append(faults, err)...)
}

func (s *state) names(writes []merge.Write) (names []naive.Name) {
	for i := range writes {
		names = append(names, naive.Name{Device: s.devices[writes[i].Author], Seq: writes[i].Seq})
	}
	slices.SortFunc(names, naive.Name.Compare)
	return names
}

// changesOf reads an entry's changes; none of one that is malformed or of tables
// that are not known.
func changesOf(catalogue *schema.Catalogue, e *chain.Entry) (list []naive.Change) {
	r := changeset.NewReader(e.Changeset, changeset.Limits{})
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			return nil
		}
		t, ok := catalogue.Table(c.Table.Name, catalogue.Version)
		if !ok {
			return nil
		}
		key, cells := c.New, c.New
		if c.Op != changeset.Insert {
			key = c.Old
		}
		if len(key[0].Bytes) != 16 || len(key) > 1+len(t.Columns) {
			return nil
		}
		n := naive.Change{
			Ref: naive.Ref{Table: t, ID: schema.RowID(key[0].Bytes)}, Op: c.Op,
			Cells: make([]changeset.Value, len(t.Columns)),
		}
		for i := 1; i < len(cells); i++ {
			n.Cells[i-1] = cells[i].Clone()
		}
		list = append(list, n)
	}
}

func itoa(n uint64) string { return strconv.FormatUint(n, 10) }

// traceHistory tells of every entry of the history.
func (w *world) traceHistory(trace func(string)) {
	s, err := w.hq.read()
	if err != nil {
		return
	}
	for i := range s.records {
		r := &s.records[i]
		if i < 4+len(w.catalogues) && r.device == w.Cities.hq {
			continue
		}
		line := fmt.Sprintf("  %d: %s %d %s %s, clock %x, seen %d:", r.Position, w.called(r.device),
			r.Seq, r.Outcome, r.Reason, uint64(r.Clock), r.entry.Seen.Revision)
		for _, c := range changesOf(s.catalogue, &r.entry) {
			line += fmt.Sprintf(" %s %s %x", c.Op, c.Table.Name, c.ID[12:])
			for k, v := range c.Cells {
				if v.Kind != changeset.Absent && v.Kind != changeset.Null {
					line += " " + c.Table.Columns[k].Name + "=" + fmt.Sprintf("%.12s", show(v))
				}
			}
		}
		trace(line)
	}
}

package store

import (
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"
)

var (
	recordFields = []Field{
		{"author", schema.Integer},
		{"seq", schema.Integer},
		{"hash", schema.Bytes},
		{"clock", schema.Integer},
		{"received_at", schema.Integer},
		{"outcome", schema.Text},
		{"reason", schema.Text},
		{"detail", schema.Text},
		{"revision", schema.Integer},
		{"entry", schema.Bytes},
	}
	positionKey  = []Field{{"position", schema.Integer}}
	findRecord   = &Statement{Verb: Select, Table: "history", Keys: positionKey, Fields: recordFields}
	insertRecord = &Statement{Verb: Insert, Table: "history", Keys: positionKey, Fields: recordFields}
	updateRecord = &Statement{
		Verb: Update, Table: "history", Keys: positionKey,
		Fields: []Field{
			{"outcome", schema.Text},
			{"reason", schema.Text},
			{"detail", schema.Text},
			{"revision", schema.Integer},
		},
	}
	findEntry = &Statement{
		Verb: Select, Table: "history",
		Keys: []Field{{"author", schema.Integer}, {"seq", schema.Integer}},
		Fields: []Field{
			{"position", schema.Integer},
			{"hash", schema.Bytes},
			{"outcome", schema.Text},
			{"reason", schema.Text},
			{"detail", schema.Text},
			{"revision", schema.Integer},
		},
	}
	addSeal = &Statement{
		Verb: Add, Table: "seal", Keys: []Field{{"author", schema.Integer}, {"seq", schema.Integer}},
		Fields: []Field{{"signature", schema.Bytes}},
	}
	addAside = &Statement{
		Verb: Add, Table: "aside", Keys: []Field{{"device_id", schema.ID}, {"hash", schema.Bytes}},
		Fields: []Field{
			{"seq", schema.Integer},
			{"reason", schema.Text},
			{"detail", schema.Text},
			{"body", schema.Bytes},
			{"received_at", schema.Integer},
		},
	}
	heldKeys   = []Field{{"table_name", schema.Text}, {"row_id", schema.ID}}
	insertHeld = &Statement{Verb: Insert, Table: "held", Keys: heldKeys, Fields: positionKey}
	findHeld   = &Statement{Verb: Select, Table: "held", Keys: heldKeys, Fields: positionKey}
	deleteHeld = &Statement{Verb: Delete, Table: "held", Keys: heldKeys}
)

// Append adds a record to the history, at its position.
func (t *Tx) Append(r *Record) error {
	t.records = append(t.records, r)
	t.log.add(r.Position, leafOf(r, t.state.Epoch))
	return nil
}

// Reconsider replaces a record's outcome, reason, detail and revision.
func (t *Tx) Reconsider(r *Record) error {
	if kept := t.pending(r.Position); kept != nil {
		kept.Outcome, kept.Reason, kept.Detail, kept.Revision = r.Outcome, r.Reason, r.Detail, r.Revision
		return nil
	}
	rows := NewRows(1 + len(updateRecord.Fields))
	rows.Add(number(r.Position), changeset.TextValue(string(r.Outcome)), textOrNull(r.Reason),
		textOrNull(r.Detail), number(r.Revision))
	_, err := t.run(updateRecord, rows)
	return err
}

// pending is the record at a position if it was not written yet. Records are
// appended in the order of their positions, without gaps.
func (t *Tx) pending(position uint64) *Record {
	if len(t.records) == 0 || position < t.records[0].Position {
		return nil
	}
	if at := position - t.records[0].Position; at < uint64(len(t.records)) {
		return t.records[at]
	}
	return nil
}

// At reads the record at a position.
func (t *Tx) At(position uint64) (Record, error) {
	if r := t.pending(position); r != nil {
		return *r, nil
	}
	found, err := t.find(findRecord, number(position))
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("history at %d: %w", position, ErrNotFound)
	}
	if err != nil {
		return Record{}, err
	}
	f := found[0]
	r := Record{
		Position: position, Author: uint32(f[0].Bits), Seq: f[1].Bits, Clock: clock.Time(f[3].Bits),
		ReceivedAt: f[4].Int64(), Outcome: schema.Outcome(f[5].Bytes), Reason: string(f[6].Bytes),
		Detail: string(f[7].Bytes), Revision: f[8].Bits, Entry: f[9].Bytes,
	}
	copy(r.Hash[:], f[2].Bytes)
	return r, nil
}

// EntryOf finds what became of an author's entry by its place in the chain. The
// record has neither times nor bytes.
func (t *Tx) EntryOf(author uint32, seq uint64) (Record, error) {
	for _, r := range t.records {
		if r.Author == author && r.Seq == seq {
			return *r, nil
		}
	}
	found, err := t.find(findEntry, number(author), number(seq))
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("entry %d of author %d: %w", seq, author, ErrNotFound)
	}
	if err != nil {
		return Record{}, err
	}
	f := found[0]
	r := Record{
		Author: author, Seq: seq, Position: f[0].Bits, Outcome: schema.Outcome(f[2].Bytes),
		Reason: string(f[3].Bytes), Detail: string(f[4].Bytes), Revision: f[5].Bits,
	}
	copy(r.Hash[:], f[1].Bytes)
	return r, nil
}

// Place is where an entry was merged.
type Place struct {
	Revision uint64 // the campaign's after it
	Position uint64
}

// QuarantinedFor lists the entries that are quarantined for a reason.
func (t *Tx) QuarantinedFor(reason string) ([]Place, error) {
	return t.places(`outcome <> 'merged' AND outcome = 'quarantined' AND reason = $2 ORDER BY position`,
		changeset.TextValue(reason))
}

func (t *Tx) places(where string, arg changeset.Value) ([]Place, error) {
	if err := t.flushHistory(); err != nil { // the query does not see what is in memory
		return nil, err
	}
	found, err := t.session.Ask(`SELECT revision, position FROM history
		WHERE campaign_no = $1 AND `+where, number(t.campaign), arg)
	if err != nil {
		return nil, fmt.Errorf("search history: %w", err)
	}
	list := make([]Place, len(found))
	for i, f := range found {
		list[i] = Place{Revision: f[0].Bits, Position: f[1].Bits}
	}
	return list, nil
}

// BackedUp is up to which seq an author's entries are in a confirmed backup.
func (t *Tx) BackedUp(author uint32) (uint64, error) {
	if t.state.BackedUp == 0 {
		return 0, nil
	}
	found, err := t.session.Ask(`SELECT seq FROM history
		WHERE campaign_no = $1 AND author = $2 AND position <= $3 ORDER BY seq DESC LIMIT 1`,
		number(t.campaign), number(author), number(t.state.BackedUp))
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return found[0][0].Bits, nil
}

// Seal keeps a device's signature over a head of its chain.
func (t *Tx) Seal(author uint32, seq uint64, signature []byte) error {
	t.seals.Add(number(author), number(seq), blob(signature))
	return nil
}

func (t *Tx) flushHistory() error {
	rows := t.statements.rows(1 + len(recordFields))
	for _, r := range t.records {
		rows.Add(number(r.Position), number(r.Author), number(r.Seq), blob(r.Hash[:]),
			number(r.Clock), number(r.ReceivedAt), changeset.TextValue(string(r.Outcome)),
			textOrNull(r.Reason), textOrNull(r.Detail), number(r.Revision), blob(r.Entry))
	}
	t.records = t.records[:0]
	for _, write := range []struct {
		statement *Statement
		rows      *Rows
	}{{insertRecord, rows}, {addSeal, t.seals}, {addAside, t.asides}, {insertHeld, t.holds}} {
		if _, err := t.run(write.statement, write.rows); err != nil {
			return err
		}
	}
	t.seals, t.asides, t.holds = NewRows(3), NewRows(7), NewRows(3)
	return nil
}

// Hold notes that the entry at a position waits for a row.
func (t *Tx) Hold(ref merge.RowRef, position uint64) error {
	t.waiting = nil
	t.holds.Add(changeset.TextValue(ref.Table.Name), blob(ref.ID[:]), number(position))
	return nil
}

// Release lets go of the entries that wait for a row and lists them.
func (t *Tx) Release(ref merge.RowRef) ([]uint64, error) {
	if any, err := t.anyHeld(); err != nil || !any {
		return nil, err
	}
	if t.holds.Count > 0 {
		if err := t.flushHistory(); err != nil {
			return nil, err
		}
	}
	key := []changeset.Value{changeset.TextValue(ref.Table.Name), blob(ref.ID[:])}
	found, err := t.find(findHeld, key...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	positions := make([]uint64, len(found))
	for i := range found {
		positions[i] = found[i][0].Bits
	}
	slices.Sort(positions) // whatever order the engine reads in
	rows := NewRows(2)
	rows.Add(key...)
	_, err = t.run(deleteHeld, rows)
	return positions, err
}

// anyHeld asks once in a transaction: most of the time nothing is held.
func (t *Tx) anyHeld() (bool, error) {
	if t.holds.Count > 0 {
		return true, nil
	}
	if t.waiting != nil {
		return *t.waiting, nil
	}
	found, err := t.session.Ask(`SELECT 1 FROM held WHERE campaign_no = $1 LIMIT 1`, number(t.campaign))
	any := len(found) > 0
	t.waiting = &any
	return any, err
}

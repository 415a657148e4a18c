package sqlite

import (
	"database/sql/driver"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"
)

const recordColumns = `position, author, seq, hash, clock, received_at, outcome, reason, detail,
	revision, entry`

func (t *tx) Append(r *store.Record) error {
	return t.exec(`INSERT INTO history (campaign_no, `+recordColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.campaign, int64(r.Position), int64(r.Author), int64(r.Seq), r.Hash[:], int64(r.Clock),
		r.ReceivedAt, string(r.Outcome), orNull(r.Reason), orNull(r.Detail), int64(r.Revision), r.Entry)
}

func (t *tx) Reconsider(r *store.Record) error {
	return t.exec(`UPDATE history SET outcome = ?, reason = ?, detail = ?, revision = ?
		WHERE campaign_no = ? AND position = ?`,
		string(r.Outcome), orNull(r.Reason), orNull(r.Detail), int64(r.Revision),
		t.campaign, int64(r.Position))
}

func (t *tx) At(position uint64) (store.Record, error) {
	return t.record(`SELECT `+recordColumns+` FROM history
		WHERE campaign_no = ? AND position = ?`, t.campaign, int64(position))
}

func (t *tx) EntryOf(author uint32, seq uint64) (store.Record, error) {
	return t.record(`SELECT `+recordColumns+` FROM history
		WHERE campaign_no = ? AND author = ? AND seq = ?`, t.campaign, int64(author), int64(seq))
}

func (t *tx) record(query string, args ...driver.Value) (store.Record, error) {
	var v [11]driver.Value
	found, err := t.row(query, v[:], args...)
	if err != nil || !found {
		if err == nil {
			err = fmt.Errorf("history %v: %w", args[1:], store.ErrNotFound)
		}
		return store.Record{}, err
	}
	r := store.Record{
		Position: uint64(integer(v[0])), Author: uint32(integer(v[1])), Seq: uint64(integer(v[2])),
		Clock: clock.Time(integer(v[4])), ReceivedAt: integer(v[5]),
		Outcome: schema.Outcome(text(v[6])), Reason: text(v[7]), Detail: text(v[8]),
		Revision: uint64(integer(v[9])), Entry: blob(v[10]),
	}
	copy(r.Hash[:], blob(v[3]))
	return r, nil
}

func (t *tx) Seal(author uint32, seq uint64, signature []byte) error {
	return t.exec(`INSERT INTO seal (campaign_no, author, seq, signature) VALUES (?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, t.campaign, int64(author), int64(seq), signature)
}

// asideBytesMax is how much is kept aside of one device, so that a hostile one
// cannot fill the disk. What is over it is refused all the same, and still on the
// device.
const asideBytesMax = 256 << 20

func (t *tx) KeepAside(a *store.Aside) error {
	var kept [1]driver.Value
	if _, err := t.row(`SELECT ifnull(sum(length(body)), 0) FROM aside
		WHERE campaign_no = ? AND device_id = ?`, kept[:], t.campaign, a.Device[:]); err != nil {
		return err
	}
	if integer(kept[0])+int64(len(a.Body)) > asideBytesMax {
		return nil
	}
	return t.exec(`INSERT INTO aside
		(campaign_no, device_id, seq, reason, detail, hash, body, received_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		t.campaign, a.Device[:], int64(a.Seq), a.Reason, a.Detail, a.Hash[:], a.Body, a.ReceivedAt)
}

func (t *tx) Hold(row merge.RowRef, position uint64) error {
	t.waiting = nil
	return t.exec(`INSERT INTO held (campaign_no, table_name, row_id, position) VALUES (?, ?, ?, ?)`,
		t.campaign, row.Table.Name, row.ID[:], int64(position))
}

func (t *tx) Release(row merge.RowRef) ([]uint64, error) {
	if any, err := t.anyHeld(); err != nil || !any {
		return nil, err
	}
	var positions []uint64
	var r [1]driver.Value
	err := t.each(`SELECT position FROM held WHERE campaign_no = ? AND table_name = ? AND row_id = ?
		ORDER BY position`, r[:], func() error {
		positions = append(positions, uint64(integer(r[0])))
		return nil
	}, t.campaign, row.Table.Name, row.ID[:])
	if err != nil || len(positions) == 0 {
		return nil, err
	}
	return positions, t.exec(`DELETE FROM held WHERE campaign_no = ? AND table_name = ? AND row_id = ?`,
		t.campaign, row.Table.Name, row.ID[:])
}

// anyHeld asks once in a transaction: most of the time nothing is held.
func (t *tx) anyHeld() (bool, error) {
	if t.waiting != nil {
		return *t.waiting, nil
	}
	var r [1]driver.Value
	any, err := t.row(`SELECT 1 FROM held WHERE campaign_no = ? LIMIT 1`, r[:], t.campaign)
	t.waiting = &any
	return any, err
}

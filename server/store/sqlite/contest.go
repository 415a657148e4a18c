package sqlite

import (
	"database/sql/driver"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"
)

// Contest reads a cell's contest with what competes in it.
func (t *tx) Contest(table *schema.Table, id schema.RowID, column int) (merge.Contest, error) {
	c := merge.Contest{Table: table, Row: id, Column: column}
	var r [3]driver.Value
	found, err := t.row(`SELECT id, base, state FROM conflict WHERE campaign_no = ?
		AND table_name = ? AND row_id = ? AND column_name = ? AND state IN ('open', 'agreed')`,
		r[:], t.campaign, table.Name, id[:], table.Columns[column].Name)
	if err == nil && !found {
		err = fmt.Errorf("contest of %s %s vanished", table.Name, id)
	}
	if err != nil {
		return c, err
	}
	c.ID, c.State = [16]byte(blob(r[0])), merge.ContestState(text(r[2]))
	if c.Base, err = unpackValue(r[1]); err != nil {
		return c, err
	}
	c.Writes, err = t.competing(c.ID)
	return c, err
}

func (t *tx) competing(contest [16]byte) ([]merge.Write, error) {
	var writes []merge.Write
	var r [5]driver.Value
	err := t.each(`SELECT author, revision, clock, value, base FROM conflict_write
		WHERE campaign_no = ? AND conflict_id = ? AND competing = 1 ORDER BY author, revision`,
		r[:], func() error {
			w := merge.Write{
				Author: uint32(integer(r[0])), Revision: uint64(integer(r[1])),
				Clock: clock.Time(integer(r[2])),
			}
			var err error
			if w.Value, err = unpackValue(r[3]); err != nil {
				return err
			}
			w.Base, err = unpackValue(r[4])
			writes = append(writes, w)
			return err
		}, t.campaign, contest[:])
	for i := range writes {
		if err == nil {
			writes[i].Device, writes[i].HQ, err = t.Device(writes[i].Author)
		}
		if err == nil {
			writes[i].Seq, err = t.seqOf(&writes[i])
		}
	}
	return writes, err
}

// seqOf finds the place of a write's entry in its chain by its clock, which no
// other entry of the device has.
func (t *tx) seqOf(w *merge.Write) (uint64, error) {
	var r [1]driver.Value
	found, err := t.row("SELECT seq FROM history WHERE campaign_no = ? AND author = ? AND clock = ?",
		r[:], t.campaign, int64(w.Author), int64(w.Clock))
	if err == nil && !found {
		err = fmt.Errorf("entry of author %d at clock %d vanished", w.Author, w.Clock)
	}
	if err != nil {
		return 0, err
	}
	return uint64(integer(r[0])), nil
}

// Knew would need what entries named as seen before it arrived, which is not kept.
func (t *tx) Knew(merge.Stamp) (bool, error) { return false, nil }

func (t *tx) saveContest(c *merge.Contest, now int64) error {
	var closed driver.Value
	if c.State == merge.Resolved || c.State == merge.Superseded {
		closed = now
	}
	if c.Was != ([16]byte{}) {
		if err := t.renameContest(c); err != nil {
			return err
		}
	}
	if err := t.exec(`INSERT INTO conflict
		(campaign_no, id, table_name, row_id, column_name, base, state, opened_at, closed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (campaign_no, id) DO UPDATE SET state = excluded.state, closed_at = excluded.closed_at`,
		t.campaign, c.ID[:], c.Table.Name, c.Row[:], c.Table.Columns[c.Column].Name,
		packValue(c.Base), string(c.State), now, closed); err != nil {
		return err
	}
	for i := range c.Gone {
		if err := t.saveWrite(c.ID, &c.Gone[i], 0); err != nil {
			return err
		}
	}
	for i := range c.Writes {
		if err := t.saveWrite(c.ID, &c.Writes[i], 1); err != nil {
			return err
		}
	}
	return nil
}

// renameContest lets a contest go on under another id. The old one stays as one
// that was renamed, so that who looked at it is told that it changed.
func (t *tx) renameContest(c *merge.Contest) error {
	if err := t.exec(`INSERT INTO conflict
		(campaign_no, id, table_name, row_id, column_name, base, state, opened_at, closed_at)
		SELECT campaign_no, ?, table_name, row_id, column_name, base, state, opened_at, closed_at
		FROM conflict WHERE campaign_no = ? AND id = ?
		ON CONFLICT (campaign_no, id) DO UPDATE SET opened_at = excluded.opened_at`,
		c.ID[:], t.campaign, c.Was[:]); err != nil {
		return err
	}
	if err := t.exec("UPDATE conflict SET state = 'renamed' WHERE campaign_no = ? AND id = ?",
		t.campaign, c.Was[:]); err != nil {
		return err
	}
	return t.exec("UPDATE conflict_write SET conflict_id = ? WHERE campaign_no = ? AND conflict_id = ?",
		c.ID[:], t.campaign, c.Was[:])
}

func (t *tx) saveWrite(contest [16]byte, w *merge.Write, competing int64) error {
	return t.exec(`INSERT INTO conflict_write
		(campaign_no, conflict_id, author, revision, clock, value, base, competing)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (campaign_no, conflict_id, author, revision)
		DO UPDATE SET competing = excluded.competing`,
		t.campaign, contest[:], int64(w.Author), int64(w.Revision), int64(w.Clock),
		changeset.AppendValue(nil, w.Value), packValue(w.Base), competing)
}

// packValue is a value's wire form, or NULL for none.
func packValue(v changeset.Value) driver.Value {
	if v.Kind == changeset.Absent {
		return nil
	}
	return changeset.AppendValue(nil, v)
}

func unpackValue(v driver.Value) (changeset.Value, error) {
	if v == nil {
		return changeset.Value{}, nil
	}
	value, _, err := changeset.ReadValue(blob(v))
	return value, err
}

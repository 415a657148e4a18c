// Package audit proves that what headquarters shows is what devices signed.
package audit

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
)

// Report is what a check compared, and what it found.
type Report struct {
	Campaign  schema.CampaignID
	Entries   int
	Seals     int
	Rows      int
	Cells     int
	Conflicts int
	Faults    []schema.Label // what differs; empty: all is as it should be
}

// faultsMax is how many differences are listed.
const faultsMax = 100

// fault notes what differs. The formats take the same arguments.
func (r *Report) fault(zh, en string, args ...any) {
	if len(r.Faults) < faultsMax {
		r.Faults = append(r.Faults, schema.Label{Zh: fmt.Sprintf(zh, args...), En: fmt.Sprintf(en, args...)})
	}
}

// Check replays a campaign's whole history into an empty database and compares
// every cell, row and conflict with the kept ones, and every seal with the key
// of the device that made it.
func Check(
	ctx context.Context, catalogue *schema.Catalogue, kept, empty store.Store, campaign schema.CampaignID,
) (Report, error) {
	r := Report{Campaign: campaign}
	var err error
	r.Entries, err = ingest.Replay(ctx, catalogue, kept, empty, campaign)
	if errors.Is(err, ingest.ErrHistory) {
		r.fault("歷史不能重放：%v", "%v", err)
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("check %s: %w", campaign, err)
	}
	err = kept.Read(ctx, campaign, func(have store.View) error {
		return empty.Read(ctx, campaign, func(want store.View) error {
			return r.compareAll(ctx, catalogue, have, want)
		})
	})
	if err != nil {
		return r, fmt.Errorf("check %s: %w", campaign, err)
	}
	return r, nil
}

func (r *Report) compareAll(
	ctx context.Context, catalogue *schema.Catalogue, have, want store.View,
) error {
	if have.State.Position != want.State.Position || have.State.Revision != want.State.Revision {
		r.fault("位置 %d，修訂號 %d；按歷史應為 %d、%d", "position %d, revision %d; the history gives %d, %d",
			have.State.Position, have.State.Revision, want.State.Position, want.State.Revision)
	}
	for _, t := range catalogue.Tables {
		rows, err := r.compare(ctx, have, want, t.Name, rowQuery(t))
		if err != nil {
			return err
		}
		r.Rows += rows
		r.Cells += rows * (1 + len(t.Columns))
	}
	var err error
	if r.Conflicts, err = r.compare(ctx, have, want, "conflict", conflictQuery); err != nil {
		return err
	}
	if _, err = r.compare(ctx, have, want, "history", outcomeQuery); err != nil {
		return err
	}
	return r.checkSeals(ctx, have)
}

// rowQuery reads a table's rows with the scope by its team, since numbers of
// scopes are local to a database.
func rowQuery(t *schema.Table) string {
	q := "SELECT r.id"
	for i := range t.Columns {
		q += ", r." + t.Columns[i].Name
	}
	return q + `, r._revision, CASE WHEN r._scope < 2 THEN r._scope ELSE 2 END AS _scope, s.team_id
		FROM ` + t.Name + ` r
		LEFT JOIN scope s ON s.campaign_no = r.campaign_no AND s.no = r._scope
		WHERE r.campaign_no = $1 ORDER BY r.id`
}

const (
	conflictQuery = `SELECT id, table_name, row_id, column_name, base, state, writes
		FROM conflict WHERE campaign_no = $1
		ORDER BY id`
	outcomeQuery = `SELECT position, outcome, reason, revision FROM history
		WHERE campaign_no = $1 ORDER BY position`
)

// compare reads one query from both sides, in the order of its first column, and says
// which rows only one side has and where the others differ.
func (r *Report) compare(
	ctx context.Context, have, want store.View, what, query string,
) (count int, err error) {
	left, err := have.QueryContext(ctx, query, have.CampaignNo)
	if err != nil {
		return 0, err
	}
	defer left.Close()
	right, err := want.QueryContext(ctx, query, want.CampaignNo)
	if err != nil {
		return 0, err
	}
	defer right.Close()
	names, err := left.Columns()
	if err != nil {
		return 0, err
	}
	a, b := []any{}, []any{} // nil after the last; not read yet
	for order := 0; ; count++ {
		if order <= 0 {
			if a, err = next(left); err != nil {
				return count, err
			}
		}
		if order >= 0 {
			if b, err = next(right); err != nil {
				return count, err
			}
		}
		if a == nil && b == nil {
			return count, nil
		}
		order = orderOf(a, b)
		r.compareRows(what, names, order, a, b)
	}
}

// orderOf says which of two rows comes first by its first column; one that is not there
// comes last.
func orderOf(a, b []any) int {
	switch {
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	if n, ok := a[0].(int64); ok { // a position
		m, _ := b[0].(int64)
		return cmp.Compare(n, m)
	}
	x, _ := a[0].([]byte)
	y, _ := b[0].([]byte)
	return bytes.Compare(x, y)
}

func (r *Report) compareRows(what string, names []string, order int, a, b []any) {
	switch {
	case order < 0:
		r.fault("%s：%s 這一行不出自歷史中的任何條目", "%s: row %s is in no entry of the history", what, show(a[0]))
		return
	case order > 0:
		r.fault("%s：缺少歷史中有的 %s 這一行", "%s: row %s of the history is missing", what, show(b[0]))
		return
	}
	for i := range a {
		if !changeset.ValueOf(a[i]).Equal(changeset.ValueOf(b[i])) {
			r.fault("%s %s 的 %s：現為 %s；按歷史應為 %s", "%s %s, %s: %s; the history gives %s",
				what, show(a[0]), names[i], show(a[i]), show(b[i]))
		}
	}
}

// show is a value for people: ids as they are written everywhere, other bytes in
// hexadecimal, and the beginning of what is long.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case []byte:
		if id, err := schema.IDFromBytes[schema.RowID](v); err == nil {
			return id.String()
		}
		return fmt.Sprintf("%x", v[:min(len(v), 40)])
	case string:
		return fmt.Sprintf("%.80s", v)
	}
	return fmt.Sprint(v)
}

// next reads a row; nil after the last.
func next(rows *sql.Rows) ([]any, error) {
	if !rows.Next() {
		return nil, rows.Err()
	}
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, dest := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	return values, rows.Scan(dest...)
}

// checkSeals verifies every signature, and that each chain's newest entry is
// under one.
func (r *Report) checkSeals(ctx context.Context, v store.View) error {
	rows, err := v.QueryContext(ctx, `SELECT a.device_id, a.seq, s.seq, s.signature, h.hash, d.public_key
		FROM author a
		LEFT JOIN seal s ON s.campaign_no = a.campaign_no AND s.author = a.no
		LEFT JOIN history h ON h.campaign_no = a.campaign_no AND h.author = a.no AND h.seq = s.seq
		LEFT JOIN device d ON d.campaign_no = a.campaign_no AND d.id = a.device_id
		WHERE a.campaign_no = $1 AND a.seq > 0 ORDER BY a.no, s.seq`, v.CampaignNo)
	if err != nil {
		return err
	}
	defer rows.Close()
	unsealed := map[schema.DeviceID]int64{}
	for rows.Next() {
		var device, signature, hash, key []byte
		var head int64
		var seq sql.NullInt64
		if err := rows.Scan(&device, &head, &seq, &signature, &hash, &key); err != nil {
			return err
		}
		id := schema.DeviceID(device)
		unsealed[id] = head - seq.Int64
		if seq.Valid {
			r.Seals++
			r.checkSeal(v.State.Campaign, id, uint64(seq.Int64), hash, key, signature)
		}
	}
	for id, n := range unsealed {
		if n != 0 {
			r.fault("設備 %s：最新 %d 條不在任何簽名之下", "device %s: the newest %d entries are under no signature", id, n)
		}
	}
	return rows.Err()
}

func (r *Report) checkSeal(
	campaign schema.CampaignID, device schema.DeviceID, seq uint64, hash, key, signature []byte,
) {
	public, err := chain.ParseKey(key)
	if err != nil {
		r.fault("設備 %s：%v", "device %s: %v", device, err)
		return
	}
	head := chain.Head{Seq: seq}
	copy(head.Hash[:], hash)
	if err := chain.VerifyHead(public, campaign, device, head, signature); err != nil {
		r.fault("設備 %s：%v", "device %s: %v", device, err)
	}
}

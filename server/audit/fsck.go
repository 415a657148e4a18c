// Package audit proves that what headquarters shows is what devices signed.
package audit

import (
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
	Faults    []string // what differs; empty: all is as it should be
}

// faultsMax is how many differences are listed.
const faultsMax = 100

func (r *Report) fault(format string, args ...any) {
	if len(r.Faults) < faultsMax {
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
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
		r.fault("%v", err)
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
		r.fault("position %d, revision %d; the history gives %d, %d", have.State.Position,
			have.State.Revision, want.State.Position, want.State.Revision)
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
	return q + `, r._revision, CASE WHEN r._scope < 2 THEN r._scope ELSE 2 END, s.team_id
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

// compare reads one query from both sides, in the order of its first column.
func (r *Report) compare(
	ctx context.Context, have, want store.View, what, query string,
) (int, error) {
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
	count := 0
	for {
		a, err := next(left)
		if err != nil {
			return count, err
		}
		b, err := next(right)
		if err != nil {
			return count, err
		}
		if a == nil && b == nil {
			return count, nil
		}
		count++
		if a == nil || b == nil {
			r.fault("%s: %s", what, missing(a, b))
			return count, nil
		}
		for i := range a {
			if !changeset.ValueOf(a[i]).Equal(changeset.ValueOf(b[i])) {
				r.fault("%s %s, column %d: %s; the history gives %s", what, show(a[0]), i,
					show(a[i]), show(b[i]))
			}
		}
	}
}

func missing(a, b []any) string {
	if a == nil {
		return "row " + show(b[0]) + " of the history is missing"
	}
	return "row " + show(a[0]) + " is in no entry of the history"
}

func show(v any) string {
	if b, ok := v.([]byte); ok {
		return fmt.Sprintf("%x", b[:min(len(b), 40)])
	}
	return fmt.Sprintf("%.80v", v)
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
			r.fault("device %s: the newest %d entries are under no signature", id, n)
		}
	}
	return rows.Err()
}

func (r *Report) checkSeal(
	campaign schema.CampaignID, device schema.DeviceID, seq uint64, hash, key, signature []byte,
) {
	public, err := chain.ParseKey(key)
	if err != nil {
		r.fault("device %s: %v", device, err)
		return
	}
	head := chain.Head{Seq: seq}
	copy(head.Hash[:], hash)
	if err := chain.VerifyHead(public, campaign, device, head, signature); err != nil {
		r.fault("device %s: %v", device, err)
	}
}

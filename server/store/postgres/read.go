package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
)

// Look runs do on one snapshot.
func (s *Store) Look(ctx context.Context, do func(store.Queryer) error) error {
	return s.snapshot(ctx, func(q *sql.Conn, _ *conn) error { return do(q) })
}

// Read runs do on one snapshot of a campaign.
func (s *Store) Read(
	ctx context.Context, campaign schema.CampaignID, do func(store.View) error,
) error {
	return s.snapshot(ctx, func(q *sql.Conn, c *conn) error {
		view, err := store.NewView(ctx, q, campaign)
		if err != nil {
			return err
		}
		view.Find = func(ctx context.Context, s *store.Statement, keys *store.Rows) (store.Packed, error) {
			return find(ctx, c, view.CampaignNo, s, keys)
		}
		view.Pack = func(ctx context.Context, p *store.PackQuery) (store.Packed, int, error) {
			return pack(ctx, c, view.CampaignNo, p)
		}
		view.Tally = func(ctx context.Context, table string, by ...string) (store.Packed, error) {
			return tally(ctx, q, view.CampaignNo, table, by)
		}
		return do(view)
	})
}

// tally has the database count; it hashes groups.
func tally(ctx context.Context, q store.Queryer, campaign int64, table string, by []string) (store.Packed, error) {
	rows := store.NewRows(len(by) + 1)
	values, targets := make([]any, len(by)+1), make([]any, len(by)+1)
	for i := range values {
		targets[i] = &values[i]
	}
	_, err := store.List(ctx, q, func(row store.Scanner) (none struct{}, err error) {
		if err := row.Scan(targets...); err != nil {
			return none, err
		}
		cells := make([]changeset.Value, len(values))
		for i := range values {
			cells[i] = changeset.ValueOf(values[i])
		}
		rows.Add(cells...)
		return none, nil
	}, "SELECT "+strings.Join(by, ", ")+", count(*) FROM "+table+" WHERE campaign_no = $1 GROUP BY "+
		strings.Join(by, ", "), campaign)
	return rows.Values(), err
}

func (s *Store) snapshot(ctx context.Context, do func(*sql.Conn, *conn) error) error {
	return s.within(ctx, s.readers, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", do)
}

// Numbers of the locks that servers take from one another.
const (
	officeLock  = 0x73616e01
	migrateLock = 0x73616e02
)

// Office runs do in a transaction of its own, one at a time among all servers.
func (s *Store) Office(ctx context.Context, do func(store.Queryer) error) error {
	lock := fmt.Sprintf("BEGIN; SELECT pg_advisory_xact_lock(%d)", officeLock)
	return s.within(ctx, s.writers, lock, func(q *sql.Conn, _ *conn) error { return do(q) })
}

// within runs do on a connection in a transaction that begin begins, and ends it.
func (s *Store) within(
	ctx context.Context, db *sql.DB, begin string, do func(*sql.Conn, *conn) error,
) (err error) {
	pooled, c, err := s.take(ctx, db, begin)
	if err != nil {
		return fault(err)
	}
	defer func() { err = fault(errors.Join(err, c.undo(ctx), pooled.Close())) }()
	if err := do(pooled, c); err != nil {
		return err
	}
	if c.raw.TxStatus() != 'T' {
		return errUndone
	}
	return c.script(ctx, "COMMIT")
}

// Begin adds an empty campaign.
func (s *Store) Begin(ctx context.Context, campaign schema.CampaignID, epoch schema.Epoch) error {
	return s.Office(ctx, func(q store.Queryer) error {
		return store.AddCampaign(ctx, q, campaign, epoch)
	})
}

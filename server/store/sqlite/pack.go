package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"

	"github.com/mattn/go-sqlite3"
)

// find runs a Select in one call of SQLite.
func find(
	ctx context.Context, q store.Queryer, campaign int64, s *store.Statement, keys *store.Rows,
) (store.Packed, error) {
	var packed []byte
	if err := q.QueryRowContext(ctx, statementText(s), keys.Packed(), campaign).Scan(&packed); err != nil {
		return nil, fmt.Errorf("read %d rows of %s: %w", keys.Count, s.Table, err)
	}
	return packed, nil
}

// pack reads many rows in one call of SQLite.
func pack(
	ctx context.Context, q store.Queryer, campaign int64, p *store.PackQuery,
) (store.Packed, int, error) {
	ids := store.NewRows(1)
	for i := range p.IDs {
		ids.Add(changeset.BlobValue(p.IDs[i][:]))
	}
	var packed []byte
	var count int
	err := q.QueryRowContext(ctx, packText(p), append([]byte{}, p.Prefix...), ids.Packed(), campaign).
		Scan(&packed, &count)
	var full sqlite3.Error
	if errors.As(err, &full) && (full.Code == sqlite3.ErrTooBig || full.Code == sqlite3.ErrNomem) {
		err = store.ErrTooLarge
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read %d rows of %s: %w", len(p.IDs), p.Table, err)
	}
	return packed, count, nil
}

func packText(p *store.PackQuery) string {
	scopes := make([]string, len(p.Scopes))
	for i := range p.Scopes {
		scopes[i] = fmt.Sprint(int64(p.Scopes[i])) // our numbers, not the device's words
	}
	not := ""
	if p.Not {
		not = "NOT "
	}
	return "SELECT records_of($1, t." + strings.Join(names(p.Fields), ", t.") +
		"), count(*) FROM records($2) r CROSS JOIN " + p.Table + " t ON t.campaign_no = $3 AND t.id = r.c0" +
		" WHERE t._scope " + not + "IN (" + strings.Join(scopes, ", ") + ")"
}

// tally counts groups in one pass and without a sort, which a GROUP BY needs.
func tally(ctx context.Context, q store.Queryer, campaign int64, table string, by []string) (store.Packed, error) {
	var packed []byte
	err := q.QueryRowContext(ctx, "SELECT tally_of("+strings.Join(by, ", ")+") FROM "+table+
		" WHERE campaign_no = $1", campaign).Scan(&packed)
	if err != nil {
		return nil, fmt.Errorf("count rows of %s: %w", table, err)
	}
	return packed, nil
}

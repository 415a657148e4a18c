package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/jackc/pgx/v5/pgconn"
)

// migrate looks at the database and runs the migrations that it lacks, each in its
// transaction, as far as opening lets it. Servers that start at once wait for one another.
func migrate(
	ctx context.Context, config *pgconn.Config, version int, opening store.Opening,
) (err error) {
	steps, err := store.Migrations(schema.OnPostgres, version)
	if err != nil {
		return err
	}
	c, err := connect(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if encoding := c.raw.ParameterStatus("server_encoding"); encoding != "UTF8" {
		return fmt.Errorf("the database keeps texts in %s: make one with encoding UTF8", encoding)
	}
	for {
		have, err := c.alone(ctx)
		if err != nil {
			return fmt.Errorf("read database version: %w", err)
		}
		if err := opening.Check(have, len(steps)); err != nil {
			return err
		}
		if have == len(steps) {
			return c.script(ctx, "COMMIT")
		}
		if err := c.step(ctx, steps[have]); err != nil {
			return fmt.Errorf("migrate to %s: %w", steps[have].Name, err)
		}
		opening = store.Upgrade // it is begun
	}
}

func connect(ctx context.Context, config *pgconn.Config) (*conn, error) {
	raw, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return newConn(raw), nil
}

// alone begins a transaction in which nobody else migrates, and reads the number of the
// newest migration that the database has.
func (c *conn) alone(ctx context.Context) (int, error) {
	if err := c.script(ctx, fmt.Sprintf(
		"BEGIN; SET LOCAL lock_timeout = '60s'; SELECT pg_advisory_xact_lock(%d)", migrateLock)); err != nil {
		return 0, err
	}
	return c.version(ctx)
}

// version is the number of the newest migration that the database has.
func (c *conn) version(ctx context.Context) (int, error) {
	known, err := c.number(ctx, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('migration')")
	if err != nil || known == 0 {
		return 0, err
	}
	return c.number(ctx, "SELECT coalesce(max(number), 0) FROM migration")
}

// step runs a migration, notes its number, and ends the transaction.
func (c *conn) step(ctx context.Context, m schema.Migration) error {
	return c.script(ctx, fmt.Sprintf(`CREATE TABLE IF NOT EXISTS migration (number bigint NOT NULL PRIMARY KEY);
%s
INSERT INTO migration (number) VALUES (%d); COMMIT`, m.SQL, m.Number))
}

// number reads the one number that a query gives.
func (c *conn) number(ctx context.Context, text string) (n int, err error) {
	r := c.raw.ExecParams(ctx, text, nil, nil, nil, formats())
	for r.NextRow() {
		n = int(binary.BigEndian.Uint64(r.Values()[0]))
	}
	_, err = r.Close()
	return n, lost(ctx, err)
}

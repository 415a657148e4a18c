package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"sansuiji/schema"

	"github.com/jackc/pgx/v5/pgconn"
)

// migrate runs the migrations that the database lacks, each in its transaction.
// Servers that start at once wait for one another.
func migrate(ctx context.Context, config *pgconn.Config, version int) (err error) {
	steps, err := schema.Migrations(schema.OnPostgres)
	if err != nil {
		return err
	}
	upTo, err := schema.MigrationsOf(schema.OnPostgres, version)
	if err != nil {
		return err
	}
	steps = steps[:upTo]
	raw, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	c := newConn(raw)
	defer func() { err = errors.Join(err, c.Close()) }()
	if encoding := raw.ParameterStatus("server_encoding"); encoding != "UTF8" {
		return fmt.Errorf("the database keeps texts in %s: make one with encoding UTF8", encoding)
	}
	for {
		have, err := c.version(ctx)
		if err != nil {
			return fmt.Errorf("read database version: %w", err)
		}
		if have > len(steps) {
			return fmt.Errorf("database has version %d, this program knows %d: use a newer program",
				have, len(steps))
		}
		if have == len(steps) {
			return c.script(ctx, "COMMIT")
		}
		step := steps[have]
		done := fmt.Sprintf("\nINSERT INTO migration (number) VALUES (%d); COMMIT", step.Number)
		if err := c.script(ctx, step.SQL+done); err != nil {
			return fmt.Errorf("migrate to %s: %w", step.Name, err)
		}
	}
}

// version begins a transaction in which nobody else migrates, and reads the
// number of the newest migration that the database has.
func (c *conn) version(ctx context.Context) (int, error) {
	if err := c.script(ctx, fmt.Sprintf(
		"BEGIN; SET LOCAL lock_timeout = '60s'; SELECT pg_advisory_xact_lock(%d)", migrateLock)); err != nil {
		return 0, err
	}
	known, err := c.number(ctx, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('migration')")
	if err == nil && known == 0 {
		err = c.script(ctx, "CREATE TABLE migration (number bigint NOT NULL PRIMARY KEY)")
	}
	if err != nil {
		return 0, err
	}
	return c.number(ctx, "SELECT coalesce(max(number), 0) FROM migration")
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

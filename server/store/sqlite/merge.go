package sqlite

import (
	"context"
	"errors"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Merge runs do as the only writer.
func (s *Store) Merge(
	ctx context.Context, campaign schema.CampaignID, do func(*store.Tx) error,
) error {
	return explain(s.line.Merge(ctx, campaign, do))
}

// begin opens a transaction of the writing connection.
func (s *Store) begin(context.Context) (store.Transaction, error) {
	return s.writer, s.writer.exec("BEGIN IMMEDIATE")
}

// Statements are those that the connection runs.
func (c *conn) Statements() *store.Statements { return c.shapes }

// Check has nothing to wait for.
func (c *conn) Check() error { return nil }

// Save begins a part of the transaction.
func (c *conn) Save() error { return c.exec("SAVEPOINT merge") }

// Keep ends a part.
func (c *conn) Keep() error { return c.exec("RELEASE merge") }

// Undo ends a part without a trace.
func (c *conn) Undo() error {
	if err := c.exec("ROLLBACK TO merge"); err != nil {
		return err
	}
	return c.exec("RELEASE merge")
}

// End commits. A broken transaction SQLite has undone itself, beyond the part: a
// full disk does that.
func (c *conn) End(broken error) error {
	err := broken
	if err == nil {
		err = c.exec("COMMIT")
	}
	if err != nil && !c.raw.AutoCommit() {
		err = errors.Join(err, c.exec("ROLLBACK"))
	}
	return err
}

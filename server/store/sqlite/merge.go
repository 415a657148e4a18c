package sqlite

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// group is the merges that share one transaction and one sync of the disk: those
// that waited for the writer while others had it. Each is undone alone if it
// fails, and none is answered before all are durable.
type group struct {
	members int
	done    chan struct{} // closed when the transaction has ended
	err     error         // how it ended; read it after done
}

// groupMax is how many merges share a transaction.
const groupMax = 64

var (
	errStopped  = errors.New("the program stopped before the commit")
	errPanicked = errors.New("the merge panicked")
)

// Merge runs do as the only writer.
func (s *Store) Merge(
	ctx context.Context, campaign schema.CampaignID, do func(*store.Tx) error,
) error {
	s.waiting.Add(1)
	s.turn <- struct{}{}
	s.waiting.Add(-1)
	g, err := s.join()
	if err != nil {
		<-s.turn
		return explain(err)
	}
	s.points.Hit("store.joined")
	failed := errPanicked
	defer func() {
		if failed == errPanicked { //nolint:errorlint // nothing of it stays, and nobody waits
			_ = s.leave(g, failed)
		}
	}()
	failed = ctx.Err()
	if failed == nil {
		failed = errPanicked
		failed = s.run(campaign, do)
	}
	return s.leave(g, failed)
}

// join opens a transaction, or a place in the one that is open.
func (s *Store) join() (*group, error) {
	if s.group == nil {
		if err := s.writer.exec("BEGIN IMMEDIATE"); err != nil {
			return nil, err
		}
		s.points.Hit("store.begun")
		s.group = &group{done: make(chan struct{}), err: errStopped}
	}
	if err := s.writer.exec("SAVEPOINT merge"); err != nil {
		s.commit(nil) // nobody else may come for those who wait
		return nil, err
	}
	s.group.members++
	return s.group, nil
}

func (s *Store) run(campaign schema.CampaignID, do func(*store.Tx) error) error {
	tx, err := store.Begin(s.writer, s.statements, s.catalogue, campaign)
	if err != nil {
		return err
	}
	tx.Points = s.points
	if err := do(tx); err != nil {
		return err
	}
	s.points.Hit("store.before-flush")
	if err := tx.Flush(); err != nil {
		return err
	}
	s.points.Hit("store.after-flush")
	return nil
}

// leave ends one merge of a group. The last one, whom nobody waits behind,
// commits for all; the others wait for it.
func (s *Store) leave(g *group, failed error) error {
	broken := s.endSavepoint(failed)
	if broken == nil && s.waiting.Load() > 0 && g.members < groupMax {
		<-s.turn // whoever comes next goes on in this transaction
		<-g.done
	} else {
		s.finish(broken)
	}
	switch {
	case failed != nil:
		return explain(failed)
	case g.err != nil:
		return fmt.Errorf("commit: %w", explain(g.err))
	}
	return nil
}

// finish commits and ends the turn.
func (s *Store) finish(broken error) {
	defer func() { <-s.turn }()
	s.commit(broken)
}

func (s *Store) endSavepoint(failed error) error {
	if failed != nil {
		if err := s.writer.exec("ROLLBACK TO merge"); err != nil {
			return err
		}
	}
	return s.writer.exec("RELEASE merge")
}

// commit ends the group's transaction. A broken one SQLite has undone itself,
// beyond the savepoint: a full disk does that.
func (s *Store) commit(broken error) {
	g := s.group
	s.group = nil
	defer close(g.done)
	s.points.Hit("store.before-commit")
	err := broken
	if err == nil {
		err = s.writer.exec("COMMIT")
	}
	if err != nil && !s.writer.raw.AutoCommit() {
		err = errors.Join(err, s.writer.exec("ROLLBACK"))
	}
	g.err = err
	s.points.Hit("store.after-commit")
}

// endGroup commits what is open, for who has the turn for something else.
func (s *Store) endGroup() {
	if s.group != nil {
		s.commit(nil)
	}
}

package sqlite

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/mutant"
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
		return err
	}
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
		s.group = &group{done: make(chan struct{}), err: errStopped}
	}
	s.group.members++
	return s.group, s.writer.exec("SAVEPOINT merge")
}

func (s *Store) run(campaign schema.CampaignID, do func(*store.Tx) error) error {
	tx, err := store.Begin(s.writer, s.statements, s.catalogue, campaign)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return err
	}
	s.points.Hit("store.before-flush")
	return tx.Flush()
}

// leave ends one merge of a group. The last one, whom nobody waits behind,
// commits for all; the others wait for it.
func (s *Store) leave(g *group, failed error) error {
	broken := s.endSavepoint(failed)
	if mutant.On(mutant.AckBeforeCommit) && broken == nil {
		<-s.turn // whoever comes next commits it
		return failed
	}
	if broken == nil && s.waiting.Load() > 0 && g.members < groupMax {
		<-s.turn // whoever comes next goes on in this transaction
		<-g.done
	} else {
		s.commit(g, broken)
	}
	switch {
	case failed != nil:
		return failed
	case g.err != nil:
		return fmt.Errorf("commit: %w", g.err)
	}
	return nil
}

func (s *Store) endSavepoint(failed error) error {
	if failed != nil {
		if err := s.writer.exec("ROLLBACK TO merge"); err != nil {
			return err
		}
	}
	return s.writer.exec("RELEASE merge")
}

// commit ends the group's transaction and the turn. A broken one SQLite has undone
// itself, beyond the savepoint: a full disk does that.
func (s *Store) commit(g *group, broken error) {
	defer func() {
		close(g.done)
		<-s.turn
	}()
	s.group = nil
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

// endGroup commits what is open, for who needs the turn for something else.
func (s *Store) endGroup() {
	if g := s.group; g != nil {
		s.commit(g, nil)
		s.turn <- struct{}{}
	}
}

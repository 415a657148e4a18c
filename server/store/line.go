package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"sansuiji/schema"
	"sansuiji/syncengine/failpoint"
	"sansuiji/syncengine/mutant"
)

// Transaction is an engine's transaction for writing, in parts. The first part has
// the transaction to itself until it is kept, and fails with it; those after it can
// be undone alone, which costs: SQLite copies each page before it changes.
type Transaction interface {
	Session
	// Statements are those that the transaction's connection runs.
	Statements() *Statements
	// Check waits for all that was run. An error says that it cannot be kept.
	Check() error
	// Save begins a part after the first.
	Save() error
	// Keep checks such a part and ends it. An error says that it cannot be kept: Undo
	// is next.
	Keep() error
	// Undo ends such a part without a trace. An error says that the whole transaction
	// is broken.
	Undo() error
	// End makes all parts durable, or undoes all if something is broken. The
	// transaction is over either way.
	End(broken error) error
}

// Line is merges that go one after another. Those that wait for their turn while
// others have it share one transaction and one sync of the disk; each is undone
// alone if it fails, and none is answered before all are durable.
type Line struct {
	catalogue *schema.Catalogue
	points    failpoint.Points
	begin     func(context.Context) (Transaction, error)
	turn      chan struct{} // held by whoever writes
	waiting   atomic.Int64  // merges that wait for the turn
	group     *group        // open; whoever has the turn may look
}

// NewLine is a line whose transactions begin opens.
func NewLine(
	catalogue *schema.Catalogue, points failpoint.Points,
	begin func(context.Context) (Transaction, error),
) *Line {
	return &Line{catalogue: catalogue, points: points, begin: begin, turn: make(chan struct{}, 1)}
}

// group is the merges that share one transaction.
type group struct {
	tx      Transaction
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

// Merge runs do when its turn comes. See Store.Merge.
func (l *Line) Merge(
	ctx context.Context, campaign schema.CampaignID, do func(*Tx) error,
) error {
	l.waiting.Add(1)
	l.turn <- struct{}{}
	l.waiting.Add(-1)
	g, err := l.join(ctx)
	if err != nil {
		return err
	}
	l.points.Hit("store.joined")
	failed := errPanicked
	defer func() {
		if failed == errPanicked { //nolint:errorlint // nothing of it stays, and nobody waits
			_ = l.leave(g, failed)
		}
	}()
	failed = ctx.Err()
	if failed == nil {
		failed = errPanicked
		failed = l.run(g.tx, campaign, do)
	}
	return l.leave(g, failed)
}

// join opens a transaction, or a place in the one that is open. After an error
// the turn is another's.
func (l *Line) join(ctx context.Context) (*group, error) {
	if l.group == nil {
		tx, err := l.begin(ctx)
		if err != nil {
			<-l.turn
			return nil, err
		}
		l.points.Hit("store.begun")
		l.group = &group{tx: tx, done: make(chan struct{}), err: errStopped}
	}
	g := l.group
	if g.members > 0 {
		if err := g.tx.Save(); err != nil {
			l.finish(nil) // nobody else may come for those who wait
			return nil, err
		}
	}
	g.members++
	return g, nil
}

func (l *Line) run(transaction Transaction, campaign schema.CampaignID, do func(*Tx) error) error {
	tx, err := Begin(transaction, transaction.Statements(), l.catalogue, campaign)
	if err != nil {
		return err
	}
	tx.Points = l.points
	if err := do(tx); err != nil {
		return err
	}
	l.points.Hit("store.before-flush")
	if err := tx.Flush(); err != nil {
		return err
	}
	l.points.Hit("store.after-flush")
	return nil
}

// leave ends one merge of a group. The last one, whom nobody waits behind,
// commits for all; the others wait for it.
func (l *Line) leave(g *group, failed error) error {
	failed, broken := g.end(failed)
	if mutant.On(mutant.AckBeforeCommit) && broken == nil {
		<-l.turn // whoever comes next commits it
		return failed
	}
	if broken == nil && l.waiting.Load() > 0 && g.members < groupMax {
		<-l.turn // whoever comes next goes on in this transaction
		<-g.done
	} else {
		l.finish(broken)
	}
	switch {
	case failed != nil:
		return failed
	case g.err != nil:
		return fmt.Errorf("commit: %w", g.err)
	}
	return nil
}

// end ends the part of whoever came last. What breaks the first one breaks the
// transaction, in which nobody else is yet.
func (g *group) end(failure error) (failed, broken error) {
	if g.members == 1 {
		if failure == nil {
			failure = g.tx.Check()
		}
		return failure, failure
	}
	if failure == nil {
		failure = g.tx.Keep()
	}
	if failure != nil {
		broken = g.tx.Undo()
	}
	return failure, broken
}

// finish commits and ends the turn.
func (l *Line) finish(broken error) {
	defer func() { <-l.turn }()
	l.commit(broken)
}

// commit ends the group's transaction.
func (l *Line) commit(broken error) {
	g := l.group
	l.group = nil
	defer close(g.done)
	l.points.Hit("store.before-commit")
	g.err = g.tx.End(broken)
	l.points.Hit("store.after-commit")
}

// Take takes the turn for something else than a merge, when what is open is
// committed.
func (l *Line) Take(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait to write: %w", ctx.Err())
	}
	if l.group != nil {
		l.commit(nil)
	}
	return nil
}

// Give ends the turn that Take took.
func (l *Line) Give() { <-l.turn }

// Waiting is how many merges wait for their turn.
func (l *Line) Waiting() int { return int(l.waiting.Load()) }

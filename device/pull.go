package device

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/mutant"
)

const (
	// restartsMax is how often one pull may start over because headquarters changed
	// its mind.
	restartsMax = 5
	// pagesMax bounds one pull; more than any city has.
	pagesMax = 10_000
)

var (
	errRestored  = errors.New("headquarters lives a new life")
	errScopes    = errors.New("the scopes keep changing")
	errManyPages = errors.New("too many pages")
)

// cursor is where the next page starts.
type cursor struct {
	epoch schema.Epoch
	after uint64
	fresh bool // the page replaces all that is here
}

// Pull fetches what changed at headquarters until the device has everything, and
// counts the rows. Headquarters that lives a new life gets back first what it has
// lost.
func (d *Device) Pull(ctx context.Context) (rows int, err error) {
	d.line.Lock()
	defer d.line.Unlock()
	d.beginContact()
	_, rows, err = d.pullAndHeal(ctx)
	return rows, err
}

// pullAndHeal pulls; where headquarters was restored, it pushes what that lacks
// and pulls everything anew.
func (d *Device) pullAndHeal(ctx context.Context) (pushed Pushed, rows int, err error) {
	start, err := d.keptCursor()
	if err != nil {
		return pushed, 0, err
	}
	for range restartsMax {
		rows, err = d.pullFrom(ctx, start)
		if !errors.Is(err, errRestored) {
			return pushed, rows, err
		}
		if err := d.askNext(ctx); err != nil {
			return pushed, 0, fmt.Errorf("pull: %w", err)
		}
		more, err := d.push(ctx)
		pushed.Entries, pushed.Carried = pushed.Entries+more.Entries, pushed.Carried+more.Carried
		if err != nil {
			return pushed, 0, err
		}
		start = cursor{fresh: true} // what is here stays until the first page has come
	}
	return pushed, 0, fmt.Errorf("pull: %w", errRestored)
}

func (d *Device) keptCursor() (c cursor, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	version, err := stored[int64](d.db, stateSchema)
	if err != nil {
		return c, err
	}
	if version != int64(d.Catalogue.Version) { // rows lack what columns brought since
		return cursor{fresh: true}, nil
	}
	if c.after, err = stored[uint64](d.db, stateCursor); err != nil {
		return c, err
	}
	c.epoch, err = storedID[schema.Epoch](d.db, stateCursorOf)
	return c, err
}

func (d *Device) pullFrom(ctx context.Context, at cursor) (rows int, err error) {
	restarts := 0
	for range pagesMax {
		page, err := d.fetchPage(ctx, &at)
		if err != nil {
			return rows, fmt.Errorf("pull: %w", err)
		}
		anew, err := d.takePage(page, at.fresh)
		if err != nil {
			return rows, fmt.Errorf("pull: %w", err)
		}
		if anew {
			if restarts++; restarts > restartsMax {
				return rows, fmt.Errorf("pull: %w", errScopes)
			}
			at = cursor{fresh: true}
			continue
		}
		rows += page.answer.Rows
		if !page.answer.More {
			return rows, nil
		}
		at = cursor{epoch: page.epoch, after: page.answer.Next}
	}
	return rows, fmt.Errorf("pull: %w", errManyPages)
}

// page is an answer that was looked at.
type page struct {
	answer *mobileapi.PullAnswer
	epoch  schema.Epoch
	scopes string // as text, to compare
}

func (d *Device) fetchPage(ctx context.Context, at *cursor) (*page, error) {
	request, err := d.pullRequest(at)
	if err != nil {
		return nil, err
	}
	var answer mobileapi.PullAnswer
	err = d.withToken(ctx, func(way Transport, token string) (err error) {
		d.at(PullBeforeSend)
		answer, err = way.Pull(ctx, token, request)
		return err
	})
	if schema.FaultCode(err) == schema.FaultCursorAhead {
		return nil, errRestored
	}
	if err != nil {
		return nil, err
	}
	d.at(PullAfterAnswer)
	p := &page{answer: &answer}
	if p.epoch, err = schema.ParseID[schema.Epoch](answer.Epoch); err != nil {
		return nil, foreign("epoch: %w", err)
	}
	if at.after > 0 && p.epoch != at.epoch {
		return nil, errRestored
	}
	scopes, err := json.Marshal(slices.Sorted(slices.Values(answer.Scopes)))
	p.scopes = string(scopes)
	return p, err
}

func (d *Device) pullRequest(at *cursor) (mobileapi.PullRequest, error) {
	request := mobileapi.PullRequest{After: at.after, Schema: d.Catalogue.Version}
	if at.after > 0 {
		request.Epoch = &at.epoch
	}
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	newest, sizes, err := d.db.holding()
	if newest != nil {
		request.Held, request.Sizes = newest.Epoch, sizes
	}
	return request, err
}

// takePage moves rows, cursor and the overlay of unmerged entries in one
// transaction. True: the scopes have changed, so everything is to be pulled anew.
// errRestored: headquarters went back and does not know it yet.
func (d *Device) takePage(p *page, fresh bool) (anew bool, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	held, err := stored[string](d.db, stateScopes)
	if mutant.On(mutant.ScopesNotCompared) {
		held = p.scopes
	}
	if err != nil || (!fresh && held != "" && held != p.scopes) {
		return err == nil, err
	}
	wentBack := false
	if mutant.On(mutant.CursorBeforeRows) {
		if err := d.db.transact(func() error { _, err := d.moveCursor(p); return err }); err != nil {
			return false, err
		}
	}
	err = d.db.transact(func() error {
		if fresh {
			if err := d.wipe(); err != nil {
				return err
			}
		}
		if err := d.apply(p.answer.Patchset); err != nil {
			return err
		}
		if err := d.overlay(); err != nil {
			return err
		}
		if err := d.db.pinKey(); err != nil {
			return err
		}
		if err := d.db.noteDisputed(p.answer.Disputed); err != nil {
			return err
		}
		if wentBack, err = d.moveCursor(p); err != nil {
			return err
		}
		d.at(PageBeforeCommit)
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("take page: %w", err)
	}
	d.at(PageAfterCommit)
	if wentBack {
		return false, errRestored
	}
	return false, nil
}

// moveCursor writes down how far the device has come. What it has seen grows
// with complete pulls only.
func (d *Device) moveCursor(p *page) (wentBack bool, err error) {
	next := int64(p.answer.Next)
	state := []setting{
		{stateCursorOf, id(p.epoch)},
		{stateCursor, next},
		{stateScopes, p.scopes},
		{stateSchema, int64(d.Catalogue.Version)},
	}
	if !p.answer.More || mutant.On(mutant.SeenTooEarly) {
		state = append(state, setting{stateSeenOf, id(p.epoch)}, setting{stateSeen, next})
	}
	if err := d.db.storeAll(state); err != nil {
		return false, err
	}
	if err := d.db.keepHeads(p.epoch, p.answer.Next, p.answer.Heads); err != nil {
		return false, err
	}
	if wentBack, err = d.noteAnswer(p.epoch, p.answer.Clock, &p.answer.Witnessed); err != nil {
		return false, err
	}
	return wentBack, d.db.markBackedUp(p.answer.BackedUp)
}

// wipe empties the synced tables; the outbox keeps every entry.
func (d *Device) wipe() error {
	for _, t := range d.Catalogue.OnDevices() {
		if err := d.db.exec("DELETE FROM " + t.Name); err != nil {
			return err
		}
	}
	return nil
}

// ErrForeign says that headquarters sent rows that this program's tables do not
// hold.
var ErrForeign = errors.New("rows of other tables than ours")

// apply writes a patchset's rows over those that are here. Rows to delete that
// are gone are passed over, and a row that breaks a constraint stops it all.
func (d *Device) apply(patchset []byte) error {
	r := changeset.NewReader(patchset, changeset.Limits{})
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("apply: %w", err)
		}
		t, err := d.ours(&c)
		if err != nil {
			return fmt.Errorf("apply: %w", err)
		}
		if c.Op == changeset.Delete {
			err = d.db.exec("DELETE FROM "+t.Name+" WHERE id = ?", c.Old[0].Any())
		} else {
			err = d.db.writeRow(t, c.New)
		}
		if err != nil {
			return fmt.Errorf("apply %s: %w", t.Name, err)
		}
	}
}

// ours is the table of a patchset's change. Any that we do not expect is refused.
func (d *Device) ours(c *changeset.Change) (*schema.Table, error) {
	t, ok := d.Catalogue.Table(c.Table.Name, d.Catalogue.Version)
	if !ok {
		return nil, fmt.Errorf("%w: table %q", ErrForeign, c.Table.Name)
	}
	width := t.Width(d.Catalogue.Version)
	if !slices.Equal(c.Table.PK, keyFlags(width)) {
		return nil, fmt.Errorf("%w: %s has %d columns, want %d", ErrForeign, t.Name, len(c.Table.PK), width)
	}
	if c.Table.Format != changeset.Patchset || c.Op == changeset.Update {
		return nil, fmt.Errorf("%w: %s of %s in a %s", ErrForeign, c.Op, t.Name, c.Table.Format)
	}
	return t, nil
}

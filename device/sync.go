package device

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// roundsMax is how often one sync goes around for entries saved meanwhile.
const roundsMax = 5

// Synced is how a sync ended.
type Synced struct {
	At      int64    `json:"at"` // Unix milliseconds by the device's clock
	Pushed  int      `json:"pushed"`
	Carried int      `json:"carried,omitempty"`
	Pulled  int      `json:"pulled"`
	Failure *Failure `json:"failure"` // nil when all went well
}

// Failure is why a sync did not come to its end, as the field app keeps it.
type Failure struct {
	Kind    string   `json:"kind"` // problem, offline, not-enrolled, newer-database, broken
	Problem *Refusal `json:"problem,omitempty"`
	Detail  string   `json:"detail,omitempty"`
}

// Sync pushes all that waits and pulls all that is new, in that order, and writes
// down how it went.
func (d *Device) Sync(ctx context.Context) (Synced, error) {
	d.line.Lock()
	defer d.line.Unlock()
	d.beginContact()
	result := Synced{}
	err := d.sync(ctx, &result)
	if !errors.Is(err, ErrOffline) {
		d.report(ctx)
	}
	result.At, result.Failure = d.nowMillis(), failureOf(err)
	text, marshalErr := json.Marshal(result)
	if marshalErr != nil {
		return result, errors.Join(err, marshalErr)
	}
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return result, errors.Join(err, d.db.store(stateSync, string(text)))
}

func (d *Device) sync(ctx context.Context, tally *Synced) error {
	for round := range roundsMax {
		pushed, err := d.push(ctx)
		tally.add(pushed)
		if err != nil {
			return err
		}
		if round == 0 {
			if err := d.askPending(ctx); err != nil {
				return err
			}
		}
		pushed, rows, err := d.pullAndHeal(ctx)
		tally.add(pushed)
		tally.Pulled += rows
		if err != nil {
			return err
		}
		if waiting, err := d.waiting(); err != nil || waiting == 0 {
			return err
		}
	}
	return nil
}

func (s *Synced) add(p Pushed) {
	s.Pushed += p.Entries
	s.Carried += p.Carried
}

func (d *Device) waiting() (int64, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.countWaiting()
}

// failureOf sorts an error as the field app does.
func failureOf(err error) *Failure {
	var refusal *Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		return &Failure{Kind: "problem", Problem: refusal}
	case errors.Is(err, ErrOffline):
		return &Failure{Kind: "offline"}
	case errors.Is(err, ErrNotEnrolled):
		return &Failure{Kind: "not-enrolled"}
	case errors.Is(err, ErrNewer):
		return &Failure{Kind: "newer-database"}
	}
	return &Failure{Kind: "broken", Detail: err.Error()}
}

// lastSync is how the last sync ended; nil if there was none.
func (b *database) lastSync() (*Synced, error) {
	text, err := stored[string](b, stateSync)
	if err != nil || text == "" {
		return nil, err
	}
	s := &Synced{}
	if err := json.Unmarshal([]byte(text), s); err != nil {
		return nil, fmt.Errorf("read last sync: %w", err)
	}
	return s, nil
}

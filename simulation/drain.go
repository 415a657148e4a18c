package simulation

import (
	"context"
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/sim"
)

// roundsMax is in how many rounds everything must come to rest.
const roundsMax = 12

// drain lets everybody sync without mishaps until nothing changes any more.
func (w *world) drain() {
	w.network.Settle(w.hq.serve)
	w.hq.clock.Set("right", 0)
	if err := w.upgradeAll(); err != nil {
		w.fail("progress", "upgrade: %v", err)
	}
	for round := 1; round <= roundsMax && w.broken == nil; round++ {
		w.time.Pass(tokenAge * 1e9)
		moved, err := w.round()
		if err != nil {
			w.fail("progress", "round %d: %v", round, err)
		}
		if !moved {
			w.tally["  rounds"] += round
			return
		}
	}
	w.fail("everything comes to rest", "not in %d rounds", roundsMax)
}

// upgradeAll brings headquarters up to the newest device that there ever was: its
// entries wait there, though it may have been put back to an older version.
func (w *world) upgradeAll() error {
	newest := max(w.hq.version, w.newest)
	if newest == w.hq.version {
		return w.hq.work(func(ctx context.Context) error { return w.hq.ingest.Upgrade(ctx) })
	}
	return w.hq.upgrade(newest)
}

// quiet is a state of headquarters in which a phone has nothing to say or hear.
type quiet struct {
	position uint64
	arrivals int
	lives    int
}

// round lets carriers deliver and everybody sync, once.
func (w *world) round() (moved bool, err error) {
	position := w.truth.position
	for _, name := range []string{"c1", "c2"} {
		for _, file := range w.carried[name] {
			if err := w.deliver(file); err != nil {
				return false, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	for _, p := range w.phones {
		now := quiet{w.truth.position, len(w.truth.arrivals), w.hq.lives}
		if p.wiped || p.quiet == now {
			continue // nothing has happened since it came to rest
		}
		changed, err := p.rest()
		if !changed {
			p.quiet = now
		}
		if err != nil {
			return false, fmt.Errorf("%s: %w", p.name, err)
		}
		moved = moved || changed
	}
	return moved || w.truth.position != position, nil
}

// rest lets a phone sync.
func (p *phone) rest() (moved bool, err error) {
	if p.id == (schema.DeviceID{}) {
		if err := p.excuse(p.enrol()); err != nil {
			return false, err
		}
		return true, nil
	}
	err = p.guard(func() error {
		done, err := p.d.Sync(context.Background())
		if p.branch && schema.FaultCode(err) == schema.FaultFork {
			p.forked = true
			_, err = p.d.Pull(context.Background())
		}
		moved = done.Pushed+done.Carried+done.Pulled > 0
		if code := schema.FaultCode(err); code == schema.FaultAssertion || code == schema.FaultForbidden {
			moved = true
		}
		return p.excuse(err)
	})
	return moved, err
}

// moved says whether anybody's rights may have changed.
func (w *world) moved() bool {
	return slices.ContainsFunc(w.script.Steps, func(s sim.Step) bool {
		return s.Verb == sim.Move || s.Verb == sim.Revoke || s.Verb == sim.Release
	})
}

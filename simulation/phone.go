package simulation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"sansuiji/device"
	"sansuiji/schema"
	"sansuiji/syncengine/sim"
)

// phone is a device of the life, and what the simulation knows of it.
type phone struct {
	w       *world
	name    string
	d       *device.Device
	id      schema.DeviceID
	person  int // whose it is
	version int
	clock   sim.ClockOf
	dice    *rand.Rand // of its ids and keys

	knows      []hash // merged at headquarters in the state that it pulled last
	pulled     []hash // the same of a pull whose last page is not stored yet
	complete   bool   // such a page has come
	code       string // with which it enrols
	sealedUpTo uint64 // its entries that the simulation has seen
	remembered *memory
	revoked    bool
	wiped      bool
	branch     bool // its chain was copied, or went back: two lives have one name
	forked     bool // and headquarters has said so
	alarmed    bool
	quiet      quiet
}

// memory is a copy of a phone's storage.
type memory struct {
	image   device.Image
	version int
	knows   []hash
	upTo    uint64
	code    string
}

func (p *phone) settings(pages int) device.Settings {
	return device.Settings{
		Transport: &wire{p}, Now: p.clock.Now, Random: sim.Bytes(p.dice),
		Catalogue: p.w.catalogues[p.version], Points: p.point,
		PagesMax: pages,
	}
}

// point is where the phone's program is.
func (p *phone) point(at device.Point) {
	if at == device.PageAfterCommit && p.complete {
		p.knows, p.complete = p.pulled, false
	}
	if p.w.kills(sim.Kill, string(at)) {
		panic(killed{})
	}
}

func (p *phone) open(image device.Image) (err error) {
	if p.d, err = device.OpenImage(image, p.settings(0)); err != nil {
		return err
	}
	if who, err := p.d.Identity(); err == nil {
		p.id = who.Device
	}
	return nil
}

func (p *phone) restart(pages int) error {
	d, err := p.d.Restart(p.settings(pages))
	if err != nil {
		return fmt.Errorf("restart %s: %w", p.name, err)
	}
	p.d = d
	return nil
}

// guard does something on the phone, whose program may be killed at it.
func (p *phone) guard(do func() error) (err error) {
	full := p.w.has(sim.Full)
	if full {
		if err := p.restart(1); err != nil {
			return err
		}
	}
	defer func() {
		switch r := recover(); r.(type) {
		case nil:
		case killed:
			full, err = true, nil
		default:
			panic(r)
		}
		p.complete = false
		if full {
			err = errors.Join(err, p.restart(0))
		}
		err = errors.Join(err, p.noteSealed())
	}()
	err = do()
	if errors.Is(err, device.ErrFull) && full {
		p.w.tally["  the device's disk was full"]++
		err = nil
	}
	return err
}

// noteSealed sees the entries that the phone has made since the last time.
func (p *phone) noteSealed() error {
	if p.id == (schema.DeviceID{}) {
		return nil
	}
	entries, err := p.d.Entries(p.sealedUpTo, 1000)
	for i := range entries {
		p.sealedUpTo = entries[i].Seq
		sum := p.w.truth.seal(entries[i].Bytes, sealed{device: p.id, seq: entries[i].Seq, knows: p.knows})
		if sum != entries[i].Hash {
			p.w.fail("chains", "%s names another hash of its entry %d", p.name, entries[i].Seq)
		}
	}
	return err
}

func (p *phone) act() error {
	if p.wiped {
		return p.w.skip()
	}
	switch p.w.step.Verb { //nolint:exhaustive // the verbs of one actor
	case sim.Insert, sim.Update, sim.Withdraw, sim.Many:
		return p.guard(p.save)
	case sim.Push, sim.Pull, sim.Sync:
		return p.guard(p.talk)
	case sim.Export:
		return p.guard(p.export)
	case sim.Restart:
		return p.restart(0)
	case sim.Upgrade:
		if p.version == schema.Version {
			return p.w.skip()
		}
		p.version++
		p.w.newest = max(p.w.newest, p.version)
		return p.restart(0)
	case sim.Clock:
		p.clock.Set(p.w.word(0), p.w.step.Dice)
		return nil
	case sim.Remember:
		return p.remember()
	case sim.Wipe, sim.Clone, sim.TurnBack:
		return p.lose()
	default:
		return fmt.Errorf("%w: a device does not %s", sim.ErrScript, p.w.step.Verb)
	}
}

// talk talks to headquarters. What goes wrong at it goes wrong in life too.
func (p *phone) talk() (err error) {
	ctx := context.Background()
	switch p.w.step.Verb { //nolint:exhaustive // the verbs of one actor
	case sim.Push:
		_, err = p.d.Push(ctx)
	case sim.Pull:
		_, err = p.d.Pull(ctx)
	default:
		_, err = p.d.Sync(ctx)
	}
	return p.excuse(err)
}

// excuse passes over what can go wrong in life, and notes what it means.
func (p *phone) excuse(err error) error {
	code := schema.FaultCode(err)
	switch {
	case err == nil, errors.Is(err, device.ErrOffline):
		return nil
	case code == schema.FaultFork:
		p.forked = true
	case code == schema.FaultDeviceRevoked:
		p.revoked = true
	case code == schema.FaultEnrolmentExpired, code == schema.FaultEnrolmentUnknown:
		p.code = "" // too late, or headquarters has forgotten it: another one next time
	case code == schema.FaultAssertion, code == schema.FaultForbidden:
		return p.reenrol() // headquarters has forgotten it
	case code == schema.FaultVersionUnreadable && p.version > p.w.hq.version:
	case code == schema.FaultBadRequest && p.w.torn(): // half of it arrived
	case p.w.hq.full && (code == schema.FaultInternal || code == schema.FaultDiskFull):
	default:
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return nil
}

// torn says whether a request of the step was torn.
func (w *world) torn() bool {
	for i, m := range w.step.Mishaps {
		if m.Kind == sim.Torn && w.taken[i] {
			return true
		}
	}
	return false
}

// enrol makes the phone a device of its person.
func (p *phone) enrol() error {
	ctx := context.Background()
	if p.code == "" {
		code, err := p.w.hq.identity.NewCode(ctx, p.w.campaign, place("inspector", p.person))
		if err != nil {
			return err
		}
		p.code = code.Code
	}
	who, err := p.d.Enrol(ctx, device.Enrolling{Code: p.code, Name: p.name, Key: device.Ed25519})
	if err != nil {
		return err
	}
	p.id = who.Device
	return nil
}

// reenrol enrols with a new code, after headquarters has forgotten the phone.
func (p *phone) reenrol() error {
	if p.id == (schema.DeviceID{}) {
		return nil
	}
	p.code = ""
	p.w.tally["  enrolled again"]++
	err := p.enrol()
	code := schema.FaultCode(err)
	if errors.Is(err, device.ErrOffline) || code == schema.FaultBadRequest && p.w.torn() {
		return nil
	}
	return err
}

func (p *phone) remember() error {
	image, err := p.d.Image()
	p.remembered = &memory{image, p.version, p.knows, p.sealedUpTo, p.code}
	return err
}

// lose does to the phone's storage what storages suffer.
func (p *phone) lose() error {
	switch p.w.step.Verb { //nolint:exhaustive // the verbs of one actor
	case sim.TurnBack:
		if p.remembered == nil || p.remembered.upTo == p.sealedUpTo {
			return p.w.skip()
		}
		return p.turnBack()
	case sim.Clone:
		return p.clone()
	default:
		return p.wipe()
	}
}

func (p *phone) turnBack() error {
	m := p.remembered
	if err := p.d.Close(); err != nil {
		return err
	}
	p.version, p.knows, p.sealedUpTo, p.code = m.version, m.knows, m.upTo, m.code
	p.branch = true
	return p.open(m.image)
}

// twinsMax is how many phones a life has at most.
const twinsMax = 9

func (p *phone) clone() error {
	if len(p.w.phones) >= twinsMax || p.id == (schema.DeviceID{}) {
		return p.w.skip()
	}
	image, err := p.d.Image()
	if err != nil {
		return err
	}
	twin := *p
	twin.name = fmt.Sprintf("d%d", len(p.w.phones)+1)
	twin.dice = sim.NewDice(p.w.step.Dice, 50)
	p.branch, twin.branch, twin.remembered = true, true, nil
	p.w.join(&twin)
	return twin.open(image)
}

func (p *phone) wipe() error {
	if len(p.w.phones) >= twinsMax {
		return p.w.skip()
	}
	p.wiped = true
	fresh := &phone{
		w: p.w, name: fmt.Sprintf("d%d", len(p.w.phones)+1), version: p.version,
		person: p.person, clock: p.clock,
	}
	fresh.dice = sim.NewDice(p.w.step.Dice, 51)
	image, err := device.NewImage(p.version)
	if err != nil {
		return err
	}
	if err := fresh.open(image); err != nil {
		return err
	}
	p.w.join(fresh)
	return fresh.guard(func() error { return fresh.excuse(fresh.enrol()) })
}

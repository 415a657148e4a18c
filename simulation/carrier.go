package simulation

import (
	"errors"
	"fmt"

	"sansuiji/device"
	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/sim"

	"github.com/fxamacker/cbor/v2"
)

// bundlesMax is how many bundles a carrier holds.
const bundlesMax = 20

// export gives the phone's entries to a carrier, or to another phone to carry.
func (p *phone) export() error {
	bundle, err := p.d.Export()
	if errors.Is(err, device.ErrNotEnrolled) || err == nil && len(bundle) == 0 {
		return p.w.skip()
	}
	if err != nil {
		return err
	}
	file, err := bundle.Marshal()
	if err != nil {
		return err
	}
	to := p.w.word(0)
	if other := p.w.names[to]; other != nil {
		if other == p || other.wiped {
			return p.w.skip()
		}
		return other.carry(file)
	}
	if held := p.w.carried[to]; len(held) < bundlesMax {
		p.w.carried[to] = append(held, file)
	}
	return nil
}

// carry takes a bundle. One that contradicts what is carried already is refused.
func (p *phone) carry(file []byte) error {
	return p.guard(func() error {
		bundle, err := device.ParseBundle(file)
		if err != nil {
			return err
		}
		_, err = p.d.Import(bundle)
		if schema.FaultCode(err) == schema.FaultFork || errors.Is(err, device.ErrNotEnrolled) {
			p.w.tally["  bundle refused"]++
			return nil
		}
		return err
	})
}

func (w *world) carrierActs() error {
	held := w.carried[w.step.Actor]
	if len(held) == 0 {
		return w.skip()
	}
	switch w.step.Verb { //nolint:exhaustive // the verbs of one actor
	case sim.Deliver:
		for _, file := range held {
			if err := w.deliver(file); err != nil {
				return err
			}
		}
		return nil
	case sim.Give:
		p := w.names[w.word(0)]
		if p == nil || p.wiped {
			return w.skip()
		}
		for _, file := range held {
			if err := p.carry(file); err != nil {
				return err
			}
		}
		return nil
	default:
		return fmt.Errorf("%w: a carrier does not %s", sim.ErrScript, w.step.Verb)
	}
}

// deliver brings a bundle's runs to headquarters as they are.
func (w *world) deliver(file []byte) error {
	var runs []mobileapi.PushRequest
	if err := cbor.Unmarshal(file, &runs); err != nil {
		return err
	}
	for i := range runs {
		body, err := cbor.Marshal(runs[i])
		if err != nil {
			return err
		}
		m := sim.Message{Path: "push", Token: outlawToken, Body: body}
		_, err = w.network.Send(m, w.fate(), w.hq.serve)
		if err := w.refusal(err); err != nil {
			return err
		}
	}
	return nil
}

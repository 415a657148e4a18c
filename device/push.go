package device

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/chain"
)

const (
	// rewindsMax is how often one push lets headquarters ask for older entries.
	rewindsMax = 3
	// pendingMax is how many held, quarantined and disputed entries are asked after at once.
	pendingMax = 50
)

// errKeepsAsking says that headquarters contradicts itself.
var errKeepsAsking = errors.New("headquarters keeps asking for more")

// Pushed is what a push did.
type Pushed struct {
	Entries int // own ones that headquarters has acknowledged
	Carried int // those of colleagues
}

// Push sends all that waits: first what the device saved itself, then what it
// carries for others.
func (d *Device) Push(ctx context.Context) (Pushed, error) {
	d.line.Lock()
	defer d.line.Unlock()
	d.beginContact()
	return d.push(ctx)
}

func (d *Device) push(ctx context.Context) (done Pushed, err error) {
	for rewinds := 0; ; {
		run, err := d.nextRun()
		if err != nil {
			return done, fmt.Errorf("push: %w", err)
		}
		if len(run) == 0 {
			break
		}
		rewound, err := d.pushRun(ctx, run)
		if err != nil {
			return done, fmt.Errorf("push: %w", err)
		}
		if !rewound {
			done.Entries += len(run)
		} else if rewinds++; rewinds > rewindsMax {
			return done, fmt.Errorf("push: %w", errKeepsAsking)
		}
	}
	done.Carried, err = d.pushCarried(ctx)
	return done, err
}

func (d *Device) nextRun() ([]Entry, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.waitingRun()
}

// askNext asks which entry headquarters wants next, and lets older ones wait again.
func (d *Device) askNext(ctx context.Context) error {
	_, err := d.pushOnce(ctx, nil)
	return err
}

// askPending asks what became of entries that were held or quarantined when they
// arrived, or are disputed.
func (d *Device) askPending(ctx context.Context) error {
	pending, err := d.pending()
	if err != nil {
		return fmt.Errorf("ask after entries: %w", err)
	}
	for len(pending) > 0 {
		n := 1
		for n < len(pending) && pending[n].Seq == pending[n-1].Seq+1 {
			n++
		}
		_, err := d.pushOnce(ctx, pending[:n])
		switch schema.FaultCode(err) {
		case schema.FaultGap, schema.FaultCursorAhead: // it has lost what comes before
			return d.askNext(ctx)
		}
		if err != nil {
			return fmt.Errorf("ask after entries: %w", err)
		}
		pending = pending[n:]
	}
	return nil
}

func (d *Device) pending() ([]Entry, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.entries("state IN ('held', 'quarantined') OR "+isDisputed+" ORDER BY seq LIMIT ?", int64(pendingMax))
}

// pushRun pushes one run. True when headquarters wants older entries first.
func (d *Device) pushRun(ctx context.Context, run []Entry) (rewound bool, err error) {
	rewound, err = d.pushOnce(ctx, run)
	switch schema.FaultCode(err) {
	case schema.FaultGap, schema.FaultCursorAhead: // the latter: there is something to tell first
		return true, d.askNext(ctx)
	}
	return rewound, err
}

// pushOnce sends a run of own entries, which may be empty, and writes down the
// answer. True when older entries wait again.
func (d *Device) pushOnce(ctx context.Context, run []Entry) (rewound bool, err error) {
	request, err := d.pushRequest(run)
	if err != nil {
		return false, err
	}
	answer, sent, err := d.sendPacked(ctx, &request, run)
	if err == nil && !sent {
		answer, err = d.exchange(ctx, request)
	}
	if err != nil {
		return false, err
	}
	err = d.takeAnswer(&request, answer, func() error { return d.takeReceipts(answer, &rewound) })
	return rewound, err
}

// takeReceipts writes down what an answer says of own entries.
func (d *Device) takeReceipts(answer *mobileapi.PushAnswer, rewound *bool) error {
	if err := d.db.markReceipts(answer.Entries); err != nil {
		return err
	}
	if err := d.db.markBackedUp(answer.BackedUp); err != nil {
		return err
	}
	n, err := d.db.waitFrom(answer.Next)
	*rewound = n > 0
	return err
}

// pushRequest is a run with the device's signature over its last entry.
func (d *Device) pushRequest(run []Entry) (request mobileapi.PushRequest, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	who, err := d.identity()
	if err != nil {
		return request, err
	}
	if request, err = d.signRun(&who, run); err != nil {
		return request, err
	}
	return request, d.addKnowledge(&request)
}

// signRun is a push of own entries.
func (d *Device) signRun(who *Identity, run []Entry) (mobileapi.PushRequest, error) {
	request := mobileapi.PushRequest{
		CampaignID: who.Campaign.String(), DeviceID: who.Device.String(),
		Entries: make([]mobileapi.Octets, len(run)),
	}
	for i := range run {
		request.Entries[i] = run[i].Bytes
	}
	if len(run) == 0 {
		return request, nil
	}
	key, err := d.signer()
	if err != nil {
		return request, err
	}
	last := &run[len(run)-1]
	request.Signature, err = chain.SignHead(d.Random, key, who.Campaign, who.Device,
		chain.Head{Seq: last.Seq, Hash: last.Hash})
	return request, err
}

func (d *Device) exchange(
	ctx context.Context, request mobileapi.PushRequest,
) (answer *mobileapi.PushAnswer, err error) {
	err = d.withToken(ctx, func(way Transport, token string) error {
		d.at(PushBeforeSend)
		got, err := way.Push(ctx, token, request)
		answer = &got
		return err
	})
	if err != nil {
		return nil, err
	}
	d.at(PushAfterAnswer)
	return answer, nil
}

// takeAnswer writes down the answer to a push in one transaction.
func (d *Device) takeAnswer(
	request *mobileapi.PushRequest, answer *mobileapi.PushAnswer, receipts func() error,
) error {
	epoch, err := schema.ParseID[schema.Epoch](answer.Epoch)
	if err != nil {
		return foreign("epoch: %w", err)
	}
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	err = d.db.transact(func() error {
		if _, err := d.noteAnswer(epoch, answer.Clock, &answer.Witnessed); err != nil {
			return err
		}
		if len(request.Facts) > 0 {
			if err := d.db.store(stateFactsTo, id(epoch)); err != nil {
				return err
			}
		}
		if err := receipts(); err != nil {
			return err
		}
		d.at(ReceiptsBeforeCommit)
		return nil
	})
	if err != nil {
		return fmt.Errorf("take receipts: %w", err)
	}
	d.at(ReceiptsAfterCommit)
	return nil
}

// noteAnswer writes down what every answer tells. True: it proves that
// headquarters went back, which was not known before.
func (d *Device) noteAnswer(
	epoch schema.Epoch, clock string, w *mobileapi.Witnessed,
) (wentBack bool, err error) {
	at, err := parseClock(clock)
	if err != nil {
		return false, err
	}
	if err := d.db.raiseClock(at); err != nil {
		return false, err
	}
	if err := d.noteEpoch(epoch); err != nil {
		return false, err
	}
	if wentBack, err = d.takeCheckpoint(w); err != nil {
		return false, err
	}
	return wentBack, d.db.store(stateContact, d.nowMillis())
}

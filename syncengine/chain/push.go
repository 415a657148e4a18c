package chain

import (
	"crypto"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/mutant"
)

// Push is a run of one device's entries with the device's signature over the
// last. Who carries it does not matter.
type Push struct {
	Campaign  schema.CampaignID
	Device    schema.DeviceID
	Entries   [][]byte // canonical bytes, seq rising by one
	Signature []byte   // over the head: the last entry
}

// Link is an entry of a push that was checked against its neighbours.
type Link struct {
	Entry Entry
	Hash  Hash
	Bytes []byte
}

// Fault of a push, by the problem it is reported as.
func pushFault(code string, format string, args ...any) error {
	return schema.NewFault(code, fmt.Sprintf(format, args...))
}

// Check reads a push and proves that its entries are one run of one device's
// chain, signed by that device's key. It says nothing of whether the run joins
// what headquarters has.
func (p *Push) Check(key crypto.PublicKey) ([]Link, error) {
	links, err := p.Links()
	if err != nil || len(links) == 0 {
		return nil, err
	}
	last := links[len(links)-1]
	head := Head{last.Entry.Seq, last.Hash}
	if err := VerifyHead(key, p.Campaign, p.Device, head, p.Signature); err != nil {
		return nil, pushFault(schema.FaultSignature, "%v", err)
	}
	return links, nil
}

// Links reads a push and proves that its entries are one run of one chain. Whose
// it is, only Check can tell.
func (p *Push) Links() ([]Link, error) {
	links := make([]Link, len(p.Entries))
	for i, b := range p.Entries {
		e, err := Parse(b)
		if err != nil {
			return nil, pushFault(schema.FaultBadRequest, "entry %d: %v", i, err)
		}
		if e.Campaign != p.Campaign {
			return nil, pushFault(schema.FaultWrongCampaign, "entry %d: campaign %s", i, e.Campaign)
		}
		if e.Device != p.Device {
			return nil, pushFault(schema.FaultNotYourChain, "entry %d: device %s", i, e.Device)
		}
		links[i] = Link{e, HashBytes(b), b}
		if i > 0 && !follows(&e, &links[i-1]) {
			return nil, pushFault(schema.FaultChainBroken, "entry %d: seq %d does not follow", i, e.Seq)
		}
	}
	return links, nil
}

// follows says whether an entry is the next one after a link.
func follows(e *Entry, before *Link) bool {
	next := e.Seq == before.Entry.Seq+1 || mutant.On(mutant.GapAccepted)
	return next && (e.Previous == before.Hash || mutant.On(mutant.PreviousUnchecked))
}

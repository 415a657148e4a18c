package ingest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
)

// Fact says what a state of headquarters had of devices' entries: who pulled it
// was told so.
type Fact struct {
	Epoch    schema.Epoch
	Revision uint64
	Heads    []chain.DeviceHead
}

// Limits on the facts of one push.
const (
	factsMax     = 1000
	factHeadsMax = 10_000 // of all facts together
)

// ErrFacts says that bytes are no facts.
var ErrFacts = errors.New("malformed facts")

// AppendFacts packs facts: for each the epoch (16), revision (8), number of heads
// (4), and each head's device (16) and seq (8). Numbers are big-endian.
func AppendFacts(b []byte, facts []Fact) []byte {
	for i := range facts {
		f := &facts[i]
		b = append(b, f.Epoch[:]...)
		b = binary.BigEndian.AppendUint64(b, f.Revision)
		b = binary.BigEndian.AppendUint32(b, uint32(len(f.Heads)))
		for _, h := range f.Heads {
			b = append(b, h.Device[:]...)
			b = binary.BigEndian.AppendUint64(b, h.Seq)
		}
	}
	return b
}

// ParseFacts reads what AppendFacts wrote.
func ParseFacts(b []byte) ([]Fact, error) {
	const header, head = 16 + 8 + 4, 16 + 8
	var facts []Fact
	total := 0
	for len(b) > 0 {
		if len(b) < header || len(facts) == factsMax {
			return nil, fmt.Errorf("read fact %d: %w", len(facts), ErrFacts)
		}
		f := Fact{Revision: binary.BigEndian.Uint64(b[16:])}
		copy(f.Epoch[:], b)
		n := int(binary.BigEndian.Uint32(b[24:]))
		b = b[header:]
		if total += n; total > factHeadsMax || len(b) < n*head {
			return nil, fmt.Errorf("read fact %d: %w: %d heads", len(facts), ErrFacts, n)
		}
		for range n {
			h := chain.DeviceHead{Seq: binary.BigEndian.Uint64(b[16:])}
			copy(h.Device[:], b)
			f.Heads, b = append(f.Heads, h), b[head:]
		}
		facts = append(facts, f)
	}
	return facts, nil
}

// check refuses facts that cannot be kept.
func checkFacts(facts []Fact) error {
	heads := 0
	for i := range facts {
		heads += len(facts[i].Heads)
		for _, h := range facts[i].Heads {
			if h.Seq > 1<<62 || facts[i].Revision > 1<<62 {
				return schema.NewFault(schema.FaultBadRequest, "facts: a number is too high")
			}
		}
	}
	if len(facts) > factsMax || heads > factHeadsMax {
		return schema.NewFault(schema.FaultTooLarge, fmt.Sprintf("%d facts, %d heads", len(facts), heads))
	}
	return nil
}

// Learn keeps what a device tells of epochs that ended here, as an entry of
// headquarters' chain: entries to come are merged by it. What is known already,
// or is of no such epoch, is passed over.
func (s *Service) Learn(
	ctx context.Context, campaign schema.CampaignID, from schema.DeviceID, facts []Fact,
) error {
	if err := checkFacts(facts); err != nil {
		return err
	}
	var fresh []Fact
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		var err error
		fresh, err = s.fresh(ctx, v, facts)
		return err
	})
	if err != nil || len(fresh) == 0 {
		return err
	}
	return s.Record(ctx, campaign, Event{
		Kind: schema.EventFacts, Detail: "device " + from.String(), Body: AppendFacts(nil, fresh),
	})
}

// fresh picks what is not known of enrolled devices.
func (s *Service) fresh(ctx context.Context, v store.View, facts []Fact) ([]Fact, error) {
	var fresh []Fact
	for i := range facts {
		f := &facts[i]
		if f.Epoch == v.State.Epoch || f.Epoch == (schema.Epoch{}) {
			continue
		}
		kept := Fact{Epoch: f.Epoch, Revision: f.Revision}
		for _, h := range f.Heads {
			var known bool
			err := v.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM epoch_head
				WHERE campaign_no = $1 AND epoch = $2 AND device_id = $3 AND seq >= $4 AND revision <= $5)
				OR NOT EXISTS (SELECT 1 FROM device WHERE campaign_no = $1 AND id = $3)`,
				v.CampaignNo, f.Epoch[:], h.Device[:], int64(h.Seq), int64(f.Revision)).Scan(&known)
			if err != nil {
				return nil, fmt.Errorf("look for a fact: %w", err)
			}
			if !known && h.Device != s.Device {
				kept.Heads = append(kept.Heads, h)
			}
		}
		if len(kept.Heads) > 0 {
			fresh = append(fresh, kept)
		}
	}
	return fresh, nil
}

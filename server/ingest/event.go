package ingest

import (
	"context"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/mutant"
)

// Event is something that happens at headquarters beside a change of rows. It is
// an entry of headquarters' chain, so what it does can be replayed.
type Event struct {
	Kind     string // of schema's events
	Actor    string
	Detail   string
	Position uint64 // of the history; 0: none
	Body     []byte

	// Epoch begins a new epoch; nil goes on in the present one.
	Epoch *schema.Epoch
}

// Record makes an event an entry.
func (s *Service) Record(ctx context.Context, campaign schema.CampaignID, event Event) error {
	bytes, err := s.eventBytes(&event)
	if err != nil {
		return err
	}
	return s.Write(ctx, Edit{
		Campaign: campaign, Seen: SeenAll, Changeset: bytes, Epoch: event.Epoch,
	})
}

func (s *Service) eventBytes(event *Event) ([]byte, error) {
	b := edit.New(s.Catalogue)
	cells := edit.Cells{
		"kind": edit.Text(event.Kind), "actor": edit.Text(event.Actor),
		"detail": edit.Text(event.Detail), "happened_at": edit.Int(s.nowMillis()),
	}
	if event.Position > 0 {
		cells["position"] = edit.Int(int64(event.Position))
	}
	if event.Body != nil {
		cells["body"] = edit.Bytes(event.Body)
	}
	b.Insert("event", schema.NewRowID(), cells)
	return b.Bytes()
}

// turn lets an entry of headquarters begin an epoch, or raise the schema version
// up to which entries are merged: those it was written in.
func (a *acceptor) turn(e *chain.Entry) (upgraded bool, err error) {
	if !a.isHQ() {
		return false, nil
	}
	state := a.tx.State()
	if e.Seen.Epoch != state.Epoch && e.Seen.Epoch != (schema.Epoch{}) {
		if err := a.tx.BeginEpoch(e.Seen.Epoch); err != nil {
			return false, err
		}
		a.knows = newKnowledge(a.tx)
	}
	if e.Schema <= state.Schema {
		return false, nil
	}
	upgraded = state.Schema > 0
	state.Schema = min(e.Schema, a.catalogue.Version)
	return upgraded, nil
}

// happened does what headquarters' events mean.
func (a *acceptor) happened(plan *merge.Plan, upgraded bool) error {
	if !a.isHQ() {
		return nil
	}
	for i := range plan.Writes {
		w := &plan.Writes[i]
		if w.Table.Name != "event" || !w.Insert {
			continue
		}
		if err := a.event(w); err != nil {
			return fmt.Errorf("do as event %s says: %w", w.ID, err)
		}
	}
	if !upgraded || mutant.On(mutant.UpgradeForgets) {
		return nil
	}
	places, err := a.tx.QuarantinedFor(schema.ReasonVersion)
	if err != nil {
		return err
	}
	for _, p := range places {
		if err := a.reconsider(p.Position); err != nil {
			return fmt.Errorf("merge entry at %d after the upgrade: %w", p.Position, err)
		}
	}
	return nil
}

func (a *acceptor) event(w *merge.RowWrite) error {
	value := func(name string) changeset.Value { return w.Values[w.Table.ColumnIndex(name)] }
	state, position := a.tx.State(), value("position").Bits
	switch string(value("kind").Bytes) {
	case schema.EventBackedUp:
		state.BackedUp = max(state.BackedUp, min(position, state.Position))
	case schema.EventFacts:
		return a.facts(value("body").Bytes)
	case schema.EventReleased:
		if position == 0 || position >= state.Position {
			return nil
		}
		record, err := a.tx.At(position)
		if err != nil || record.Outcome != schema.Quarantined {
			return err
		}
		return a.reconsider(position)
	}
	return nil
}

// facts keeps what devices saw of an epoch that ended. Headquarters' own entries
// of then are lost, and others have their places.
func (a *acceptor) facts(body []byte) error {
	facts, err := ParseFacts(body)
	if err != nil {
		return err
	}
	var heads []store.EpochHead
	for _, f := range facts {
		if f.Epoch == a.tx.State().Epoch {
			continue
		}
		for _, h := range f.Heads {
			if h.Device != a.author.Device {
				heads = append(heads, store.EpochHead{
					Epoch: f.Epoch, Revision: f.Revision, Device: h.Device, Seq: h.Seq,
				})
			}
		}
	}
	a.knows = newKnowledge(a.tx)
	return a.tx.AddEpochHeads(heads)
}

// Upgrade lets every campaign merge entries of this program's schema version, and
// those that waited for it.
func (s *Service) Upgrade(ctx context.Context) error {
	campaigns, err := store.Campaigns(ctx, s.Store)
	if err != nil {
		return err
	}
	for _, id := range campaigns {
		var have int
		if err := s.Store.Read(ctx, id, func(v store.View) error {
			have = v.State.Schema
			return nil
		}); err != nil {
			return err
		}
		if have == 0 || have >= s.Catalogue.Version {
			continue
		}
		if err := s.Record(ctx, id, Event{
			Kind: schema.EventUpgraded, Detail: fmt.Sprintf("%d → %d", have, s.Catalogue.Version),
		}); err != nil {
			return fmt.Errorf("upgrade %s: %w", id, err)
		}
	}
	return nil
}

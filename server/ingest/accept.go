package ingest

import (
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/mutant"
)

// acceptor takes one device's entries into a campaign, within one transaction.
type acceptor struct {
	catalogue *schema.Catalogue
	tx        *store.Tx
	author    *store.Author
	rights    store.Rights
	knows     *knowledge
	planner   *merge.Planner
	now       int64
	grown     bool // the chain has a new head
	asked     bool // whoever sends entries again wants to know how each stands

	// replayed is the record that a replay follows: its effective clock and
	// time of receipt are facts that cannot be had again.
	replayed *store.Record
}

func newAcceptor(
	catalogue *schema.Catalogue, tx *store.Tx, device schema.DeviceID, now int64,
) (*acceptor, error) {
	author, err := tx.Author(device)
	if err != nil {
		return nil, fmt.Errorf("find chain of %s: %w", device, err)
	}
	rights, err := tx.Rights(device)
	if err != nil {
		return nil, fmt.Errorf("find rights of %s: %w", device, err)
	}
	return &acceptor{
		catalogue: catalogue, tx: tx, author: author, rights: rights, now: now,
		knows: newKnowledge(tx), planner: merge.NewPlanner(catalogue),
	}, nil
}

// isHQ says whether the entries are headquarters' own.
func (a *acceptor) isHQ() bool { return a.author.Number == store.HQAuthor }

// accept takes one entry. A fault means that it does not continue the chain.
func (a *acceptor) accept(link *chain.Link) (schema.EntryReceipt, error) {
	e, head := &link.Entry, a.author.Head
	switch {
	case e.Seq <= head.Seq:
		return a.again(link)
	case e.Seq > head.Seq+1:
		return schema.EntryReceipt{}, schema.NewFault(schema.FaultGap,
			fmt.Sprintf("next is %d, not %d", head.Seq+1, e.Seq))
	case e.Previous != a.previous():
		return schema.EntryReceipt{}, schema.NewFault(schema.FaultFork,
			fmt.Sprintf("entry %d does not follow the one headquarters has", e.Seq))
	}
	record := &store.Record{
		Author: a.author.Number, Seq: e.Seq, Hash: link.Hash, Entry: link.Bytes,
		Clock: clock.Effective(e.Clock, a.author.Clock, a.tx.State().Clock, a.now), ReceivedAt: a.now,
	}
	if a.isHQ() {
		record.Clock = max(e.Clock, a.author.Clock+1) // the clock that others are held against
	}
	if a.replayed != nil {
		record.Clock, record.ReceivedAt = a.replayed.Clock, a.replayed.ReceivedAt
	}
	return a.next(e, record)
}

// previous is what the next entry must name as the one before it.
func (a *acceptor) previous() chain.Hash {
	if a.author.Head.Seq == 0 {
		return chain.Genesis(a.tx.State().Campaign, a.author.Device, a.rights.PublicKey)
	}
	return a.author.Head.Hash
}

// again answers for an entry whose place in the chain is taken.
func (a *acceptor) again(link *chain.Link) (schema.EntryReceipt, error) {
	have, err := a.tx.EntryOf(a.author.Number, link.Entry.Seq)
	if err != nil {
		return schema.EntryReceipt{}, err
	}
	if have.Hash != link.Hash {
		return schema.EntryReceipt{}, schema.NewFault(schema.FaultFork,
			fmt.Sprintf("entry %d differs from the one headquarters has", have.Seq))
	}
	if mutant.On(mutant.DuplicateTwice) && have.Outcome == schema.Merged {
		return a.twice(link, &have)
	}
	receipt := schema.EntryReceipt{
		Seq: have.Seq, Outcome: schema.Duplicate, Stands: have.Outcome,
		Reason: have.Reason, Detail: have.Detail,
	}
	if a.asked {
		receipt.Conflicts, err = a.stillOpen(&link.Entry)
	}
	return receipt, err
}

// askedMax is how many entries a push may bring whose author wants to know what became of
// each: one that sends all again after a restore has other worries.
const askedMax = 100

// stillOpen counts the open conflicts in which writes of an entry compete.
func (a *acceptor) stillOpen(e *chain.Entry) (n int, err error) {
	for _, ref := range merge.Refs(nil, a.catalogue, changeset.NewReader(nil, changeset.Limits{}), e.Schema, e.Changeset) {
		row, present, err := a.tx.Row(ref.Table, ref.ID)
		if err != nil {
			return 0, err
		}
		for column := range row.Stamps {
			if !present || !row.Stamps[column].Contested {
				continue
			}
			contest, err := a.tx.Contest(ref.Table, ref.ID, column)
			if err != nil {
				return 0, err
			}
			if contest.State == merge.Open && slices.ContainsFunc(contest.Writes, func(w merge.Write) bool {
				return w.Author == a.author.Number && w.Seq == e.Seq
			}) {
				n++
			}
		}
	}
	return n, nil
}

// twice is a planted bug: it merges an entry that is merged.
func (a *acceptor) twice(link *chain.Link, have *store.Record) (schema.EntryReceipt, error) {
	record, err := a.tx.At(have.Position)
	if err != nil {
		return schema.EntryReceipt{}, err
	}
	plan, err := a.decide(&link.Entry, &record)
	if err == nil {
		err = a.settle(&plan, &record)
	}
	return schema.EntryReceipt{Seq: have.Seq, Outcome: schema.Duplicate, Stands: have.Outcome}, err
}

// next takes the entry that continues the chain into the history and the rows.
func (a *acceptor) next(e *chain.Entry, record *store.Record) (schema.EntryReceipt, error) {
	upgraded, err := a.turn(e)
	if err != nil {
		return schema.EntryReceipt{}, err
	}
	if a.author.Head.Seq == 0 { // it takes its number: its own writes are asked about
		if err := a.tx.SaveAuthor(a.author); err != nil {
			return schema.EntryReceipt{}, err
		}
	}
	state := a.tx.State()
	state.Position++
	state.Clock = max(state.Clock, record.Clock)
	record.Position = state.Position
	plan, err := a.decide(e, record)
	if err != nil {
		return schema.EntryReceipt{}, fmt.Errorf("decide entry %d: %w", e.Seq, err)
	}
	a.tx.Points.Hit("entry.decided")
	if err := a.settle(&plan, record); err != nil {
		return schema.EntryReceipt{}, err
	}
	a.tx.Points.Hit("entry.settled")
	if err := a.tx.Append(record); err != nil {
		return schema.EntryReceipt{}, err
	}
	a.author.Head = chain.Head{Seq: e.Seq, Hash: record.Hash}
	a.author.Clock, a.author.Revision, a.grown = record.Clock, record.Revision, true
	a.tx.Points.Hit("entry.appended")
	receipt := schema.EntryReceipt{
		Seq: e.Seq, Outcome: record.Outcome, Reason: record.Reason, Detail: record.Detail,
		Conflicts: openContests(&plan),
	}
	if mutant.On(mutant.QuarantinedAsMerged) && receipt.Outcome == schema.Quarantined && !a.isHQ() {
		receipt.Outcome, receipt.Reason = schema.Merged, ""
	}
	if err := a.arrived(&plan); err != nil {
		return receipt, err
	}
	return receipt, a.happened(&plan, upgraded)
}

func openContests(plan *merge.Plan) int {
	n := 0
	for i := range plan.Contests {
		if plan.Contests[i].State == merge.Open {
			n++
		}
	}
	return n
}

func (a *acceptor) decide(e *chain.Entry, record *store.Record) (merge.Plan, error) {
	state := a.tx.State()
	if a.rights.Revoked && !mutant.On(mutant.RevokedMerged) {
		return merge.Plan{
			Outcome: schema.Quarantined, Reason: schema.ReasonDeviceRevoked, Revision: state.Revision,
		}, nil
	}
	entry := merge.Entry{
		Campaign: state.Campaign, Seq: record.Seq, Clock: record.Clock, Schema: e.Schema,
		SchemaMax: state.Schema, Revision: state.Revision, Changeset: e.Changeset,
		Awaited: e.Seq <= a.author.Named,
		Author: merge.Author{
			Number: a.author.Number, Device: a.author.Device, HQ: a.isHQ(),
			Inspector: a.rights.Inspector, Scopes: a.rights.Scopes,
		},
	}
	var err error
	if entry.Seen, err = a.knows.revision(&e.Seen); err != nil {
		return merge.Plan{}, err
	}
	heads, err := a.knows.heads(&e.Seen)
	if err != nil {
		return merge.Plan{}, err
	}
	if entry.Heads, err = a.knows.known(heads); err != nil {
		return merge.Plan{}, err
	}
	return a.planner.Decide(&view{a.tx, a.knows, e}, &entry)
}

// view shows the campaign's rows to an entry.
type view struct {
	*store.Tx
	knows *knowledge
	entry *chain.Entry
}

// Knew says whether the entry that left a stamp had seen this one.
func (v *view) Knew(s merge.Stamp) (bool, error) {
	return v.knows.knew(s, v.entry.Device, v.entry.Seq)
}

// settle stores a plan and writes its outcome into the record.
func (a *acceptor) settle(plan *merge.Plan, record *store.Record) error {
	record.Outcome, record.Reason, record.Detail = plan.Outcome, plan.Reason, plan.Detail
	record.Revision = plan.Revision
	switch plan.Outcome {
	case schema.Merged:
		revision, err := a.tx.Apply(plan, record.ReceivedAt)
		if err != nil {
			return fmt.Errorf("store entry %d: %w", record.Seq, err)
		}
		record.Revision = revision
	case schema.Held:
		return a.tx.Hold(plan.Awaits, record.Position)
	case schema.Quarantined, schema.Duplicate:
	}
	return nil
}

// arrived merges the held entries that waited for rows which a plan brought.
func (a *acceptor) arrived(plan *merge.Plan) error {
	for i := range plan.Writes {
		if !plan.Writes[i].Insert || mutant.On(mutant.HeldNeverReleased) {
			continue
		}
		positions, err := a.tx.Release(plan.Writes[i].RowRef)
		if err != nil {
			return err
		}
		for _, p := range positions {
			if err := a.reconsider(p); err != nil {
				return fmt.Errorf("merge held entry at %d: %w", p, err)
			}
		}
	}
	return nil
}

// reconsider decides anew about an entry of the history.
func (a *acceptor) reconsider(position uint64) error {
	record, err := a.tx.At(position)
	if err != nil {
		return err
	}
	e, err := chain.Parse(record.Entry)
	if err != nil {
		return err
	}
	author, err := newAcceptor(a.catalogue, a.tx, e.Device, a.now)
	if err != nil {
		return err
	}
	plan, err := author.decide(&e, &record)
	if err != nil {
		return err
	}
	if err := author.settle(&plan, &record); err != nil {
		return err
	}
	if err := a.tx.Reconsider(&record); err != nil {
		return err
	}
	author.author.Revision = record.Revision
	if err := a.tx.SaveAuthor(author.author); err != nil {
		return err
	}
	a.tx.Points.Hit("entry.reconsidered")
	return author.arrived(&plan)
}

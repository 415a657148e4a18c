package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// Doing is what a person does with an entry.
type Doing struct {
	Kind     Kind    `json:"kind" enum:"progress,claimed,checked,rejected,closed,reopened"`
	Text     string  `json:"text" maxLength:"4000" doc:"Needed for progress, claims, rejections and reopening; and for a check that rests on no visit"`
	VisitID  string  `json:"visit_id,omitempty" doc:"The visit that a check rests on"`
	Evidence []Shown `json:"evidence,omitempty" maxItems:"20" nullable:"false"`
	ReadAt   uint64  `json:"read_at" doc:"Of what the person had on the screen"`
}

// Shown is an uploaded file that is shown with an act.
type Shown struct {
	Hash    string `json:"hash" pattern:"^[0-9a-f]{64}$"`
	Name    string `json:"name" minLength:"1" maxLength:"200"`
	Caption string `json:"caption,omitempty" maxLength:"500"`
}

// evidenceMax is how many files one act may show.
const evidenceMax = 20

// Act does one thing with one entry.
func (s *Service) Act(
	ctx context.Context, campaign schema.CampaignID, who Person, id schema.RowID, do Doing,
) error {
	if err := do.check(); err != nil {
		return err
	}
	d, err := s.Entry(ctx, campaign, who, id)
	if err != nil {
		return err
	}
	r, ok := next(d.State, do.Kind, who.side())
	switch {
	case !ok:
		return schema.NewFault(schema.FaultLedgerState, string(d.State)+" → "+string(do.Kind))
	case r.bars(who, d.parts()):
		return schema.NewFault(schema.FaultSecondPerson, string(do.Kind))
	}
	shown, err := s.shown(ctx, campaign, do.Evidence)
	if err != nil {
		return err
	}
	cells, err := do.cells(&d, who)
	if err != nil {
		return err
	}
	b := edit.New(s.Ingest.Catalogue)
	b.Update("ledger_entry", id, d.cells(), s.after(&d, who, r.to, do))
	act := schema.NewRowID()
	cells["ledger_entry_id"], cells["done_at"] = edit.ID(id), edit.Int(s.now())
	b.Insert("ledger_act", act, cells)
	for i := range shown {
		shown[i]["ledger_act_id"] = edit.ID(act)
		b.Insert("evidence", schema.NewRowID(), shown[i])
	}
	return s.write(ctx, campaign, id, do.ReadAt, b)
}

// write writes a change of an entry, if nobody changed it, or the steps that are given,
// since it was read.
func (s *Service) write(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, readAt uint64, b *edit.Builder, steps ...EntryStep,
) error {
	bytes, err := b.Bytes()
	if err != nil {
		return err
	}
	unchanged := []func(*store.Tx) error{s.unchanged("ledger_entry", id, readAt)}
	for i := range steps {
		step, err := parseRow(steps[i].ID, "step")
		if err != nil {
			return err
		}
		unchanged = append(unchanged, s.unchanged("ledger_step", step, readAt))
	}
	return s.Ingest.Write(ctx, ingest.Edit{
		Campaign: campaign, Seen: readAt, Changeset: bytes, Guard: func(tx *store.Tx) error {
			for _, check := range unchanged {
				if err := check(tx); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

func (s *Service) unchanged(table string, id schema.RowID, readAt uint64) func(*store.Tx) error {
	return ingest.RowUnchanged(merge.RowRef{Table: s.Ingest.Catalogue.MustTable(table), ID: id}, readAt)
}

// check wants the words without which an act says nothing.
func (do *Doing) check() error {
	do.Text = strings.TrimSpace(do.Text)
	if len(do.Evidence) > evidenceMax {
		return schema.NewFault(schema.FaultValue, fmt.Sprintf("more than %d files", evidenceMax))
	}
	switch do.Kind {
	case Report, Claim, Reject, Reopen:
		if do.Text == "" {
			return schema.NewFault(schema.FaultReasonWanted, string(do.Kind))
		}
	case Check:
		if do.Text == "" && do.VisitID == "" {
			return schema.NewFault(schema.FaultReasonWanted, string(do.Kind))
		}
	case CloseOut:
	case Change: // has a way of its own
		return schema.NewFault(schema.FaultLedgerState, string(do.Kind))
	}
	if do.VisitID != "" && do.Kind != Check {
		return schema.NewFault(schema.FaultValue, "visit_id: only a check rests on a visit")
	}
	return nil
}

// cells are the act's row, but for its entry and time.
func (do *Doing) cells(d *EntryDetail, who Person) (edit.Cells, error) {
	cells := edit.Cells{
		"kind": edit.Text(string(do.Kind)), "text": edit.Text(do.Text), "author": edit.Text(who.Signature()),
	}
	if do.VisitID == "" {
		return cells, nil
	}
	for i := range d.Verifications {
		if d.Verifications[i].VisitID == do.VisitID {
			visit, err := parseRow(do.VisitID, "visit_id")
			cells["visit_id"] = edit.ID(visit)
			return cells, err
		}
	}
	return nil, schema.NewFault(schema.FaultValue, "visit_id: nobody verified this problem there")
}

// after is what the entry's row becomes.
func (s *Service) after(d *EntryDetail, who Person, to State, do Doing) edit.Cells {
	now, null := edit.Int(s.now()), changeset.NullValue()
	cells := edit.Cells{"state": edit.Text(string(to))}
	switch do.Kind {
	case Report:
		cells["progress"] = edit.Text(do.Text)
	case Claim:
		cells["progress"], cells["claimed_at"] = edit.Text(do.Text), now
	case Check:
		cells["checked_by"], cells["checked_at"] = edit.Text(who.Signature()), now
	case Reject:
		cells["claimed_at"], cells["checked_by"], cells["checked_at"] = null, null, null
	case CloseOut:
		cells["closed_by"], cells["closed_at"] = edit.Text(who.Signature()), now
	case Reopen:
		for _, column := range []string{"claimed_at", "checked_by", "checked_at", "closed_by", "closed_at"} {
			cells[column] = null
		}
		cells["reopened"] = edit.Int(d.Reopened + 1)
	case Change:
	}
	return cells
}

// cells are the entry's row as it was read.
func (e *Entry) cells() edit.Cells {
	cells := e.Terms.cells()
	cells["progress"], cells["state"] = edit.Text(e.Progress), edit.Text(string(e.State))
	cells["claimed_at"], cells["checked_at"], cells["closed_at"] = moment(e.ClaimedAt), moment(e.CheckedAt), moment(e.ClosedAt)
	cells["checked_by"], cells["closed_by"] = edit.Text(e.CheckedBy), edit.Text(e.ClosedBy)
	if cells["reopened"] = changeset.NullValue(); e.Reopened > 0 {
		cells["reopened"] = edit.Int(e.Reopened)
	}
	return cells
}

func (t *Terms) cells() edit.Cells {
	return edit.Cells{
		"measure": edit.Text(t.Measure), "goal": edit.Text(t.Goal), "responsible_unit": edit.Text(t.ResponsibleUnit),
		"responsible_leader": edit.Text(t.Leader), "responsible_person": edit.Text(t.Person), "due_at": moment(t.DueAt),
	}
}

func moment(at *int64) changeset.Value {
	if at == nil {
		return changeset.NullValue()
	}
	return edit.Int(*at)
}

// ActResult is what came of one of many entries.
type ActResult struct {
	ID      string `json:"id" format:"uuid"`
	Problem string `json:"problem,omitempty" doc:"Code of why it was refused; empty: done"`
}

// bulkMax is how many entries are dealt with at once.
const bulkMax = 200

// ActAll does the same with many entries, each by itself: that one is refused stops no other.
func (s *Service) ActAll(
	ctx context.Context, campaign schema.CampaignID, who Person, ids []string, do Doing,
) ([]ActResult, error) {
	if len(ids) > bulkMax {
		return nil, schema.NewFault(schema.FaultValue, fmt.Sprintf("more than %d entries", bulkMax))
	}
	if err := do.check(); err != nil {
		return nil, err
	}
	results := make([]ActResult, len(ids))
	for i, text := range ids {
		results[i].ID = text
		id, err := parseRow(text, "entry")
		if err == nil {
			err = s.Act(ctx, campaign, who, id, do)
		}
		if results[i].Problem = schema.FaultCode(err); err != nil && results[i].Problem == "" {
			return nil, fmt.Errorf("act on ledger entry %s: %w", text, err)
		}
		if errors.Is(err, store.ErrLost) || ctx.Err() != nil {
			return nil, errors.Join(err, ctx.Err())
		}
	}
	return results, nil
}

package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Entry reads one entry with all that is known of it.
func (s *Service) Entry(
	ctx context.Context, campaign schema.CampaignID, who Person, id schema.RowID,
) (d EntryDetail, err error) {
	err = s.read(ctx, campaign, who, func(v store.View) error {
		r := detailReader{v, id, &d}
		for _, read := range []func(context.Context) error{
			func(ctx context.Context) error { return r.entry(ctx, who) },
			r.problem, r.steps, r.acts, r.evidence, func(ctx context.Context) error { return r.verifications(ctx, who) },
		} {
			if err := read(ctx); err != nil {
				return err
			}
		}
		d.May, d.Barred = options(d.State, who, d.parts())
		if len(d.Verifications) > 0 {
			d.Outcome = d.Verifications[0].Outcome
		}
		d.ReadAt = v.State.Revision
		return nil
	})
	if err != nil {
		return EntryDetail{}, fmt.Errorf("read ledger entry %s: %w", id, err)
	}
	return d, nil
}

// parts says who did what of what is judged now.
func (d *EntryDetail) parts() (did parts) {
	for i := range d.Acts {
		switch d.Acts[i].Kind {
		case Claim:
			did.claimant = d.Acts[i].Author
		case Check:
			did.checker = d.Acts[i].Author
		case Report, Reject, CloseOut, Reopen, Change:
		}
	}
	if d.CheckedBy != "" {
		did.checker = d.CheckedBy
	}
	return did
}

// detailReader reads what belongs to an entry.
type detailReader struct {
	store.View
	id schema.RowID
	d  *EntryDetail
}

func (r *detailReader) entry(ctx context.Context, who Person) error {
	n := narrowing{args: []any{r.CampaignNo, r.id[:]}}
	n.home(who.Home)
	where := " AND e.id = $2"
	for _, condition := range n.conditions {
		where += " AND " + condition
	}
	var err error
	r.d.Entry, err = scanEntry(r.QueryRowContext(ctx, "SELECT "+entryColumns+entryTables+where, n.args...))
	if errors.Is(err, sql.ErrNoRows) {
		return schema.NewFault(schema.FaultNotFound, r.id.String())
	}
	return err
}

func (r *detailReader) problem(ctx context.Context) error {
	var finding, conclusion []byte
	err := r.QueryRowContext(ctx, `SELECT coalesce(p.detail, ''), coalesce(p.reach, ''), e.finding_id, e.conclusion_id
		FROM ledger_entry e JOIN problem p ON p.campaign_no = e.campaign_no AND p.id = e.problem_id
		WHERE e.campaign_no = $1 AND e.id = $2`, r.CampaignNo, r.id[:]).
		Scan(&r.d.ProblemDetail, &r.d.Reach, &finding, &conclusion)
	r.d.FindingID, r.d.ConclusionID = idText(finding), idText(conclusion)
	return err
}

func (r *detailReader) steps(ctx context.Context) (err error) {
	r.d.StepList, err = store.List(ctx, r, func(row store.Scanner) (s EntryStep, err error) {
		var id []byte
		err = row.Scan(&id, &s.Text, &s.DueAt, &s.DoneAt, &s.position)
		s.ID = idText(id)
		return s, err
	}, `SELECT id, text, due_at, done_at, position FROM ledger_step
		WHERE campaign_no = $1 AND ledger_entry_id = $2 AND withdrawn_at IS NULL ORDER BY position, id`,
		r.CampaignNo, r.id[:])
	return err
}

func (r *detailReader) acts(ctx context.Context) (err error) {
	r.d.Acts, err = store.List(ctx, r, func(row store.Scanner) (a EntryAct, err error) {
		var id, visit []byte
		err = row.Scan(&id, &a.Kind, &a.Text, &visit, &a.Visit, &a.Author, &a.DoneAt)
		a.ID, a.VisitID, a.Evidence = idText(id), idText(visit), []Evidence{}
		return a, err
	}, `SELECT a.id, a.kind, coalesce(a.text, ''), a.visit_id, coalesce(t.name, ''), a.author, a.done_at
		FROM ledger_act a
		LEFT JOIN visit v ON v.campaign_no = a.campaign_no AND v.id = a.visit_id
		LEFT JOIN team t ON t.campaign_no = v.campaign_no AND t.id = v.team_id
		WHERE a.campaign_no = $1 AND a.ledger_entry_id = $2 ORDER BY a.done_at, a.id`, r.CampaignNo, r.id[:])
	return err
}

func (r *detailReader) evidence(ctx context.Context) error {
	list, err := store.List(ctx, r, func(row store.Scanner) (e Evidence, err error) {
		var id, act, hash []byte
		if err = row.Scan(&id, &act, &hash, &e.Size, &e.MediaType, &e.Name, &e.Caption); err != nil {
			return e, err
		}
		e.ID, e.actID = idText(id), idText(act)
		if len(hash) == len(schema.BlobHash{}) {
			e.Hash = schema.BlobHash(hash).String()
		}
		return e, nil
	}, `SELECT f.id, f.ledger_act_id, f.hash, f.size, f.media_type, f.name, coalesce(f.caption, '')
		FROM evidence f JOIN ledger_act a ON a.campaign_no = f.campaign_no AND a.id = f.ledger_act_id
		WHERE f.campaign_no = $1 AND a.ledger_entry_id = $2 ORDER BY f.id`, r.CampaignNo, r.id[:])
	for i := range r.d.Acts {
		for k := range list {
			if list[k].actID == r.d.Acts[i].ID {
				r.d.Acts[i].Evidence = append(r.d.Acts[i].Evidence, list[k])
			}
		}
	}
	return err
}

// verifications are headquarters' to tell a unit of.
func (r *detailReader) verifications(ctx context.Context, who Person) (err error) {
	r.d.Verifications = []Sighting{}
	if who.Home != nil {
		return nil
	}
	problem, err := parseRow(r.d.ProblemID, "problem")
	if err != nil {
		return err
	}
	r.d.Verifications, err = store.List(ctx, r, func(row store.Scanner) (f Sighting, err error) {
		var visit []byte
		err = row.Scan(&visit, &f.Team, &f.Outcome, &f.Note, &f.Inspector, &f.At)
		f.VisitID = idText(visit)
		return f, err
	}, `SELECT f.visit_id, coalesce(t.name, ''), f.outcome, coalesce(f.note, ''), coalesce(i.name, ''), f.verified_at
		FROM verification f
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		LEFT JOIN team t ON t.campaign_no = v.campaign_no AND t.id = v.team_id
		LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id
		WHERE f.campaign_no = $1 AND f.problem_id = $2 AND f.outcome IS NOT NULL AND f.withdrawn_at IS NULL
		ORDER BY coalesce(f.verified_at, 0) DESC, f.id DESC`, r.CampaignNo, problem[:])
	return err
}

package review

import (
	"context"
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// Item is a finding among several that are decided about.
type Item struct {
	Finding  string `json:"finding" format:"uuid"`
	Decision string `json:"decision" enum:"accepted,returned,pending" doc:"pending takes a decision back"`
	Note     string `json:"note,omitempty" maxLength:"2000" doc:"Needed when returned"`
}

// Decided tells what came of many decisions.
type Decided struct {
	Done    []string  `json:"done" doc:"Findings"`
	Skipped []Skipped `json:"skipped" doc:"They stay as they are"`
}

// Skipped is a finding that could not be decided about, and why.
type Skipped struct {
	Finding string       `json:"finding" format:"uuid"`
	Code    string       `json:"code" doc:"Of the problem list"`
	Title   schema.Label `json:"title"`
}

// Decide accepts a finding, or returns it with a note.
func (s *Service) Decide(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, d Verdict,
) error {
	b := edit.New(s.Catalogue)
	ref := merge.RowRef{Table: s.Catalogue.MustTable("finding"), ID: id}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		return s.verdict(ctx, v, b, ref, d)
	})
	if err != nil {
		return fmt.Errorf("decide about finding %s: %w", id, err)
	}
	return s.write(ctx, ingest.Edit{
		Campaign: campaign, Seen: d.ReadAt, Guard: ingest.RowUnchanged(ref, d.ReadAt),
	}, b)
}

// verdict adds a decision to an edit.
func (s *Service) verdict(
	ctx context.Context, v store.View, b *edit.Builder, ref merge.RowRef, d Verdict,
) error {
	if d.Decision == "returned" && d.Note == "" {
		return schema.NewFault(schema.FaultValue, "a returned finding needs a note")
	}
	before, err := s.reader(v).cells(ctx, ref)
	if err != nil {
		return err
	}
	if before["withdrawn_at"].Kind != changeset.Null {
		return schema.NewFault(schema.FaultValue, "the finding was withdrawn")
	}
	b.Update("finding", ref.ID, before, edit.Cells{
		"review_state": edit.Text(d.Decision), "review_note": edit.Text(d.Note),
	})
	said := d.Decision
	if said == "pending" {
		said = "edited" // a decision that is taken back is none
	}
	return s.note(ctx, v, b, ref, decision{said, "", d.Note, d.Reviewer})
}

// DecideAll decides about findings as they were listed, in one entry. Those that somebody
// changed since, or that cannot be decided about, are left out and told.
func (s *Service) DecideAll(
	ctx context.Context, campaign schema.CampaignID, items []Item, d Verdict,
) (Decided, error) {
	out := Decided{Done: []string{}, Skipped: []Skipped{}}
	b := edit.New(s.Catalogue)
	var guards []func(*store.Tx) error
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		for _, item := range items {
			ref, err := s.item(ctx, v, b, item, d)
			if code := schema.FaultCode(err); code != "" {
				out.Skipped = append(out.Skipped, Skipped{item.Finding, code, reasonTitle(code)})
				continue
			}
			if err != nil {
				return err
			}
			out.Done = append(out.Done, item.Finding)
			guards = append(guards, ingest.RowUnchanged(ref, v.State.Revision))
		}
		return nil
	})
	if err != nil {
		return Decided{}, fmt.Errorf("decide about %d findings: %w", len(items), err)
	}
	if b.Empty() {
		return out, nil
	}
	return out, s.write(ctx, ingest.Edit{Campaign: campaign, Seen: d.ReadAt, Guard: all(guards)}, b)
}

func (s *Service) item(
	ctx context.Context, v store.View, b *edit.Builder, item Item, d Verdict,
) (merge.RowRef, error) {
	ref := merge.RowRef{Table: s.Catalogue.MustTable("finding")}
	id, err := schema.ParseID[schema.RowID](item.Finding)
	if err != nil {
		return ref, schema.NewFault(schema.FaultNotFound, item.Finding)
	}
	ref.ID = id
	var revision uint64
	var status string
	if err := ignoreNone(v.QueryRowContext(ctx, "SELECT _revision, status FROM finding WHERE campaign_no = $1 AND id = $2",
		v.CampaignNo, id[:]).Scan(&revision, &status)); err != nil {
		return ref, err
	}
	if revision > d.ReadAt {
		return ref, schema.NewFault(schema.FaultStale, item.Finding)
	}
	if status == "draft" && item.Decision == "accepted" { // among many nobody looks at each
		return ref, schema.NewFault(schema.FaultDraft, item.Finding)
	}
	d.Decision, d.Note = item.Decision, item.Note
	return ref, s.verdict(ctx, v, b, ref, d)
}

// all wants every guard to let pass.
func all(guards []func(*store.Tx) error) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		for _, guard := range guards {
			if err := guard(tx); err != nil {
				return err
			}
		}
		return nil
	}
}

func (r *reader) comments(ctx context.Context, finding schema.RowID) ([]Comment, error) {
	return store.List(ctx, r, func(row store.Scanner) (c Comment, err error) {
		var id, inspector []byte
		err = row.Scan(&id, &inspector, &c.Author, &c.Body, &c.WrittenAt)
		c.ID, c.Office = uuidText(id), inspector == nil
		return c, err
	}, `SELECT c.id, c.inspector_id, coalesce(c.author, i.name, ''), c.body, c.written_at
		FROM comment c
		LEFT JOIN inspector i ON i.campaign_no = c.campaign_no AND i.id = c.inspector_id
		WHERE c.campaign_no = $1 AND c.finding_id = $2 AND c.withdrawn_at IS NULL ORDER BY c.id`,
		r.CampaignNo, finding[:])
}

// Comment writes a remark that the team gets to see.
func (s *Service) Comment(
	ctx context.Context, campaign schema.CampaignID, finding schema.RowID, author, body string,
) error {
	ref := merge.RowRef{Table: s.Catalogue.MustTable("finding"), ID: finding}
	b := edit.New(s.Catalogue)
	b.Insert("comment", schema.NewRowID(), edit.Cells{
		"finding_id": edit.ID(finding), "author": edit.Text(author), "body": edit.Text(body),
		"written_at": edit.Int(s.Ingest.Now().UnixMilli()),
	})
	return s.write(ctx, ingest.Edit{
		Campaign: campaign, Seen: ingest.SeenAll, Guard: ingest.RowUnchanged(ref, ingest.SeenAll),
	}, b)
}

// WithdrawComment takes back what its author wrote at headquarters.
func (s *Service) WithdrawComment(
	ctx context.Context, campaign schema.CampaignID, comment schema.RowID, author string,
) error {
	b := edit.New(s.Catalogue)
	ref := merge.RowRef{Table: s.Catalogue.MustTable("comment"), ID: comment}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		before, err := s.reader(v).cells(ctx, ref)
		if err != nil {
			return err
		}
		if before["inspector_id"].Kind != changeset.Null || !slices.Equal(before["author"].Bytes, []byte(author)) {
			return schema.NewFault(schema.FaultForbidden, "a comment of somebody else")
		}
		b.Update("comment", comment, before, edit.Cells{"withdrawn_at": edit.Int(s.Ingest.Now().UnixMilli())})
		return nil
	})
	if err != nil {
		return fmt.Errorf("withdraw comment: %w", err)
	}
	return s.write(ctx, ingest.Edit{Campaign: campaign, Seen: ingest.SeenAll}, b)
}

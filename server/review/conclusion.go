package review

import (
	"context"
	"database/sql"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// Conclusion is what headquarters points out in the end.
type Conclusion struct {
	ID     string `json:"id" format:"uuid"`
	Number int64  `json:"number"`
	ConclusionText
	Author    string `json:"author"`
	MadeAt    int64  `json:"made_at" doc:"Unix milliseconds"`
	Withdrawn *int64 `json:"withdrawn_at,omitempty"`
	Findings  int    `json:"findings" doc:"It rests on"`
	Units     int    `json:"units" doc:"Where those were made"`
	ReadAt    uint64 `json:"read_at" doc:"Sent back with a change"`
}

// ConclusionText is what people write of it.
type ConclusionText struct {
	Reach      string `json:"reach" enum:"common,individual"`
	Title      string `json:"title" minLength:"1" maxLength:"200"`
	Detail     string `json:"detail" maxLength:"4000"`
	Basis      string `json:"basis" maxLength:"2000" doc:"What it offends against"`
	Suggestion string `json:"suggestion" maxLength:"2000"`
	Severity   string `json:"severity" enum:",minor,moderate,serious,critical"`
}

func (t *ConclusionText) cells() edit.Cells {
	return edit.Cells{
		"reach": edit.Text(t.Reach), "title": edit.Text(t.Title), "detail": edit.Text(t.Detail),
		"basis": edit.Text(t.Basis), "suggestion": edit.Text(t.Suggestion), "severity": edit.Text(t.Severity),
	}
}

// Conclusions lists them by number, those that were withdrawn too.
func (s *Service) Conclusions(
	ctx context.Context, campaign schema.CampaignID,
) (list []Conclusion, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = store.List(ctx, v, func(row store.Scanner) (Conclusion, error) {
			c := Conclusion{ReadAt: v.State.Revision}
			var id []byte
			var detail, basis, suggestion, severity sql.NullString
			err := row.Scan(&id, &c.Number, &c.Reach, &c.Title, &detail, &basis, &suggestion, &severity,
				&c.Author, &c.MadeAt, &c.Withdrawn, &c.Findings, &c.Units)
			c.ID, c.Detail, c.Basis = uuidText(id), detail.String, basis.String
			c.Suggestion, c.Severity = suggestion.String, severity.String
			return c, err
		}, `SELECT c.id, c.number, c.reach, c.title, c.detail, c.basis, c.suggestion, c.severity, c.author,
			c.made_at, c.withdrawn_at,
			(SELECT count(*) FROM finding f WHERE f.campaign_no = c.campaign_no AND f.conclusion_id = c.id),
			(SELECT count(DISTINCT v.unit_id) FROM finding f
			 JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
			 WHERE f.campaign_no = c.campaign_no AND f.conclusion_id = c.id)
			FROM conclusion c WHERE c.campaign_no = $1 ORDER BY c.number, c.id`, v.CampaignNo)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list conclusions: %w", err)
	}
	return list, nil
}

// Conclude makes a conclusion of findings, with the next number.
func (s *Service) Conclude(
	ctx context.Context, campaign schema.CampaignID, text ConclusionText, findings []schema.RowID, author string,
) (id schema.RowID, err error) {
	id = schema.NewRowID()
	e, b := ingest.Edit{Campaign: campaign, Seen: ingest.SeenAll}, edit.New(s.Catalogue)
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		var last int64
		if err := v.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) FROM conclusion WHERE campaign_no = $1",
			v.CampaignNo).Scan(&last); err != nil {
			return err
		}
		cells := text.cells()
		cells["number"], cells["author"] = edit.Int(last+1), edit.Text(author)
		cells["made_at"] = edit.Int(s.Ingest.Now().UnixMilli())
		b.Insert("conclusion", id, cells)
		e.Guard = func(tx *store.Tx) error { return unmoved(tx, v.State.Revision) }
		return s.gather(ctx, v, b, findings, edit.ID(id).Bytes, author)
	})
	if err != nil {
		return id, fmt.Errorf("make a conclusion: %w", err)
	}
	return id, s.write(ctx, e, b)
}

// unmoved wants the campaign to be as it was read: numbers follow one another.
func unmoved(tx *store.Tx, revision uint64) error {
	if tx.State().Revision != revision {
		return schema.NewFault(schema.FaultStale, "the campaign has moved on")
	}
	return nil
}

// gather puts findings to a conclusion, or takes them out of theirs (nil). It tells so beside
// the findings: headquarters' change is no correction of the team's.
func (s *Service) gather(
	ctx context.Context, v store.View, b *edit.Builder, findings []schema.RowID, conclusion []byte, author string,
) error {
	for _, id := range findings {
		ref := merge.RowRef{Table: s.Catalogue.MustTable("finding"), ID: id}
		before, err := s.reader(v).cells(ctx, ref)
		if err != nil {
			return err
		}
		to := edit.Bytes(conclusion)
		if conclusion == nil {
			to = edit.Text("") // empties it
		}
		b.Update("finding", id, before, edit.Cells{"conclusion_id": to})
		if err := s.note(ctx, v, b, ref, decision{"edited", "conclusion_id", "", author}); err != nil {
			return err
		}
	}
	return nil
}

// Gather adds findings to a conclusion, and takes others out.
func (s *Service) Gather(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, add, remove []schema.RowID, author string,
) error {
	b := edit.New(s.Catalogue)
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		ref := merge.RowRef{Table: s.Catalogue.MustTable("conclusion"), ID: id}
		if _, err := s.reader(v).cells(ctx, ref); err != nil {
			return err
		}
		if err := s.gather(ctx, v, b, add, id[:], author); err != nil {
			return err
		}
		return s.gather(ctx, v, b, remove, nil, author)
	})
	if err != nil {
		return fmt.Errorf("gather findings: %w", err)
	}
	return s.write(ctx, ingest.Edit{Campaign: campaign, Seen: ingest.SeenAll}, b)
}

// Reword changes a conclusion's text, or withdraws it: its findings are free again.
func (s *Service) Reword(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, text *ConclusionText, readAt uint64, author string,
) error {
	b := edit.New(s.Catalogue)
	ref := merge.RowRef{Table: s.Catalogue.MustTable("conclusion"), ID: id}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		before, err := s.reader(v).cells(ctx, ref)
		if err != nil {
			return err
		}
		if text != nil {
			b.Update("conclusion", id, before, text.cells())
			return nil
		}
		b.Update("conclusion", id, before, edit.Cells{"withdrawn_at": edit.Int(s.Ingest.Now().UnixMilli())})
		members, err := concluded(ctx, v, id)
		if err != nil {
			return err
		}
		return s.gather(ctx, v, b, members, nil, author)
	})
	if err != nil {
		return fmt.Errorf("change conclusion %s: %w", id, err)
	}
	if b.Empty() {
		return nil
	}
	return s.write(ctx, ingest.Edit{
		Campaign: campaign, Seen: readAt, Guard: ingest.RowUnchanged(ref, readAt),
	}, b)
}

// concluded lists the findings of a conclusion.
func concluded(ctx context.Context, v store.View, id schema.RowID) ([]schema.RowID, error) {
	return store.List(ctx, v, func(row store.Scanner) (schema.RowID, error) {
		var key []byte
		if err := row.Scan(&key); err != nil {
			return schema.RowID{}, err
		}
		return schema.IDFromBytes[schema.RowID](key)
	}, "SELECT id FROM finding WHERE campaign_no = $1 AND conclusion_id = $2 ORDER BY id", v.CampaignNo, id[:])
}

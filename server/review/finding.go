package review

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// Finding reads one finding with its comments, decisions, conflicts and history.
func (s *Service) Finding(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID,
) (FindingDetail, error) {
	var d FindingDetail
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		r := s.reader(v)
		d.ReadAt = v.State.Revision
		var err error
		d.Finding, err = scanFinding(v.QueryRowContext(ctx, "SELECT "+findingColumns+findingTables+
			" WHERE f.campaign_no = $1 AND f.id = $2", v.CampaignNo, id[:]))
		if errors.Is(err, sql.ErrNoRows) {
			return schema.NewFault(schema.FaultNotFound, id.String())
		}
		if err != nil {
			return err
		}
		if d.Comments, err = r.comments(ctx, id); err != nil {
			return err
		}
		if d.Decisions, err = r.decisions(ctx, "finding", id); err != nil {
			return err
		}
		if d.Disputes, err = r.conflicts(ctx, "open", &id); err != nil {
			return err
		}
		d.History, err = r.history(ctx, merge.RowRef{Table: s.Catalogue.MustTable("finding"), ID: id})
		if d.Revised {
			d.Revisions = sinceDecision(d.History)
		}
		return err
	})
	if err != nil {
		return FindingDetail{}, fmt.Errorf("read finding %s: %w", id, err)
	}
	return d, nil
}

// sinceDecision is what devices wrote after headquarters' last decision, by column: from what
// stood then to what stands now.
func sinceDecision(history []Change) []CellChange {
	list := []CellChange{}
	for i := range history {
		c := &history[i]
		if c.Outcome != string(schema.Merged) {
			continue
		}
		if slices.ContainsFunc(c.Cells, func(cell CellChange) bool { return cell.Column == "review_state" }) {
			list = list[:0]
			continue
		}
		for _, cell := range c.Cells {
			if at := slices.IndexFunc(list, func(l CellChange) bool { return l.Column == cell.Column }); at >= 0 {
				list[at].After = cell.After
			} else if c.Inspector != "" {
				list = append(list, cell)
			}
		}
	}
	return list
}

func (r *reader) decisions(ctx context.Context, table string, id schema.RowID) ([]Decision, error) {
	return store.List(ctx, r, func(row store.Scanner) (d Decision, err error) {
		return d, row.Scan(&d.Decision, &d.Column, &d.Note, &d.Reviewer, &d.DecidedAt)
	}, `SELECT decision, coalesce(column_name, ''), coalesce(note, ''),
		reviewer, decided_at FROM review
		WHERE campaign_no = $1 AND subject_table = $2 AND subject_id = $3 ORDER BY id`,
		r.CampaignNo, table, id[:])
}

func (s *Service) write(ctx context.Context, e ingest.Edit, b *edit.Builder) error {
	changeset, err := b.Bytes()
	if err != nil {
		return err
	}
	e.Changeset = changeset
	return s.Ingest.Write(ctx, e)
}

// decision is what a review row says.
type decision struct {
	decision, column, note, reviewer string
}

// note adds the review row of a decision, in the scope of the row it is about.
func (s *Service) note(
	ctx context.Context, v store.View, b *edit.Builder, ref merge.RowRef, d decision,
) error {
	cells := edit.Cells{
		"subject_table": edit.Text(ref.Table.Name), "subject_id": edit.ID(ref.ID),
		"column_name": edit.Text(d.column), "decision": edit.Text(d.decision),
		"note": edit.Text(d.note), "reviewer": edit.Text(d.reviewer),
		"decided_at": edit.Int(s.Ingest.Now().UnixMilli()),
	}
	var team []byte
	err := v.QueryRowContext(ctx, `SELECT s.team_id FROM `+ref.Table.Name+` r
		JOIN scope s ON s.campaign_no = r.campaign_no AND s.no = r._scope
		WHERE r.campaign_no = $1 AND r.id = $2`, v.CampaignNo, ref.ID[:]).Scan(&team)
	if err == nil {
		cells["team_id"] = edit.Bytes(team)
	} else if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	b.Insert("review", schema.NewRowID(), cells)
	return nil
}

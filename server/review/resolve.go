package review

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// Resolve writes what shall stand in a contested cell and so closes the
// conflict. It is refused if somebody wrote there after the reviewer looked.
func (s *Service) Resolve(
	ctx context.Context, campaign schema.CampaignID, conflict string, d Resolution,
) error {
	return s.settle(ctx, campaign, conflict, d.ReadAt, func(r *reader, c *contested) (decision, error) {
		if c.state != string(merge.Open) && c.state != "reopened" {
			return decision{}, schema.NewFault(schema.FaultConflictClosed, conflict)
		}
		var err error
		c.value, err = valueOf(c.col, d.Value)
		return decision{"resolved", c.col.Name, d.Note, d.Reviewer}, err
	})
}

// Reopen takes back a resolution: what stood before it stands again, and the conflict waits
// for another one.
func (s *Service) Reopen(
	ctx context.Context, campaign schema.CampaignID, conflict string, d Resolution,
) error {
	return s.settle(ctx, campaign, conflict, d.ReadAt, func(_ *reader, c *contested) (decision, error) {
		if c.state != "resolved" {
			return decision{}, schema.NewFault(schema.FaultStale, conflict)
		}
		err := c.beforeDecision()
		return decision{"edited", c.col.Name, d.Note, d.Reviewer}, err
	})
}

// contested is a conflict's cell with what is to be written there.
type contested struct {
	ref    merge.RowRef
	col    *schema.Column
	state  string
	writes []byte
	value  changeset.Value
}

// beforeDecision finds the latest of what devices wrote.
func (c *contested) beforeDecision() error {
	competing, gone, err := store.ReadWrites(c.writes)
	if err != nil {
		return err
	}
	var latest *merge.Write
	for _, list := range [][]merge.Write{gone, competing} {
		for i := range list {
			if w := &list[i]; w.Author != store.HQAuthor && (latest == nil || w.Clock > latest.Clock) {
				latest = w
			}
		}
	}
	if latest == nil {
		return schema.NewFault(schema.FaultStale, "nothing to go back to")
	}
	c.value = latest.Value
	return nil
}

// settle writes to a conflict's cell what decide says.
func (s *Service) settle(
	ctx context.Context, campaign schema.CampaignID, conflict string, readAt uint64,
	decide func(r *reader, c *contested) (decision, error),
) error {
	b := edit.New(s.Catalogue)
	e := ingest.Edit{Campaign: campaign, Seen: readAt}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		r := s.reader(v)
		c, err := r.contested(ctx, conflict)
		if err != nil {
			return err
		}
		said, err := decide(r, c)
		if err != nil {
			return err
		}
		e.Guard = c.guard(readAt)
		return s.overwrite(ctx, v, b, c, said)
	})
	if err != nil {
		return fmt.Errorf("settle conflict %s: %w", conflict, err)
	}
	return s.write(ctx, e, b)
}

// guard wants the cell to be as its judge saw it.
func (c *contested) guard(readAt uint64) func(*store.Tx) error {
	if c.state == string(merge.Open) {
		return ingest.ContestUnchanged(c.ref, c.ref.Table.ColumnIndex(c.col.Name), readAt)
	}
	return ingest.RowUnchanged(c.ref, readAt)
}

func (s *Service) overwrite(
	ctx context.Context, v store.View, b *edit.Builder, c *contested, said decision,
) error {
	before, err := s.reader(v).cells(ctx, c.ref)
	if err != nil {
		return err
	}
	b.Confirm(c.ref.Table.Name, c.ref.ID, before, edit.Cells{c.col.Name: c.value})
	return s.note(ctx, v, b, c.ref, said)
}

func (r *reader) contested(ctx context.Context, id string) (*contested, error) {
	raw, err := hex.DecodeString(id)
	if err != nil || len(raw) != 16 {
		return nil, schema.NewFault(schema.FaultNotFound, id)
	}
	of, c := Conflict{ID: id}, &contested{}
	var row []byte
	err = r.QueryRowContext(ctx, `SELECT c.table_name, c.row_id, c.column_name,
		CASE WHEN `+reopened+` THEN 'reopened' ELSE c.state END, c.writes FROM conflict c
		WHERE c.campaign_no = $1 AND c.id = $2`, r.CampaignNo, raw).
		Scan(&of.Table, &row, &of.Column, &c.state, &c.writes)
	if errors.Is(err, sql.ErrNoRows) { // more writes joined it: it has another name
		err = schema.NewFault(schema.FaultStale, id)
	}
	if err != nil {
		return nil, err
	}
	of.Row = uuidText(row)
	c.ref, c.col, err = r.cellOf(&of)
	return c, err
}

// Settled tells how many conflicts were settled at once.
type Settled struct {
	Done []string `json:"done" doc:"Conflicts"`
}

// KeepLatest settles the open conflicts of a column that are listed: what was written last
// stands, which it does already.
func (s *Service) KeepLatest(
	ctx context.Context, campaign schema.CampaignID, conflicts []string, d Resolution,
) (Settled, error) {
	out := Settled{Done: []string{}}
	b := edit.New(s.Catalogue)
	var guards []func(*store.Tx) error
	rows := map[schema.RowID]bool{} // an entry changes a row once
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		r := s.reader(v)
		for _, id := range conflicts {
			c, err := r.contested(ctx, id)
			if err != nil && schema.FaultCode(err) == "" {
				return err
			}
			if err != nil || c.state != string(merge.Open) || rows[c.ref.ID] {
				continue
			}
			if err := c.beforeDecision(); err != nil {
				continue // nothing was written that could stand
			}
			if err := s.overwrite(ctx, v, b, c, decision{"resolved", c.col.Name, d.Note, d.Reviewer}); err != nil {
				return err
			}
			rows[c.ref.ID] = true
			guards, out.Done = append(guards, c.guard(d.ReadAt)), append(out.Done, id)
		}
		return nil
	})
	if err != nil {
		return Settled{}, fmt.Errorf("settle %d conflicts: %w", len(conflicts), err)
	}
	if b.Empty() {
		return out, nil
	}
	return out, s.write(ctx, ingest.Edit{Campaign: campaign, Seen: d.ReadAt, Guard: all(guards)}, b)
}

package review

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// conflictsMax is how many conflicts one answer lists.
const conflictsMax = 500

// Conflicts lists conflicts: open, closed or all.
func (s *Service) Conflicts(
	ctx context.Context, campaign schema.CampaignID, state string,
) (list []Conflict, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = s.reader(v).conflicts(ctx, state, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list conflicts: %w", err)
	}
	return list, nil
}

var conflictStates = map[string]string{
	"open": "state = 'open'", "closed": "state IN ('resolved', 'superseded', 'settled')",
	"all": "state <> 'agreed'",
}

func (r *reader) conflicts(ctx context.Context, state string, row *schema.RowID) ([]Conflict, error) {
	query := `SELECT id, table_name, row_id, column_name, base, state, opened_at, closed_at, writes
		FROM conflict WHERE campaign_no = $1 AND ` + conflictStates[state]
	args := []any{r.CampaignNo}
	if row != nil {
		query, args = query+" AND row_id = $2", append(args, row[:])
	}
	var bases, writes [][]byte
	list, err := store.List(ctx, r, func(row store.Scanner) (Conflict, error) {
		c := Conflict{ReadAt: r.State.Revision, Writes: []CompetingEdit{}}
		var id, key, base, packed []byte
		err := row.Scan(&id, &c.Table, &key, &c.Column, &base, &c.State, &c.OpenedAt, &c.ClosedAt,
			&packed)
		c.ID, c.Row = hex.EncodeToString(id), uuidText(key)
		bases, writes = append(bases, base), append(writes, packed)
		return c, err
	}, query+fmt.Sprintf(" ORDER BY opened_at DESC LIMIT %d", conflictsMax), args...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := r.describe(ctx, &list[i], bases[i], writes[i]); err != nil {
			return nil, fmt.Errorf("describe conflict %s: %w", list[i].ID, err)
		}
	}
	return list, nil
}

// describe adds what people need to decide.
func (r *reader) describe(ctx context.Context, c *Conflict, base, writes []byte) error {
	ref, col, err := r.cellOf(c)
	if err != nil {
		return err
	}
	c.Label, c.Choices = col.Label, col.Choices
	if _, c.Base, err = r.readablePacked(ctx, col, base); err != nil {
		return err
	}
	if err := r.subject(ctx, c, ref); err != nil {
		return err
	}
	if err := r.competing(ctx, c, col, writes); err != nil {
		return err
	}
	return r.markStanding(ctx, c, ref, col)
}

func (r *reader) cellOf(c *Conflict) (merge.RowRef, *schema.Column, error) {
	id, err := schema.ParseID[schema.RowID](c.Row)
	if err != nil {
		return merge.RowRef{}, nil, err
	}
	t := r.catalogue.MustTable(c.Table)
	return merge.RowRef{Table: t, ID: id}, &t.Columns[t.ColumnIndex(c.Column)], nil
}

// subject says what the row is about: unit, team and a title.
func (r *reader) subject(ctx context.Context, c *Conflict, ref merge.RowRef) error {
	c.Title = ref.Table.Label.Zh
	visit := "r.visit_id"
	title := "''"
	switch ref.Table.Name {
	case "finding":
		title = "r.title"
	case "verification":
		title = `coalesce((SELECT title FROM problem p WHERE p.campaign_no = r.campaign_no AND p.id = r.problem_id),
			(SELECT title FROM commitment k WHERE k.campaign_no = r.campaign_no AND k.id = r.commitment_id), '')`
	case "visit":
		visit = "r.id"
	default:
		return nil
	}
	return ignoreNone(r.QueryRowContext(ctx, "SELECT "+title+`, u.name, coalesce(t.name, '')
		FROM `+ref.Table.Name+` r
		JOIN visit v ON v.campaign_no = r.campaign_no AND v.id = `+visit+`
		JOIN unit u ON u.campaign_no = r.campaign_no AND u.id = v.unit_id
		LEFT JOIN team t ON t.campaign_no = r.campaign_no AND t.id = v.team_id
		WHERE r.campaign_no = $1 AND r.id = $2`, r.CampaignNo, ref.ID[:]).
		Scan(&c.Title, &c.Unit, &c.Team))
}

func (r *reader) competing(
	ctx context.Context, c *Conflict, col *schema.Column, packed []byte,
) error {
	competing, gone, err := store.ReadWrites(packed)
	if err != nil {
		return err
	}
	all := slices.Concat(competing, gone)
	slices.SortStableFunc(all, func(a, b merge.Write) int { return cmp.Compare(a.Clock, b.Clock) })
	competes := func(w merge.Write) bool {
		return slices.ContainsFunc(competing, func(c merge.Write) bool {
			return c.Author == w.Author && c.Revision == w.Revision
		})
	}
	for i := range all {
		w, e := &all[i], CompetingEdit{Competing: competes(all[i])}
		if e.Origin, err = r.originOf(ctx, w); err != nil {
			return err
		}
		if e.Value, e.Shown, err = r.readableValue(ctx, col, w.Value); err != nil {
			return err
		}
		c.Writes = append(c.Writes, e)
	}
	return nil
}

// markStanding marks the write whose value the row shows.
func (r *reader) markStanding(
	ctx context.Context, c *Conflict, ref merge.RowRef, col *schema.Column,
) error {
	cells, err := r.cells(ctx, ref)
	if err != nil {
		return err
	}
	now := plain(cells[col.Name])
	for i := range slices.Backward(c.Writes) {
		if w := &c.Writes[i]; w.Competing && sameText(w.Value, now) {
			w.Stands = true
			return nil
		}
	}
	return nil
}

func sameText(a, b *string) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// readablePacked is a stored value in the form that resolutions take, and as
// people read it.
func (r *reader) readablePacked(
	ctx context.Context, col *schema.Column, packed []byte,
) (value, shown *string, err error) {
	if packed == nil {
		return nil, nil, nil
	}
	v, _, err := changeset.ReadValue(packed)
	if err != nil {
		return nil, nil, err
	}
	return r.readableValue(ctx, col, v)
}

func (r *reader) readableValue(
	ctx context.Context, col *schema.Column, v changeset.Value,
) (value, shown *string, err error) {
	shown, err = r.readable(ctx, col, v)
	return plain(v), shown, err
}

// plain is a value as text that valueOf reads back.
func plain(v changeset.Value) *string {
	text := ""
	switch v.Kind {
	case changeset.Absent, changeset.Null:
		return nil
	case changeset.Integer:
		text = strconv.FormatInt(v.Int64(), 10)
	case changeset.Real:
		text = strconv.FormatFloat(v.Float64(), 'g', -1, 64)
	case changeset.Text:
		text = string(v.Bytes)
	case changeset.Blob:
		if text = uuidText(v.Bytes); text == "" {
			text = hex.EncodeToString(v.Bytes)
		}
	}
	return &text
}

// Resolve writes what shall stand in a contested cell and so closes the
// conflict. It is refused if somebody wrote there after the reviewer looked.
func (s *Service) Resolve(
	ctx context.Context, campaign schema.CampaignID, conflict string, d Resolution,
) error {
	b := edit.New(s.Catalogue)
	e := ingest.Edit{Campaign: campaign, Seen: d.ReadAt}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		r := s.reader(v)
		c, err := r.openConflict(ctx, conflict)
		if err != nil {
			return err
		}
		ref, col, err := r.cellOf(&c)
		if err != nil {
			return err
		}
		e.Guard = ingest.ContestUnchanged(ref, ref.Table.ColumnIndex(col.Name), d.ReadAt)
		value, err := valueOf(col, d.Value)
		if err != nil {
			return err
		}
		before, err := r.cells(ctx, ref)
		if err != nil {
			return err
		}
		b.Confirm(ref.Table.Name, ref.ID, before, edit.Cells{col.Name: value})
		return s.note(ctx, v, b, ref, decision{"resolved", col.Name, d.Note, d.Reviewer})
	})
	if err != nil {
		return fmt.Errorf("resolve conflict %s: %w", conflict, err)
	}
	return s.write(ctx, e, b)
}

func (r *reader) openConflict(ctx context.Context, id string) (Conflict, error) {
	raw, err := hex.DecodeString(id)
	if err != nil || len(raw) != 16 {
		return Conflict{}, schema.NewFault(schema.FaultNotFound, id)
	}
	c := Conflict{ID: id}
	var row []byte
	err = r.QueryRowContext(ctx, `SELECT table_name, row_id, column_name, state FROM conflict
		WHERE campaign_no = $1 AND id = $2`, r.CampaignNo, raw).Scan(&c.Table, &row, &c.Column, &c.State)
	if errors.Is(err, sql.ErrNoRows) { // more writes joined it: it has another name
		err = schema.NewFault(schema.FaultStale, id)
	}
	if err != nil {
		return c, err
	}
	if c.State != string(merge.Open) {
		return c, schema.NewFault(schema.FaultConflictClosed, id)
	}
	c.Row = uuidText(row)
	return c, nil
}

// valueOf reads a value in the form in which conflicts show it. Cells that hold
// ids are settled by choosing among the competing writes' ids.
func valueOf(col *schema.Column, text *string) (changeset.Value, error) {
	if text == nil {
		return changeset.NullValue(), nil
	}
	switch col.Type {
	case schema.Text:
		return changeset.TextValue(*text), nil
	case schema.Integer:
		n, err := strconv.ParseInt(*text, 10, 64)
		if err != nil {
			return changeset.Value{}, schema.NewFault(schema.FaultValue, "not a whole number: "+*text)
		}
		return changeset.Int(n), nil
	case schema.ID:
		id, err := schema.ParseID[schema.RowID](*text)
		if err != nil {
			return changeset.Value{}, schema.NewFault(schema.FaultValue, err.Error())
		}
		return edit.ID(id), nil
	case schema.Bytes:
		raw, err := hex.DecodeString(*text)
		if err != nil {
			return changeset.Value{}, schema.NewFault(schema.FaultValue, "not hex")
		}
		return changeset.BlobValue(raw), nil
	}
	return changeset.Value{}, schema.NewFault(schema.FaultValue, string(col.Type))
}

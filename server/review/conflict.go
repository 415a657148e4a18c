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

// reopened finds that headquarters took back its last decision about a cell.
const reopened = `(c.state = 'resolved' AND 'edited' = (SELECT r.decision FROM review r
	WHERE r.campaign_no = c.campaign_no AND r.subject_id = c.row_id AND r.subject_table = c.table_name
	AND r.column_name = c.column_name ORDER BY r._revision DESC LIMIT 1))`

var conflictStates = map[string]string{
	"open":   "(c.state = 'open' OR " + reopened + ")",
	"closed": "c.state IN ('resolved', 'superseded', 'settled') AND NOT " + reopened,
	"all":    "c.state <> 'agreed'",
}

func (r *reader) conflicts(ctx context.Context, state string, row *schema.RowID) ([]Conflict, error) {
	query := `SELECT c.id, c.table_name, c.row_id, c.column_name, c.base,
		CASE WHEN ` + reopened + ` THEN 'reopened' ELSE c.state END, c.opened_at, c.closed_at, c.writes
		FROM conflict c WHERE c.campaign_no = $1 AND ` + conflictStates[state]
	args := []any{r.CampaignNo}
	if row != nil {
		query, args = query+" AND c.row_id = $2", append(args, row[:])
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
	}, query+fmt.Sprintf(" ORDER BY c.opened_at DESC, c.id LIMIT %d", conflictsMax), args...)
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
	if c.Settled, err = r.settled(ctx, ref, col.Name); err != nil {
		return err
	}
	return r.markStanding(ctx, c, ref, col)
}

// settled is headquarters' last word on a cell.
func (r *reader) settled(ctx context.Context, ref merge.RowRef, column string) (*Decision, error) {
	d := &Decision{Column: column}
	err := r.QueryRowContext(ctx, `SELECT decision, coalesce(note, ''), reviewer, decided_at FROM review
		WHERE campaign_no = $1 AND subject_id = $2 AND subject_table = $3 AND column_name = $4
		ORDER BY _revision DESC LIMIT 1`, r.CampaignNo, ref.ID[:], ref.Table.Name, column).
		Scan(&d.Decision, &d.Note, &d.Reviewer, &d.DecidedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // there may be none
	}
	return d, err
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
	c.Title, c.RowLabel = ref.Table.Label.Zh, ref.Table.Label
	visit, place := "r.visit_id", "r.latitude_e7, r.longitude_e7, r.accuracy_m"
	title := "''"
	switch ref.Table.Name {
	case "finding":
		title, c.Finding = "r.title", c.Row
	case "verification":
		title = `coalesce((SELECT title FROM problem p WHERE p.campaign_no = r.campaign_no AND p.id = r.problem_id),
			(SELECT title FROM commitment k WHERE k.campaign_no = r.campaign_no AND k.id = r.commitment_id), '')`
	case "visit":
		visit, place = "r.id", "r.arrived_latitude_e7, r.arrived_longitude_e7, r.arrived_accuracy_m"
	default:
		return nil
	}
	var at []byte
	err := ignoreNone(r.QueryRowContext(ctx, "SELECT "+title+`, u.name, coalesce(t.name, ''), v.id, `+place+`
		FROM `+ref.Table.Name+` r
		JOIN visit v ON v.campaign_no = r.campaign_no AND v.id = `+visit+`
		JOIN unit u ON u.campaign_no = r.campaign_no AND u.id = v.unit_id
		LEFT JOIN team t ON t.campaign_no = r.campaign_no AND t.id = v.team_id
		WHERE r.campaign_no = $1 AND r.id = $2`, r.CampaignNo, ref.ID[:]).
		Scan(&c.Title, &c.Unit, &c.Team, &at, &c.Latitude, &c.Longitude, &c.Accuracy))
	c.Visit = uuidText(at)
	return err
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
		if c.State == "reopened" { // the decision knew them all; they compete again
			e.Competing = all[i].Author != store.HQAuthor
		}
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
	c.Now = now
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

package simulation

import (
	"context"
	"fmt"
	"math/rand/v2"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/sim"
)

// looked is a screen: what headquarters had when a person opened it.
type looked struct {
	revision uint64
	knows    []hash
}

func (h *headquarters) screen() (*looked, error) {
	rows, err := ask(h.probe, "SELECT revision FROM campaign_state WHERE no = 1")
	if err != nil {
		return nil, err
	}
	return &looked{rows[0][0].Bits, h.w.truth.now()}, nil
}

func (h *headquarters) lookNow() (err error) {
	h.look, err = h.screen()
	return err
}

// write makes one of people's edits, decided on a screen.
func (h *headquarters) write() error {
	seen, err := h.screen()
	if err != nil {
		return err
	}
	for _, word := range h.w.step.Words {
		if word == "stale" && h.look != nil {
			seen = h.look
			h.w.tally["  stale screen"]++
		}
	}
	b := edit.New(h.catalogue())
	if err := h.compose(b, sim.NewDice(h.w.step.Dice, 3)); err != nil {
		return err
	}
	if b.Empty() {
		return h.w.skip()
	}
	bytes, err := b.Bytes()
	if err != nil {
		return err
	}
	h.w.truth.screen = seen.knows
	defer func() { h.w.truth.screen = nil }()
	return h.work(func(ctx context.Context) error {
		return h.ingest.Write(ctx, ingest.Edit{
			Campaign: h.w.campaign, Seen: seen.revision, Changeset: bytes,
		})
	})
}

// compose puts into b what the step wants.
func (h *headquarters) compose(b *edit.Builder, dice *rand.Rand) error {
	switch h.w.step.Verb { //nolint:exhaustive // the verbs of one actor
	case sim.Edit:
		return h.edit(b, dice, h.w.word(0))
	case sim.Add:
		return h.add(b, dice, h.w.word(0))
	case sim.Resolve:
		return h.resolve(b, dice)
	case sim.Review:
		return h.review(b, dice)
	case sim.Move:
		return h.move(b, dice)
	case sim.Revoke:
		return h.revoke(b)
	default:
		return nil
	}
}

// row picks a row of a table; nil if there is none.
func (h *headquarters) row(dice *rand.Rand, table string) (schema.RowID, edit.Cells, error) {
	rows, err := ask(h.probe, "SELECT * FROM "+table+" WHERE campaign_no = 1 ORDER BY id")
	if err != nil || len(rows) == 0 {
		return schema.RowID{}, nil, err
	}
	row, cells := rows[dice.IntN(len(rows))], edit.Cells{}
	names, err := h.probe.columns(table)
	for i, name := range names {
		cells[name] = row[i]
	}
	return schema.RowID(row[1].Bytes), cells, err
}

func (h *headquarters) edit(b *edit.Builder, dice *rand.Rand, table string) error {
	id, before, err := h.row(dice, table)
	if err != nil || before == nil {
		return err
	}
	t, after := h.catalogue().MustTable(table), edit.Cells{}
	for range 1 + dice.IntN(2) {
		col := &t.Columns[dice.IntN(len(t.Columns))]
		if col.Type != schema.ID {
			after[col.Name] = value(dice, col)
		}
	}
	if dice.IntN(3) == 0 {
		b.Confirm(table, id, before, after)
		return nil
	}
	b.Update(table, id, before, after)
	return nil
}

func (h *headquarters) add(b *edit.Builder, dice *rand.Rand, table string) error {
	t, cells := h.catalogue().MustTable(table), edit.Cells{}
	for i := range t.Columns {
		col := &t.Columns[i]
		if cells[col.Name] = value(dice, col); col.Type == schema.ID {
			of := col.Name[:len(col.Name)-len("_id")]
			id, row, err := h.row(dice, of)
			if err != nil || row == nil {
				return err
			}
			cells[col.Name] = edit.ID(id)
		}
	}
	b.Insert(table, schema.NaturalRowID("simulation/added", schema.RowID{
		byte(h.w.step.Dice), byte(h.w.step.Dice >> 8), byte(h.w.step.Dice >> 16),
	}), cells)
	return nil
}

func (h *headquarters) resolve(b *edit.Builder, dice *rand.Rand) error {
	open, err := ask(h.probe, `SELECT table_name, row_id, column_name FROM conflict
		WHERE campaign_no = 1 AND state = 'open' ORDER BY row_id, table_name, column_name`)
	if err != nil || len(open) == 0 {
		return err
	}
	c := open[dice.IntN(len(open))]
	table, id, name := string(c[0].Bytes), schema.RowID(c[1].Bytes), string(c[2].Bytes)
	t := h.catalogue().MustTable(table)
	col := &t.Columns[t.ColumnIndex(name)]
	now, err := ask(h.probe, "SELECT "+name+" FROM "+table+" WHERE campaign_no = 1 AND id = ?", id[:])
	if err != nil {
		return err
	}
	decided := now[0][0]
	if dice.IntN(2) == 0 && col.Type != schema.ID {
		decided = value(dice, col)
	}
	b.Confirm(table, id, edit.Cells{name: now[0][0]}, edit.Cells{name: decided})
	return nil
}

func (h *headquarters) review(b *edit.Builder, dice *rand.Rand) error {
	id, before, err := h.row(dice, "finding")
	if err != nil || before == nil {
		return err
	}
	decision := []string{"accepted", "returned"}[dice.IntN(2)]
	b.Update("finding", id, before, edit.Cells{"review_state": edit.Text(decision)})
	rows, err := ask(h.probe, `SELECT s.team_id FROM finding f JOIN scope s
		ON s.campaign_no = f.campaign_no AND s.no = f._scope WHERE f.campaign_no = 1 AND f.id = ?`, id[:])
	if err != nil || len(rows) == 0 {
		return err
	}
	b.Insert("review", schema.NaturalRowID("simulation/review", id, schema.RowID{
		byte(h.w.step.Dice), byte(h.w.step.Dice >> 8), byte(h.w.step.Dice >> 16),
	}), edit.Cells{
		"team_id": rows[0][0], "subject_table": edit.Text("finding"), "subject_id": edit.ID(id),
		"decision": edit.Text(decision), "reviewer": edit.Text("總部"),
	})
	return nil
}

func (h *headquarters) move(b *edit.Builder, dice *rand.Rand) error {
	table := map[string]string{"visit": "visit", "unit": "unit", "member": "team_member"}[h.w.word(0)]
	if table == "" {
		return fmt.Errorf("%w: move %q", sim.ErrScript, h.w.word(0))
	}
	id, before, err := h.row(dice, table)
	if err != nil || before == nil {
		return err
	}
	to := edit.ID(place("team", dice.IntN(teamsCount)))
	if table == "team_member" && dice.IntN(3) == 0 {
		b.Update(table, id, before, edit.Cells{"left_at": edit.Int(h.clock.Now().UnixMilli())})
		return nil
	}
	b.Update(table, id, before, edit.Cells{"team_id": to, "left_at": changeset.NullValue()})
	return nil
}

func (h *headquarters) revoke(b *edit.Builder) error {
	p := h.w.names[h.w.word(0)]
	if p == nil || p.revoked {
		return nil
	}
	rows, err := ask(h.probe, `SELECT revoked_at FROM device
		WHERE campaign_no = 1 AND id = ?`, p.id[:])
	if err != nil || len(rows) == 0 {
		return err
	}
	b.Update("device", schema.RowID(p.id), edit.Cells{"revoked_at": rows[0][0]},
		edit.Cells{"revoked_at": edit.Int(h.clock.Now().UnixMilli())})
	return nil
}

// release lets a quarantined entry be merged anew.
func (h *headquarters) release() error {
	if h.version < 2 { // a program of that version has no events
		return h.w.skip()
	}
	rows, err := ask(h.probe, `SELECT position FROM history WHERE campaign_no = 1
		AND outcome = 'quarantined' ORDER BY position`)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return h.w.skip()
	}
	position := rows[h.w.step.Dice%uint64(len(rows))][0].Bits
	return h.work(func(ctx context.Context) error {
		return h.ingest.Record(ctx, h.w.campaign, ingest.Event{
			Kind: schema.EventReleased, Position: position, Actor: "總部",
		})
	})
}

// value is one of few that a column can hold.
func value(dice *rand.Rand, col *schema.Column) changeset.Value {
	switch {
	case !col.Required && dice.IntN(4) == 0:
		return changeset.NullValue()
	case col.Type == schema.Integer:
		return changeset.Int(int64(dice.IntN(3)))
	case col.Type == schema.Bytes:
		return changeset.BlobValue([]byte{byte(dice.IntN(2))})
	case len(col.Choices) > 0:
		return changeset.TextValue(col.Choices[dice.IntN(len(col.Choices))].Code)
	}
	return changeset.TextValue([]string{"甲", "乙", "丙"}[dice.IntN(3)])
}

package ledger

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// Changing is what headquarters changes of an entry.
type Changing struct {
	Terms
	Reason string `json:"reason" minLength:"1" maxLength:"1000"`
	ReadAt uint64 `json:"read_at"`
}

// Change changes what an entry demands. What it was before stays in the act.
func (s *Service) Change(
	ctx context.Context, campaign schema.CampaignID, who Person, id schema.RowID, c Changing,
) error {
	d, err := s.changeable(ctx, campaign, who, id)
	if err != nil {
		return err
	}
	c.trim()
	said := differences(&d.Terms, &c.Terms)
	if len(said) == 0 {
		return nil
	}
	b := edit.New(s.Ingest.Catalogue)
	b.Update("ledger_entry", id, d.cells(), c.cells())
	s.note(b, id, who, c.Reason, said)
	return s.write(ctx, campaign, id, c.ReadAt, b)
}

// changeable reads an entry that may be changed now.
func (s *Service) changeable(
	ctx context.Context, campaign schema.CampaignID, who Person, id schema.RowID,
) (EntryDetail, error) {
	d, err := s.Entry(ctx, campaign, who, id)
	if err != nil {
		return d, err
	}
	if _, ok := next(d.State, Change, who.side()); !ok {
		return d, schema.NewFault(schema.FaultLedgerState, string(d.State)+" → "+string(Change))
	}
	return d, nil
}

// note adds the act of a change: the reason, and a line for each thing that changed.
func (s *Service) note(b *edit.Builder, id schema.RowID, who Person, reason string, said []string) {
	lines := append([]string{strings.TrimSpace(reason)}, said...)
	b.Insert("ledger_act", schema.NewRowID(), edit.Cells{
		"ledger_entry_id": edit.ID(id), "kind": edit.Text(string(Change)),
		"text":   edit.Text(strings.TrimSpace(strings.Join(lines, "\n"))),
		"author": edit.Text(who.Signature()), "done_at": edit.Int(s.now()),
	})
}

func (t *Terms) trim() {
	for _, text := range []*string{&t.Measure, &t.Goal, &t.ResponsibleUnit, &t.Leader, &t.Person} {
		*text = strings.TrimSpace(*text)
	}
}

// differences says what is changed, in the words of the records.
func differences(was, is *Terms) (lines []string) {
	for _, c := range []struct{ label, was, is string }{
		{"整改措施", was.Measure, is.Measure},
		{"整改目標", was.Goal, is.Goal},
		{"責任單位", was.ResponsibleUnit, is.ResponsibleUnit},
		{"責任領導", was.Leader, is.Leader},
		{"責任人", was.Person, is.Person},
		{"整改時限", day(was.DueAt), day(is.DueAt)},
	} {
		if c.was != c.is {
			lines = append(lines, fmt.Sprintf("%s：%s → %s", c.label, orNone(c.was), orNone(c.is)))
		}
	}
	return lines
}

func orNone(text string) string {
	if text == "" {
		return "（空）"
	}
	return text
}

// day is a date in China, whatever the server's zone.
func day(at *int64) string {
	if at == nil {
		return ""
	}
	return time.UnixMilli(*at).In(schema.Zone()).Format(time.DateOnly)
}

// Way is the steps of an entry as they shall be.
type Way struct {
	Steps  []EntryStep `json:"steps" maxItems:"50" nullable:"false" doc:"In their order; an id that is empty or not there is of a new one"`
	ReadAt uint64      `json:"read_at"`
}

// stepsMax is how many steps an entry may have.
const stepsMax = 50

// SetSteps makes the steps of an entry be those given. Steps that are left out are withdrawn.
func (s *Service) SetSteps(
	ctx context.Context, campaign schema.CampaignID, who Person, id schema.RowID, way Way,
) error {
	if len(way.Steps) > stepsMax {
		return schema.NewFault(schema.FaultValue, fmt.Sprintf("more than %d steps", stepsMax))
	}
	d, err := s.changeable(ctx, campaign, who, id)
	if err != nil {
		return err
	}
	b, left := edit.New(s.Ingest.Catalogue), map[string]int{}
	for i := range d.StepList {
		left[d.StepList[i].ID] = i
	}
	for i := range way.Steps {
		step := &way.Steps[i]
		if step.Text = strings.TrimSpace(step.Text); step.Text == "" {
			return schema.NewFault(schema.FaultValue, fmt.Sprintf("step %d is empty", i+1))
		}
		k, known := left[step.ID]
		if !known {
			cells := step.cells(int64(i + 1))
			cells["ledger_entry_id"] = edit.ID(id)
			b.Insert("ledger_step", schema.NewRowID(), cells)
			continue
		}
		delete(left, step.ID)
		if err := putStep(b, &d.StepList[k], step.cells(int64(i+1))); err != nil {
			return err
		}
	}
	for _, k := range left {
		if err := putStep(b, &d.StepList[k], edit.Cells{"withdrawn_at": edit.Int(s.now())}); err != nil {
			return err
		}
	}
	if b.Empty() {
		return nil
	}
	s.note(b, id, who, fmt.Sprintf("整改步驟：%d 步 → %d 步", len(d.StepList), len(way.Steps)), stepLines(d.StepList, way.Steps))
	return s.write(ctx, campaign, id, way.ReadAt, b, d.StepList...)
}

func (s *EntryStep) cells(position int64) edit.Cells {
	return edit.Cells{
		"position": edit.Int(position), "text": edit.Text(s.Text),
		"due_at": moment(s.DueAt), "done_at": moment(s.DoneAt),
	}
}

func putStep(b *edit.Builder, was *EntryStep, cells edit.Cells) error {
	id, err := parseRow(was.ID, "step")
	if err != nil {
		return err
	}
	before := was.cells(was.position)
	before["withdrawn_at"] = changeset.NullValue()
	b.Update("ledger_step", id, before, cells)
	return nil
}

// stepLines say what the way was and what it is.
func stepLines(was, is []EntryStep) (lines []string) {
	for _, list := range []struct {
		label string
		steps []EntryStep
	}{{"原", was}, {"現", is}} {
		for i := range list.steps {
			lines = append(lines, fmt.Sprintf("%s %d. %s %s", list.label, i+1, list.steps[i].Text, day(list.steps[i].DueAt)))
		}
	}
	return lines
}

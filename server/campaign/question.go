package campaign

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/uuid"
)

// NewQuestion is what a question asks, as people write it down.
type NewQuestion struct {
	Code     string `json:"code" minLength:"1" maxLength:"60"`
	Usage    string `json:"usage" enum:"check,interview"`
	Category string `json:"category" enum:"village,community,department,soe,hospital,school," doc:"Empty: common"`
	Text     string `json:"text" minLength:"1" maxLength:"2000"`
	Hint     string `json:"hint" maxLength:"2000"`
	Kind     string `json:"kind" enum:"yesno,choice,scale,number,text"`
	Options  string `json:"options" maxLength:"4000" doc:"One to a line"`
	ScaleMax *int64 `json:"scale_max,omitempty" minimum:"2" maximum:"100"`
	Readable bool   `json:"readable" doc:"Its mark stays readable when the interview is sealed"`
	Required bool   `json:"required"`
}

// Question is a question of a campaign.
type Question struct {
	ID string `json:"id" format:"uuid"`
	NewQuestion
	Position    *int64 `json:"position,omitempty"`
	WithdrawnAt *int64 `json:"withdrawn_at,omitempty" doc:"Unix milliseconds"`
	Answers     int    `json:"answers" doc:"At units, and marks of interviews"`
	Revision    uint64 `json:"revision"`
}

const selectQuestions = `SELECT q.id, q.code, q.usage, coalesce(q.category, ''), q.text, coalesce(q.hint, ''), q.kind,
		coalesce(q.options, ''), q.scale_max, q.readable, q.required, q.position, q.withdrawn_at, q._revision,
		(SELECT count(*) FROM answer a WHERE a.campaign_no = q.campaign_no AND a.question_id = q.id AND a.value IS NOT NULL)
		+ (SELECT count(*) FROM interview_score s WHERE s.campaign_no = q.campaign_no AND s.question_id = q.id)
	FROM question q WHERE q.campaign_no = $1`

// Questions lists a campaign's questions in the order in which they are asked.
func (s *Service) Questions(ctx context.Context, campaign schema.CampaignID) (list []Question, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = readQuestions(ctx, v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list questions: %w", err)
	}
	return list, nil
}

func readQuestions(ctx context.Context, v store.View) ([]Question, error) {
	return store.List(ctx, v, scanQuestion, selectQuestions+
		" ORDER BY q.usage, q.category IS NOT NULL, q.category, q.position IS NULL, q.position, q.code", v.CampaignNo)
}

func scanQuestion(row store.Scanner) (q Question, err error) {
	var id []byte
	var readable, required int64
	if err := row.Scan(&id, &q.Code, &q.Usage, &q.Category, &q.Text, &q.Hint, &q.Kind, &q.Options, &q.ScaleMax,
		&readable, &required, &q.Position, &q.WithdrawnAt, &q.Revision, &q.Answers); err != nil {
		return q, err
	}
	q.ID, q.Readable, q.Required = uuid.UUID(id).String(), readable != 0, required != 0
	return q, nil
}

// AddQuestion adds a question behind those of its usage and category.
func (s *Service) AddQuestion(ctx context.Context, campaign schema.CampaignID, a NewQuestion) (schema.RowID, error) {
	id := schema.NewRowID()
	a, err := checked(a)
	if err != nil {
		return id, err
	}
	return id, s.change(ctx, campaign, func(list []Question, b *edit.Builder) error {
		last := int64(0)
		for i := range list {
			if list[i].Usage == a.Usage && list[i].Category == a.Category && list[i].Position != nil {
				last = max(last, *list[i].Position)
			}
		}
		cells := a.cells()
		cells["position"] = edit.Int(last + 1)
		b.Insert("question", id, cells)
		return codeFree(list, a.Code, id)
	})
}

// ChangeQuestion changes a question, unless somebody else did since it was read. What was
// answered keeps its kind: the answers would mean something else.
func (s *Service) ChangeQuestion(ctx context.Context, campaign schema.CampaignID, id schema.RowID, a NewQuestion, seen uint64) error {
	a, err := checked(a)
	if err != nil {
		return err
	}
	return s.change(ctx, campaign, func(list []Question, b *edit.Builder) error {
		have, err := questionOf(list, id)
		switch {
		case err != nil:
			return err
		case have.Revision > seen:
			return schema.NewFault(schema.FaultStale, id.String())
		case have.Answers > 0 && (have.Kind != a.Kind || have.Usage != a.Usage || !sameScale(have.ScaleMax, a.ScaleMax)):
			return schema.NewFault(schema.FaultQuestionAnswered, have.Code)
		}
		if before, after := differing(have.cells(), a.cells()); len(after) > 0 {
			b.Update("question", id, before, after)
		}
		return codeFree(list, a.Code, id)
	})
}

func sameScale(a, b *int64) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// WithdrawQuestion has a question asked no longer, or again. Answers stay.
func (s *Service) WithdrawQuestion(ctx context.Context, campaign schema.CampaignID, id schema.RowID, withdrawn bool) error {
	at := changeset.NullValue()
	if withdrawn {
		at = edit.Int(s.Ingest.Now().UnixMilli())
	}
	return s.change(ctx, campaign, func(list []Question, b *edit.Builder) error {
		have, err := questionOf(list, id)
		if err == nil && (have.WithdrawnAt != nil) != withdrawn {
			b.Update("question", id, edit.Cells{"withdrawn_at": moment(have.WithdrawnAt)}, edit.Cells{"withdrawn_at": at})
		}
		return err
	})
}

// OrderQuestions puts questions into an order, from 1 on.
func (s *Service) OrderQuestions(ctx context.Context, campaign schema.CampaignID, ids []schema.RowID) error {
	return s.change(ctx, campaign, func(list []Question, b *edit.Builder) error {
		for place, id := range ids {
			have, err := questionOf(list, id)
			if err != nil {
				return err
			}
			if at := int64(place + 1); have.Position == nil || *have.Position != at {
				b.Update("question", id, edit.Cells{"position": moment(have.Position)}, edit.Cells{"position": edit.Int(at)})
			}
		}
		return nil
	})
}

func questionOf(list []Question, id schema.RowID) (*Question, error) {
	i := slices.IndexFunc(list, func(q Question) bool { return q.ID == id.String() })
	if i < 0 {
		return nil, schema.NewFault(schema.FaultNotFound, "question "+id.String())
	}
	return &list[i], nil
}

// codeFree wants a code that no other question has.
func codeFree(list []Question, code string, id schema.RowID) error {
	for i := range list {
		if list[i].Code == code && list[i].ID != id.String() {
			return schema.NewFault(schema.FaultQuestionTaken, code)
		}
	}
	return nil
}

// change writes what is planned on the questions as they are.
func (s *Service) change(ctx context.Context, campaign schema.CampaignID, plan func([]Question, *edit.Builder) error) error {
	return s.write(ctx, campaign, "question", func(v store.View, b *edit.Builder) error {
		list, err := readQuestions(ctx, v)
		if err == nil {
			err = plan(list, b)
		}
		return err
	})
}

// checked is a question with what its kind needs, and without what it does not.
func checked(a NewQuestion) (NewQuestion, error) {
	a.Code, a.Text, a.Hint = strings.TrimSpace(a.Code), strings.TrimSpace(a.Text), strings.TrimSpace(a.Hint)
	for _, text := range []string{a.Code, a.Text, a.Hint, a.Options} {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return a, schema.NewFault(schema.FaultValue, "text")
		}
	}
	var options []string
	for line := range strings.Lines(a.Options) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(options, line) {
			options = append(options, line)
		}
	}
	a.Options = strings.Join(options, "\n")
	switch {
	case a.Code == "" || a.Text == "":
		return a, schema.NewFault(schema.FaultValue, "code or text: blank")
	case a.Kind == "choice" && len(options) < 2:
		return a, schema.NewFault(schema.FaultValue, "options: at least two")
	case a.Kind == "scale" && a.ScaleMax == nil:
		return a, schema.NewFault(schema.FaultValue, "scale_max: blank")
	}
	if a.Kind != "choice" {
		a.Options = ""
	}
	if a.Kind != "scale" {
		a.ScaleMax = nil
	}
	a.Readable = a.Readable && a.Kind == "scale" && a.Usage == "interview"
	return a, nil
}

// cells are a question's values by column.
func (a NewQuestion) cells() edit.Cells {
	return edit.Cells{
		"code": edit.Text(a.Code), "usage": edit.Text(a.Usage), "category": words(a.Category), "text": edit.Text(a.Text),
		"hint": words(a.Hint), "kind": edit.Text(a.Kind), "options": words(a.Options), "scale_max": moment(a.ScaleMax),
		"readable": flag(a.Readable), "required": flag(a.Required),
	}
}

func words(text string) changeset.Value {
	if text == "" {
		return changeset.NullValue()
	}
	return edit.Text(text)
}

func flag(set bool) changeset.Value {
	if set {
		return edit.Int(1)
	}
	return edit.Int(0)
}

// differing keeps the cells that differ.
func differing(have, want edit.Cells) (before, after edit.Cells) {
	before, after = edit.Cells{}, edit.Cells{}
	for name, v := range want {
		if !v.Equal(have[name]) {
			before[name], after[name] = have[name], v
		}
	}
	return before, after
}

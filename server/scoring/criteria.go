package scoring

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"

	"github.com/google/uuid"
)

// Service reads and writes criteria, marks and ballot boxes, and makes scores of them.
type Service struct {
	Ingest *ingest.Service
	// Gather is how long a vote waits for others, see votes.
	Gather time.Duration

	votes votes
}

// Person is who asks.
type Person struct {
	Name string // as it stands in the history
	Own  bool   // enters marks in this name alone
}

// Source is where a criterion's marks come from.
type Source string

// The sources.
const (
	Visit     Source = "visit"
	Leader    Source = "leader"
	Interview Source = "interview"
	Ballot    Source = "ballot"
	Rectified Source = "rectified"
	Answers   Source = "answers"
)

// Criterion is what units are scored by.
type Criterion struct {
	ID         string `json:"id,omitempty" doc:"Empty for a new one"`
	Code       string `json:"code" minLength:"1" maxLength:"20"`
	Title      string `json:"title" minLength:"1" maxLength:"200"`
	Category   string `json:"category" doc:"Empty: of all categories"`
	Position   int64  `json:"position" minimum:"0" maximum:"10000"`
	Weight     int64  `json:"weight" minimum:"0" maximum:"10000" doc:"A part of the sum of all weights of a category"`
	MarkMax    int64  `json:"mark_max" minimum:"1" maximum:"1000"`
	Source     Source `json:"source" enum:"visit,leader,interview,ballot,rectified,answers"`
	QuestionID string `json:"question_id,omitempty" doc:"Of interviews or answers"`
	Question   string `json:"question,omitempty" doc:"Its code and text"`
	Trim       int    `json:"trim_percent" minimum:"0" maximum:"49" doc:"Left out at each end, percent of the marks"`
	Used       bool   `json:"used" doc:"There are marks or ballots"`
}

// MarkedQuestion is one that criteria can be about.
type MarkedQuestion struct {
	ID       string `json:"id" format:"uuid"`
	Code     string `json:"code"`
	Text     string `json:"text"`
	Usage    string `json:"usage" doc:"check or interview"`
	Category string `json:"category"`
}

// Criteria are all that are in use, and the questions that there are.
type Criteria struct {
	List      []Criterion      `json:"list" nullable:"false"`
	Questions []MarkedQuestion `json:"questions" nullable:"false"`
	ReadAt    uint64           `json:"read_at"`
}

const selectCriteria = `SELECT c.id, c.code, c.title, coalesce(c.category, ''), coalesce(c.position, 0), c.weight, c.mark_max,
		c.source, c.question_id, coalesce(q.code || ' ' || q.text, ''), c.trim_percent,
		CASE WHEN EXISTS (SELECT 1 FROM mark m WHERE m.campaign_no = c.campaign_no AND m.criterion_id = c.id)
			OR (c.source = 'ballot' AND EXISTS (SELECT 1 FROM ballot_box b
				JOIN unit u ON u.campaign_no = b.campaign_no AND u.id = b.unit_id
				WHERE b.campaign_no = c.campaign_no AND (c.category IS NULL OR c.category = u.category)))
			THEN 1 ELSE 0 END
	FROM criterion c LEFT JOIN question q ON q.campaign_no = c.campaign_no AND q.id = c.question_id
	WHERE c.campaign_no = $1 AND c.withdrawn_at IS NULL`

const criteriaOrder = " ORDER BY c.category IS NOT NULL, c.category, c.position, c.code"

func scanCriterion(row store.Scanner) (c Criterion, err error) {
	var id, question []byte
	var used int64
	err = row.Scan(&id, &c.Code, &c.Title, &c.Category, &c.Position, &c.Weight, &c.MarkMax, &c.Source, &question,
		&c.Question, &c.Trim, &used)
	c.ID, c.QuestionID, c.Used = idText(id), idText(question), used != 0
	return c, err
}

// Criteria reads the criteria in use.
func (s *Service) Criteria(ctx context.Context, campaign schema.CampaignID) (c Criteria, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) (err error) {
		c.ReadAt = v.State.Revision
		if c.List, err = store.List(ctx, v, scanCriterion, selectCriteria+criteriaOrder, v.CampaignNo); err != nil {
			return err
		}
		c.Questions, err = store.List(ctx, v, func(row store.Scanner) (q MarkedQuestion, err error) {
			var id []byte
			err = row.Scan(&id, &q.Code, &q.Text, &q.Usage, &q.Category)
			q.ID = idText(id)
			return q, err
		}, `SELECT id, code, text, usage, coalesce(category, '') FROM question
			WHERE campaign_no = $1 AND withdrawn_at IS NULL AND kind IN ('yesno', 'scale')
				AND (usage = 'check' OR readable = 1)
			ORDER BY usage DESC, category IS NOT NULL, position, code`, v.CampaignNo)
		return err
	})
	if err != nil {
		return c, fmt.Errorf("read criteria: %w", err)
	}
	return c, nil
}

// PutCriterion adds a criterion, or changes one. Once there are marks, what they were given
// for stays as it is.
func (s *Service) PutCriterion(
	ctx context.Context, campaign schema.CampaignID, c Criterion, readAt uint64,
) (string, error) {
	known, err := s.Criteria(ctx, campaign)
	if err != nil {
		return "", err
	}
	cells, err := c.cells(known.Questions)
	if err != nil {
		return "", err
	}
	var was *Criterion
	for i := range known.List {
		one := &known.List[i]
		if one.ID == c.ID {
			was = one
		} else if one.Code == c.Code {
			return "", schema.NewFault(schema.FaultCriterionTaken, c.Code)
		}
	}
	b := edit.New(s.Ingest.Catalogue)
	if c.ID == "" {
		id := schema.NewRowID()
		b.Insert("criterion", id, cells)
		return id.String(), s.Ingest.WriteRows(ctx, campaign, b)
	}
	if was == nil {
		return "", schema.NewFault(schema.FaultNotFound, c.ID)
	}
	if was.Used && (was.MarkMax != c.MarkMax || was.Source != c.Source || was.Category != c.Category || was.QuestionID != c.QuestionID) {
		return "", schema.NewFault(schema.FaultCriterionUsed, c.Code)
	}
	before, err := was.cells(known.Questions)
	if err != nil {
		before = edit.Cells{} // its question is gone: all is written anew
	}
	return c.ID, s.update(ctx, campaign, "criterion", c.ID, readAt, before, cells)
}

// WithdrawCriterion takes a criterion out of use. Its marks stay.
func (s *Service) WithdrawCriterion(
	ctx context.Context, campaign schema.CampaignID, id string, readAt uint64,
) error {
	return s.update(ctx, campaign, "criterion", id, readAt, edit.Cells{"withdrawn_at": changeset.NullValue()},
		edit.Cells{"withdrawn_at": edit.Int(s.now())})
}

func (s *Service) now() int64 { return s.Ingest.Now().UnixMilli() }

// update changes a row, if nobody changed it since it was read.
func (s *Service) update(
	ctx context.Context, campaign schema.CampaignID, table, text string, readAt uint64, before, after edit.Cells,
) error {
	id, err := parseRow(text)
	if err != nil {
		return err
	}
	b := edit.New(s.Ingest.Catalogue)
	b.Update(table, id, before, after)
	if b.Empty() {
		return nil
	}
	bytes, err := b.Bytes()
	if err != nil {
		return err
	}
	ref := merge.RowRef{Table: s.Ingest.Catalogue.MustTable(table), ID: id}
	return s.Ingest.Write(ctx, ingest.Edit{
		Campaign: campaign, Seen: readAt, Changeset: bytes, Guard: ingest.RowUnchanged(ref, readAt),
	})
}

// cells are a criterion's row, if it is one that units can be scored by.
func (c *Criterion) cells(questions []MarkedQuestion) (edit.Cells, error) {
	c.Code, c.Title = strings.TrimSpace(c.Code), strings.TrimSpace(c.Title)
	if c.Code == "" || c.Title == "" || c.Weight < 0 || c.MarkMax < 1 || c.Trim < 0 || c.Trim > trimMax {
		return nil, schema.NewFault(schema.FaultValue, "code, title, weight, mark_max or trim_percent")
	}
	cells := edit.Cells{
		"code": edit.Text(c.Code), "title": edit.Text(c.Title), "category": edit.Text(c.Category),
		"position": edit.Int(c.Position), "weight": edit.Int(c.Weight), "mark_max": edit.Int(c.MarkMax),
		"source": edit.Text(string(c.Source)), "trim_percent": edit.Int(int64(c.Trim)), "question_id": changeset.NullValue(),
	}
	if c.QuestionID == "" {
		if c.Source == Interview {
			return nil, schema.NewFault(schema.FaultValue, "question_id: an interview's marks are those of a question")
		}
		return cells, nil
	}
	usage := map[Source]string{Interview: "interview", Answers: "check"}[c.Source]
	for i := range questions {
		if q := &questions[i]; q.ID == c.QuestionID && q.Usage == usage {
			id, err := parseRow(q.ID)
			cells["question_id"] = edit.ID(id)
			return cells, err
		}
	}
	return nil, schema.NewFault(schema.FaultValue, "question_id: not a question with marks of that source")
}

func idText(b []byte) string {
	if len(b) != 16 {
		return ""
	}
	return uuid.UUID(b).String()
}

func parseRow(text string) (schema.RowID, error) {
	id, err := schema.ParseID[schema.RowID](text)
	if err != nil {
		return id, schema.NewFault(schema.FaultValue, err.Error())
	}
	return id, nil
}

package campaign_test

import (
	"slices"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/campaign"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t, TestACampaignsPreparationIsCounted, TestUnitsAreFoundByTheirWords, TestQuestionsAreAddedChangedOrderedAndWithdrawn,
		TestWhoMovesToAnotherTeamHoldsItsRowsAndNoLongerTheOldOnes, TestWhoLeavesATeamMayComeBack, TestSomebodyIsAdded)
}

// desk is a world with somebody who prepares its campaign.
type desk struct {
	*ingesttest.World
	*campaign.Service
	t testing.TB
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	w := ingesttest.New(t)
	return &desk{w, &campaign.Service{Ingest: w.Service}, t}
}

func (d *desk) fails(err error, code string) {
	d.t.Helper()
	if schema.FaultCode(err) != code || (code == "" && err != nil) {
		d.t.Errorf("%v, want %q", err, code)
	}
}

func TestACampaignsPreparationIsCounted(t *testing.T) {
	d := newDesk(t)
	d.Enrol(0)
	o, err := d.Setup(t.Context(), d.Campaign)
	if d.fails(err, ""); o.Teams != 2 || o.Inspectors != 2 || o.Devices != 1 || o.Deviceless != 1 || o.Visits != 2 || o.Code == "" {
		t.Errorf("%+v", o)
	}
	if len(o.Categories) == 0 || o.Categories[0].Units == 0 {
		t.Errorf("%+v", o.Categories)
	}
	starts, ends := d.Now.UnixMilli(), d.Now.UnixMilli()+1
	d.fails(d.Change(t.Context(), d.Campaign, campaign.Details{Name: " 王堃核查 ", City: "某市", StartsAt: &starts, EndsAt: &ends}), "")
	d.fails(d.Change(t.Context(), d.Campaign, campaign.Details{Name: "甲", StartsAt: &ends, EndsAt: &starts}), schema.FaultValue)
	d.fails(d.Change(t.Context(), d.Campaign, campaign.Details{Name: " "}), schema.FaultValue)
	o, err = d.Setup(t.Context(), d.Campaign)
	if d.fails(err, ""); o.Name != "王堃核查" || o.City != "某市" || *o.StartsAt != starts || *o.EndsAt != ends {
		t.Errorf("%+v", o)
	}
	_, err = d.Setup(t.Context(), schema.CampaignID(schema.NewRowID()))
	d.fails(err, schema.FaultNotFound)
	d.Check()
}

func TestUnitsAreFoundByTheirWords(t *testing.T) {
	d := newDesk(t)
	for words, want := range map[string]int{"": 2, "V1": 1, "槐塘 霽川": 1, "霁川": 1, "v1": 1, "%": 0, "_": 0, "槐塘 雲汀": 0} {
		list, err := d.FindUnits(t.Context(), d.Campaign, words)
		if d.fails(err, ""); len(list) != want {
			t.Errorf("%q finds %+v", words, list)
		}
	}
	_, err := d.FindUnits(t.Context(), d.Campaign, "\x00")
	d.fails(err, schema.FaultValue)
}

// codes are those of the questions, in order; what is withdrawn in brackets.
func (d *desk) codes() string {
	d.t.Helper()
	list, err := d.Questions(d.t.Context(), d.Campaign)
	d.fails(err, "")
	var codes []string
	for _, q := range list {
		if q.WithdrawnAt != nil {
			q.Code = "(" + q.Code + ")"
		}
		codes = append(codes, q.Code)
	}
	return strings.Join(codes, " ")
}

func TestQuestionsAreAddedChangedOrderedAndWithdrawn(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	add := func(code, usage, category, kind, options string) schema.RowID {
		t.Helper()
		id, err := d.AddQuestion(ctx, d.Campaign, campaign.NewQuestion{
			Code: code, Usage: usage, Category: category, Kind: kind, Options: options, Text: "問 " + code,
		})
		d.fails(err, "")
		return id
	}
	c1, c2 := add("C1", "check", "", "yesno", ""), add("C2", "check", "", "choice", " 甲 \n\n乙\n甲")
	v1, _ := add("V1", "check", "village", "text", ""), add("I1", "interview", "", "text", "")
	if got := d.codes(); got != "C1 C2 V1 I1" {
		t.Error(got)
	}
	for _, wrong := range []campaign.NewQuestion{
		{Code: "C3", Usage: "check", Kind: "choice", Text: "問", Options: "甲"},
		{Code: "C3", Usage: "check", Kind: "scale", Text: "問"},
		{Code: " ", Usage: "check", Kind: "text", Text: "問"},
		{Code: "C3", Usage: "check", Kind: "text", Text: "\x00"},
	} {
		_, err := d.AddQuestion(ctx, d.Campaign, wrong)
		d.fails(err, schema.FaultValue)
	}
	_, err := d.AddQuestion(ctx, d.Campaign, campaign.NewQuestion{Code: "V1", Usage: "check", Kind: "text", Text: "問"})
	d.fails(err, schema.FaultQuestionTaken)
	d.fails(d.OrderQuestions(ctx, d.Campaign, []schema.RowID{c2, c1}), "")
	d.fails(d.WithdrawQuestion(ctx, d.Campaign, v1, true), "")
	if got := d.codes(); got != "C2 C1 (V1) I1" {
		t.Error(got)
	}
	d.fails(d.WithdrawQuestion(ctx, d.Campaign, v1, false), "")
	list, err := d.Questions(ctx, d.Campaign)
	d.fails(err, "")
	second := list[slices.IndexFunc(list, func(q campaign.Question) bool { return q.ID == c2.String() })]
	changed := second.NewQuestion
	changed.Text, changed.Category = "䶮", "village"
	d.fails(d.ChangeQuestion(ctx, d.Campaign, c2, changed, second.Revision), "")
	d.fails(d.ChangeQuestion(ctx, d.Campaign, c2, second.NewQuestion, second.Revision), schema.FaultStale)
	changed.Code = "C1"
	d.fails(d.ChangeQuestion(ctx, d.Campaign, c2, changed, 1<<40), schema.FaultQuestionTaken)
	d.fails(d.ChangeQuestion(ctx, d.Campaign, schema.NewRowID(), changed, 1<<40), schema.FaultNotFound)
	list, err = d.Questions(ctx, d.Campaign)
	d.fails(err, "")
	i := slices.IndexFunc(list, func(q campaign.Question) bool { return q.ID == c2.String() })
	if diff := cmp.Diff(campaign.NewQuestion{Code: "C2", Usage: "check", Category: "village", Kind: "choice", Options: "甲\n乙", Text: "䶮"}, list[i].NewQuestion); diff != "" {
		t.Error(diff)
	}
	d.Check()
}

func TestAQuestionThatWasAnsweredKeepsItsKind(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	asked := campaign.NewQuestion{Code: "C1", Usage: "check", Kind: "yesno", Text: "問"}
	id, err := d.AddQuestion(ctx, d.Campaign, asked)
	d.fails(err, "")
	b := edit.New(d.Catalogue)
	b.Insert("answer", schema.NaturalRowID("answer", d.Visits[0], id), edit.Cells{
		"visit_id": edit.ID(d.Visits[0]), "question_id": edit.ID(id), "value": edit.Text("yes"),
	})
	d.fails(d.World.Service.WriteRows(ctx, d.Campaign, b), "")
	asked.Kind = "text"
	d.fails(d.ChangeQuestion(ctx, d.Campaign, id, asked, 1<<40), schema.FaultQuestionAnswered)
	asked.Kind, asked.Text = "yesno", "改過的問法"
	d.fails(d.ChangeQuestion(ctx, d.Campaign, id, asked, 1<<40), "")
	if list, err := d.Questions(ctx, d.Campaign); err != nil || list[0].Answers != 1 || list[0].Text != "改過的問法" {
		t.Errorf("%v %+v", err, list)
	}
}

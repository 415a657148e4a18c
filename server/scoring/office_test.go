package scoring_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/scoring"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t,
		TestAUnitIsScoredFromAllSources,
		TestFewInterviewsAreNotShown,
		TestMarksAreOfWhoGivesThem,
		TestACriterionWithMarksKeepsWhatTheyWereGivenFor,
		TestAHallVotesOncePerTicket,
		TestFewBallotsHaveNoResult,
		TestABoxIsClosedForGood,
	)
}

// office is a world that is scored.
type office struct {
	*ingesttest.World
	*scoring.Service
	t *testing.T
}

var (
	zhao   = scoring.Person{Name: "老趙（zhao）"}
	leader = scoring.Person{Name: "老李（li）", Own: true}
)

func newOffice(t *testing.T) *office {
	t.Helper()
	w := ingesttest.New(t)
	return &office{w, &scoring.Service{Ingest: w.Service, Gather: time.Millisecond}, t}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func fails(t *testing.T, err error, code string) {
	t.Helper()
	if schema.FaultCode(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}

func (o *office) ctx() context.Context { return o.t.Context() }

// criterion adds one with a weight and a source.
func (o *office) criterion(code string, weight int64, source scoring.Source, more ...func(*scoring.Criterion)) string {
	o.t.Helper()
	c := scoring.Criterion{Code: code, Title: "指標" + code, Weight: weight, MarkMax: 100, Source: source}
	for _, set := range more {
		set(&c)
	}
	id, err := o.PutCriterion(o.ctx(), o.Campaign, c, 0)
	must(o.t, err)
	return id
}

func (o *office) give(who scoring.Person, by, criterion string, value int64) error {
	o.t.Helper()
	return o.Give(o.ctx(), o.Campaign, who, scoring.MarksGiven{GivenBy: by, Marks: []scoring.GivenMark{
		{CriterionID: criterion, UnitID: o.Units[0].String(), Value: &value},
	}})
}

// question adds one with marks.
func (o *office) question(code, usage, kind string) schema.RowID {
	id := schema.NewRowID()
	o.Write(func(b *edit.Builder) {
		b.Insert("question", id, edit.Cells{
			"code": edit.Text(code), "usage": edit.Text(usage), "text": edit.Text("問" + code), "kind": edit.Text(kind),
			"scale_max": edit.Int(5), "readable": edit.Int(1),
		})
	})
	return id
}

// talks adds interviews with marks at the first unit.
func (o *office) talks(question schema.RowID, marks ...int64) {
	o.Write(func(b *edit.Builder) {
		for i, mark := range marks {
			id := schema.NewRowID()
			b.Insert("interview", id, edit.Cells{
				"visit_id": edit.ID(o.Visits[0]), "code": edit.Text(fmt.Sprint("P", i)), "consent": edit.Text("given"), "consent_at": edit.Int(1),
			})
			b.Insert("interview_score", schema.NewRowID(), edit.Cells{
				"interview_id": edit.ID(id), "question_id": edit.ID(question), "value": edit.Int(mark),
			})
		}
	})
}

// TestAUnitIsScoredFromAllSources works a whole sheet out by hand:
//
//	leaders 90, 80, 70, 60 and 0 of 100, a fifth trimmed: 80, 70, 60   70      × 30 = 2100
//	the team: 8.5 of 10                                                85      × 20 = 1700
//	interviews 5, 5, 4, 4, 2 of 5: 20 ÷ 25                             80      × 20 = 1600
//	problems rectified, partly, not; a fourth was not verified: 150÷3  50      × 20 = 1000
//	answers yes, no, 4 of 5: (100 + 0 + 80) ÷ 3                        60      × 10 =  600
//	                                                                           100   7000 ÷ 100 = 70
func TestAUnitIsScoredFromAllSources(t *testing.T) {
	o := newOffice(t)
	asked := o.question("I1", "interview", "scale")
	byLeaders := o.criterion("A", 30, scoring.Leader, func(c *scoring.Criterion) { c.Trim = 20 })
	byTeam := o.criterion("B", 20, scoring.Visit, func(c *scoring.Criterion) { c.MarkMax = 10 })
	o.criterion("C", 20, scoring.Interview, func(c *scoring.Criterion) { c.QuestionID = asked.String() })
	o.criterion("D", 20, scoring.Rectified)
	o.criterion("E", 10, scoring.Answers, func(c *scoring.Criterion) { c.Category = "village" })
	for i, value := range []int64{9000, 8000, 7000, 6000, 0} {
		must(t, o.give(zhao, fmt.Sprint("領導", i), byLeaders, value))
	}
	must(t, o.give(zhao, "一組", byTeam, 850))
	o.talks(asked, 5, 5, 4, 4, 2)
	o.verified("rectified", "partly", "not", "")
	o.answered("yes", "no", "4")
	sheet, err := o.Sheet(t.Context(), o.Campaign, "village")
	must(t, err)
	var scores []string
	for _, f := range sheet.Rows[0].Figures {
		scores = append(scores, f.Score)
	}
	if diff := cmp.Diff([]string{"70.00", "85.00", "80.00", "50.00", "60.00"}, scores); diff != "" {
		t.Error(diff)
	}
	if row := sheet.Rows[0]; row.Total != "70.00" || row.Rank != 1 || !row.Complete || sheet.Weights != 100 {
		t.Errorf("%+v", row)
	}
	worked, err := o.Unit(t.Context(), o.Campaign, o.Units[0])
	must(t, err)
	first := worked.Figures[0]
	if worked.Total != "70.00" || worked.Parts != "7000" || worked.Weights != 100 || first.Share != "30" || first.Sum != "210" ||
		first.Kept != 3 || first.Part != "2100" || len(first.Sources) != 5 || first.Sources[0].Trimmed != 1 || first.Sources[4].Trimmed != 1 {
		t.Errorf("%+v", worked)
	}
	if d := worked.Figures[3]; d.Count != 3 || d.Wanted != 4 {
		t.Errorf("three of four problems were verified: %+v", d)
	}
	for _, u := range worked.Figures[2].Sources {
		if u.Label != "" {
			t.Errorf("an interview is told from others: %+v", u)
		}
	}
	school, err := o.Sheet(t.Context(), o.Campaign, "school")
	must(t, err)
	if row := school.Rows[0]; row.Rank != 0 || row.Complete || row.Total != "" || row.Figures[0].Missing != "none" {
		t.Errorf("a unit without marks: %+v", row)
	}
	o.Check()
}

// verified adds problems of the first unit, verified or not; an older verification of each
// says something else.
func (o *office) verified(outcomes ...string) {
	o.Write(func(b *edit.Builder) {
		for i, outcome := range outcomes {
			problem := schema.NewRowID()
			b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(o.Units[0]), "title": edit.Text(fmt.Sprint("題", i)), "number": edit.Int(int64(i))})
			if outcome == "" {
				continue
			}
			for at, word := range []string{"sham", outcome} {
				b.Insert("verification", schema.NewRowID(), edit.Cells{
					"visit_id": edit.ID(o.Visits[0]), "problem_id": edit.ID(problem), "outcome": edit.Text(word), "verified_at": edit.Int(int64(at)),
				})
			}
		}
	})
}

func (o *office) answered(values ...string) {
	for i, value := range values {
		kind := "yesno"
		if value == "4" {
			kind = "scale"
		}
		question := o.question(fmt.Sprint("C", i), "check", kind)
		o.Write(func(b *edit.Builder) {
			b.Insert("answer", schema.NewRowID(), edit.Cells{
				"visit_id": edit.ID(o.Visits[0]), "question_id": edit.ID(question), "value": edit.Text(value),
			})
		})
	}
}

func TestFewInterviewsAreNotShown(t *testing.T) {
	o := newOffice(t)
	asked := o.question("I1", "interview", "scale")
	o.criterion("C", 20, scoring.Interview, func(c *scoring.Criterion) { c.QuestionID = asked.String() })
	o.talks(asked, 5, 5, 5, 5)
	worked, err := o.Unit(t.Context(), o.Campaign, o.Units[0])
	must(t, err)
	if f := worked.Figures[0]; f.Missing != "few" || f.Count != 0 || len(f.Sources) != 0 || f.Score != "" || worked.Total != "" {
		t.Errorf("four interviews are shown: %+v", worked)
	}
	o.talks(asked, 5)
	if worked, err = o.Unit(t.Context(), o.Campaign, o.Units[0]); err != nil || worked.Figures[0].Score != "100.00" {
		t.Errorf("%+v %v", worked, err)
	}
}

func TestMarksAreOfWhoGivesThem(t *testing.T) {
	o := newOffice(t)
	id := o.criterion("A", 1, scoring.Leader)
	must(t, o.give(leader, "別人", id, 8000)) // in the leader's own name all the same
	must(t, o.give(zhao, "別人", id, 6000))
	grid, err := o.Grid(t.Context(), o.Campaign, zhao, "village", "老李（li）")
	must(t, err)
	if len(grid.Marks) != 1 || *grid.Marks[0].Value != 8000 || fmt.Sprint(grid.People) != "[別人 老李（li）]" {
		t.Errorf("%+v", grid)
	}
	stale := scoring.MarksGiven{Marks: []scoring.GivenMark{{CriterionID: id, UnitID: o.Units[0].String()}}}
	fails(t, o.Give(t.Context(), o.Campaign, leader, stale), schema.FaultStale)
	stale.Marks[0].Was = grid.Marks[0].Value
	must(t, o.Give(t.Context(), o.Campaign, leader, stale)) // taken back
	sheet, err := o.Sheet(t.Context(), o.Campaign, "village")
	must(t, err)
	if f := sheet.Rows[0].Figures[0]; f.Count != 1 || f.Score != "60.00" {
		t.Errorf("a mark that was taken back counts: %+v", f)
	}
	fails(t, o.give(zhao, "別人", id, 10001), schema.FaultValue)
	fails(t, o.give(zhao, "別人", schema.NewRowID().String(), 1), schema.FaultValue)
	o.Check()
}

func TestACriterionWithMarksKeepsWhatTheyWereGivenFor(t *testing.T) {
	o := newOffice(t)
	id := o.criterion("A", 1, scoring.Leader)
	must(t, o.give(zhao, "別人", id, 5000))
	all, err := o.Criteria(t.Context(), o.Campaign)
	must(t, err)
	c := all.List[0]
	c.Weight = 7
	_, err = o.PutCriterion(t.Context(), o.Campaign, c, all.ReadAt)
	must(t, err)
	_, err = o.PutCriterion(t.Context(), o.Campaign, c, all.ReadAt) // the same once more
	must(t, err)
	c.MarkMax = 10
	_, err = o.PutCriterion(t.Context(), o.Campaign, c, all.ReadAt)
	fails(t, err, schema.FaultCriterionUsed)
	_, err = o.PutCriterion(t.Context(), o.Campaign, scoring.Criterion{Code: "A", Title: "x", MarkMax: 1, Source: scoring.Leader}, 0)
	fails(t, err, schema.FaultCriterionTaken)
	_, err = o.PutCriterion(t.Context(), o.Campaign, scoring.Criterion{Code: "I", Title: "x", MarkMax: 1, Source: scoring.Interview}, 0)
	fails(t, err, schema.FaultValue)
	fails(t, o.WithdrawCriterion(t.Context(), o.Campaign, id, all.ReadAt), schema.FaultStale)
	all, err = o.Criteria(t.Context(), o.Campaign)
	must(t, err)
	must(t, o.WithdrawCriterion(t.Context(), o.Campaign, id, all.ReadAt))
	if all, err = o.Criteria(t.Context(), o.Campaign); err != nil || len(all.List) != 0 {
		t.Errorf("%+v %v", all.List, err)
	}
}

// hall opens a box for the first unit with a criterion of four grades and one of points.
func (o *office) hall(tickets int) (opened scoring.OpenedBox, grades, points string) {
	o.t.Helper()
	grades = o.criterion("A", 60, scoring.Ballot)
	points = o.criterion("B", 40, scoring.Ballot, func(c *scoring.Criterion) { c.MarkMax = 5 })
	opened, err := o.OpenBox(o.ctx(), o.Campaign, zhao, scoring.NewBox{UnitID: o.Units[0].String(), Title: "年度測評", Tickets: tickets})
	must(o.t, err)
	return opened, grades, points
}

func (o *office) close(id string) scoring.Box {
	o.t.Helper()
	box, err := schema.ParseID[schema.RowID](id)
	must(o.t, err)
	must(o.t, o.CloseBox(o.ctx(), o.Campaign, zhao, box))
	all, err := o.Boxes(o.ctx(), o.Campaign)
	must(o.t, err)
	return all.List[0]
}

func TestAHallVotesOncePerTicket(t *testing.T) {
	o := newOffice(t)
	opened, grades, points := o.hall(50)
	paper, err := o.Paper(t.Context(), opened.Tickets[0])
	must(t, err)
	if paper.Unit != "槐塘村" || len(paper.Asked) != 2 || fmt.Sprint(paper.Asked[0].Marks, paper.Asked[1].Marks) != "[10000 8000 6000 4000] [500 400 300 200 100]" {
		t.Errorf("%+v", paper)
	}
	fails(t, o.Vote(t.Context(), opened.Tickets[0], map[string]int64{grades: 9900}), schema.FaultValue)
	var all sync.WaitGroup
	outcomes := make(chan error, 100)
	for i, ticket := range opened.Tickets {
		for range 2 { // each ticket twice, at the same time
			all.Go(func() {
				marks := map[string]int64{grades: 10000, points: 500}
				if i%2 == 1 {
					marks = map[string]int64{grades: 6000}
				}
				outcomes <- o.Vote(t.Context(), ticket, marks)
			})
		}
	}
	all.Wait()
	close(outcomes)
	kept, used := 0, 0
	for err := range outcomes {
		switch {
		case err == nil:
			kept++
		case schema.FaultCode(err) == schema.FaultTicketUsed:
			used++
		default:
			t.Error(err)
		}
	}
	if kept != 50 || used != 50 {
		t.Errorf("%d kept, %d refused", kept, used)
	}
	fails(t, o.Vote(t.Context(), opened.Tickets[3], nil), schema.FaultTicketUsed)
	_, err = o.Paper(t.Context(), opened.Tickets[3])
	fails(t, err, schema.FaultTicketUsed)
	for _, text := range []string{"", "x", strings.Repeat("A", 43), opened.Tickets[0][:42] + "!", opened.Tickets[0][:21] + strings.Repeat("A", 22)} {
		fails(t, o.Vote(t.Context(), text, nil), schema.FaultTicketUnknown)
	}
	o.wantOneTransaction(opened.ID)
	box := o.close(opened.ID)
	want := scoring.Result{grades: {"10000": 25, "6000": 25}, points: {"500": 25}}
	if diff := cmp.Diff(want, box.Result); diff != "" || box.Ballots != 50 || len(box.Hash) != 64 || box.Few {
		t.Errorf("%+v\n%s", box, diff)
	}
	if box.Score != "88.00" || box.Rank != 1 { // (60 × 80 + 40 × 100) ÷ 100
		t.Errorf("score %s, rank %d", box.Score, box.Rank)
	}
	sheet, err := o.Sheet(t.Context(), o.Campaign, "village")
	must(t, err)
	if row := sheet.Rows[0]; row.Total != "88.00" || row.Figures[0].Count != 50 || row.Figures[1].Count != 25 {
		t.Errorf("%+v", row)
	}
	o.wantNothingLeft(opened)
	o.Check()
}

// wantOneTransaction wants that PostgreSQL's own columns do not tell ballots from each other:
// all were written by one transaction, and in the order of their random ids. Which page with
// room it takes after a full one is PostgreSQL's affair, and an earlier one now and then.
func (o *office) wantOneTransaction(box string) {
	o.t.Helper()
	if !strings.HasPrefix(o.t.Name(), "TestOnPostgreSQL/") {
		return
	}
	id, err := schema.ParseID[schema.RowID](box)
	must(o.t, err)
	must(o.t, o.Store.Look(o.ctx(), func(q store.Queryer) error {
		var writers, disorder int
		return errors.Join(q.QueryRowContext(o.ctx(), `SELECT count(DISTINCT x), (SELECT count(*) FROM (
				SELECT id, lag(id) OVER (PARTITION BY (ctid::text::point)[0] ORDER BY ctid) AS before
				FROM ballot WHERE box_id = $1) o WHERE before > id)
			FROM (SELECT xmin::text AS x FROM ballot WHERE box_id = $1 UNION ALL
				SELECT xmin::text FROM ballot_ticket WHERE box_id = $1) w`, id[:]).Scan(&writers, &disorder), func() error {
			if writers != 1 || disorder != 0 {
				return fmt.Errorf("%d transactions wrote, %d out of order", writers, disorder)
			}
			return nil
		}())
	}))
}

// wantNothingLeft wants no ticket in the database, and neither ballots nor tickets in the
// history.
func (o *office) wantNothingLeft(opened scoring.OpenedBox) {
	o.t.Helper()
	must(o.t, o.Store.Read(o.ctx(), o.Campaign, func(v store.View) error {
		var tickets int
		if err := v.QueryRowContext(o.ctx(), `SELECT count(*) FROM ballot_ticket WHERE campaign_no = $1`, v.CampaignNo).Scan(&tickets); err != nil {
			return err
		}
		if tickets != 0 {
			return fmt.Errorf("%d tickets are left", tickets)
		}
		ids, err := store.List(o.ctx(), v, func(row store.Scanner) (id []byte, err error) {
			return id, row.Scan(&id)
		}, `SELECT id FROM ballot WHERE campaign_no = $1`, v.CampaignNo)
		if err != nil {
			return err
		}
		for _, id := range ids {
			var n int
			if err := v.QueryRowContext(o.ctx(), `SELECT count(*) FROM history WHERE campaign_no = $1 AND instr(entry, $2) > 0`, v.CampaignNo, id).Scan(&n); err != nil {
				return err
			}
			if n != 0 {
				return errors.New("a ballot is in the history")
			}
		}
		return nil
	}))
	_, err := o.Paper(o.ctx(), opened.Tickets[0])
	fails(o.t, err, schema.FaultBoxClosed)
}

func TestFewBallotsHaveNoResult(t *testing.T) {
	o := newOffice(t)
	opened, grades, _ := o.hall(9)
	for _, ticket := range opened.Tickets[:4] {
		must(t, o.Vote(t.Context(), ticket, map[string]int64{grades: 4000}))
	}
	box := o.close(opened.ID)
	if !box.Few || box.Ballots != 4 || box.Result != nil || box.Hash != "" || box.Score != "" {
		t.Errorf("%+v", box)
	}
	sheet, err := o.Sheet(t.Context(), o.Campaign, "village")
	must(t, err)
	if row := sheet.Rows[0]; row.Total != "" || row.Figures[0].Score != "" || row.Figures[0].Count != 0 {
		t.Errorf("four ballots are shown: %+v", row)
	}
}

func TestABoxIsClosedForGood(t *testing.T) {
	o := newOffice(t)
	_, err := o.OpenBox(t.Context(), o.Campaign, zhao, scoring.NewBox{UnitID: o.Units[0].String(), Title: "會", Tickets: 1})
	fails(t, err, schema.FaultNoCriteria)
	opened, grades, _ := o.hall(300)
	id, err := schema.ParseID[schema.RowID](opened.ID)
	must(t, err)
	again, err := o.Reissue(t.Context(), o.Campaign, id)
	must(t, err)
	fails(t, o.Vote(t.Context(), opened.Tickets[0], nil), schema.FaultTicketUnknown)
	for _, ticket := range again.Tickets[:5] {
		must(t, o.Vote(t.Context(), ticket, map[string]int64{grades: 8000}))
	}
	_, err = o.Reissue(t.Context(), o.Campaign, id)
	fails(t, err, schema.FaultBoxUsed)
	if box := o.close(opened.ID); box.Ballots != 5 || box.Result[grades]["8000"] != 5 || box.Tickets != 300 {
		t.Errorf("%+v", box)
	}
	fails(t, o.CloseBox(t.Context(), o.Campaign, zhao, id), schema.FaultBoxClosed)
	fails(t, o.Vote(t.Context(), again.Tickets[7], nil), schema.FaultBoxClosed)
	_, err = o.Reissue(t.Context(), o.Campaign, id)
	fails(t, err, schema.FaultBoxClosed)
}

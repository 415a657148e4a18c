package audit_test

import (
	"fmt"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store"

	"github.com/google/go-cmp/cmp"
)

// noted is a world whose audit log has some lines.
func noted(t *testing.T, lines int) (*ingesttest.World, *audit.Log) {
	t.Helper()
	w := ingesttest.New(t)
	at := time.UnixMilli(1_800_000_000_000)
	log := &audit.Log{Store: w.Store, Now: func() time.Time { at = at.Add(time.Second); return at }}
	for i := range lines {
		n := audit.Note{Actor: "wang", Kind: "report", Subject: fmt.Sprintf("第 %d 份", i), Address: "10.0.0.7"}
		if i%2 == 0 {
			n.Actor, n.Kind, n.Campaign = "li", audit.KindLogin, w.Campaign
		}
		must(t, log.Note(t.Context(), n))
	}
	return w, log
}

func verified(t *testing.T, log *audit.Log) audit.LogReport {
	t.Helper()
	report, err := log.Verify(t.Context())
	must(t, err)
	return report
}

func TestTheAuditLogIsReadBackNewestFirst(t *testing.T) {
	w, log := noted(t, 5)
	list, err := log.Lines(t.Context(), audit.LogFilter{Actor: "li", Campaign: w.Campaign.String()}, 5, 1)
	must(t, err)
	if len(list) != 1 || list[0].Position != 3 || list[0].Kind != audit.KindLogin || list[0].Subject != "第 2 份" {
		t.Errorf("got %+v", list)
	}
	since := audit.LogFilter{Kind: "report", Since: list[0].HappenedAt, Until: list[0].HappenedAt + 60_000}
	if list, err = log.Lines(t.Context(), since, 0, 10); err != nil || len(list) != 1 || list[0].Position != 4 {
		t.Errorf("got %+v, %v", list, err)
	}
	if list, err = log.Lines(t.Context(), audit.LogFilter{Campaign: "01a2"}, 0, 10); schema.FaultCode(err) != schema.FaultValue {
		t.Errorf("no such campaign: %d lines, %v", len(list), err)
	}
}

func TestAnAuditLogThatNobodyTouchedVerifies(t *testing.T) {
	w, log := noted(t, 6)
	must(t, log.Anchor(t.Context(), w.Service))
	must(t, log.Anchor(t.Context(), w.Service)) // says nothing new
	if diff := cmp.Diff(audit.LogReport{Lines: 6, Anchors: 1}, verified(t, log)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAMadeUpCampaignDoesNotSpoilTheAuditLog(t *testing.T) {
	w, log := noted(t, 2)
	must(t, log.Note(t.Context(), audit.Note{Actor: "li", Kind: "report", Campaign: schema.CampaignID{9}, Subject: "/campaigns/09"}))
	must(t, log.Note(t.Context(), audit.Note{Actor: "li", Kind: "report", Campaign: w.Campaign}))
	if r := verified(t, log); r.Bad != 0 || r.Lines != 4 {
		t.Errorf("%+v", r)
	}
}

// madeUp is a campaign that there never was.
const madeUp = "01900000-0000-7000-8000-0000000000aa"

// spoilt writes a line as an earlier version did: hashed with the campaign, which the row
// does not name.
func spoilt(t *testing.T, log *audit.Log, kind, detail string) {
	t.Helper()
	must(t, audit.NoteSpoilt(t.Context(), log, audit.Line{
		Actor: "li", Kind: kind, Campaign: madeUp, Subject: "/campaigns/" + madeUp + "/report.xlsx?lang=zh", Detail: detail,
	}))
}

func forge(t *testing.T, w *ingesttest.World, sql string, args ...any) {
	t.Helper()
	must(t, w.Store.Office(t.Context(), func(q store.Queryer) error {
		_, err := q.ExecContext(t.Context(), sql, args...)
		return err
	}))
}

func TestLinesThatAnEarlierVersionSpoiltAreExplained(t *testing.T) {
	w, log := noted(t, 3)
	spoilt(t, log, "review", audit.Refused)
	must(t, log.Note(t.Context(), audit.Note{Actor: "wang", Kind: "report"}))
	spoilt(t, log, "report", "")
	spoilt(t, log, "report", "")
	spoilt(t, log, "report", "not given: 404")
	must(t, log.Anchor(t.Context(), w.Service))
	spoilt(t, log, "report", "not given: 404")
	want := audit.LogReport{Lines: 9, Anchors: 1, MadeUp: []audit.Span{{From: 4, To: 4}, {From: 6, To: 9}}}
	if diff := cmp.Diff(want, verified(t, log)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Who forges lines must not get them passed off as that fault.
func TestNothingElsePassesForALineThatAnEarlierVersionSpoilt(t *testing.T) {
	for name, c := range map[string]struct {
		do  func(*testing.T, *ingesttest.World, *audit.Log)
		bad uint64
	}{
		"a line whose campaign was taken away": {func(t *testing.T, w *ingesttest.World, log *audit.Log) {
			must(t, log.Note(t.Context(), audit.Note{
				Actor: "li", Kind: "review", Campaign: w.Campaign, Detail: audit.Refused, Subject: "/campaigns/" + w.Campaign.String() + "/findings",
			}))
			forge(t, w, `UPDATE audit SET campaign_no = NULL WHERE position = 1`)
		}, 1},
		"a line that says what was done": {func(t *testing.T, _ *ingesttest.World, log *audit.Log) {
			spoilt(t, log, "review", "")
		}, 1},
		"a file that was given": {func(t *testing.T, _ *ingesttest.World, log *audit.Log) {
			spoilt(t, log, "report", "")
			spoilt(t, log, "report", "not given: 404")
			spoilt(t, log, "report", "")
		}, 3},
		"a line that was changed": {func(t *testing.T, w *ingesttest.World, log *audit.Log) {
			spoilt(t, log, "report", audit.Refused)
			forge(t, w, `UPDATE audit SET actor = 'zhao' WHERE position = 1`)
		}, 1},
		"a line of another made-up campaign": {func(t *testing.T, w *ingesttest.World, log *audit.Log) {
			spoilt(t, log, "report", audit.Refused)
			forge(t, w, `UPDATE audit SET subject = '/campaigns/01900000-0000-7000-8000-0000000000ab/report.xlsx?lang=zh' WHERE position = 1`)
		}, 1},
		"a line taken out before it": {func(t *testing.T, w *ingesttest.World, log *audit.Log) {
			must(t, log.Note(t.Context(), audit.Note{Actor: "li", Kind: "report"}))
			spoilt(t, log, "report", audit.Refused)
			forge(t, w, `DELETE FROM audit WHERE position = 1`)
			forge(t, w, `UPDATE audit SET position = 1`)
		}, 1},
		"one in the place of a line that the history has": {func(t *testing.T, w *ingesttest.World, log *audit.Log) {
			must(t, log.Note(t.Context(), audit.Note{Actor: "li", Kind: "report"}))
			must(t, log.Anchor(t.Context(), w.Service))
			forge(t, w, `DELETE FROM audit`)
			spoilt(t, log, "report", audit.Refused)
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w, log := noted(t, 0)
			c.do(t, w, log)
			if got := verified(t, log); got.Bad != c.bad {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestALineSaysWhoseProgramAsked(t *testing.T) {
	_, log := noted(t, 0)
	program := audit.Program{ID: madeUp, Name: "; refused 表格"}
	for _, n := range []audit.Note{
		{Kind: "report"},
		{Kind: "report", Program: program},
		{Kind: "report", Detail: audit.Refused, Program: program},
		{Kind: "report", Detail: "not given: 404", Program: program},
		{Kind: "report", Detail: audit.Refused},
		{Kind: audit.KindLogin, Detail: "refused; token " + madeUp + " browser"},
	} {
		must(t, log.Note(t.Context(), n))
		list, err := log.Lines(t.Context(), audit.LogFilter{}, 0, 1)
		must(t, err)
		var got audit.Program
		if list[0].Program != nil {
			got = *list[0].Program
		}
		if got != n.Program || list[0].Refused != (n.Detail == audit.Refused) {
			t.Errorf("%+v: %+v", n, list[0])
		}
	}
}

// Whoever has the database can change lines, and compute all hashes after them anew; what
// the history has of the log they cannot.
func TestATamperedAuditLogIsFoundAndLocated(t *testing.T) {
	for name, tamper := range map[string]struct {
		do   func(*testing.T, *ingesttest.World, *audit.Log)
		want audit.LogReport
	}{
		"a line changed": {func(t *testing.T, w *ingesttest.World, _ *audit.Log) {
			forge(t, w, `UPDATE audit SET actor = 'zhao' WHERE position = 3`)
		}, audit.LogReport{Lines: 3, Anchors: 1, Bad: 3}},
		"a line taken out": {func(t *testing.T, w *ingesttest.World, _ *audit.Log) {
			forge(t, w, `DELETE FROM audit WHERE position = 2`)
		}, audit.LogReport{Lines: 2, Anchors: 1, Bad: 2}},
		"the last lines taken out": {func(t *testing.T, w *ingesttest.World, _ *audit.Log) {
			forge(t, w, `DELETE FROM audit WHERE position > 4`)
		}, audit.LogReport{Lines: 4, Anchors: 1, Bad: 5}},
		"the end written anew": {func(t *testing.T, w *ingesttest.World, log *audit.Log) {
			forge(t, w, `DELETE FROM audit WHERE position > 4`)
			for range 2 {
				must(t, log.Note(t.Context(), audit.Note{Actor: "li", Kind: "forged"}))
			}
		}, audit.LogReport{Lines: 6, Anchors: 1, Bad: 6}},
	} {
		t.Run(name, func(t *testing.T) {
			w, log := noted(t, 6)
			must(t, log.Anchor(t.Context(), w.Service))
			tamper.do(t, w, log)
			got := verified(t, log)
			got.Campaign = ""
			if diff := cmp.Diff(tamper.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t,
		TestTheAuditLogIsReadBackNewestFirst,
		TestAnAuditLogThatNobodyTouchedVerifies,
		TestATamperedAuditLogIsFoundAndLocated,
		TestAMadeUpCampaignDoesNotSpoilTheAuditLog,
		TestLinesThatAnEarlierVersionSpoiltAreExplained,
		TestNothingElsePassesForALineThatAnEarlierVersionSpoilt,
	)
}

func TestACampaignsHistoryIsCheckedByOneCall(t *testing.T) {
	w, log := noted(t, 0)
	v, err := log.VerifyHistory(t.Context(), w.Campaign)
	must(t, err)
	if v.Fault != nil || v.Entries != w.Position() || v.Devices != 1 || len(v.Root) != 64 {
		t.Errorf("%+v", v)
	}
	must(t, w.Store.Office(t.Context(), func(q store.Queryer) error {
		_, err := q.ExecContext(t.Context(), `UPDATE history SET hash = $1 WHERE position = 2`, make([]byte, 32))
		return err
	}))
	if v, err = log.VerifyHistory(t.Context(), w.Campaign); err != nil || v.Fault == nil || v.Position != 2 {
		t.Errorf("%+v, %v", v, err)
	}
}

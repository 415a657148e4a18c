package review_test

import (
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/review"
	"sansuiji/server/store"

	"github.com/google/go-cmp/cmp"
)

func TestAFilterBecomesConditionsThatGoOnCounting(t *testing.T) {
	team := schema.TeamID(schema.NaturalRowID("team"))
	all := review.FindingFilter{
		Team: team.String(), County: "霽川縣", Category: "village", Kind: "problem",
		Severity: "minor", Topic: "funds", Status: "draft", Review: "accepted", Search: "100%_\\",
	}
	for name, c := range map[string]struct {
		filter review.FindingFilter
		clause string
		args   []any
	}{
		"none":   {review.FindingFilter{}, "TRUE", []any{7}},
		"county": {review.FindingFilter{County: "霽川縣"}, "u.county = $2", []any{7, "霽川縣"}},
		"all": {
			all,
			"v.team_id = $2 AND u.county = $3 AND u.category = $4 AND f.kind = $5" +
				" AND f.severity = $6 AND f.topic = $7 AND f.status = $8 AND f.review_state = $9" +
				` AND (lower(f.title) LIKE lower($10) ESCAPE '\'` +
				` OR lower(f.detail) LIKE lower($10) ESCAPE '\'` +
				` OR lower(f.review_note) LIKE lower($10) ESCAPE '\'` +
				` OR lower(u.name) LIKE lower($10) ESCAPE '\'` +
				` OR lower((SELECT i.name FROM inspector i WHERE i.campaign_no = f.campaign_no` +
				` AND i.id = f.inspector_id)) LIKE lower($10) ESCAPE '\')`,
			[]any{
				7, team[:], "霽川縣", "village", "problem", "minor", "funds", "draft", "accepted",
				`%100\%\_\\%`,
			},
		},
		"place": {
			all.Place(), "v.team_id = $2 AND u.county = $3 AND u.category = $4",
			[]any{7, team[:], "霽川縣", "village"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			clause, args, err := c.filter.Where([]any{7})
			if err != nil || clause != c.clause {
				t.Errorf("%v, clause\n%s, want\n%s", err, clause, c.clause)
			}
			if diff := cmp.Diff(c.args, args); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAFilterThatCannotBeMeantIsAFault(t *testing.T) {
	for name, filter := range map[string]review.FindingFilter{
		"team is no id":          {Team: "第一核查組"},
		"team in braces":         {Team: "{8c1f0a3e-0000-7000-8000-000000000000}"},
		"search with NUL":        {Search: "a\x00b"},
		"county that is no text": {County: "\xff"},
		"first of two faults":    {Team: "x", Kind: "\xff"},
	} {
		if _, _, err := filter.Where(nil); schema.FaultCode(err) != schema.FaultValue {
			t.Errorf("%s: %v, want a fault of the value", name, err)
		}
	}
}

func TestSearchFindsTextAsItStands(t *testing.T) {
	s := ingesttest.Open(t)
	for _, c := range []struct {
		search, title string
		detail        any
		unit          any
		found         bool
	}{
		{"記錄", "會議記錄不全", nil, nil, true},
		{"記錄", "不全", "無記錄", nil, true},
		{"槐塘", "不全", "無", "槐塘村", true},
		{"記錄", "不全", nil, nil, false},
		{"記錄 不全", "不全", "無記錄", nil, true},
		{"記錄 路燈", "不全", "無記錄", nil, false},
		{"5%", "完成 5%", nil, nil, true},
		{"5%", "完成 57", nil, nil, false},
		{"a_b", "a_b", nil, nil, true},
		{"a_b", "acb", nil, nil, false},
		{`a\b`, `a\b`, nil, nil, true},
		{`\`, "無", nil, nil, false},
		{"pdf", "附件.PDF", nil, nil, true},
		{"'; DROP TABLE finding; --", "無", nil, nil, false},
		{"𠮷", "𠮷字", nil, nil, true},
		{"记录", "會議記錄不全", nil, nil, true},
		{"會議記錄", "会议记录不全", nil, nil, true},
		{"台账", "無", "整改臺賬", nil, true},
		{"后来", "後來", nil, nil, true},
		{"记录", "會議紀要", nil, nil, false},
	} {
		filter := review.FindingFilter{Search: c.search}
		clause, args, err := filter.Where([]any{c.title, c.detail, c.unit})
		if err != nil {
			t.Fatal(err)
		}
		const rows = `WITH f(title, detail, review_note, campaign_no, inspector_id) AS
			(VALUES (CAST($1 AS text), CAST($2 AS text), '', 1, CAST(NULL AS uuid))),
			u(name) AS (VALUES (CAST($3 AS text)))
			SELECT count(*) FROM f, u WHERE `
		var n int
		if err := s.Office(t.Context(), func(q store.Queryer) error {
			return q.QueryRowContext(t.Context(), rows+clause, args...).Scan(&n)
		}); err != nil {
			t.Fatalf("search %q: %v", c.search, err)
		}
		if (n == 1) != c.found {
			t.Errorf("search %q in %q, %v, %v: found %d", c.search, c.title, c.detail, c.unit, n)
		}
	}
}

package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"sansuiji/schema"
	"sansuiji/server/review"
	"sansuiji/server/store"
)

// line is a line of the cover: a name and what it is, or a heading.
type line struct {
	label   schema.Label
	value   any // string or int64
	heading bool
}

// cover writes the sheet that says what the workbook shows: which campaign, in
// which state, narrowed how, and how much that is.
func (s *Service) cover(
	ctx context.Context, v store.View, f review.FindingFilter, b *book,
) error {
	about, err := s.aboutCampaign(ctx, v)
	if err != nil {
		return err
	}
	filters, err := s.aboutFilter(ctx, v, f, b)
	if err != nil {
		return err
	}
	counts, err := aboutCounts(ctx, v, f)
	if err != nil {
		return err
	}
	return b.coverSheet(slices.Concat(about, filters, counts, b.notes()))
}

const campaignQuery = `SELECT code, name, coalesce(city, '') FROM campaign WHERE campaign_no = $1`

// aboutCampaign names the campaign and its state: two workbooks with the same
// epoch, position, revision and filter show the same rows.
func (s *Service) aboutCampaign(ctx context.Context, v store.View) ([]line, error) {
	var code, name, city string
	err := v.QueryRowContext(ctx, campaignQuery, v.CampaignNo).Scan(&code, &name, &city)
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // none: only just begun
		return nil, fmt.Errorf("read campaign: %w", err)
	}
	t := s.Catalogue.MustTable("campaign")
	label := func(column string) schema.Label { return t.Columns[t.ColumnIndex(column)].Label }
	return []line{
		{label: schema.Label{Zh: "核查批次", En: "Campaign"}, heading: true},
		{label: label("name"), value: name},
		{label: label("code"), value: code},
		{label: label("city"), value: city},
		{label: rowID().label, value: v.State.Campaign.String()},
		{label: schema.Label{Zh: "讀取時間", En: "Read at"}, value: clockText(s.now())},
		{
			label: schema.Label{Zh: "最新變更時間", En: "Newest change"},
			value: clockText(time.UnixMilli(v.State.Clock.Millis())),
		},
		{
			label: schema.Label{Zh: "歷史位置", En: "Position of the history"},
			value: int64(v.State.Position),
		},
		{label: schema.Label{Zh: "修訂號", En: "Revision"}, value: int64(v.State.Revision)},
		{label: schema.Label{Zh: "紀元", En: "Epoch"}, value: v.State.Epoch.String()},
	}, nil
}

func clockText(t time.Time) string { return t.In(zone()).Format("2006-01-02 15:04:05 -07:00") }

const teamQuery = `SELECT name FROM team WHERE campaign_no = $1 AND id = $2`

func (s *Service) aboutFilter(
	ctx context.Context, v store.View, f review.FindingFilter, b *book,
) ([]line, error) {
	team := f.Team
	if id, err := schema.ParseID[schema.TeamID](team); err == nil {
		err = v.QueryRowContext(ctx, teamQuery, v.CampaignNo, id[:]).Scan(&team)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("read team: %w", err)
		}
	}
	unit, finding := s.Catalogue.MustTable("unit"), s.Catalogue.MustTable("finding")
	by := func(t *schema.Table, name, value string) line {
		c := of(t, name, text)
		if value = b.choice(c.choices, value); value == "" {
			value = b.say(schema.Label{Zh: "全部", En: "All"})
		}
		return line{label: c.label, value: value}
	}
	search := f.Search
	if search == "" {
		search = b.say(schema.Label{Zh: "(無)", En: "(none)"})
	}
	return []line{
		{label: schema.Label{Zh: "篩選條件", En: "Filter"}, heading: true},
		by(unit, "team_id", team), by(unit, "county", f.County), by(unit, "category", f.Category),
		by(finding, "kind", f.Kind), by(finding, "severity", f.Severity),
		by(finding, "status", f.Status), by(finding, "review_state", f.Review),
		{label: schema.Label{Zh: "搜索文字", En: "Text searched for"}, value: search},
	}, nil
}

const findingCounts = `SELECT count(*),
		count(CASE WHEN f.kind = 'problem' THEN 1 END),
		count(CASE WHEN f.kind = 'achievement' THEN 1 END),
		count(CASE WHEN f.review_state = 'accepted' THEN 1 END),
		count(CASE WHEN f.withdrawn_at IS NOT NULL THEN 1 END)
	FROM finding f
	LEFT JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
	LEFT JOIN unit u ON u.campaign_no = f.campaign_no AND u.id = v.unit_id
	WHERE f.campaign_no = $1 AND `

const verificationCounts = `SELECT count(*)
	FROM verification r
	LEFT JOIN visit v ON v.campaign_no = r.campaign_no AND v.id = r.visit_id
	LEFT JOIN unit u ON u.campaign_no = r.campaign_no AND u.id = v.unit_id
	WHERE r.campaign_no = $1 AND `

func aboutCounts(ctx context.Context, v store.View, f review.FindingFilter) ([]line, error) {
	var n [6]int64
	if err := one(ctx, v, findingCounts, f, &n[0], &n[1], &n[2], &n[3], &n[4]); err != nil {
		return nil, fmt.Errorf("count findings: %w", err)
	}
	if err := one(ctx, v, verificationCounts, f.Place(), &n[5]); err != nil {
		return nil, fmt.Errorf("count verifications: %w", err)
	}
	lines := []line{{label: schema.Label{Zh: "數量", En: "Counts"}, heading: true}}
	for i, label := range []schema.Label{
		{Zh: "發現", En: "Findings"},
		{Zh: "其中:問題", En: "of these, problems"},
		{Zh: "其中:成效", En: "of these, achievements"},
		{Zh: "其中:已採納", En: "of these, accepted"},
		{Zh: "其中:已撤回", En: "of these, withdrawn"},
		{Zh: "查驗", En: "Verifications"},
	} {
		lines = append(lines, line{label: label, value: n[i]})
	}
	return lines, nil
}

// one reads the only row of a query that the filter's conditions end.
func one(
	ctx context.Context, v store.View, query string, f review.FindingFilter, into ...any,
) error {
	conditions, args, err := f.Where([]any{v.CampaignNo})
	if err != nil {
		return err
	}
	return v.QueryRowContext(ctx, query+conditions, args...).Scan(into...)
}

package report

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/translog"
)

// line is a line of the cover: a name and what it is, or a heading.
type line struct {
	label   schema.Label
	value   any // string or int64
	heading bool
}

// cover writes the sheet that says what the workbook shows: which campaign, in
// which state, narrowed how, and how much that is.
func (b *book) cover(ctx context.Context, v store.View, lists []listing) error {
	about, err := b.aboutCampaign(ctx, v)
	if err != nil {
		return err
	}
	checkpoint, err := b.aboutCheckpoint(ctx, v)
	if err != nil {
		return err
	}
	filters, err := b.aboutFilter(ctx, v)
	if err != nil {
		return err
	}
	counts, err := b.aboutCounts(ctx, v, lists)
	if err != nil {
		return err
	}
	return b.coverSheet(slices.Concat(about, checkpoint, filters, counts, b.notes()))
}

const campaignQuery = `SELECT code, name, coalesce(city, '') FROM campaign WHERE campaign_no = $1`

// aboutCampaign names the campaign and its state: two workbooks with the same
// epoch, position and filter show the same rows.
func (b *book) aboutCampaign(ctx context.Context, v store.View) ([]line, error) {
	var code, name, city string
	err := v.QueryRowContext(ctx, campaignQuery, v.CampaignNo).Scan(&code, &name, &city)
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // none: only just begun
		return nil, fmt.Errorf("read campaign: %w", err)
	}
	newest := ""
	if b.stand.At > 0 {
		newest = clockText(time.UnixMilli(b.stand.At))
	}
	return []line{
		{label: schema.Label{Zh: "核查批次", En: "Campaign"}, heading: true},
		{label: b.of("campaign", "name", text).label, value: name},
		{label: b.of("campaign", "code", text).label, value: code},
		{label: b.of("campaign", "city", text).label, value: city},
		{label: rowID().label, value: v.State.Campaign.String()},
		{label: schema.Label{Zh: "最新變更時間", En: "Newest change"}, value: newest},
		{label: schema.Label{Zh: "歷史位置", En: "Position of the history"}, value: b.stand.Position},
		{label: schema.Label{Zh: "紀元", En: "Epoch"}, value: b.stand.Epoch},
	}, nil
}

func clockText(t time.Time) string { return t.In(schema.Zone()).Format("2006-01-02 15:04:05 -07:00") }

// aboutCheckpoint binds the workbook to the history: the root of its log at the position,
// and headquarters' signature over it.
func (b *book) aboutCheckpoint(ctx context.Context, v store.View) ([]line, error) {
	lines := []line{{label: schema.Label{Zh: "歷史檢查點", En: "Checkpoint of the history"}, heading: true}}
	c, ok, err := b.stand.Checkpoint(ctx, v)
	if err != nil {
		return nil, err
	}
	if !ok {
		return append(lines, line{
			label: schema.Label{Zh: "檢查點", En: "Checkpoint"},
			value: b.say(schema.Label{Zh: "此位置沒有可簽署的檢查點。", En: "There is none of this position."}),
		}), nil
	}
	lines = append(lines,
		line{label: schema.Label{Zh: "日誌名稱（簽名密鑰名）", En: "Name of the log and its key"}, value: translog.Origin(c.Campaign)},
		line{label: schema.Label{Zh: "根摘要", En: "Root"}, value: c.Root.String()})
	if b.printer.Key == nil {
		return lines, nil
	}
	signed, err := c.Sign(b.printer.Key)
	if err != nil {
		return nil, err
	}
	if public, ok := b.printer.Key.Public().(ed25519.PublicKey); ok {
		lines = append(lines, line{label: schema.Label{Zh: "簽名公鑰", En: "Key"}, value: translog.KeyText(c.Campaign, public)})
	}
	return append(lines,
		line{label: schema.Label{Zh: "檢查點簽名文", En: "Signed checkpoint"}, value: strings.TrimRight(signed, "\n")},
		line{label: schema.Label{Zh: "簽名文SHA-256", En: "Its SHA-256"}, value: fmt.Sprintf("%x", sha256.Sum256([]byte(signed)))},
	), nil
}

const (
	teamQuery     = `SELECT name FROM team WHERE campaign_no = $1 AND id = $2`
	unitNameQuery = `SELECT name FROM unit WHERE campaign_no = $1 AND id = $2`
)

// nameOf is what an id stands for; an id that is not there stands for itself.
func nameOf(ctx context.Context, v store.View, query, id string) (string, error) {
	row, err := schema.ParseID[schema.RowID](id)
	if err != nil {
		return id, nil
	}
	name := id
	err = v.QueryRowContext(ctx, query, v.CampaignNo, row[:]).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return name, err
}

func (b *book) aboutFilter(ctx context.Context, v store.View) ([]line, error) {
	f := b.filter
	team, err := nameOf(ctx, v, teamQuery, f.Team)
	if err != nil {
		return nil, fmt.Errorf("read team: %w", err)
	}
	unit, err := nameOf(ctx, v, unitNameQuery, f.Unit)
	if err != nil {
		return nil, fmt.Errorf("read unit: %w", err)
	}
	by := func(table, name, value string) line {
		c := b.of(table, name, text)
		if value = b.choice(c.choices, value); value == "" {
			value = b.say(schema.Label{Zh: "全部", En: "All"})
		}
		return line{label: c.label, value: value}
	}
	lines := []line{
		{label: schema.Label{Zh: "篩選條件", En: "Filter"}, heading: true},
		by("unit", "team_id", team), by("unit", "county", f.County), by("unit", "category", f.Category), by("visit", "unit_id", unit),
	}
	if b.order.Kind != Findings && b.order.Kind != Problems {
		return lines, nil
	}
	search := f.Search
	if search == "" {
		search = b.say(schema.Label{Zh: "(無)", En: "(none)"})
	}
	return append(lines,
		by("finding", "kind", f.Kind), by("finding", "severity", f.Severity), by("finding", "topic", f.Topic),
		by("finding", "status", f.Status), by("finding", "review_state", f.Review),
		line{label: schema.Label{Zh: "搜索文字", En: "Text searched for"}, value: search},
	), nil
}

const findingCounts = `SELECT count(CASE WHEN f.kind = 'problem' THEN 1 END),
		count(CASE WHEN f.kind = 'achievement' THEN 1 END),
		count(CASE WHEN f.review_state = 'accepted' THEN 1 END),
		count(CASE WHEN f.withdrawn_at IS NOT NULL THEN 1 END)` + findingFrom + `
	WHERE f.campaign_no = $1 AND `

// aboutCounts say how much each list has.
func (b *book) aboutCounts(ctx context.Context, v store.View, lists []listing) ([]line, error) {
	lines := []line{{label: schema.Label{Zh: "數量", En: "Counts"}, heading: true}}
	for i := range lists {
		lines = append(lines, line{label: lists[i].title, value: int64(lists[i].count)})
		if i > 0 || b.order.Kind != Findings {
			continue
		}
		var n [4]int64
		conditions, args, err := b.filter.Where([]any{v.CampaignNo})
		if err != nil {
			return nil, err
		}
		if err := v.QueryRowContext(ctx, findingCounts+conditions, args...).Scan(&n[0], &n[1], &n[2], &n[3]); err != nil {
			return nil, fmt.Errorf("count findings: %w", err)
		}
		for k, label := range []schema.Label{
			{Zh: "其中:問題", En: "of these, problems"},
			{Zh: "其中:成效", En: "of these, achievements"},
			{Zh: "其中:已採納", En: "of these, accepted"},
			{Zh: "其中:已撤回", En: "of these, withdrawn"},
		} {
			lines = append(lines, line{label: label, value: n[k]})
		}
	}
	return lines, nil
}

package report

import (
	"context"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/report/official"
	"sansuiji/server/scoring"
	"sansuiji/server/store"
)

// scores are the ranking of each category, then how every score came about.
func (b *book) scores(ctx context.Context, v store.View) ([]listing, error) {
	list, err := official.ScoredOf(ctx, v, &b.order.Request)
	if err != nil {
		return nil, err
	}
	var listings []listing
	workings := &fixed{}
	for i := range list {
		s := &list[i]
		columns := []column{named("名次", "Rank", count), named("單位", "Unit", text), b.of("unit", "county", text)}
		for k := range s.Sheet.Criteria {
			c := &s.Sheet.Criteria[k]
			columns = append(columns, named(c.Code+" "+c.Title, c.Code+" "+c.Title, score))
		}
		columns = append(columns, named("總分", "Total", score), named("備注", "Notes", text), rowID())
		ranks := &fixed{}
		for k := range s.Sheet.Rows {
			ranks.rows = append(ranks.rows, b.scoreRow(&s.Sheet.Rows[k]))
			for n := range s.Units[k].Figures {
				if s.Units[k].Total == "" { // nothing to work out
					break
				}
				workings.rows = append(workings.rows, b.workingRow(s, k, &s.Units[k].Figures[n]))
			}
		}
		listings = append(listings, listing{title: official.ScoredLabel(s.Category), columns: columns, rows: ranks})
	}
	return append(listings, listing{
		title: schema.Label{Zh: "計分過程", En: "Workings"}, columns: b.workingColumns(), rows: workings,
	}), nil
}

func (b *book) scoreRow(r *scoring.ScoreRow) []any {
	row := []any{nil, r.Name, r.County}
	if r.Rank > 0 {
		row[0] = int64(r.Rank)
	}
	for i := range r.Figures {
		row = append(row, b.shownScore(&r.Figures[i]))
	}
	note := ""
	switch {
	case r.Total == "":
		note = b.say(schema.Label{Zh: "尚無分數", En: "no scores"})
	case r.Rank == 0:
		note = b.say(schema.Label{Zh: "缺分，初步總分", En: "preliminary"})
	}
	return append(row, hundredths(r.Total), note, r.ID)
}

// shownScore is a score, or why there is none.
func (b *book) shownScore(f *scoring.Figure) any {
	switch f.Missing {
	case "few":
		return b.say(schema.Label{Zh: "不足5份", En: "fewer than 5"})
	case "none":
		return b.say(schema.Label{Zh: "缺", En: "missing"})
	}
	return hundredths(f.Score)
}

// hundredths is a score of two decimals as a whole number; nil for none.
func hundredths(shown string) any {
	if shown == "" {
		return nil
	}
	n := int64(0)
	for _, digit := range strings.Replace(shown, ".", "", 1) {
		n = 10*n + int64(digit-'0')
	}
	return n
}

func (b *book) workingColumns() []column {
	return []column{
		b.of("unit", "category", text), named("單位", "Unit", text), b.of("unit", "county", text),
		named("指標", "Criterion", text), named("權重", "Weight", count), named("占比（%）", "Share (%)", text),
		b.of("criterion", "source", text), named("評分（百分制）", "Marks (of 100)", text),
		named("份數", "Count", count), named("去掉", "Trimmed", count), named("合計", "Sum", text),
		named("得分", "Score", score), named("得分×權重", "Score × weight", text), rowID(),
	}
}

func (b *book) workingRow(s *official.Scored, n int, f *scoring.FigureWorking) []any {
	u := &s.Units[n]
	row := []any{
		b.choice(schema.Categories(), s.Category), u.Name, u.County, f.Criterion.Code + " " + f.Criterion.Title,
		f.Criterion.Weight, f.Share, b.choice(b.of("criterion", "source", text).choices, string(f.Criterion.Source)),
	}
	id := u.ID + "/" + f.Criterion.Code
	if f.Missing != "" {
		return append(row, nil, nil, nil, nil, b.shownScore(&f.Figure), nil, id)
	}
	return append(row, official.MarkWords(f, b.english), int64(f.Count), int64(f.Count-f.Kept), f.Sum, hundredths(f.Score), f.Part, id)
}

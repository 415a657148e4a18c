package scoring

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// ScoreSheet is the ranking of a category.
type ScoreSheet struct {
	Category string      `json:"category"`
	Criteria []Criterion `json:"criteria" nullable:"false"`
	Weights  int64       `json:"weights" doc:"Their sum"`
	Rows     []ScoreRow  `json:"rows" doc:"By rank; units without one last" nullable:"false"`
	ReadAt   uint64      `json:"read_at"`
}

// ScoreRow is a unit's.
type ScoreRow struct {
	ScoredUnit
	Figures  []Figure `json:"figures" doc:"In the order of the criteria" nullable:"false"`
	Total    string   `json:"total" doc:"Two decimals, of 100; empty: nothing is known"`
	Complete bool     `json:"complete" doc:"Nothing that has a weight is missing"`
	Rank     int      `json:"rank" doc:"0: none, for something is missing"`

	total *big.Rat
}

// Figure is a criterion's score of a unit.
type Figure struct {
	Score   string `json:"score" doc:"Two decimals, of 100; empty: missing"`
	Missing string `json:"missing,omitempty" enum:"none,few" doc:"Why: there is nothing, or there is too little to be shown"`
	Count   int    `json:"count" doc:"Marks that it is made of"`
	Wanted  int    `json:"wanted" doc:"Problems, or questions, that there are"`
}

// FigureWorking is how a figure came about.
type FigureWorking struct {
	Figure
	Criterion Criterion  `json:"criterion"`
	Share     string     `json:"share" doc:"Of the sum of weights, percent"`
	Kept      int        `json:"kept" doc:"Marks that were not left out"`
	Sum       string     `json:"sum" doc:"Of those kept, on a scale of 100, exact or to six decimals"`
	Sources   []MarkUsed `json:"sources" doc:"From low to high" nullable:"false"`
	Part      string     `json:"part" doc:"Score times weight"`
}

// MarkUsed is a source of a figure.
type MarkUsed struct {
	Label   string `json:"label"`
	Value   string `json:"value" doc:"As it was given"`
	Max     string `json:"max"`
	Score   string `json:"score" doc:"On a scale of 100"`
	Count   int    `json:"count"`
	Trimmed int    `json:"trimmed" doc:"Of them left out"`
}

// Sheet makes the ranking of a category.
func (s *Service) Sheet(ctx context.Context, campaign schema.CampaignID, category string) (ScoreSheet, error) {
	var sheet ScoreSheet
	err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		d, err := readData(ctx, v, category)
		if err != nil {
			return err
		}
		sheet = d.sheet(category)
		sheet.ReadAt = v.State.Revision
		return nil
	})
	if err != nil {
		return sheet, fmt.Errorf("score units: %w", err)
	}
	return sheet, nil
}

// RankingOf is the ranking of a category in one state of a campaign, and in the same order
// how each unit's scores came about.
func RankingOf(ctx context.Context, v store.View, category string) (ScoreSheet, []UnitSheet, error) {
	d, err := readData(ctx, v, category)
	if err != nil {
		return ScoreSheet{}, nil, fmt.Errorf("score units: %w", err)
	}
	sheet, units := d.sheet(category), []UnitSheet{}
	for i := range sheet.Rows {
		units = append(units, d.unitSheet(&sheet.Rows[i].ScoredUnit))
	}
	return sheet, units, nil
}

func (d *data) sheet(category string) ScoreSheet {
	sheet := ScoreSheet{Category: category, Criteria: d.criteria, Rows: []ScoreRow{}}
	for i := range d.criteria {
		sheet.Weights += d.criteria[i].Weight
	}
	for i := range d.units {
		sheet.Rows = append(sheet.Rows, d.row(&d.units[i]))
	}
	sheet.rank()
	return sheet
}

func (s *ScoreSheet) rank() {
	totals := make([]*big.Rat, len(s.Rows))
	for i := range s.Rows {
		if s.Rows[i].Complete {
			totals[i] = s.Rows[i].total
		}
	}
	for i, rank := range Ranks(totals) {
		s.Rows[i].Rank = rank
	}
	slices.SortStableFunc(s.Rows, func(a, b ScoreRow) int {
		switch {
		case (a.Rank == 0) != (b.Rank == 0):
			return b.Rank - a.Rank
		case a.Rank != b.Rank:
			return a.Rank - b.Rank
		case a.Rank == 0 && a.total != nil && b.total != nil:
			return b.total.Cmp(a.total)
		case a.Rank == 0 && (a.total == nil) != (b.total == nil):
			return map[bool]int{true: 1, false: -1}[a.total == nil]
		}
		return 0
	})
}

func (d *data) row(u *ScoredUnit) ScoreRow {
	row := ScoreRow{ScoredUnit: *u, Figures: []Figure{}}
	var weighted []Weighted
	for i := range d.criteria {
		f := d.figure(&d.criteria[i], u.ID)
		weighted = append(weighted, Weighted{f.score, d.criteria[i].Weight})
		row.Figures = append(row.Figures, f.shown())
	}
	row.total, row.Complete = Total(weighted)
	row.Total = Shown(row.total)
	return row
}

// figure is a criterion's score with what it is made of.
type figure struct {
	groups []Group
	score  *big.Rat
	few    bool
	wanted int
}

func (d *data) figure(c *Criterion, unit string) (f figure) {
	f.groups, f.wanted = d.groups(c, unit)
	if n := count(f.groups); n < GroupMin && (c.Source == Interview || c.Source == Ballot) {
		f.few = n > 0
		f.groups = nil
		return f
	}
	f.score = Mean(f.groups, c.Trim)
	return f
}

func (f *figure) shown() Figure {
	out := Figure{Score: Shown(f.score), Count: count(f.groups), Wanted: f.wanted}
	switch {
	case f.few:
		out.Missing = "few"
	case f.score == nil:
		out.Missing = "none"
	}
	return out
}

// UnitSheet is a unit's scores with how they came about.
type UnitSheet struct {
	ScoredUnit
	Category string          `json:"category"`
	Figures  []FigureWorking `json:"figures" nullable:"false"`
	Weights  int64           `json:"weights" doc:"Sum of the weights that count"`
	Parts    string          `json:"parts" doc:"Sum of score times weight"`
	Total    string          `json:"total"`
	Complete bool            `json:"complete"`
}

// Unit works a unit's scores out.
func (s *Service) Unit(ctx context.Context, campaign schema.CampaignID, unit schema.RowID) (sheet UnitSheet, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		list, err := store.List(ctx, v, scanUnit, `SELECT u.id, u.name, coalesce(u.county, ''), coalesce(u.township, ''),
			coalesce(t.name, ''), u.category FROM unit u
			LEFT JOIN team t ON t.campaign_no = u.campaign_no AND t.id = u.team_id
			WHERE u.campaign_no = $1 AND u.id = $2`, v.CampaignNo, unit[:])
		if err == nil && len(list) == 0 {
			err = schema.NewFault(schema.FaultNotFound, unit.String())
		}
		if err != nil {
			return err
		}
		d, err := readData(ctx, v, list[0].category)
		if err != nil {
			return err
		}
		sheet = d.unitSheet(&list[0])
		return nil
	})
	if err != nil {
		return sheet, fmt.Errorf("score unit %s: %w", unit, err)
	}
	return sheet, nil
}

func (d *data) unitSheet(u *ScoredUnit) UnitSheet {
	sheet := UnitSheet{ScoredUnit: *u, Category: u.category, Figures: []FigureWorking{}}
	all, parts := int64(0), new(big.Rat)
	for i := range d.criteria {
		all += d.criteria[i].Weight
	}
	var weighted []Weighted
	for i := range d.criteria {
		c := &d.criteria[i]
		f := d.figure(c, u.ID)
		weighted = append(weighted, Weighted{f.score, c.Weight})
		if f.score != nil {
			sheet.Weights += c.Weight
			parts.Add(parts, new(big.Rat).Mul(f.score, big.NewRat(c.Weight, 1)))
		}
		sheet.Figures = append(sheet.Figures, f.working(c, all))
	}
	var total *big.Rat
	total, sheet.Complete = Total(weighted)
	sheet.Total, sheet.Parts = Shown(total), exact(parts)
	return sheet
}

func (f *figure) working(c *Criterion, all int64) FigureWorking {
	w := FigureWorking{Figure: f.shown(), Criterion: *c, Share: share(c.Weight, all), Sources: []MarkUsed{}}
	sum := new(big.Rat)
	for i := range f.groups {
		g := &f.groups[i]
		kept := g.Count - g.Trimmed
		w.Kept += kept
		sum.Add(sum, new(big.Rat).Mul(g.score(), big.NewRat(int64(kept), 1)))
		w.Sources = append(w.Sources, MarkUsed{
			Label: g.Label, Value: Plain(g.Value), Max: Plain(g.Max), Score: exact(g.score()), Count: g.Count, Trimmed: g.Trimmed,
		})
	}
	w.Sum = exact(sum)
	if f.score != nil {
		w.Part = exact(new(big.Rat).Mul(f.score, big.NewRat(c.Weight, 1)))
	}
	return w
}

// share is a weight in percent of all.
func share(weight, all int64) string {
	if all == 0 {
		return "0"
	}
	return Plain(big.NewRat(100*weight, all))
}

// exact is a number with all its decimals, or with six and a sign that there are more.
func exact(r *big.Rat) string {
	const most = 6
	if n, finite := r.FloatPrec(); finite && n <= most {
		return r.FloatString(n)
	}
	return r.FloatString(most) + "…"
}

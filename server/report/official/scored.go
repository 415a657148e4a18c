package official

import (
	"context"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/scoring"
	"sansuiji/server/store"
)

// Scored is the ranking of a category, narrowed to a scope; ranks are those of the whole
// category.
type Scored struct {
	Category string
	Sheet    scoring.ScoreSheet
	Units    []scoring.UnitSheet // as the sheet's rows

	criteria []row               // as the sheet's criteria
	given    map[[2]string][]row // marks and ballot boxes, by criterion and unit; boxes have none
}

// ScoredOf reads the rankings that a request is about, of categories that have units and
// criteria.
func ScoredOf(ctx context.Context, v store.View, request *Request) (list []Scored, err error) {
	for _, c := range schema.Categories() {
		if request.Category != "" && request.Category != c.Code {
			continue
		}
		s := Scored{Category: c.Code}
		if s.Sheet, s.Units, err = scoring.RankingOf(ctx, v, c.Code); err != nil {
			return nil, err
		}
		s.narrow(request)
		if len(s.Units) == 0 || len(s.Sheet.Criteria) == 0 {
			continue
		}
		list = append(list, s)
	}
	return list, nil
}

func (s *Scored) narrow(request *Request) {
	var rows []scoring.ScoreRow
	var units []scoring.UnitSheet
	for i := range s.Sheet.Rows {
		if request.County == "" || s.Sheet.Rows[i].County == request.County {
			rows, units = append(rows, s.Sheet.Rows[i]), append(units, s.Units[i])
		}
	}
	s.Sheet.Rows, s.Units = rows, units
}

// scored reads rankings with the rows that they rest on.
func (r *reader) scored(ctx context.Context) (err error) {
	if r.request.Kind != Ranking {
		return nil
	}
	if r.facts.scored, err = ScoredOf(ctx, r.View, r.request); err != nil {
		return err
	}
	criteria, err := store.List(ctx, r, scanNamed, `SELECT id, id, id, '', 0, _revision FROM criterion
		WHERE campaign_no = $1`, r.CampaignNo)
	if err != nil {
		return fmt.Errorf("read criteria: %w", err)
	}
	revisions := map[string]row{}
	for i := range criteria {
		revisions[criteria[i].id] = criteria[i].row
	}
	given, err := store.List(ctx, r, scanNamed, `SELECT id, criterion_id, unit_id, given_by, given_at, _revision FROM mark
		WHERE campaign_no = $1 AND value IS NOT NULL ORDER BY given_by, id`, r.CampaignNo)
	if err != nil {
		return fmt.Errorf("read marks: %w", err)
	}
	boxes, err := store.List(ctx, r, scanNamed, `SELECT id, NULL, unit_id, coalesce(closed_by, opened_by), closed_at, _revision
		FROM ballot_box WHERE campaign_no = $1 AND closed_at IS NOT NULL AND result IS NOT NULL ORDER BY id`, r.CampaignNo)
	if err != nil {
		return fmt.Errorf("read ballot boxes: %w", err)
	}
	rests := map[[2]string][]row{}
	for _, one := range append(given, boxes...) {
		key := [2]string{one.criterion, one.unit}
		rests[key] = append(rests[key], one.row)
	}
	for i := range r.facts.scored {
		s := &r.facts.scored[i]
		s.given = rests
		for k := range s.Sheet.Criteria {
			s.criteria = append(s.criteria, revisions[s.Sheet.Criteria[k].ID])
		}
	}
	return nil
}

// namedRow is a row about a criterion and a unit.
type namedRow struct {
	row
	criterion, unit string
}

func scanNamed(s store.Scanner) (n namedRow, err error) {
	var id, criterion, unit []byte
	err = s.Scan(&id, &criterion, &unit, &n.who, &n.at, &n.revision)
	n.id, n.criterion, n.unit = idText(id), idText(criterion), idText(unit)
	return n, err
}

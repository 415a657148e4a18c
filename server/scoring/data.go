package scoring

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"sort"
	"strconv"

	"sansuiji/server/store"
)

// data is all that a category's units are scored from.
type data struct {
	criteria []Criterion
	units    []ScoredUnit
	given    map[[2]string][]Group // by criterion and unit
	asked    map[[2]string][]Group // by question and unit: interviews
	answered map[[2]string][]Group // by question and unit: at the unit
	problems map[string][]Group    // by unit
	wanted   map[string]int        // problems of a unit
	checks   []string              // questions with marks, of the category
}

// readData reads a category's.
func readData(ctx context.Context, v store.View, category string) (*data, error) {
	d := &data{
		given: map[[2]string][]Group{}, asked: map[[2]string][]Group{}, answered: map[[2]string][]Group{},
		problems: map[string][]Group{}, wanted: map[string]int{},
	}
	var err error
	d.criteria, err = store.List(ctx, v, scanCriterion, selectCriteria+
		" AND (c.category IS NULL OR c.category = $2)"+criteriaOrder, v.CampaignNo, category)
	if err != nil {
		return nil, err
	}
	if d.units, err = store.List(ctx, v, scanUnit, selectScored, v.CampaignNo, category); err != nil {
		return nil, err
	}
	r := dataReader{v, category, d}
	for _, read := range []func(context.Context) error{r.marks, r.interviews, r.boxes, r.verifications, r.answers, r.questions} {
		if err := read(ctx); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// groups are the marks of a criterion and unit, and how many there could be.
func (d *data) groups(c *Criterion, unit string) (groups []Group, wanted int) {
	switch c.Source {
	case Visit, Leader, Ballot:
		return clone(d.given[[2]string{c.ID, unit}]), 0
	case Interview:
		return clone(d.asked[[2]string{c.QuestionID, unit}]), 0
	case Rectified:
		return clone(d.problems[unit]), d.wanted[unit]
	case Answers:
		questions := d.checks
		if c.QuestionID != "" {
			questions = []string{c.QuestionID}
		}
		for _, q := range questions {
			groups = append(groups, clone(d.answered[[2]string{q, unit}])...)
		}
		return groups, len(questions)
	}
	return nil, 0
}

// clone gives groups that can be trimmed.
func clone(groups []Group) []Group { return append([]Group(nil), groups...) }

// dataReader fills data in.
type dataReader struct {
	store.View
	category string
	d        *data
}

func whole(n int64) *big.Rat { return big.NewRat(n, 1) }

func (r *dataReader) marks(ctx context.Context) error {
	_, err := store.List(ctx, r, func(row store.Scanner) (none struct{}, err error) {
		var criterion, unit []byte
		var value, most int64
		var by string
		if err = row.Scan(&criterion, &unit, &value, &by, &most); err == nil {
			key := [2]string{idText(criterion), idText(unit)}
			r.d.given[key] = append(r.d.given[key], Group{Label: by, Value: big.NewRat(value, 100), Max: whole(most), Count: 1})
		}
		return none, err
	}, `SELECT m.criterion_id, m.unit_id, m.value, m.given_by, c.mark_max FROM mark m
		JOIN criterion c ON c.campaign_no = m.campaign_no AND c.id = m.criterion_id
		JOIN unit u ON u.campaign_no = m.campaign_no AND u.id = m.unit_id
		WHERE m.campaign_no = $1 AND u.category = $2 AND m.value IS NOT NULL ORDER BY m.given_by, m.id`,
		r.CampaignNo, r.category)
	return err
}

// interviews are counted by mark: who gave which is nobody's to see here.
func (r *dataReader) interviews(ctx context.Context) error {
	_, err := store.List(ctx, r, func(row store.Scanner) (none struct{}, err error) {
		var question, unit []byte
		var value, most int64
		var n int
		if err = row.Scan(&question, &unit, &value, &most, &n); err == nil {
			key := [2]string{idText(question), idText(unit)}
			r.d.asked[key] = append(r.d.asked[key], Group{Value: whole(value), Max: whole(most), Count: n})
		}
		return none, err
	}, `SELECT s.question_id, v.unit_id, s.value, CASE WHEN q.kind = 'scale' THEN coalesce(q.scale_max, 1) ELSE 1 END, count(*)
		FROM interview_score s
		JOIN interview t ON t.campaign_no = s.campaign_no AND t.id = s.interview_id
		JOIN visit v ON v.campaign_no = t.campaign_no AND v.id = t.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		JOIN question q ON q.campaign_no = s.campaign_no AND q.id = s.question_id
		WHERE s.campaign_no = $1 AND u.category = $2 AND t.withdrawn_at IS NULL AND q.kind IN ('scale', 'yesno')
		GROUP BY s.question_id, v.unit_id, s.value, q.kind, q.scale_max ORDER BY s.value`, r.CampaignNo, r.category)
	return err
}

// boxes are closed ballot boxes whose result is shown.
func (r *dataReader) boxes(ctx context.Context) error {
	most := map[string]int64{}
	for i := range r.d.criteria {
		most[r.d.criteria[i].ID] = r.d.criteria[i].MarkMax
	}
	_, err := store.List(ctx, r, func(row store.Scanner) (none struct{}, err error) {
		var unit []byte
		var title, text string
		if err := row.Scan(&unit, &title, &text); err != nil {
			return none, err
		}
		var result Result
		if err := json.Unmarshal([]byte(text), &result); err != nil {
			return none, fmt.Errorf("read result of ballots: %w", err)
		}
		for criterion, marks := range result {
			if most[criterion] == 0 {
				continue
			}
			key := [2]string{criterion, idText(unit)}
			r.d.given[key] = append(r.d.given[key], marks.groups(title, most[criterion])...)
		}
		return none, nil
	}, `SELECT b.unit_id, b.title, b.result FROM ballot_box b
		JOIN unit u ON u.campaign_no = b.campaign_no AND u.id = b.unit_id
		WHERE b.campaign_no = $1 AND u.category = $2 AND b.closed_at IS NOT NULL AND b.result IS NOT NULL ORDER BY b.id`,
		r.CampaignNo, r.category)
	return err
}

// groups are a histogram's, from low to high.
func (h Histogram) groups(label string, most int64) (groups []Group) {
	for text, n := range h {
		if value, err := strconv.ParseInt(text, 10, 64); err == nil {
			groups = append(groups, Group{Label: label, Value: big.NewRat(value, 100), Max: whole(most), Count: n})
		}
	}
	sort.Slice(groups, func(i, k int) bool { return groups[i].Value.Cmp(groups[k].Value) < 0 })
	return groups
}

// verifications: of each problem the newest.
func (r *dataReader) verifications(ctx context.Context) error {
	type seen struct{ unit, title, outcome string }
	newest, order := map[string]seen{}, []string{}
	_, err := store.List(ctx, r, func(row store.Scanner) (none struct{}, err error) {
		var problem, unit []byte
		var s seen
		if err := row.Scan(&problem, &unit, &s.title, &s.outcome); err != nil {
			return none, err
		}
		s.unit = idText(unit)
		id := idText(problem)
		if _, known := newest[id]; !known {
			order = append(order, id)
			r.d.wanted[s.unit]++
		}
		newest[id] = s
		return none, nil
	}, `SELECT p.id, p.unit_id, p.title, coalesce(f.outcome, '') FROM problem p
		JOIN unit u ON u.campaign_no = p.campaign_no AND u.id = p.unit_id
		LEFT JOIN verification f ON f.campaign_no = p.campaign_no AND f.problem_id = p.id
			AND f.withdrawn_at IS NULL AND f.outcome IS NOT NULL
		WHERE p.campaign_no = $1 AND u.category = $2 ORDER BY p.number, p.id, coalesce(f.verified_at, 0), f.id`,
		r.CampaignNo, r.category)
	for _, id := range order {
		s := newest[id]
		if points, known := map[string]int64{"rectified": 100, "partly": 50, "not": 0, "sham": 0}[s.outcome]; known {
			r.d.problems[s.unit] = append(r.d.problems[s.unit],
				Group{Label: s.title + "：" + outcomeWord(s.outcome), Value: whole(points), Max: whole(100), Count: 1})
		}
	}
	return err
}

// outcomeWord is the word of the records.
func outcomeWord(outcome string) string {
	return map[string]string{"rectified": "已整改", "partly": "部分整改", "not": "未整改", "sham": "虛假整改"}[outcome]
}

func (r *dataReader) answers(ctx context.Context) error {
	_, err := store.List(ctx, r, func(row store.Scanner) (none struct{}, err error) {
		var question, unit []byte
		var code, text, kind, value string
		var most int64
		if err := row.Scan(&question, &unit, &code, &text, &kind, &most, &value); err != nil {
			return none, err
		}
		g := Group{Label: code + " " + text, Max: whole(1), Count: 1}
		switch n, err := strconv.ParseInt(value, 10, 64); {
		case kind == "yesno" && (value == "yes" || value == "no"):
			g.Value = whole(map[string]int64{"yes": 1, "no": 0}[value])
		case kind == "scale" && err == nil && most > 0 && n >= 0 && n <= most:
			g.Value, g.Max = whole(n), whole(most)
		default:
			return none, nil // no mark
		}
		key := [2]string{idText(question), idText(unit)}
		r.d.answered[key] = append(r.d.answered[key], g)
		return none, nil
	}, `SELECT a.question_id, v.unit_id, q.code, q.text, q.kind, coalesce(q.scale_max, 0), a.value FROM answer a
		JOIN visit v ON v.campaign_no = a.campaign_no AND v.id = a.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		JOIN question q ON q.campaign_no = a.campaign_no AND q.id = a.question_id
		WHERE a.campaign_no = $1 AND u.category = $2 AND q.kind IN ('yesno', 'scale') AND a.value IS NOT NULL
		ORDER BY a.id`, r.CampaignNo, r.category)
	return err
}

func (r *dataReader) questions(ctx context.Context) (err error) {
	r.d.checks, err = store.List(ctx, r, func(row store.Scanner) (string, error) {
		var id []byte
		err := row.Scan(&id)
		return idText(id), err
	}, `SELECT id FROM question WHERE campaign_no = $1 AND usage = 'check' AND kind IN ('yesno', 'scale')
		AND withdrawn_at IS NULL AND (category IS NULL OR category = $2) ORDER BY category IS NOT NULL, position, code`,
		r.CampaignNo, r.category)
	return err
}

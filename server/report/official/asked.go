package official

import (
	"context"
	"fmt"

	"sansuiji/server/store"
)

// Asked is what people at a unit answered to a question, as far as it stays readable.
type Asked struct {
	UnitID, Unit, UnitCode, County, Township, Category, TeamID string
	Code, Text                                                 string // of the question
	Most                                                       int64  // highest mark
	Shown                                                      bool   // enough people, also beside the others
	People                                                     int    // where it is shown
	Mean                                                       string // likewise
}

// AskedOf reads the marks of interviews of a campaign by unit and question. What is about
// fewer than five people is not shown, nor what would tell it together with sums that other
// reports have.
func AskedOf(ctx context.Context, v store.View) ([]Asked, error) {
	list, err := store.List(ctx, v, func(row store.Scanner) (a Asked, err error) {
		var unit, team []byte
		var sum int64
		err = row.Scan(&unit, &a.Unit, &a.UnitCode, &a.County, &a.Township, &a.Category, &team, &a.Code, &a.Text, &a.Most, &a.People, &sum)
		a.UnitID, a.TeamID = idText(unit), idText(team)
		if a.People > 0 {
			a.Mean = fmt.Sprintf("%.2f", float64(sum)/float64(a.People))
		}
		return a, err
	}, selectAsked, v.CampaignNo)
	if err != nil {
		return nil, fmt.Errorf("read marks of interviews: %w", err)
	}
	talks, err := store.List(ctx, v, scanTalks, selectTalks+groupTalks, v.CampaignNo)
	if err != nil {
		return nil, fmt.Errorf("count interviews: %w", err)
	}
	hidden := hiddenUnits(talks)
	beside := map[[2]string][]talkCount{} // those who answered a question in a county
	for i := range list {
		key := [2]string{list[i].County, list[i].Code}
		beside[key] = append(beside[key], talkCount{id: list[i].UnitID, n: list[i].People})
	}
	few := map[[2]string]bool{} // units and questions
	for key, answered := range beside {
		for i, hide := range hide(peopleOf(answered)) {
			few[[2]string{answered[i].id, key[1]}] = hide
		}
	}
	for i := range list {
		a := &list[i]
		a.Shown = a.People >= fewest && !hidden[a.UnitID] && !few[[2]string{a.UnitID, a.Code}]
	}
	return list, nil
}

// hiddenUnits are those where too few people were talked to, beside the others of their
// county, and all of a county where it is so.
func hiddenUnits(talks []talkCount) map[string]bool {
	hidden := map[string]bool{}
	counties := map[string][]talkCount{}
	for _, t := range talks {
		counties[t.county] = append(counties[t.county], t)
	}
	for name, units := range counties {
		all := isHidden(talks, func(t *talkCount) string { return t.county }, name)
		for i, hide := range hide(peopleOf(units)) {
			hidden[units[i].id] = hide || all
		}
	}
	return hidden
}

func peopleOf(list []talkCount) (people []int) {
	for i := range list {
		people = append(people, list[i].n)
	}
	return people
}

const selectAsked = `SELECT u.id, u.name, u.code, coalesce(u.county, ''), coalesce(u.township, ''), u.category, u.team_id,
		q.code, q.text, CASE WHEN q.kind = 'scale' THEN coalesce(q.scale_max, 1) ELSE 1 END, count(*), CAST(sum(s.value) AS bigint)
	FROM interview_score s
	JOIN interview i ON i.campaign_no = s.campaign_no AND i.id = s.interview_id
	JOIN visit v ON v.campaign_no = i.campaign_no AND v.id = i.visit_id
	JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
	JOIN question q ON q.campaign_no = s.campaign_no AND q.id = s.question_id
	WHERE s.campaign_no = $1 AND i.withdrawn_at IS NULL
	GROUP BY u.id, u.name, u.code, u.county, u.township, u.category, u.team_id, q.code, q.text, q.kind, q.scale_max, q.position
	ORDER BY coalesce(u.county, ''), u.code, u.id, coalesce(q.position, 0), q.code`

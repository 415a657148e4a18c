package intake

import (
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"

	"github.com/google/uuid"
)

// Recusals is the kind of tables of who must not go where. It is only ever previewed: a
// recusal stands in the plan of a draw, with which it is published.
const Recusals = "recusals"

// ImportRecusal is a person's team that must not go to a county.
type ImportRecusal struct {
	Row    int    `json:"row"`
	Person string `json:"person"`
	TeamID string `json:"team_id" format:"uuid"`
	Number int64  `json:"number" doc:"Of the team"`
	County string `json:"county"`
	Reason string `json:"reason"`
}

func recusalKind(catalogue *schema.Catalogue) *Kind {
	person, unit := describer{catalogue.MustTable("inspector")}, describer{catalogue.MustTable("unit")}
	county := unit.field("county", text(shortText), "某縣", "回避縣區", "回避地區", "回避地", "縣區", "縣", "籍貫", "任職地", "county").required()
	county.Or = "unit"
	return &Kind{
		Name: Recusals, Label: schema.Label{Zh: "回避", En: "Recusals"}, plan: planRecusals,
		Fields: []Field{
			person.field("name", text(shortText), "王某", "人員姓名", "核查人員", "回避人員", "回避人", "名字").required(),
			person.field("organisation", text(shortText), "某市某局", "單位", "所在單位", "單位及職務"),
			county,
			{
				Name: "unit", Label: unitLabel(), Required: true, Or: "county", read: text(shortText),
				Words: []string{"回避單位", "單位名稱", "被查單位"},
			},
			{
				Name: "reason", Label: schema.Label{Zh: "事由", En: "Reason"}, Example: "原任職地", read: text(longText),
				Words: []string{"原因", "回避事由", "回避原因", "關係", "備註", "reason"},
			},
		},
	}
}

// planRecusals finds each person's teams and the county that they must not go to: that of
// the unit where a unit is named, for draws assign counties.
func planRecusals(p *planner) error {
	known, _, err := p.people()
	if err != nil {
		return err
	}
	units, err := p.units()
	if err != nil {
		return err
	}
	counties := p.counties(units)
	return p.compare(func(rec *record) (string, error) {
		person, county := p.recused(known), p.avoided(units, counties)
		if person == nil || county == "" {
			return "", nil
		}
		teams := known.teamsOf(p, person)
		if len(teams) == 0 {
			p.complain("name", unknown(schema.Label{Zh: "人員所在的核查組", En: "team of that person"}))
		}
		for _, team := range teams {
			p.recusals = append(p.recusals, ImportRecusal{
				Row: rec.row.Number, Person: p.said("name"), TeamID: uuid.UUID(team.id).String(),
				Number: p.of("team", team, "number").Int64(), County: county, Reason: p.said("reason"),
			})
		}
		return p.said("name"), nil
	})
}

// recused is the current record's inspector, who must be there.
func (p *planner) recused(known *people) *stored {
	name, organisation := p.said("name"), fold(p.said("organisation"))
	list := slices.Clone(known.byName[fold(name)])
	if organisation != "" && len(list) > 1 {
		list = slices.DeleteFunc(list, func(s *stored) bool { return fold(p.textOf("inspector", s, "organisation")) != organisation })
	}
	label := schema.Label{Zh: "人員", En: "person"}
	switch {
	case name == "":
	case len(list) == 0:
		p.complain("name", unknown(label))
	case len(list) > 1:
		p.complain("name", ambiguous(label, schema.Label{Zh: "工作單位", En: "organisation"}))
	default:
		return list[0]
	}
	return nil
}

// counties finds the names of counties as most units of the campaign write them; of two
// that are as common, the first by its characters.
func (p *planner) counties(units *units) map[string]string {
	written := map[string]int{}
	for _, unit := range units.byCode {
		if name := p.textOf("unit", unit, "county"); name != "" {
			written[name]++
		}
	}
	names := map[string]string{}
	for name, n := range written {
		other := names[fold(name)]
		if other == "" || n > written[other] || (n == written[other] && name < other) {
			names[fold(name)] = name
		}
	}
	return names
}

// avoided is the county that the current record is about; "": none, which was said.
func (p *planner) avoided(units *units, counties map[string]string) string {
	if said := p.said("county"); said != "" {
		if counties[fold(said)] == "" {
			p.complain("county", unknown(schema.Label{Zh: "縣（市、區）", En: "county"}))
		}
		return counties[fold(said)]
	}
	if p.said("unit") == "" {
		return ""
	}
	unit := p.unit(units)
	if unit == nil {
		return ""
	}
	county := p.textOf("unit", unit, "county")
	if county == "" {
		p.complain("unit", unknown(schema.Label{Zh: "縣（市、區）", En: "county"}))
	}
	return county
}

// teamsOf are the teams that a person is in.
func (known *people) teamsOf(p *planner, person *stored) (list []*stored) {
	for _, team := range known.teams {
		member := known.members[schema.NaturalRowID("team_member", team.id, person.id)]
		if member != nil && p.of("team_member", member, "left_at").Kind == changeset.Null {
			list = append(list, team)
		}
	}
	slices.SortFunc(list, func(a, b *stored) int {
		return int(p.of("team", a, "number").Int64() - p.of("team", b, "number").Int64())
	})
	return list
}

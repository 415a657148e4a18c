package intake

import (
	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// people finds the teams and inspectors of a campaign, those of the file included.
type people struct {
	teams   map[int64]*stored
	named   map[string]int // row that names a team in the file
	byName  map[string][]*stored
	members map[schema.RowID]*stored
}

// planPeople matches teams by their numbers, inspectors by their names and organisations,
// and members by both. Who left a team is not let in again.
func planPeople(p *planner) error {
	known, members, err := p.people()
	if err != nil {
		return err
	}
	err = p.compare(func(*record) (string, error) {
		if !has(p.value("number")) || !has(p.value("name")) {
			return "", nil
		}
		team, person := p.team(known), p.person(known)
		if person == nil {
			return "", nil
		}
		p.member(known, team, person)
		return p.said("name"), nil
	})
	p.countAbsent(members)
	return err
}

func (p *planner) people() (*people, []*stored, error) {
	known := &people{map[int64]*stored{}, map[string]int{}, map[string][]*stored{}, map[schema.RowID]*stored{}}
	teams, err := p.load("team")
	if err != nil {
		return nil, nil, err
	}
	for _, row := range teams {
		if number := p.of("team", row, "number").Int64(); known.teams[number] == nil {
			known.teams[number] = row
		}
	}
	persons, err := p.load("inspector")
	if err != nil {
		return nil, nil, err
	}
	for _, row := range persons {
		name := fold(p.textOf("inspector", row, "name"))
		known.byName[name] = append(known.byName[name], row)
	}
	members, err := p.load("team_member")
	for _, row := range members {
		team := schema.RowID(p.of("team_member", row, "team_id").Bytes)
		person := schema.RowID(p.of("team_member", row, "inspector_id").Bytes)
		known.members[schema.NaturalRowID("team_member", team, person)] = row
		row.matched = has(p.of("team_member", row, "left_at")) // gone: not missing from the file
	}
	return known, members, err
}

// team is the current record's, made if it is new.
func (p *planner) team(known *people) *stored {
	number, name := p.value("number"), p.value("team")
	n, said := number.Int64(), p.said("team")
	if said != "" {
		key := "team" + string(changeset.AppendValue(nil, number))
		if first, again := known.named[key]; again && fold(said) != p.teamName(known.teams[n]) {
			p.complain("team", contrary(first))
		} else if !again {
			known.named[key] = p.now.rec.row.Number
		}
	}
	have := known.teams[n]
	if have == nil {
		if said == "" {
			name = edit.Text("第" + numeralOf(n) + "核查組")
		}
		cells := edit.Cells{"number": number, "name": name}
		known.teams[n] = p.fresh("team", cells)
		return known.teams[n]
	}
	if said != "" && !name.Equal(p.of("team", have, "name")) && !p.now.rec.broken {
		p.update("team", have, edit.Cells{"name": name})
		have.values[p.catalogue.MustTable("team").ColumnIndex("name")] = name
	}
	return have
}

func (p *planner) teamName(team *stored) string {
	if team == nil {
		return ""
	}
	return fold(p.textOf("team", team, "name"))
}

// person is the current record's inspector, made if it is new.
func (p *planner) person(known *people) *stored {
	name, organisation := fold(p.said("name")), p.value("organisation")
	list := known.byName[name]
	if organisation.Kind == changeset.Absent {
		switch len(list) {
		case 0:
		case 1:
			return list[0]
		default:
			p.complain("name", ambiguous(schema.Label{Zh: "人員", En: "person"}, schema.Label{Zh: "工作單位", En: "organisation"}))
			return nil
		}
	}
	for _, person := range list {
		if fold(p.textOf("inspector", person, "organisation")) == fold(string(organisation.Bytes)) {
			return person
		}
	}
	person := p.fresh("inspector", p.cells("inspector", "name", "organisation"))
	known.byName[name] = append(list, person)
	return person
}

// fresh plans a row that later records find too.
func (p *planner) fresh(table string, cells edit.Cells) *stored {
	t := p.catalogue.MustTable(table)
	row := &stored{id: schema.NewRowID(), values: make([]changeset.Value, len(t.Columns))}
	for i := range t.Columns {
		if row.values[i] = cells[t.Columns[i].Name]; row.values[i].Kind == changeset.Absent {
			row.values[i] = changeset.NullValue()
		}
	}
	p.insert(table, row.id, cells)
	return row
}

// member puts the person into the team.
func (p *planner) member(known *people, team, person *stored) {
	id := schema.NaturalRowID("team_member", team.id, person.id)
	p.once("name", string(id[:]))
	if have := known.members[id]; have != nil {
		p.put("team_member", have, p.cells("team_member", "role"))
		return
	}
	cells := p.cells("team_member", "role")
	cells["team_id"], cells["inspector_id"] = edit.ID(team.id), edit.ID(person.id)
	p.insert("team_member", id, cells)
}

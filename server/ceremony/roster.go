package ceremony

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// RosterGiven is a roster that headquarters gives.
type RosterGiven struct {
	Unit   string `json:"unit"`
	Name   string `json:"name"`
	People int    `json:"people"`
}

// GiveRosters takes a table (CSV) of the people of several units: the units' codes
// (unit), keys (key), names (name), notes (note), and the sizes of the registers
// (official), the first two of which must be there. All of it is taken, or nothing.
func (s *Service) GiveRosters(
	ctx context.Context, campaign schema.CampaignID, table []byte,
) ([]RosterGiven, error) {
	rosters, err := draw.ReadRosters(table)
	if err != nil {
		return nil, err
	}
	var units map[string]rosterOf
	if err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) (err error) {
		units, err = readRosterUnits(ctx, v)
		return err
	}); err != nil {
		return nil, err
	}
	b, given := edit.New(s.Ingest.Catalogue), []RosterGiven{}
	for _, code := range slices.Sorted(maps.Keys(rosters)) {
		unit, known := units[code]
		switch {
		case !known:
			return nil, schema.NewFault(schema.FaultNotFound, code)
		case unit.opened, unit.present && unit.kind != "committed":
			return nil, schema.NewFault(schema.FaultRosterTaken, code)
		}
		if err := unit.give(b, rosters[code]); err != nil {
			return nil, err
		}
		given = append(given, RosterGiven{Unit: code, Name: unit.name, People: rosters[code].Size()})
	}
	if b.Empty() {
		return given, nil
	}
	return given, s.Ingest.WriteRows(ctx, campaign, b)
}

// rosterOf is a unit and the roster that it has.
type rosterOf struct {
	id       schema.RowID // the unit's
	name     string
	present  bool
	kind     string
	official changeset.Value
	opened   bool
	people   map[string]edit.Cells
}

func readRosterUnits(ctx context.Context, v store.View) (map[string]rosterOf, error) {
	units, byRoster := map[string]rosterOf{}, map[schema.RowID]string{}
	_, err := store.List(ctx, v, func(row store.Scanner) (none struct{}, err error) {
		var id []byte
		var code string
		u := rosterOf{official: changeset.NullValue(), people: map[string]edit.Cells{}}
		var kind *string
		var official *int64
		if err := row.Scan(&id, &code, &u.name, &kind, &official, &u.opened); err != nil {
			return none, err
		}
		u.id = schema.RowID(id)
		if kind != nil {
			u.present, u.kind = true, *kind
		}
		if official != nil {
			u.official = edit.Int(*official)
		}
		units[code], byRoster[u.roster()] = u, code
		return none, nil
	}, `SELECT u.id, u.code, u.name, r.kind, r.official, EXISTS (
			SELECT 1 FROM opening o WHERE o.campaign_no = u.campaign_no AND o.roster_id = r.id)
		FROM unit u LEFT JOIN roster r ON r.campaign_no = u.campaign_no AND r.unit_id = u.id
		WHERE u.campaign_no = $1`, v.CampaignNo)
	if err != nil {
		return nil, err
	}
	_, err = store.List(ctx, v, func(row store.Scanner) (none struct{}, err error) {
		var roster []byte
		var key, name, note string
		if err := row.Scan(&roster, &key, &name, &note); err != nil {
			return none, err
		}
		units[byRoster[schema.RowID(roster)]].people[key] = edit.Cells{"name": maybeText(name), "note": maybeText(note)}
		return none, nil
	}, `SELECT roster_id, key, coalesce(name, ''), coalesce(note, '') FROM roster_person WHERE campaign_no = $1`, v.CampaignNo)
	return units, err
}

func maybeText(text string) changeset.Value {
	if text == "" {
		return changeset.NullValue()
	}
	return edit.Text(text)
}

func (u *rosterOf) roster() schema.RowID { return schema.NaturalRowID("roster", u.id) }

// give makes the unit's roster, or changes the one that was given before.
func (u *rosterOf) give(b *edit.Builder, r *draw.Roster) error {
	size := changeset.NullValue()
	for i := range r.People {
		if text := r.People[i].Attribute("official"); text != "" {
			n, err := strconv.ParseInt(text, 10, 32)
			if err != nil || n < 1 {
				return schema.NewFault(schema.FaultBadRequest, "official: "+text)
			}
			size = edit.Int(n)
		}
		u.person(b, &r.People[i])
	}
	if u.present {
		b.Update("roster", u.roster(), edit.Cells{"official": u.official}, edit.Cells{"official": size})
	} else {
		b.Insert("roster", u.roster(), edit.Cells{
			"unit_id": edit.ID(u.id), "kind": edit.Text("committed"), "official": size,
		})
	}
	return nil
}

// person makes somebody on the roster, or changes the name.
func (u *rosterOf) person(b *edit.Builder, p *draw.Person) {
	id := schema.NaturalKeyID("roster_person", u.roster(), p.Key)
	said := edit.Cells{"name": maybeText(p.Attribute("name")), "note": maybeText(p.Attribute("note"))}
	if before, there := u.people[p.Key]; there {
		b.Update("roster_person", id, before, said)
		return
	}
	said["roster_id"], said["key"] = edit.ID(u.roster()), edit.Text(p.Key)
	b.Insert("roster_person", id, said)
}

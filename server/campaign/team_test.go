package campaign_test

import (
	"testing"

	"sansuiji/schema"
	"sansuiji/server/campaign"
	"sansuiji/syncengine/edit"
)

func (d *desk) teams() []campaign.TeamState {
	d.t.Helper()
	list, err := d.Service.Teams(d.t.Context(), d.Campaign)
	d.fails(err, "")
	return list
}

func TestWhoMovesToAnotherTeamHoldsItsRowsAndNoLongerTheOldOnes(t *testing.T) {
	d := newDesk(t)
	p := d.Enrol(0)
	teams := d.teams()
	if len(teams) != 2 || teams[0].Members != 1 || teams[1].Members != 1 || teams[0].Visits != 1 {
		t.Fatalf("%+v", teams)
	}
	p.Pull()
	unsent := schema.NewRowID()
	p.Save(func(e *edit.Builder) { p.Finding(e, unsent, d.Visits[0], "minor") })
	d.fails(d.PlaceInspector(t.Context(), d.Campaign, p.Inspector, campaign.Placement{Team: teams[1].ID, Role: "leader"}), "")

	p.Seen.Revision = 0 // the scopes are others: it begins anew
	if visits := p.Pull()["visit"]; len(visits) != 1 || schema.RowID(visits[0].New[0].Bytes) != d.Visits[1] {
		t.Errorf("visits %v, want that of the new team", visits)
	}
	if r := p.Push(); r.Entries[0].Outcome != schema.Quarantined {
		t.Errorf("what was written of the old team's unit: %+v", r.Entries[0])
	}
	if teams := d.teams(); teams[0].Members != 0 || teams[1].Members != 2 {
		t.Errorf("%+v", teams)
	}
	d.Check()
}

func TestWhoLeavesATeamMayComeBack(t *testing.T) {
	d := newDesk(t)
	first := d.teams()[0]
	who := d.People[0]
	for _, step := range []struct {
		to      campaign.Placement
		members int
		code    string
	}{
		{campaign.Placement{Role: "member"}, 0, ""},
		{campaign.Placement{Role: "member"}, 0, ""},
		{campaign.Placement{Team: first.ID, Role: "leader"}, 1, ""},
		{campaign.Placement{Team: schema.NewRowID().String(), Role: "member"}, 1, schema.FaultNotFound},
		{campaign.Placement{Team: "x", Role: "member"}, 1, schema.FaultValue},
	} {
		d.fails(d.PlaceInspector(t.Context(), d.Campaign, who, step.to), step.code)
		if got := d.teams()[0].Members; got != step.members {
			t.Errorf("%+v: %d members, want %d", step.to, got, step.members)
		}
	}
	d.fails(d.PlaceInspector(t.Context(), d.Campaign, schema.NewRowID(), campaign.Placement{Role: "member"}), schema.FaultNotFound)
	d.Check()
}

func TestSomebodyIsAdded(t *testing.T) {
	d := newDesk(t)
	first := d.teams()[0]
	in := campaign.NewInspector{Name: " 林霽 ", Organisation: "某局", Placement: campaign.Placement{Team: first.ID, Role: "member"}}
	_, err := d.AddInspector(t.Context(), d.Campaign, in)
	if d.fails(err, ""); d.teams()[0].Members != first.Members+1 {
		t.Errorf("%+v", d.teams())
	}
	in.Name = " "
	_, err = d.AddInspector(t.Context(), d.Campaign, in)
	d.fails(err, schema.FaultValue)
	d.Check()
}

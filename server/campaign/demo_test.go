package campaign_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"time"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/server/campaign"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

type demoRow struct {
	table string
	id    schema.RowID
	cells edit.Cells
}

func (r demoRow) text(column string) string { return string(r.cells[column].Bytes) }

func rowsOf(c *campaign.City) (list []demoRow) {
	c.Rows(func(table string, id schema.RowID, cells edit.Cells) bool {
		list = append(list, demoRow{table, id, cells})
		return true
	})
	return list
}

func changesetOf(t *testing.T, c *campaign.City) []byte {
	t.Helper()
	b := edit.New(schema.NewCatalogue())
	for _, r := range rowsOf(c) {
		b.Insert(r.table, r.id, r.cells)
	}
	made, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestTheSameSeedAndTimeMakeTheSameCity(t *testing.T) {
	first := changesetOf(t, campaign.Demo(7, noon))
	if again := changesetOf(t, campaign.Demo(7, noon)); string(first) != string(again) {
		t.Error("the same seed made another city")
	}
	if other := changesetOf(t, campaign.Demo(8, noon)); string(first) == string(other) {
		t.Error("another seed made the same city")
	}
	elsewhere := noon.In(time.FixedZone("", -9*3600))
	if same := changesetOf(t, campaign.Demo(7, elsewhere)); string(first) != string(same) {
		t.Error("the same moment in another zone made another city")
	}
}

func TestTheCityHasTheSizeOfARealOne(t *testing.T) {
	for seed := range uint64(20) {
		city := campaign.Demo(seed, noon)
		got, counties := map[string]int{}, map[string]bool{}
		for _, r := range rowsOf(city) {
			got[r.table]++
			if r.table == "unit" {
				got[r.text("category")]++
				if r.text("category") == "village" {
					counties[r.text("county")] = true
				}
			}
		}
		got["county"] = len(counties)
		ledger := got["ledger_entry"]
		commitments := got["commitment"]
		steps, acts := got["ledger_step"], got["ledger_act"]
		delete(got, "ledger_step")
		delete(got, "ledger_act")
		delete(got, "ledger_entry")
		delete(got, "commitment")
		want := map[string]int{
			"campaign": 1, "team": 5, "inspector": 20, "team_member": 20,
			"county": 11, "unit": 2194 + 120 + 82 + 18 + 24 + 60,
			"village": 2194, "community": 120, "department": 82,
			"soe": 18, "hospital": 24, "school": 60,
			"question": 23, "criterion": 7,
			"problem": 240, "visit": 200,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
		if ledger < 240 || ledger > 480 || commitments < 200 || commitments > 400 {
			t.Errorf("seed %d: %d ledger entries, %d commitments", seed, ledger, commitments)
		}
		if steps < ledger/2 || acts < ledger/2 || acts > 3*ledger {
			t.Errorf("seed %d: %d steps, %d acts of %d entries", seed, steps, acts, ledger)
		}
		if len(city.Teams) != 5 || len(city.Teams[0].Inspectors) != 4 {
			t.Errorf("seed %d: teams %+v", seed, city.Teams)
		}
	}
}

func TestNoTwoRowsShareAnIdAndNoTwoUnitsOfACountyAName(t *testing.T) {
	for seed := range uint64(20) {
		seen := map[string]bool{}
		once := func(what string) {
			if seen[what] {
				t.Errorf("seed %d: %s twice", seed, what)
			}
			seen[what] = true
		}
		for _, r := range rowsOf(campaign.Demo(seed, noon)) {
			once(r.id.String())
			switch r.table {
			case "unit":
				once(r.text("county") + " " + r.text("name"))
				once(r.text("code"))
			case "problem":
				once(fmt.Sprintf("%x %s", r.cells["unit_id"].Bytes, r.text("title")))
			case "visit":
				once(fmt.Sprintf("visit of %x", r.cells["unit_id"].Bytes))
				once(fmt.Sprintf("%x %d", r.cells["team_id"].Bytes, r.cells["sequence"].Int64()))
			}
		}
	}
}

func TestEveryRowFitsTheCatalogue(t *testing.T) {
	catalogue := schema.NewCatalogue()
	number := -1
	for _, r := range rowsOf(campaign.Demo(1, noon)) {
		table := catalogue.MustTable(r.table)
		if table.Number < number {
			t.Fatalf("%s comes after its place", r.table)
		}
		number = table.Number
		if v := uuid.UUID(r.id).Version(); r.table != "team_member" && v != 7 {
			t.Errorf("%s %s: UUID version %d", r.table, r.id, v)
		}
		for name := range r.cells {
			if table.ColumnIndex(name) < 0 {
				t.Errorf("%s has no column %s", r.table, name)
			}
		}
		for i := range table.Columns {
			if err := fits(&table.Columns[i], r.cells); err != nil {
				t.Errorf("%s %s: %v", r.table, r.id, err)
			}
		}
	}
}

func fits(c *schema.Column, cells edit.Cells) error {
	v, given := cells[c.Name]
	if !given {
		v = edit.Default(c)
	}
	want := map[schema.Type]changeset.Kind{
		schema.ID: changeset.Blob, schema.Text: changeset.Text, schema.Integer: changeset.Integer,
	}[c.Type]
	switch {
	case v.Kind == changeset.Null && !c.Required:
		return nil
	case v.Kind != want:
		return fmt.Errorf("%s is %s, not %s", c.Name, v.Kind, want)
	case c.Type == schema.ID && len(v.Bytes) != 16:
		return fmt.Errorf("%s has %d bytes", c.Name, len(v.Bytes))
	case c.Type == schema.Text && (!utf8.Valid(v.Bytes) || bytes.ContainsAny(v.Bytes, "{}\x00")):
		return fmt.Errorf("%s is %q", c.Name, v.Bytes)
	}
	for _, choice := range c.Choices {
		if choice.Code == string(v.Bytes) {
			return nil
		}
	}
	if len(c.Choices) > 0 {
		return fmt.Errorf("%s is no choice: %q", c.Name, v.Bytes)
	}
	return nil
}

func TestVisitsAndWhatHangsOnThemBelongTogether(t *testing.T) {
	city := campaign.Demo(3, noon)
	team, visits := map[string]string{}, map[string]int{}
	problems := map[string]bool{}
	for _, r := range rowsOf(city) {
		unit := r.cells["unit_id"].Bytes
		switch r.table {
		case "unit":
			team[string(r.id[:])] = string(r.cells["team_id"].Bytes)
		case "problem":
			problems[string(r.id[:])] = true
			if team[string(unit)] == "" {
				t.Errorf("problem %s is of a unit that nobody visits", r.id)
			}
		case "ledger_entry":
			if !problems[string(r.cells["problem_id"].Bytes)] {
				t.Errorf("ledger entry %s has no problem", r.id)
			}
		case "visit":
			visits[string(r.cells["team_id"].Bytes)]++
			if team[string(unit)] != string(r.cells["team_id"].Bytes) {
				t.Errorf("visit %s: the unit is another team's", r.id)
			}
			if at := r.cells["planned_at"].Int64(); at <= noon.UnixMilli() {
				t.Errorf("visit %s is planned for the past", r.id)
			}
		}
	}
	leader := city.Teams[0].Inspectors[0]
	member := schema.NaturalRowID("team_member", schema.RowID(city.Teams[0].ID), leader.ID)
	for _, r := range rowsOf(city) {
		if r.table == "team_member" && r.id == member && r.text("role") != "leader" {
			t.Errorf("%s leads no team", leader.Name)
		}
	}
	for _, tm := range city.Teams {
		if n := visits[string(tm.ID[:])]; n != 40 {
			t.Errorf("%s has %d visits", tm.Name, n)
		}
	}
}

func TestTheCityLiesInItsSquareOfOpenSea(t *testing.T) {
	for seed := range uint64(5) {
		for _, r := range rowsOf(campaign.Demo(seed, noon)) {
			if r.table != "unit" {
				continue
			}
			lat := float64(r.cells["latitude_e7"].Int64()) / 1e7
			lon := float64(r.cells["longitude_e7"].Int64()) / 1e7
			if math.Abs(lat-30)*111.2 > 75 || math.Abs(lon+170)*111.2*math.Cos(math.Pi/6) > 75 {
				t.Errorf("%s lies at %.4f, %.4f", r.text("name"), lat, lon)
			}
		}
	}
}

func TestReadingStopsWhenTheReaderHasEnough(t *testing.T) {
	n := 0
	campaign.Demo(1, noon).Rows(func(string, schema.RowID, edit.Cells) bool { n++; return n < 3 })
	if n != 3 {
		t.Errorf("%d rows", n)
	}
}

func BenchmarkACity(b *testing.B) {
	for b.Loop() {
		campaign.Demo(1, noon)
	}
}

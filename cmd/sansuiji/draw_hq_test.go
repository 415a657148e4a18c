package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sansuiji/draw"
	"sansuiji/server/ceremony"
)

// do posts to headquarters and wants it done.
func (p *program) do(t *testing.T, path string, body any) []byte {
	t.Helper()
	a := p.send(p.hq(jsonFormat().post(t, path, body)))
	if a.status >= 300 {
		t.Fatalf("%s: %s", path, &a)
	}
	return a.body
}

// citySettings draw 40 of the demo's villages for its teams.
func citySettings(teams int) ceremony.Settings {
	s := ceremony.Settings{
		Purpose: "branch", Scope: "city", Stratify: "county", Size: "members", Categories: []string{"village"},
		Sample: &draw.SamplePlan{
			Design: draw.Pareto, Rule: draw.Webster, N: 40, Floor: 2, Weight: draw.ByUnits, ReservePPM: 300_000, ReserveMin: 1,
		},
		Routes: &draw.RoutesPlan{
			DetourPermille: 1300, BudgetPercent: 115, Moves: 1250,
			Days: &draw.DaysPlan{MetresPerMinute: 600, VisitMinutes: 120, DayMinutes: 540},
		},
		Public: draw.PublicPlan{Type: "dice", Sides: 10, People: []string{"R1", "R2", "R3"}, Throws: 7},
	}
	for i := range teams {
		s.Caps = append(s.Caps, draw.TeamRule{ID: fmt.Sprintf("T%d", i+1), Cap: 3})
	}
	return s
}

func TestACityIsDrawnAtHeadquarters(t *testing.T) {
	p := start(t)
	const base = "/api/hq/campaigns/{campaign}/draws"
	settings := citySettings(5)
	var preview ceremony.Preview
	if err := json.Unmarshal(p.do(t, base+"/preview", settings), &preview); err != nil || preview.Eligible < 500 || len(preview.Strata) < 5 {
		t.Fatalf("%v %+v", err, preview)
	}
	impossible := citySettings(5)
	impossible.Sample.N = 1_000_000
	a := p.send(p.hq(jsonFormat().post(t, base, impossible)).with("Accept-Language", "en"))
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), "are asked for") {
		t.Errorf("%s", &a)
	}
	var planned struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(p.do(t, base, settings), &planned); err != nil {
		t.Fatal(err)
	}
	path := base + "/" + planned.ID
	detail := ask[ceremony.Detail](p, path)
	for i, role := range []string{"hq", "observer"} {
		commit := draw.Commit(detail.Ceremony, role, draw.Secret{byte(i + 1)})
		p.do(t, path+"/commit", map[string]string{"role": role, "commit": commit.String()})
	}
	p.do(t, path+"/publish", map[string]any{"places": []ceremony.Place{{Where: "公示欄", Evidence: "sha256:21"}}})
	p.do(t, path+"/throw", map[string]any{"throws": []draw.Throw{
		{By: "R1", Digits: "0877247"}, {By: "R2", Digits: "3296991"}, {By: "R3", Digits: "8975400"},
	}})
	for i, role := range []string{"hq", "observer"} {
		p.do(t, path+"/reveal", map[string]string{"role": role, "secret": draw.Secret{byte(i + 1)}.String()})
	}
	p.do(t, path+"/run", nil)
	file := func(path string) []byte {
		a := p.send(p.hq(request{path: path}))
		expect(t, a, http.StatusOK)
		return a.body
	}
	certificate := file(path + "/certificate.json")
	v := draw.Verify(certificate, file(path+"/frame.csv"), file("/api/hq/campaigns/{campaign}/ceremonies.jsonl"), nil)
	if v.Result != draw.Holds {
		t.Fatalf("%+v", v.Steps)
	}
	done, err := draw.ParseCertificate(certificate)
	if err != nil || len(done.Routes) != 5 {
		t.Fatalf("%v %+v", err, done)
	}
	list := ask[[]ceremony.Summary](p, base)
	if len(list) != 1 || list[0].Hash != v.Hash.String() || !slices.Equal(list[0].Revealed, []string{"hq", "observer"}) {
		t.Errorf("%+v", list)
	}
}

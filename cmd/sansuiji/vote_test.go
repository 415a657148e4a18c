package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/scoring"
	"sansuiji/server/store"
)

// TestAVoteLeavesNothingButABallot votes as a phone in a hall does, with an address and a
// cookie, and looks for both, and for the ticket, in what the program logs and keeps.
func TestAVoteLeavesNothingButABallot(t *testing.T) {
	p := start(t)
	const address = "198.51.100.77"
	opened := askPost[scoring.OpenedBox](t, p, "/api/hq/campaigns/{campaign}/boxes", scoring.NewBox{
		UnitID: p.anyUnit("village").String(), Title: "測評會", Tickets: 3,
	})
	vote := func(path, ticket string, marks map[string]int64) answer {
		r := jsonFormat().post(t, "/api/vote"+path, map[string]any{"ticket": ticket, "marks": marks})
		return p.send(r.with("X-Real-IP", address).with("Cookie", "sansuiji_session="+strings.Repeat("A", 43)))
	}
	paper := vote("/paper", opened.Tickets[0], nil)
	expect(t, paper, http.StatusOK)
	var seen scoring.Paper
	must(t, json.Unmarshal(paper.body, &seen))
	if len(seen.Asked) != 2 || paper.header.Get("Cache-Control") != "no-store" || paper.header.Get("Set-Cookie") != "" {
		t.Errorf("paper %s %v", paper.body, paper.header)
	}
	marks := map[string]int64{seen.Asked[0].ID: seen.Asked[0].Marks[0]}
	if a := vote("", opened.Tickets[0], marks); a.status != http.StatusNoContent || a.header.Get("Set-Cookie") != "" {
		t.Errorf("vote: %s", &a)
	}
	for _, c := range []struct {
		ticket string
		status int
		code   string
	}{
		{opened.Tickets[0], http.StatusConflict, schema.FaultTicketUsed},
		{strings.Repeat("B", 43), http.StatusNotFound, schema.FaultTicketUnknown},
		{"?", http.StatusNotFound, schema.FaultTicketUnknown},
	} {
		if a := vote("", c.ticket, marks); a.status != c.status || !strings.Contains(string(a.body), c.code) {
			t.Errorf("%s: %s", c.ticket, &a)
		}
	}
	logged := p.log.String()
	for _, trace := range []string{opened.Tickets[0], address} {
		if strings.Contains(logged, trace) {
			t.Errorf("%s is in the log", trace)
		}
	}
	must(t, p.store.Look(t.Context(), func(q store.Queryer) error {
		var ballots, lines int
		if err := q.QueryRowContext(t.Context(), `SELECT count(*) FROM ballot`).Scan(&ballots); err != nil {
			return err
		}
		err := q.QueryRowContext(t.Context(), `SELECT count(*) FROM audit WHERE address = $1`, address).Scan(&lines)
		if ballots != 1 || lines != 0 {
			t.Errorf("%d ballots, %d lines of the audit", ballots, lines)
		}
		return err
	}))
}

// anyUnit is a unit of a category.
func (p *program) anyUnit(category string) (id schema.RowID) {
	p.t.Helper()
	must(p.t, p.store.Read(p.t.Context(), p.access.Campaign, func(v store.View) error {
		var b []byte
		err := v.QueryRowContext(p.t.Context(), `SELECT id FROM unit WHERE campaign_no = $1 AND category = $2 ORDER BY id LIMIT 1`,
			v.CampaignNo, category).Scan(&b)
		copy(id[:], b)
		return err
	}))
	return id
}

// askPost posts something at headquarters and reads the answer.
func askPost[T any](t *testing.T, p *program, path string, body any) (answered T) {
	t.Helper()
	a := p.send(p.hq(jsonFormat().post(t, path, body)))
	expect(t, a, http.StatusOK)
	must(t, json.Unmarshal(a.body, &answered))
	return answered
}

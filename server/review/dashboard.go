package review

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Dashboard is what the leaders of a campaign look at while it runs.
type Dashboard struct {
	Overview
	Crews      []CrewSummary `json:"crews" doc:"By team number"`
	Days       []DaySummary  `json:"days" doc:"Oldest first"`
	Severities []CodeCount   `json:"severities" doc:"Of problems that were not withdrawn, mildest first"`
	Topics     []CodeCount   `json:"topics" doc:"Of the same"`
	Accepted   int           `json:"accepted" doc:"Findings"`
	Returned   int           `json:"returned"`
	Revised    int           `json:"revised" doc:"Written to since they were returned; also pending"`
	Drafts     int           `json:"drafts"`
	ReadAt     int64         `json:"read_at" doc:"Unix milliseconds"`
}

// CrewSummary is where a team is.
type CrewSummary struct {
	TeamSummary
	Problems int     `json:"problems" doc:"Findings that are problems"`
	Pending  int     `json:"pending"`
	Missing  int     `json:"missing" doc:"Photos and others whose bytes are not here"`
	Unsent   int64   `json:"unsent" doc:"Entries its phones say they have not sent"`
	Silent   int     `json:"silent" doc:"Phones that have not been heard of for a day"`
	Phones   []Phone `json:"phones"`
	Where    string  `json:"where" doc:"Unit at which it arrived last"`
	Arrived  *int64  `json:"arrived_at,omitempty" doc:"There, Unix milliseconds"`
}

// Phone is when a device was last heard of and what it said.
type Phone struct {
	Name      string `json:"name"`
	Inspector string `json:"inspector"`
	SeenAt    *int64 `json:"seen_at,omitempty" doc:"Unix milliseconds"`
	Unsent    *int64 `json:"unsent,omitempty" doc:"Entries it had not sent"`
	Oldest    *int64 `json:"oldest_unsent_at,omitempty" doc:"Of them, Unix milliseconds"`
	Silent    bool   `json:"silent"`
}

// DaySummary is what the visits of a day came to, as far as it was received: a phone that
// pushes later adds to earlier days.
type DaySummary struct {
	Day      int64 `json:"day" doc:"When it begins, Unix milliseconds"`
	Visits   int   `json:"visits" doc:"At which a team arrived"`
	Findings int   `json:"findings" doc:"Of the visits that began on the day, whenever they were recorded"`
}

// CodeCount is how many there are of a choice.
type CodeCount struct {
	Code  string `json:"code" doc:"Of the catalogue's choices; empty: none was chosen"`
	Count int    `json:"count"`
}

// silentAfter is after what time a phone that says nothing is noticed.
const silentAfter = 24 * time.Hour

// Dashboard reads how far a campaign is, with what keeps it from getting on.
func (s *Service) Dashboard(ctx context.Context, campaign schema.CampaignID) (Dashboard, error) {
	d := Dashboard{Overview: Overview{ID: campaign.String()}, ReadAt: s.Ingest.Now().UnixMilli()}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		f, err := s.figures(ctx, v)
		if err != nil {
			return err
		}
		if err := d.read(ctx, v, f); err != nil {
			return err
		}
		visits, err := dashboardVisits(ctx, v)
		if err != nil {
			return err
		}
		d.addCrews(f, visits)
		d.addDays(f, visits)
		d.addKinds(f)
		if err := d.addMissing(ctx, v); err != nil {
			return err
		}
		return d.addPhones(ctx, v)
	})
	if err != nil {
		return Dashboard{}, fmt.Errorf("dashboard of %s: %w", campaign, err)
	}
	return d, nil
}

// visitSpot is a visit as the dashboard and the map need it.
type visitSpot struct {
	id, unit, team string // ids' text; id: bytes
	name, status   string
	arrived        *int64
}

func dashboardVisits(ctx context.Context, v store.View) ([]visitSpot, error) {
	return store.List(ctx, v, func(row store.Scanner) (s visitSpot, err error) {
		var id, unit, team []byte
		err = row.Scan(&id, &unit, &team, &s.name, &s.status, &s.arrived)
		s.id, s.unit, s.team = string(id), uuidText(unit), uuidText(team)
		return s, err
	}, `SELECT v.id, v.unit_id, v.team_id, coalesce(u.name, ''), v.status, v.arrived_at FROM visit v
		LEFT JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		WHERE v.campaign_no = $1`, v.CampaignNo)
}

func (d *Dashboard) addCrews(f *figures, visits []visitSpot) {
	d.Crews = make([]CrewSummary, len(d.Teams))
	crews, teams := map[string]*CrewSummary{}, map[string]string{}
	for i := range d.Teams {
		d.Crews[i] = CrewSummary{TeamSummary: d.Teams[i], Phones: []Phone{}}
		crews[d.Teams[i].ID] = &d.Crews[i]
	}
	for i := range visits {
		v := &visits[i]
		teams[v.id] = v.team
		c := crews[v.team]
		if c != nil && v.arrived != nil && (c.Arrived == nil || *c.Arrived < *v.arrived) {
			c.Where, c.Arrived = v.name, v.arrived
		}
	}
	for i := range f.groups {
		g := &f.groups[i]
		c := crews[teams[g.visit]]
		if c == nil {
			continue
		}
		c.Pending += g.pending()
		if g.kind == "problem" {
			c.Problems += g.kept()
		}
	}
}

const dayMillis = 24 * 60 * 60 * 1000

// addDays counts by the day on which a visit began, by its phone's clock. A clock that is ahead
// of headquarters' makes no day that is still to come.
func (d *Dashboard) addDays(f *figures, visits []visitSpot) {
	days, found := map[int64]*DaySummary{}, f.byVisit()
	for i := range visits {
		v := &visits[i]
		began, known := f.began[v.id]
		if v.arrived != nil {
			began, known = *v.arrived, true
		}
		if !known {
			continue
		}
		day := (min(began, d.ReadAt) + dayBegins) / dayMillis
		if days[day] == nil {
			days[day] = &DaySummary{Day: day*dayMillis - dayBegins}
		}
		days[day].Findings += found[uuidText([]byte(v.id))]
		if v.arrived != nil {
			days[day].Visits++
		}
	}
	d.Days = []DaySummary{}
	for _, day := range days {
		d.Days = append(d.Days, *day)
	}
	slices.SortFunc(d.Days, func(a, b DaySummary) int { return int(a.Day/1000 - b.Day/1000) })
	if n := len(d.Days); n > daysMax { // clocks that are wrong make days far away
		d.Days = d.Days[n-daysMax:]
	}
}

// daysMax is how many days are shown.
const daysMax = 120

func (d *Dashboard) addKinds(f *figures) {
	severities, topics := map[string]int{}, map[string]int{}
	d.Revised = f.revised
	for i := range f.groups {
		g := &f.groups[i]
		if g.kind == "problem" {
			severities[g.severity] += g.kept()
			topics[g.topic] += g.kept()
		}
		switch {
		case g.state == "accepted":
			d.Accepted += g.kept()
		case g.state == "returned":
			d.Returned += g.kept()
		case g.status == "draft":
			d.Drafts += g.kept()
		}
	}
	d.Severities, d.Topics = counts(schema.Severities(), severities), counts(schema.Topics(), topics)
}

// counts are in the order of the choices; what has none comes last.
func counts(choices []schema.Choice, by map[string]int) []CodeCount {
	list := []CodeCount{}
	for _, c := range choices {
		list = append(list, CodeCount{c.Code, by[c.Code]})
	}
	if by[""] > 0 {
		list = append(list, CodeCount{"", by[""]})
	}
	return list
}

func (d *Dashboard) crew(team []byte) *CrewSummary {
	id := uuidText(team)
	i := slices.IndexFunc(d.Crews, func(c CrewSummary) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return &d.Crews[i]
}

func (d *Dashboard) addMissing(ctx context.Context, v store.View) error {
	_, err := store.List(ctx, v, func(row store.Scanner) (struct{}, error) {
		var team []byte
		var n int
		err := row.Scan(&team, &n)
		if c := d.crew(team); c != nil {
			c.Missing = n
		}
		return struct{}{}, err
	}, `SELECT v.team_id, count(*) FROM attachment a
		JOIN visit v ON v.campaign_no = a.campaign_no AND v.id = a.visit_id
		WHERE a.campaign_no = $1 AND a.withdrawn_at IS NULL AND NOT EXISTS
		(SELECT 1 FROM blob b WHERE b.campaign_no = a.campaign_no AND b.hash = a.hash)
		GROUP BY v.team_id`, v.CampaignNo)
	return err
}

func (d *Dashboard) addPhones(ctx context.Context, v store.View) error {
	_, err := store.List(ctx, v, func(row store.Scanner) (struct{}, error) {
		var team []byte
		var p Phone
		var pushed, said *int64
		if err := row.Scan(&team, &p.Name, &p.Inspector, &pushed, &said, &p.Unsent, &p.Oldest); err != nil {
			return struct{}{}, err
		}
		p.SeenAt = later(pushed, said)
		p.Silent = p.SeenAt == nil || d.ReadAt-*p.SeenAt > silentAfter.Milliseconds()
		if c := d.crew(team); c != nil {
			c.add(p)
		}
		return struct{}{}, nil
	}, `SELECT m.team_id, d.name, i.name, `+lastPush+`, c.seen_at, c.unsent, c.oldest_unsent_at
		FROM device d
		JOIN inspector i ON i.campaign_no = d.campaign_no AND i.id = d.inspector_id
		JOIN team_member m ON m.campaign_no = d.campaign_no AND m.inspector_id = d.inspector_id
		LEFT JOIN device_contact c ON c.campaign_no = d.campaign_no AND c.device_id = d.id
		WHERE d.campaign_no = $1 AND d.revoked_at IS NULL AND m.left_at IS NULL ORDER BY i.name, d.name`, v.CampaignNo)
	return err
}

func (c *CrewSummary) add(p Phone) {
	c.Phones = append(c.Phones, p)
	c.LastContact = later(c.LastContact, p.SeenAt)
	if p.Silent {
		c.Silent++
	}
	if p.Unsent != nil {
		c.Unsent += *p.Unsent
	}
}

func later(a, b *int64) *int64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

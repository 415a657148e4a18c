package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/review"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
)

const officeName = "office"

// officing measures what headquarters' screens ask, with 500,000 findings: each answer as
// slow as the slowest of twenty. The baseline is the same question asked without an index of
// its own: by joins over the rows, counted to the last, and by LIKE.
func officing(ctx context.Context, rounds int) (err error) {
	begun := time.Now()
	c, err := newOfficeCity(ctx, officeFindings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	figure{"office: fill in 500,000 findings by pushes", time.Since(begun).Seconds(), "s", 0}.print()
	service := &review.Service{Store: c.store, Catalogue: c.service.Catalogue, Ingest: c.service}
	begun = time.Now()
	for whole := false; !whole; {
		if whole, err = service.CatchUp(ctx, c.campaign(), time.Now().Add(time.Hour)); err != nil {
			return err
		}
	}
	figure{"office: index them for search", time.Since(begun).Seconds(), "s", 0}.print()
	o := &officeAsking{officeCity: c, service: service}
	for _, one := range []struct {
		name     string
		ask      func(ctx context.Context) ([]float64, error)
		baseline func(ctx context.Context) ([]float64, error)
	}{
		{"office: a page of findings, p95", o.pages, o.joinedPages},
		{"office: a search, p95", o.searches, o.likePages},
		{"office: the dashboard", o.dashboard, o.countedApart},
		{"office: the map of units", o.unitMap, nil},
		{"office: a finding with its history, p95", o.findings, nil},
	} {
		if err := o.measure(ctx, rounds, one.name, one.ask, one.baseline); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
	}
	return nil
}

// officeAsking asks what screens ask.
type officeAsking struct {
	*officeCity
	service *review.Service
}

func (o *officeAsking) measure(
	ctx context.Context, rounds int, name string, ask, baseline func(context.Context) ([]float64, error),
) error {
	var ours, theirs []float64
	for range rounds {
		times, err := ask(ctx)
		if err != nil {
			return err
		}
		ours = append(ours, times...)
		if baseline == nil {
			continue
		}
		if times, err = baseline(ctx); err != nil {
			return err
		}
		theirs = append(theirs, times...)
	}
	f := figure{name: name, value: percentile(ours, 95), unit: "ms"}
	if baseline != nil {
		f.baseline = percentile(theirs, 95)
	}
	f.print()
	return nil
}

// percentile of measurements.
func percentile(list []float64, percent int) float64 {
	slices.Sort(list)
	return list[(len(list)-1)*percent/100]
}

// timed is how many milliseconds each takes.
func timed[T any](list []T, do func(T) error) ([]float64, error) {
	var times []float64
	for _, one := range list {
		begun := time.Now()
		if err := do(one); err != nil {
			return nil, err
		}
		times = append(times, float64(time.Since(begun).Microseconds())/1000)
	}
	return times, nil
}

// filters are those people choose, from what most findings have to what none has.
func (o *officeAsking) filters() []review.FindingFilter {
	team := schema.TeamID(o.crews[1].team).String()
	return []review.FindingFilter{
		{},
		{Review: "pending", Status: "submitted"},
		{Review: "revised"},
		{Team: team},
		{Team: team, Review: "pending", Severity: "critical"},
		{Category: "school"},
		{Severity: "serious", Kind: "problem"},
		{Topic: "funds", Review: "returned"},
		{Status: "draft"},
		{Conclusion: "none", Severity: "critical"},
		{Kind: "achievement", Severity: "minor"}, // there is none
	}
}

func (o *officeAsking) pages(ctx context.Context) ([]float64, error) {
	type page struct {
		filter review.FindingFilter
		offset int
	}
	var all []page
	for _, f := range o.filters() {
		all = append(all, page{f, 0}, page{f, 5000})
	}
	return timed(all, func(p page) error {
		_, err := o.service.List(ctx, o.campaign(), p.filter, p.offset, 50)
		return err
	})
}

func (o *officeAsking) searches(ctx context.Context) ([]float64, error) {
	var all []review.FindingFilter
	for _, search := range []string{
		"公示欄", "路燈維修流於形式", "第4711項", "A04711", "村", "灌溉 網格員", "收支明細 會計 黨費", "補充時間", "沒有這樣的詞", "no a0",
	} {
		all = append(all, review.FindingFilter{Search: search},
			review.FindingFilter{Search: search, Review: "pending", Severity: "critical"})
	}
	return timed(all, func(f review.FindingFilter) error {
		page, err := o.service.List(ctx, o.campaign(), f, 0, 50)
		if err == nil && page.Indexing {
			err = errNotIndexed
		}
		return err
	})
}

var errNotIndexed = errors.New("the index is behind")

func (o *officeAsking) dashboard(ctx context.Context) ([]float64, error) {
	fresh := &review.Service{Store: o.store, Catalogue: o.bed.service.Catalogue, Ingest: o.bed.service}
	return timed([]int{0}, func(int) error {
		_, err := fresh.Dashboard(ctx, o.campaign())
		return err
	})
}

func (o *officeAsking) unitMap(ctx context.Context) ([]float64, error) {
	return timed([]int{0}, func(int) error {
		_, err := o.service.UnitMap(ctx, o.campaign())
		return err
	})
}

func (o *officeAsking) findings(ctx context.Context) ([]float64, error) {
	page, err := o.service.List(ctx, o.campaign(), review.FindingFilter{}, 3000, 20)
	if err != nil {
		return nil, err
	}
	return timed(page.Findings, func(f review.Finding) error {
		id, err := schema.ParseID[schema.RowID](f.ID)
		if err != nil {
			return err
		}
		_, err = o.service.Finding(ctx, o.campaign(), id)
		return err
	})
}

// joined asks for a page as one does who has no narrow index.
func (o *officeAsking) joined(ctx context.Context, f review.FindingFilter) error {
	return o.store.Read(ctx, o.campaign(), func(v store.View) error {
		where, args, err := f.Where([]any{v.CampaignNo})
		if err != nil {
			return err
		}
		from := ` FROM finding f NOT INDEXED JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
			JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id WHERE f.campaign_no = $1 AND ` + where
		var n int
		if err := v.QueryRowContext(ctx, "SELECT count(*)"+from, args...).Scan(&n); err != nil {
			return err
		}
		_, err = store.List(ctx, v, func(row store.Scanner) (title string, err error) {
			return title, row.Scan(&title)
		}, "SELECT f.title"+from+" ORDER BY f.id DESC LIMIT 50", args...)
		return err
	})
}

func (o *officeAsking) joinedPages(ctx context.Context) ([]float64, error) {
	return timed(o.filters()[3:6], func(f review.FindingFilter) error { return o.joined(ctx, f) })
}

func (o *officeAsking) likePages(ctx context.Context) ([]float64, error) {
	return timed([]string{"公示欄", "沒有這樣的詞"}, func(search string) error {
		return o.joined(ctx, review.FindingFilter{Search: search})
	})
}

// countedApart counts by team, by severity and by day, each over the rows.
func (o *officeAsking) countedApart(ctx context.Context) ([]float64, error) {
	return timed([]int{0}, func(int) error {
		return o.store.Read(ctx, o.campaign(), func(v store.View) error {
			for _, by := range strings.Fields("visit_id severity recorded_at/86400000") {
				var n int
				if err := v.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT count(*) FROM finding NOT INDEXED WHERE campaign_no = $1 GROUP BY "+
					by+")", v.CampaignNo).Scan(&n); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// pull lets a crew's phone know headquarters' present state.
func (c *crew) pull(ctx context.Context, b *bed) error {
	page, err := b.service.Pull(ctx, ingest.Pull{
		Campaign: b.campaign(), Device: c.phone.id, Schema: schema.Version, Limit: 1_000_000,
	})
	c.phone.seen = chain.Seen{Epoch: page.Epoch, Revision: page.Next}
	c.phone.clock = clock.Time(page.Clock)
	return err
}

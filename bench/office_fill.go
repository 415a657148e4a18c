package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sansuiji/schema"
	"sansuiji/server/campaign"
	"sansuiji/server/ingest"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// officeFindings is how many findings headquarters' screens are measured with, from how
// many days.
const (
	officeFindings = 500_000
	officeDays     = 30
	// officeEntry is how many findings one entry has.
	officeEntry = 500
)

// officeCity is the made-up city with teams that have recorded very much.
type officeCity struct {
	bed
	begun time.Time
	crews []crew
	made  int
}

// crew is a team with a phone.
type crew struct {
	team   schema.RowID
	phone  phone
	visits []schema.RowID
}

// newOfficeCity fills a database by real pushes and real decisions.
func newOfficeCity(ctx context.Context, findings int) (c *officeCity, err error) {
	dir, err := os.MkdirTemp("", "sansuiji-bench-")
	if err != nil {
		return nil, err
	}
	db, err := sqlite.OpenWith(ctx, filepath.Join(dir, "hq.db"), schema.NewCatalogue(),
		sqlite.Options{Synchronous: "OFF"}) // what is filled in need not survive
	if err != nil {
		return nil, err
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	c = &officeCity{begun: time.Now().AddDate(0, 0, -officeDays)}
	c.dir, c.store = dir, db
	c.service = &ingest.Service{
		Store: db, Catalogue: schema.NewCatalogue(), Now: time.Now, Key: key,
		Device: schema.DeviceID(schema.NewRowID()),
	}
	if err := errors.Join(c.service.Begin(ctx, c.campaign()), c.city(ctx)); err != nil {
		return nil, errors.Join(err, c.close())
	}
	for c.made < findings {
		if err := c.record(ctx, min(officeEntry, findings-c.made)); err != nil {
			return nil, errors.Join(err, c.close())
		}
	}
	return c, nil
}

// city writes the made-up city with a visit at each unit and a phone for each team.
func (c *officeCity) city(ctx context.Context) error {
	e := edit.New(c.service.Catalogue)
	var units []schema.RowID
	member := map[schema.RowID]schema.RowID{}
	campaign.Demo(1, c.begun).Rows(func(table string, id schema.RowID, cells edit.Cells) bool {
		switch table {
		case "team":
			c.crews = append(c.crews, crew{team: id})
		case "team_member":
			member[schema.RowID(cells["team_id"].Bytes)] = schema.RowID(cells["inspector_id"].Bytes)
		case "unit":
			units = append(units, id)
		case "visit":
			return true // these are made below
		}
		e.Insert(table, id, cells)
		return true
	})
	for i := range c.crews {
		if err := c.crews[i].enrol(e, c.campaign(), member[c.crews[i].team]); err != nil {
			return err
		}
	}
	for i, unit := range units {
		one, visit := &c.crews[i%len(c.crews)], schema.NewRowID()
		one.visits = append(one.visits, visit)
		planned := c.begun.Add(time.Duration(i) * officeDays * 24 * time.Hour / time.Duration(len(units)))
		e.Insert("visit", visit, edit.Cells{
			"team_id": edit.ID(one.team), "unit_id": edit.ID(unit), "status": edit.Text("closed"),
			"planned_at": edit.Int(planned.UnixMilli()), "arrived_at": edit.Int(planned.UnixMilli()),
		})
	}
	if err := c.service.WriteRows(ctx, c.campaign(), e); err != nil {
		return err
	}
	for i := range c.crews {
		if err := c.crews[i].pull(ctx, &c.bed); err != nil {
			return err
		}
	}
	return nil
}

func (c *crew) enrol(e *edit.Builder, campaign schema.CampaignID, inspector schema.RowID) error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return err
	}
	c.phone = phone{id: schema.DeviceID(schema.NewRowID()), inspector: inspector, key: private}
	c.phone.head.Hash = chain.Genesis(campaign, c.phone.id, spki)
	e.Insert("device", schema.RowID(c.phone.id), edit.Cells{
		"inspector_id": edit.ID(inspector), "name": edit.Text("機"), "public_key": edit.Bytes(spki),
	})
	return nil
}

// record pushes an entry of a team's with findings, and decides about some of them.
func (c *officeCity) record(ctx context.Context, findings int) error {
	one := &c.crews[c.made/officeEntry%len(c.crews)]
	e, decided := edit.New(c.service.Catalogue), edit.New(c.service.Catalogue)
	for range findings {
		id := c.finding(e, one)
		if state := officeDecision(c.made); state != "pending" {
			decided.Update("finding", id, edit.Cells{
				"review_state": edit.Text("pending"), "review_note": changeset.NullValue(),
			}, edit.Cells{"review_state": edit.Text(state), "review_note": edit.Text(officeNote(state))})
		}
		c.made++
	}
	bytes, err := e.Bytes()
	if err != nil {
		return err
	}
	one.phone.seal(c.campaign(), bytes)
	if _, err := c.service.Push(ctx, one.phone.push(c.campaign())); err != nil {
		return err
	}
	return c.service.WriteRows(ctx, c.campaign(), decided)
}

// finding records one as if it had been on its day.
func (c *officeCity) finding(e *edit.Builder, one *crew) schema.RowID {
	n := c.made
	at := c.begun.Add(time.Duration(n) * (officeDays * 24 * time.Hour / officeFindings))
	id := schema.NewRowID()
	var stamp [8]byte
	binary.BigEndian.PutUint64(stamp[:], uint64(at.UnixMilli()))
	copy(id[:6], stamp[2:])
	status := "submitted"
	if n%10 == 9 {
		status = "draft"
	}
	kind, severity := "problem", edit.Text(schema.Severities()[n%7*n%4].Code)
	if n%6 == 5 {
		kind, severity = "achievement", changeset.NullValue()
	}
	e.Insert("finding", id, edit.Cells{
		"visit_id": edit.ID(one.visits[n/officeEntry*7%len(one.visits)]), "kind": edit.Text(kind),
		"title": edit.Text(officeTitle(n)), "detail": edit.Text(officeDetail(n)), "severity": severity,
		"status": edit.Text(status), "inspector_id": edit.ID(one.phone.inspector),
		"topic":       edit.Text(schema.Topics()[n%len(schema.Topics())].Code),
		"recorded_at": edit.Int(at.UnixMilli()), "latitude_e7": edit.Int(300000000),
		"longitude_e7": edit.Int(-1700000000), "accuracy_m": edit.Int(12),
	})
	return id
}

// officeDecision is what came of the n-th finding: of ten, half are accepted.
func officeDecision(n int) string {
	switch n * 7 % 10 {
	case 0, 1, 2, 4, 5:
		return "accepted"
	case 6:
		return "returned"
	}
	return "pending"
}

func officeNote(state string) string {
	if state == "returned" {
		return "請補充時間、地點和參會人員名單。"
	}
	return ""
}

func officeTitle(n int) string {
	subjects := []string{"帳目公開", "三會一課", "黨費收繳", "公共廁所建設", "網格巡查", "困難群眾走訪", "村務公開欄", "項目資金撥付", "灌溉水渠清淤", "路燈維修"}
	faults := []string{"不及時", "記錄不全", "流於形式", "與臺賬不符", "已按期完成", "長期無人負責", "群眾意見較大"}
	return fmt.Sprintf("%s%s（第%d項）", subjects[n%len(subjects)], faults[n/3%len(faults)], n)
}

func officeDetail(n int) string {
	return fmt.Sprintf("公示欄內容停留在上半年，村民反映看不到最近三個月的收支明細；抽查第 %d 號憑證 No. A%05d，"+
		"%s負責人表示月底前整改到位。", n, n%99991, []string{"會計、", "支部", "村委會", "網格員、"}[n%4])
}

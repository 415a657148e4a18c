package ceremony

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
)

// sites makes the keys of all sites, if a plan is about sites, and puts their root into
// it.
func (f *frozen) sites(p *draw.Plan) ([]draw.Unlockable, error) {
	if p.Sites == nil {
		return nil, nil
	}
	var ids []string
	for i := range f.Units {
		if f.Units[i].Eligible {
			ids = append(ids, f.Units[i].ID)
		}
	}
	keys, err := draw.NewSites(ids, rand.Reader)
	if err != nil {
		return nil, err
	}
	p.Sites, _, err = draw.NewSitesPlan(draw.Secrets(keys), p.Sites.Ask, p.Sites.Modes...)
	return keys, err
}

// keep keeps the keys of a ceremony's sites, in place of those of an earlier plan. They
// are no rows that sync: the history, which auditors get, would give them away.
func (s *Service) keep(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, keys []draw.Unlockable,
) error {
	return s.Ingest.Store.Office(ctx, func(q store.Queryer) error {
		if _, err := q.ExecContext(ctx, `DELETE FROM site_secret WHERE draw_id = $1 AND campaign_no =
			(SELECT no FROM campaign_state WHERE campaign_id = $2)`, id[:], campaign[:]); err != nil {
			return fmt.Errorf("drop keys of sites: %w", err)
		}
		for i := range keys {
			k := &keys[i]
			if _, err := q.ExecContext(ctx, `INSERT INTO site_secret (campaign_no, draw_id, site, key, unlock)
				SELECT no, $1, $2, $3, $4 FROM campaign_state WHERE campaign_id = $5`,
				id[:], k.Site, k.Key[:], k.Unlock[:], campaign[:]); err != nil {
				return fmt.Errorf("keep key of site: %w", err)
			}
		}
		return nil
	})
}

// kept reads the keys of a ceremony's sites, in their order.
func kept(ctx context.Context, v store.View, id schema.RowID) ([]draw.Unlockable, error) {
	return store.List(ctx, v, func(row store.Scanner) (u draw.Unlockable, err error) {
		var key, unlock []byte
		if err = row.Scan(&u.Site, &key, &unlock); err == nil {
			copy(u.Key[:], key)
			copy(u.Unlock[:], unlock)
		}
		return u, err
	}, `SELECT site, key, unlock FROM site_secret WHERE campaign_no = $1 AND draw_id = $2 ORDER BY site`,
		v.CampaignNo, id[:])
}

// sites tells the phones what they need to draw people at units: a row for each.
func (s *Service) sites(ctx context.Context, campaign schema.CampaignID, r *record) error {
	p := &r.certificate.Plan
	if p.Sites == nil {
		return nil
	}
	var keys []draw.Unlockable
	if err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) (err error) {
		keys, err = kept(ctx, v, r.id)
		return err
	}); err != nil {
		return err
	}
	plan, proofs, err := draw.NewSitesPlan(draw.Secrets(keys), p.Sites.Ask, p.Sites.Modes...)
	if err != nil {
		return err
	}
	if plan.Root != p.Sites.Root {
		return fmt.Errorf("keys of the sites of draw %s are not those of its plan", p.Ceremony())
	}
	places, err := s.places(ctx, campaign)
	if err != nil {
		return err
	}
	for i := range keys {
		if _, known := places.units[keys[i].Site]; !known {
			return schema.NewFault(schema.FaultNotFound, keys[i].Site)
		}
	}
	r.also = func(b *edit.Builder) {
		for i := range keys {
			cells := siteCells(r, &keys[i], &proofs[i])
			cells["unit_id"] = edit.ID(places.units[keys[i].Site].id)
			b.Insert("site", schema.NewRowID(), cells)
		}
	}
	return nil
}

// siteCells are a site's row, but for its unit.
func siteCells(r *record, key *draw.Unlockable, proof *draw.Proof) edit.Cells {
	c := &r.certificate
	sites := c.Plan.Sites
	var path []byte
	for i := range proof.Path {
		path = append(path, proof.Path[i][:]...)
	}
	cells := edit.Cells{
		"draw_id": edit.ID(r.id), "site": edit.Text(key.Site), "n": edit.Int(sites.Ask), "modes": edit.Text(strings.Join(sites.Modes, ",")),
		"plan_hash": edit.Bytes(c.PlanHash[:]), "throws": edit.Text(string(draw.Canonical(c.Throws))),
		"place": edit.Int(int64(proof.At)), "places": edit.Int(int64(proof.N)), "path": edit.Bytes(path),
		"sealed": edit.Bytes(draw.Seal(c.Plan.Campaign, key.Site, key.Unlock, key.Key)),
	}
	if sites.Allows(draw.Local) {
		cells["key"] = edit.Bytes(key.Key[:])
	}
	return cells
}

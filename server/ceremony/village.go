package ceremony

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
)

// village is all that is known of a site: what phones told, and the duty desk's book.
type village struct {
	id, draw, unit       schema.RowID
	site, name           string
	county, team         string
	n                    int64
	planHash, key        []byte
	proof                draw.Proof
	kind                 string // of the roster; empty: there is none
	official             int64
	people               []draw.Person
	openings             []opening // the one that stands first
	contacts             []contact
	households           []household
	mirrors              []Mirror
	call                 *DeskCall
	withdrawn, disagreed int
}

// opening is a row of the table of that name.
type opening struct {
	id               schema.RowID
	people, code     string
	size, official   int64
	root, key        []byte
	mode, throws     string
	toldTo           string
	toldAt, openedAt int64 // openedAt 0: not yet
	inspector        string
}

// household is who of the people behind a door was asked.
type household struct {
	draw.Household
	at int64 // when it was listed
}

// contact is an attempt to ask somebody.
type contact struct {
	id          schema.RowID
	key, result string
	at          int64
	note        string
	inspector   string
}

// Mirror is what another phone read off a phone's screen.
type Mirror struct {
	Device   string `json:"device" doc:"Name of the device that was read"`
	Witness  string `json:"witness"`
	At       int64  `json:"at" doc:"Unix milliseconds"`
	Code     string `json:"code"`
	Contacts int64  `json:"contacts"`
	State    string `json:"state" enum:"same,waits,other" doc:"Whether the chain that arrived is the one that was read"`
}

// villages reads the sites that a team goes to, or where somebody was, in the order of
// their teams; one alone if it is named.
func (s *Service) villages(
	ctx context.Context, campaign schema.CampaignID, only *schema.RowID,
) (list []*village, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		r := villageReader{View: v, sites: map[schema.RowID]*village{}}
		if err := r.readSites(ctx, only); err != nil {
			return err
		}
		list = r.list
		return r.readAll(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("read villages: %w", err)
	}
	for _, v := range list {
		v.settle()
	}
	return list, nil
}

// settle puts what phones told into order: the opening that was first stands.
func (v *village) settle() {
	slices.SortFunc(v.openings, func(a, b opening) int {
		return cmp.Or(
			cmp.Compare(never(a.openedAt), never(b.openedAt)), cmp.Compare(a.toldAt, b.toldAt),
			strings.Compare(a.id.String(), b.id.String()),
		)
	})
	slices.SortFunc(v.contacts, func(a, b contact) int {
		return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.id.String(), b.id.String()))
	})
	slices.SortFunc(v.households, func(a, b household) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), cmp.Compare(a.at, b.at), cmp.Compare(a.People, b.People))
	})
	v.households = slices.CompactFunc(v.households, func(first, other household) bool {
		if first.Key == other.Key && first.People != other.People {
			v.disagreed++ // two phones counted differently: the first one stands
		}
		return first.Key == other.Key
	})
	for i := range v.openings {
		first, o := &v.openings[0], &v.openings[i]
		if string(o.root) != string(first.root) || o.openedAt > 0 && o.throws != first.throws {
			v.disagreed++
		}
	}
}

// never puts what did not happen after all that did.
func never(at int64) int64 {
	if at == 0 {
		return 1<<63 - 1
	}
	return at
}

// villageReader reads villages from one state of the campaign.
type villageReader struct {
	store.View
	list    []*village
	sites   map[schema.RowID]*village
	rosters map[schema.RowID]*village   // by roster
	units   map[schema.RowID][]*village // by unit
	opened  map[schema.RowID]*village   // by opening
}

func (r *villageReader) readSites(ctx context.Context, only *schema.RowID) error {
	query := `SELECT s.id, s.draw_id, s.unit_id, s.site, s.n, s.plan_hash, s.place, s.places, s.path, k.key,
			u.name, coalesce(u.county, ''), coalesce(t.name, '')
		FROM site s JOIN unit u ON u.campaign_no = s.campaign_no AND u.id = s.unit_id
		JOIN site_secret k ON k.campaign_no = s.campaign_no AND k.draw_id = s.draw_id AND k.site = s.site
		LEFT JOIN team t ON t.campaign_no = u.campaign_no AND t.id = u.team_id
		WHERE s.campaign_no = $1 AND `
	args := []any{r.CampaignNo}
	if only != nil {
		query, args = query+"s.id = $2", append(args, only[:])
	} else {
		query += `(u.team_id IS NOT NULL OR EXISTS (
			SELECT 1 FROM opening o WHERE o.campaign_no = s.campaign_no AND o.site_id = s.id))`
	}
	list, err := store.List(ctx, r, func(row store.Scanner) (*village, error) {
		v := &village{}
		var id, drawID, unit, path []byte
		err := row.Scan(&id, &drawID, &unit, &v.site, &v.n, &v.planHash, &v.proof.At, &v.proof.N, &path, &v.key,
			&v.name, &v.county, &v.team)
		if err != nil {
			return nil, err
		}
		v.id, v.draw, v.unit = schema.RowID(id), schema.RowID(drawID), schema.RowID(unit)
		for step := range slices.Chunk(path, len(draw.Hash{})) {
			var h draw.Hash
			copy(h[:], step)
			v.proof.Path = append(v.proof.Path, h)
		}
		return v, nil
	}, query+" ORDER BY t.number, s.site", args...)
	r.list = list
	for _, v := range list {
		r.sites[v.id] = v
	}
	return err
}

func (r *villageReader) readAll(ctx context.Context) error {
	for _, read := range []func(context.Context) error{
		r.readRosters, r.readPeople, r.readOpenings, r.readContacts, r.readHouseholds, r.readMirrors, r.readCalls,
	} {
		if err := read(ctx); err != nil {
			return err
		}
	}
	return nil
}

// each runs a query of the campaign's rows.
func (r *villageReader) each(ctx context.Context, query string, scan func(row store.Scanner) error) error {
	_, err := store.List(ctx, r, func(row store.Scanner) (struct{}, error) {
		return struct{}{}, scan(row)
	}, query, r.CampaignNo)
	return err
}

func (r *villageReader) readRosters(ctx context.Context) error {
	r.units, r.rosters = map[schema.RowID][]*village{}, map[schema.RowID]*village{}
	for _, v := range r.list {
		r.units[v.unit] = append(r.units[v.unit], v)
	}
	return r.each(ctx, `SELECT id, unit_id, kind, coalesce(official, 0) FROM roster WHERE campaign_no = $1`,
		func(row store.Scanner) error {
			var id, unit []byte
			var kind string
			var official int64
			if err := row.Scan(&id, &unit, &kind, &official); err != nil {
				return err
			}
			for _, v := range r.units[schema.RowID(unit)] {
				v.kind, v.official = kind, official
				r.rosters[schema.RowID(id)] = v
			}
			return nil
		})
}

func (r *villageReader) readPeople(ctx context.Context) error {
	return r.each(ctx, `SELECT roster_id, key, coalesce(name, '') FROM roster_person
		WHERE campaign_no = $1 AND withdrawn_at IS NULL`, func(row store.Scanner) error {
		var roster []byte
		var key, name string
		if err := row.Scan(&roster, &key, &name); err != nil {
			return err
		}
		if of, known := r.rosters[schema.RowID(roster)]; known {
			p := draw.Person{Key: key}
			if name != "" {
				p.Attributes = []draw.Attribute{{Key: "name", Value: name}}
			}
			for _, v := range r.units[of.unit] {
				v.people = append(v.people, p)
			}
		}
		return nil
	})
}

func (r *villageReader) readOpenings(ctx context.Context) error {
	r.opened = map[schema.RowID]*village{}
	return r.each(ctx, `SELECT o.id, o.site_id, o.people, o.size, coalesce(o.official, 0), o.root, o.code, o.told_at,
			coalesce(o.told_to, ''), coalesce(o.mode, ''), coalesce(o.opened_at, 0), o.key, coalesce(o.throws, ''),
			coalesce(i.name, '')
		FROM opening o LEFT JOIN inspector i ON i.campaign_no = o.campaign_no AND i.id = o.inspector_id
		WHERE o.campaign_no = $1`, func(row store.Scanner) error {
		var o opening
		var id, site []byte
		if err := row.Scan(&id, &site, &o.people, &o.size, &o.official, &o.root, &o.code, &o.toldAt, &o.toldTo,
			&o.mode, &o.openedAt, &o.key, &o.throws, &o.inspector); err != nil {
			return err
		}
		o.id = schema.RowID(id)
		if v, known := r.sites[schema.RowID(site)]; known {
			v.openings = append(v.openings, o)
			r.opened[o.id] = v
		}
		return nil
	})
}

func (r *villageReader) readContacts(ctx context.Context) error {
	return r.each(ctx, `SELECT c.id, c.opening_id, c.key, c.result, c.contacted_at, coalesce(c.note, ''),
			coalesce(i.name, ''), c.withdrawn_at
		FROM contact c LEFT JOIN inspector i ON i.campaign_no = c.campaign_no AND i.id = c.inspector_id
		WHERE c.campaign_no = $1`, func(row store.Scanner) error {
		var c contact
		var id, of []byte
		var withdrawn sql.NullInt64
		if err := row.Scan(&id, &of, &c.key, &c.result, &c.at, &c.note, &c.inspector, &withdrawn); err != nil {
			return err
		}
		c.id = schema.RowID(id)
		switch v, known := r.opened[schema.RowID(of)]; {
		case known && withdrawn.Valid:
			v.withdrawn++
		case known:
			v.contacts = append(v.contacts, c)
		}
		return nil
	})
}

func (r *villageReader) readHouseholds(ctx context.Context) error {
	return r.each(ctx, `SELECT opening_id, key, people, chosen, listed_at FROM household WHERE campaign_no = $1`,
		func(row store.Scanner) error {
			var h household
			var of []byte
			if err := row.Scan(&of, &h.Key, &h.People, &h.Chosen, &h.at); err != nil {
				return err
			}
			if v, known := r.opened[schema.RowID(of)]; known {
				v.households = append(v.households, h)
			}
			return nil
		})
}

func (r *villageReader) readCalls(ctx context.Context) error {
	return r.each(ctx, selectCall, func(row store.Scanner) error {
		site, call, err := scanCall(row)
		if v, known := r.sites[site]; known {
			v.call = &call
		}
		return err
	})
}

// readMirrors compares what was read off phones with the chains that arrived.
func (r *villageReader) readMirrors(ctx context.Context) error {
	return r.each(ctx, `SELECT m.site, m.head, coalesce(m.code, ''), coalesce(m.contacts, 0), m.scanned_at,
			coalesce(d.name, ''), coalesce(i.name, ''), h.hash
		FROM mirror m
		LEFT JOIN device d ON d.campaign_no = m.campaign_no AND d.id = m.device_id
		LEFT JOIN inspector i ON i.campaign_no = m.campaign_no AND i.id = m.inspector_id
		LEFT JOIN author a ON a.campaign_no = m.campaign_no AND a.device_id = m.device_id
		LEFT JOIN history h ON h.campaign_no = m.campaign_no AND h.author = a.no AND h.seq = m.seq
		WHERE m.campaign_no = $1 ORDER BY m.scanned_at`, func(row store.Scanner) error {
		var m Mirror
		var site sql.NullString
		var head, arrived []byte
		if err := row.Scan(&site, &head, &m.Code, &m.Contacts, &m.At, &m.Device, &m.Witness, &arrived); err != nil {
			return err
		}
		switch {
		case len(arrived) != len(chain.Hash{}):
			m.State = "waits"
		case string(arrived) == string(head):
			m.State = "same"
		default:
			m.State = "other"
		}
		for _, v := range r.list {
			if v.site == site.String {
				v.mirrors = append(v.mirrors, m)
			}
		}
		return nil
	})
}

package review

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
)

// figures are counts of a campaign's findings. They are a function of its rows, so they are
// counted once for each revision, however many people look.
type figures struct {
	groups  []group
	revised int
	began   map[string]int64 // visits that nobody said the arrival of; by the id's bytes
}

// group is findings of a visit that are alike.
type group struct {
	visit                         string // the id's bytes
	kind, severity, status, state string
	topic                         string
	n                             int
	withdrawn                     bool
}

// kept is how many were not withdrawn.
func (g *group) kept() int {
	if g.withdrawn {
		return 0
	}
	return g.n
}

func (g *group) pending() int {
	if g.status == "submitted" && g.state == "pending" {
		return g.kept()
	}
	return 0
}

// byVisit is how many findings were kept at each visit, by the text form of its id.
func (f *figures) byVisit() map[string]int {
	n := map[string]int{}
	for i := range f.groups {
		n[uuidText([]byte(f.groups[i].visit))] += f.groups[i].kept()
	}
	return n
}

// figureCache holds each campaign's latest figures.
type figureCache struct {
	mu   sync.Mutex
	last map[schema.CampaignID]*cached
}

type cached struct {
	mu       sync.Mutex // held while it is counted: whoever comes meanwhile waits for the result
	epoch    schema.Epoch
	revision uint64
	figures  *figures
}

func (c *figureCache) of(campaign schema.CampaignID) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		c.last = map[schema.CampaignID]*cached{}
	}
	if c.last[campaign] == nil {
		c.last[campaign] = &cached{}
	}
	return c.last[campaign]
}

// figures are those of the view, or newer ones that somebody else has counted.
func (s *Service) figures(ctx context.Context, v store.View) (*figures, error) {
	c := s.counted.of(v.State.Campaign)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.figures != nil && c.epoch == v.State.Epoch && c.revision >= v.State.Revision {
		return c.figures, nil
	}
	f, err := countFigures(ctx, v)
	if err != nil {
		return nil, fmt.Errorf("count findings: %w", err)
	}
	c.figures, c.epoch, c.revision = f, v.State.Epoch, v.State.Revision
	return f, nil
}

func countFigures(ctx context.Context, v store.View) (*figures, error) {
	f := &figures{}
	var err error
	if f.groups, err = countGroups(ctx, v); err != nil {
		return nil, err
	}
	if err := v.QueryRowContext(ctx, "SELECT count(*) FROM finding f WHERE f.campaign_no = $1 AND f.id IN ("+
		revisedFindings+") AND f.withdrawn_at IS NULL", v.CampaignNo).Scan(&f.revised); err != nil {
		return nil, err
	}
	f.began, err = readBegan(ctx, v)
	return f, err
}

// countGroups counts findings that are alike. Texts that groups share are kept once.
func countGroups(ctx context.Context, v store.View) ([]group, error) {
	packed, err := v.Tally(ctx, "finding", "visit_id", "kind", "severity", "status", "review_state", "topic",
		"CASE WHEN withdrawn_at IS NULL THEN 1 ELSE 0 END")
	if err != nil {
		return nil, err
	}
	var list []group
	texts := map[string]string{}
	text := func(v changeset.Value) string {
		s, known := texts[string(v.Bytes)]
		if !known {
			s = string(v.Bytes)
			texts[s] = s
		}
		return s
	}
	var c [8]changeset.Value
	for {
		more, err := packed.Next(c[:])
		if err != nil || !more {
			return list, err
		}
		g := group{
			visit: text(c[0]), kind: text(c[1]), severity: text(c[2]), status: text(c[3]), state: text(c[4]),
			topic: text(c[5]), n: int(c[7].Int64()), withdrawn: c[6].Int64() == 0,
		}
		list = append(list, g)
	}
}

// readBegan finds when visits began that have findings and no arrival: when the first of them
// was made, which its id tells (UUIDv7).
func readBegan(ctx context.Context, v store.View) (map[string]int64, error) {
	began := map[string]int64{}
	_, err := store.List(ctx, v, func(row store.Scanner) (struct{}, error) {
		var visit, first []byte
		err := row.Scan(&visit, &first)
		if err == nil && len(first) > 0 {
			began[string(visit)] = int64(binary.BigEndian.Uint64(first[:8]) >> 16)
		}
		return struct{}{}, err
	}, `SELECT v.id, (SELECT f.id FROM finding f WHERE f.campaign_no = v.campaign_no AND f.visit_id = v.id
			ORDER BY f.id LIMIT 1)
		FROM visit v WHERE v.campaign_no = $1 AND v.arrived_at IS NULL`, v.CampaignNo)
	return began, err
}

// dayBegins is how far ahead of UTC days begin, in milliseconds: one time holds in the whole
// country, whatever a server's clock is set to.
const dayBegins = 8 * 60 * 60 * 1000

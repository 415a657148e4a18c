package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// Message is what is told.
type Message struct {
	Kind     string `json:"type"`
	At       int64  `json:"timestamp"` // Unix milliseconds
	Campaign string `json:"campaign"`
	Data     any    `json:"data"`

	id  schema.RowID
	key string // tells it from others about the same row
}

// collectMax is how many messages are put down at once.
const collectMax = 500

// hook is somebody who is told, as messages are collected for them.
type hook struct {
	id       schema.RowID
	kinds    []string
	revision uint64
}

// Collect puts down what there is to tell of a campaign since it did so last. Whatever is
// put down once is not put down again.
func (s *Service) Collect(ctx context.Context, campaign schema.CampaignID) error {
	var hooks []hook
	found := map[schema.RowID][]Message{}
	var no int64
	var upTo uint64
	err := s.Store.Read(ctx, campaign, func(v store.View) (err error) {
		no, upTo = v.CampaignNo, v.State.Revision
		if hooks, err = enabled(ctx, v); err != nil {
			return err
		}
		for _, h := range hooks {
			if found[h.id], err = s.news(ctx, v, campaign, h); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("collect messages: %w", err)
	}
	for _, h := range hooks {
		if len(found[h.id]) == 0 && h.revision == upTo {
			continue
		}
		if err := s.put(ctx, no, h.id, upTo, found[h.id]); err != nil {
			return fmt.Errorf("put messages down: %w", err)
		}
	}
	return nil
}

func enabled(ctx context.Context, v store.View) ([]hook, error) {
	return store.List(ctx, v, func(row store.Scanner) (h hook, err error) {
		var id []byte
		var kinds string
		err = row.Scan(&id, &kinds, &h.revision)
		h.kinds = strings.Split(kinds, ",")
		copy(h.id[:], id)
		return h, err
	}, `SELECT id, kinds, revision FROM webhook WHERE campaign_no = $1 AND disabled_at IS NULL`, v.CampaignNo)
}

// news are the messages that a hook wants and does not have.
func (s *Service) news(ctx context.Context, v store.View, campaign schema.CampaignID, h hook) (all []Message, err error) {
	if slices.Contains(h.kinds, FindingSubmitted) && v.State.Revision > h.revision {
		if all, err = findings(ctx, v, h.revision); err != nil {
			return nil, err
		}
	}
	if slices.Contains(h.kinds, LedgerOverdue) {
		overdue, err := overdue(ctx, v, schema.DayStart(s.Now().UnixMilli(), 0))
		if err != nil {
			return nil, err
		}
		all = append(all, overdue...)
	}
	have, err := store.List(ctx, v, func(row store.Scanner) (id schema.RowID, err error) {
		var b []byte
		err = row.Scan(&b)
		copy(id[:], b)
		return id, err
	}, `SELECT id FROM webhook_delivery WHERE campaign_no = $1 AND webhook_id = $2`, v.CampaignNo, h.id[:])
	if err != nil {
		return nil, err
	}
	there := make(map[schema.RowID]bool, len(have))
	for _, id := range have {
		there[id] = true
	}
	for i := range all {
		all[i].id = schema.NaturalKeyID("webhook_delivery", h.id, all[i].Kind+" "+all[i].key)
		all[i].Campaign, all[i].At = campaign.String(), s.Now().UnixMilli()
	}
	all = slices.DeleteFunc(all, func(m Message) bool { return there[m.id] })
	return all[:min(len(all), collectMax)], nil
}

// findingNews is what is told of a finding. What people wrote in it stays at headquarters.
type findingNews struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	Unit     string `json:"unit"`
	County   string `json:"county"`
	Team     string `json:"team"`
}

func findings(ctx context.Context, v store.View, after uint64) ([]Message, error) {
	return store.List(ctx, v, func(row store.Scanner) (m Message, err error) {
		var id []byte
		var f findingNews
		err = row.Scan(&id, &f.Kind, &f.Title, &f.Severity, &f.Unit, &f.County, &f.Team)
		if err == nil {
			f.ID = uuid.UUID(id).String()
		}
		return Message{Kind: FindingSubmitted, Data: f, key: f.ID}, err
	}, `SELECT f.id, f.kind, f.title, coalesce(f.severity, ''), u.name, coalesce(u.county, ''), coalesce(t.name, '')
		FROM finding f
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		LEFT JOIN team t ON t.campaign_no = v.campaign_no AND t.id = v.team_id
		WHERE f.campaign_no = $1 AND f._revision > $2 AND f.status = 'submitted' AND f.withdrawn_at IS NULL
		ORDER BY f._revision`, v.CampaignNo, after)
}

type overdueNews struct {
	ID          string `json:"id"`
	Problem     string `json:"problem"`
	Unit        string `json:"unit"`
	Responsible string `json:"responsible_unit"`
	DueAt       int64  `json:"due_at"`
	State       string `json:"state"`
}

// overdue are entries whose day has passed.
func overdue(ctx context.Context, v store.View, today int64) ([]Message, error) {
	return store.List(ctx, v, func(row store.Scanner) (m Message, err error) {
		var id []byte
		var o overdueNews
		err = row.Scan(&id, &o.Problem, &o.Unit, &o.Responsible, &o.DueAt, &o.State)
		if err == nil {
			o.ID = uuid.UUID(id).String()
		}
		return Message{Kind: LedgerOverdue, Data: o, key: o.ID + " " + strconv.FormatInt(o.DueAt, 10)}, err
	}, `SELECT l.id, p.title, u.name, coalesce(l.responsible_unit, ''), l.due_at, l.state
		FROM ledger_entry l
		JOIN problem p ON p.campaign_no = l.campaign_no AND p.id = l.problem_id
		JOIN unit u ON u.campaign_no = p.campaign_no AND u.id = p.unit_id
		WHERE l.campaign_no = $1 AND l.state <> 'closed' AND l.due_at < $2 ORDER BY l.due_at, l.id`, v.CampaignNo, today)
}

// put writes messages down. All that was there up to a revision has been looked at, unless
// there was too much for once.
func (s *Service) put(ctx context.Context, no int64, hook schema.RowID, upTo uint64, list []Message) error {
	return s.Store.Office(ctx, func(q store.Queryer) error {
		for _, m := range list {
			body, err := json.Marshal(m)
			if err != nil {
				return err
			}
			if _, err := q.ExecContext(ctx, `INSERT INTO webhook_delivery (campaign_no, id, webhook_id, kind, body, made_at, next_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
				no, m.id[:], hook[:], m.Kind, body, m.At, m.At); err != nil {
				return err
			}
		}
		if len(list) == collectMax {
			return nil
		}
		_, err := q.ExecContext(ctx, `UPDATE webhook SET revision = $1 WHERE campaign_no = $2 AND id = $3`, upTo, no, hook[:])
		return err
	})
}

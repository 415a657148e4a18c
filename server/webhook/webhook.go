// Package webhook tells other programs what happens in a campaign: new findings, and
// ledger entries past their deadline. Each message is kept until it was taken, and signed
// as Standard Webhooks says (https://www.standardwebhooks.com).
package webhook

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// What can be told.
const (
	FindingSubmitted = "finding.submitted"
	LedgerOverdue    = "ledger.overdue"
)

// Kinds lists all that can be told.
func Kinds() []string { return []string{FindingSubmitted, LedgerOverdue} }

// Service keeps who is told, and tells them.
type Service struct {
	Store store.Store
	Now   func() time.Time
	// Loopback lets messages go to this machine: for tests, and for who runs both ends.
	Loopback bool
}

// New is somebody who wants to be told.
type New struct {
	URL   string   `json:"url" maxLength:"1000"`
	Kinds []string `json:"kinds" minItems:"1" maxItems:"2" enum:"finding.submitted,ledger.overdue"`
}

// Hook is somebody who is told.
type Hook struct {
	ID         string   `json:"id" format:"uuid"`
	URL        string   `json:"url"`
	Kinds      []string `json:"kinds"`
	MadeBy     string   `json:"made_by"`
	MadeAt     int64    `json:"made_at" doc:"Unix milliseconds"`
	DisabledAt *int64   `json:"disabled_at,omitempty"`
	Waiting    int      `json:"waiting" doc:"Messages that were not taken yet"`
	Failed     int      `json:"failed" doc:"Messages that were given up"`
	Problem    string   `json:"problem" doc:"Of the newest message that was not taken"`
}

// secretSize is how long a key of signatures is, in bytes.
const secretSize = 32

// Add lets somebody be told from now on, and gives the secret that signs what they are
// told, in the form of Standard Webhooks.
func (s *Service) Add(ctx context.Context, campaign schema.CampaignID, n New, by string) (secret string, err error) {
	if err := s.check(n); err != nil {
		return "", err
	}
	key := make([]byte, secretSize)
	_, _ = rand.Read(key) // never fails
	id := schema.NewRowID()
	no, revision, err := s.state(ctx, campaign)
	if err != nil {
		return "", err
	}
	err = s.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `INSERT INTO webhook (campaign_no, id, url, kinds, secret, made_by, made_at, revision)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			no, id[:], n.URL, strings.Join(n.Kinds, ","), key, by, s.Now().UnixMilli(), revision)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("add webhook: %w", err)
	}
	return "whsec_" + base64.StdEncoding.EncodeToString(key), nil
}

func (s *Service) state(ctx context.Context, campaign schema.CampaignID) (no int64, revision uint64, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		no, revision = v.CampaignNo, v.State.Revision
		return nil
	})
	return no, revision, err
}

func (s *Service) check(n New) error {
	for _, kind := range n.Kinds {
		if !slices.Contains(Kinds(), kind) {
			return schema.NewFault(schema.FaultBadRequest, "kind "+kind)
		}
	}
	u, err := url.Parse(n.URL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return schema.NewFault(schema.FaultWebhookURL, n.URL)
	}
	if host := u.Hostname(); !s.Loopback && (host == "localhost" || s.forbidden(host)) {
		return schema.NewFault(schema.FaultWebhookURL, n.URL)
	}
	return nil
}

const selectHooks = `SELECT w.id, w.url, w.kinds, w.made_by, w.made_at, w.disabled_at,
		(SELECT count(*) FROM webhook_delivery d WHERE d.campaign_no = w.campaign_no AND d.webhook_id = w.id AND d.done_at IS NULL),
		(SELECT count(*) FROM webhook_delivery d WHERE d.campaign_no = w.campaign_no AND d.webhook_id = w.id
		 AND d.done_at IS NOT NULL AND d.problem IS NOT NULL),
		coalesce((SELECT d.problem FROM webhook_delivery d WHERE d.campaign_no = w.campaign_no AND d.webhook_id = w.id
		 AND d.problem IS NOT NULL ORDER BY d.made_at DESC LIMIT 1), '')
	FROM webhook w WHERE w.campaign_no = $1 ORDER BY w.made_at, w.id`

// Hooks lists who is told of a campaign.
func (s *Service) Hooks(ctx context.Context, campaign schema.CampaignID) (list []Hook, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = store.List(ctx, v, func(row store.Scanner) (h Hook, err error) {
			var id []byte
			var kinds string
			err = row.Scan(&id, &h.URL, &kinds, &h.MadeBy, &h.MadeAt, &h.DisabledAt, &h.Waiting, &h.Failed, &h.Problem)
			if err == nil {
				h.ID, h.Kinds = uuid.UUID(id).String(), strings.Split(kinds, ",")
			}
			return h, err
		}, selectHooks, v.CampaignNo)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list webhooks: %w", err)
	}
	return list, nil
}

// Disable lets somebody be told no longer. What was not taken yet is dropped.
func (s *Service) Disable(ctx context.Context, campaign schema.CampaignID, id schema.RowID) error {
	no, _, err := s.state(ctx, campaign)
	if err != nil {
		return err
	}
	return s.Store.Office(ctx, func(q store.Queryer) error {
		now := s.Now().UnixMilli()
		r, err := q.ExecContext(ctx, `UPDATE webhook SET disabled_at = coalesce(disabled_at, $1)
			WHERE campaign_no = $2 AND id = $3`, now, no, id[:])
		if err != nil {
			return fmt.Errorf("disable webhook: %w", err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, schema.NewFault(schema.FaultNotFound, id.String()))
		}
		_, err = q.ExecContext(ctx, `UPDATE webhook_delivery SET done_at = $1, problem = 'disabled'
			WHERE campaign_no = $2 AND webhook_id = $3 AND done_at IS NULL`, now, no, id[:])
		return err
	})
}

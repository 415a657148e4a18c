package metrics

import (
	"context"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/prometheus/client_golang/prometheus"
)

// Time is a store whose merges are measured.
func (m *Metrics) Time(s store.Store) store.Store { return &timed{s, m.merging} }

type timed struct {
	store.Store
	merging prometheus.Histogram
}

// Merge is the store's.
func (t *timed) Merge(ctx context.Context, campaign schema.CampaignID, do func(*store.Tx) error) error {
	began := time.Now()
	defer func() { t.merging.Observe(time.Since(began).Seconds()) }()
	return t.Store.Merge(ctx, campaign, do)
}

package main

import (
	"context"
	"sync"
	"time"

	"sansuiji/server/store"
)

// What is done beside answering, and how often.
const (
	anchorEvery  = 10 * time.Minute
	collectEvery = 15 * time.Second
)

// background does it until ctx ends; wait returns once all of it has stopped.
func (a *app) background(ctx context.Context) (wait func()) {
	var group sync.WaitGroup
	for _, job := range []struct {
		every time.Duration
		what  string
		do    func(context.Context) error
	}{
		{anchorEvery, "write the audit log's head into the histories", func(ctx context.Context) error {
			return a.audit.Anchor(ctx, a.ingest)
		}},
		{collectEvery, "tell other programs what happened", a.tell},
	} {
		group.Go(func() {
			ticker := time.NewTicker(job.every)
			defer ticker.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-ticker.C:
				}
				if err := job.do(ctx); err != nil && ctx.Err() == nil {
					a.log.Error(job.what, "error", err)
				}
			}
		})
	}
	group.Go(func() { a.reports.Run(ctx) })
	if a.meter != nil {
		group.Go(func() { a.tellFigures(ctx) })
	}
	return group.Wait
}

// tell puts down what there is to tell, and tells it.
func (a *app) tell(ctx context.Context) error {
	campaigns, err := store.Campaigns(ctx, a.store)
	if err != nil {
		return err
	}
	for _, campaign := range campaigns {
		if err := a.webhooks.Collect(ctx, campaign); err != nil {
			return err
		}
	}
	return a.webhooks.Deliver(ctx)
}

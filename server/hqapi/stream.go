package hqapi

import (
	"context"
	"net/http"
	"time"

	"sansuiji/schema"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"
)

// Watches tells of news.
type Watches interface {
	Watch(ctx context.Context, campaign schema.CampaignID) (<-chan review.Moment, error)
}

type eventsInput struct {
	CampaignPath
	LastID uint64 `header:"Last-Event-ID" doc:"The revision that was told last, after an interruption"`
}

// Times of a stream. It ends before a request's time does, and the browser asks again: then
// the session is looked at once more.
const (
	streamLasts = 4 * time.Minute
	streamBeats = 20 * time.Second
	streamRetry = 2 * time.Second
)

// Beat says that the stream is alive.
type Beat struct {
	At int64 `json:"at" doc:"Unix milliseconds"`
}

func registerStream(api huma.API, watches Watches, closing <-chan struct{}) {
	sse.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/events", "events",
		"Tells when a campaign's rows or history change"),
		map[string]any{"moment": review.Moment{}, "beat": Beat{}},
		func(ctx context.Context, in *eventsInput, send sse.Sender) {
			id, err := in.id()
			if err != nil {
				return
			}
			ctx, cancel := context.WithTimeout(ctx, streamLasts)
			defer cancel()
			news, err := watches.Watch(ctx, id)
			if err != nil {
				return // the browser asks again, and its other requests tell why
			}
			forward(ctx, news, closing, in.LastID, send)
		})
}

// forward sends news until the stream or the program ends.
func forward(
	ctx context.Context, news <-chan review.Moment, closing <-chan struct{}, known uint64, send sse.Sender,
) {
	if send(sse.Message{Data: Beat{time.Now().UnixMilli()}, Retry: int(streamRetry.Milliseconds())}) != nil {
		return
	}
	beat := time.NewTicker(streamBeats)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-closing:
			return
		case m := <-news:
			if m.Revision == known && known != 0 {
				known = 0
				continue
			}
			err = send(sse.Message{ID: int(m.Revision), Data: m})
		case <-beat.C:
			err = send.Data(Beat{time.Now().UnixMilli()})
		}
		if err != nil {
			return
		}
	}
}

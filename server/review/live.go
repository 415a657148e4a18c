package review

import (
	"context"
	"sync"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Moment is where a campaign is. Whoever sees another one than before asks again for what
// is on the screen.
type Moment struct {
	Epoch    string `json:"epoch" format:"uuid"`
	Revision uint64 `json:"revision" doc:"Of its rows"`
	Position uint64 `json:"position" doc:"Of its history"`
}

// liveEvery is how often a campaign is looked at while somebody watches it, and so how often
// there is news at most. That is one small query, however many watch.
const liveEvery = time.Second

// indexEvery is how long the index is brought up to date at a time while somebody watches.
const indexEvery = 300 * time.Millisecond

// live has one watch for each campaign that somebody watches.
type live struct {
	mu      sync.Mutex
	watches map[schema.CampaignID]*watch
}

// watch tells its listeners of news. Each holds the newest moment only.
type watch struct {
	listeners map[chan Moment]bool
	last      *Moment
	stop      context.CancelFunc
}

// Watch sends the campaign's moment now and whenever it is another one, until ctx ends; slow
// listeners get the newest.
func (s *Service) Watch(ctx context.Context, campaign schema.CampaignID) (<-chan Moment, error) {
	now, err := s.moment(ctx, campaign)
	if err != nil {
		return nil, err
	}
	news := make(chan Moment, 1)
	news <- now
	s.live.add(campaign, news, func(watching context.Context) { s.follow(watching, campaign) })
	context.AfterFunc(ctx, func() { s.live.remove(campaign, news) })
	return news, nil
}

func (s *Service) moment(ctx context.Context, campaign schema.CampaignID) (m Moment, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		m = Moment{v.State.Epoch.String(), v.State.Revision, v.State.Position}
		return nil
	})
	return m, err
}

// follow looks at a campaign until nobody watches. That the database does not answer ends
// nothing: the next look tries again.
func (s *Service) follow(ctx context.Context, campaign schema.CampaignID) {
	tick := time.NewTicker(liveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := s.moment(ctx, campaign)
		if err != nil {
			continue
		}
		s.live.tell(campaign, now)
		_, _ = s.CatchUp(ctx, campaign, time.Now().Add(indexEvery)) // a search would do the rest
	}
}

func (l *live) add(campaign schema.CampaignID, news chan Moment, follow func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.watches == nil {
		l.watches = map[schema.CampaignID]*watch{}
	}
	w := l.watches[campaign]
	if w == nil {
		ctx, stop := context.WithCancel(context.Background())
		w = &watch{listeners: map[chan Moment]bool{}, stop: stop}
		l.watches[campaign] = w
		go follow(ctx)
	}
	w.listeners[news] = true
}

func (l *live) remove(campaign schema.CampaignID, news chan Moment) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.watches[campaign]
	if w == nil {
		return
	}
	if delete(w.listeners, news); len(w.listeners) == 0 {
		w.stop()
		delete(l.watches, campaign)
	}
}

func (l *live) tell(campaign schema.CampaignID, now Moment) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.watches[campaign]
	if w == nil || w.last != nil && *w.last == now {
		return
	}
	w.last = &now
	for news := range w.listeners {
		select {
		case <-news: // an older one that nobody took
		default:
		}
		news <- now
	}
}

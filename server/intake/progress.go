package intake

import (
	"context"
	"sync"
)

// Progress is how far a preview or an import is.
type Progress struct {
	Stage string `json:"stage" enum:"waiting,reading,comparing,writing,none" doc:"none: nothing of that ticket is under way here"`
	Done  int    `json:"done" doc:"Rows"`
	Total int    `json:"total" doc:"Rows; 0: not known yet"`
}

// board shows how far what is under way is, by the ticket that whoever asked for it chose.
type board struct {
	mu  sync.Mutex
	way map[string]*Progress
}

type boardKey struct{}

// begin notes something that is under way until end.
func (b *board) begin(ctx context.Context, ticket string) (with context.Context, end func()) {
	if ticket == "" {
		return ctx, func() {}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.way == nil {
		b.way = map[string]*Progress{}
	}
	b.way[ticket] = &Progress{Stage: "waiting"}
	return context.WithValue(ctx, boardKey{}, ticket), func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.way, ticket)
	}
}

// show shows how far what ctx belongs to is.
func (b *board) show(ctx context.Context, p Progress) {
	ticket, there := ctx.Value(boardKey{}).(string)
	if !there {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.way[ticket] = &p
}

// Progress tells how far a preview or an import is. It is known where it runs.
func (s *Service) Progress(ticket string) Progress {
	s.board.mu.Lock()
	defer s.board.mu.Unlock()
	if p := s.board.way[ticket]; p != nil {
		return *p
	}
	return Progress{Stage: "none"}
}

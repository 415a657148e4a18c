package scoring

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Paper is what a voter sees.
type Paper struct {
	Title string      `json:"title"`
	Unit  string      `json:"unit"`
	Asked []PaperItem `json:"asked" nullable:"false"`
}

// PaperItem is a criterion on a paper.
type PaperItem struct {
	ID    string  `json:"id" format:"uuid"`
	Title string  `json:"title"`
	Marks []int64 `json:"marks" doc:"What can be chosen, best first, in hundredths of a point" nullable:"false"`
	Max   int64   `json:"max" doc:"Highest mark, points"`
}

// Choices are the marks that a ballot can give, best first, in hundredths: each whole point
// of up to ten, else four grades 好、較好、一般、差 at 100, 80, 60 and 40 percent.
func Choices(markMax int64) (list []int64) {
	const points = 10
	if markMax <= points {
		for n := markMax; n > 0; n-- {
			list = append(list, 100*n)
		}
		return list
	}
	for _, percent := range []int64{100, 80, 60, 40} {
		list = append(list, percent*markMax)
	}
	return list
}

// voting is a box that a ticket is for.
type voting struct {
	Paper
	campaign schema.CampaignID
	closed   bool
	used     int64 // of the ticket; -1: there is no such ticket
}

// voting finds the box of a ticket. It is asked by people who have no account, and looks
// for exactly what they hold.
func (s *Service) voting(ctx context.Context, box schema.RowID, hash []byte) (v voting, err error) {
	err = s.Ingest.Store.Look(ctx, func(q store.Queryer) error {
		var no int64
		var campaign []byte
		var closed *int64
		var category string
		err := q.QueryRowContext(ctx, `SELECT b.campaign_no, c.campaign_id, b.title, b.closed_at, u.name, u.category
			FROM ballot_box b JOIN campaign_state c ON c.no = b.campaign_no
			JOIN unit u ON u.campaign_no = b.campaign_no AND u.id = b.unit_id WHERE b.id = $1`, box[:]).
			Scan(&no, &campaign, &v.Title, &closed, &v.Unit, &category)
		if errors.Is(err, sql.ErrNoRows) {
			return schema.NewFault(schema.FaultTicketUnknown, "")
		}
		if err != nil {
			return err
		}
		v.campaign, v.closed = schema.CampaignID(campaign), closed != nil
		if v.Asked, err = asked(ctx, q, no, category); err != nil {
			return err
		}
		err = q.QueryRowContext(ctx, `SELECT used FROM ballot_ticket WHERE campaign_no = $1 AND box_id = $2 AND ticket_hash = $3`,
			no, box[:], hash).Scan(&v.used)
		if errors.Is(err, sql.ErrNoRows) {
			v.used = -1
			return nil
		}
		return err
	})
	switch {
	case err != nil:
		return v, err
	case v.closed:
		return v, schema.NewFault(schema.FaultBoxClosed, "")
	case v.used < 0:
		return v, schema.NewFault(schema.FaultTicketUnknown, "")
	case v.used > 0:
		return v, schema.NewFault(schema.FaultTicketUsed, "")
	}
	return v, nil
}

func asked(ctx context.Context, q store.Queryer, no int64, category string) ([]PaperItem, error) {
	return store.List(ctx, q, func(row store.Scanner) (a PaperItem, err error) {
		var id []byte
		err = row.Scan(&id, &a.Title, &a.Max)
		a.ID, a.Marks = idText(id), Choices(a.Max)
		return a, err
	}, `SELECT id, title, mark_max FROM criterion WHERE campaign_no = $1 AND source = 'ballot' AND withdrawn_at IS NULL
		AND (category IS NULL OR category = $2) ORDER BY category IS NOT NULL, position, code`, no, category)
}

// Paper shows a voter what there is to vote about.
func (s *Service) Paper(ctx context.Context, text string) (Paper, error) {
	box, hash, err := readTicket(text)
	if err != nil {
		return Paper{}, err
	}
	v, err := s.voting(ctx, box, hash)
	if err != nil {
		return Paper{}, err
	}
	return v.Paper, nil
}

// Vote casts a ballot. When it returns the ballot is kept.
func (s *Service) Vote(ctx context.Context, text string, marks map[string]int64) error {
	box, hash, err := readTicket(text)
	if err != nil {
		return err
	}
	v, err := s.voting(ctx, box, hash)
	if err != nil {
		return err
	}
	for id, mark := range marks {
		i := slices.IndexFunc(v.Asked, func(a PaperItem) bool { return a.ID == id })
		if i < 0 || !slices.Contains(v.Asked[i].Marks, mark) {
			return schema.NewFault(schema.FaultValue, "a mark that is not on the paper")
		}
	}
	if marks == nil {
		marks = map[string]int64{}
	}
	canonical, err := json.Marshal(marks) // keys sorted
	if err != nil {
		return err
	}
	one := &vote{v.campaign, box, hash, string(canonical), make(chan error, 1)}
	if s.votes.join(one) {
		go s.gather(context.WithoutCancel(ctx)) // others wait for it too
	}
	select {
	case err := <-one.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// vote waits to be kept.
type vote struct {
	campaign schema.CampaignID
	box      schema.RowID
	hash     []byte
	marks    string
	done     chan error
}

// votes are those that wait: they are kept together, so that one who reads the database's
// log sees several tickets and several ballots in a transaction and not which belong
// together. Nobody is told that a vote is kept before it is.
type votes struct {
	mu      sync.Mutex
	waiting []*vote
	full    chan struct{}
}

const (
	// GatherTime is how long a vote waits for others.
	GatherTime = 2 * time.Second
	// gatherMax is how many do not wait for more.
	gatherMax = 8
)

// join adds a vote and says whether it is the first.
func (v *votes) join(one *vote) (first bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.waiting = append(v.waiting, one)
	if first = len(v.waiting) == 1; first {
		v.full = make(chan struct{})
	}
	if len(v.waiting) == gatherMax {
		close(v.full)
	}
	return first
}

// gather waits for company, then keeps all votes that came.
func (s *Service) gather(ctx context.Context) {
	s.votes.mu.Lock()
	full := s.votes.full
	s.votes.mu.Unlock()
	select {
	case <-full:
	case <-time.After(s.Gather):
	}
	s.votes.mu.Lock()
	list := s.votes.waiting
	s.votes.waiting = nil
	s.votes.mu.Unlock()
	byBox := map[schema.RowID][]*vote{}
	for _, one := range list {
		byBox[one.box] = append(byBox[one.box], one)
	}
	for box, list := range byBox {
		s.cast(ctx, box, list)
	}
}

// cast keeps the votes of a box in one transaction, and tells each voter.
func (s *Service) cast(ctx context.Context, box schema.RowID, list []*vote) {
	shuffle(list)
	refused := make([]error, len(list))
	err := s.Ingest.Store.Office(ctx, func(q store.Queryer) error {
		u, err := openUrn(ctx, q, list[0].campaign, box)
		if err != nil {
			return err
		}
		kept := 0
		for i, one := range list {
			if refused[i] = u.take(one.hash, one.marks); refused[i] == nil {
				kept++
			}
		}
		if kept == 0 {
			return nil
		}
		return u.write(ctx, q)
	})
	if err != nil {
		err = fmt.Errorf("keep votes: %w", err)
	}
	for i, one := range list {
		if err == nil {
			one.done <- refused[i]
		} else {
			one.done <- err
		}
	}
}

// shuffle puts votes into a random order.
func shuffle(list []*vote) {
	for i := len(list) - 1; i > 0; i-- {
		k, err := rand.Int(rand.Reader, big.NewInt(int64(i+1)))
		if err != nil {
			panic(err) // the system's source never fails
		}
		list[i], list[k.Int64()] = list[k.Int64()], list[i]
	}
}

package review

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// The index is what can be found out of the rows and the history at any time: which words a
// finding has, and which entries wrote to it. It follows the campaign's revision and the
// history's position in small transactions, so that whoever pushes never waits long; an index
// of another epoch, or cut by other rules, begins from nothing.

const (
	// indexSlice is how long one transaction of the index goes on.
	indexSlice = 60 * time.Millisecond
	// indexWait is how long a search waits for what is not indexed yet.
	indexWait = 300 * time.Millisecond
	// indexRows is how many rows one step reads.
	indexRows = 100
)

// progress is how far the index of a campaign is.
type progress struct {
	epoch    schema.Epoch
	words    int64
	revision uint64
	upto     []byte // nil: built
	position uint64
}

func (p *progress) whole(v *store.View) bool {
	return p.epoch == v.State.Epoch && p.words == wordsVersion && p.upto == nil &&
		p.revision >= v.State.Revision && p.position >= v.State.Position
}

// CatchUp brings the index of a campaign up to its present state, or as far as it comes until
// a time; it tells whether it is whole.
func (s *Service) CatchUp(
	ctx context.Context, campaign schema.CampaignID, until time.Time,
) (whole bool, err error) {
	for {
		err := s.Store.Read(ctx, campaign, func(v store.View) error {
			p, err := readProgress(ctx, &v)
			whole = p.whole(&v)
			return err
		})
		if err != nil {
			return false, fmt.Errorf("look how far the index is: %w", err)
		}
		if whole || !time.Now().Before(until) {
			return whole, nil
		}
		if err := s.Store.Office(ctx, func(q store.Queryer) error {
			return s.advance(ctx, q, campaign)
		}); err != nil {
			return false, fmt.Errorf("bring the index up to date: %w", err)
		}
	}
}

func readProgress(ctx context.Context, v *store.View) (progress, error) {
	var p progress
	var epoch []byte
	err := v.QueryRowContext(ctx, `SELECT epoch, words, revision, upto, position FROM search_state
		WHERE campaign_no = $1`, v.CampaignNo).Scan(&epoch, &p.words, &p.revision, &p.upto, &p.position)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	copy(p.epoch[:], epoch)
	return p, err
}

// advance is one transaction of the index.
func (s *Service) advance(ctx context.Context, q store.Queryer, campaign schema.CampaignID) error {
	v, err := store.NewView(ctx, q, campaign)
	if err != nil {
		return err
	}
	x := &indexing{View: v, words: wordStoreOf(s.Store.Engine(), v), catalogue: s.Catalogue}
	if x.progress, err = readProgress(ctx, &v); err != nil {
		return err
	}
	if x.epoch != v.State.Epoch || x.progress.words != wordsVersion {
		if err := x.reset(ctx); err != nil {
			return err
		}
	}
	for end := time.Now().Add(indexSlice); !x.whole(&v) && time.Now().Before(end); {
		if err := x.step(ctx); err != nil {
			return err
		}
	}
	_, err = q.ExecContext(ctx, `UPDATE search_state SET revision = $1, upto = $2, position = $3 WHERE campaign_no = $4`,
		int64(x.revision), x.upto, int64(x.position), v.CampaignNo)
	return err
}

// indexing is a transaction of the index.
type indexing struct {
	store.View
	progress
	words     wordStore
	catalogue *schema.Catalogue
}

func (x *indexing) reset(ctx context.Context) error {
	x.progress = progress{
		epoch: x.State.Epoch, words: wordsVersion, revision: x.State.Revision, upto: make([]byte, 16),
	}
	if err := x.words.forget(ctx); err != nil {
		return err
	}
	for _, query := range []string{
		"DELETE FROM finding_entry WHERE campaign_no = $1", "DELETE FROM search_state WHERE campaign_no = $1",
	} {
		if _, err := x.ExecContext(ctx, query, x.CampaignNo); err != nil {
			return err
		}
	}
	_, err := x.ExecContext(ctx, `INSERT INTO search_state (campaign_no, epoch, words, revision, upto, position)
		VALUES ($1, $2, $3, $4, $5, 0)`, x.CampaignNo, x.epoch[:], int64(wordsVersion), int64(x.revision), x.upto)
	return err
}

// step does a little of what is to be done: all findings first, then what changed since.
func (x *indexing) step(ctx context.Context) error {
	switch {
	case x.upto != nil:
		return x.build(ctx)
	case x.revision < x.State.Revision:
		return x.follow(ctx)
	default:
		return x.followHistory(ctx)
	}
}

func (x *indexing) build(ctx context.Context) error {
	texts, err := x.texts(ctx, "f.id > $2 ORDER BY f.id LIMIT $3", x.upto, int64(indexRows))
	if err != nil {
		return err
	}
	if err := x.put(ctx, texts); err != nil {
		return err
	}
	x.upto = nil
	if len(texts) == indexRows {
		x.upto = texts[indexRows-1].id
	}
	return nil
}

// findingText is what a finding is found by.
type findingText struct {
	id     []byte
	fields [5]string
}

func (x *indexing) texts(ctx context.Context, where string, args ...any) ([]findingText, error) {
	return store.List(ctx, x, func(row store.Scanner) (f findingText, err error) {
		t := &f.fields
		return f, row.Scan(&f.id, &t[0], &t[1], &t[2], &t[3], &t[4])
	}, `SELECT f.id, f.title, coalesce(f.detail, ''), coalesce(f.review_note, ''), coalesce(u.name, ''),
		coalesce(i.name, '') FROM finding f
		LEFT JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		LEFT JOIN unit u ON u.campaign_no = f.campaign_no AND u.id = v.unit_id
		LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id
		WHERE f.campaign_no = $1 AND `+where, append([]any{x.CampaignNo}, args...)...)
}

func (x *indexing) put(ctx context.Context, texts []findingText) error {
	for i := range texts {
		id, err := uuid.FromBytes(texts[i].id)
		if err != nil {
			return fmt.Errorf("index finding: %w", err)
		}
		if err := x.words.put(ctx, schema.RowID(id), document(texts[i].fields[:]...)); err != nil {
			return fmt.Errorf("index finding %s: %w", id, err)
		}
	}
	return nil
}

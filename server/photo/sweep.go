package photo

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// uploadAge is how long an upload may stand still: phones are in villages for weeks.
const uploadAge = 90 * 24 * time.Hour

// Swept is what was found of bytes whose file had gone or come.
type Swept struct {
	Lost  int // no file has them any more: phones that still have them send them again
	Found int // they were taken for lost, and their file is there
}

// Sweep drops what is left of uploads whose bytes are there, and of those that nobody
// went on with for long. It forgets bytes that the disk has lost, so that phones send
// them again, and knows them again when their file is back: phones may have let go of
// them. It runs before the program serves.
func (s *Service) Sweep(ctx context.Context) (done Swept, err error) {
	if done.Lost, err = s.forgetLost(ctx); err != nil {
		return done, fmt.Errorf("look for photos that are lost: %w", err)
	}
	if done.Found, err = s.findAgain(ctx); err != nil {
		return done, fmt.Errorf("look for photos that are back: %w", err)
	}
	return done, s.sweepUploads(ctx)
}

func (s *Service) sweepUploads(ctx context.Context) error {
	entries, err := os.ReadDir(s.Incoming())
	if err != nil {
		return fmt.Errorf("sweep uploads: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return fmt.Errorf("sweep uploads: %w", err)
		}
		if s.Now().Sub(info.ModTime()) < uploadAge && !s.isThere(ctx, e.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(s.Incoming(), e.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("sweep uploads: %w", err)
		}
	}
	return nil
}

// forgetLost forgets bytes whose file is gone, or is not as long as it was: after a
// restore of the database alone, say. It looks at sizes only; fsck reads the bytes.
func (s *Service) forgetLost(ctx context.Context) (int, error) {
	var lost []stored
	err := s.each(ctx, selectStored, func(b stored) error {
		if info, err := os.Stat(s.path(b.campaign, b.hash)); err != nil || info.Size() != b.size {
			lost = append(lost, b)
		}
		return nil
	})
	if err != nil || len(lost) == 0 {
		return 0, err
	}
	return len(lost), s.Store.Office(ctx, func(q store.Queryer) error {
		for _, b := range lost {
			if _, err := q.ExecContext(ctx, `DELETE FROM blob WHERE hash = $1 AND campaign_no =
				(SELECT no FROM campaign_state WHERE campaign_id = $2)`, b.hash[:], b.campaign[:]); err != nil {
				return err
			}
		}
		return nil
	})
}

// stored is what is written down of bytes that are there.
type stored struct {
	campaign schema.CampaignID
	hash     schema.BlobHash
	size     int64
}

// findAgain takes files that rows promise and that are not known to be there: of a folder of photos
// that was copied back after its database, or was not there at an earlier start.
func (s *Service) findAgain(ctx context.Context) (found int, err error) {
	err = s.each(ctx, selectPromised, func(b stored) error {
		file := s.path(b.campaign, b.hash)
		if info, err := os.Stat(file); err != nil || info.Size() != b.size {
			return nil //nolint:nilerr // it is still missing
		}
		if have, _, err := hashFile(file); err != nil || have != b.hash {
			return err // a damaged one is no better than none
		}
		found++
		return s.Take(ctx, b.campaign, b.hash, file)
	})
	return found, err
}

// What each goes through.
const (
	selectStored = `SELECT c.campaign_id, b.hash, b.size FROM blob b JOIN campaign_state c ON c.no = b.campaign_no
		ORDER BY c.campaign_id, b.hash`
	selectPromised = `SELECT c.campaign_id, p.hash, p.size FROM (
			SELECT campaign_no, hash, size FROM attachment UNION SELECT campaign_no, hash, size FROM evidence) p
		JOIN campaign_state c ON c.no = p.campaign_no
		WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.campaign_no = p.campaign_no AND b.hash = p.hash)
		ORDER BY c.campaign_id, p.hash`
)

// each goes through bytes of all campaigns.
func (s *Service) each(ctx context.Context, query string, do func(stored) error) error {
	var list []stored
	if err := s.Store.Look(ctx, func(q store.Queryer) (err error) {
		list, err = store.List(ctx, q, func(row store.Scanner) (b stored, err error) {
			var campaign, hash []byte
			if err = row.Scan(&campaign, &hash, &b.size); err == nil {
				copy(b.campaign[:], campaign)
				copy(b.hash[:], hash)
			}
			return b, err
		}, query)
		return err
	}); err != nil {
		return err
	}
	for _, b := range list {
		if err := do(b); err != nil {
			return err
		}
	}
	return nil
}

// Damaged is bytes that are not those that they are named by.
type Damaged struct {
	Campaign schema.CampaignID
	Hash     schema.BlobHash
	Missing  bool
}

// Check reads all bytes and lists what is damaged, or gone.
func (s *Service) Check(ctx context.Context) (n int, damaged []Damaged, err error) {
	err = s.each(ctx, selectStored, func(b stored) error {
		n++
		have, _, err := hashFile(s.path(b.campaign, b.hash))
		if err != nil || have != b.hash {
			damaged = append(damaged, Damaged{b.campaign, b.hash, errors.Is(err, os.ErrNotExist)})
		}
		return ctx.Err()
	})
	return n, damaged, err
}

// isThere says whether the bytes that an upload's file is named by are there.
func (s *Service) isThere(ctx context.Context, name string) bool {
	first, second, _ := strings.Cut(strings.TrimSuffix(name, ".info"), "-")
	id, err := hex.DecodeString(first)
	if err != nil {
		return false
	}
	campaign, err := schema.IDFromBytes[schema.CampaignID](id)
	if err != nil {
		return false
	}
	hash, err := schema.ParseBlobHash(second)
	if err != nil {
		return false
	}
	missing, err := s.Missing(ctx, campaign, []schema.BlobHash{hash})
	return err == nil && len(missing) == 0
}

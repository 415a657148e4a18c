// Package photo keeps the bytes of attachments: photos, sounds, signatures. Each is a
// file named by the SHA-256 of its bytes. The rows that speak of them sync by
// themselves; what a row promises and no file holds yet is missing.
package photo

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/failpoint"
)

// Service keeps attachments' bytes in a folder.
type Service struct {
	Folder string
	Store  store.Store
	Now    func() time.Time
	Points failpoint.Points
}

// Blob is what is known of bytes that are there.
type Blob struct {
	Hash      schema.BlobHash
	Size      int64
	MediaType string // as the bytes have it; application/octet-stream if it is none of ours
	Width     int    // of a picture, in pixels; else 0
	Height    int
}

// Incoming is the folder of uploads that are under way.
func (s *Service) Incoming() string { return filepath.Join(s.Folder, "incoming") }

// MakeFolder makes the folders.
func (s *Service) MakeFolder() error { return os.MkdirAll(s.Incoming(), 0o700) }

// path is where bytes are kept: two levels of folders, so that none gets too full.
func (s *Service) path(campaign schema.CampaignID, hash schema.BlobHash) string {
	name := hash.String()
	return filepath.Join(s.Folder, campaign.String(), name[:2], name)
}

// Promised is the size that a row promises of some bytes, and whether they are there.
func (s *Service) Promised(
	ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash,
) (size int64, there bool, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		rows, err := store.List(ctx, v, func(row store.Scanner) (n int64, err error) {
			err = row.Scan(&n)
			return n, err
		}, `SELECT size FROM attachment WHERE campaign_no = $1 AND hash = $2 LIMIT 1`, v.CampaignNo, hash[:])
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return schema.NewFault(schema.FaultBlobUnknown, hash.String())
		}
		size = rows[0]
		there, err = has(ctx, v, hash)
		return err
	})
	return size, there, err
}

func has(ctx context.Context, v store.View, hash schema.BlobHash) (bool, error) {
	var n int
	err := v.QueryRowContext(ctx, `SELECT count(*) FROM blob WHERE campaign_no = $1 AND hash = $2`,
		v.CampaignNo, hash[:]).Scan(&n)
	return n > 0, err
}

// Missing lists those of some bytes that are not there.
func (s *Service) Missing(
	ctx context.Context, campaign schema.CampaignID, hashes []schema.BlobHash,
) (missing []schema.BlobHash, err error) {
	missing = []schema.BlobHash{}
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		for _, hash := range hashes {
			there, err := has(ctx, v, hash)
			if err != nil {
				return err
			}
			if !there {
				missing = append(missing, hash)
			}
		}
		return nil
	})
	return missing, err
}

// Take keeps a file that was uploaded, if its bytes are those that it is named by. When
// it returns they are durable, and the file is gone from where it was.
func (s *Service) Take(
	ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash, file string,
) error {
	have, size, err := hashFile(file)
	if err != nil {
		return fmt.Errorf("take upload: %w", err)
	}
	if have != hash {
		return errors.Join(schema.NewFault(schema.FaultBlobHash, have.String()), os.Remove(file))
	}
	s.Points.Hit("photo.verified")
	blob := look(file)
	blob.Hash, blob.Size = hash, size
	path := s.path(campaign, hash)
	if err := move(file, path, s.Folder); err != nil {
		return fmt.Errorf("keep upload: %w", err)
	}
	s.Points.Hit("photo.moved")
	if err := s.note(ctx, campaign, &blob); err != nil {
		return fmt.Errorf("note upload: %w", err)
	}
	s.Points.Hit("photo.noted")
	return nil
}

// Settle says whether some bytes are there, and what size a row promises. What the
// program had got of them before it stopped is used: a file that was complete in its
// place, or among the uploads.
func (s *Service) Settle(
	ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash, upload string,
) (size int64, there bool, err error) {
	if size, there, err = s.Promised(ctx, campaign, hash); err != nil || there {
		return size, there, err
	}
	for _, file := range []string{s.path(campaign, hash), upload} {
		info, err := os.Stat(file)
		if err != nil || info.Size() != size {
			continue
		}
		if err := s.Take(ctx, campaign, hash, file); err != nil {
			return size, false, err
		}
		return size, true, nil
	}
	return size, false, nil
}

// note writes down that bytes are there.
func (s *Service) note(ctx context.Context, campaign schema.CampaignID, b *picture) error {
	return s.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `INSERT INTO blob
			(campaign_no, hash, size, media_type, width, height, dhash, stored_at)
			SELECT no, $1, $2, $3, $4, $5, $6, $7 FROM campaign_state WHERE campaign_id = $8
			ON CONFLICT DO NOTHING`,
			b.Hash[:], b.Size, b.MediaType, b.Width, b.Height, b.looks, s.Now().UnixMilli(), campaign[:])
		return err
	})
}

// Open opens bytes that are there.
func (s *Service) Open(
	ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash,
) (*os.File, Blob, error) {
	var b Blob
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		list, err := store.List(ctx, v, func(row store.Scanner) (b Blob, err error) {
			err = row.Scan(&b.Size, &b.MediaType, &b.Width, &b.Height)
			return b, err
		}, `SELECT size, media_type, width, height FROM blob WHERE campaign_no = $1 AND hash = $2`,
			v.CampaignNo, hash[:])
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return schema.NewFault(schema.FaultNotFound, hash.String())
		}
		b = list[0]
		b.Hash = hash
		return nil
	})
	if err != nil {
		return nil, b, err
	}
	f, err := os.Open(s.path(campaign, hash))
	return f, b, err
}

func hashFile(name string) (hash schema.BlobHash, size int64, err error) {
	f, err := os.Open(name)
	if err != nil {
		return hash, 0, err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if size, err = io.Copy(h, f); err != nil {
		return hash, 0, err
	}
	return schema.BlobHash(h.Sum(nil)), size, nil
}

// move puts a file in its place below a root for good: its bytes, its name and the
// folders that lead to it are on the disk when it returns.
func move(from, to, root string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if err := sync(from); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	for dir := filepath.Dir(to); ; dir = filepath.Dir(dir) {
		if err := sync(dir); err != nil {
			return err
		}
		if dir == filepath.Clean(root) || dir == filepath.Dir(dir) {
			return nil
		}
	}
}

// sync puts what was written to a file or folder on the disk.
func sync(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/edit"
)

// EvidenceSizeMax is how large a file may be, in bytes.
const EvidenceSizeMax = 20 << 20

// uploadedMax is how much one login may upload in a day, in bytes: what is uploaded and
// never shown stays on the disk.
const uploadedMax = 2 << 30

// evidenceKinds are the files that are taken, by their bytes.
func evidenceKinds() []string { return []string{"image/jpeg", "image/png", "application/pdf"} }

// Uploaded is a file that was taken.
type Uploaded struct {
	Hash      string `json:"hash" doc:"SHA-256, hex"`
	Size      int64  `json:"size"`
	MediaType string `json:"media_type"`
}

// Upload takes a file that is to be shown with an act: a photo or a PDF.
func (s *Service) Upload(
	ctx context.Context, campaign schema.CampaignID, who Person, id schema.RowID, body []byte,
) (Uploaded, error) {
	if _, err := s.Entry(ctx, campaign, who, id); err != nil {
		return Uploaded{}, err
	}
	kind := http.DetectContentType(body)
	switch {
	case len(body) == 0 || len(body) > EvidenceSizeMax:
		return Uploaded{}, schema.NewFault(schema.FaultEvidenceSize, fmt.Sprintf("%d bytes", len(body)))
	case !slices.Contains(evidenceKinds(), kind):
		return Uploaded{}, schema.NewFault(schema.FaultEvidenceKind, kind)
	case !s.uploads.allow(who.Login, int64(len(body)), s.Ingest.Now()):
		return Uploaded{}, schema.NewFault(schema.FaultTooMany, "uploads of a day")
	}
	hash := schema.BlobHash(sha256.Sum256(body))
	if err := s.keep(ctx, campaign, hash, body); err != nil {
		return Uploaded{}, fmt.Errorf("keep evidence: %w", err)
	}
	return Uploaded{hash.String(), int64(len(body)), kind}, nil
}

// keep puts bytes where those of attachments are. They stay, whether or not a row speaks
// of them: only uploads that stand still are swept away.
func (s *Service) keep(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash, body []byte) error {
	f, err := os.CreateTemp(s.Photos.Incoming(), "evidence-*")
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return s.Photos.Take(ctx, campaign, hash, f.Name())
}

// shown are the rows of files that are shown, but for their act.
func (s *Service) shown(
	ctx context.Context, campaign schema.CampaignID, list []Shown,
) (rows []edit.Cells, err error) {
	for _, one := range list {
		hash, err := schema.ParseBlobHash(one.Hash)
		if err != nil {
			return nil, err
		}
		f, blob, err := s.Photos.Open(ctx, campaign, hash)
		if err != nil {
			return nil, err
		}
		kind, err := kindOf(f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		if !slices.Contains(evidenceKinds(), kind) {
			return nil, schema.NewFault(schema.FaultEvidenceKind, kind)
		}
		rows = append(rows, edit.Cells{
			"hash": edit.Bytes(hash[:]), "size": edit.Int(blob.Size), "media_type": edit.Text(kind),
			"name": edit.Text(plainName(one.Name)), "caption": edit.Text(strings.TrimSpace(one.Caption)),
		})
	}
	return rows, nil
}

// sniffed is how many bytes tell what a file is.
const sniffed = 512

func kindOf(f *os.File) (string, error) {
	head := make([]byte, sniffed)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return http.DetectContentType(head[:n]), err
}

// plainName is a file's name without folders and without what steers terminals.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name)
}

// File opens a file that was shown, if its entry is the person's to see.
func (s *Service) File(
	ctx context.Context, campaign schema.CampaignID, who Person, entry, id schema.RowID,
) (*os.File, Evidence, error) {
	e, hash, err := s.find(ctx, campaign, who, entry, id)
	if err != nil {
		return nil, e, err
	}
	f, _, err := s.Photos.Open(ctx, campaign, hash)
	return f, e, err
}

// Thumbnail opens a small picture of a photo that was shown.
func (s *Service) Thumbnail(
	ctx context.Context, campaign schema.CampaignID, who Person, entry, id schema.RowID,
) (*os.File, error) {
	_, hash, err := s.find(ctx, campaign, who, entry, id)
	if err != nil {
		return nil, err
	}
	return s.Photos.Thumbnail(ctx, campaign, hash)
}

func (s *Service) find(
	ctx context.Context, campaign schema.CampaignID, who Person, entry, id schema.RowID,
) (Evidence, schema.BlobHash, error) {
	d, err := s.Entry(ctx, campaign, who, entry)
	if err != nil {
		return Evidence{}, schema.BlobHash{}, err
	}
	for i := range d.Acts {
		for _, e := range d.Acts[i].Evidence {
			if e.ID == id.String() {
				hash, err := schema.ParseBlobHash(e.Hash)
				return e, hash, err
			}
		}
	}
	return Evidence{}, schema.BlobHash{}, schema.NewFault(schema.FaultNotFound, id.String())
}

// uploads counts what logins upload in a day.
type uploads struct {
	mu   sync.Mutex
	day  time.Time
	size map[string]int64
}

func (u *uploads) allow(login string, size int64, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if day := now.Truncate(24 * time.Hour); u.size == nil || !day.Equal(u.day) {
		u.day, u.size = day, map[string]int64{}
	}
	u.size[login] += size
	return u.size[login] <= uploadedMax
}

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
)

// uploadAge is how long an upload may stand still: phones are in villages for weeks.
const uploadAge = 90 * 24 * time.Hour

// Sweep drops what is left of uploads whose bytes are there, and of those that nobody
// went on with for long. It runs before the program serves.
func (s *Service) Sweep(ctx context.Context) error {
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

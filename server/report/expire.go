package report

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sansuiji/server/store"
)

const (
	// sweepEvery is how often files that are kept long enough are looked for.
	sweepEvery = 24 * time.Hour
	// young files may be another server's, which is about to write them down.
	young = time.Hour
	// incoming files are not whole yet; one that nobody has written to for so long never
	// will be.
	incoming = "incoming-"
)

// sweep lets files go that were made longer than Keep ago. Their jobs stay listed, and
// can be made again from the same order. It also removes what servers left that were
// stopped in the middle.
func (s *Jobs) sweep(ctx context.Context) error {
	if s.Keep > 0 {
		err := s.office(ctx, `UPDATE report_job SET state = 'expired' WHERE state = 'done' AND finished_at < $1`,
			s.Ingest.Now().Add(-s.Keep).UnixMilli())
		if err != nil {
			return err
		}
	}
	needed, err := s.needed(ctx)
	if err != nil {
		return err
	}
	files, err := os.ReadDir(s.Folder)
	if err != nil {
		return err
	}
	for _, f := range files {
		info, err := f.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if needed[f.Name()] || time.Since(info.ModTime()) < young || !ours(f.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(s.Folder, f.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// ours says whether a file's name is one that jobs give.
func ours(name string) bool {
	const hashSize = 32
	hash, err := hex.DecodeString(name)
	return strings.HasPrefix(name, incoming) || err == nil && len(hash) == hashSize
}

// needed are the names of the files of jobs that are done.
func (s *Jobs) needed(ctx context.Context) (names map[string]bool, err error) {
	names = map[string]bool{}
	err = s.Printer.Store.Office(ctx, func(q store.Queryer) error {
		hashes, err := store.List(ctx, q, func(row store.Scanner) (hash []byte, err error) {
			return hash, row.Scan(&hash)
		}, `SELECT hash FROM report_job WHERE state = 'done' AND hash IS NOT NULL`)
		for _, hash := range hashes {
			names[hex.EncodeToString(hash)] = true
		}
		return err
	})
	return names, err
}

// Package mapfile gives phones a map to carry: a PMTiles file (version 3) that headquarters
// puts into a folder. A file named by a campaign's code is that campaign's; default.pmtiles
// is everybody else's.
package mapfile

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Suffix is that of a map's file.
const Suffix = ".pmtiles"

// Default is the name of the map of campaigns that have none of their own.
const Default = "default"

// magic begins every file that is offered: the format and its version.
const magic = "PMTiles\x03"

// Service finds maps in a folder.
type Service struct {
	Folder string
	Store  store.Store

	mutex  sync.Mutex
	hashes map[string]hashed // by file name
}

// hashed is what a file was when its hash was taken.
type hashed struct {
	size     int64
	modified time.Time
	hash     schema.BlobHash
}

// File is a map.
type File struct {
	Name string // without the suffix
	Size int64
	Hash schema.BlobHash
}

// Current is the map of a campaign, false where it has none.
func (s *Service) Current(ctx context.Context, campaign schema.CampaignID) (File, bool, error) {
	code, err := s.code(ctx, campaign)
	if err != nil {
		return File{}, false, err
	}
	for _, name := range []string{code, Default} {
		file, err := s.file(name)
		if err == nil {
			return file, true, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return File{}, false, fmt.Errorf("look at map %s: %w", name, err)
		}
	}
	return File{}, false, nil
}

// Open opens a campaign's map, as long as it is the one of that hash.
func (s *Service) Open(
	ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash,
) (*os.File, error) {
	file, ok, err := s.Current(ctx, campaign)
	if err != nil {
		return nil, err
	}
	if !ok || file.Hash != hash {
		return nil, schema.NewFault(schema.FaultNotFound, hash.String())
	}
	return os.Open(s.path(file.Name))
}

func (s *Service) path(name string) string { return filepath.Join(s.Folder, name+Suffix) }

func (s *Service) code(ctx context.Context, campaign schema.CampaignID) (code string, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		return v.QueryRowContext(ctx, "SELECT code FROM campaign WHERE campaign_no = $1 AND id = $2",
			v.CampaignNo, campaign[:]).Scan(&code)
	})
	return code, err
}

// file looks at a map. What is no map is as if it were not there.
func (s *Service) file(name string) (File, error) {
	if name == "" || strings.ContainsAny(name, `/\:`) || !filepath.IsLocal(name) {
		return File{}, fs.ErrNotExist
	}
	f, err := os.Open(s.path(name))
	if err != nil {
		return File{}, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return File{}, err
	}
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(f, head); err != nil || string(head) != magic {
		return File{}, fs.ErrNotExist
	}
	hash, err := s.hash(f, info)
	return File{name, info.Size(), hash}, err
}

// hash reads a file once, however often it is asked for.
func (s *Service) hash(f *os.File, info fs.FileInfo) (schema.BlobHash, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if h, ok := s.hashes[info.Name()]; ok && h.size == info.Size() && h.modified.Equal(info.ModTime()) {
		return h.hash, nil
	}
	sum := sha256.New()
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return schema.BlobHash{}, err
	}
	if _, err := io.Copy(sum, f); err != nil {
		return schema.BlobHash{}, err
	}
	if s.hashes == nil {
		s.hashes = map[string]hashed{}
	}
	h := hashed{info.Size(), info.ModTime(), schema.BlobHash(sum.Sum(nil))}
	s.hashes[info.Name()] = h
	return h.hash, nil
}

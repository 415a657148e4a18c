package photo

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // signatures and screens
	"io"
	"math/bits"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/store"

	"golang.org/x/image/draw"
)

// pixelsMax bounds what is decoded: a picture says its size in a few bytes, and could
// fill the memory.
const pixelsMax = 50_000_000

// kinds are the media types that are given out as what they are. Everything else is
// kept, and given out as bytes.
var kinds = []string{
	"image/jpeg", "image/png", "audio/mpeg", "audio/wave", "audio/ogg", "application/ogg", "video/webm", "video/mp4",
}

const unknownKind = "application/octet-stream"

// What is sealed to headquarters, and how it begins (age-encryption.org/v1).
const (
	sealedKind  = "application/age"
	sealedMagic = "age-encryption.org/v1\n"
)

// picture is a blob with how it looks.
type picture struct {
	Blob
	looks sql.NullInt64
}

// look says what a file holds. It trusts the bytes alone; what cannot be read is bytes.
func look(file string) (p picture) {
	p.MediaType = unknownKind
	f, err := os.Open(file)
	if err != nil {
		return p
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head) // a short file is sniffed as it is
	if kind := http.DetectContentType(head[:n]); slices.Contains(kinds, kind) {
		p.MediaType = kind
	}
	if bytes.HasPrefix(head[:n], []byte(sealedMagic)) {
		p.MediaType = sealedKind
	}
	m, err := decode(f)
	if err != nil {
		return p
	}
	p.Width, p.Height = m.Bounds().Dx(), m.Bounds().Dy()
	p.looks = sql.NullInt64{Int64: int64(looksOf(m)), Valid: true}
	return p
}

// errNoPicture says that bytes are no picture that is decoded here.
var errNoPicture = errors.New("no picture, or too large a one")

// decode reads a picture within limits.
func decode(f io.ReadSeeker) (image.Image, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	config, _, err := image.DecodeConfig(f)
	if err != nil || config.Width < 1 || config.Height < 1 || config.Width > pixelsMax/config.Height {
		return nil, errNoPicture
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	m, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoPicture, err)
	}
	return m, nil
}

// looksOf is a picture's difference hash: 9 by 8 grey values, and a bit for each
// neighbour to the right that is brighter (N. Krawetz, "Kind of like that", 2013). It
// hardly changes when a picture is scaled or saved anew.
func looksOf(m image.Image) (hash uint64) {
	const width, height = 9, 8
	small := image.NewGray(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(small, small.Bounds(), m, m.Bounds(), draw.Src, nil)
	for y := range height {
		for x := range width - 1 {
			hash <<= 1
			if small.GrayAt(x, y).Y < small.GrayAt(x+1, y).Y {
				hash |= 1
			}
		}
	}
	return hash
}

// alikeBits is how many of 64 bits may differ between pictures that look alike.
const alikeBits = 5

// Alike lists attachments that are, or look like, others': by bytes, by their original,
// or by how they look.
func (s *Service) Alike(ctx context.Context, campaign schema.CampaignID) ([]Pair, error) {
	type entry struct {
		id             schema.RowID
		hash, original []byte
		looks          sql.NullInt64
	}
	var list []entry
	err := s.Store.Read(ctx, campaign, func(v store.View) (err error) {
		list, err = store.List(ctx, v, func(row store.Scanner) (e entry, err error) {
			var id []byte
			if err = row.Scan(&id, &e.hash, &e.original, &e.looks); err == nil {
				e.id = schema.RowID(id)
			}
			return e, err
		}, `SELECT a.id, a.hash, a.original_hash, b.dhash FROM attachment a
			LEFT JOIN blob b ON b.campaign_no = a.campaign_no AND b.hash = a.hash
			WHERE a.campaign_no = $1 AND a.kind = 'photo' AND a.withdrawn_at IS NULL ORDER BY a.taken_at, a.id`, v.CampaignNo)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read photos: %w", err)
	}
	pairs := []Pair{}
	for i := range list {
		for k := range i {
			a, b := &list[k], &list[i]
			switch {
			case string(a.hash) == string(b.hash), len(a.original) > 0 && string(a.original) == string(b.original):
				pairs = append(pairs, Pair{a.id.String(), b.id.String(), true})
			case a.looks.Valid && b.looks.Valid && bits.OnesCount64(uint64(a.looks.Int64^b.looks.Int64)) <= alikeBits:
				pairs = append(pairs, Pair{a.id.String(), b.id.String(), false})
			}
		}
	}
	return pairs, nil
}

// Pair is two attachments that are the same, or look alike.
type Pair struct {
	First  string `json:"first" format:"uuid"`
	Second string `json:"second" format:"uuid" doc:"The later one"`
	Same   bool   `json:"same" doc:"The same bytes, or taken from the same original"`
}

// thumbnailSize is the longer side of a thumbnail in pixels.
const thumbnailSize = 480

// Thumbnail makes a small picture, once, and gives its file.
func (s *Service) Thumbnail(
	ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash,
) (*os.File, error) {
	path := s.path(campaign, hash) + ".small.jpg"
	if f, err := os.Open(path); err == nil {
		return f, nil
	}
	whole, _, err := s.Open(ctx, campaign, hash)
	if err != nil {
		return nil, err
	}
	defer func() { _ = whole.Close() }()
	m, err := decode(whole)
	if errors.Is(err, errNoPicture) {
		return nil, schema.NewFault(schema.FaultNotFound, "no picture")
	}
	if err != nil {
		return nil, err
	}
	if err := writeSmall(path, m); err != nil {
		return nil, fmt.Errorf("write thumbnail: %w", err)
	}
	return os.Open(path)
}

// writeSmall writes a thumbnail under another name first: who reads it at the same time
// never sees half of it.
func writeSmall(path string, m image.Image) error {
	b := m.Bounds()
	scale := max(b.Dx(), b.Dy())
	width, height := max(b.Dx()*thumbnailSize/scale, 1), max(b.Dy()*thumbnailSize/scale, 1)
	if scale <= thumbnailSize {
		width, height = b.Dx(), b.Dy()
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src) // signatures have no paper
	draw.ApproxBiLinear.Scale(small, small.Bounds(), m, b, draw.Over, nil)
	f, err := os.CreateTemp(filepath.Dir(path), "small-*")
	if err != nil {
		return err
	}
	const quality = 80
	err = jpeg.Encode(f, small, &jpeg.Options{Quality: quality})
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

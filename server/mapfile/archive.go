package mapfile

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
)

// Archive is what a map is written from.
type Archive struct {
	Name             string
	Attribution      string
	MinZoom, MaxZoom int
	Features         []Feature
}

// Sizes and codes of the PMTiles format, version 3
// (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md).
const (
	headerSize      = 127
	compressionGzip = 2
	tileTypeVector  = 1
	rootMax         = 16384 // header and root directory together, bytes
)

// ErrTooManyTiles says that an archive needs leaf directories, which are not written here.
var ErrTooManyTiles = errors.New("the archive's directory is too large for one root")

// entry is a tile in the directory: offset and length are of the tile data.
type entry struct {
	id             uint64
	offset, length uint64
}

// Write writes an archive with the tiles that hold anything.
func (a *Archive) Write(w io.Writer) error {
	var data bytes.Buffer
	var entries []entry
	tiles := a.tiles()
	for _, id := range slices.Sorted(maps.Keys(tiles)) {
		packed, err := pack(tiles[id])
		if err != nil {
			return err
		}
		entries = append(entries, entry{id, uint64(data.Len()), uint64(len(packed))})
		data.Write(packed)
	}
	root, err := pack(directory(entries))
	if err != nil {
		return err
	}
	if headerSize+len(root) > rootMax {
		return ErrTooManyTiles
	}
	metadata, err := a.metadata()
	if err != nil {
		return err
	}
	for _, part := range [][]byte{a.header(len(root), len(metadata), data.Len(), len(entries)), root, metadata, data.Bytes()} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// header is the fixed part at the start of the file.
func (a *Archive) header(root, metadata, data, tiles int) []byte {
	b := append(make([]byte, 0, headerSize), magic...)
	at := uint64(headerSize)
	for _, length := range []int{root, metadata, 0, data} {
		b = binary.LittleEndian.AppendUint64(b, at)
		b = binary.LittleEndian.AppendUint64(b, uint64(length))
		at += uint64(length)
	}
	for range 3 { // addressed tiles, entries, contents
		b = binary.LittleEndian.AppendUint64(b, uint64(tiles))
	}
	b = append(b, 1, compressionGzip, compressionGzip, tileTypeVector, byte(a.MinZoom), byte(a.MaxZoom))
	low, high := a.bounds()
	middle := Point{(low.Longitude + high.Longitude) / 2, (low.Latitude + high.Latitude) / 2}
	for _, p := range []Point{low, high} {
		b = appendPlace(b, p)
	}
	return appendPlace(append(b, byte(a.MinZoom)), middle)
}

func appendPlace(b []byte, p Point) []byte {
	for _, degrees := range []float64{p.Longitude, p.Latitude} {
		b = binary.LittleEndian.AppendUint32(b, uint32(int32(math.Round(degrees*1e7))))
	}
	return b
}

func (a *Archive) bounds() (low, high Point) {
	low, high = Point{180, 90}, Point{-180, -90}
	for _, f := range a.Features {
		for _, p := range f.Points {
			low = Point{min(low.Longitude, p.Longitude), min(low.Latitude, p.Latitude)}
			high = Point{max(high.Longitude, p.Longitude), max(high.Latitude, p.Latitude)}
		}
	}
	return low, high
}

func (a *Archive) metadata() ([]byte, error) {
	type layer struct {
		ID     string            `json:"id"`
		Fields map[string]string `json:"fields"`
	}
	var layers []layer
	for _, name := range a.layers() {
		layers = append(layers, layer{name, map[string]string{"name": "String", "class": "String"}})
	}
	text, err := json.Marshal(map[string]any{
		"name": a.Name, "attribution": a.Attribution, "type": "baselayer", "vector_layers": layers,
	})
	if err != nil {
		return nil, err
	}
	return pack(text)
}

func (a *Archive) layers() []string {
	names := map[string]bool{}
	for _, f := range a.Features {
		names[f.Layer] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// directory is a list of tiles in the order of their ids, each right behind the one before.
func directory(entries []entry) []byte {
	b := binary.AppendUvarint(nil, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.id-last)
		last = e.id
	}
	for range entries {
		b = binary.AppendUvarint(b, 1) // a run of one
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.length)
	}
	for i, e := range entries {
		if i > 0 {
			b = binary.AppendUvarint(b, 0) // right behind the one before
			continue
		}
		b = binary.AppendUvarint(b, e.offset+1)
	}
	return b
}

func pack(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(plain)
	err = errors.Join(err, w.Close()) // it writes the rest
	return b.Bytes(), err
}

// tileID numbers tiles: zoom by zoom, along a Hilbert curve.
func tileID(zoom, x, y int) uint64 {
	id := (uint64(1)<<(2*zoom) - 1) / 3
	for s := 1 << zoom >> 1; s > 0; s >>= 1 {
		right, down := 0, 0
		if x&s != 0 {
			right = 1
		}
		if y&s != 0 {
			down = 1
		}
		id += uint64(s) * uint64(s) * uint64((3*right)^down)
		if down == 0 {
			if right == 1 {
				x, y = s-1-x&(s-1), s-1-y&(s-1)
			}
			x, y = y, x
		}
		x, y = x&(s-1), y&(s-1)
	}
	return id
}

package mobileapi

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"sansuiji/schema"

	"github.com/danielgtaylor/huma/v2"
)

// Maps has a map for phones to carry.
type Maps interface {
	// Map is the campaign's, false where it has none.
	Map(ctx context.Context, campaign schema.CampaignID) (MapFile, bool, error)
	// OpenMap opens the campaign's map, as long as it is the one of that hash.
	OpenMap(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash) (io.ReadSeekCloser, error)
}

// MapFile is a map as it is offered: a PMTiles file of version 3.
type MapFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size" doc:"Bytes"`
	SHA256 string `json:"sha256" doc:"In hexadecimal; its address, and what a device checks it by"`
}

type mapOutput struct {
	Body struct {
		Map *MapFile `json:"map,omitempty" doc:"Absent where headquarters has none"`
	}
}

func registerMap(api huma.API, maps Maps) {
	op := operation(http.MethodGet, "/api/v1/map", "map", "The map that headquarters offers for places without a network")
	op.Security = bearer
	huma.Register(api, op, func(ctx context.Context, _ *struct{}) (*mapOutput, error) {
		out := &mapOutput{}
		file, ok, err := maps.Map(ctx, callerOf(ctx).Campaign)
		if ok {
			out.Body.Map = &file
		}
		return out, err
	})
}

// MapPath is where a map's bytes are, under its hash: what is fetched in many requests is
// one file, whatever headquarters puts in its place meanwhile.
const MapPath = "/api/v1/map/"

// mapBytes gives out maps by byte ranges (RFC 9110 §14).
type mapBytes struct {
	maps    Maps
	tokens  Tokens
	problem Problem
}

// NewMapBytes makes the handler of maps' bytes.
func NewMapBytes(maps Maps, tokens Tokens, problem Problem) http.Handler {
	return &mapBytes{maps, tokens, problem}
}

func (m *mapBytes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	caller, err := bearerOf(m.tokens, w, r)
	if err == nil && caller.Leaving {
		err = schema.NewFault(schema.FaultWipeOrdered, "")
	}
	if err != nil {
		m.problem.answer(w, r, err)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		m.problem.answer(w, r, schema.NewFault(schema.FaultMethod, r.Method))
		return
	}
	name := strings.TrimPrefix(r.URL.Path, MapPath)
	hash, err := schema.ParseBlobHash(name)
	if err != nil {
		m.problem.answer(w, r, schema.NewFault(schema.FaultNotFound, name))
		return
	}
	file, err := m.maps.OpenMap(r.Context(), caller.Campaign, hash)
	if err != nil {
		m.problem.answer(w, r, err)
		return
	}
	defer func() { _ = file.Close() }()
	w.Header().Set("Content-Type", "application/vnd.pmtiles")
	w.Header().Set("ETag", `"`+hash.String()+`"`)
	w.Header().Set("Cache-Control", "no-store") // the device keeps it itself
	http.ServeContent(w, r, "", time.Time{}, file)
}

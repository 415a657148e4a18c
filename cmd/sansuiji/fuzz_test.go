package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/edit"
)

// The ways in which fuzzed bytes reach the push handler.
const (
	asJSON = iota
	asCBOR
	asPacked
	asChangeset // of a properly sealed entry
	asRun       // the packed form of entries
	ways
)

func FuzzPush(f *testing.F) {
	p := start(f)
	d := p.enrolled(cborFormat())
	d.saveFinding()
	push := d.Take()
	f.Add(uint8(asCBOR), d.pushRequest(push).body)
	d.format = jsonFormat()
	f.Add(uint8(asJSON), d.pushRequest(push).body)
	f.Add(uint8(asPacked), gzipped(f, d.pushRequest(push).body))
	f.Add(uint8(asChangeset), built(f, func(b *edit.Builder) {
		d.Finding(b, schema.NewRowID(), d.visits[0], "minor")
	}))
	d.acknowledged(push, p.send(d.pushRequest(push)))
	f.Fuzz(func(t *testing.T, way uint8, fuzzed []byte) {
		p.t, d.T = t, t
		defer func() { p.t, d.T = f, f }()
		r := d.signedIn(request{path: "/api/v1/push", body: fuzzed})
		switch way % ways {
		case asJSON:
			r = r.with("Content-Type", "application/json")
		case asCBOR:
			r = r.with("Content-Type", "application/cbor")
		case asPacked:
			r = r.with("Content-Type", "application/json").with("Content-Encoding", "gzip")
		case asRun:
			r = d.signedIn(request{path: "/api/v1/push/packed", body: fuzzed}).
				with("Content-Type", "application/octet-stream")
		case asChangeset:
			d.Seal(fuzzed, schema.Version)
			r = d.pushRequest(d.Take())
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, r.path, bytes.NewReader(r.body))
		for name, value := range r.header {
			req.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, req)
		if w.Code >= 500 || (way%ways == asChangeset && w.Code != http.StatusOK) {
			t.Errorf("answer %d %s", w.Code, w.Body)
		}
	})
}

// FuzzPull asks for pages with any cursor.
func FuzzPull(f *testing.F) {
	p := start(f)
	d := p.enrolled(cborFormat())
	d.saveFinding()
	d.push()
	for _, query := range []string{
		"", "after=0", "after=1", "after=18446744073709551615", "after=-1", "limit=0", "limit=20000",
		"schema=0", "schema=4", "scope=campaign", "scope=team:x,campaign", "epoch=x", "size=1,2,3",
		"held=" + d.Campaign.String(), "after=3&epoch=" + d.Campaign.String(), "size=9223372036854775808",
	} {
		f.Add(query)
	}
	page := d.page("")
	f.Add("after=2&limit=1&size=1&epoch=" + page.Epoch + "&held=" + page.Epoch)
	f.Fuzz(func(t *testing.T, query string) {
		p.t, d.T = t, t
		defer func() { p.t, d.T = f, f }()
		r := d.signedIn(request{path: "/api/v1/pull"}).with("Accept", d.format.name)
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, r.path, nil)
		req.URL.RawQuery = query
		for name, value := range r.header {
			req.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, req)
		if w.Code >= 500 {
			t.Errorf("answer %d %s", w.Code, w.Body)
		}
	})
}

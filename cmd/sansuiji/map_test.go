package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/store"
)

// offered asks which map a phone is offered.
func (d *phone) offered() *mobileapi.MapFile {
	d.T.Helper()
	a := d.p.send(d.signedIn(request{method: http.MethodGet, path: "/api/v1/map"}))
	if a.status != http.StatusOK {
		d.T.Fatal(a.String())
	}
	var body struct {
		Map *mobileapi.MapFile `json:"map"`
	}
	d.format.read(d.T, a, &body)
	return body.Map
}

func putMap(t *testing.T, p *program, name string, content []byte) string {
	t.Helper()
	folder := filepath.Join(p.data, mapFolder)
	must(t, os.MkdirAll(folder, 0o700))
	must(t, os.WriteFile(filepath.Join(folder, name+".pmtiles"), content, 0o600))
	hash := sha256.Sum256(content)
	return hex.EncodeToString(hash[:])
}

func TestAPhoneIsOfferedTheMapOfItsCampaignByRanges(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	must(t, os.RemoveAll(filepath.Join(p.data, mapFolder)))
	if m := d.offered(); m != nil {
		t.Errorf("%+v", m)
	}
	putMap(t, p, "default", []byte("no map at all"))
	if m := d.offered(); m != nil {
		t.Errorf("what is no map is offered: %+v", m)
	}
	everybody := append([]byte("PMTiles\x03"), bytes.Repeat([]byte("tile "), 40_000)...)
	hash := putMap(t, p, "default", everybody)
	m := d.offered()
	if m == nil || *m != (mobileapi.MapFile{Name: "default", Size: int64(len(everybody)), SHA256: hash}) {
		t.Fatalf("%+v", m)
	}
	ask := func(ranges string) answer {
		r := d.signedIn(request{method: http.MethodGet, path: mobileapi.MapPath + hash})
		return d.p.send(r.with("Range", ranges).with("Accept-Encoding", "gzip"))
	}
	a := ask("bytes=0-99999")
	b := ask("bytes=100000-")
	if a.status != http.StatusPartialContent || b.status != http.StatusPartialContent ||
		!bytes.Equal(append(a.body, b.body...), everybody) {
		t.Errorf("%d, %d: %d and %d bytes", a.status, b.status, len(a.body), len(b.body))
	}
	if etag := a.header.Get("ETag"); etag != `"`+hash+`"` {
		t.Error(etag)
	}

	var code string
	must(t, p.store.Read(t.Context(), p.access.Campaign, func(v store.View) error {
		return v.QueryRowContext(t.Context(), "SELECT code FROM campaign WHERE campaign_no = $1", v.CampaignNo).Scan(&code)
	}))
	own := append([]byte("PMTiles\x03"), "of this campaign alone"...)
	putMap(t, p, code, own)
	if m := d.offered(); m == nil || m.Name != code {
		t.Errorf("%+v", m)
	}
	if a := ask("bytes=0-9"); a.status != http.StatusNotFound {
		t.Errorf("a map that is not offered any more: %d", a.status)
	}
}

func TestMapsAreForDevicesAlone(t *testing.T) {
	p := start(t)
	hash := hex.EncodeToString(make([]byte, 32))
	for _, path := range []string{"/api/v1/map", mobileapi.MapPath + hash} {
		a := p.send(request{method: http.MethodGet, path: path})
		if want := faultOf(t, schema.FaultUnauthorised).Status; a.status != want {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	d := p.enrolled(jsonFormat())
	for _, name := range []string{hash, "default.pmtiles", "..%2fsansuiji.db"} {
		a := d.p.send(d.signedIn(request{method: http.MethodGet, path: mobileapi.MapPath + name}))
		if a.status != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

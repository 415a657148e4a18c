package main

import (
	"net/http"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/review"
)

func TestAFindingGoesFromPhoneToPhoneInEitherFormatAndWithEitherKindOfKey(t *testing.T) {
	p := start(t)
	phones := []*phone{
		p.enrolWith(jsonFormat(), newP256(t)), p.enrolWith(cborFormat(), ingesttest.NewKey(t)),
	}
	for i, from := range phones {
		to := phones[1-i]
		id := from.saveFinding()
		if r := from.push(); r.Entries[0].Outcome != schema.Merged || r.Epoch != from.Seen.Epoch.String() {
			t.Errorf("%s: receipt %+v", from.format.name, r)
		}
		from.pull()
		rows := to.pull()["finding"]
		if len(rows) != 1 || schema.RowID(rows[0].New[0].Bytes) != id {
			t.Errorf("%s: the other phone pulled %v", from.format.name, rows)
		}
	}
	page := ask[review.FindingPage](p, "/api/hq/campaigns/{campaign}/findings")
	if page.Total != len(phones) {
		t.Errorf("headquarters sees %d findings", page.Total)
	}
}

func TestAPushThatIsSentAgainChangesNothing(t *testing.T) {
	p := start(t)
	for _, f := range formats() {
		d := p.enrolled(f)
		d.saveFinding()
		push := d.Take()
		first := d.acknowledged(push, p.send(d.pushRequest(push)))
		var again mobileapi.PushAnswer
		f.read(t, p.send(d.pushRequest(push)), &again)
		if e := again.Entries[0]; e.Outcome != schema.Duplicate || e.Stands != schema.Merged || again.Next != first.Next {
			t.Errorf("%s: sent again: %+v", f.name, again)
		}
		var none mobileapi.PushAnswer
		f.read(t, p.send(d.pushRequest(d.Take())), &none)
		if len(none.Entries) != 0 || none.Next != first.Next {
			t.Errorf("%s: a push of nothing: %+v", f.name, none)
		}
	}
}

func TestAPackedPushIsUnpacked(t *testing.T) {
	p := start(t)
	for _, f := range formats() {
		d := p.enrolled(f)
		for range 50 {
			d.saveFinding()
		}
		push := d.Take()
		r := d.pushRequest(push).with("Content-Encoding", "gzip")
		plain := len(r.body)
		r.body = gzipped(t, r.body)
		if len(r.body) >= plain {
			t.Errorf("%s: %d bytes packed from %d", f.name, len(r.body), plain)
		}
		d.acknowledged(push, p.send(r))
	}
}

func TestALongAnswerIsPackedForWhoTakesIt(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	whole := p.send(d.pullRequest("after=0"))
	packed := p.send(d.pullRequest("after=0").with("Accept-Encoding", "gzip"))
	if packed.header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(whole.body)/2 {
		t.Errorf("%d bytes, packed %d, %v", len(whole.body), len(packed.body), packed.header)
	}
}

func TestPagesOfAPullAddUpToTheSameRowsInBothFormats(t *testing.T) {
	p := start(t)
	sizes := map[string]int{}
	for _, f := range formats() {
		d := p.enrolled(f)
		d.Seen.Revision = 0
		for table, rows := range d.pull() {
			if table != "device" {
				sizes[table] += len(rows)
			}
			if f.name == cborFormat().name && table != "device" && sizes[table] != 2*len(rows) {
				t.Errorf("%s: %d rows in CBOR, %d in JSON", table, len(rows), sizes[table]-len(rows))
			}
		}
	}
	if sizes["visit"] == 0 || sizes["problem"] == 0 {
		t.Errorf("pulled %v", sizes)
	}
}

func TestTheDescriptionOfTheInterfaceIsServed(t *testing.T) {
	p := start(t)
	a := p.send(request{path: "/api/openapi.json"})
	var d struct {
		OpenAPI string
		Paths   map[string]map[string]struct{ OperationID string }
	}
	must(t, jsonFormat().decode(a.body, &d))
	if a.status != http.StatusOK || d.OpenAPI[:4] != "3.1." {
		t.Errorf("%d, OpenAPI %q", a.status, d.OpenAPI)
	}
	for path, id := range map[string]string{
		"/api/v1/push": "push", "/api/v1/pull": "pull", "/api/v1/enrol": "enrol", "/api/v1/token": "token",
	} {
		operations := d.Paths[path]
		if operations["post"].OperationID != id && operations["get"].OperationID != id {
			t.Errorf("%s is %+v", path, operations)
		}
	}
}

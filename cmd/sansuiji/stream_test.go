package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
)

func TestAStreamTellsOfNewsAndEndsWithTheProgram(t *testing.T) {
	p := start(t)
	path := "/api/hq/campaigns/" + p.access.Campaign.String() + "/events"
	p.hq(request{path: "/api/hq/campaigns"}) // signs in
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url()+path, nil)
	must(t, err)
	req.Header.Set("Cookie", p.cookie)
	req.Header.Set("Accept-Encoding", "gzip") // as browsers do: what is told is not held back
	res, err := (&http.Client{}).Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	if kind := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatalf("%d, %s", res.StatusCode, kind)
	}
	var body io.Reader = res.Body
	if res.Header.Get("Content-Encoding") == "gzip" {
		body, err = gzip.NewReader(body)
		must(t, err)
	}
	lines := bufio.NewScanner(body)
	next := func() string {
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok && strings.Contains(text, "revision") {
				return text
			}
		}
		return ""
	}
	first := next()
	must(t, p.ingest.Record(ctx, p.access.Campaign, ingest.Event{Kind: schema.EventExported, Actor: "老趙"}))
	if second := next(); first == "" || second == "" || second == first {
		t.Errorf("told %q, then %q", first, second)
	}
	begun := time.Now()
	p.cancel()
	for lines.Scan() {
	}
	if took := time.Since(begun); took > shutdownTimeout/2 {
		t.Errorf("the stream goes on for %v", took)
	}
}

package mobileapi

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	tuslog "golang.org/x/exp/slog"
)

func TestABodyThatBreaksOffIsNoError(t *testing.T) {
	var log bytes.Buffer
	tus := tuslog.New(quiet{slog.New(slog.NewTextHandler(&log, nil))})
	for text, want := range map[string]string{
		"read the body: unexpected EOF": "level=INFO", "write: no space left on device": "level=ERROR",
	} {
		log.Reset()
		tus.Error("BodyReadError", "error", text)
		if !strings.Contains(log.String(), want) {
			t.Errorf("%s: %s", text, &log)
		}
	}
}

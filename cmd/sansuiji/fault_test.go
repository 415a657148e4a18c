package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestARequestThatIsBrokenOffIsNoErrorOfTheServer(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("read findings: %w", context.Canceled), "level=INFO"},
		{errors.New("disk I/O error"), "level=ERROR"},
	} {
		var log bytes.Buffer
		d := newFaultDocument(slog.New(slog.NewTextHandler(&log, nil)), time.Now)
		_ = d.of("zh", http.StatusInternalServerError, "unexpected", []error{c.err})
		if !strings.Contains(log.String(), c.want) {
			t.Errorf("%v: %s", c.err, &log)
		}
	}
}

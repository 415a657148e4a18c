package mobileapi

import (
	"context"
	"io"
	"log/slog"
	"strings"

	tuslog "golang.org/x/exp/slog"
)

// quiet hands warnings and errors of the tus handler to our log, and drops what it says
// of each request. A body that breaks off is no error: phones leave, and go on later.
type quiet struct{ log *slog.Logger }

// Enabled lets warnings and errors pass.
func (q quiet) Enabled(_ context.Context, level tuslog.Level) bool { return level >= tuslog.LevelWarn }

// Handle logs one record.
func (q quiet) Handle(ctx context.Context, r tuslog.Record) error {
	args, level := []any{}, slog.Level(r.Level)
	r.Attrs(func(a tuslog.Attr) bool {
		args = append(args, a.Key, a.Value.String())
		if strings.Contains(a.Value.String(), brokenOff) {
			level = slog.LevelInfo
		}
		return true
	})
	q.log.Log(ctx, level, "upload: "+r.Message, args...)
	return nil
}

// brokenOff is what a body that ends early is an error with; the handler passes on its text only.
var brokenOff = io.ErrUnexpectedEOF.Error()

// WithAttrs drops attributes of all requests.
func (q quiet) WithAttrs([]tuslog.Attr) tuslog.Handler { return q }

// WithGroup drops groups.
func (q quiet) WithGroup(string) tuslog.Handler { return q }

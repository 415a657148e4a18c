package mobileapi

import (
	"context"
	"log/slog"

	tuslog "golang.org/x/exp/slog"
)

// quiet hands warnings and errors of the tus handler to our log, and drops what it says
// of each request.
type quiet struct{ log *slog.Logger }

// Enabled lets warnings and errors pass.
func (q quiet) Enabled(_ context.Context, level tuslog.Level) bool { return level >= tuslog.LevelWarn }

// Handle logs one record.
func (q quiet) Handle(ctx context.Context, r tuslog.Record) error {
	args := []any{}
	r.Attrs(func(a tuslog.Attr) bool {
		args = append(args, a.Key, a.Value.String())
		return true
	})
	q.log.Log(ctx, slog.Level(r.Level), "upload: "+r.Message, args...)
	return nil
}

// WithAttrs drops attributes of all requests.
func (q quiet) WithAttrs([]tuslog.Attr) tuslog.Handler { return q }

// WithGroup drops groups.
func (q quiet) WithGroup(string) tuslog.Handler { return q }

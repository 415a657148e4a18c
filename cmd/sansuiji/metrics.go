package main

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"

	"sansuiji/server/metrics"

	"github.com/labstack/echo/v4"
)

// metricsPath is where a Prometheus asks, on an address of its own.
const metricsPath = "/metrics"

// tellFigures answers there until ctx ends.
func (a *app) tellFigures(ctx context.Context) {
	mux := http.NewServeMux()
	mux.Handle("GET "+metricsPath, a.figures.Handler(&metrics.Database{
		Store: a.store, Now: a.now, Folder: a.data, File: filepath.Join(a.data, databaseFile), Log: a.log,
	}, a.log))
	server := &http.Server{Handler: mux, ReadTimeout: headerTimeout, WriteTimeout: idleTimeout, IdleTimeout: idleTimeout}
	stopped := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stopped()
	if err := server.Serve(a.meter); !errors.Is(err, http.ErrServerClosed) {
		a.log.Error("figures can no longer be asked for", "error", err)
	}
}

// countRequests counts answers by the pattern that found them.
func (a *app) countRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := next(c); err != nil {
			c.Error(err) // writes the answer: what is counted is what was sent
		}
		a.figures.Answered(c.Request().Method, c.Path(), c.Response().Status)
		return nil
	}
}

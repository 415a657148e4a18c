package main

import (
	"context"
	"net/http"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/labstack/echo/v4"
)

// healthPath is where a proxy or an alarm asks whether the program works.
const healthPath = "/healthz"

// healthTimeout is how long the database may take to answer that.
const healthTimeout = 5 * time.Second

// health answers 200 if the database can be read, else 503.
func (a *app) health(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), healthTimeout)
	defer cancel()
	if err := a.store.Look(ctx, func(q store.Queryer) error {
		var n int
		return q.QueryRowContext(ctx, "SELECT count(*) FROM campaign_state").Scan(&n)
	}); err != nil {
		a.log.Error("the database cannot be read", "error", err)
		return &schema.FaultError{Code: schema.FaultBusy, Err: err}
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.String(http.StatusOK, "ok\n")
}

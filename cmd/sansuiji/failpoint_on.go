//go:build failpoints

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/failpoint"
)

// A program built with the tag failpoints does what tests ask of it by
// SANSUIJI_FAILPOINT=name:count, SANSUIJI_SYNCHRONOUS=NORMAL and
// SANSUIJI_CHECKPOINT=pages.

// storeOptions reads what a test wants. Without a wish nothing is watched.
func storeOptions() (o sqlite.Options, err error) {
	o.Synchronous = os.Getenv("SANSUIJI_SYNCHRONOUS")
	if pages := os.Getenv("SANSUIJI_CHECKPOINT"); pages != "" {
		if o.Checkpoint, err = strconv.Atoi(pages); err != nil {
			return o, fmt.Errorf("SANSUIJI_CHECKPOINT: %w", err)
		}
	}
	if wish := os.Getenv("SANSUIJI_FAILPOINT"); wish != "" {
		o.Points, err = killAt(wish)
	}
	return o, err
}

// killAt ends the program the count-th time that a point is hit.
func killAt(wish string) (failpoint.Points, error) {
	name, count, _ := strings.Cut(wish, ":")
	left, err := strconv.ParseInt(count, 10, 64)
	if err != nil || !slices.Contains(failpoint.Names(), name) {
		return nil, fmt.Errorf("SANSUIJI_FAILPOINT=%s: want a known name, a colon and a number", wish)
	}
	var hits atomic.Int64
	return func(at string) {
		if at == name && hits.Add(1) == left {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal takes a moment
		}
	}, nil
}

func watchRequests(next http.Handler, points failpoint.Points) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		points.Hit("http.received")
		r.Body = &watchedBody{r.Body, points}
		next.ServeHTTP(w, r)
		points.Hit("http.handled")
	})
}

// watchedBody is a request's body.
type watchedBody struct {
	io.ReadCloser
	points failpoint.Points
}

func (b *watchedBody) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	if err == io.EOF {
		b.points.Hit("http.body-read")
	}
	return n, err
}

// watchAnswers tells when an answer has been sent.
func watchAnswers(points failpoint.Points) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, state http.ConnState) {
		if state == http.StateIdle {
			points.Hit("http.sent")
		}
	}
}

// describeMore lists the points.
func describeMore(args []string, w io.Writer) bool {
	if !slices.Equal(args, []string{"failpoints"}) {
		return false
	}
	for _, name := range failpoint.Names() {
		fmt.Fprintln(w, name)
	}
	return true
}

//go:build !failpoints

package main

import (
	"io"
	"net"
	"net/http"

	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/failpoint"
)

// The program that people run fails nowhere on purpose and syncs as it promises:
// nothing here looks at the environment. See failpoint_on.go for the tests'.

func storeOptions() (sqlite.Options, error) { return sqlite.Options{}, nil }

func watchRequests(next http.Handler, _ failpoint.Points) http.Handler { return next }

func watchAnswers(failpoint.Points) func(net.Conn, http.ConnState) { return nil }

func describeMore([]string, io.Writer) bool { return false }

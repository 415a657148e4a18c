package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// serveFlags are the flags of every command that serves.
func serveFlags(name string, stderr io.Writer) (*flag.FlagSet, *settings) {
	f := flag.NewFlagSet("sansuiji "+name, flag.ContinueOnError)
	f.SetOutput(stderr)
	s := &settings{}
	f.StringVar(&s.addr, "addr", "localhost:8080", "address to listen on, `host:port`")
	f.StringVar(&s.data, "data", "data", "`folder` of the database and the photos")
	f.StringVar(&s.database, "database", "", databaseUsage)
	f.BoolVar(&s.behindTLS, "behind-tls", false, "people reach the server over TLS")
	f.BoolVar(&s.behindProxy, "behind-proxy", false, "a proxy sets X-Real-IP")
	f.StringVar(&s.metrics, "metrics", "", "address to tell a Prometheus figures at, `host:port`; not for the world")
	f.UintVar(&s.reportDays, "report-days", 90, "how many `days` files of reports are kept; they can be made again; 0: for good")
	return f, s
}

// runServe serves until it is told to stop.
func runServe(args []string, stdout, stderr io.Writer) int {
	flags, settings := serveFlags("serve", stderr)
	if code, ok := readArguments(flags, args, 0, "", stdout); !ok {
		return code
	}
	return serve(*settings, stdout, stderr, func(ctx context.Context, a *app) error {
		return a.announceServing(ctx, stdout)
	})
}

// announceServing says where the program is, and whether anybody can sign in there.
func (a *app) announceServing(ctx context.Context, stdout io.Writer) error {
	people, err := a.identity.Accounts(ctx)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		a.log.Warn("nobody can sign in yet: run sansuiji account add with --role admin on this database")
	}
	_, err = fmt.Fprintf(stdout, "ready {\"hq\":%q,\"field\":%q}\n", a.url()+"/hq/", a.url()+"/")
	return err
}

// gcPercent trades memory, of which the server needs little, for the time that
// merges of many small values spend collecting.
const gcPercent = 300

// serve opens the program, lets prepare run, and serves until SIGTERM or SIGINT.
func serve(
	s settings, _, stderr io.Writer, prepare func(context.Context, *app) error,
) int {
	debug.SetGCPercent(gcPercent)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	log := slog.New(slog.NewTextHandler(stderr, nil))
	a, err := openApp(ctx, s, log)
	if err == nil {
		if err = prepare(ctx, a); err == nil {
			debug.FreeOSMemory() // a demo makes a city first
			log.Info("serving", "version", version, "address", a.listener.Addr(), "data", s.data, "postgresql", s.database != "",
				"metrics", s.metrics)
			err = a.Run(ctx)
		}
		err = errors.Join(err, a.Close())
		a.points.Hit("serve.closed")
	}
	if err != nil {
		log.Error("stopped", "error", err)
		return 1
	}
	log.Info("stopped")
	return 0
}

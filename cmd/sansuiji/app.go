package main

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/campaign"
	"sansuiji/server/ceremony"
	"sansuiji/server/hqapi"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/intake"
	"sansuiji/server/photo"
	"sansuiji/server/report"
	"sansuiji/server/review"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/failpoint"

	"github.com/labstack/echo/v4"
)

// settings are what an operator can choose.
type settings struct {
	addr        string // host:port to listen on
	data        string // folder of the database and the photos
	database    string // of PostgreSQL, as a URL; "": the file in the folder
	behindTLS   bool   // a proxy in front speaks TLS
	behindProxy bool   // a proxy in front names the client's address
}

// app is the running program. Open it, Run it, Close it.
type app struct {
	settings
	log      *slog.Logger
	points   failpoint.Points
	now      func() time.Time
	store    store.Store
	ingest   *ingest.Service
	identity *identity.Service
	review   *review.Service
	draws    *ceremony.Service
	photos   *photo.Service
	handler  http.Handler
	listener net.Listener
	unlock   func() // lets another process have the folder
}

// errHalfRestored tells an operator how to get out.
var errHalfRestored = errors.New("a restore of this folder was interrupted: run sansuiji restore again")

// openApp opens the database, finds the server's key and binds the port.
func openApp(ctx context.Context, s settings, log *slog.Logger) (*app, error) {
	a := &app{settings: s, log: log, now: time.Now}
	options, err := storeOptions()
	if err != nil {
		return nil, err
	}
	a.points = options.Points
	if err := sqlite.MakeFolder(s.data); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	catalogue := schema.NewCatalogue()
	if a.store, a.unlock, err = openDatabase(ctx, catalogue, s, options); err != nil {
		return nil, err
	}
	key, err := identity.ServerKey(ctx, a.store, a.now())
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.points.Hit("serve.key-found")
	if err = a.assemble(catalogue, key); err == nil {
		err = errors.Join(a.ingest.Upgrade(ctx), a.photos.Sweep(ctx))
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	config := net.ListenConfig{}
	if a.listener, err = config.Listen(ctx, "tcp", s.addr); err != nil {
		return nil, errors.Join(fmt.Errorf("listen on %s: %w", s.addr, err), a.Close())
	}
	a.points.Hit("serve.listening")
	return a, nil
}

// assemble joins the parts.
func (a *app) assemble(catalogue *schema.Catalogue, key crypto.Signer) error {
	device, err := identity.ServerDevice(key)
	if err != nil {
		return err
	}
	a.ingest = &ingest.Service{
		Store: a.store, Catalogue: catalogue, Now: a.now, Key: key, Device: device, Points: a.points,
	}
	a.identity = identity.New(a.store, a.ingest, a.now, key)
	a.identity.Points = a.points
	a.review = &review.Service{Store: a.store, Catalogue: catalogue, Ingest: a.ingest}
	a.draws = &ceremony.Service{Ingest: a.ingest}
	push := pusher{a.ingest, a.draws, a.log}
	faults := newFaultDocument(a.log, a.now)
	faults.install()
	a.photos = &photo.Service{Folder: filepath.Join(a.data, photoFolder), Store: a.store, Now: a.now, Points: a.points}
	if err := a.photos.MakeFolder(); err != nil {
		return fmt.Errorf("make folder of photos: %w", err)
	}
	uploads, err := mobileapi.NewUploads(a.photos, tokens{a.identity}, a.log, faults.problem)
	if err != nil {
		return err
	}
	router := echo.New()
	router.Any(mobileapi.UploadPath+"*", echo.WrapHandler(uploads))
	newAPI(router, &services{
		mobile: mobileapi.Server{
			Enroller: enroller{a.identity}, Tokens: tokens{a.identity},
			Pusher: push, Packed: push, Puller: puller{a.ingest}, Photos: a.photos,
		},
		hq: hqapi.Server{
			Sessions: a.identity, Office: office{a.review, a.identity},
			Findings: a.review, Disputes: a.review,
			Draws: a.draws, Sites: a.draws, Photos: a.photos, Visits: a.review, Accounts: a.identity,
			Intake: intake.New(a.ingest), Rounds: &campaign.Service{Ingest: a.ingest},
			Reports:       &report.Service{Store: a.store, Catalogue: catalogue},
			SecureCookies: a.behindTLS,
		},
	})
	handler, err := newHandler(router, faults, a.settings)
	a.handler = watchRequests(handler, a.points)
	return err
}

// photoFolder is where attachments' bytes are, in the data folder.
const photoFolder = "photos"

// Times after which a connection is given up.
const (
	headerTimeout   = 10 * time.Second
	requestTimeout  = 5 * time.Minute
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 10 * time.Second
)

// Run serves until ctx ends, then lets the requests under way finish.
func (a *app) Run(ctx context.Context) error {
	server := &http.Server{
		Handler: a.handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: requestTimeout,
		WriteTimeout: requestTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn), ConnState: watchAnswers(a.points),
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		a.points.Hit("serve.stopping")
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		stopped <- server.Shutdown(end)
	}()
	if err := server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	err := <-stopped
	a.points.Hit("serve.drained")
	return err
}

// Close closes the database and lets others have the folder.
func (a *app) Close() error {
	defer a.unlock()
	return a.store.Close()
}

// url is where people reach the program.
func (a *app) url() string {
	_, port, err := net.SplitHostPort(a.listener.Addr().String())
	if err != nil {
		return "http://" + a.listener.Addr().String()
	}
	return "http://localhost:" + port
}

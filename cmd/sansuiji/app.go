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
	"sync"
	"time"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/bundle"
	"sansuiji/server/campaign"
	"sansuiji/server/ceremony"
	"sansuiji/server/hqapi"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/intake"
	"sansuiji/server/ledger"
	"sansuiji/server/mapfile"
	"sansuiji/server/metrics"
	"sansuiji/server/photo"
	"sansuiji/server/report"
	"sansuiji/server/review"
	"sansuiji/server/scoring"
	"sansuiji/server/sealed"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
	"sansuiji/server/webhook"
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
	reportDays  uint   // how long files of reports are kept; 0: for good
	metrics     string // host:port to tell figures at; "": nowhere
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
	bundles  *bundle.Service
	audit    *audit.Log
	webhooks *webhook.Service
	reports  *report.Jobs
	figures  *metrics.Metrics
	handler  http.Handler
	listener net.Listener
	meter    net.Listener  // figures are told here; nil: nowhere
	held     hold          // keeps others off the database
	closing  chan struct{} // closed when the program stops
	drain    time.Duration // that requests under way have then
}

// errHalfRestored tells an operator how to get out.
var errHalfRestored = errors.New("a restore of this folder was interrupted: run sansuiji restore again")

// openApp opens the database, finds the server's key and binds the port.
func openApp(ctx context.Context, s settings, log *slog.Logger) (*app, error) {
	a := &app{
		settings: s, log: log, closing: make(chan struct{}), drain: shutdownTimeout, now: time.Now,
		figures: metrics.New(version),
	}
	options, err := storeOptions()
	if err != nil {
		return nil, err
	}
	a.points = options.Points
	if err := sqlite.MakeFolder(s.data); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	catalogue := schema.NewCatalogue()
	if a.store, a.held, err = openDatabase(ctx, catalogue, s, options); err != nil {
		return nil, err
	}
	a.store = a.figures.Time(a.store)
	key, err := identity.ServerKey(ctx, a.store, a.now())
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.points.Hit("serve.key-found")
	bundleKey, err := identity.BundleKey(ctx, a.store, a.now())
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.bundles = &bundle.Service{Key: bundleKey}
	if err = a.assemble(catalogue, key); err == nil {
		err = errors.Join(a.ingest.Upgrade(ctx), a.sweepPhotos(ctx))
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if err = a.listen(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.points.Hit("serve.listening")
	return a, nil
}

// listen binds the ports.
func (a *app) listen(ctx context.Context) (err error) {
	config := net.ListenConfig{}
	if a.metrics != "" {
		if a.meter, err = config.Listen(ctx, "tcp", a.metrics); err != nil {
			return fmt.Errorf("listen on %s for --metrics: %w", a.metrics, err)
		}
	}
	if a.listener, err = config.Listen(ctx, "tcp", a.addr); err != nil {
		return fmt.Errorf("listen on %s: %w", a.addr, err)
	}
	return nil
}

// sweepPhotos looks what has become of photos since the program last ran. That some are
// lost may be a disk that is not mounted: an operator must learn of it.
func (a *app) sweepPhotos(ctx context.Context) error {
	swept, err := a.photos.Sweep(ctx)
	if swept.Lost > 0 {
		a.log.Warn("files of photos are gone: phones that still have them send them again; "+
			"if there is a copy, stop, put it into the folder and start", "files", swept.Lost, "folder", a.photos.Folder)
	}
	if swept.Found > 0 {
		a.log.Info("files of photos are back", "files", swept.Found, "folder", a.photos.Folder)
	}
	return err
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
	a.audit = &audit.Log{Store: a.store, Now: a.now}
	a.webhooks = &webhook.Service{Store: a.store, Now: a.now}
	push := pusher{a.ingest, a.draws, a.log, a.figures}
	faults := newFaultDocument(a.log, a.now)
	faults.install()
	a.photos = &photo.Service{Folder: filepath.Join(a.data, photoFolder), Store: a.store, Now: a.now, Points: a.points}
	if err := a.photos.MakeFolder(); err != nil {
		return fmt.Errorf("make folder of photos: %w", err)
	}
	a.bundles.Ingest, a.bundles.Photos = a.ingest, a.photos
	page, err := evidencePage()
	if err != nil {
		return err
	}
	printer := &report.Printer{Store: a.store, Catalogue: catalogue, Photos: a.photos, Key: key, Verifier: page}
	if a.reports, err = report.NewJobs(printer, a.ingest, filepath.Join(a.data, reportFolder), a.log); err != nil {
		return err
	}
	a.reports.Keep = time.Duration(a.reportDays) * 24 * time.Hour
	access := tokens{a.identity, a.bundles.Key.Recipient().String()}
	uploads, err := mobileapi.NewUploads(a.photos, access, a.log, faults.problem)
	if err != nil {
		return err
	}
	router := echo.New()
	router.Use(a.countRequests)
	router.GET(healthPath, a.health)
	router.HEAD(healthPath, a.health)
	router.Any(mobileapi.UploadPath+"*", echo.WrapHandler(uploads))
	offered := maps{&mapfile.Service{Folder: filepath.Join(a.data, mapFolder), Store: a.store}}
	router.Any(mobileapi.MapPath+"*", echo.WrapHandler(mobileapi.NewMapBytes(offered, access, faults.problem)))
	scores := &scoring.Service{Ingest: a.ingest, Gather: scoring.GatherTime}
	newAPI(router, &services{
		mobile: mobileapi.Server{
			Enroller: enroller{a.identity}, Tokens: access,
			Pusher: push, Packed: push, Puller: puller{a.ingest, a.figures}, Photos: a.photos, Contacts: contacts{a.identity},
			Maps: offered,
		},
		hq: hqapi.Server{
			Sessions: a.identity, Office: office{a.review, a.identity},
			Findings: a.review, Disputes: a.review,
			Draws: a.draws, Sites: a.draws, Photos: a.photos, Visits: a.review, Accounts: a.identity, Devices: a.identity,
			Intake: intake.New(a.ingest), Rounds: &campaign.Service{Ingest: a.ingest}, Asking: &campaign.Service{Ingest: a.ingest}, Teams: &campaign.Service{Ingest: a.ingest},
			Reports: printer, Documents: a.reports,
			Templates: &report.Templates{Store: a.store, Now: a.now},
			Bundles:   bundles{a.bundles, push},
			Log:       a.audit, Tokens: a.identity, Sealed: &sealed.Service{Ingest: a.ingest}, Webhooks: a.webhooks,
			Ledger: &ledger.Service{Ingest: a.ingest, Photos: a.photos}, Scores: scores, Ballots: scores, Voting: scores,
			Desk: a.review, Closing: a.closing,
			SecureCookies: a.behindTLS,
		},
	})
	handler, err := newHandler(router, faults, a.settings)
	a.handler = watchRequests(handler, a.points)
	return err
}

// mapFolder is where headquarters puts maps for phones, in the data folder.
const mapFolder = "maps"

// reportFolder is where documents that were made are, in the data folder.
const reportFolder = "reports"

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
	ctx, end := context.WithCancelCause(ctx)
	go a.yield(ctx, end)
	wait := a.background(ctx)
	defer func() { end(nil); wait() }()
	server.RegisterOnShutdown(sync.OnceFunc(func() { close(a.closing) }))
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		a.points.Hit("serve.stopping")
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.drain)
		defer cancel()
		err := server.Shutdown(end)
		if errors.Is(err, context.DeadlineExceeded) {
			a.log.Warn("requests under way took too long and were broken off: phones send them again")
			err = server.Close()
		}
		stopped <- err
	}()
	if err := server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	err := <-stopped
	a.points.Hit("serve.drained")
	if cause := context.Cause(ctx); errors.Is(cause, errNotOurs) {
		err = errors.Join(cause, err)
	}
	return err
}

// errNotOurs says why a program stopped that nobody told to.
var errNotOurs = errors.New("the database was lost and is another's now")

// yield ends the program when the database is another's.
func (a *app) yield(ctx context.Context, end context.CancelCauseFunc) {
	select {
	case <-ctx.Done():
	case err := <-a.held.lost:
		end(fmt.Errorf("%w: %w", errNotOurs, err))
	}
}

// Close closes the database and lets others have it.
func (a *app) Close() error {
	defer a.held.release()
	if a.meter != nil {
		_ = a.meter.Close()
	}
	return a.store.Close()
}

// url is where people of this machine reach the program.
func (a *app) url() string {
	host, port, err := net.SplitHostPort(a.listener.Addr().String())
	if err != nil {
		return "http://" + a.listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip.IsUnspecified() || host == "127.0.0.1" || host == "::1" {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

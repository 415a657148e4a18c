// Package ingesttest is a small campaign on a real database and the phones that
// inspect in it. It is test support; nothing in the server imports it.
package ingesttest

import (
	"context"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/backup"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/edit"
)

// World is a campaign of two teams with an inspector each, and a unit with a
// visit for each team. Its time stands still until somebody moves Now.
type World struct {
	T         testing.TB
	Store     store.Store
	Service   *ingest.Service
	Catalogue *schema.Catalogue
	Campaign  schema.CampaignID
	Now       time.Time
	Teams     [2]schema.RowID
	People    [2]schema.RowID
	Units     [2]schema.RowID
	Visits    [2]schema.RowID

	// Open makes an empty database of the kind the world is on; it is closed
	// when the test ends.
	Open func() store.Store

	path string // of the database, where it is opened again
}

// New begins a world on a database that Open opens.
func New(t testing.TB) *World {
	t.Helper()
	return NewOn(t, func() store.Store { return Open(t) })
}

// Open opens an empty database until the test ends: one of SQLite, or of
// PostgreSQL in a test that OnPostgreSQL runs.
func Open(t testing.TB) store.Store {
	t.Helper()
	if strings.HasPrefix(t.Name(), onPostgreSQL+"/") {
		return postgrestest.Open(t)
	}
	return openSQLite(t, filepath.Join(t.TempDir(), "a.db"))
}

// onPostgreSQL is the name of the test in which a package runs its tests on
// PostgreSQL too.
const onPostgreSQL = "TestOnPostgreSQL"

// OnPostgreSQL runs tests again on PostgreSQL: TestOnPostgreSQL calls it.
func OnPostgreSQL(t *testing.T, tests ...func(*testing.T)) {
	t.Helper()
	if t.Name() != onPostgreSQL {
		t.Fatalf("a test named %s, want %s", t.Name(), onPostgreSQL)
	}
	for _, test := range tests {
		name := runtime.FuncForPC(reflect.ValueOf(test).Pointer()).Name()
		t.Run(name[strings.LastIndexByte(name, '.')+1:], test)
	}
}

// NewAt begins a world of a program that knew schema versions up to one.
func NewAt(t testing.TB, version int) *World {
	t.Helper()
	catalogue := schema.CatalogueAt(version)
	path := filepath.Join(t.TempDir(), "a.db")
	w := newWorld(t, catalogue, func() store.Store {
		s, err := sqlite.Open(context.Background(), path, catalogue)
		must(t, err)
		return s
	})
	w.path = path
	return w
}

// Upgrade opens the database of a world made by NewAt with this program.
func (w *World) Upgrade() {
	w.T.Helper()
	must(w.T, w.Store.Close())
	w.Catalogue = schema.NewCatalogue()
	w.Open = func() store.Store { return openSQLite(w.T, filepath.Join(w.T.TempDir(), "a.db")) }
	db := openSQLite(w.T, w.path)
	w.Store, w.Service.Store, w.Service.Catalogue = db, db, w.Catalogue
}

func openSQLite(t testing.TB, path string) store.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path, schema.NewCatalogue())
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// NewOn begins a world on a database that open makes.
func NewOn(t testing.TB, open func() store.Store) *World {
	t.Helper()
	return newWorld(t, schema.NewCatalogue(), open)
}

func newWorld(t testing.TB, catalogue *schema.Catalogue, open func() store.Store) *World {
	t.Helper()
	w := &World{
		T: t, Catalogue: catalogue, Now: time.UnixMilli(1_790_000_000_000),
		Store: open(), Open: open, Campaign: schema.CampaignID(schema.NewRowID()),
	}
	key, err := identity.ServerKey(w.ctx(), w.Store, w.Now)
	must(t, err)
	device, err := identity.ServerDevice(key)
	must(t, err)
	w.Service = &ingest.Service{
		Store: w.Store, Catalogue: w.Catalogue, Key: key, Device: device,
		Now: func() time.Time { return w.Now },
	}
	must(t, w.Service.Begin(w.ctx(), w.Campaign))
	w.Write(func(b *edit.Builder) {
		b.Insert("campaign", schema.RowID(w.Campaign), edit.Cells{
			"code": edit.Text("T"), "name": edit.Text("試"),
		})
		for i := range w.Teams {
			w.team(b, i)
		}
	})
	return w
}

func (w *World) team(b *edit.Builder, i int) {
	w.Teams[i], w.People[i] = schema.NewRowID(), schema.NewRowID()
	w.Units[i], w.Visits[i] = schema.NewRowID(), schema.NewRowID()
	b.Insert("team", w.Teams[i], edit.Cells{
		"number": edit.Int(int64(i + 1)), "name": edit.Text([]string{"一組", "二組"}[i]),
	})
	b.Insert("inspector", w.People[i], edit.Cells{"name": edit.Text([]string{"甲", "乙"}[i])})
	b.Insert("team_member", schema.NewRowID(), edit.Cells{
		"team_id": edit.ID(w.Teams[i]), "inspector_id": edit.ID(w.People[i]),
	})
	b.Insert("unit", w.Units[i], edit.Cells{
		"code": edit.Text([]string{"V1", "S1"}[i]), "name": edit.Text([]string{"槐塘村", "一小"}[i]),
		"category": edit.Text([]string{"village", "school"}[i]),
		"county":   edit.Text([]string{"霽川縣", "雲汀區"}[i]), "team_id": edit.ID(w.Teams[i]),
	})
	b.Insert("visit", w.Visits[i], edit.Cells{
		"team_id": edit.ID(w.Teams[i]), "unit_id": edit.ID(w.Units[i]),
	})
}

// ctx lasts as long as the test and its cleaning up.
func (w *World) ctx() context.Context { return context.Background() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Write writes as headquarters.
func (w *World) Write(do func(b *edit.Builder)) {
	w.T.Helper()
	b := edit.New(w.Catalogue)
	do(b)
	must(w.T, w.Service.WriteRows(w.ctx(), w.Campaign, b))
}

// Backup copies the database and returns what puts the copy in its place, in a new
// epoch.
func (w *World) Backup() (restore func()) {
	w.T.Helper()
	file := filepath.Join(w.T.TempDir(), "backup.db")
	_, err := backup.Make(w.ctx(), w.Service, w.Store.(*sqlite.Store), file)
	must(w.T, err)
	return func() {
		w.T.Helper()
		db, err := sqlite.Open(w.ctx(), file, w.Catalogue)
		must(w.T, err)
		w.T.Cleanup(func() { must(w.T, db.Close()) })
		w.Store, w.Service.Store = db, db
		_, err = w.Service.BeginEpoch(w.ctx(), w.Campaign, "")
		must(w.T, err)
	}
}

// Cell reads a text as headquarters has it; "" is NULL too.
func (w *World) Cell(table string, id schema.RowID, column string) string {
	w.T.Helper()
	var v any
	w.scan(&v, "SELECT "+column+" FROM "+table+" WHERE campaign_no = $1 AND id = $2", id[:])
	if text, ok := v.(string); ok {
		return text
	}
	return ""
}

// Conflicts counts the conflicts of a state.
func (w *World) Conflicts(state string) (n int) {
	w.T.Helper()
	w.scan(&n, "SELECT count(*) FROM conflict WHERE campaign_no = $1 AND state = $2", state)
	return n
}

// Position is that of the newest entry.
func (w *World) Position() (n uint64) {
	w.T.Helper()
	w.scan(&n, "SELECT position FROM campaign_state WHERE no = $1")
	return n
}

// Asides counts what was set aside.
func (w *World) Asides() (n int) {
	w.T.Helper()
	w.scan(&n, "SELECT count(*) FROM aside WHERE campaign_no = $1")
	return n
}

// scan reads one value; the query's first argument is the campaign's number.
func (w *World) scan(dest any, query string, args ...any) {
	w.T.Helper()
	must(w.T, w.Store.Read(w.ctx(), w.Campaign, func(v store.View) error {
		return v.QueryRowContext(w.ctx(), query, append([]any{v.CampaignNo}, args...)...).Scan(dest)
	}))
}

// Check replays the history and wants no difference.
func (w *World) Check() {
	w.T.Helper()
	report, err := audit.Check(w.ctx(), w.Catalogue, w.Store, w.Open(), w.Campaign)
	must(w.T, err)
	for _, fault := range report.Faults {
		w.T.Error("fsck:", fault)
	}
	if report.Entries == 0 || report.Cells == 0 {
		w.T.Errorf("fsck compared nothing: %+v", report)
	}
}

package crash

import (
	"bytes"
	"context"
	"crypto"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"

	_ "github.com/mattn/go-sqlite3" // to look into the database beside the program
)

// noHash signs messages as they are.
type noHash struct{}

func (noHash) HashFunc() crypto.Hash { return 0 }

// promise is something that an answer said is kept.
type promise struct {
	kind string // entry, position of the history, note or device
	key  string
}

// world is a folder, the program on it, and those who use it.
type world struct {
	t        testing.TB
	data     string
	access   access
	server   *server
	point    string // where the program is to stop, if somewhere
	phones   []*phone
	editor   *editor
	findings findings
	visit    atomic.Pointer[schema.RowID]

	catalogue *schema.Catalogue
}

// worldPhones is how many phones sync at once.
const worldPhones = 4

// newWorld is a world on a folder with a city; nobody is enrolled.
func newWorld(t testing.TB, data string, number uint64) *world {
	t.Helper()
	w := &world{t: t, data: data, access: accessTo(t, data), catalogue: schema.NewCatalogue()}
	w.editor = &editor{caller: w.newCaller(number << 8)}
	for n := range uint64(worldPhones) {
		w.phones = append(w.phones, w.newPhone(number<<8+n+1))
	}
	return w
}

// enrolAll lets the phones in.
func (w *world) enrolAll() {
	w.t.Helper()
	must(w.t, w.editor.login())
	for _, p := range w.phones {
		code, err := w.editor.newCode()
		must(w.t, err)
		must(w.t, p.enrol(code))
		p.promises(promise{"device", string(p.ID[:])})
	}
}

// work has all work until the server is gone.
func (w *world) work() {
	var all sync.WaitGroup
	for _, p := range w.phones {
		all.Go(func() { w.worked(p.work()) })
	}
	all.Go(func() { w.worked(w.editor.work()) })
	all.Wait()
}

func (w *world) worked(err error) {
	if !errors.Is(err, errGone) {
		w.t.Errorf("at %s: %v\n%s", w.point, err, &w.server.log)
	}
}

// editor is a person at headquarters, who remembers what was acknowledged.
type editor struct {
	*caller
	cookie  string
	notes   []string          // of decisions that were acknowledged
	devices []schema.DeviceID // that were told they are in
	code    string            // acknowledged and not used
	comer   *phone            // who has not been let in yet
	count   int
}

func (e *editor) login() error {
	return e.call("/api/hq/login", nil, map[string]string{
		"login": e.w.access.Login, "password": e.w.access.Password,
	}, &e.cookie)
}

func (e *editor) signedIn() map[string]string { return map[string]string{"Cookie": e.cookie} }

func (e *editor) path(rest string) string {
	return "/api/hq/campaigns/" + e.w.access.Campaign.String() + "/" + rest
}

func (e *editor) newCode() (string, error) {
	var code struct{ Code string }
	err := e.call(e.path("enrolments"), e.signedIn(),
		map[string]string{"inspector_id": e.w.access.Inspector.String()}, &code)
	return code.Code, err
}

// enrolmentsMax is how many devices come in one life of the server, so that the
// campaign does not consist of devices.
const enrolmentsMax = 2

// work decides about findings and lets devices in, until the server is gone.
func (e *editor) work() error {
	if e.cookie == "" || e.w.point == "session.opened" {
		if err := e.login(); err != nil {
			return err
		}
	}
	for n := 0; ; n++ {
		if err := e.decide(); err != nil {
			return err
		}
		if n < enrolmentsMax {
			if err := e.letIn(); err != nil {
				return err
			}
		}
	}
}

// decide reviews a finding. That it is not there yet, or changed meanwhile, is
// no failure.
func (e *editor) decide() error {
	finding, known := e.w.findings.pick(e.random)
	path := e.path("findings/" + finding.String())
	var detail struct {
		ReadAt uint64 `json:"read_at"`
	}
	if !known {
		return e.call("/api/hq/me", e.signedIn(), nil, nil)
	}
	if err := e.call(path, e.signedIn(), nil, &detail); err != nil {
		return notYet(err)
	}
	e.count++
	note := fmt.Sprint("意見 ", e.count)
	err := e.call(path+"/review", e.signedIn(), map[string]any{
		"decision": "returned", "note": note, "read_at": detail.ReadAt,
	}, nil)
	if err != nil {
		return notYet(err)
	}
	e.notes = append(e.notes, note)
	e.promises(promise{"note", note})
	return nil
}

// notYet lets pass that a finding is not there, or has changed.
func notYet(err error) error {
	switch codeOf(err) {
	case schema.FaultNotFound, schema.FaultStale:
		return nil
	}
	return err
}

// letIn enrols a device. What was acknowledged on the way holds in the server's
// next life: the code, and the device's place.
func (e *editor) letIn() (err error) {
	if e.code == "" {
		if e.code, err = e.newCode(); err != nil {
			return err
		}
		e.comer = e.w.newPhone(uint64(len(e.devices)))
		e.comer.caller = e.caller
	}
	if err := e.comer.enrol(e.code); err != nil {
		return err
	}
	e.devices, e.code = append(e.devices, e.comer.ID), ""
	e.promises(promise{"device", string(e.comer.ID[:])})
	return e.comer.authenticate()
}

// openDatabase reads a folder's database beside the program.
func openDatabase(t testing.TB, data string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(data, "sansuiji.db")+"?mode=rw&_busy_timeout=5000")
	must(t, err)
	return db
}

// checkNew finds in the history what was acknowledged since it last looked.
func (w *world) checkNew() {
	w.t.Helper()
	db := openDatabase(w.t, w.data)
	defer func() { must(w.t, db.Close()) }()
	for _, p := range w.phones {
		for ; p.checked < len(p.outcomes); p.checked++ {
			p.checkEntry(db, p.checked)
		}
	}
}

// checkEntry finds an acknowledged entry in its place.
func (p *phone) checkEntry(db *sql.DB, i int) {
	var hash []byte
	var outcome schema.Outcome
	err := db.QueryRowContext(context.Background(), `SELECT h.hash, h.outcome FROM history h
		JOIN author a ON a.campaign_no = h.campaign_no AND a.no = h.author
		WHERE a.device_id = $1 AND h.seq = $2`, p.ID[:], i+1).Scan(&hash, &outcome)
	want := chain.HashBytes(p.sealed[i])
	if err != nil || !bytes.Equal(hash, want[:]) {
		p.T.Fatalf("LOST: entry %d of %s was acknowledged: %v, hash %x, want %x", i+1, p.ID, err, hash, want)
	}
	if before := p.outcomes[i]; outcome != before && before != schema.Held {
		p.T.Errorf("entry %d of %s was acknowledged as %s and is %s", i+1, p.ID, before, outcome)
	}
}

// checkAll finds everything that was ever acknowledged, each once, with the
// server stopped.
func (w *world) checkAll() {
	w.t.Helper()
	fsck(w.t, w.data)
	db := openDatabase(w.t, w.data)
	defer func() { must(w.t, db.Close()) }()
	kept, err := keptIn(context.Background(), db)
	must(w.t, err)
	for _, p := range w.phones {
		for i := range p.outcomes {
			w.checkKept(kept, entryPromise(p.sealed[i]))
		}
	}
	for _, note := range w.editor.notes {
		w.checkKept(kept, promise{"note", note})
	}
	for _, id := range w.editor.devices {
		w.checkKept(kept, promise{"device", string(id[:])})
	}
	for p, n := range kept {
		if n > 1 {
			w.t.Errorf("%s %x is there %d times", p.kind, p.key, n)
		}
	}
}

func (w *world) checkKept(kept map[promise]int, p promise) {
	w.t.Helper()
	if kept[p] == 0 {
		w.t.Fatalf("LOST: %s %x was acknowledged", p.kind, p.key)
	}
}

// keptIn reads all that a database could have promised, and how often it has it.
func keptIn(ctx context.Context, q queryer) (map[promise]int, error) {
	kept := map[promise]int{}
	rows, err := q.QueryContext(ctx, `SELECT 'entry', hash FROM history
		UNION ALL SELECT 'position', CAST(position AS TEXT) FROM history
		UNION ALL SELECT 'note', note FROM review
		UNION ALL SELECT 'device', id FROM device`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p promise
		if err := rows.Scan(&p.kind, &p.key); err != nil {
			return nil, err
		}
		kept[p]++
	}
	return kept, rows.Err()
}

// queryer is a database, or one state of it.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

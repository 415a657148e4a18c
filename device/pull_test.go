package device

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

// pageOf is a page with a patchset.
func pageOf(next uint64, more bool, patchset []byte) *page {
	return &page{epoch: testEpoch, scopes: `["campaign"]`, answer: &mobileapi.PullAnswer{
		Epoch: testEpoch.String(), Patchset: patchset, Next: next, More: more, Clock: "1",
	}}
}

// patchset writes rows: a nil row is deleted.
func patchset(t *testing.T, c *schema.Catalogue, table string, id schema.RowID, cells edit.Cells) []byte {
	t.Helper()
	w := changeset.NewWriter(changeset.Patchset)
	tab := c.MustTable(table)
	w.Table(table, keyFlags(1+len(tab.Columns)))
	if cells == nil {
		row := make([]changeset.Value, 1+len(tab.Columns))
		row[0] = edit.ID(id)
		must(t, w.Delete(false, row))
		return w.Bytes()
	}
	row := newRow(tab, id)
	for name, v := range cells {
		row[1+tab.ColumnIndex(name)] = v
	}
	must(t, w.Insert(false, row))
	return w.Bytes()
}

func (d *Device) takes(t *testing.T, p *page) {
	t.Helper()
	anew, err := d.takePage(p, false)
	if must(t, err); anew {
		t.Fatal("the page asks to start anew")
	}
}

func TestAPageReplacesAddsAndTakesAwayRows(t *testing.T) {
	d := enrolled(t, testSettings(1))
	d.takes(t, pageOf(1, true, patchset(t, d.Catalogue, "finding", rowID(20), finding("舊"))))
	d.takes(t, pageOf(2, false, patchset(t, d.Catalogue, "finding", rowID(20), finding("新"))))
	row, err := d.Row("finding", rowID(20))
	must(t, err)
	if string(row["title"].Bytes) != "新" {
		t.Errorf("title %q", row["title"].Bytes)
	}
	for range 2 { // one that is gone is passed over
		d.takes(t, pageOf(3, false, patchset(t, d.Catalogue, "finding", rowID(20), nil)))
	}
	if rows := d.contents(t); len(rows) > 0 {
		t.Errorf("left: %v", rows)
	}
	seen, err := d.db.seen()
	must(t, err)
	if seen.Revision != 3 || seen.Epoch != testEpoch {
		t.Errorf("seen %+v", seen)
	}
}

func TestOnlyACompletePullCountsAsSeen(t *testing.T) {
	d := enrolled(t, testSettings(1))
	d.takes(t, pageOf(7, true, nil))
	seen, err := d.db.seen()
	must(t, err)
	at, err := d.keptCursor()
	must(t, err)
	if seen.Revision != 0 || at.after != 7 {
		t.Errorf("seen %+v, cursor %+v", seen, at)
	}
}

func TestUnsentCellsStayOnTopOfPulledRows(t *testing.T) {
	d := enrolled(t, testSettings(1))
	d.takes(t, pageOf(1, false, patchset(t, d.Catalogue, "finding", rowID(20), finding("總部"))))
	d.put(t, "finding", rowID(20), edit.Cells{"title": edit.Text("我的")})
	d.put(t, "finding", rowID(21), finding("我新建的"))
	theirs := finding("別人的")
	theirs["detail"] = edit.Text("別人補的")
	d.takes(t, pageOf(2, false, patchset(t, d.Catalogue, "finding", rowID(20), theirs)))
	made := finding("舊標題")
	made["review_state"], made["detail"] = edit.Text("returned"), edit.Text("別人補的")
	d.takes(t, pageOf(3, false, patchset(t, d.Catalogue, "finding", rowID(21), made)))
	for row, want := range map[schema.RowID][3]string{
		rowID(20): {"我的", "別人補的", "pending"}, rowID(21): {"我新建的", "別人補的", "returned"},
	} {
		cells, err := d.Row("finding", row)
		must(t, err)
		got := [3]string{
			string(cells["title"].Bytes), string(cells["detail"].Bytes), string(cells["review_state"].Bytes),
		}
		if got != want {
			t.Errorf("row %s: %q, want %q", row, got, want)
		}
	}
	// A held entry is not in headquarters' rows either.
	must(t, d.db.exec("UPDATE outbox SET state = 'held'"))
	d.takes(t, pageOf(4, false, patchset(t, d.Catalogue, "finding", rowID(20), theirs)))
	held, err := d.Row("finding", rowID(20))
	must(t, err)
	if string(held["title"].Bytes) != "我的" {
		t.Errorf("a held cell shows %q", held["title"].Bytes)
	}
	// Once merged, what headquarters says stands.
	must(t, d.db.exec("UPDATE outbox SET state = 'merged'"))
	d.takes(t, pageOf(4, false, patchset(t, d.Catalogue, "finding", rowID(20), theirs)))
	cells, err := d.Row("finding", rowID(20))
	must(t, err)
	if string(cells["title"].Bytes) != "別人的" {
		t.Errorf("a merged cell shows %q", cells["title"].Bytes)
	}
}

func TestAPageOfOtherTablesOrBrokenRowsIsRefusedWhole(t *testing.T) {
	d := enrolled(t, testSettings(1))
	good := patchset(t, d.Catalogue, "finding", rowID(20), finding("好的"))
	write := func(table string, columns int, format changeset.Format, row ...changeset.Value) []byte {
		w := changeset.NewWriter(format)
		w.Table(table, keyFlags(columns))
		must(t, w.Insert(false, row))
		return w.Bytes()
	}
	id := edit.ID(rowID(30))
	for name, c := range map[string]struct {
		patchset []byte
		is       error
	}{
		"table":     {write("puzzle", 2, changeset.Patchset, id, edit.Text("x")), ErrForeign},
		"own table": {write("outbox", 2, changeset.Patchset, id, edit.Text("x")), ErrForeign},
		"width":     {write("team", 4, changeset.Patchset, id, edit.Int(1), edit.Text("x"), edit.Int(1)), ErrForeign},
		"changeset": {write("team", 3, changeset.Changeset, id, edit.Int(1), edit.Text("x")), ErrForeign},
		"bytes":     {[]byte("not a patchset"), changeset.ErrMalformed},
		"null":      {write("team", 3, changeset.Patchset, id, edit.Int(1), changeset.NullValue()), nil},
		// REPLACE would have put a default here in silence.
		"null with a default": {patchset(t, d.Catalogue, "team_member", rowID(30), edit.Cells{
			"team_id": id, "inspector_id": id, "role": changeset.NullValue(),
		}), nil},
		"short id": {write("team", 3, changeset.Patchset, edit.Bytes([]byte{1}), edit.Int(1), edit.Text("x")), nil},
	} {
		// Formats do not mix, so what is no patchset comes alone.
		set := c.patchset
		if set[0] == byte(changeset.Patchset) {
			set = append(append([]byte{}, good...), set...)
		}
		_, err := d.takePage(pageOf(5, false, set), false)
		if err == nil || (c.is != nil && !errors.Is(err, c.is)) {
			t.Errorf("%s: %v", name, err)
		}
		at, err := d.keptCursor()
		must(t, err)
		if rows := d.contents(t); len(rows) > 0 || at.after != 0 {
			t.Errorf("%s: cursor %d, rows %v", name, at.after, rows)
		}
	}
}

func TestOtherScopesEmptyTheTablesButNotWhatIsUnsent(t *testing.T) {
	d := enrolled(t, testSettings(1))
	d.takes(t, pageOf(1, false, patchset(t, d.Catalogue, "finding", rowID(20), finding("舊組的"))))
	d.put(t, "finding", rowID(21), finding("沒上傳的"))
	p := pageOf(2, false, patchset(t, d.Catalogue, "finding", rowID(22), finding("新組的")))
	p.scopes = `["campaign","team:b"]`
	if anew, err := d.takePage(p, false); err != nil || !anew {
		t.Fatalf("anew %t, %v", anew, err)
	}
	_, err := d.takePage(p, true)
	must(t, err)
	var titles []string
	for _, row := range d.contents(t)["finding"] {
		titles = append(titles, string(row[4].Bytes))
	}
	if diff := cmp.Diff([]string{"沒上傳的", "新組的"}, titles); diff != "" {
		t.Error(diff)
	}
}

func TestAnotherEpochIsPushedToAndThenPulledFromTheStart(t *testing.T) {
	restored := schema.Epoch(rowID(5))
	for _, refuses := range []bool{true, false} {
		var asked []string
		way := serving(t, func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, strings.TrimPrefix(r.URL.Path, "/api/v1/")+r.URL.Query().Get("after"))
			switch {
			case strings.HasSuffix(r.URL.Path, "token"):
				reply(t, w, 200, cborType, mobileapi.Token{AccessToken: "x", ExpiresIn: 900, ServerTime: startAt})
			case strings.HasSuffix(r.URL.Path, "push"):
				reply(t, w, 200, cborType, mobileapi.PushAnswer{
					Epoch: restored.String(), Clock: "1", Receipt: schema.Receipt{Next: 1},
				})
			case refuses && r.URL.Query().Get("after") != "0":
				reply(t, w, 409, "application/problem+json", map[string]any{"code": schema.FaultCursorAhead})
			default:
				reply(t, w, 200, cborType, mobileapi.PullAnswer{
					Epoch: restored.String(), Clock: "1", Scopes: []string{"campaign"}, Next: 3,
				})
			}
		})
		s := testSettings(1)
		s.Transport = way
		d := enrolled(t, s)
		d.takes(t, pageOf(7, false, patchset(t, d.Catalogue, "finding", rowID(20), finding("舊的"))))
		_, err := d.Pull(t.Context())
		must(t, err)
		if diff := cmp.Diff([]string{"token", "pull7", "push", "pull0"}, asked); diff != "" {
			t.Errorf("refuses %t:\n%s", refuses, diff)
		}
		seen, err := d.db.seen()
		must(t, err)
		if rows := d.contents(t); len(rows) > 0 || seen.Revision != 3 || seen.Epoch != restored {
			t.Errorf("refuses %t: seen %+v, rows %v", refuses, seen, rows)
		}
	}
}

func TestTheClockRisesWithEveryAnswer(t *testing.T) {
	d := enrolled(t, testSettings(1))
	p := pageOf(1, false, nil)
	high := uint64(1) << 62
	for _, at := range []uint64{high, 5} { // it never falls
		p.answer.Clock = strconv.FormatUint(at, 10)
		d.takes(t, p)
	}
	d.put(t, "finding", rowID(20), finding("之後"))
	last, err := stored[uint64](d.db, stateClock)
	must(t, err)
	if last != high+1 {
		t.Errorf("clock %d, want %d", last, high+1)
	}
}

package records_test

import (
	"bytes"
	"database/sql"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"sansuiji/server/store"
	"sansuiji/server/store/sqlite/records"
	"sansuiji/syncengine/changeset"

	_ "github.com/mattn/go-sqlite3"
)

func open(t testing.TB) *sql.DB {
	t.Helper()
	if err := records.Register(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// values are of every kind and of lengths around those of one and two byte
// varints.
func values() []changeset.Value {
	list := []changeset.Value{
		changeset.NullValue(), changeset.Int(0), changeset.Int(-1), changeset.Int(math.MinInt64),
		changeset.Int(math.MaxInt64), changeset.RealValue(0.5), changeset.RealValue(math.Inf(-1)),
		changeset.TextValue(""), changeset.TextValue("帳目不清"), changeset.BlobValue([]byte{}),
		changeset.TextValue("a\x00b"), changeset.TextValue("\xff\xfe"),
	}
	for _, n := range []int{1, 127, 128, 16383, 16384, 300_000} {
		list = append(list, changeset.BlobValue(bytes.Repeat([]byte{7}, n)))
	}
	return list
}

func TestRowsComeOutAsTheyWentIn(t *testing.T) {
	db := open(t)
	rows := store.NewRows(3)
	for i, v := range values() {
		rows.Add(changeset.Int(int64(i)), v, changeset.NullValue())
	}
	var packed []byte
	must(t, db.QueryRowContext(t.Context(), "SELECT records_of(x'', c0, c1, c2) FROM records(?)",
		rows.Packed()).Scan(&packed))
	if !bytes.Equal(packed, rows.Values()) {
		t.Errorf("%d bytes went in, %d came out", len(rows.Values()), len(packed))
	}
}

func TestAPrefixStandsBeforeEachRow(t *testing.T) {
	db := open(t)
	rows := store.NewRows(1)
	rows.Add(changeset.Int(1))
	rows.Add(changeset.NullValue())
	var packed []byte
	must(t, db.QueryRowContext(t.Context(), "SELECT records_of(x'1200', c0) FROM records(?)",
		rows.Packed()).Scan(&packed))
	want := []byte{0x12, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x12, 0, 5}
	if !bytes.Equal(packed, want) {
		t.Errorf("%x, want %x", packed, want)
	}
}

func TestNoRowsAreNull(t *testing.T) {
	db := open(t)
	var packed []byte
	must(t, db.QueryRowContext(t.Context(), "SELECT records_of(x'', c0) FROM records(?)",
		store.NewRows(1).Packed()).Scan(&packed))
	if packed != nil {
		t.Errorf("%x", packed)
	}
}

func TestRecordsNeedTheirArgument(t *testing.T) {
	if _, err := open(t).ExecContext(t.Context(), "SELECT * FROM records"); err == nil {
		t.Error("records without an argument can be read")
	}
}

// Groups of every number from none on, which come in no order, as a map counts them.
func TestATallyCountsDistinctRows(t *testing.T) {
	db := open(t)
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 127, 128, 129, 257, 5000} {
		rows, want := store.NewRows(2), map[string]int64{}
		for range n {
			a, b := changeset.Int(int64(r.IntN(1+n/3))), values()[r.IntN(8)]
			rows.Add(a, b)
			want[string(changeset.AppendValue(changeset.AppendValue(nil, a), b))]++
		}
		var packed []byte
		must(t, db.QueryRowContext(t.Context(), "SELECT tally_of(c0, c1) FROM records(?)", rows.Packed()).Scan(&packed))
		left, c, got := store.Packed(packed), [3]changeset.Value{}, map[string]int64{}
		for more, err := left.Next(c[:]); more; more, err = left.Next(c[:]) {
			must(t, err)
			got[string(changeset.AppendValue(changeset.AppendValue(nil, c[0]), c[1]))] += c[2].Int64()
		}
		if !maps.Equal(got, want) {
			t.Errorf("of %d rows: %d groups, want %d", n, len(got), len(want))
		}
	}
}

// FuzzRecords wants an error or rows of any bytes, and never a read beyond them.
func FuzzRecords(f *testing.F) {
	db := open(f)
	rows := store.NewRows(2)
	for _, v := range values()[:12] {
		rows.Add(v, v)
	}
	for _, seed := range [][]byte{nil, {0}, {0, 1}, {0, 0}, {0xff, 0xff}, {0, 1, 3, 0x85}, rows.Packed()} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var packed []byte
		err := db.QueryRowContext(t.Context(), "SELECT records_of(x'', c0, c79) FROM records(?)", b).
			Scan(&packed)
		if err == nil && len(b) < 2 {
			t.Errorf("%x gave %x", b, packed)
		}
		var tally []byte
		if again := db.QueryRowContext(t.Context(), "SELECT tally_of(c0, c79) FROM records(?)", b).Scan(&tally); (again == nil) != (err == nil) {
			t.Errorf("%x: rows %v, a tally of them %v", b, err, again)
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

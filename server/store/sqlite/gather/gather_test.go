package gather_test

import (
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/server/store/sqlite/gather"

	_ "github.com/mattn/go-sqlite3"
)

// open opens a file on one connection, with so small a cache that transactions spill
// into the log before they commit.
func open(t *testing.T, path, more string) *sql.DB {
	t.Helper()
	if err := gather.Register(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_cache_size=10"+more)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// rows is what a table a of numbers and long texts holds.
type rows map[int]string

func read(t *testing.T, db *sql.DB) rows {
	t.Helper()
	found, err := db.QueryContext(t.Context(), "SELECT id, v FROM a")
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	have := rows{}
	for found.Next() {
		var id int
		var v string
		if err := found.Scan(&id, &v); err != nil {
			t.Fatal(err)
		}
		have[id] = v
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return have
}

// change writes rows at random in a transaction that commits or does not, and
// returns what is there after it.
func (before rows) change(t *testing.T, db *sql.DB, random *rand.Rand) rows {
	t.Helper()
	run(t, db, "BEGIN IMMEDIATE")
	after := maps.Clone(before)
	for range 1 + random.IntN(150) {
		id, v := random.IntN(500), strings.Repeat(string('a'+rune(random.IntN(26))), random.IntN(2000))
		if random.IntN(10) == 0 {
			run(t, db, "SAVEPOINT part; INSERT OR REPLACE INTO a VALUES (?, ''); ROLLBACK TO part; RELEASE part", id)
		}
		run(t, db, "INSERT OR REPLACE INTO a VALUES (?, ?)", id, v)
		after[id] = v
	}
	if random.IntN(3) == 0 {
		run(t, db, "ROLLBACK")
		return before
	}
	run(t, db, "COMMIT")
	return after
}

// crashed is the file and its log as they are, opened without us.
func crashed(t *testing.T, path string) rows {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "b.db")
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied+end, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, copied, "")
	defer func() { _ = db.Close() }()
	var verdict string
	if err := db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Fatalf("%s %v", verdict, err)
	}
	return read(t, db)
}

func TestWhatIsCommittedIsInTheFilesAndNothingElse(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			path := filepath.Join(t.TempDir(), "a.db")
			ours := open(t, path, "&vfs="+gather.VFS)
			run(t, ours, "CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT); PRAGMA wal_autocheckpoint = 300")
			theirs := open(t, path, "")
			want := rows{}
			for i := range 40 {
				writer := ours
				if random.IntN(4) == 0 {
					writer = theirs
				}
				want = want.change(t, writer, random)
				if random.IntN(8) == 0 {
					run(t, writer, "PRAGMA wal_checkpoint(TRUNCATE)")
				}
				for name, have := range map[string]rows{
					"ours": read(t, ours), "theirs": read(t, theirs), "after a crash": crashed(t, path),
				} {
					if !maps.Equal(want, have) {
						t.Fatalf("step %d: %s has %d rows that differ from the %d", i, name, len(have), len(want))
					}
				}
			}
		})
	}
}

// writes is how many calls to write this process has made.
func writes(t *testing.T) (n int) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Skip("only Linux tells")
	}
	_, after, _ := strings.Cut(string(b), "syscw: ")
	if _, err := fmt.Sscan(after, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestACommitWritesMuchAtOnce(t *testing.T) {
	const pages = 400
	count := func(more string) int {
		db := open(t, filepath.Join(t.TempDir(), "a.db"), more)
		run(t, db, "PRAGMA cache_size = -8000; CREATE TABLE a (id INTEGER PRIMARY KEY, v BLOB)")
		run(t, db, "BEGIN; INSERT INTO a VALUES (1, zeroblob(?))", pages*4096)
		before := writes(t)
		run(t, db, "COMMIT")
		return writes(t) - before
	}
	if plain, ours := count(""), count("&vfs="+gather.VFS); plain < pages || ours > pages/10 {
		t.Errorf("%d pages took %d calls, and %d gathered", pages, plain, ours)
	}
}

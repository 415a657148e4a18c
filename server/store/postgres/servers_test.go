package postgres_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/syncengine/chain"

	"github.com/jackc/pgx/v5"
)

// servers are several of them on one database.
func servers(t testing.TB, n int) (url string, list []*postgres.Store) {
	t.Helper()
	url = postgrestest.Migrated(t)
	for range n {
		list = append(list, open(t, url, postgres.Options{Connections: 3}))
	}
	return url, list
}

func begin(t testing.TB, s *postgres.Store) schema.CampaignID {
	t.Helper()
	campaign := schema.CampaignID(schema.NewRowID())
	must(t, s.Begin(t.Context(), campaign, schema.Epoch(schema.NewRowID())))
	return campaign
}

// grow takes one entry of a new author into a campaign.
func grow(t testing.TB, s *postgres.Store, campaign schema.CampaignID) error {
	return s.Merge(t.Context(), campaign, func(tx *store.Tx) error {
		a, err := tx.Author(schema.DeviceID(schema.NewRowID()))
		if err != nil {
			return err
		}
		state := tx.State()
		state.Position++
		state.Revision += 3
		a.Head = chain.Head{Seq: 1}
		return errors.Join(tx.SaveAuthor(a), tx.Append(&store.Record{
			Position: state.Position, Author: a.Number, Seq: 1, Outcome: schema.Merged,
			Revision: state.Revision, Entry: []byte{1},
		}))
	})
}

func count(t testing.TB, s *postgres.Store, query string, args ...any) (n int) {
	t.Helper()
	must(t, s.Look(t.Context(), func(q store.Queryer) error {
		return q.QueryRowContext(t.Context(), query, args...).Scan(&n)
	}))
	return n
}

func TestServersThatShareADatabaseMergeAsOne(t *testing.T) {
	const merges = 15
	_, list := servers(t, 3)
	campaigns := []schema.CampaignID{begin(t, list[0]), begin(t, list[1])}
	var all sync.WaitGroup
	for _, s := range list {
		for _, campaign := range campaigns {
			for range merges {
				all.Add(1)
				go func() {
					defer all.Done()
					if err := grow(t, s, campaign); err != nil {
						t.Error(err)
					}
				}()
			}
		}
	}
	all.Wait()
	for _, campaign := range campaigns {
		must(t, list[2].Read(t.Context(), campaign, func(v store.View) error {
			if want := uint64(merges * len(list)); v.State.Position != want || v.State.Revision != 3*want {
				t.Errorf("position %d, revision %d after %d merges", v.State.Position, v.State.Revision, want)
			}
			return nil
		}))
	}
	// Numbers and positions without a gap and without a twin: the keys see to the latter.
	if n := count(t, list[0], "SELECT count(*) FROM author WHERE no > $1", merges*len(list)); n != 0 {
		t.Errorf("%d authors have numbers that are too high", n)
	}
}

func TestCampaignsDoNotWaitForOneAnother(t *testing.T) {
	_, list := servers(t, 2)
	slow, quick := begin(t, list[0]), begin(t, list[0])
	must(t, list[0].Merge(t.Context(), slow, func(*store.Tx) error {
		return errors.Join(grow(t, list[0], quick), grow(t, list[1], quick))
	}))
}

func TestAMergeWhoseConnectionIsLostIsSentAgain(t *testing.T) {
	url, list := servers(t, 1)
	s, campaign := list[0], begin(t, list[0])
	for _, when := range []string{"before a question", "before the commit"} {
		err := s.Merge(t.Context(), campaign, func(tx *store.Tx) error {
			a, err := tx.Author(schema.DeviceID(schema.NewRowID()))
			must(t, err)
			must(t, tx.SaveAuthor(a))
			must(t, tx.Flush())
			cut(t, url)
			if when == "before a question" {
				_, err = tx.Author(schema.DeviceID(schema.NewRowID()))
				_, again := tx.Author(schema.DeviceID(schema.NewRowID()))
				if err == nil || again == nil {
					t.Error("a lost connection answered")
				}
			}
			return err
		})
		if schema.FaultCode(err) != schema.FaultBusy {
			t.Errorf("%s: %v, want %s", when, err, schema.FaultBusy)
		}
		if n := count(t, s, "SELECT count(*) FROM author"); n != 0 {
			t.Errorf("%s: %d authors", when, n)
		}
	}
	must(t, grow(t, s, campaign))
	err := s.Read(t.Context(), campaign, func(v store.View) error {
		cut(t, url)
		var n int
		return v.QueryRowContext(t.Context(), "SELECT count(*) FROM author").Scan(&n)
	})
	if schema.FaultCode(err) != schema.FaultBusy {
		t.Errorf("read: %v, want %s", err, schema.FaultBusy)
	}
	if n := count(t, s, "SELECT count(*) FROM author"); n != 1 {
		t.Errorf("%d authors at last", n)
	}
}

// cut ends all connections to a database but its own.
func cut(t testing.TB, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer func() { must(t, conn.Close(t.Context())) }()
	_, err = conn.Exec(t.Context(), `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	must(t, err)
}

func TestAFailureThatAMergePassesOverUndoesItAllTheSame(t *testing.T) {
	_, list := servers(t, 1)
	s, campaign := list[0], begin(t, list[0])
	must(t, grow(t, s, campaign))
	err := s.Merge(t.Context(), campaign, func(tx *store.Tx) error {
		must(t, tx.Append(&store.Record{Position: 1, Author: 9, Seq: 9, Entry: []byte{1}})) // taken
		_ = tx.Flush()
		return tx.SaveAuthor(&store.Author{Number: 77, Device: schema.DeviceID(schema.NewRowID())})
	})
	if err == nil {
		t.Error("kept")
	}
	if n := count(t, s, "SELECT count(*) FROM author"); n != 1 {
		t.Errorf("%d authors", n)
	}
	must(t, grow(t, s, campaign))
}

func TestWhoFindsNoConnectionIsToldToTryAgain(t *testing.T) {
	url := postgrestest.Migrated(t)
	s := open(t, url, postgres.Options{Connections: 1, Wait: 50 * time.Millisecond})
	campaign := begin(t, s)
	other := begin(t, s)
	must(t, s.Merge(t.Context(), campaign, func(*store.Tx) error {
		if err := grow(t, s, other); schema.FaultCode(err) != schema.FaultBusy {
			t.Errorf("%v, want %s", err, schema.FaultBusy)
		}
		return s.Read(t.Context(), campaign, func(store.View) error { return nil }) // readers have their own
	}))
	_, err := postgres.Open(t.Context(), "postgres:///x?host=/nowhere", schema.NewCatalogue())
	if err == nil {
		t.Error("a server that is not there answered")
	}
}

func TestATextThatIsNoneFindsNothing(t *testing.T) {
	_, list := servers(t, 1)
	for _, text := range []string{"a\x00b", "\xff"} {
		err := list[0].Look(t.Context(), func(q store.Queryer) error {
			var n int
			return q.QueryRowContext(t.Context(), "SELECT count(*) FROM account WHERE login = $1", text).Scan(&n)
		})
		if schema.FaultCode(err) != schema.FaultValue {
			t.Errorf("%q: %v, want %s", text, err, schema.FaultValue)
		}
	}
	if n := count(t, list[0], "SELECT count(*) FROM account WHERE id = $1", []byte("no id")); n != 0 {
		t.Errorf("%d accounts with an impossible id", n)
	}
}

func TestSumsAndWordsComeAsTheyDoFromSQLite(t *testing.T) {
	_, list := servers(t, 1)
	must(t, list[0].Look(t.Context(), func(q store.Queryer) error {
		var sum, small, real, none, text any
		must(t, q.QueryRowContext(t.Context(), `SELECT sum(n), 1, CAST(0.5 AS double precision), NULL, 'x'
			FROM (VALUES (CAST(4000000000 AS bigint)), (2)) AS t(n)`).Scan(&sum, &small, &real, &none, &text))
		if sum != int64(4000000002) || small != int64(1) || real != 0.5 || none != nil || text != "x" {
			t.Errorf("%T %v, %T %v, %v, %v, %v", sum, sum, small, small, real, none, text)
		}
		return nil
	}))
}

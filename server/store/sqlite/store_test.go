package sqlite_test

import (
	"path/filepath"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
	"sansuiji/server/store/storetest"
	"sansuiji/syncengine/failpoint"
)

func TestSQLiteIsAStore(t *testing.T) {
	storetest.Run(t, func(t testing.TB, points failpoint.Points) store.Store {
		s, err := sqlite.OpenWith(t.Context(), filepath.Join(t.TempDir(), "a.db"), schema.NewCatalogue(),
			sqlite.Options{Points: points})
		must(t, err)
		t.Cleanup(func() { must(t, s.Close()) })
		return s
	})
}

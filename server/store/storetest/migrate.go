package storetest

import (
	"regexp"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"

	"github.com/google/go-cmp/cmp"
)

// firstVersion is a database as the first version of this program left it: a
// finding that team 2 has and team 3 had, and a conflict about its severity.
const firstVersion = `
INSERT INTO campaign_state VALUES (7, x'C1000000000000000000000000000001', x'E1000000000000000000000000000001', 12, 3, 99);
INSERT INTO author VALUES (7, 2, x'DD000000000000000000000000000001', 2, x'00', 3);
INSERT INTO history VALUES
  (7, 1, 1, 1, x'00', 1, 1, 'merged', NULL, NULL, 5, x'00'),
  (7, 2, 2, 1, x'00', 2, 1, 'merged', NULL, NULL, 8, x'00'),
  (7, 3, 2, 2, x'00', 3, 1, 'merged', NULL, NULL, 12, x'00');
INSERT INTO finding (campaign_no, id, visit_id, title, _scope, _revision, _clocks)
  VALUES (7, x'F1000000000000000000000000000001', x'00000000000000000000000000000002', '甲', 2, 12, x'');
INSERT INTO unit (campaign_no, id, code, name, category, _scope, _revision, _clocks)
  VALUES (7, x'A1000000000000000000000000000001', 'V', '村', 'village', 0, 5, x'');
INSERT INTO departure VALUES (7, 3, 12, 'finding', x'F1000000000000000000000000000001');
INSERT INTO conflict VALUES (7, x'D1000000000000000000000000000001', 'finding',
  x'F1000000000000000000000000000001', 'severity', x'03056D696E6F72', 'open', 77, NULL);
INSERT INTO conflict_write VALUES
  (7, x'D1000000000000000000000000000001', 2, 7, 65536, x'0307736572696F7573', x'03056D696E6F72', 1),
  (7, x'D1000000000000000000000000000001', 2, 11, 65537, x'05', NULL, 0);
`

// FirstVersion is rows for a database after its first migration, as SQL.
func FirstVersion(engine schema.Engine) string {
	if engine == schema.OnPostgres {
		ids := regexp.MustCompile(`x'([0-9A-F]{32})'`).ReplaceAllString(firstVersion, `'$1'`)
		return regexp.MustCompile(`x'([0-9A-F]*)'`).ReplaceAllString(ids, `'\x$1'`)
	}
	return firstVersion
}

// CheckFirstVersion wants what FirstVersion made after the later migrations.
func CheckFirstVersion(t testing.TB, s store.Store) {
	t.Helper()
	b := &bed{TB: t, store: s, catalogue: schema.NewCatalogue(), campaign: schema.CampaignID{0xc1, 15: 1}}
	b.read(func(v store.View) {
		checkChanges(b, v)
		checkWrites(b, v)
		var began, revision int64
		must(t, v.QueryRowContext(b.ctx(), "SELECT began, revision FROM epoch WHERE campaign_no = 7 AND epoch = $1",
			v.State.Epoch[:]).Scan(&began, &revision))
		if began != 0 || revision != 0 || v.State.Schema != 1 {
			t.Errorf("epoch began at %d, revision %d; schema %d", began, revision, v.State.Schema)
		}
	})
	for no, want := range map[int]int{2: 12, 3: 0} { // the second author's last merge
		if n := b.count("SELECT coalesce(max(revision), 0) FROM author WHERE campaign_no = $1 AND no = $2", no); n != want {
			t.Errorf("author %d merged last at %d, want %d", no, n, want)
		}
	}
}

// checkChanges wants the finding in the lists of both teams, and the unit, which
// headquarters alone has, in none.
func checkChanges(t *bed, v store.View) {
	t.Helper()
	for _, scope := range []int64{2, 3} {
		var first uint64
		var packed []byte
		must(t, v.QueryRowContext(t.ctx(), `SELECT first, rows FROM change
			WHERE campaign_no = 7 AND scope = $1`, scope).Scan(&first, &packed))
		got, err := store.ReadChanges(nil, first, packed)
		must(t, err)
		want := []store.Changed{{
			Revision: 12, Table: t.catalogue.MustTable("finding").Number, ID: schema.RowID{0xf1, 15: 1},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("changes of scope %d (-want +got):\n%s", scope, diff)
		}
	}
	var n int
	must(t, v.QueryRowContext(t.ctx(), "SELECT count(*) FROM change").Scan(&n))
	if n != 2 {
		t.Errorf("%d lists of changes", n)
	}
}

func checkWrites(t *bed, v store.View) {
	t.Helper()
	var packed []byte
	must(t, v.QueryRowContext(t.ctx(), `SELECT writes FROM conflict WHERE campaign_no = 7
		AND state = 'open' AND opened_at = 77`).Scan(&packed))
	competing, gone, err := store.ReadWrites(packed)
	must(t, err)
	want := []merge.Write{{
		Author: 2, Seq: 1, Revision: 7, Clock: 65536, Value: changeset.TextValue("serious"),
		Base: changeset.TextValue("minor"),
	}}
	if diff := cmp.Diff(want, competing); diff != "" {
		t.Errorf("competing (-want +got):\n%s", diff)
	}
	want = []merge.Write{{Author: 2, Seq: 2, Revision: 11, Clock: 65537, Value: changeset.NullValue()}}
	if diff := cmp.Diff(want, gone); diff != "" {
		t.Errorf("gone (-want +got):\n%s", diff)
	}
}

package audit_test

import (
	"strings"
	"testing"

	"sansuiji/server/audit"
)

func TestARowThatIsGoneIsOneDifference(t *testing.T) {
	s := newSaga(t, 7, 12)
	ids := s.query(`SELECT lower(hex(id)) FROM finding WHERE campaign_no = $1 ORDER BY id`)
	if len(ids) < 3 {
		t.Fatalf("%d findings", len(ids))
	}
	s.exec(`DELETE FROM finding WHERE hex(id) = upper('` + ids[0] + `')`)
	s.exec(`UPDATE finding SET title = '一切正常' WHERE hex(id) = upper('` + ids[2] + `')`)
	r, err := audit.Check(t.Context(), s.w.Catalogue, s.w.Store, s.w.Open(), s.w.Campaign)
	must(t, err)
	if len(r.Faults) != 2 {
		t.Fatalf("%d differences: %v", len(r.Faults), r.Faults)
	}
	gone, other := r.Faults[0], r.Faults[1]
	if !strings.HasSuffix(gone.En, "of the history is missing") || !strings.HasPrefix(gone.Zh, "finding：缺少") ||
		strings.ReplaceAll(gone.En[len("finding: row "):][:36], "-", "") != ids[0] {
		t.Errorf("%+v", gone)
	}
	if !strings.Contains(other.En, ", title: 一切正常; the history gives ") || !strings.Contains(other.Zh, "的 title：現為 一切正常") {
		t.Errorf("%+v", other)
	}
}

func TestARowThatNobodyWroteIsOneDifference(t *testing.T) {
	s := newSaga(t, 8, 12)
	columns := s.query(`SELECT name FROM pragma_table_info('finding') WHERE name <> 'id' AND $1 > 0`)
	rest := strings.Join(columns, ", ")
	s.exec(`INSERT INTO finding (id, ` + rest + `) SELECT X'00000000000070008000000000000001', ` + rest + ` FROM finding LIMIT 1`)
	r, err := audit.Check(t.Context(), s.w.Catalogue, s.w.Store, s.w.Open(), s.w.Campaign)
	must(t, err)
	if len(r.Faults) != 1 || r.Faults[0].En != "finding: row 00000000-0000-7000-8000-000000000001 is in no entry of the history" {
		t.Errorf("%v", r.Faults)
	}
}

package main

import (
	"bytes"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/review"
	"sansuiji/server/store/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestTwoServersShareAPostgreSQLDatabase(t *testing.T) {
	s := testSettings(t.TempDir())
	s.database = postgrestest.Empty(t)
	first := startWith(t, s)
	second := startWith(t, s) // the folder is not locked: it holds the demo's words alone
	if first.access != second.access {
		t.Errorf("the second server made a city of its own: %+v", second.access)
	}
	a, b := first.enrolled(jsonFormat()), second.enrolled(cborFormat())
	id := a.saveFinding()
	if r := a.push(); r.Entries[0].Outcome != schema.Merged {
		t.Errorf("receipt %+v", r)
	}
	rows := b.pull()["finding"]
	if len(rows) != 1 || schema.RowID(rows[0].New[0].Bytes) != id {
		t.Errorf("the other server's phone pulled %v", rows)
	}
	for _, p := range []*program{first, second} {
		if page := ask[review.FindingPage](p, "/api/hq/campaigns/{campaign}/findings"); page.Total != 1 {
			t.Errorf("headquarters sees %d findings", page.Total)
		}
	}
}

func TestARestoredPostgreSQLDatabaseBeginsANewEpoch(t *testing.T) {
	s := testSettings(t.TempDir())
	s.database = postgrestest.Empty(t)
	p := startWith(t, s)
	a := p.enrolled(cborFormat())
	before := a.Seen.Epoch
	p.stop()
	var out, errs bytes.Buffer
	if code := run([]string{"restore", "--database", s.database}, nil, &out, &errs); code != 0 {
		t.Fatalf("exit %d\n%s", code, &errs)
	}
	if strings.Count(out.String(), "new epoch") != 1 || strings.Contains(out.String(), before.String()) {
		t.Errorf("said %q; the epoch was %s", &out, before)
	}
	startWith(t, s) // and it is sound when it stops
}

func TestADatabaseThatIsNotThereIsAnError(t *testing.T) {
	var out, errs bytes.Buffer
	url := "postgres://me:secretword@localhost:1/nowhere"
	if code := run([]string{"fsck", "--database", url}, nil, &out, &errs); code != 2 {
		t.Errorf("exit %d\n%s", code, &errs)
	}
	text := errs.String()
	if !strings.Contains(text, "open database") || strings.Contains(text, "secretword") {
		t.Errorf("said %q", text)
	}
}

package main

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
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

func TestAPostgreSQLDatabaseThatIsServedIsNotRestored(t *testing.T) {
	s := testSettings(t.TempDir())
	s.database = postgrestest.Empty(t)
	first := startWith(t, s)
	second := startWith(t, s)
	at := first.position()
	refused(t, "stop them first: sansuiji on ", "restore", "--database", s.database)
	first.stop()
	refused(t, fmt.Sprintf("process %d at localhost:0", os.Getpid()), "restore", "--database", s.database)
	if n := second.position(); n != at || len(second.events(schema.EventRestored)) != 0 {
		t.Errorf("%d entries, there were %d", n, at)
	}
	second.stop()
	command(t, "restore", "--database", s.database)
}

func TestABackupOfPostgreSQLIsRestoredIntoEitherEngine(t *testing.T) {
	s := testSettings(t.TempDir())
	s.database = postgrestest.Empty(t)
	p := startWith(t, s)
	a := p.newTablet(p.overHTTP())
	a.find("備份前")
	a.sync()
	had := p.position()
	file := filepath.Join(t.TempDir(), "copy.db")
	if text := command(t, "backup", "--database", s.database, file); !strings.Contains(text, fmt.Sprintf("%d entries in %s", had, file)) {
		t.Errorf("it says %q", text)
	}
	a.sync()
	if status := a.status(); status.BackedUp == 0 || status.Alarm != nil {
		t.Errorf("the phone says %+v, alarm %+v", status.Counts, status.Alarm)
	}
	a.find("備份後")
	a.sync()
	refused(t, "others work on this database", "restore", "--database", s.database, file)
	p.stop()
	refused(t, "there are campaigns in the database already", "restore", "--database", s.database, file)

	folder := t.TempDir()
	command(t, "restore", "--data", folder, file)
	command(t, "fsck", "--data", folder)

	s.database = postgrestest.Empty(t)
	if text := command(t, "restore", "--database", s.database, file); !strings.Contains(text, fmt.Sprintf("%d entries, new epoch", had)) {
		t.Errorf("it says %q", text)
	}
	again := startWith(t, s) // its rows follow from its history when it stops
	if n := again.inHistory(a.identity()); n != 1 {
		t.Errorf("%d entries of the phone in the restored history", n)
	}
	again.follow(a)
	a.sync()
	if n := again.inHistory(a.identity()); n != 2 {
		t.Errorf("%d entries after the phone came", n)
	}
	command(t, "campaign", "add", "--database", s.database, "--code", "NEXT", "--name", "第二批") // has a number of its own
	if page := ask[review.FindingPage](again, "/api/hq/campaigns/{campaign}/findings?q="+url.QueryEscape("備份前")); page.Total != 1 {
		t.Errorf("a search finds %d", page.Total)
	}
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

package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// refused runs the program with arguments, which it must refuse with words.
func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, nil, &out, &errs); code != 1 || !strings.Contains(errs.String(), want) {
		t.Errorf("%v: exit %d, want 1 and %q:\n%s%s", args[0], code, want, &out, &errs)
	}
}

// position is how many entries a program's history has.
func (p *program) position() (n uint64) {
	p.t.Helper()
	must(p.t, p.store.Read(context.Background(), p.access.Campaign, func(v store.View) error {
		n = v.State.Position
		return nil
	}))
	return n
}

// files are a folder's files with their contents, the lock left out.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	list, err := os.ReadDir(folder)
	must(t, err)
	for _, f := range list {
		if f.IsDir() || f.Name() == "lock" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(folder, f.Name()))
		must(t, err)
		all[f.Name()] = string(b)
	}
	return all
}

func TestABackupIsMadeWhileTheServerWorks(t *testing.T) {
	p := start(t)
	a := p.newTablet(p.overHTTP())
	stop, written := make(chan struct{}), make(chan int)
	go func() { // a phone that goes on all the while
		n := 0
		defer func() { written <- n }()
		for {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := a.Save(a.finding(fmt.Sprintf("第%d條", n), new(schema.RowID))); err != nil {
				t.Error(err)
				return
			}
			if _, err := a.Sync(context.Background()); err != nil {
				t.Error(err)
				return
			}
			n++
		}
	}()
	var copies []string
	for n := range 5 {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("copy-%d.db", n))
		if text := command(t, "backup", "--data", p.data, file); !strings.Contains(text, "entries in "+file) {
			t.Errorf("it says %q", text)
		}
		copies = append(copies, file)
	}
	close(stop)
	saved := <-written
	a.sync()
	if s := a.status(); saved == 0 || s.BackedUp == 0 || s.Alarm != nil || p.inHistory(a.identity()) != saved {
		t.Errorf("%d saved, %+v, alarm %+v", saved, s.Counts, s.Alarm)
	}
	for _, file := range copies {
		folder := t.TempDir()
		must(t, os.Rename(file, databaseOf(folder)))
		command(t, "fsck", "--data", folder)
	}
	refused(t, "already exists", "backup", "--data", p.data, databaseOf(p.data))
	refused(t, "find the database", "backup", "--data", t.TempDir(), filepath.Join(t.TempDir(), "x"))
}

func TestABackupIsRestoredIntoAnEmptyFolderAndOverAnother(t *testing.T) {
	p := start(t)
	a := p.newTablet(p.overHTTP())
	a.find("備份前")
	a.sync()
	file := p.backup()
	had := p.position()
	a.find("備份後")
	a.sync()
	p.stop()

	empty := filepath.Join(t.TempDir(), "new")
	text := command(t, "restore", "--data", empty, file)
	if !strings.Contains(text, fmt.Sprintf("%d entries, new epoch", had-1)) || strings.Contains(text, "kept in") ||
		!strings.Contains(text, "copy them back") {
		t.Errorf("it says %q", text)
	}
	command(t, "fsck", "--data", empty)

	before := files(t, p.data)
	text = command(t, "restore", "--data", p.data, file)
	kept, err := filepath.Glob(filepath.Join(p.data, "replaced-*"))
	must(t, err)
	if len(kept) != 1 || !strings.Contains(text, kept[0]) || strings.Contains(text, "copy them back") {
		t.Fatalf("kept in %v; it says %q", kept, text)
	}
	if files(t, kept[0])["sansuiji.db"] != before["sansuiji.db"] {
		t.Error("what was replaced is not what was there")
	}
	again := startOn(t, p.data)
	if n := again.inHistory(a.identity()); n != 1 {
		t.Errorf("%d entries in the restored history", n)
	}
	if events := again.events(schema.EventRestored); len(events) != 1 || events[0].Position != had-1 {
		t.Errorf("headquarters says %+v, had %d", events, had)
	}
	again.follow(a)
	a.sync()
	if n := again.inHistory(a.identity()); n != 2 {
		t.Errorf("%d entries after the phone came", n)
	}
}

func TestAFolderThatIsServedIsNotRestored(t *testing.T) {
	p := start(t)
	file := p.backup()
	at := p.position()
	refused(t, "another sansuiji works on this folder", "restore", "--data", p.data, file)
	if p.position() != at || len(p.events(schema.EventRestored)) != 0 {
		t.Error("it was touched")
	}
}

func TestACopyThatCannotBeUsedIsRefusedAndNothingChanges(t *testing.T) {
	p := start(t)
	file := p.backup()
	p.stop()
	whole, err := os.ReadFile(file)
	must(t, err)
	damaged := bytes.Clone(whole)
	copy(damaged[len(damaged)/2:], bytes.Repeat([]byte{0xa5}, 64<<10))
	before := files(t, p.data)
	for name, content := range map[string][]byte{
		"cut off": whole[:len(whole)*2/3], "overwritten in the middle": damaged,
		"empty": {}, "of another kind": []byte(strings.Repeat("no database ", 1000)),
	} {
		bad := filepath.Join(t.TempDir(), "bad.db")
		must(t, os.WriteFile(bad, content, 0o600))
		refused(t, "sansuiji restore", "restore", "--data", p.data, bad)
		checkUntouched(t, name, before, files(t, p.data))
	}
	newer := filepath.Join(t.TempDir(), "newer.db")
	must(t, os.WriteFile(newer, whole, 0o600))
	db, err := sql.Open("sqlite3", newer)
	must(t, err)
	_, err = db.ExecContext(t.Context(), "PRAGMA user_version = 99")
	must(t, err)
	must(t, db.Close())
	refused(t, "use a newer program", "restore", "--data", p.data, newer)
	checkUntouched(t, "newer", before, files(t, p.data))
	refused(t, "no such file", "restore", "--data", p.data, filepath.Join(t.TempDir(), "none"))
}

func checkUntouched(t *testing.T, name string, before, after map[string]string) {
	t.Helper()
	if len(before) != len(after) {
		t.Errorf("%s: %d files, there were %d", name, len(after), len(before))
	}
	for file, content := range before {
		if after[file] != content {
			t.Errorf("%s: %s has changed", name, file)
		}
	}
}

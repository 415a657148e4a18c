package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTheProgramSaysWhetherItWorks(t *testing.T) {
	p := start(t)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if a := p.send(request{method: method, path: healthPath}); a.status != http.StatusOK || method == http.MethodGet && string(a.body) != "ok\n" {
			t.Errorf("%s: %s", method, &a)
		}
	}
	broken, err := openApp(t.Context(), testSettings(t.TempDir()), slog.New(slog.DiscardHandler))
	must(t, err)
	must(t, broken.Close())
	must(t, broken.listener.Close())
	answered := httptest.NewRecorder()
	broken.handler.ServeHTTP(answered, httptest.NewRequest(http.MethodGet, healthPath, nil))
	if answered.Code != http.StatusServiceUnavailable || !strings.Contains(answered.Body.String(), `"busy"`) {
		t.Errorf("without a database: %d %s", answered.Code, answered.Body)
	}
}

func TestARequestThatDoesNotEndIsBrokenOffAndThatIsNoFailure(t *testing.T) {
	p := start(t)
	p.drain = 100 * time.Millisecond
	d := p.enrolled(cborFormat())
	d.saveFinding()
	whole := d.pushRequest(d.Take())
	req, send := p.slowly(t.Context(), whole)
	ended := make(chan error, 1)
	go func() {
		res, err := transport().RoundTrip(req)
		if err == nil {
			err = res.Body.Close()
		}
		ended <- err
	}()
	_, err := send.Write(whole.body[:10])
	must(t, err)
	p.stop()
	must(t, send.Close())
	if err := <-ended; err == nil {
		t.Error("half a push was answered")
	}
	if !strings.Contains(p.log.String(), "took too long and were broken off") {
		t.Errorf("the log says\n%s", p.log)
	}
}

func TestTheLogSaysWhoIsKeptOut(t *testing.T) {
	p := start(t)
	login := jsonFormat().post(t, "/api/hq/login", map[string]string{"login": "admin", "password": "wrong"})
	p.send(login.with("Origin", "https://hq.example"))
	if text := p.log.String(); !strings.Contains(text, "must pass Host and Origin on") || !strings.Contains(text, "origin=https://hq.example") {
		t.Errorf("of another site: %s", text)
	}
	for range 15 {
		p.send(login.with("X-Real-IP", "198.51.100.7"))
	}
	if text := p.log.String(); !strings.Contains(text, `"too many attempts" path=/api/hq/login from=198.51.100.7`) {
		t.Errorf("of guessing: %s", text)
	}
}

func TestTheProgramSaysWhereItListens(t *testing.T) {
	for addr, want := range map[string]string{
		"localhost:0": "http://localhost:", "127.0.0.1:0": "http://localhost:", ":0": "http://localhost:", "127.0.0.2:0": "http://127.0.0.2:",
	} {
		s := testSettings(t.TempDir())
		s.addr = addr
		a, err := openApp(t.Context(), s, slog.New(slog.DiscardHandler))
		must(t, err)
		if !strings.HasPrefix(a.url(), want) {
			t.Errorf("%s: %s", addr, a.url())
		}
		must(t, a.listener.Close())
		must(t, a.Close())
	}
}

func TestANewDatabaseSaysThatNobodyCanSignIn(t *testing.T) {
	data := t.TempDir()
	for people := range 2 {
		log := &logged{}
		a, err := openApp(t.Context(), testSettings(data), slog.New(slog.NewTextHandler(log, nil)))
		must(t, err)
		must(t, a.announceServing(t.Context(), io.Discard))
		if told := strings.Contains(log.String(), "nobody can sign in yet"); told != (people == 0) {
			t.Errorf("%d people: %s", people, log)
		}
		must(t, a.listener.Close())
		must(t, a.Close())
		command(t, "account", "add", "--data", data, "--login", fmt.Sprintf("a%d", people), "--name", "甲", "--role", "admin")
	}
}

func TestPhotosThatAreGoneAreToldToTheOperatorAndFoundWhenTheyAreBack(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	s := jpegOf(t, scene(7, 300, 200), 85)
	d.attach(s, "photo")
	d.wantStatus(d.create(s, len(s.bytes)), http.StatusCreated)
	d.wantStatus(d.patch(s, 0, s.bytes), http.StatusNoContent)
	p.stop()
	folder := filepath.Join(p.data, photoFolder)
	must(t, os.Rename(folder, folder+".away"))
	without := startOn(t, p.data)
	without.stop()
	if !strings.Contains(without.log.String(), "files of photos are gone") {
		t.Errorf("the log says\n%s", without.log)
	}
	must(t, os.RemoveAll(folder))
	must(t, os.Rename(folder+".away", folder))
	again := startOn(t, p.data)
	again.hq(request{}) // signs in
	if !strings.Contains(again.log.String(), "files of photos are back") {
		t.Errorf("the log says\n%s", again.log)
	}
	if whole := again.answerTo(again.get(t, "/photos/"+s.hash.String())); whole.status != http.StatusOK || len(whole.body) != len(s.bytes) {
		t.Errorf("%s", &whole)
	}
}

func TestACopyIsWholeOrNotThere(t *testing.T) {
	p := start(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "copy.db")
	for _, left := range []string{".part", ".part-journal", ".part-wal"} { // by one that was killed
		must(t, os.WriteFile(file+left, []byte("left"), 0o644))
	}
	command(t, "backup", "--data", p.data, file)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if have := files(t, folder); len(have) != 1 {
		t.Errorf("%d files", len(have))
	}
	told := len(p.events("backed_up"))
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := makeBackup(stopped, "", p.data, filepath.Join(folder, "second.db")); err == nil {
		t.Error("a copy that was stopped is none")
	}
	refused(t, "no such file", "backup", "--data", p.data, filepath.Join(folder, "none", "third.db"))
	if have := files(t, folder); len(have) != 1 || len(p.events("backed_up")) != told {
		t.Errorf("%d files, and devices were told", len(have))
	}
}

func TestWhatRootRestoresIsItsOwners(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can")
	}
	p := start(t)
	file := p.backup()
	const owner = 65534
	data, other := t.TempDir(), filepath.Join(t.TempDir(), "other")
	must(t, os.Chown(data, owner, owner))
	must(t, os.WriteFile(other, nil, 0o600))
	must(t, os.Link(other, filepath.Join(data, "named-twice")))
	must(t, os.Symlink(other, filepath.Join(data, "leads-out")))
	for range 2 { // the second keeps what the first put there
		command(t, "restore", "--data", data, file)
	}
	root, err := os.OpenRoot(data)
	must(t, err)
	defer func() { must(t, root.Close()) }()
	kept, err := filepath.Glob(filepath.Join(data, "replaced-*"))
	must(t, err)
	for _, name := range []string{"sansuiji.db", "lock", filepath.Base(kept[0]), filepath.Join(filepath.Base(kept[0]), "sansuiji.db")} {
		if s, err := ownerOf(root, name); err != nil || s.Uid != owner {
			t.Errorf("%s: %+v %v", name, s, err)
		}
	}
	if s, err := ownerOf(root, "named-twice"); err != nil || s.Uid != 0 {
		t.Errorf("a file of elsewhere was given away: %+v %v", s, err)
	}
}

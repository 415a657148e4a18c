package crash

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/edit"
)

// Bounds of the small disk.
const (
	diskSize  = "8m"
	fullTries = 500 // pushes or sign-ins until one must have met the full disk
)

// smallDisk is a program that runs another on a disk of its own, mounted at data
// for that program alone, with a copy of a folder on it.
func smallDisk(t *testing.T, data, from string) []string {
	t.Helper()
	apart := []string{"unshare", "--mount", "--propagation", "private"}
	if os.Getuid() != 0 {
		apart = append(apart, "--map-root-user")
	}
	script := `mount -t tmpfs -o size=` + diskSize + ` tmpfs "$0" && cp -r "$1"/* "$0" && shift && exec "$@"`
	wrap := append(apart, "sh", "-c", script, data, from)
	if out, err := exec.CommandContext(t.Context(), wrap[0], append(wrap[1:], "true")...).CombinedOutput(); err != nil {
		t.Fatalf("this test mounts a small disk in a namespace of its own: it needs unshare (util-linux), and to be "+
			"root with the capability SYS_ADMIN, or a kernel that lets users make namespaces: %v\n%s", err, out)
	}
	return wrap
}

func TestCrashAFullDiskLosesNothingAndIsOvercome(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, os.Mkdir(data, 0o700))
	city := newCity(t)
	w := newWorld(t, city, 200)
	var err error
	w.server, err = start(launch{
		file: program(t), data: data, wrap: smallDisk(t, data, city), env: []string{"SANSUIJI_CHECKPOINT=64"},
	})
	must(t, err)
	w.enrolAll()
	w.ready()
	inside := fmt.Sprintf("/proc/%d/root%s", w.server.pid, data)
	ballast := filepath.Join(inside, "ballast")
	fill(t, ballast)
	refused := w.pushUntilFull()
	w.checkRefusals(refused)
	w.readWhileFull()
	must(t, os.Remove(ballast))
	w.pushAll()
	must(t, w.editor.login())
	must(t, w.editor.decide())
	w.data = filepath.Join(t.TempDir(), "copy")
	must(t, syscall.Kill(w.server.pid, syscall.SIGSTOP))
	copyFolder(t, inside, w.data)
	w.server.kill()
	w.checkAll()
	count := 0
	for _, p := range w.phones {
		count += len(p.outcomes)
	}
	t.Logf("%d entries acknowledged; each phone met the full disk", count)
}

// ready has every phone see the city and push once.
func (w *world) ready() {
	w.t.Helper()
	for _, p := range w.phones {
		must(w.t, p.authenticate())
		must(w.t, p.pull())
		p.record()
		must(w.t, p.push())
	}
}

// fill writes a file until the disk is full.
func fill(t *testing.T, file string) {
	t.Helper()
	f, err := os.Create(file)
	must(t, err)
	for size := 1 << 16; size > 0; {
		if _, err = f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else {
			must(t, err)
		}
	}
	must(t, f.Close())
}

// pushUntilFull has all phones push at once until each was refused.
func (w *world) pushUntilFull() []error {
	w.t.Helper()
	refused := make([]error, len(w.phones))
	var all sync.WaitGroup
	for i, p := range w.phones {
		all.Go(func() {
			for range fullTries {
				p.recordLong()
				if refused[i] = p.push(); refused[i] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	return refused
}

// recordLong saves a finding with much to say.
func (p *phone) recordLong() {
	id := schema.NewRowID()
	p.save(func(b *edit.Builder) {
		b.Insert("finding", id, edit.Cells{
			"visit_id": edit.ID(*p.w.visit.Load()), "title": edit.Text("帳目不清"), "severity": edit.Text("minor"),
			"inspector_id": edit.ID(p.Inspector), "detail": edit.Text(strings.Repeat("長", 2000)),
		})
	})
	p.w.findings.add(id)
}

// checkRefusals wants the full disk named, in the words that people see.
func (w *world) checkRefusals(refused []error) {
	w.t.Helper()
	for i, err := range refused {
		var r *refusal
		if !errors.As(err, &r) || r.Status != 507 || r.Code != schema.FaultDiskFull ||
			r.Title != "The server's disk is full" || !strings.Contains(r.Advice, "make room") {
			w.t.Errorf("phone %d: %v", i, err)
		}
	}
	if code := codeOf(w.loginUntilFull()); code != schema.FaultDiskFull {
		w.t.Errorf("a sign-in on a full disk: %q", code)
	}
	if !strings.Contains(w.server.log.String(), "database or disk is full") {
		w.t.Errorf("nobody is told in the log:\n%s", &w.server.log)
	}
}

// loginUntilFull signs in until it is refused: what is small may fit for a while in
// what the write-ahead log and the file's pages have of the disk.
func (w *world) loginUntilFull() error {
	w.t.Helper()
	for n := range fullTries {
		if err := w.editor.login(); err != nil {
			w.t.Logf("%d sign-ins still fitted", n)
			return err
		}
	}
	return nil
}

// readWhileFull wants pulls to go on.
func (w *world) readWhileFull() {
	w.t.Helper()
	for _, p := range w.phones {
		must(w.t, p.pull())
	}
}

// pushAll has all phones push at once, as often as they were refused before.
func (w *world) pushAll() {
	w.t.Helper()
	var all sync.WaitGroup
	for _, p := range w.phones {
		all.Go(func() {
			for range 5 {
				p.recordLong()
				if err := p.push(); err != nil {
					w.t.Errorf("with room again: %v", err)
				}
			}
		})
	}
	all.Wait()
	for i, p := range w.phones {
		if len(p.outcomes) != len(p.sealed) {
			w.t.Errorf("phone %d: %d of %d entries acknowledged", i, len(p.outcomes), len(p.sealed))
		}
	}
}

// copyFolder copies a folder's files but SQLite's shared memory.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	must(t, os.Mkdir(to, 0o700))
	entries, err := os.ReadDir(from)
	must(t, err)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-shm") || slices.Contains(otherFolders(), e.Name()) {
			continue
		}
		in, err := os.Open(filepath.Join(from, e.Name()))
		must(t, err)
		out, err := os.Create(filepath.Join(to, e.Name()))
		must(t, err)
		_, err = io.Copy(out, in)
		must(t, errors.Join(err, in.Close(), out.Close()))
	}
}

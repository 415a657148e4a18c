package crash

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"sansuiji/syncengine/failpoint"
)

// restoreParts is how many files a restore moves at most.
const restoreParts = 3

func TestCrashARestoreThatWasKilledIsDoneAgain(t *testing.T) {
	w := newWorld(t, newCity(t), 300)
	var err error
	w.server, err = start(launch{file: program(t), data: w.data})
	must(t, err)
	w.enrolAll()
	w.ready()
	copied := filepath.Join(t.TempDir(), "copy.db")
	if out, err := w.command(w.data, "backup", copied); err != nil {
		t.Fatalf("backup: %v\n%s", err, out)
	}
	w.ready() // acknowledged, and not in the copy
	w.server.kill()
	for _, point := range failpoint.Names() {
		if !strings.HasPrefix(point, "restore.") {
			continue
		}
		for count := 1; count == 1 || point == "restore.part-moved" && count <= restoreParts; count++ {
			t.Run(fmt.Sprint(point, " ", count), func(t *testing.T) {
				w.restoreKilled(t, copied, point, count)
			})
		}
	}
}

// command runs one of the program's other commands.
func (w *world) command(data, command, file string, env ...string) (string, error) {
	c := exec.CommandContext(context.Background(), program(w.t), command, "--data", data, file)
	c.Env = append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// restoreKilled kills a restore on a copy of the world's folder. Until it is done
// again the program serves the old state whole, or the new one, or nothing; what
// was replaced is kept whole.
func (w *world) restoreKilled(t *testing.T, copied, point string, count int) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, os.CopyFS(data, os.DirFS(w.data)))
	out, err := w.command(data, "restore", copied, environment(point, count)...)
	if !wasKilled(err) {
		t.Fatalf("it was not killed: %v\n%s", err, out)
	}
	switch s, err := start(launch{file: program(t), data: data}); {
	case err != nil && strings.Contains(err.Error(), "run sansuiji restore again"):
	case err != nil:
		t.Error(err)
	default:
		must(t, s.stop())
		if point != "restore.placed" {
			w.checkWhole(t, data)
		}
	}
	if out, err := w.command(data, "restore", copied); err != nil {
		t.Fatalf("restore again: %v\n%s", err, out)
	}
	fsck(t, data)
	kept, err := filepath.Glob(filepath.Join(data, "replaced-*"))
	must(t, err)
	if len(kept) == 0 {
		t.Fatal("nothing is kept of what was replaced")
	}
	w.checkWhole(t, kept[0])
}

func wasKilled(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// checkWhole finds all that was acknowledged in a folder.
func (w *world) checkWhole(t *testing.T, data string) {
	t.Helper()
	have, err := reopen(t.Context(), data)
	must(t, err)
	for _, p := range w.phones {
		for i := range p.outcomes {
			if have[entryPromise(p.sealed[i])] == 0 {
				t.Fatalf("LOST: entry %d of %s", i+1, p.ID)
			}
		}
	}
}

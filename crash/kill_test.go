package crash

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/failpoint"

	"github.com/google/go-cmp/cmp"
)

var kills = flag.Int("kills", 1000, "how often the program is killed")

// Bounds of the killing.
const (
	killWorlds = 2                     // programs at a time
	checkEvery = 50                    // kills of a world between checks of all it has
	pointMax   = 2 * time.Second       // how long a point may take to be reached
	randomMax  = 80 * time.Millisecond // a random life
	birthMax   = 600 * time.Millisecond
)

func TestCrashWhatWasAcknowledgedStaysWhereverTheProgramIsKilled(t *testing.T) {
	program(t)
	k := &killer{left: *kills, tried: map[string]int{}, hits: map[string]int{}}
	t.Cleanup(func() { k.report(t) })
	for n := range uint64(killWorlds) {
		t.Run(fmt.Sprint("world ", n), func(t *testing.T) {
			t.Parallel()
			k.run(t, n+1)
		})
	}
}

// killer shares the points among the worlds.
type killer struct {
	mu      sync.Mutex
	left    int
	done    int
	tried   map[string]int
	hits    map[string]int // by point; "" is a random time
	slowest time.Duration
	entries int
}

// next picks where to kill next: "" is at a random time, which is every fifth
// kill, otherwise the point that was tried least. Births are dear, so points of
// them have a third of the turns.
func (k *killer) next() (point string, more bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.left == 0 {
		return "", false
	}
	k.left--
	if k.done++; k.done%5 == 0 {
		return "", true
	}
	least := 0
	for _, name := range failpoint.Names() {
		weight := k.tried[name]
		if kindOf(name) == atRestore {
			continue // they have a test of their own
		}
		if kindOf(name) == atBirth {
			weight *= 3
		}
		if point == "" || weight < least {
			point, least = name, weight
		}
	}
	k.tried[point]++
	return point, true
}

// killed notes a kill.
func (k *killer) killed(point string, took time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.hits[point]++
	k.slowest = max(k.slowest, took)
}

// report says how often each point was hit, and wants each hit.
func (k *killer) report(t *testing.T) {
	var b strings.Builder
	missed := 0
	for _, name := range failpoint.Names() {
		fmt.Fprintf(&b, "%4d  %s\n", k.hits[name], name)
		missed += k.tried[name] - k.hits[name]
		if k.hits[name] == 0 && kindOf(name) != atRestore && *kills >= 3*len(failpoint.Names()) {
			t.Errorf("point %s was never hit in %d tries", name, k.tried[name])
		}
	}
	t.Logf("hits:\n%s%4d  at random times, %d of them because a point was not reached\n"+
		"%d entries acknowledged, slowest start %v", &b, k.hits[""], missed, k.entries, k.slowest.Round(time.Millisecond))
}

// kind says in which part of the program's life a point is.
type kind int

const (
	atWork kind = iota
	atStart
	atStop
	atBirth
	atRestore // or elsewhere beside the work of pushes
)

func kindOf(point string) kind {
	switch point {
	case "store.opened", "store.ready", "serve.locked", "serve.key-found", "serve.listening":
		return atStart
	case "store.closing", "store.checkpointed", "store.closed",
		"serve.stopping", "serve.drained", "serve.closed":
		return atStop
	case "store.file-made", "campaign.state-begun":
		return atBirth
	}
	if strings.HasPrefix(point, "restore.") || strings.HasPrefix(point, "photo.") {
		return atRestore // or with photos: each has a test of its own
	}
	if strings.HasPrefix(point, "migrate.") || strings.HasPrefix(point, "demo.") {
		return atBirth
	}
	return atWork
}

// countFor is the how-manieth time to kill at.
func countFor(point string, random *rand.Rand) int {
	switch prefix, _, _ := strings.Cut(point, "."); {
	case kindOf(point) == atStart, kindOf(point) == atStop, prefix == "session", prefix == "campaign",
		point == "store.file-made":
		return 1
	case point == "demo.begun", point == "demo.written":
		return 1
	case kindOf(point) == atBirth, prefix == "enrol", point == "push.set-aside", point == "entry.reconsidered":
		return 1 + random.IntN(2)
	case prefix == "office", prefix == "token":
		return 1 + random.IntN(4)
	}
	return []int{1, 1, 2, 3, 5, 8, 13}[random.IntN(7)]
}

// run kills one world's program until the kills are used up.
func (k *killer) run(t *testing.T, number uint64) {
	w := newWorld(t, newCity(t), number)
	s, err := start(launch{file: program(t), data: w.data})
	must(t, err)
	w.server = s
	w.enrolAll()
	s.kill()
	random := rand.New(rand.NewPCG(*seed, number<<32))
	for n := 1; !t.Failed(); n++ {
		point, more := k.next()
		if !more {
			break
		}
		if kindOf(point) == atBirth || point == "" && random.IntN(8) == 0 {
			k.birth(t, point, random)
			continue
		}
		k.life(w, point, random)
		if n%checkEvery == 0 {
			w.checkAll()
		}
	}
	w.checkAll()
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range w.phones {
		k.entries += len(p.outcomes)
	}
}

// environment asks for a kill, and for a log that is copied back often.
func environment(point string, count int) []string {
	env := []string{"SANSUIJI_CHECKPOINT=64"}
	if point != "" {
		env = append(env, fmt.Sprintf("SANSUIJI_FAILPOINT=%s:%d", point, count))
	}
	return env
}

// life runs the program until it is killed. Whatever killed it before, it must
// serve in time and have what it acknowledged.
func (k *killer) life(w *world, point string, random *rand.Rand) {
	w.t.Helper()
	count := countFor(point, random)
	w.point = point
	var err error
	l := launch{file: program(w.t), data: w.data, env: environment(point, count)}
	if point == "" {
		l.life = time.Duration(1 + random.Int64N(int64(randomMax)))
	}
	w.server, err = start(l)
	must(w.t, err)
	if !w.server.ready {
		if point != "" && kindOf(point) != atStart && !strings.HasPrefix(point, "office.") {
			w.t.Errorf("killed at %s:%d before it served", point, count)
		}
		k.killed(point, 0)
		return
	}
	if s := w.server; s.took > readyMax || s.worked > workMax {
		w.t.Errorf("it served after %v and %v of work, want %v and %v at most", s.took, s.worked, readyMax, workMax)
	}
	w.checkNew()
	ended := w.endIn(point)
	w.work()
	k.killed(<-ended, w.server.took)
}

// endIn sees to it that the program ends, and says by which point.
func (w *world) endIn(point string) <-chan string {
	by := make(chan string, 1)
	s := w.server
	go func() {
		if kindOf(point) == atStop {
			time.Sleep(20 * time.Millisecond)
			_ = syscall.Kill(s.pid, syscall.SIGTERM)
		}
		select {
		case <-s.ended:
			if !s.killed {
				w.t.Errorf("at %q: it ended by itself: %v\n%s", point, s.cmd.ProcessState, &s.log)
			}
			by <- point
		case <-time.After(pointMax):
			s.kill()
			by <- ""
		}
	}()
	return by
}

// birth kills a program that makes a city, or brings an old folder to its
// version, and wants the next start to end the work.
func (k *killer) birth(t *testing.T, point string, random *rand.Rand) {
	t.Helper()
	l := launch{file: program(t), command: "demo", data: filepath.Join(t.TempDir(), "new")}
	if strings.HasPrefix(point, "migrate.") && random.IntN(2) == 0 {
		makeOld(t, l.data)
	}
	first := l
	first.env = environment(point, countFor(point, random))
	if point == "" {
		first.life = time.Duration(1 + random.Int64N(int64(birthMax)))
	}
	s, err := start(first)
	must(t, err)
	if s.ready {
		s.kill()
		point = ""
	}
	s, err = start(l)
	if err != nil {
		t.Fatalf("after a kill at %s: %v", point, err)
	}
	if s.took > readyMax || s.worked > workMax {
		t.Errorf("after a kill at %s it served after %v and %v of work", point, s.took, s.worked)
	}
	k.killed(point, s.took)
	must(t, s.stop())
	if got, want := cityOf(t, l.data), cityOf(t, filepath.Join(made.folder, "city")); got != want {
		t.Errorf("after a kill at %s the city has %s, want %s", point, got, want)
	}
	fsck(t, l.data)
	must(t, os.RemoveAll(l.data))
}

// makeOld makes a folder of the first version.
func makeOld(t *testing.T, data string) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(data, "sansuiji.db"), schema.CatalogueAt(1))
	must(t, err)
	must(t, s.Close())
}

// cityOf counts what a demo makes, once.
func cityOf(t *testing.T, data string) (counts string) {
	t.Helper()
	db := openDatabase(t, data)
	defer func() { must(t, db.Close()) }()
	must(t, db.QueryRowContext(t.Context(), `SELECT 'entries ' || (SELECT count(*) FROM history) ||
		', units ' || (SELECT count(*) FROM unit) || ', problems ' || (SELECT count(*) FROM problem) ||
		', visits ' || (SELECT count(*) FROM visit) || ', accounts ' || (SELECT count(*) FROM account) ||
		', keys ' || (SELECT count(*) FROM server_key) || ', devices ' || (SELECT count(*) FROM device)`).
		Scan(&counts))
	return counts
}

func TestCrashEveryPointInTheCodeIsDeclared(t *testing.T) {
	hit := regexp.MustCompile(`\.Hit\("([^"]+)"\)|"((?:flush|migrate)\.[a-z-]+)"[,}]`)
	found := map[string]bool{}
	for _, folder := range []string{"../cmd", "../server", "../mobileapi", "../syncengine"} {
		must(t, filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
				strings.HasSuffix(path, "failpoint.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, m := range hit.FindAllStringSubmatch(string(text), -1) {
				found[m[1]+m[2]] = true
			}
			return err
		}))
	}
	var names []string
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	if diff := cmp.Diff(failpoint.Names(), names); diff != "" {
		t.Errorf("declared, but in the code:\n%s", diff)
	}
	out, err := exec.CommandContext(t.Context(), program(t), "describe", "failpoints").Output()
	must(t, err)
	if got := strings.Fields(string(out)); len(got) < 30 || !slices.Equal(got, failpoint.Names()) {
		t.Errorf("the program lists %d points", len(got))
	}
}

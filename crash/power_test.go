package crash

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
)

var images = flag.Int("images", 2000, "how many power cuts are tried")

// Bounds of the power cuts.
const (
	recordTime  = 3 * time.Second
	fsckEvery   = 100 // images between those whose history is replayed
	controlPart = 4   // the control has so many times fewer images
	// promiseWeight is how much rather the power goes off just after a promise.
	promiseWeight = 20
)

func TestCrashWhatWasAcknowledgedSurvivesAPowerCut(t *testing.T) {
	r := record(t, nil)
	t.Run("every image has all", func(t *testing.T) {
		result := r.cutPower(t, *images)
		if result.lost > 0 || result.damaged > 0 {
			t.Errorf("of %d images %d lost something, %d are damaged; first: %s",
				result.images, result.lost, result.damaged, result.first)
		}
	})
	t.Run("no answer goes out before its commit is durable", r.checkOrder)
}

// TestCrashAPowerCutTakesWhatIsNotSynced is the control: with a setting that does not sync
// each commit the images must lack something.
func TestCrashAPowerCutTakesWhatIsNotSynced(t *testing.T) {
	r := record(t, []string{"SANSUIJI_SYNCHRONOUS=NORMAL"})
	result := r.cutPower(t, *images/controlPart)
	if result.lost == 0 {
		t.Errorf("%d images without syncs lost nothing: the power cut is no power cut", result.images)
	}
	if result.damaged > 0 {
		t.Errorf("%d images are damaged: %s", result.damaged, result.first)
	}
}

// recording is what a program did to its folder while phones synced, and what it
// promised them.
type recording struct {
	w     *world
	disk  *disk
	calls []call
	// promised by an answer: the n-th on the connection from a port
	promised map[int][][]promise
	answers  []given
}

// given is a promise and the line at which it was given.
type given struct {
	promise
	line int
}

// record runs the program under a tracer, on a folder with a city.
func record(t *testing.T, env []string) *recording {
	t.Helper()
	data, err := filepath.EvalSymlinks(newCity(t))
	must(t, err)
	r := &recording{w: newWorld(t, data, 100), promised: map[int][][]promise{}}
	r.disk, err = newDisk(data)
	must(t, err)
	trace := filepath.Join(t.TempDir(), "trace")
	r.w.server, err = start(launch{
		file: program(t), data: data, wrap: tracer(t, trace), env: append([]string{"SANSUIJI_CHECKPOINT=256"}, env...),
	})
	must(t, err)
	r.w.enrolAll()
	stopped := make(chan error, 1)
	time.AfterFunc(recordTime, func() { stopped <- r.w.server.stopTraced() })
	r.w.work()
	must(t, <-stopped)
	r.calls, err = readTrace(trace)
	must(t, err)
	callers := []*caller{r.w.editor.caller}
	for _, p := range r.w.phones {
		callers = append(callers, p.caller)
	}
	for _, c := range callers {
		for _, e := range c.sent {
			r.promised[e.port] = append(r.promised[e.port], e.promised)
		}
	}
	return r
}

// result is what became of the images.
type result struct {
	images  int
	lost    int    // lack something that was promised
	damaged int    // cannot be opened, or are not whole
	first   string // failure
}

// cutPower replays the trace, and cuts the power at every promise and at random
// times between.
func (r *recording) cutPower(t *testing.T, count int) result {
	t.Helper()
	began := time.Now()
	check := newChecker(t)
	random := rand.New(rand.NewPCG(*seed, 7))
	events := r.events()
	var promised []promise
	atPromise := false
	r.disk.onAnswer = func(a *answer) {
		for _, p := range r.promises(a) {
			promised = append(promised, p)
			r.answers = append(r.answers, given{p, a.start})
			atPromise = true
		}
	}
	made := 0
	for i, e := range events {
		must(t, e.play(r.disk))
		left, here := count-made, 0
		likely := left
		if atPromise {
			likely *= promiseWeight
		}
		if random.IntN(len(events)-i) < likely {
			here = 1 + random.IntN(2)
		}
		for range min(here, left) {
			made++
			image := filepath.Join(check.folder, fmt.Sprint(made))
			must(t, r.disk.image(image, random))
			check.todo <- job{image, promised, made%fsckEvery == 0}
		}
		atPromise = false
	}
	result := check.wait()
	result.images = made
	t.Logf("%d promises, %d calls traced, %d images in %v (%.0f/s), %d lost something, %d damaged",
		len(promised), len(r.calls), made, time.Since(began).Round(time.Millisecond),
		float64(made)/time.Since(began).Seconds(), result.lost, result.damaged)
	if made < count*9/10 || len(promised) < 100 {
		t.Errorf("%d images of %d promises, want %d of 100 at least", made, len(promised), count)
	}
	return result
}

// promises are what an answer promised.
func (r *recording) promises(a *answer) []promise {
	if on := r.promised[a.port]; a.n < len(on) {
		return on[a.n]
	}
	return nil
}

// event is a call's start or its end.
type event struct {
	line int
	call *call
	ends bool
}

func (e event) play(d *disk) error {
	if e.ends {
		return d.end(e.call)
	}
	return d.begin(e.call)
}

// events are all starts and ends, in their order.
func (r *recording) events() []event {
	list := make([]event, 0, 2*len(r.calls))
	for i := range r.calls {
		c := &r.calls[i]
		list = append(list, event{c.start, c, false}, event{c.end, c, true})
	}
	slices.SortStableFunc(list, func(a, b event) int { return a.line - b.line })
	return list
}

// job is an image to look at.
type job struct {
	folder   string
	promised []promise
	replay   bool
}

// checker looks at images beside the one who makes them.
type checker struct {
	folder string
	todo   chan job
	all    sync.WaitGroup
	lost   atomic.Int64
	broken atomic.Int64
	first  atomic.Pointer[string]
}

// checkers is how many images are looked at at once.
const checkers = 2

func newChecker(t *testing.T) *checker {
	c := &checker{folder: t.TempDir(), todo: make(chan job, checkers)}
	for range checkers {
		c.all.Go(func() {
			for j := range c.todo {
				c.check(t, j)
				_ = os.RemoveAll(j.folder)
			}
		})
	}
	return c
}

func (c *checker) wait() result {
	close(c.todo)
	c.all.Wait()
	r := result{lost: int(c.lost.Load()), damaged: int(c.broken.Load())}
	if first := c.first.Load(); first != nil {
		r.first = *first
	}
	return r
}

// check opens an image as the program would and looks for what was promised.
func (c *checker) check(t *testing.T, j job) {
	fail := func(n *atomic.Int64, format string, args ...any) {
		n.Add(1)
		text := fmt.Sprintf(format, args...)
		c.first.CompareAndSwap(nil, &text)
	}
	have, err := reopen(t.Context(), j.folder)
	if err != nil {
		fail(&c.broken, "%v", err)
		return
	}
	missing := 0
	for _, p := range j.promised {
		if have[p] == 0 {
			missing++
		}
	}
	if missing > 0 {
		fail(&c.lost, "%d of %d promises", missing, len(j.promised))
	}
	if j.replay {
		fsck(t, j.folder)
	}
}

// reopen opens a folder after a crash and reads what it has.
func reopen(ctx context.Context, folder string) (have map[promise]int, err error) {
	s, err := sqlite.OpenWith(ctx, filepath.Join(folder, "sansuiji.db"), schema.NewCatalogue(),
		sqlite.Options{Synchronous: "OFF"})
	if err != nil {
		return nil, err
	}
	err = s.Look(ctx, func(q store.Queryer) error {
		var verdict string
		if err := q.QueryRowContext(ctx, "PRAGMA quick_check").Scan(&verdict); err != nil {
			return err
		}
		if verdict != "ok" {
			return fmt.Errorf("quick_check: %s", verdict)
		}
		have, err = keptIn(ctx, q)
		return err
	})
	if closed := s.Close(); err == nil {
		err = closed
	}
	return have, err
}

// checkOrder finds, for each acknowledged entry, a sync of the log between the
// write that brought it and the answer, and fewer syncs than pushes.
func (r *recording) checkOrder(t *testing.T) {
	var hashes []string
	pushes := map[int]bool{}
	for _, a := range r.answers {
		if a.kind == "entry" {
			hashes = append(hashes, a.key)
			pushes[a.line] = true
		}
	}
	written := r.disk.find(hashes)
	for _, a := range r.answers {
		if a.kind != "entry" {
			continue
		}
		at, ok := written[a.key]
		if !ok {
			t.Fatalf("entry %x was never written to the log", a.key)
		}
		if !slices.ContainsFunc(r.disk.walSyncs, func(s span) bool { return s.start > at.end && s.end < a.line }) {
			t.Errorf("entry %x, written at line %d, was acknowledged at %d without a sync between", a.key, at.end, a.line)
		}
	}
	syncs := len(r.disk.walSyncs)
	t.Logf("%d pushes with %d entries, %d syncs of the log", len(pushes), len(hashes), syncs)
	if syncs >= len(pushes) {
		t.Errorf("%d syncs for %d pushes: commits are not shared", syncs, len(pushes))
	}
}

// cityImages is how many power cuts the making of a city is tried with.
const cityImages = 24

func TestCrashACityThatAPowerCutInterruptedIsMadeToTheEnd(t *testing.T) {
	program(t)
	data, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	r := &recording{}
	r.disk, err = newDisk(data)
	must(t, err)
	r.disk.onAnswer = func(*answer) {}
	trace := filepath.Join(t.TempDir(), "trace")
	s, err := start(launch{file: program(t), command: "demo", data: data, wrap: tracer(t, trace)})
	must(t, err)
	must(t, s.stopTraced())
	r.calls, err = readTrace(trace)
	must(t, err)
	random := rand.New(rand.NewPCG(*seed, 9))
	events, made := r.events(), 0
	events = slices.DeleteFunc(events, func(e event) bool { return !r.disk.concerns(e.call) })
	for i, e := range events {
		must(t, e.play(r.disk))
		if random.IntN(len(events)-i) < cityImages-made {
			made++
			image := filepath.Join(t.TempDir(), fmt.Sprint("image", made))
			must(t, r.disk.image(image, random))
			checkCity(t, image)
		}
	}
	t.Logf("%d images", made)
}

// checkCity wants the next start to make the whole city.
func checkCity(t *testing.T, data string) {
	t.Helper()
	s, err := start(launch{file: program(t), command: "demo", data: data})
	must(t, err)
	must(t, s.stop())
	if got, want := cityOf(t, data), cityOf(t, filepath.Join(made.folder, "city")); got != want {
		t.Errorf("the city has %s, want %s", got, want)
	}
}

package simulation

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/sim"
)

// world is one life under way.
type world struct {
	*Cities
	script  *sim.Script
	time    *sim.World
	network sim.Network
	hq      *headquarters
	phones  []*phone // in the order in which they came to be
	names   map[string]*phone
	carried map[string][][]byte // bundles by carrier
	outlaw  *outlaw
	truth   truth
	tally   sim.Tally
	folder  string
	newest  int   // schema version of a device, ever
	broken  error // the first thing that must never happen

	step     *sim.Step
	messages int            // of the step so far
	points   map[string]int // how often the step came by each point
	taken    map[int]bool   // mishaps of the step that happened
	skipped  bool           // the step could not be done
}

// open opens a life in a city; bare is one that has no rows yet.
func (c *Cities) open(made *city, script *sim.Script, bare bool) (*world, error) {
	folder, err := os.MkdirTemp(c.folder, "life")
	if err != nil {
		return nil, err
	}
	w := &world{
		Cities: c, script: script, time: sim.NewWorld(beginning()), names: map[string]*phone{},
		carried: map[string][][]byte{}, tally: sim.Tally{}, folder: folder,
	}
	w.truth.forget()
	w.truth.sealed = map[hash]*sealed{}
	w.beginStep(&sim.Step{})
	from := made.name
	if bare {
		from = made.empty
	}
	w.hq = &headquarters{w: w, version: script.City.HQ, clock: sim.ClockOf{World: w.time}}
	if err := w.hq.start(from); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *world) close() error {
	var errs []error
	for _, p := range w.phones {
		errs = append(errs, p.d.Close())
	}
	errs = append(errs, w.hq.close(), w.site.removed(w.folder), os.RemoveAll(w.folder))
	return errors.Join(errs...)
}

// fail notes what must never happen; the first counts.
func (w *world) fail(oracle, format string, args ...any) {
	if w.broken == nil {
		w.broken = &Failure{Oracle: oracle, Detail: fmt.Sprintf(format, args...)}
	}
}

// Failure is what an oracle saw.
type Failure struct {
	Oracle string // its name: what a shorter script must fail too
	Detail string
}

func (f *Failure) Error() string { return f.Oracle + ": " + f.Detail }

// Play plays a script. The error is a *Failure, or says that the simulation itself
// does not work.
func (c *Cities) Play(script *sim.Script, o Options) (sim.Tally, error) {
	if script.City.HQ < 1 || script.City.HQ > schema.Version || len(script.City.Devices) > devicesMax {
		return nil, fmt.Errorf("play: %w: no such city", sim.ErrScript)
	}
	made := c.cities[script.City.HQ]
	w, err := c.open(made, script, false)
	if err != nil {
		return nil, err
	}
	err = w.play(made, o)
	return w.tally, errors.Join(err, w.close())
}

// Options say how closely a life is looked at.
type Options struct {
	Audit bool // replay and verify the whole history at the end
	Trace func(line string)
}

func (w *world) play(made *city, o Options) error {
	if err := w.truth.begin(w.hq); err != nil {
		return err
	}
	own := *made.hostile
	w.outlaw = &own
	for n, version := range w.script.City.Devices {
		p := w.newPhone(n, version)
		p.dice = sim.NewDice(w.script.Seed, 100+uint64(n))
		if err := p.open(made.images[n][version]); err != nil {
			return err
		}
		p.knows = w.truth.now()
		w.join(p)
	}
	for i := range w.script.Steps {
		w.beginStep(&w.script.Steps[i])
		w.time.Pass(time.Duration(1+w.step.Dice%90) * time.Second)
		err := w.act()
		if o.Trace != nil {
			o.Trace(w.traced(err))
		}
		if err != nil {
			w.fail("progress", "%s: %v", w.step, err)
		}
		if w.broken != nil {
			return w.broken
		}
		if !w.skipped {
			w.tally[w.step.Actor[:1]+" "+string(w.step.Verb)]++
		}
	}
	w.beginStep(&sim.Step{Actor: "hq", Verb: sim.Wait})
	w.drain()
	if w.broken == nil {
		w.judge(o)
	}
	if w.broken != nil && o.Trace != nil {
		w.traceHistory(o.Trace)
	}
	return w.broken
}

func (w *world) join(p *phone) {
	w.phones = append(w.phones, p)
	w.newest = max(w.newest, p.version)
	w.names[p.name] = p
}

func (w *world) beginStep(s *sim.Step) {
	w.step, w.messages, w.skipped = s, 0, false
	w.points, w.taken = map[string]int{}, map[int]bool{}
}

func (w *world) traced(err error) string {
	line := w.step.String()
	if w.skipped {
		line += "  (nothing to do)"
	}
	if err != nil {
		line += "  " + err.Error()
	}
	return fmt.Sprintf("%-60s  %d entries", line, w.truth.position)
}

// skip says that a step has nothing to do.
func (w *world) skip() error {
	w.skipped = true
	return nil
}

// fate is what happens to the step's next message.
func (w *world) fate() sim.MishapKind {
	w.messages++
	for i, m := range w.step.Mishaps {
		switch m.Kind {
		case sim.Kill, sim.KillHQ, sim.Full, sim.FullHQ:
			continue
		case sim.Drop, sim.Lost, sim.Double, sim.Late, sim.Torn, sim.TornAnswer:
		}
		if m.At == w.messages {
			w.happens(i)
			return m.Kind
		}
	}
	return ""
}

// kills says whether a program is killed at a point now.
func (w *world) kills(kind sim.MishapKind, point string) bool {
	key := string(kind) + " " + point
	w.points[key]++
	for i, m := range w.step.Mishaps {
		if m.Kind == kind && m.Point == point && m.At == w.points[key] && !w.taken[i] {
			w.happens(i)
			w.tally["  at "+point]++
			return true
		}
	}
	return false
}

func (w *world) happens(mishap int) {
	w.taken[mishap] = true
	w.tally["!"+string(w.step.Mishaps[mishap].Kind)]++
}

// has says whether a step has a mishap of a kind.
func (w *world) has(kind sim.MishapKind) bool {
	for i, m := range w.step.Mishaps {
		if m.Kind == kind && !w.taken[i] {
			w.happens(i)
			return true
		}
	}
	return false
}

// act does the step.
func (w *world) act() (err error) {
	if w.site.fills() && w.has(sim.FullHQ) {
		w.hq.full = true
		if err := w.hq.restart(); err != nil {
			return err
		}
		defer func() {
			w.hq.full = false
			err = errors.Join(err, w.hq.restart())
		}()
	}
	switch {
	case w.step.Verb == sim.Wait:
		w.time.Pass(time.Duration(w.step.Dice%100_000) * time.Second)
		return nil
	case w.step.Actor == "hq":
		return w.hq.act()
	case w.step.Actor == "x":
		return w.outlaw.act(w)
	case strings.HasPrefix(w.step.Actor, "c"):
		return w.carrierActs()
	}
	p := w.names[w.step.Actor]
	if p == nil {
		return w.skip()
	}
	return p.act()
}

func (w *world) word(n int) string {
	if n < len(w.step.Words) {
		return w.step.Words[n]
	}
	return ""
}

package simulation

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sansuiji/device"
	"sansuiji/syncengine/sim"
)

// points are where programs can be killed.
func points() sim.Points {
	p := sim.Points{HQ: HQPoints()}
	for _, at := range device.Points() {
		p.Device = append(p.Device, string(at))
	}
	return p
}

// Generate makes up the script of a seed.
func Generate(seed uint64) *sim.Script { return sim.Generate(seed, points()) }

// Folder makes a folder for lives, in memory where there is such a place.
func Folder() (string, error) {
	const inMemory = "/dev/shm"
	if info, err := os.Stat(inMemory); err == nil && info.IsDir() {
		if folder, err := os.MkdirTemp(inMemory, "sansuiji"); err == nil {
			return folder, nil
		}
	}
	return os.MkdirTemp("", "sansuiji")
}

// ReadSeeds reads a file of seeds: a number a line, and what it failed.
func ReadSeeds(file string) (seeds []uint64, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read seeds: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == ";" {
			continue
		}
		seed, err := strconv.ParseUint(words[0], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read seeds: %w", err)
		}
		seeds = append(seeds, seed)
	}
	return seeds, nil
}

// Remember adds a seed that failed to a file of seeds.
func (f *Failing) Remember(file string) error {
	out, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("remember seed: %w", err)
	}
	var what *Failure
	name := "the simulation itself"
	if errors.As(f.Err, &what) {
		name = what.Oracle
	}
	_, err = fmt.Fprintf(out, "%d %s\n", f.Seed, name)
	return errors.Join(err, out.Close())
}

// Run is how many seeds are played, and how.
type Run struct {
	First       []uint64 // seeds that are played before the others
	From, Count uint64
	Workers     int
	AuditEvery  uint64        // the history is replayed and verified every so many seeds
	Within      time.Duration // no seed is begun later; 0: no bound
	Now         func() time.Time

	Stop     <-chan struct{}    // no seed is begun after it is closed; nil: never
	Progress func(seeds uint64) // is told how many are played, by any worker; nil: nobody is
}

// Ran is what a run saw.
type Ran struct {
	Seeds   uint64
	Next    uint64 // all seeds of the run before this one were played
	Elapsed time.Duration
	Tally   sim.Tally
	Failed  *Failing // the lowest seed that failed; nil: none
}

// Failing is a seed that failed.
type Failing struct {
	Seed   uint64
	Script *sim.Script
	Err    error
}

// Play plays many seeds, until one fails.
func (r Run) Play(c *Cities) *Ran {
	done := &Ran{Tally: sim.Tally{}}
	var next, seeds atomic.Uint64
	var stop atomic.Bool
	var mu sync.Mutex
	var group sync.WaitGroup
	begun := r.Now()
	for range r.Workers {
		group.Go(func() {
			tally := sim.Tally{}
			for !stop.Load() && !r.over(begun) {
				n := next.Add(1) - 1
				if n >= r.Count+uint64(len(r.First)) {
					break
				}
				seed := r.seed(n)
				script := Generate(seed)
				t, err := c.Play(script, Options{Audit: r.AuditEvery > 0 && seed%r.AuditEvery == 0})
				tally.Add(t)
				if played := seeds.Add(1); r.Progress != nil {
					r.Progress(played)
				}
				if err != nil {
					stop.Store(true)
					mu.Lock()
					if done.Failed == nil || seed < done.Failed.Seed {
						done.Failed = &Failing{seed, script, err}
					}
					mu.Unlock()
				}
			}
			mu.Lock()
			done.Tally.Add(tally)
			mu.Unlock()
		})
	}
	group.Wait()
	done.Seeds, done.Elapsed = seeds.Load(), r.Now().Sub(begun)
	done.Next = r.From + max(done.Seeds, uint64(len(r.First))) - uint64(len(r.First))
	return done
}

// over says whether no more seeds are to be begun.
func (r *Run) over(begun time.Time) bool {
	select {
	case <-r.Stop:
		return true
	default:
		return r.Within > 0 && r.Now().Sub(begun) > r.Within
	}
}

func (r *Run) seed(n uint64) uint64 {
	if n < uint64(len(r.First)) {
		return r.First[n]
	}
	return r.From + n - uint64(len(r.First))
}

// shrinkTries is how many plays shrinking may take.
const shrinkTries = 2000

// Shrink finds a short script that fails the same oracle.
func (c *Cities) Shrink(f *Failing) *sim.Script {
	var want *Failure
	if !errors.As(f.Err, &want) {
		return f.Script
	}
	return sim.Shrink(f.Script, func(s *sim.Script) bool {
		_, err := c.Play(s, Options{Audit: true})
		var got *Failure
		return errors.As(err, &got) && got.Oracle == want.Oracle
	}, shrinkTries)
}

// Report says in words how a seed failed, with the shortest script found.
func (c *Cities) Report(f *Failing) string {
	short := c.Shrink(f)
	text := fmt.Sprintf("seed %d: %v\n\n%s\n", f.Seed, f.Err, short)
	trace := func(line string) { text += "; " + line + "\n" }
	_, err := c.Play(short, Options{Audit: true, Trace: trace})
	return text + fmt.Sprintf("; %v\n", err)
}

// Command run plays many seeds of the simulation, or one script.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"sync/atomic"
	"syscall"
	"time"

	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/simulation"
	"sansuiji/syncengine/sim"
)

func main() { os.Exit(run()) }

// settings are what the command line says.
type settings struct {
	simulation.Run
	seeds, script, profile string
	postgres               bool
}

func run() int {
	s := settings{Run: simulation.Run{Now: time.Now}}
	flag.Uint64Var(&s.From, "from", 1, "first `seed`")
	flag.Uint64Var(&s.Count, "seeds", 5_000, "how many seeds")
	flag.IntVar(&s.Workers, "workers", runtime.NumCPU(), "how many lives at a time")
	flag.Uint64Var(&s.AuditEvery, "audit", 20, "verify the history every so many seeds; 0: never")
	flag.StringVar(&s.seeds, "known", "testdata/sim/seeds.txt", "`file` of seeds that come first")
	flag.StringVar(&s.script, "script", "", "`file` of a script to be played instead of seeds")
	flag.StringVar(&s.profile, "profile", "", "`file` for a CPU profile")
	flag.BoolVar(&s.postgres, "postgres", false, "headquarters on a PostgreSQL that is started for it")
	flag.Parse()
	folder, err := simulation.Folder()
	if err != nil {
		return failed(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	cities, stop, err := s.cities(folder)
	if stop != nil {
		defer stop()
	}
	if err == nil && s.profile != "" {
		var stop func()
		if stop, err = profile(s.profile); err == nil {
			defer stop()
		}
	}
	if err != nil {
		return failed(err)
	}
	if s.script != "" {
		return play(cities, s.script)
	}
	return s.play(cities)
}

// cities makes the cities; stop ends what they stand on.
func (s *settings) cities(folder string) (made *simulation.Cities, stop func(), err error) {
	if !s.postgres {
		made, err = simulation.NewCities(folder)
		return made, nil, err
	}
	cluster, err := postgrestest.Start(postgrestest.Fast)
	if err != nil {
		return nil, nil, err
	}
	made, err = simulation.NewCitiesOnPostgres(folder, cluster.Database)
	return made, func() { _ = cluster.Stop() }, err
}

func (s *settings) play(cities *simulation.Cities) int {
	var err error
	if s.First, err = simulation.ReadSeeds(s.seeds); err != nil {
		return failed(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s.Stop, s.Progress = ctx.Done(), s.progress()
	before, _ := used()
	done := s.Play(cities)
	after, memory := used()
	fmt.Printf("%d seeds in %s: %.1f a second with %d workers, %.1f a second of CPU time; %d MiB\n%s",
		done.Seeds, done.Elapsed.Round(time.Millisecond), float64(done.Seeds)/done.Elapsed.Seconds(),
		s.Workers, float64(done.Seeds)/(after-before).Seconds(), memory>>20, done.Tally)
	if done.Failed == nil && ctx.Err() != nil {
		fmt.Printf("stopped: go on with FROM=%d SEEDS=%d\n", done.Next, s.From+s.Count-done.Next)
		return exitStopped
	}
	if done.Failed == nil {
		return 0
	}
	fmt.Print(cities.Report(done.Failed))
	if err := done.Failed.Remember(s.seeds); err != nil {
		return failed(err)
	}
	return 1
}

// exitStopped is what a run that was stopped before its end exits with.
const exitStopped = 130

// progressEvery is how often a run says how far it is.
const progressEvery = 30 * time.Second

// progress says now and then how far a run is.
func (s *settings) progress() func(played uint64) {
	begun, all := time.Now(), s.Count+uint64(len(s.First))
	var said atomic.Int64 // nanoseconds since the beginning
	return func(played uint64) {
		elapsed, last := time.Since(begun), said.Load()
		if elapsed-time.Duration(last) < progressEvery || !said.CompareAndSwap(last, int64(elapsed)) {
			return
		}
		left := time.Duration(float64(elapsed) / float64(played) * float64(all-played))
		fmt.Fprintf(os.Stderr, "%d of %d seeds, %s to go\n", played, all, left.Round(time.Second))
	}
}

// used is what this process has used of all processors, and its memory in bytes at
// the highest.
func used() (cpu time.Duration, memory int64) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), u.Maxrss << 10
}

func profile(file string) (stop func(), err error) {
	out, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = out.Close()
	}, pprof.StartCPUProfile(out)
}

func play(cities *simulation.Cities, file string) int {
	text, err := os.ReadFile(file)
	if err != nil {
		return failed(err)
	}
	script, err := sim.Parse(string(text))
	if err != nil {
		return failed(err)
	}
	trace := func(line string) { fmt.Println(line) }
	if _, err := cities.Play(script, simulation.Options{Audit: true, Trace: trace}); err != nil {
		return failed(err)
	}
	return 0
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "simulation:", err)
	return 1
}

// Command run plays many seeds of the simulation, or one script.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"sansuiji/simulation"
	"sansuiji/syncengine/sim"
)

func main() { os.Exit(run()) }

func run() int {
	from := flag.Uint64("from", 1, "first `seed`")
	seeds := flag.Uint64("seeds", 20_000, "how many seeds")
	workers := flag.Int("workers", runtime.NumCPU(), "how many lives at a time")
	audit := flag.Uint64("audit", 20, "replay and verify the history every so many seeds; 0: never")
	file := flag.String("script", "", "`file` of a script to be played instead of seeds")
	profile := flag.String("profile", "", "`file` for a CPU profile")
	flag.Parse()
	folder, err := simulation.Folder()
	if err != nil {
		return failed(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	cities, err := simulation.NewCities(folder)
	if err != nil {
		return failed(err)
	}
	if *file != "" {
		return play(cities, *file)
	}
	if *profile != "" {
		out, err := os.Create(*profile)
		if err != nil {
			return failed(err)
		}
		defer func() { _ = out.Close() }()
		if err := pprof.StartCPUProfile(out); err != nil {
			return failed(err)
		}
		defer pprof.StopCPUProfile()
	}
	done := simulation.Run{From: *from, Count: *seeds, Workers: *workers, AuditEvery: *audit, Now: time.Now}.Play(cities)
	rate := float64(done.Seeds) / done.Elapsed.Seconds()
	fmt.Printf("%d seeds in %s: %.0f a second, %.0f a second and worker\n%s", done.Seeds,
		done.Elapsed.Round(time.Millisecond), rate, rate/float64(*workers), done.Tally)
	if done.Failed != nil {
		fmt.Print(cities.Report(done.Failed))
		return 1
	}
	return 0
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
	if _, err := cities.Play(script, simulation.Options{Audit: true, Trace: func(line string) { fmt.Println(line) }}); err != nil {
		return failed(err)
	}
	return 0
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "simulation:", err)
	return 1
}

package simulation_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"sansuiji/simulation"
	"sansuiji/syncengine/sim"
)

func build(t testing.TB) *simulation.Cities {
	t.Helper()
	folder, err := simulation.Folder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	cities, err := simulation.NewCities(folder)
	if err != nil {
		t.Fatal(err)
	}
	return cities
}

const testdata = "../testdata/sim"

func TestSeedsThatFailedOncePass(t *testing.T) {
	cities := build(t)
	seeds, err := simulation.ReadSeeds(filepath.Join(testdata, "seeds.txt"))
	if err != nil || len(seeds) == 0 {
		t.Fatalf("no seeds: %v", err)
	}
	for _, seed := range seeds {
		if _, err := cities.Play(simulation.Generate(seed), simulation.Options{Audit: true}); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

func TestScriptsThatFailedOncePass(t *testing.T) {
	cities := build(t)
	files, err := filepath.Glob(filepath.Join(testdata, "*.script"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			script, err := sim.Parse(string(text))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := cities.Play(script, simulation.Options{Audit: true}); err != nil {
				t.Error(err)
			}
		})
	}
}

// seedsOfTest is how many new seeds a test plays, if there is time for them.
const (
	seedsOfTest = 300
	timeOfTest  = 20 * time.Second
)

// The oracles and the properties that each of them checks are listed in the
// documentation of syncengine/sim.
func TestProperties1To14HoldForRandomLives(t *testing.T) {
	cities := build(t)
	ran := simulation.Run{
		From: 1, Count: seedsOfTest, Workers: runtime.NumCPU(), AuditEvery: 20, Within: timeOfTest,
		Now: time.Now,
	}.Play(cities)
	t.Logf("%d seeds in %s\n%s", ran.Seeds, ran.Elapsed.Round(time.Millisecond), ran.Tally)
	if ran.Failed != nil {
		t.Error(cities.Report(ran.Failed))
	}
	if ran.Tally["d sync"] == 0 || ran.Tally["  rounds"] == 0 {
		t.Error("nothing was played")
	}
}

func TestASeedIsPlayedTheSameWayAgain(t *testing.T) {
	cities := build(t)
	for seed := range uint64(20) {
		script := simulation.Generate(seed)
		again, err := sim.Parse(script.String())
		if err != nil {
			t.Fatal(err)
		}
		var lines [2][]string
		for i, s := range []*sim.Script{script, again} {
			trace := func(line string) { lines[i] = append(lines[i], line) }
			if _, err := cities.Play(s, simulation.Options{Trace: trace}); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		if got, want := strings.Join(lines[1], "\n"), strings.Join(lines[0], "\n"); got != want {
			t.Fatalf("seed %d was\n%s\nand then\n%s", seed, want, got)
		}
	}
}

package simulation_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/simulation"
	"sansuiji/syncengine/sim"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func build(t testing.TB) *simulation.Cities {
	t.Helper()
	cities, err := simulation.NewCities(folder(t))
	if err != nil {
		t.Fatal(err)
	}
	return cities
}

func buildOnPostgres(t testing.TB) *simulation.Cities {
	t.Helper()
	cities, err := simulation.NewCitiesOnPostgres(folder(t), postgrestest.Databases(t))
	if err != nil {
		t.Fatal(err)
	}
	return cities
}

func folder(t testing.TB) string {
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
	return folder
}

const testdata = "../testdata/sim"

// onEverySite runs a test with headquarters on each kind of database.
func onEverySite(t *testing.T, run func(t *testing.T, cities *simulation.Cities)) {
	t.Run("SQLite", func(t *testing.T) { run(t, build(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { run(t, buildOnPostgres(t)) })
}

func TestSeedsThatFailedOncePass(t *testing.T) {
	seeds, err := simulation.ReadSeeds(filepath.Join(testdata, "seeds.txt"))
	if err != nil || len(seeds) == 0 {
		t.Fatalf("no seeds: %v", err)
	}
	onEverySite(t, func(t *testing.T, cities *simulation.Cities) {
		for _, seed := range seeds {
			if _, err := cities.Play(simulation.Generate(seed), simulation.Options{Audit: true}); err != nil {
				t.Errorf("seed %d: %v", seed, err)
			}
		}
	})
}

func TestScriptsThatFailedOncePass(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testdata, "*.script"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	onEverySite(t, func(t *testing.T, cities *simulation.Cities) {
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
	})
}

// seedsOfTest is how many new seeds a test plays, if there is time for them. A life
// on PostgreSQL takes ten times as long: its headquarters begins with a copy of a
// whole database.
const (
	seedsOfTest = 300
	timeOfTest  = 20 * time.Second
)

// The oracles and the properties that each of them checks are listed in the
// documentation of syncengine/sim.
func TestProperties1To14HoldForRandomLives(t *testing.T) {
	onEverySite(t, func(t *testing.T, cities *simulation.Cities) {
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
	})
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

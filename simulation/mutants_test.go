//go:build mutants

package simulation_test

import (
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"sansuiji/simulation"
	"sansuiji/syncengine/mutant"
)

// seedsOfMutants is within how many seeds a planted bug must be caught.
const seedsOfMutants = 2000

func TestEveryMutantOfServerAndDeviceIsCaught(t *testing.T) {
	defer mutant.Select(mutant.None)
	cities := build(t)
	for _, m := range mutant.All() {
		if !slices.Contains(parts(), m.Where) || !chosen(m.Mutant) {
			continue
		}
		mutant.Select(m.Mutant)
		ran := simulation.Run{
			From: 1, Count: seedsOfMutants, Workers: runtime.NumCPU(), AuditEvery: 10, Now: time.Now,
		}.Play(cities)
		mutant.Select(mutant.None)
		if ran.Failed == nil {
			t.Errorf("%-22s survives %d seeds: %s", m.Mutant, ran.Seeds, m.What)
			continue
		}
		if _, err := cities.Play(ran.Failed.Script, simulation.Options{Audit: true}); err != nil {
			t.Errorf("seed %d fails without %s too: %v", ran.Failed.Seed, m.Mutant, err)
		}
		t.Logf("%-22s caught after %4d seeds, %6s: %.100s", m.Mutant, ran.Seeds,
			ran.Elapsed.Round(100*time.Millisecond), ran.Failed.Err)
	}
}

// parts are the packages whose bugs only the simulation meets.
func parts() []string {
	return []string{"server/store", "server/store/sqlite", "server/ingest", "server/backup", "device"}
}

// chosen lets the variable MUTANT choose one.
func chosen(m mutant.Mutant) bool {
	name := os.Getenv("MUTANT")
	return name == "" || name == string(m)
}

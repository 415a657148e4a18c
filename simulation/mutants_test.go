//go:build mutants

package simulation_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sansuiji/simulation"
	"sansuiji/syncengine/mutant"
	"sansuiji/syncengine/sim"
)

// seedsOfMutants is within how many seeds a planted bug must be caught.
const seedsOfMutants = 2000

func TestEveryMutantOfServerAndDeviceIsCaught(t *testing.T) {
	defer mutant.Select(mutant.None)
	cities := build(t)
	for _, m := range mutant.All() {
		if !slices.Contains(parts(), m.Where) || !chosen(m.Mutant) || rare(m.Mutant) {
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

// TestMutantsThatAreRareAreCaughtByTheirScripts plays what seeds beyond those found: each
// script must fail with its bug, and hold without.
func TestMutantsThatAreRareAreCaughtByTheirScripts(t *testing.T) {
	defer mutant.Select(mutant.None)
	cities := build(t)
	files, err := filepath.Glob(filepath.Join(scriptsOfMutants, "*.script"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		script, err := sim.Parse(string(text))
		if err != nil {
			t.Fatal(err)
		}
		m := mutant.Mutant(strings.TrimSuffix(filepath.Base(file), ".script"))
		mutant.Select(m)
		_, caught := cities.Play(script, simulation.Options{Audit: true})
		mutant.Select(mutant.None)
		if caught == nil {
			t.Errorf("%s survives its script", m)
		}
		if _, err := cities.Play(script, simulation.Options{Audit: true}); err != nil {
			t.Errorf("the script of %s fails without it too: %v", m, err)
		}
		t.Logf("%-22s caught by its script: %.100s", m, caught)
	}
}

// scriptsOfMutants is where scripts of bugs are that seeds find too seldom.
const scriptsOfMutants = "../testdata/sim/mutants"

// rare says whether a bug has a script.
func rare(m mutant.Mutant) bool {
	_, err := os.Stat(filepath.Join(scriptsOfMutants, string(m)+".script"))
	return err == nil
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

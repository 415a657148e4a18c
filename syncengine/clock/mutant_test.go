//go:build mutants

package clock

import (
	"testing"

	"sansuiji/syncengine/mutant"
)

func TestEveryMutantOfTheClockIsCaught(t *testing.T) {
	defer mutant.Select(mutant.None)
	for _, m := range mutant.All() {
		if m.Where != "syncengine/clock" {
			continue
		}
		mutant.Select(m.Mutant)
		var caught error
		for seed := uint64(0); seed < 300 && caught == nil; seed++ {
			caught = checkClocks(seed)
		}
		if caught == nil {
			t.Errorf("%s survives: %s", m.Mutant, m.What)
		}
		t.Logf("%s: %v", m.Mutant, caught)
	}
}

//go:build mutants

package merge_test

import (
	"testing"

	"sansuiji/syncengine/mutant"
)

// historiesOfMutants are looked at for each bug.
const historiesOfMutants = 3000

func TestEveryMutantOfTheMergeIsCaught(t *testing.T) {
	defer mutant.Select(mutant.None)
	for _, m := range mutant.All() {
		if m.Where != "syncengine/merge" {
			continue
		}
		mutant.Select(m.Mutant)
		histories := checkHistories(0, historiesOfMutants)
		cases := checkCases()
		mutant.Select(mutant.None)
		if histories == nil && len(cases) == 0 {
			t.Errorf("%s survives: %s", m.Mutant, m.What)
		}
		t.Logf("%s: histories: %v; cases: %d", m.Mutant, histories, len(cases))
	}
}

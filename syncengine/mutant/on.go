//go:build mutants

package mutant

import (
	"os"
	"sync/atomic"
)

// active is read from several goroutines of the program under test.
var active atomic.Pointer[Mutant]

func init() { Select(Mutant(os.Getenv("SANSUIJI_MUTANT"))) }

// Select makes one bug active, and no other; None makes none.
func Select(m Mutant) { active.Store(&m) }

// On says whether a bug is active.
func On(m Mutant) bool { return *active.Load() == m }

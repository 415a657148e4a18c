package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Tally counts what really happened, by name.
type Tally map[string]int

// Add counts all of another tally.
func (t Tally) Add(other Tally) {
	for name, n := range other {
		t[name] += n
	}
}

// String is a table, one name a line.
func (t Tally) String() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(&b, "  %-32s %10d\n", name, t[name])
	}
	return b.String()
}

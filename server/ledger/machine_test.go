package ledger

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// machine is the whole table as people read it: for each state, what the responsible unit
// (U) and headquarters (O) can do and what state comes of it.
const machine = `
open    U progress>open claimed>claimed
open    O progress>open claimed>claimed changed>open
claimed U progress>claimed
claimed O progress>claimed checked>checked rejected>open changed>claimed
checked U
checked O rejected>open closed>closed
closed  U
closed  O reopened>open
`

func TestEveryActInEveryStateIsAsTheTableSays(t *testing.T) {
	var b strings.Builder
	b.WriteByte('\n')
	for _, state := range []State{Open, Claimed, Checked, Closed} {
		for _, side := range []Side{Unit, Office} {
			fmt.Fprintf(&b, "%-7s %s", state, map[Side]string{Unit: "U", Office: "O"}[side])
			for _, kind := range Kinds() {
				if r, ok := next(state, kind, side); ok {
					fmt.Fprintf(&b, " %s>%s", kind, r.to)
				}
			}
			b.WriteByte('\n')
		}
	}
	if diff := cmp.Diff(machine, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestNobodyJudgesWhatTheyDidThemselves(t *testing.T) {
	claimant, checker, third := Person{Login: "a", Name: "甲"}, Person{Login: "b", Name: "甲"}, Person{Login: "c", Name: "丙"}
	did := parts{claimant: claimant.Signature(), checker: checker.Signature()}
	for _, c := range []struct {
		state  State
		who    Person
		barred string
	}{
		{Claimed, claimant, "[checked]"},
		{Claimed, checker, "[]"},
		{Claimed, third, "[]"},
		{Checked, claimant, "[closed]"},
		{Checked, checker, "[closed]"},
		{Checked, third, "[]"},
		{Closed, claimant, "[]"},
	} {
		if _, barred := options(c.state, c.who, did); fmt.Sprint(barred) != c.barred {
			t.Errorf("%s by %s: %v, want %s", c.state, c.who.Login, barred, c.barred)
		}
	}
	if may, barred := options(Claimed, Person{Login: "d", Looks: true}, did); len(may)+len(barred) != 0 {
		t.Error("who only looks is offered something")
	}
	imported := parts{claimant: "甲", checker: ""}
	if _, barred := options(Claimed, claimant, imported); len(barred) != 0 {
		t.Error("a name alone is nobody's signature")
	}
}

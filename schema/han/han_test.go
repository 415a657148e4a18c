package han

import (
	"encoding/json"
	"os"
	"testing"
)

func TestTextsThatPeopleTypeForOneAnotherFoldToOne(t *testing.T) {
	var vectors struct {
		One []struct {
			Texts  []string
			Folded string
		}
		Apart [][]string
	}
	file, err := os.ReadFile("../../testdata/han/vectors.json")
	if err == nil {
		err = json.Unmarshal(file, &vectors)
	}
	if err != nil || len(vectors.One) == 0 || len(vectors.Apart) == 0 {
		t.Fatal(err)
	}
	for _, c := range vectors.One {
		for _, text := range c.Texts {
			if got := Text(text); got != c.Folded {
				t.Errorf("%q is %q, want %q", text, got, c.Folded)
			}
		}
	}
	for _, pair := range vectors.Apart {
		if Text(pair[0]) == Text(pair[1]) {
			t.Errorf("%q and %q are one", pair[0], pair[1])
		}
	}
}

func TestEachCharacterIsInOneClassAndFoldsToItsFirst(t *testing.T) {
	for r, members := range table() {
		n := 0
		for _, one := range members {
			if Fold(one) != members[0] {
				t.Errorf("%c of %s folds to %c", one, string(members), Fold(one))
			}
			if one == r {
				n++
			}
		}
		if n != 1 || len(Others(r)) != len(members)-1 {
			t.Errorf("%c is %d times in %s", r, n, string(members))
		}
	}
}

package scoring_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"sansuiji/server/scoring"
)

func marks(max int64, values ...int64) (list []scoring.Group) {
	for i, v := range values {
		list = append(list, scoring.Group{Label: fmt.Sprint(i), Value: big.NewRat(v, 1), Max: big.NewRat(max, 1), Count: 1})
	}
	return list
}

// TestMeansAsWorkedByHand has means that were worked with pencil and paper.
func TestMeansAsWorkedByHand(t *testing.T) {
	for _, c := range []struct {
		name   string
		groups []scoring.Group
		trim   int
		want   string
	}{
		{"no marks", nil, 20, ""},
		{"one mark stays, whatever is trimmed", marks(100, 73), 49, "73.00"},
		{"80 + 90 + 85 = 255, ÷ 3", marks(100, 80, 90, 85), 0, "85.00"},
		{"1 + 2 = 3 of 5 each: 20 and 40", marks(5, 1, 2), 0, "30.00"},
		{"10, 80, 85, 90, 100 without 10 and 100", marks(100, 100, 10, 85, 90, 80), 20, "85.00"},
		{"of nine, a tenth is none", marks(100, 0, 90, 90, 90, 90, 90, 90, 90, 90), 10, "80.00"},
		{"of ten, a tenth is one at each end", marks(100, 0, 90, 90, 90, 90, 90, 90, 90, 90, 100), 10, "90.00"},
		{"a third is 33.333…", marks(3, 1), 0, "33.33"},
		{"two thirds round up", marks(3, 2), 0, "66.67"},
		{"halves go up: 1/16 = 6.25, its half 3.125", marks(32, 1), 0, "3.13"},
		{"two groups: 3 × 100 + 1 × 60 = 360, ÷ 4", []scoring.Group{
			{Value: big.NewRat(5, 1), Max: big.NewRat(5, 1), Count: 3},
			{Value: big.NewRat(3, 1), Max: big.NewRat(5, 1), Count: 1},
		}, 0, "90.00"},
		{"two groups, one trimmed at each end: 100, 100", []scoring.Group{
			{Value: big.NewRat(5, 1), Max: big.NewRat(5, 1), Count: 3},
			{Value: big.NewRat(3, 1), Max: big.NewRat(5, 1), Count: 1},
		}, 25, "100.00"},
	} {
		if got := scoring.Shown(scoring.Mean(c.groups, c.trim)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTotalsAsWorkedByHand(t *testing.T) {
	score := func(n int64) *big.Rat { return big.NewRat(n, 1) }
	for _, c := range []struct {
		name     string
		list     []scoring.Weighted
		want     string
		complete bool
	}{
		{"nothing", nil, "", false},
		{"60 × 80 + 40 × 90 = 8400, ÷ 100", []scoring.Weighted{{score(80), 60}, {score(90), 40}}, "84.00", true},
		{"weights need not be a hundred: 3 × 70 + 1 × 90 = 300, ÷ 4", []scoring.Weighted{{score(70), 3}, {score(90), 1}}, "75.00", true},
		{"what is missing is not zero", []scoring.Weighted{{score(80), 60}, {nil, 40}}, "80.00", false},
		{"what has no weight is not missed", []scoring.Weighted{{score(80), 60}, {nil, 0}}, "80.00", true},
		{"all is missing", []scoring.Weighted{{nil, 60}}, "", false},
		{"a zero that was given counts", []scoring.Weighted{{score(80), 1}, {score(0), 1}}, "40.00", true},
	} {
		total, complete := scoring.Total(c.list)
		if got := scoring.Shown(total); got != c.want || complete != c.complete {
			t.Errorf("%s: %s %v, want %s %v", c.name, got, complete, c.want, c.complete)
		}
	}
}

func TestEqualTotalsShareARank(t *testing.T) {
	var totals []*big.Rat
	for _, text := range []string{"80", "90.004", "", "90.001", "95", "80.005"} {
		r, _ := new(big.Rat).SetString(text)
		totals = append(totals, r)
	}
	if got := fmt.Sprint(scoring.Ranks(totals)); got != "[5 2 0 2 1 4]" {
		t.Error(got)
	}
}

// TestWhateverTheMarksAMeanIsOneOfThem tries the rules that any mean keeps on marks of any
// number, size and order.
func TestWhateverTheMarksAMeanIsOneOfThem(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 3000 {
		values := make([]int64, 1+r.IntN(30))
		for i := range values {
			values[i] = int64(r.IntN(101))
		}
		trim := r.IntN(60) - 5
		groups := marks(100, values...)
		mean := scoring.Mean(groups, trim)
		low, high := groups[0].Value, groups[len(groups)-1].Value
		if mean.Cmp(low) < 0 || mean.Cmp(high) > 0 {
			t.Fatalf("%v trimmed by %d: %s", values, trim, mean)
		}
		out := 0
		for i := range groups {
			out += groups[i].Trimmed
		}
		if out%2 != 0 || out >= len(values) || out > 2*len(values)*max(trim, 0)/100 {
			t.Fatalf("%v trimmed by %d: %d left out", values, trim, out)
		}
		r.Shuffle(len(values), func(i, k int) { values[i], values[k] = values[k], values[i] })
		if again := scoring.Mean(marks(100, values...), trim); again.Cmp(mean) != 0 {
			t.Fatalf("%v in another order: %s, not %s", values, again, mean)
		}
		if merged := scoring.Mean(merge(groups), trim); merged.Cmp(mean) != 0 {
			t.Fatalf("%v counted by value: %s, not %s", values, merged, mean)
		}
		values[0] = 100
		if more := scoring.Mean(marks(100, values...), trim); more.Cmp(mean) < 0 {
			t.Fatalf("%v with a higher mark: %s, not %s", values, more, mean)
		}
	}
}

// merge puts marks of one value into one group.
func merge(groups []scoring.Group) (list []scoring.Group) {
	for _, g := range groups {
		g.Trimmed = 0
		if n := len(list); n > 0 && list[n-1].Value.Cmp(g.Value) == 0 {
			list[n-1].Count++
			continue
		}
		list = append(list, g)
	}
	return list
}

func TestNumbersAreWrittenAsPeopleDo(t *testing.T) {
	var list []string
	for _, r := range []*big.Rat{big.NewRat(85, 1), big.NewRat(175, 2), big.NewRat(0, 1), big.NewRat(100, 1), big.NewRat(1, 3)} {
		list = append(list, scoring.Plain(r))
	}
	if got := strings.Join(list, " "); got != "85 87.5 0 100 0.33" {
		t.Error(got)
	}
}

package template

import "sansuiji/server/intake"

// nearest is the name that is most like what was written, if any is like it.
func nearest(said string, names []Name) guess {
	key := []rune(intake.Fold(said))
	best, least := guess(""), 1.0
	for _, n := range names {
		for _, one := range []string{n.En, n.Zh} {
			name := []rune(intake.Fold(one))
			long := max(len(key), len(name))
			if long == 0 {
				continue
			}
			if far := float64(edits(key, name)) / float64(long); far < least {
				best, least = guess(one), far
			}
		}
	}
	const alike = 0.6 // of the letters may differ
	if least > alike || len(key) == 0 {
		return ""
	}
	return best
}

// edits is how many letters have to be changed, added or taken out to make one text of
// another (Levenshtein).
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i, x := range a {
		left, corner := i+1, i
		for k, y := range b {
			cost := corner
			if x != y {
				cost++
			}
			corner = row[k+1]
			row[k] = left
			left = min(cost, corner+1, left+1)
		}
		row[len(b)] = left
	}
	return row[len(b)]
}

package official

// fewest is how many people a figure is about at least: about fewer, it would tell what
// somebody said.
const fewest = 5

// hide says which groups are not shown: those of fewer than five people, and as many more
// as it takes that what is hidden cannot be told from the sum of all. A group of nobody
// tells nothing.
func hide(groups []int) []bool {
	hidden, count := make([]bool, len(groups)), 0
	for i, n := range groups {
		if n > 0 && n < fewest {
			hidden[i] = true
			count += n
		}
	}
	for count > 0 && count < fewest {
		next := -1
		for i, n := range groups {
			if n > 0 && !hidden[i] && (next < 0 || n < groups[next]) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		hidden[next] = true
		count += groups[next]
	}
	// One hidden group alone follows from the sum, however large it is.
	if only := lone(hidden); only >= 0 {
		for i, n := range groups {
			if n > 0 && i != only {
				hidden[smallest(groups, hidden)] = true
				break
			}
		}
	}
	return hidden
}

// lone is the only hidden group, or -1.
func lone(hidden []bool) int {
	only := -1
	for i, h := range hidden {
		if h && only >= 0 {
			return -1
		}
		if h {
			only = i
		}
	}
	return only
}

// smallest is the smallest group of people that is shown.
func smallest(groups []int, hidden []bool) int {
	best := -1
	for i, n := range groups {
		if n > 0 && !hidden[i] && (best < 0 || n < groups[best]) {
			best = i
		}
	}
	return best
}

// telling says whether figures of the document's scope, compared with those of a larger
// one, would tell of fewer than five people: each is one of the groups that the larger one
// is split into.
func (w *writer) telling() bool {
	r := w.request
	unit := func(t *talkCount) string { return t.id }
	county := func(t *talkCount) string { return t.county }
	category := func(t *talkCount) string { return t.category }
	all := w.facts.asked
	own := w.facts.talks
	if len(own) == 0 {
		return false
	}
	switch {
	case r.Unit != "":
		home := within(all, county, own[0].county)
		return isHidden(all, county, own[0].county) || isHidden(home, unit, own[0].id)
	case r.County != "" && r.Category != "":
		return isHidden(all, county, r.County) || isHidden(within(all, county, r.County), category, r.Category)
	case r.County != "":
		return isHidden(all, county, r.County)
	case r.Category != "":
		return isHidden(all, category, r.Category)
	}
	return false
}

// within are the counts of one group.
func within(all []talkCount, key func(*talkCount) string, group string) (list []talkCount) {
	for i := range all {
		if key(&all[i]) == group {
			list = append(list, all[i])
		}
	}
	return list
}

// isHidden says whether a group is one that is not shown beside the others.
func isHidden(all []talkCount, key func(*talkCount) string, group string) bool {
	index, people := map[string]int{}, []int{}
	for i := range all {
		k := key(&all[i])
		if _, have := index[k]; !have {
			index[k] = len(people)
			people = append(people, 0)
		}
		people[index[k]] += all[i].n
	}
	i, have := index[group]
	return have && hide(people)[i]
}

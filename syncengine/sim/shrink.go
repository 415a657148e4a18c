package sim

// Shrink makes a failing script small: it leaves out steps and mishaps as long as
// fails says that the same still goes wrong, for at most tries plays.
func Shrink(s *Script, fails func(*Script) bool, tries int) *Script {
	best := s
	attempt := func(candidate *Script) bool {
		if tries <= 0 {
			return false
		}
		tries--
		if !fails(candidate) {
			return false
		}
		best = candidate
		return true
	}
	for shrunk := true; shrunk && tries > 0; {
		shrunk = false
		for size := max(1, len(best.Steps)/2); size > 0; size /= 2 {
			for at := 0; at+size <= len(best.Steps); {
				if attempt(without(best, at, size)) {
					shrunk = true
				} else {
					at += size
				}
			}
		}
		for i := 0; i < len(best.Steps); i++ {
			for k := 0; k < len(best.Steps[i].Mishaps); {
				if attempt(withoutMishap(best, i, k)) {
					shrunk = true
				} else {
					k++
				}
			}
		}
	}
	return best
}

// without is a script without some steps.
func without(s *Script, at, size int) *Script {
	c := *s
	c.Steps = append(append([]Step{}, s.Steps[:at]...), s.Steps[at+size:]...)
	return &c
}

// withoutMishap is a script without one mishap.
func withoutMishap(s *Script, step, mishap int) *Script {
	c := *s
	c.Steps = append([]Step{}, s.Steps...)
	old := c.Steps[step].Mishaps
	c.Steps[step].Mishaps = append(append([]Mishap{}, old[:mishap]...), old[mishap+1:]...)
	return &c
}

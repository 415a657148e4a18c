package simulation

import "sansuiji/syncengine/naive"

// judgeDisputes wants whoever's write competes in an open conflict over a row of his to
// know of it, the first of the writers as the others, and nobody to believe in a
// conflict that is over.
func (w *world) judgeDisputes(s *state) {
	open := map[naive.Name][]naive.Ref{}
	for i := range s.contests {
		if c := &s.contests[i]; c.Open {
			for _, name := range c.Writes {
				open[name] = append(open[name], c.Ref)
			}
		}
	}
	for _, p := range w.phones {
		if p.wiped || p.forked || p.branch || p.revoked || p.alarmed {
			continue
		}
		known, err := p.disputed()
		if err != nil {
			w.fail("simulation", "disputes of %s: %v", p.name, err)
		}
		scopes := s.scopesOf(p.id)
		for name, refs := range open {
			if name.Device == p.id && !known[name.Seq] && s.anyIn(scopes, refs) {
				w.fail("who competes knows", "entry %d of %s", name.Seq, p.name)
			}
		}
		for seq := range known {
			if name := (naive.Name{Device: p.id, Seq: seq}); len(open[name]) == 0 {
				w.fail("who competes knows", "%s believes that entry %d competes", p.name, seq)
			}
		}
	}
}

// disputed are the entries that a phone believes to compete, by seq.
func (p *phone) disputed() (map[uint64]bool, error) {
	entries, err := p.d.Disputed(10_000)
	seqs := map[uint64]bool{}
	for i := range entries {
		seqs[entries[i].Seq] = true
	}
	return seqs, err
}

// anyIn says whether any of some rows is in one of some scopes.
func (s *state) anyIn(scopes map[int64]bool, refs []naive.Ref) bool {
	for _, ref := range refs {
		if k := s.rows[ref]; k != nil && scopes[k.scope] {
			return true
		}
	}
	return false
}

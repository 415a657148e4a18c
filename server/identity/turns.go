package identity

import "sync"

// turns lets one at a time be tried under a name. Guesses that are sent all at once are so
// counted one after the other, and the eleventh finds that ten have failed.
type turns struct {
	mu sync.Mutex
	by map[string]*turn
}

type turn struct {
	mu    sync.Mutex
	wants int // who has it, and who waits
}

// take waits for the turns of names, which everybody must name in the same order, and
// gives what ends them.
func (t *turns) take(names ...string) (end func()) {
	ends := make([]func(), 0, len(names))
	for _, name := range names {
		ends = append(ends, t.one(name))
	}
	return func() {
		for _, end := range ends {
			end()
		}
	}
}

func (t *turns) one(name string) (end func()) {
	t.mu.Lock()
	if t.by == nil {
		t.by = map[string]*turn{}
	}
	one := t.by[name]
	if one == nil {
		one = &turn{}
		t.by[name] = one
	}
	one.wants++
	t.mu.Unlock()
	one.mu.Lock()
	return func() {
		one.mu.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		if one.wants--; one.wants == 0 {
			delete(t.by, name)
		}
	}
}

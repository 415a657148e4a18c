package identity

import (
	"sync"
	"time"
)

// attempts slows down guessing: after attemptsMax failures within
// attemptsWindow a name has to wait.
type attempts struct {
	mu     sync.Mutex
	failed map[string][]time.Time
}

const (
	attemptsMax    = 10
	attemptsWindow = 5 * time.Minute
	// attemptsKept bounds the memory: names are up to whoever guesses.
	attemptsKept = 10_000
)

// blocked says whether a name has failed too often.
func (a *attempts) blocked(name string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.recent(name, now)) >= attemptsMax
}

// fail notes a failure.
func (a *attempts) fail(name string, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failed == nil || len(a.failed) >= attemptsKept {
		a.failed = map[string][]time.Time{}
	}
	a.failed[name] = append(a.recent(name, now), now)
}

func (a *attempts) recent(name string, now time.Time) []time.Time {
	list := a.failed[name]
	for len(list) > 0 && now.Sub(list[0]) > attemptsWindow {
		list = list[1:]
	}
	return list
}

package identity

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// counted is something whose failures are counted: how many are borne within a time before
// the next try has to wait. docs/THREATS.md says what the limits add up to.
type counted struct {
	name   string
	max    int
	within time.Duration
}

// fewMinutes is after how long a few mistakes are forgotten.
const fewMinutes = 5 * time.Minute

// ofPair counts a login from one address. A login is whatever somebody typed: it is quoted,
// so that no two names are made to be the same.
func ofPair(login, place string) counted {
	return counted{fmt.Sprintf("pair %q %s", login, place), 10, fewMinutes}
}

// ofPlace counts an address, whatever the login: an office has one for many people.
func ofPlace(place string) counted { return counted{"place " + place, 30, fewMinutes} }

// ofStrangers counts a login from everywhere, but for browsers that it has signed in at
// before. NIST SP 800-63B §5.2.2 bears 100 failures.
func ofStrangers(login string) counted { return counted{"strangers " + login, 100, time.Hour} }

// ofCodes counts the codes of a login's authenticator, which have six digits only. Who gets
// so far has the password: nobody else can use this up.
func ofCodes(login string) counted { return counted{"codes " + login, 20, time.Hour} }

// ofBrowser counts a login at a browser that it has signed in at before.
func ofBrowser(login, browser string) counted {
	return counted{fmt.Sprintf("browser %q %s", login, browser), 10, fewMinutes}
}

// ofCodesAt counts the codes of a login's authenticator at such a browser.
func ofCodesAt(login, browser string) counted {
	return counted{fmt.Sprintf("codes %q %s", login, browser), 20, time.Hour}
}

// ofAgain counts the password that somebody who is signed in gives once more.
func ofAgain(login string) counted { return counted{"again " + login, 10, fewMinutes} }

// ofEnrolment counts enrolment codes from one address.
func ofEnrolment(place string) counted { return counted{"enrol " + place, 10, fewMinutes} }

// attemptsKept bounds the memory: names are up to whoever guesses.
const attemptsKept = 10_000

// attempts counts failures.
type attempts struct {
	mu     sync.Mutex
	failed map[string]*failures
}

// failures are the newest of a name, oldest first.
type failures struct {
	at     []time.Time
	within time.Duration
}

// blocked says whether any of these has failed too often.
func (a *attempts) blocked(now time.Time, list ...counted) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.ContainsFunc(list, func(c counted) bool {
		f := a.failed[c.name]
		return f != nil && f.recent(now) >= c.max
	})
}

// fail notes a failure of each.
func (a *attempts) fail(now time.Time, list ...counted) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failed == nil {
		a.failed = map[string]*failures{}
	}
	for _, c := range list {
		f := a.failed[c.name]
		if f == nil {
			a.makeRoom(now)
			f = &failures{within: c.within}
			a.failed[c.name] = f
		}
		f.recent(now)
		f.at = append(f.at, now)
	}
}

// makeRoom forgets what is over, and if that is not enough those with the fewest failures:
// making up names does not wash away the count of one that is guessed at.
func (a *attempts) makeRoom(now time.Time) {
	if len(a.failed) < attemptsKept {
		return
	}
	type left struct {
		name  string
		count int
	}
	var list []left
	for name, f := range a.failed {
		if count := f.recent(now); count > 0 {
			list = append(list, left{name, count})
		} else {
			delete(a.failed, name)
		}
	}
	if len(list) < attemptsKept {
		return
	}
	slices.SortFunc(list, func(a, b left) int { return cmp.Compare(a.count, b.count) })
	for _, one := range list[:attemptsKept/2] {
		delete(a.failed, one.name)
	}
}

// recent drops what is over and counts the rest.
func (f *failures) recent(now time.Time) int {
	for len(f.at) > 0 && now.Sub(f.at[0]) > f.within {
		f.at = f.at[1:]
	}
	return len(f.at)
}

// placeOf is what an address counts as: of IPv6 the network of 64 bits, in which anybody
// has as many addresses as they like.
func placeOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap(); ip.Is4() {
		return ip.String()
	}
	network, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return network.String()
}

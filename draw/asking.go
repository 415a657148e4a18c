package draw

import "strconv"

// attemptsMin is how often somebody who is not there is tried before the next.
const attemptsMin = 2

// Asking says whom may be asked: people in the order of the draw, the next one only when
// somebody before could not be asked.
type Asking struct {
	Done int // people who were interviewed

	order    []Chosen
	places   map[string]int
	tried    map[string]int
	closed   map[string]bool
	replaced map[string]bool // who has let the next be asked, once
	first    int
	allowed  int
	last     string
	taken    int
}

// NewAsking begins where n people are to be asked at first, at a site that was opened
// at a time.
func NewAsking(n int64, openedAt string, order []Chosen) *Asking {
	a := &Asking{
		order: order, places: map[string]int{}, tried: map[string]int{}, closed: map[string]bool{},
		replaced: map[string]bool{}, first: int(min(n, int64(len(order)))), last: openedAt,
	}
	a.allowed = a.first
	for i, c := range order {
		a.places[c.Key] = i
	}
	return a
}

// Allowed is how many of the order may have been asked so far.
func (a *Asking) Allowed() int { return a.allowed }

// Used is how many of the reserve were used.
func (a *Asking) Used() int { return a.allowed - a.first }

// Take takes the next contact, or refuses it.
func (a *Asking) Take(c Contact) error {
	a.taken++
	at, known := a.places[c.Key]
	number := strconv.Itoa(a.taken)
	_, err := parseTime(c.At)
	switch {
	case err != nil:
		return err
	case c.At < a.last:
		return problem("contact-time", number, c.At)
	case !known:
		return problem("contact-stranger", number, c.Key)
	case a.closed[c.Key]:
		return problem("contact-again", number, c.Key)
	case at >= a.allowed:
		return problem("contact-order", number, c.Key, a.order[min(a.allowed, len(a.order))-1].Key)
	}
	a.last = c.At
	a.tried[c.Key]++
	switch c.Result {
	case Completed:
		a.closed[c.Key] = true
		a.Done++
	case Refusal, OtherReason, NotEligible:
		a.closed[c.Key] = true
		a.replace(c.Key)
	case NonContact, NotKnown:
		if a.tried[c.Key] == attemptsMin {
			a.replace(c.Key) // and this one may be asked again
		}
	default:
		return problem("contact-result", number, c.Result)
	}
	return nil
}

// replace lets the next be asked in somebody's place; for each only once.
func (a *Asking) replace(key string) {
	if !a.replaced[key] {
		a.replaced[key] = true
		a.allowed = min(a.allowed+1, len(a.order))
	}
}

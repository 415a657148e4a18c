package evidence

import (
	"strconv"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
)

// Share counts the cells of a file that have a value, by what they rest on.
type Share struct {
	Device   int // entries here that devices signed
	Office   int // entries of headquarters' own that are here
	Accepted int // entries here whose device's signature cannot be checked here
	Import   int // entries of headquarters' own that are here as hashes
	Withheld int // entries of devices that are here as hashes
	Unnamed  int // no entry is named
	// From and To are the days when headquarters took in the first and last entry of Import.
	From, To string
}

// Total is all of them.
func (s *Share) Total() int {
	return s.Device + s.Office + s.Accepted + s.Import + s.Withheld + s.Unnamed
}

// Trusted are those that rest on headquarters' signature alone.
func (s *Share) Trusted() int { return s.Accepted + s.Import + s.Withheld + s.Unnamed }

// share counts, once entries and signatures are checked. Cells that an entry contradicts are
// told as faults.
func (v *verifier) share() *Share {
	s, hq := &Share{}, hqDevice(v.key)
	for _, r := range v.rowsBy {
		for i, value := range r.values {
			e := v.byPosition[r.Positions[i]]
			switch {
			case r.Positions[i] == 0 && value.Kind == changeset.Null:
			case r.Positions[i] == 0:
				s.Unnamed++
			case e == nil, e.said != nil && !r.proved[i]:
			case e.said == nil && e.Device == hq:
				s.imported(e.ReceivedAt)
			case e.said == nil:
				s.Withheld++
			case e.Device == hq:
				s.Office++
			case e.signed:
				s.Device++
			default:
				s.Accepted++
			}
		}
	}
	return s
}

func (s *Share) imported(at int64) {
	day := time.UnixMilli(at).In(schema.Zone()).Format(time.DateOnly)
	if s.Import++; s.Import == 1 || day < s.From {
		s.From = day
	}
	s.To = max(s.To, day)
}

// Words say the share.
func (s *Share) Words() schema.Label {
	dates := schema.Label{Zh: s.From, En: s.From}
	if s.From != s.To {
		dates = Word("dates", "from", s.From, "to", s.To)
	}
	var zh, en []string
	for _, part := range []struct {
		code  string
		count int
	}{
		{"share-device", s.Device},
		{"share-office", s.Office},
		{"share-accepted", s.Accepted},
		{"share-import", s.Import},
		{"share-withheld", s.Withheld},
		{"share-unnamed", s.Unnamed},
	} {
		if part.count == 0 && part.code != "share-device" {
			continue
		}
		said := Word(part.code, "count", grouped(part.count))
		zh = append(zh, strings.ReplaceAll(said.Zh, "{dates}", dates.Zh))
		en = append(en, strings.ReplaceAll(said.En, "{dates}", dates.En))
	}
	joint, total := Word("share-joint"), grouped(s.Total())
	return schema.Label{
		Zh: Word("share", "total", total, "parts", strings.Join(zh, joint.Zh)).Zh,
		En: Word("share", "total", total, "parts", strings.Join(en, joint.En)).En,
	}
}

// grouped is a number with commas.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// Verdict is what a check came to, in words: the word for it, what it means, and what the
// cells rest on.
func (r *Report) Verdict() (word schema.Label, said []schema.Label) {
	word, said = Word(r.Result), []schema.Label{Word(r.Result + "-lead")}
	if r.Share == nil || r.Result == Fails {
		return word, said
	}
	switch trusted := r.Share.Trusted(); {
	case r.Result != Holds || trusted == 0:
	case 2*trusted > r.Share.Total():
		word = Word("holds-mostly")
	default:
		word = Word("holds-partly")
	}
	return word, append(said, r.Share.Words())
}

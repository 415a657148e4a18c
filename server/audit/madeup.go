package audit

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"

	"sansuiji/schema"
)

// Earlier versions of this program hashed a line with the campaign that was asked for, and
// kept none if there was no such campaign: who made one up left a line that does not have
// its own hash. What is missing stands in the line's subject, which is under the hash too.
// So such a line is proved as any other is, with the campaign taken from there: a line that
// was changed has another hash all the same, and a history that has the log's head after it
// would contradict one that was made anew.
//
// What must not pass for this fault is a line whose campaign was taken away later. So the
// row must name none, its campaign must be none of this database, and the line must say
// that nothing was done: that it was refused, or that what was to be taken out was not
// given. Lines of a campaign that was removed say what was done in it.

// Span is some lines of the log, first to last.
type Span struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// madeUp are the lines with a campaign that somebody made up.
type madeUp struct {
	known   []string // campaigns of this database
	spans   []Span
	waiting map[asked][]uint64 // where something was asked for, until it is said that it was not given
}

// asked is who asked for what.
type asked struct{ actor, kind, subject, address string }

// notGiven begins the detail of what could not be taken out.
const notGiven = "not given: "

// sum is the hash of a line that has not its own, if the fault explains it.
func (m *madeUp) sum(line Line, before []byte) (hash []byte, ok bool) {
	line.Campaign = campaignIn(line.Subject)
	isKnown := line.isNumbered || line.Campaign == "" || slices.Contains(m.known, line.Campaign)
	hash = line.sum(before)
	own, err := hex.DecodeString(line.Hash)
	if isKnown || err != nil || !bytes.Equal(hash, own) {
		return nil, false
	}
	who := asked{line.Actor, line.Kind, line.Subject, line.Address}
	switch {
	case line.Refused:
	case strings.HasPrefix(line.Detail, notGiven):
		m.answered(who)
	case line.Detail == "":
		m.waiting[who] = append(m.waiting[who], line.Position)
	default:
		return nil, false
	}
	if last := len(m.spans) - 1; last >= 0 && m.spans[last].To+1 == line.Position {
		m.spans[last].To++
	} else {
		m.spans = append(m.spans, Span{line.Position, line.Position})
	}
	return hash, true
}

func (m *madeUp) answered(who asked) {
	if list := m.waiting[who]; len(list) > 0 {
		m.waiting[who] = list[1:]
	}
}

// left is the first line that asked for something of which it is not said that it was not
// given; 0: none.
func (m *madeUp) left() (first uint64) {
	for _, list := range m.waiting {
		if len(list) > 0 && (first == 0 || list[0] < first) {
			first = list[0]
		}
	}
	return first
}

// campaignIn is the campaign that a subject names; "": none.
func campaignIn(subject string) string {
	text, ok := strings.CutPrefix(subject, "/campaigns/")
	if !ok {
		return ""
	}
	text, _, _ = strings.Cut(text, "/")
	text, _, _ = strings.Cut(text, "?")
	id, err := schema.ParseID[schema.CampaignID](text)
	if err != nil {
		return ""
	}
	return id.String()
}

package sim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Script is one life of a campaign: who is there, and what they do one after
// another. Whoever plays the same script sees the same life.
type Script struct {
	Seed  uint64 // of keys and ids
	City  City
	Steps []Step
}

// City is who is there at the beginning.
type City struct {
	HQ      int   // headquarters' schema version
	Devices []int // the devices' schema versions
	Page    int   // rows in one answer to a pull
	Tokens  bool  // real access tokens; else the device's id is its token
}

// Step is one action of an actor: a device d1, d2, …, a carrier c1, c2, … that only
// holds what it is given, headquarters hq, or x, who means harm.
type Step struct {
	Actor   string
	Verb    Verb
	Words   []string
	Dice    uint64 // what the step leaves open is drawn with it, whatever comes before
	Mishaps []Mishap
}

// Mishap is what goes wrong during a step.
type Mishap struct {
	Kind  MishapKind
	At    int    // which message of the step, or which time at the point; from 1
	Point string // of a crash
}

// Limits on a script's text.
const (
	linesMax = 10_000
	wordsMax = 20
)

// ErrScript says that a text is no script.
var ErrScript = errors.New("malformed script")

// String is the script's text, one step a line.
func (s *Script) String() string {
	var b strings.Builder
	versions := make([]string, len(s.City.Devices))
	for i, v := range s.City.Devices {
		versions[i] = strconv.Itoa(v)
	}
	fmt.Fprintf(&b, "seed %d\ncity hq=%d devices=%s page=%d tokens=%t\n", s.Seed, s.City.HQ,
		strings.Join(versions, ","), s.City.Page, s.City.Tokens)
	for i := range s.Steps {
		b.WriteString(s.Steps[i].String())
		b.WriteByte('\n')
	}
	return b.String()
}

// String is the step's line.
func (s *Step) String() string {
	words := append([]string{s.Actor, string(s.Verb)}, s.Words...)
	words = append(words, "#"+strconv.FormatUint(s.Dice, 10))
	for _, m := range s.Mishaps {
		words = append(words, m.String())
	}
	return strings.Join(words, " ")
}

func (m Mishap) String() string {
	if m.Point == "" {
		return fmt.Sprintf("!%s@%d", m.Kind, m.At)
	}
	return fmt.Sprintf("!%s=%s@%d", m.Kind, m.Point, m.At)
}

// Parse reads a script. Empty lines and those that begin with a semicolon say
// nothing.
func Parse(text string) (*Script, error) {
	s := &Script{City: City{Page: pageUsual}}
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > linesMax {
			return nil, fmt.Errorf("read script: %w: more than %d lines", ErrScript, linesMax)
		}
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], ";") {
			continue
		}
		if err := s.line(words); err != nil {
			return nil, fmt.Errorf("read script, line %d: %w", n, err)
		}
	}
	if s.City.HQ == 0 || len(s.City.Devices) == 0 {
		return nil, fmt.Errorf("read script: %w: no city", ErrScript)
	}
	return s, nil
}

func (s *Script) line(words []string) (err error) {
	if len(words) < 2 || len(words) > wordsMax {
		return fmt.Errorf("%w: %d words", ErrScript, len(words))
	}
	switch words[0] {
	case "seed":
		s.Seed, err = strconv.ParseUint(words[1], 10, 64)
		return err
	case "city":
		return s.City.read(words[1:])
	}
	step := Step{Actor: words[0], Verb: Verb(words[1])}
	if !slices.Contains(Verbs(), step.Verb) {
		return fmt.Errorf("%w: verb %q", ErrScript, step.Verb)
	}
	for _, w := range words[2:] {
		switch w[0] {
		case '#':
			if step.Dice, err = strconv.ParseUint(w[1:], 10, 64); err != nil {
				return err
			}
		case '!':
			m, err := parseMishap(w[1:])
			if err != nil {
				return err
			}
			step.Mishaps = append(step.Mishaps, m)
		default:
			step.Words = append(step.Words, w)
		}
	}
	s.Steps = append(s.Steps, step)
	return nil
}

func (c *City) read(words []string) error {
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		var err error
		switch name {
		case "hq":
			c.HQ, err = strconv.Atoi(value)
		case "page":
			c.Page, err = strconv.Atoi(value)
		case "tokens":
			c.Tokens, err = strconv.ParseBool(value)
		case "devices":
			c.Devices = nil
			for v := range strings.SplitSeq(value, ",") {
				n, e := strconv.Atoi(v)
				c.Devices, err = append(c.Devices, n), cmp.Or(err, e)
			}
		default:
			err = fmt.Errorf("%w: %q", ErrScript, w)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func parseMishap(text string) (m Mishap, err error) {
	what, at, ok := strings.Cut(text, "@")
	if !ok {
		return m, fmt.Errorf("%w: mishap %q", ErrScript, text)
	}
	kind, point, _ := strings.Cut(what, "=")
	m.Kind, m.Point = MishapKind(kind), point
	if !slices.Contains(MishapKinds(), m.Kind) {
		return m, fmt.Errorf("%w: mishap %q", ErrScript, text)
	}
	m.At, err = strconv.Atoi(at)
	return m, err
}

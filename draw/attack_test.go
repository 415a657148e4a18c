package draw

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"testing"
)

// story is a campaign: a void ceremony, the one that counts, and a later one; with
// two replacements, and the hashes that people wrote down.
type story struct {
	frame       *Frame
	file        []byte
	ceremonies  []*Certificate
	planKnown   Hash
	certKnown   Hash
	headKnown   Hash
	showPlan    bool // the auditor has the plan's hash
	showTheRest bool // and the certificate's and the newest amendment's
}

func tell(t testing.TB) *story {
	t.Helper()
	s := &story{frame: made(t, 11, 60), showPlan: true}
	s.file = AppendFrame(nil, s.frame)
	void := certify(t, plan(s.frame, 1, Hash{}), s.frame, 1)
	void.Status, void.Reason = Void, "停電，觀察員離場"
	s.ceremonies = append(s.ceremonies, void)
	s.ceremonies = append(s.ceremonies, certify(t, plan(s.frame, 2, void.Hash()), s.frame, 2))
	other := plan(s.frame, 3, s.ceremonies[1].Hash())
	other.Purpose, other.Teams, other.Routes = "recheck", nil, nil
	s.ceremonies = append(s.ceremonies, certify(t, other, s.frame, 3))
	c := s.counts()
	for i := range 2 {
		if err := c.Amend(Amendment{
			Stratum: "C04", Out: mainOf(c, "C04")[i], Reason: "disaster", Evidence: "sha256:photo", Approver: "D01",
			At: fmt.Sprintf("2026-11-2%dT01:00:00Z", i+1),
		}); err != nil {
			t.Fatal(err)
		}
	}
	s.planKnown, s.certKnown, s.headKnown = c.PlanHash, c.Hash(), c.Head()
	return s
}

// counts is the ceremony that counts.
func (s *story) counts() *Certificate { return s.ceremonies[1] }

func mainOf(c *Certificate, stratum string) (ids []string) {
	for _, d := range c.Drawn {
		if d.Stratum == stratum && d.Reserve == 0 {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

func (s *story) log() (b []byte) {
	for _, c := range s.ceremonies {
		b = append(append(b, Canonical(c)...), '\n')
	}
	return b
}

// known are the hashes that the auditor has.
func (s *story) known() (known []Hash) {
	if s.showPlan {
		known = append(known, s.planKnown)
	}
	if s.showTheRest {
		known = append(known, s.certKnown, s.headKnown)
	}
	return known
}

func (s *story) verify() *Verification {
	return Verify(Canonical(s.counts()), s.file, s.log(), s.known())
}

// again draws the ceremony that counts anew, as who has all files can.
func (s *story) again(t testing.TB) {
	t.Helper()
	c := s.counts()
	c.PlanHash = c.Plan.Hash()
	seed, err := NewSeed(&c.Plan, c.Reveals, c.Throws)
	if err != nil {
		t.Fatal(err)
	}
	done, err := Run(&c.Plan, s.frame, seed)
	if err != nil {
		t.Fatal(err)
	}
	c.Outcome, c.Amendments = *done, nil
	s.relink()
}

// relink links the log anew, as who has all files can.
func (s *story) relink() {
	for i := 1; i < len(s.ceremonies); i++ {
		c := s.ceremonies[i]
		c.Plan.Previous = s.ceremonies[i-1].Hash()
		if i > 1 {
			c.PlanHash = c.Plan.Hash()
		}
	}
}

// reframe freezes another frame, and draws from it.
func (s *story) reframe(t testing.TB, change func(units []Unit)) {
	t.Helper()
	units := slices.Clone(s.frame.Units)
	change(units)
	f, err := NewFrame(units)
	if err != nil {
		t.Fatal(err)
	}
	s.file = AppendFrame(nil, f)
	if s.frame, err = ReadFrame(s.file); err != nil {
		t.Fatal(err)
	}
}

// noted gives the codes of all notes.
func noted(v *Verification) (codes []string) {
	for _, s := range v.Steps {
		for _, n := range s.Notes {
			codes = append(codes, n.Code)
		}
	}
	return codes
}

func TestWhatNoPublishedHashBindsIsSaid(t *testing.T) {
	s := tell(t)
	c := s.counts()
	for _, n := range []struct {
		known []Hash
		cut   bool // the replacements are left out
		want  string
	}{
		{nil, false, "note-unpublished"},
		{[]Hash{s.planKnown}, false, "note-head"},
		{[]Hash{s.planKnown, s.headKnown}, false, ""},
		{[]Hash{s.planKnown}, true, "note-plan-only"},
		{[]Hash{s.certKnown}, true, ""},
	} {
		shown := *c
		if n.cut {
			shown.Amendments = nil
		}
		v := Verify(Canonical(&shown), s.file, s.log(), n.known)
		var have string
		for _, code := range noted(v) {
			if slices.Contains([]string{"note-unpublished", "note-head", "note-plan-only"}, code) {
				have += code
			}
		}
		if v.Result != Holds || have != n.want {
			t.Errorf("%v, cut %v: %s %q, want %q", n.known, n.cut, v.Result, have, n.want)
		}
	}
}

func TestWhatElseTheLogHasIsNoted(t *testing.T) {
	s := tell(t)
	for _, n := range []struct{ lines, others int }{{3, 1}, {2, 0}} { // a log that ends early holds
		s.ceremonies = s.ceremonies[:n.lines]
		v := s.verify()
		notes := v.Steps[len(v.Steps)-1].Notes
		end, others := notes[len(notes)-1], 0
		for _, note := range notes {
			if note.Code == "note-log-other" && note.Args[1] == "recheck/city" {
				others++
			}
		}
		if v.Result != Holds || end.Code != "note-log-end" || end.Args[0] != strconv.Itoa(n.lines) || others != n.others {
			t.Errorf("%d ceremonies: %s %+v", n.lines, v.Result, notes)
		}
	}
}

func TestAPlanWithoutAGapIsNoted(t *testing.T) {
	f := made(t, 11, 60)
	p := plan(f, 1, Hash{})
	p.GapSeconds = 0
	v := Verify(Canonical(certify(t, p, f, 1)), AppendFrame(nil, f), nil, nil)
	if v.Result != Holds || !slices.Contains(noted(v), "note-gap") {
		t.Errorf("%s %v", v.Result, noted(v))
	}
}

func TestNothingIsSaidOfTheLogAfterAFault(t *testing.T) {
	f, other := made(t, 11, 60), made(t, 11, 61)
	certificate := Canonical(certify(t, plan(f, 1, Hash{}), f, 1))
	v := Verify(certificate, AppendFrame(nil, other), nil, nil)
	if last := v.Steps[len(v.Steps)-1]; v.Result != Fails || last.Result != Unknown || last.Notes != nil {
		t.Errorf("%s %+v", v.Result, last)
	}
}

// attack is a way to get another outcome than chance gave.
type attack struct {
	name string
	do   func(t *testing.T, s *story)
	want string // the problem's code
}

func attacks() []attack {
	return []attack{
		{"the frame is edited", func(t *testing.T, s *story) {
			s.reframe(t, func(units []Unit) { units[7].Size = 1 })
		}, "frame-root"},
		{"the frame is edited, and everything made to fit", func(t *testing.T, s *story) {
			s.reframe(t, func(units []Unit) { units[7].Size = 1 })
			excluded := s.counts().Plan.Frame.Excluded
			s.counts().Plan.Frame = s.frame.Summary()
			s.counts().Plan.Frame.Excluded = excluded
			s.again(t)
		}, "known-other"},
		{"the rows of the frame are reordered", func(_ *testing.T, s *story) {
			lines := bytes.Split(s.file, []byte("\n"))
			lines[1], lines[2] = lines[2], lines[1]
			s.file = bytes.Join(lines, []byte("\n"))
		}, "frame-file"},
		{"a village is left out afterwards", func(t *testing.T, s *story) {
			s.reframe(t, func(units []Unit) { units[3].Eligible, units[3].Exclusion = false, "E3-disaster" })
		}, "frame-eligible"},
		{"another secret is opened", func(_ *testing.T, s *story) {
			s.counts().Reveals[0].Secret = secret("hq", 99)
		}, "reveals-other"},
		{"another secret is committed to and opened", func(t *testing.T, s *story) {
			c := s.counts()
			c.Reveals[0].Secret = secret("hq", 99)
			c.Plan.Commitments[0].Commit = Commit(c.Plan.Ceremony(), "hq", secret("hq", 99))
			s.again(t)
		}, "known-other"},
		{"a die is changed", func(_ *testing.T, s *story) {
			s.counts().Throws[1].Digits = "0000000"
		}, "outcome-other"},
		{"a die is changed, and everything made to fit", func(t *testing.T, s *story) {
			s.showTheRest = true
			s.counts().Throws[1].Digits = "0000000"
			s.again(t)
		}, "known-other"},
		{"people's dice change places", func(_ *testing.T, s *story) {
			slices.Reverse(s.counts().Throws)
		}, "throws-person"},
		{"a die that has no such side", func(_ *testing.T, s *story) {
			s.counts().Throws[2].Digits = "12345x7"
		}, "throws-digit"},
		{"a ceremony is dropped", func(_ *testing.T, s *story) {
			s.ceremonies = s.ceremonies[1:]
			s.showPlan = false
			s.counts().Plan.Seq = 3
		}, "log-gap"},
		{"a void ceremony is left out of the log", func(_ *testing.T, s *story) {
			c := s.counts()
			s.ceremonies = []*Certificate{c, c, s.ceremonies[2]}
		}, "log-gap"},
		{"a preview is aborted and not opened", func(_ *testing.T, s *story) {
			s.ceremonies[0].Reveals = nil
			s.relink()
		}, "plan-hash"},
		{"a preview is aborted and not opened, before the plan", func(t *testing.T, s *story) {
			s.ceremonies[0].Reveals, s.showPlan = nil, false
			s.relink()
			s.again(t)
		}, "log-line"},
		{"a ceremony is void without a reason", func(t *testing.T, s *story) {
			s.ceremonies[0].Reason, s.showPlan = "", false
			s.relink()
			s.again(t)
		}, "log-line"},
		{"a void ceremony is said to have given something else", func(t *testing.T, s *story) {
			s.ceremonies[0].Drawn[0].ID, s.showPlan = "V010001", false
			s.relink()
			s.again(t)
		}, "log-line"},
		{"it is drawn twice, and the better one is shown", func(t *testing.T, s *story) {
			s.ceremonies[0].Status, s.ceremonies[0].Reason, s.showPlan = Done, "", false
			s.relink()
			s.again(t)
		}, "log-twice"},
		{"a drawn unit is exchanged", func(_ *testing.T, s *story) {
			c := s.counts()
			c.Amendments = nil
			c.Drawn[0].ID = "V010001"
			if c.Drawn[0].ID == c.Drawn[1].ID {
				c.Drawn[0].ID = "V010002"
			}
		}, "outcome-other"},
		{"a drawn unit is struck off", func(_ *testing.T, s *story) {
			s.counts().Drawn = s.counts().Drawn[1:]
		}, "outcome-other"},
		{"a team gets another county", func(_ *testing.T, s *story) {
			s.counts().Teams.Strata.Pairs[0].Team, s.counts().Teams.Strata.Pairs[1].Team = "T5", "T4"
		}, "outcome-other"},
		{"a recusal is added afterwards", func(t *testing.T, s *story) {
			s.counts().Plan.Teams.Barred = append(s.counts().Plan.Teams.Barred, Barred{"T4", "C04"})
			s.again(t)
		}, "known-other"},
		{"a route is reordered", func(_ *testing.T, s *story) {
			slices.Reverse(s.counts().Routes[0].Tour)
		}, "outcome-other"},
		{"the second in reserve replaces", func(_ *testing.T, s *story) {
			a := &s.counts().Amendments[0]
			a.In = s.counts().Drawn[0].ID
		}, "amendment-in"},
		{"a replacement is removed", func(_ *testing.T, s *story) {
			s.counts().Amendments = s.counts().Amendments[1:]
		}, "amendment-in"},
		{"the newest replacement is forged", func(_ *testing.T, s *story) {
			s.showTheRest = true
			s.counts().Amendments[1].Evidence = "sha256:other"
		}, "known-other"},
		{"a leader approves", func(_ *testing.T, s *story) {
			s.counts().Amendments[1].Approver = "L01"
		}, "amendment-approver"},
		{"a replacement has no evidence", func(_ *testing.T, s *story) {
			s.counts().Amendments[1].Evidence = ""
		}, "amendment-evidence"},
		{"a replacement has a reason of its own", func(_ *testing.T, s *story) {
			s.counts().Amendments[1].Reason = "inconvenient"
		}, "amendment-reason"},
		{"the clock is set back: dice before the plan", func(_ *testing.T, s *story) {
			s.counts().ThrownAt = "2026-11-20T01:10:00Z"
		}, "published-late"},
		{"a replacement from the beginning of time", func(_ *testing.T, s *story) {
			s.counts().Amendments[0].At = "0001-01-01T00:00:00Z"
		}, "amendment-time"},
		{"a gap that no clock can count", func(t *testing.T, s *story) {
			s.counts().Plan.GapSeconds, s.showPlan = 18_446_744_074, false
			s.again(t)
		}, "published-late"},
		{"the log's done ceremony has a reason", func(_ *testing.T, s *story) {
			s.ceremonies[2].Reason = "x"
		}, "log-line"},
		{"a replacement from before the draw", func(_ *testing.T, s *story) {
			s.counts().Amendments[0].At = "2026-11-01T01:00:00Z"
		}, "amendment-time"},
		{"fewer dice", func(t *testing.T, s *story) {
			c := s.counts()
			c.Plan.Public.Throws = 4
			for i := range c.Throws {
				c.Throws[i].Digits = c.Throws[i].Digits[:4]
			}
			s.again(t)
		}, "dice-few"},
		{"a void ceremony is said to have stopped before the dice, and keeps an outcome", func(t *testing.T, s *story) {
			c := s.ceremonies[0]
			c.Throws, c.ThrownAt, s.showPlan = nil, "", false
			s.relink()
			s.again(t)
		}, "log-line"},
		{"what counts is said to have stopped before the dice", func(_ *testing.T, s *story) {
			s.counts().Throws, s.counts().ThrownAt = nil, ""
		}, "throws-number"},
		{"one holds all secrets", func(_ *testing.T, s *story) {
			s.counts().Plan.Commitments = s.counts().Plan.Commitments[:1]
		}, "plan-roles"},
	}
}

func TestNobodyCanRollAgain(t *testing.T) {
	honest := tell(t)
	honest.showTheRest = true
	if v := honest.verify(); v.Result != Holds {
		t.Fatalf("the honest story: %+v", v.Steps)
	}
	list := attacks()
	if len(list) < 20 {
		t.Fatalf("%d attacks", len(list))
	}
	before := honestStory(honest)
	cases := []any{before}
	for _, a := range list {
		s := tell(t)
		a.do(t, s)
		v := s.verify()
		cases = append(cases, attackedStory(t, a.name, before, s))
		t.Run(a.name, func(t *testing.T) {
			first := v.problem()
			if v.Result != Fails || first == nil || first.Code != a.want {
				t.Errorf("%s, %v, want %s", v.Result, first, a.want)
			}
			if first != nil && placeholder.MatchString(first.Say("zh")) {
				t.Errorf("said as %s", first.Say("zh"))
			}
		})
	}
	wantVectors(t, "attacks.jsonl", cases)
}

// problem is that of the first step that does not hold.
func (v *Verification) problem() *Problem {
	for _, step := range v.Steps {
		if step.Problem != nil {
			return step.Problem
		}
	}
	return nil
}

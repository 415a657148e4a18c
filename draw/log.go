package draw

import (
	"bytes"
	"strconv"
)

// log checks the campaign's ceremonies: numbers without gaps, each linked to the one
// before, void ones opened, and no purpose drawn twice.
func (v *verifier) log(file []byte) {
	if file != nil || v.Result != Holds {
		v.step("verify-log", func() error { return v.checkLog(file) })
		return
	}
	s := Step{Name: "verify-log", Result: Unknown}
	if v.certificate.Plan.Seq == 1 {
		s.Result, s.Notes = Holds, []Note{{Code: "note-first"}}
	}
	v.Result = s.Result
	v.Steps = append(v.Steps, s)
}

func (v *verifier) checkLog(file []byte) error {
	previous, seq, found := Hash{}, int64(0), false
	live := map[string]int64{}
	for line := range bytes.Lines(file) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		c, err := ParseCertificate(line)
		if err != nil {
			return logProblem(strconv.FormatInt(seq+1, 10), err)
		}
		seq++
		if err := v.checkEntry(c, seq, previous); err != nil {
			return err
		}
		previous = c.Hash()
		if c.Status == Done {
			what := c.Plan.Purpose + "/" + c.Plan.Scope
			if before, twice := live[what]; twice {
				return problem("log-twice", what, strconv.FormatInt(before, 10), strconv.FormatInt(seq, 10))
			}
			live[what] = seq
			if previous != v.Hash && len(c.Drawn) > 0 && c.Plan.Frame.Root == v.certificate.Plan.Frame.Root {
				v.note("note-log-other", strconv.FormatInt(seq, 10), what)
			}
		}
		found = found || previous == v.Hash
	}
	if !found {
		return problem("log-missing")
	}
	v.note("note-log-end", strconv.FormatInt(seq, 10))
	return nil
}

// logProblem says in which ceremony of the log something is wrong.
func logProblem(number string, cause error) error {
	return &Problem{Code: "log-line", Args: []string{number}, Cause: ProblemOf(cause)}
}

// checkEntry checks one ceremony of the log. One on the same frame is drawn again.
func (v *verifier) checkEntry(c *Certificate, seq int64, previous Hash) error {
	number := strconv.FormatInt(seq, 10)
	if err := c.Plan.Check(); err != nil {
		return logProblem(number, err)
	}
	switch {
	case c.Plan.Campaign != v.certificate.Plan.Campaign:
		return problem("log-campaign", number, c.Plan.Campaign)
	case c.Plan.Seq != seq:
		return problem("log-gap", number, strconv.FormatInt(c.Plan.Seq, 10))
	case c.Plan.Previous != previous:
		return problem("log-link", number)
	case c.Plan.Hash() != c.PlanHash:
		return logProblem(number, problem("plan-hash", c.Plan.Hash().String(), c.PlanHash.String()))
	case c.Status != Done && c.Status != Void || (c.Status == Void) != (c.Reason != ""):
		return logProblem(number, problem("status", c.Status))
	}
	if err := c.Plan.checkReveals(c.Reveals); err != nil {
		return logProblem(number, err)
	}
	switch {
	case c.unthrown():
		v.note("note-void-unthrown", number, c.Reason)
		if err := (&Outcome{}).sameAs(&c.Outcome); err != nil {
			return logProblem(number, err)
		}
		return nil
	case c.Status == Void:
		return v.discarded(c, number)
	}
	if err := c.Plan.checkThrows(c.Throws); err != nil {
		return logProblem(number, err)
	}
	return nil
}

// discarded draws a void ceremony again, and says how it differs from what was drawn
// for the same purpose.
func (v *verifier) discarded(c *Certificate, number string) error {
	if err := c.Plan.checkThrows(c.Throws); err != nil {
		return logProblem(number, err)
	}
	if c.Plan.Frame.Root != v.certificate.Plan.Frame.Root {
		v.note("note-void-frame", number, c.Reason)
		return nil
	}
	again, err := c.again(v.frame)
	if err != nil {
		return logProblem(number, err)
	}
	if err := again.sameAs(&c.Outcome); err != nil {
		return logProblem(number, err)
	}
	both := 0
	for _, d := range again.Drawn {
		if d.Reserve == 0 && v.certificate.draws(d.ID) {
			both++
		}
	}
	v.note("note-void-drawn", number, c.Reason, strconv.Itoa(both), strconv.Itoa(again.main()))
	return nil
}

// draws says whether a unit was drawn, not in reserve.
func (c *Certificate) draws(id string) bool {
	for i := range c.Drawn {
		if c.Drawn[i].ID == id && c.Drawn[i].Reserve == 0 {
			return true
		}
	}
	return false
}

// main is how many were drawn, the reserve left out.
func (o *Outcome) main() (n int) {
	for i := range o.Drawn {
		if o.Drawn[i].Reserve == 0 {
			n++
		}
	}
	return n
}

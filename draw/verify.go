package draw

import (
	"bytes"
	"reflect"
	"slices"
	"strconv"
)

// Results of a step of the verification.
const (
	Holds   = "holds"
	Fails   = "fails"
	Unknown = "unknown" // it cannot be decided with what is there
)

// Step is one thing that was checked.
type Step struct {
	Name    string   `json:"name"` // a code of words.json: what was checked
	Result  string   `json:"result"`
	Problem *Problem `json:"problem,omitempty"` // of a step that does not hold
	Notes   []Note   `json:"notes,omitempty"`   // what a reader should know
}

// Note is something that is no fault, but worth knowing.
type Note = Problem

// Verification is what came of all steps.
type Verification struct {
	Steps  []Step `json:"steps"`
	Result string `json:"result"`
	Hash   Hash   `json:"hash"` // of the certificate, to be compared with the published one
}

// verifier works through the steps. After one that fails the others cannot hold.
type verifier struct {
	Verification
	certificate *Certificate
	frame       *Frame
	notes       []Note
}

// Verify does everything again that a certificate says. frame is the file of its
// frame; log, which may be nil, is all certificates of the campaign, one to a line,
// from the first. known are hashes that the reader has from where they were
// published: of the plan, the certificate or its newest amendment. Without them
// nobody knows that this is the ceremony which people saw.
func Verify(certificate, frame, log []byte, known []Hash) *Verification {
	v := &verifier{Verification: Verification{Result: Holds}}
	v.step("verify-form", func() error { return v.parse(certificate) })
	v.step("verify-plan", func() error {
		if len(known) == 0 {
			v.note("note-unpublished")
		}
		return v.plan()
	})
	v.step("verify-frame", func() error { return v.readFrame(frame) })
	v.step("verify-openings", func() error { return v.certificate.Plan.checkReveals(v.certificate.Reveals) })
	v.step("verify-public", v.public)
	v.step("verify-draw", v.draw)
	v.step("verify-amendments", v.amendments)
	if len(known) > 0 {
		v.step("verify-known", func() error { return v.known(known) })
	}
	v.log(log)
	return &v.Verification
}

// known wants each hash to be one of this ceremony's.
func (v *verifier) known(hashes []Hash) error {
	c := v.certificate
	for _, h := range hashes {
		if h != c.PlanHash && h != v.Hash && h != c.Head() {
			return problem("known-other", h.String())
		}
	}
	switch head := c.Head(); {
	case slices.Contains(hashes, head):
	case len(c.Amendments) > 0:
		v.note("note-head", head.String())
	default:
		v.note("note-plan-only")
	}
	return nil
}

// step does a step, if all before it hold.
func (v *verifier) step(name string, check func() error) {
	s := Step{Name: name, Result: Unknown}
	if v.Result == Holds {
		v.notes = nil
		err := check()
		s.Result, s.Notes = Holds, v.notes
		if err != nil {
			s.Problem, s.Result = ProblemOf(err), Fails
			if slices.Contains(undecidable, s.Problem.Code) {
				s.Result = Unknown
			}
			v.Result = s.Result
		}
	}
	v.Steps = append(v.Steps, s)
}

// undecidable are the problems of a program that is older than the certificate.
var undecidable = []string{"spec-unknown", "suite-unknown", "public-unknown"}

func (v *verifier) note(code string, args ...string) {
	v.notes = append(v.notes, Note{Code: code, Args: args})
}

func (v *verifier) parse(text []byte) error {
	spec, err := specOf(text)
	if err != nil {
		return err
	}
	if spec != Spec {
		return problem("spec-unknown", spec)
	}
	if v.certificate, err = ParseCertificate(text); err != nil {
		return err
	}
	v.Hash = v.certificate.Hash()
	return nil
}

// specOf finds the norm that a document says to follow, before anything else is
// asked of it.
func specOf(text []byte) (string, error) {
	tree, err := parseJSON(text)
	if err != nil {
		return "", err
	}
	o, _ := tree.(object)
	spec, _ := o.at("spec")
	name, ok := spec.(string)
	if !ok {
		return "", problem("json-form", "spec")
	}
	return name, nil
}

func (v *verifier) plan() error {
	c := v.certificate
	if err := c.Plan.Check(); err != nil {
		return err
	}
	if have := c.Plan.Hash(); have != c.PlanHash {
		return problem("plan-hash", have.String(), c.PlanHash.String())
	}
	if c.Plan.ExcludedMany() {
		v.note("note-excluded", strconv.Itoa(c.Plan.Frame.N-c.Plan.Frame.Eligible), strconv.Itoa(c.Plan.Frame.N))
	}
	switch {
	case c.Status == Done && c.Reason == "":
		return nil
	case c.Status == Void && c.Reason != "":
		v.note("note-void", c.Reason)
		return nil
	}
	return problem("status", c.Status)
}

func (v *verifier) readFrame(file []byte) (err error) {
	if v.frame, err = ReadFrame(file); err != nil {
		return err
	}
	return v.certificate.Plan.Fits(v.frame)
}

// Fits says whether a frame is the one that a plan names.
func (p *Plan) Fits(f *Frame) error {
	have, want := f.Summary(), p.Frame
	switch {
	case have.N != want.N:
		return problem("frame-count", strconv.Itoa(have.N), strconv.Itoa(want.N))
	case have.Eligible != want.Eligible:
		return problem("frame-eligible", strconv.Itoa(have.Eligible), strconv.Itoa(want.Eligible))
	case have.Root != want.Root:
		return problem("frame-root", have.Root.String(), want.Root.String())
	case have.SHA256 != want.SHA256:
		return problem("frame-file", have.SHA256.String(), want.SHA256.String())
	case len(have.Excluded) != len(want.Excluded):
		return problem("plan-counts")
	}
	for i, e := range have.Excluded {
		if e.Code != want.Excluded[i].Code || e.N != want.Excluded[i].N {
			return problem("plan-counts")
		}
	}
	return nil
}

// public checks the dice, and that they fell long enough after the plan was out.
func (v *verifier) public() error {
	c := v.certificate
	if c.unthrown() {
		v.note("note-void-unthrown", strconv.FormatInt(c.Plan.Seq, 10), c.Reason)
		return nil
	}
	if err := c.Plan.checkThrows(c.Throws); err != nil {
		return err
	}
	thrown, err := parseTime(c.ThrownAt)
	if err != nil {
		return err
	}
	if len(c.Published) == 0 {
		return problem("published-nowhere")
	}
	for _, p := range c.Published {
		at, err := parseTime(p.At)
		if err != nil {
			return err
		}
		if p.Where == "" || p.Evidence == "" {
			return problem("published-evidence", p.At)
		}
		gap := thrown.Unix() - at.Unix()
		if gap < 0 {
			return problem("published-after", p.Where, c.ThrownAt, p.At)
		}
		if gap < c.Plan.GapSeconds {
			return problem("published-late", p.Where, strconv.FormatInt(gap, 10), strconv.FormatInt(c.Plan.GapSeconds, 10))
		}
	}
	if len(c.Published) < 2 {
		v.note("note-published-once", c.Published[0].Where)
	}
	if c.Plan.GapSeconds == 0 {
		v.note("note-gap")
	}
	return nil
}

// draw draws again and compares every field.
func (v *verifier) draw() (err error) {
	c := v.certificate
	again, err := c.again(v.frame)
	if err != nil {
		return err
	}
	if again.Teams != nil && again.Teams.Strata.Few() {
		v.note("note-few", again.Teams.Strata.Feasible)
	}
	return again.sameAs(&c.Outcome)
}

// again is the outcome that a certificate must have; none of a void ceremony that
// could not be drawn.
func (c *Certificate) again(f *Frame) (*Outcome, error) {
	if c.unthrown() {
		return &Outcome{}, nil
	}
	seed, err := NewSeed(&c.Plan, c.Reveals, c.Throws)
	if err != nil {
		return nil, err
	}
	again, err := Run(&c.Plan, f, seed)
	if err != nil && c.Status == Void {
		return &Outcome{}, nil
	}
	return again, err
}

// sameAs names the first thing that another outcome has otherwise.
func (o *Outcome) sameAs(other *Outcome) error {
	if reflect.DeepEqual(o, other) {
		return nil
	}
	return compare("", treeOf(o), treeOf(other))
}

func treeOf(v any) value {
	tree, err := parseJSON(Canonical(v))
	if err != nil {
		panic("draw: " + err.Error()) // our own form
	}
	return tree
}

// compare finds the first place, as in drawn[1].id, at which two documents differ:
// again is what was computed, says what is written.
func compare(at string, again, says value) error {
	if bytes.Equal(canonical(nil, again), canonical(nil, says)) {
		return nil
	}
	switch again := again.(type) {
	case object:
		if says, ok := says.(object); ok {
			return compareObjects(at, again, says)
		}
	case []value:
		if says, ok := says.([]value); ok {
			return compareLists(at, again, says)
		}
	}
	return problem("outcome-other", at, plain(says), plain(again))
}

func compareObjects(at string, again, says object) error {
	dot := at
	if dot != "" {
		dot += "."
	}
	for _, m := range says { // in the order of the keys, as canonical forms are
		if _, there := again.at(m.key); !there {
			return problem("outcome-more", dot+m.key, plain(m.value))
		}
	}
	for _, m := range again {
		other, there := says.at(m.key)
		if !there {
			return problem("outcome-missing", dot+m.key, plain(m.value))
		}
		if err := compare(dot+m.key, m.value, other); err != nil {
			return err
		}
	}
	return nil
}

func compareLists(at string, again, says []value) error {
	for i := range max(len(again), len(says)) {
		place := at + "[" + strconv.Itoa(i+1) + "]"
		switch {
		case i >= len(again):
			return problem("outcome-more", place, plain(says[i]))
		case i >= len(says):
			return problem("outcome-missing", place, plain(again[i]))
		}
		if err := compare(place, again[i], says[i]); err != nil {
			return err
		}
	}
	return nil
}

// plain is a value for people: a text without quotation marks, else as in JSON.
func plain(v value) string {
	if text, ok := v.(string); ok {
		return text
	}
	return string(canonical(nil, v))
}

func (v *verifier) amendments() error {
	c := *v.certificate
	if c.Status == Void && len(c.Amendments) > 0 {
		return problem("amendment-void")
	}
	c.Amendments = nil
	s := c.standing()
	for i := range v.certificate.Amendments {
		if err := s.take(&c, &v.certificate.Amendments[i]); err != nil {
			return err
		}
	}
	if n := len(v.certificate.Amendments); n > 0 {
		v.note("note-replaced", strconv.Itoa(n))
	}
	return nil
}

package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"sansuiji/draw"
)

// drawCommand is one call of "sansuiji draw VERB". The files of a ceremony are JSON
// for people to read: the plan, a secret for each who holds one, the ceremony while it
// goes on, the certificate, and the log of all certificates.
type drawCommand struct {
	flags  *flag.FlagSet
	words  words
	stdout io.Writer

	frame, settings, plan, ceremony, certificate string
	secret, role, log, out, reason               string
	at, siteList, ask, modes, campaign           string
	published                                    publications
	throws                                       throwList
	amendment                                    draw.Amendment
}

// drawVerb is a step of a ceremony: the flags that it needs, and those that it may
// have.
type drawVerb struct {
	name  string
	needs []string
	may   []string
	run   func(*drawCommand) error
}

func drawVerbs() []drawVerb {
	return []drawVerb{
		{"sites", []string{"sites", "ask", "modes", "campaign", "out"}, nil, (*drawCommand).sites},
		{"plan", []string{"frame", "settings", "out"}, []string{"log"}, (*drawCommand).makePlan},
		{"commit", []string{"plan", "role", "secret"}, nil, (*drawCommand).commit},
		{"dice", []string{"plan", "published", "throw", "out"}, []string{"at"}, (*drawCommand).dice},
		{"stop", []string{"plan", "out"}, nil, (*drawCommand).stop},
		{"reveal", []string{"ceremony", "secret"}, nil, (*drawCommand).reveal},
		{"run", []string{"ceremony", "frame", "out"}, []string{"log"}, (*drawCommand).draw},
		{"void", []string{"ceremony", "frame", "reason", "out"}, []string{"log"}, (*drawCommand).draw},
		{
			"replace",
			[]string{"certificate", "stratum", "unit", "reason", "evidence", "approver"},
			[]string{"at"},
			(*drawCommand).replace,
		},
		{"weights", []string{"certificate"}, []string{"out"}, (*drawCommand).weights},
	}
}

// runDraw runs "sansuiji draw" with the arguments after that word.
func runDraw(args []string, stdout, stderr io.Writer) int {
	w := wordsIn(langOf(args))
	for _, verb := range drawVerbs() {
		if len(args) > 0 && args[0] == verb.name {
			return verb.call(args[1:], w, stdout, stderr)
		}
	}
	return tellVerbs(args, drawWord(w, "usage"), stdout, stderr)
}

func (v *drawVerb) call(args []string, w words, stdout, stderr io.Writer) int {
	c := &drawCommand{
		flags: flag.NewFlagSet("sansuiji draw "+v.name, flag.ContinueOnError), words: w, stdout: stdout,
	}
	c.flags.SetOutput(stderr)
	c.flags.String("lang", "zh", "language of messages: zh or en")
	for _, name := range append(v.needs, v.may...) {
		c.define(name)
	}
	if code, ok := readArguments(c.flags, args, 0, "", stdout); !ok {
		return code
	}
	given := map[string]bool{}
	c.flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for _, name := range v.needs {
		if !given[name] {
			fmt.Fprintf(stderr, drawWord(w, "needs"), "--"+name)
			return deviceUsage
		}
	}
	if err := v.run(c); err != nil {
		fmt.Fprintln(stderr, sayDrawError(w, err))
		return deviceRefused
	}
	return 0
}

// define adds a flag that several verbs share.
func (c *drawCommand) define(name string) {
	texts := map[string]*string{
		"frame": &c.frame, "settings": &c.settings, "plan": &c.plan, "ceremony": &c.ceremony,
		"certificate": &c.certificate, "secret": &c.secret, "role": &c.role, "log": &c.log, "out": &c.out,
		"reason": &c.reason, "at": &c.at, "stratum": &c.amendment.Stratum, "unit": &c.amendment.Out,
		"sites": &c.siteList, "ask": &c.ask, "modes": &c.modes, "campaign": &c.campaign, "evidence": &c.amendment.Evidence, "approver": &c.amendment.Approver,
	}
	switch name {
	case "published":
		c.flags.Var(&c.published, name, drawWord(c.words, "flag-published"))
	case "throw":
		c.flags.Var(&c.throws, name, drawWord(c.words, "flag-throw"))
	default:
		c.flags.StringVar(texts[name], name, "", drawWord(c.words, "flag-"+name))
	}
}

// publications collects --published WHERE,TIME,EVIDENCE.
type publications []draw.Publication

func (p *publications) String() string { return fmt.Sprint(*p) }

func (p *publications) Set(text string) error {
	parts := strings.SplitN(text, ",", 3)
	if len(parts) != 3 {
		return errors.New("WHERE,TIME,EVIDENCE")
	}
	*p = append(*p, draw.Publication{Where: parts[0], At: parts[1], Evidence: parts[2]})
	return nil
}

// throwList collects --throw PERSON=DIGITS.
type throwList []draw.Throw

func (t *throwList) String() string { return fmt.Sprint(*t) }

func (t *throwList) Set(text string) error {
	by, digits, ok := strings.Cut(text, "=")
	if !ok {
		return errors.New("PERSON=DIGITS")
	}
	*t = append(*t, draw.Throw{By: by, Digits: digits})
	return nil
}

// drawSettings is what people decide: a plan without what follows from its frame, its
// log and its commitments.
type drawSettings struct {
	Campaign string `json:"campaign"`
	Purpose  string `json:"purpose"`
	Scope    string `json:"scope"`
	Excluded []struct {
		Code     string `json:"code"`
		Evidence string `json:"evidence"`
		Approver string `json:"approver"`
	} `json:"excluded,omitempty"`
	Sample     *draw.SamplePlan `json:"sample,omitempty"`
	Teams      *draw.TeamsPlan  `json:"teams,omitempty"`
	Routes     *draw.RoutesPlan `json:"routes,omitempty"`
	Sites      *draw.SitesPlan  `json:"sites,omitempty"`
	Public     draw.PublicPlan  `json:"public"`
	GapSeconds int64            `json:"gap_s"`
}

// makePlan freezes a frame.
func (c *drawCommand) makePlan() error {
	f, err := readFrame(c.frame)
	if err != nil {
		return err
	}
	var s drawSettings
	if err := readDocument(c.settings, &s); err != nil {
		return err
	}
	p := draw.Plan{
		Spec: draw.Spec, Suite: draw.Suite, Campaign: s.Campaign, Seq: 1, Purpose: s.Purpose, Scope: s.Scope,
		Frame: f.Summary(), Sample: s.Sample, Teams: s.Teams, Routes: s.Routes, Sites: s.Sites,
		Public: s.Public, GapSeconds: s.GapSeconds,
	}
	for i := range p.Frame.Excluded {
		for _, e := range s.Excluded {
			if x := &p.Frame.Excluded[i]; x.Code == e.Code {
				x.Evidence, x.Approver = e.Evidence, e.Approver
			}
		}
	}
	if err := c.continueLog(&p); err != nil {
		return err
	}
	if err := p.CheckDraft(); err != nil {
		return err
	}
	if err := p.Try(f); err != nil { // what no dice can mend is said before they are thrown
		return err
	}
	if err := writeDocument(c.out, &p); err != nil {
		return err
	}
	c.say("planned", p.Ceremony(), p.Frame.N, p.Frame.Eligible, p.Frame.Root)
	if p.ExcludedMany() {
		c.say("excluded-many", p.Frame.N-p.Frame.Eligible, p.Frame.N)
	}
	return nil
}

// continueLog gives a plan its number and what it is linked to.
func (c *drawCommand) continueLog(p *draw.Plan) error {
	if c.log == "" {
		return nil
	}
	text, err := os.ReadFile(c.log)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for line := range bytes.Lines(text) {
		last, err := draw.ParseCertificate(line)
		if err != nil {
			return err
		}
		p.Seq, p.Previous = last.Plan.Seq+1, last.Hash()
	}
	return err
}

// heldSecret is the file of who holds a secret.
type heldSecret struct {
	Ceremony string      `json:"ceremony"`
	Role     string      `json:"role"`
	Secret   draw.Secret `json:"secret"`
}

// commit makes a secret and puts its hash into the plan.
func (c *drawCommand) commit() error {
	var p draw.Plan
	if err := readDocument(c.plan, &p); err != nil {
		return err
	}
	held := heldSecret{Ceremony: p.Ceremony(), Role: c.role}
	if _, err := rand.Read(held.Secret[:]); err != nil {
		return err
	}
	p.Commitments = append(p.Commitments, draw.Commitment{
		Role: c.role, Commit: draw.Commit(p.Ceremony(), c.role, held.Secret),
	})
	if err := p.CheckDraft(); err != nil {
		return err
	}
	if _, err := os.Stat(c.secret); err == nil {
		return fmt.Errorf("%s: %w", c.secret, os.ErrExist) // nobody's secret is overwritten
	}
	if err := errors.Join(writeDocument(c.secret, &held), writeDocument(c.plan, &p)); err != nil {
		return err
	}
	c.say("committed", c.role, p.Commitments[len(p.Commitments)-1].Commit)
	if p.Check() == nil {
		c.say("publish", p.Hash())
	}
	return nil
}

// dice writes down what people threw.
func (c *drawCommand) dice() error {
	var p draw.Plan
	if err := readDocument(c.plan, &p); err != nil {
		return err
	}
	done := draw.Certificate{
		Spec: draw.Spec, Status: draw.Done, Plan: p, PlanHash: p.Hash(), Published: c.published,
		ThrownAt: c.time(), Throws: c.throws,
	}
	if err := done.CheckDice(); err != nil {
		return err
	}
	if err := writeDocument(c.out, &done); err != nil {
		return err
	}
	c.say("thrown", len(p.Commitments))
	return nil
}

// stop ends a ceremony before the dice. Its secrets are opened and it is void.
func (c *drawCommand) stop() error {
	var p draw.Plan
	if err := readDocument(c.plan, &p); err != nil {
		return err
	}
	if err := p.Check(); err != nil {
		return err
	}
	stopped := draw.Certificate{Spec: draw.Spec, Status: draw.Void, Plan: p, PlanHash: p.Hash()}
	if err := writeDocument(c.out, &stopped); err != nil {
		return err
	}
	c.say("stopped", len(p.Commitments))
	return nil
}

// time is --at, or now.
func (c *drawCommand) time() string {
	if c.at != "" {
		return c.at
	}
	return time.Now().UTC().Format("2006-01-02T15:04:05Z")
}

// reveal opens a secret.
func (c *drawCommand) reveal() error {
	var held heldSecret
	var done draw.Certificate
	if err := errors.Join(readDocument(c.secret, &held), readDocument(c.ceremony, &done)); err != nil {
		return err
	}
	if err := done.Reveal(draw.Reveal{Role: held.Role, Secret: held.Secret}); err != nil {
		return err
	}
	if err := writeDocument(c.ceremony, &done); err != nil {
		return err
	}
	c.say("revealed", held.Role, len(done.Reveals), len(done.Plan.Commitments))
	return nil
}

// draw draws, or draws what is void: that is opened too.
func (c *drawCommand) draw() error {
	f, err := readFrame(c.frame)
	if err != nil {
		return err
	}
	var done draw.Certificate
	if err := readDocument(c.ceremony, &done); err != nil {
		return err
	}
	if c.reason != "" {
		done.Status, done.Reason = draw.Void, c.reason
	}
	if err := done.Draw(f); err != nil {
		return err
	}
	if err := writeDocument(c.out, &done); err != nil {
		return err
	}
	if err := c.appendLog(&done); err != nil {
		return err
	}
	c.tell(&done)
	return nil
}

func (c *drawCommand) appendLog(done *draw.Certificate) (err error) {
	if c.log == "" {
		return nil
	}
	f, err := os.OpenFile(c.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(append(draw.Canonical(done), '\n'))
	return errors.Join(err, f.Sync())
}

// tell says what was drawn.
func (c *drawCommand) tell(done *draw.Certificate) {
	for _, d := range done.Drawn {
		if d.Reserve == 0 {
			fmt.Fprintf(c.stdout, "%s\t%d\t%s\t%s\n", d.Stratum, d.Rank, d.ID, d.Probability)
		}
	}
	if done.Teams != nil {
		for _, p := range done.Teams.Strata.Pairs {
			fmt.Fprintf(c.stdout, "%s\t%s\n", p.What, p.Team)
		}
		c.say("feasible", done.Teams.Strata.Feasible)
		if done.Teams.Strata.Few() {
			c.say("few", done.Teams.Strata.Feasible)
		}
	}
	for _, r := range done.Routes {
		fmt.Fprintf(c.stdout, "%s\t%d m\t%s\n", r.Team, r.Length, strings.Join(r.Tour, " "))
	}
	if done.Status == draw.Void {
		c.say("void", done.Reason)
	}
	c.say("certificate", done.Hash())
}

// replace puts the next in reserve in a unit's place.
func (c *drawCommand) replace() error {
	var done draw.Certificate
	if err := readDocument(c.certificate, &done); err != nil {
		return err
	}
	a := c.amendment
	a.Reason, a.At = c.reason, c.time()
	if err := done.Amend(a); err != nil {
		return err
	}
	if err := writeDocument(c.certificate, &done); err != nil {
		return err
	}
	c.say("replaced", a.Out, done.Amendments[len(done.Amendments)-1].In, done.Head())
	return nil
}

// weights writes what survey packages need.
func (c *drawCommand) weights() error {
	var done draw.Certificate
	if err := readDocument(c.certificate, &done); err != nil {
		return err
	}
	table := done.Weights()
	if c.out == "" {
		_, err := c.stdout.Write(table)
		return err
	}
	return replaceFile(c.out, table)
}

func (c *drawCommand) say(word string, args ...any) {
	fmt.Fprintf(c.stdout, drawWord(c.words, word)+"\n", args...)
}

func readFrame(file string) (*draw.Frame, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	f, err := draw.ReadFrame(text)
	return f, inFile(file, err)
}

// readDocument reads a JSON file of one form.
func readDocument(file string, v any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return inFile(file, draw.Decode(text, v))
}

// inFile says in which file something is wrong.
func inFile(file string, err error) error {
	if err != nil {
		err = fmt.Errorf("%s: %w", file, err)
	}
	return err
}

func writeDocument(file string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(file, append(text, '\n'))
}

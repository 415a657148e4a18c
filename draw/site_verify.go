package draw

import (
	"slices"
	"strconv"
	"strings"
)

// SiteRecord is what a team brings home from a site's draw.
type SiteRecord struct {
	Spec     string  `json:"spec"`
	PlanHash Hash    `json:"plan_hash"`
	Site     string  `json:"site"`
	Mode     string  `json:"mode"`
	N        int64   `json:"n"` // people to be asked
	Key      SiteKey `json:"key"`
	Proof    Proof   `json:"proof"`
	Root     Hash    `json:"root"` // of the roster
	Code     string  `json:"code"`
	Size     int     `json:"size"`     // of the roster
	Official int     `json:"official"` // of the register; 0: not known
	LoggedAt string  `json:"logged_at"`
	OpenedAt string  `json:"opened_at"`
	Local    []Throw `json:"local,omitempty"`

	Households []Household `json:"households,omitempty"` // sorted by door
	Contacts   []Contact   `json:"contacts,omitempty"`   // in the order of time
}

// Household is the choice of one of the people behind a door; see Within.
type Household struct {
	Key    string `json:"key"`
	People int64  `json:"people"`
	Chosen int64  `json:"chosen"`
}

// HouseholdMax is how many people a household has at most.
const HouseholdMax = 1000

// Contact is an attempt to ask somebody.
type Contact struct {
	Key    string `json:"key"`
	At     string `json:"at"`
	Result string `json:"result"`
}

// Results of a contact; the numbers are AAPOR's standard definitions.
const (
	Completed   = "completed"    // 1
	Refusal     = "refusal"      // 2.1
	NonContact  = "non-contact"  // 2.2
	OtherReason = "other"        // 2.3
	NotKnown    = "unknown"      // 3
	NotEligible = "not-eligible" // 4: a name that nobody bears, too
)

// Bounds of a roster's size against the register's, in per cent, beyond which it is
// flagged.
const (
	sizeLow  = 70
	sizeHigh = 130
)

// SizesDiffer says whether a roster's size is too far from its register's.
func SizesDiffer(size, official int) bool {
	return size*100 < official*sizeLow || size*100 > official*sizeHigh
}

// ParseSiteRecord reads a record.
func ParseSiteRecord(text []byte) (*SiteRecord, error) {
	var r SiteRecord
	if err := Decode(text, &r); err != nil {
		return nil, err
	}
	return &r, nil
}

// VerifySite checks a site's record against the certificate of its ceremony and the
// roster, which people have been asked in order. known are hashes that the reader has
// from where the ceremony was published, as for Verify.
func VerifySite(record, certificate, roster []byte, known ...Hash) *Verification {
	v := &siteVerifier{verifier: verifier{Verification: Verification{Result: Holds}}}
	v.step("verify-form", func() error { return v.parse(record, certificate, roster) })
	v.step("verify-openings", func() error {
		return v.certificate.Plan.checkReveals(v.certificate.Reveals)
	})
	v.step("verify-site-key", func() error {
		if len(known) == 0 {
			v.note("note-unpublished")
		}
		return v.siteKey()
	})
	v.step("verify-roster", v.rosterIs)
	v.step("verify-times", v.times)
	v.step("verify-households", v.households)
	v.step("verify-contacts", v.contacts)
	if len(known) > 0 {
		v.step("verify-known", func() error { return v.known(known) })
	}
	return &v.Verification
}

type siteVerifier struct {
	verifier
	record *SiteRecord
	roster *Roster
}

// key draws at the record's site.
func (v *siteVerifier) key() Key {
	r := v.record
	return SiteDraw(r.PlanHash, r.Site, r.Key, v.certificate.Throws, r.Local)
}

func (v *siteVerifier) parse(record, certificate, roster []byte) (err error) {
	if v.record, err = ParseSiteRecord(record); err != nil {
		return err
	}
	if v.record.Spec != Spec {
		return problem("spec-unknown", v.record.Spec)
	}
	if err := v.verifier.parse(certificate); err != nil {
		return err
	}
	if v.roster, err = ReadRoster(roster); err != nil {
		return err
	}
	return v.certificate.Plan.Check()
}

func (v *siteVerifier) siteKey() error {
	r, c := v.record, v.certificate
	switch {
	case c.Plan.Hash() != c.PlanHash || r.PlanHash != c.PlanHash:
		return problem("plan-hash", r.PlanHash.String(), c.PlanHash.String())
	case c.Plan.Sites == nil || int64(r.Proof.N) != c.Plan.Sites.N:
		return problem("site-key", r.Site)
	case !r.Proof.HoldsSite(r.Site, r.Key, c.Plan.Sites.Root):
		return problem("site-key", r.Site)
	case c.Status != Done:
		return problem("site-undone", c.Status)
	}
	return v.public()
}

func (v *siteVerifier) rosterIs() error {
	r := v.record
	switch {
	case v.roster.Root() != r.Root:
		return problem("roster-root", v.roster.Root().String(), r.Root.String())
	case v.roster.Code(r.Site) != r.Code:
		return problem("roster-code", r.Code, v.roster.Code(r.Site))
	case v.roster.Size() != r.Size:
		return problem("roster-size", strconv.Itoa(v.roster.Size()), strconv.Itoa(r.Size))
	}
	if r.Official > 0 && SizesDiffer(r.Size, r.Official) {
		v.note("note-roster", strconv.Itoa(r.Size), strconv.Itoa(r.Official))
	}
	return nil
}

// times wants the code to have been told before the key was opened.
func (v *siteVerifier) times() error {
	r := v.record
	logged, err := parseTime(r.LoggedAt)
	if err != nil {
		return err
	}
	opened, err := parseTime(r.OpenedAt)
	if err != nil {
		return err
	}
	switch {
	case r.N != v.certificate.Plan.Sites.Ask:
		return problem("site-n", strconv.FormatInt(r.N, 10), strconv.FormatInt(v.certificate.Plan.Sites.Ask, 10))
	case !v.certificate.Plan.Sites.Allows(r.Mode):
		return problem("site-mode", r.Mode)
	case opened.Before(logged):
		return problem("site-early", r.OpenedAt, r.LoggedAt)
	case (r.Mode == Local) != (len(r.Local) > 0):
		return problem("site-local", r.Mode)
	}
	if r.Mode == Local {
		v.note("note-local", r.Site)
	}
	return checkLocal(r.Local)
}

// Bounds of the dice that are thrown in a village.
const (
	localPeopleMin = 2
	localDigitsMin = 8 // in all
)

// checkLocal wants the dice of a village to be enough, and thrown by several people.
func checkLocal(throws []Throw) error {
	digits, people := 0, map[string]bool{}
	for _, t := range throws {
		if t.By == "" || strings.Trim(t.Digits, "0123456789") != "" {
			return problem("site-digits", t.By)
		}
		digits += len(t.Digits)
		people[t.By] = true
	}
	if len(throws) > 0 && (len(people) < localPeopleMin || len(people) < len(throws) || digits < localDigitsMin) {
		return problem("site-dice", strconv.Itoa(localPeopleMin), strconv.Itoa(localDigitsMin))
	}
	return nil
}

// households wants the one behind a door to be the one whom chance chose.
func (v *siteVerifier) households() error {
	r, key := v.record, v.key()
	for i, h := range r.Households {
		door := slices.IndexFunc(v.roster.People, func(p Person) bool { return p.Key == h.Key })
		switch {
		case door < 0 || i > 0 && h.Key <= r.Households[i-1].Key:
			return problem("household-door", h.Key)
		case h.People < 1 || h.People > HouseholdMax:
			return problem("household-people", h.Key, strconv.FormatInt(h.People, 10))
		}
		if want := int64(Within(r.Site, h.Key, int(h.People), key)); h.Chosen != want {
			return problem("household-chosen", h.Key, strconv.FormatInt(h.Chosen, 10), strconv.FormatInt(want, 10))
		}
	}
	return nil
}

// contacts wants people to have been asked in the order of the draw: the next one
// only when somebody before could not be asked.
func (v *siteVerifier) contacts() error {
	r := v.record
	asking := NewAsking(r.N, r.OpenedAt, v.roster.Order(r.Site, v.key()))
	for _, c := range r.Contacts {
		if err := asking.Take(c); err != nil {
			return err
		}
	}
	v.note("note-asked", strconv.Itoa(asking.Done), strconv.FormatInt(r.N, 10), strconv.Itoa(asking.Used()))
	return nil
}

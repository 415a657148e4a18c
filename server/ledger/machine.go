package ledger

import "slices"

// State is how far an entry is.
type State string

// The states, in the order they come.
const (
	Open    State = "open"
	Claimed State = "claimed"
	Checked State = "checked"
	Closed  State = "closed"
)

// Kind is what somebody does.
type Kind string

// The kinds of acts.
const (
	Report   Kind = "progress"
	Claim    Kind = "claimed"
	Check    Kind = "checked"
	Reject   Kind = "rejected"
	CloseOut Kind = "closed"
	Reopen   Kind = "reopened"
	Change   Kind = "changed"
)

// Kinds lists all acts in the order in which they are offered.
func Kinds() []Kind { return []Kind{Report, Claim, Check, Reject, CloseOut, Reopen, Change} }

// Side is on whose side somebody stands.
type Side int

// The sides.
const (
	Unit   Side = iota // the responsible unit
	Office             // headquarters
)

// part is what somebody did before and therefore may not judge.
type part int

const (
	claimant part = iota
	checker
)

// rule is one thing that can be done. Headquarters may report and claim for a unit that
// sends paper; who did so is the claimant then.
type rule struct {
	from State
	kind Kind
	unit bool // the responsible unit may do it too
	to   State
	not  []part // who may not do it
}

// rules are the whole machine; what is not in here cannot be done.
func rules() []rule {
	return []rule{
		{Open, Report, true, Open, nil},
		{Open, Claim, true, Claimed, nil},
		{Open, Change, false, Open, nil},
		{Claimed, Report, true, Claimed, nil},
		{Claimed, Change, false, Claimed, nil},
		{Claimed, Check, false, Checked, []part{claimant}},
		{Claimed, Reject, false, Open, nil},
		{Checked, CloseOut, false, Closed, []part{claimant, checker}},
		{Checked, Reject, false, Open, nil},
		{Closed, Reopen, false, Open, nil},
	}
}

// next finds what comes of an act.
func next(from State, kind Kind, by Side) (rule, bool) {
	i := slices.IndexFunc(rules(), func(r rule) bool {
		return r.from == from && r.kind == kind && (r.unit || by == Office)
	})
	if i < 0 {
		return rule{}, false
	}
	return rules()[i], true
}

// parts says who did what before.
type parts struct{ claimant, checker string }

// bars says whether a person did what the rule wants somebody else to have done.
func (r *rule) bars(who Person, did parts) bool {
	return slices.ContainsFunc(r.not, func(p part) bool {
		switch p {
		case claimant:
			return who.signedBy(did.claimant)
		case checker:
			return who.signedBy(did.checker)
		}
		return true
	})
}

// options are what a person can do with an entry, and what only somebody else can.
func options(state State, who Person, did parts) (may, barred []Kind) {
	may, barred = []Kind{}, []Kind{}
	if who.Looks {
		return may, barred
	}
	for _, kind := range Kinds() {
		r, ok := next(state, kind, who.side())
		switch {
		case !ok:
		case r.bars(who, did):
			barred = append(barred, kind)
		default:
			may = append(may, kind)
		}
	}
	return may, barred
}

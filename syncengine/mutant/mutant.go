// Package mutant lists bugs that can be planted into the program to see whether
// the tests find them. In an ordinary build On is the constant false and every
// planted bug is compiled away; with the build tag `mutants` one of them is
// active: the one that Select chose, or the environment variable
// SANSUIJI_MUTANT names.
//
// A bug is planted where the right code is, as
//
//	if mutant.On(mutant.HeadsIgnored) { … }
//
// and a test behind the tag shows that it is caught.
package mutant

// Mutant names a planted bug.
type Mutant string

// None is the program as it is.
const None Mutant = ""

// The bugs of syncengine/merge.
const (
	ClockIgnored      Mutant = "clock-ignored"
	ClockBumped       Mutant = "clock-bumped"
	TieByArrival      Mutant = "tie-by-arrival"
	OnceAsLatest      Mutant = "once-as-latest"
	OnceEndedByDevice Mutant = "once-ended-by-device"
	OnceNullStands    Mutant = "once-null-stands"
	OnceNullForgotten Mutant = "once-null-forgotten"
	FurthestAsLatest  Mutant = "furthest-as-latest"
	EqualNotKept      Mutant = "equal-not-kept"
	KnownOffByOne     Mutant = "known-off-by-one"
	HeadsIgnored      Mutant = "heads-ignored"
	HeldAsNewest      Mutant = "held-as-newest"
	LateNotKnown      Mutant = "late-not-known"
	ClosedUnseen      Mutant = "closed-unseen"
	NamedByArrival    Mutant = "named-by-arrival"
	NameNotFollowed   Mutant = "name-not-followed"
	InsertOverwrites  Mutant = "insert-overwrites"
	ParentNotAwaited  Mutant = "parent-not-awaited"
	MovedFirst        Mutant = "moved-first"
	DeleteAccepted    Mutant = "delete-accepted"
	HQColumnWritten   Mutant = "hq-column-written"
	ScopeUnchecked    Mutant = "scope-unchecked"
	DefaultOverHQ     Mutant = "default-over-hq"
	LoserNotTold      Mutant = "loser-not-told"
	DefaultWritten    Mutant = "default-written"
)

// The bugs of syncengine/clock and syncengine/chain.
const (
	ClockNotRising    Mutant = "clock-not-rising"
	ClockNotBounded   Mutant = "clock-not-bounded"
	ClockBehindSeen   Mutant = "clock-behind-seen"
	ClockNextEqual    Mutant = "clock-next-equal"
	GapAccepted       Mutant = "gap-accepted"
	PreviousUnchecked Mutant = "previous-unchecked"
	SignatureOfOther  Mutant = "signature-of-other"
	HeadsUnordered    Mutant = "heads-unordered"
)

// The bugs of the server's packages and of package device.
const (
	AckBeforeCommit     Mutant = "ack-before-commit"
	ChildrenStay        Mutant = "children-stay"
	DepartureNotTold    Mutant = "departure-not-told"
	EdgeNotAdvanced     Mutant = "edge-not-advanced"
	AuthorNumberTaken   Mutant = "author-number-taken"
	EpochIgnored        Mutant = "epoch-ignored"
	HeldNeverReleased   Mutant = "held-never-released"
	QuarantinedAsMerged Mutant = "quarantined-as-merged"
	DuplicateTwice      Mutant = "duplicate-twice"
	PageBorderSkipped   Mutant = "page-border-skipped"
	RevokedMerged       Mutant = "revoked-merged"
	RollbackUnnoticed   Mutant = "rollback-unnoticed"
	BranchDropped       Mutant = "branch-dropped"
	UpgradeForgets      Mutant = "upgrade-forgets"
	EpochNotBegun       Mutant = "epoch-not-begun"
	OutboxAfterCommit   Mutant = "outbox-after-commit"
	CursorBeforeRows    Mutant = "cursor-before-rows"
	OverlaySkipped      Mutant = "overlay-skipped"
	OverlayStays        Mutant = "overlay-stays"
	SeenTooEarly        Mutant = "seen-too-early"
	LossNotHeeded       Mutant = "loss-not-heeded"
	ScopesNotCompared   Mutant = "scopes-not-compared"
	QuarantineShown     Mutant = "quarantine-shown"
	DisputeNotTold      Mutant = "dispute-not-told"
)

// Planted is a bug in words.
type Planted struct {
	Mutant
	Where string // package, below the project's root
	What  string
}

// All lists the planted bugs.
func All() []Planted {
	const merge, clock, chain = "syncengine/merge", "syncengine/clock", "syncengine/chain"
	const store, ingest = "server/store", "server/ingest"
	const backup, device = "server/backup", "device"
	return []Planted{
		{ClockIgnored, merge, "whatever arrives later counts as later"},
		{ClockBumped, merge, "a write's clock is raised above the one it replaces"},
		{TieByArrival, merge, "of two writes of one clock the one that arrives later stands"},
		{OnceAsLatest, merge, "under once the later value stands"},
		{OnceEndedByDevice, merge, "under once a device that knows a value replaces it"},
		{OnceNullStands, merge, "under once a device's NULL competes like a value"},
		{OnceNullForgotten, merge, "a cell that headquarters emptied counts as never written"},
		{FurthestAsLatest, merge, "a status can be set back by a later write"},
		{EqualNotKept, merge, "of two equal values that did not know each other one is forgotten"},
		{KnownOffByOne, merge, "a write one revision above what its author saw counts as seen"},
		{HeadsIgnored, merge, "entries learnt by other ways than headquarters do not count as seen"},
		{HeldAsNewest, merge, "a held entry replaces what its device wrote later"},
		{LateNotKnown, merge, "an entry that arrives after one that had seen it competes with it"},
		{ClosedUnseen, merge, "headquarters' write closes competing writes it had not seen"},
		{NamedByArrival, merge, "a contest takes its name from the write that arrived first"},
		{NameNotFollowed, merge, "a contest keeps the name of a write that competes no longer"},
		{InsertOverwrites, merge, "an INSERT of a present row replaces it"},
		{ParentNotAwaited, merge, "a write that loses does not wait for the parent it names"},
		{MovedFirst, merge, "a row moves before its children of the same entry are stored"},
		{DeleteAccepted, merge, "a DELETE is merged"},
		{HQColumnWritten, merge, "a device may write headquarters' columns"},
		{ScopeUnchecked, merge, "a device may write rows of other teams"},
		{DefaultOverHQ, merge, "the default of a device's INSERT beats headquarters' decision"},
		{DefaultWritten, merge, "the default of a column that an older app lacks counts as its write"},
		{LoserNotTold, merge, "a device whose value does not stand is not sent the one that does"},
		{AckBeforeCommit, store, "an entry is acknowledged before it is on the disk"},
		{ChildrenStay, store, "a row moves and its children stay"},
		{DepartureNotTold, store, "the scope that a row left is not told"},
		{EdgeNotAdvanced, store, "an entry is not in the log"},
		{AuthorNumberTaken, store, "a new device takes the number of one that has entries"},
		{EpochIgnored, ingest, "a revision of an epoch that ended counts as one of this"},
		{HeldNeverReleased, ingest, "held entries wait for ever"},
		{QuarantinedAsMerged, ingest, "a receipt calls a quarantined entry merged"},
		{DuplicateTwice, ingest, "an entry that comes again is merged again"},
		{DisputeNotTold, ingest, "only who writes second hears of a conflict"},
		{PageBorderSkipped, ingest, "a pull leaves out the revision after a page"},
		{RevokedMerged, ingest, "what a revoked device wrote is merged"},
		{RollbackUnnoticed, ingest, "headquarters does not look at devices' checkpoints"},
		{BranchDropped, ingest, "of a forked branch only the first entry is kept"},
		{UpgradeForgets, ingest, "entries that waited for an upgrade are not merged by it"},
		{EpochNotBegun, backup, "a restored backup goes on as if nothing had happened"},
		{OutboxAfterCommit, device, "rows are committed before their entry"},
		{CursorBeforeRows, device, "the cursor moves before the rows are stored"},
		{OverlaySkipped, device, "a pull overwrites what headquarters has not merged"},
		{OverlayStays, device, "an edit that lost stays over the row that was pulled under it"},
		{SeenTooEarly, device, "a pull that is not complete counts as seen"},
		{LossNotHeeded, device, "what headquarters has lost is not sent again"},
		{ScopesNotCompared, device, "rows of new scopes are not pulled from the start"},
		{QuarantineShown, device, "what a quarantined entry wrote stays on the screen"},
		{ClockNotRising, clock, "a device's later entry may be merged under an earlier clock"},
		{ClockNotBounded, clock, "a phone with a wrong year wins every later edit"},
		{ClockBehindSeen, clock, "an edit is dated before what headquarters showed its author"},
		{ClockNextEqual, clock, "two entries of one device bear the same clock"},
		{GapAccepted, chain, "a run of entries may leave numbers out"},
		{PreviousUnchecked, chain, "an entry need not name the one before it"},
		{SignatureOfOther, chain, "the signature does not cover the place in the chain"},
		{HeadsUnordered, chain, "one set of heads has several canonical forms"},
	}
}

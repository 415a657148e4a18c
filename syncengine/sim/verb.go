package sim

// Verb is what an actor does.
type Verb string

// What a device does.
const (
	Insert   Verb = "insert"   // TABLE: a new row, with its natural key where it has one
	Update   Verb = "update"   // TABLE: some cells of a row that is there
	Withdraw Verb = "withdraw" // TABLE
	Many     Verb = "many"     // rows of several tables in one save
	Push     Verb = "push"
	Pull     Verb = "pull"
	Sync     Verb = "sync"
	Export   Verb = "export"   // ACTOR: its entries, to be carried
	Restart  Verb = "restart"  // the program ends and starts
	Upgrade  Verb = "upgrade"  // to the next schema version; headquarters too
	Wipe     Verb = "wipe"     // the storage is gone; it enrols as a new device
	Clone    Verb = "clone"    // the storage is copied and both go on
	TurnBack Verb = "turnback" // the storage goes back to what it was at the last remember
	Remember Verb = "remember" // keeps a copy of the storage
	Clock    Verb = "clock"    // ahead, behind, jump, freeze, right
)

// What carriers do.
const (
	Deliver Verb = "deliver" // all they hold, to headquarters
	Give    Verb = "give"    // DEVICE: all they hold, to be carried on
)

// What headquarters does.
const (
	Edit     Verb = "edit"     // TABLE: cells of a row; with the word stale on what it looked at before
	Add      Verb = "add"      // TABLE: a new row
	Look     Verb = "look"     // a person opens the screen that a later stale edit decides on
	Resolve  Verb = "resolve"  // an open conflict
	Review   Verb = "review"   // a finding
	Move     Verb = "move"     // visit, unit or member: to another team
	Revoke   Verb = "revoke"   // DEVICE
	Release  Verb = "release"  // a quarantined entry, to be merged anew
	Backup   Verb = "backup"   // through server/backup
	Restore  Verb = "restore"  // the newest backup, properly
	Rollback Verb = "rollback" // the file of the newest backup, and nobody says so
	Crash    Verb = "crash"    // killed and started again
)

// What x does, who has a device of its own and records what goes by.
const (
	Hostile Verb = "hostile" // KIND: pushes an entry that nobody should make
	Replay  Verb = "replay"  // an old push
)

// Wait lets time pass.
const Wait Verb = "wait"

// Verbs lists them all.
func Verbs() []Verb {
	return []Verb{
		Insert, Update, Withdraw, Many, Push, Pull, Sync, Export, Restart, Upgrade, Wipe, Clone,
		TurnBack, Remember, Clock, Deliver, Give, Edit, Add, Look, Resolve, Review, Move, Revoke,
		Release, Backup, Restore, Rollback, Crash, Hostile, Replay, Wait,
	}
}

// MishapKind is a kind of what goes wrong.
type MishapKind string

// The kinds. Those of messages name a message of the step.
const (
	Drop       MishapKind = "drop"        // the request does not arrive
	Lost       MishapKind = "lost"        // the answer does not
	Double     MishapKind = "double"      // the request arrives twice
	Late       MishapKind = "late"        // it arrives after the sender gave up, and after others
	Torn       MishapKind = "torn"        // half of the request arrives
	TornAnswer MishapKind = "torn-answer" // half of the answer
	Kill       MishapKind = "kill"        // the device's program, at a point
	KillHQ     MishapKind = "kill-hq"     // headquarters', at a point
	Full       MishapKind = "full"        // the device's disk
	FullHQ     MishapKind = "full-hq"     // headquarters' disk
)

// MishapKinds lists them all.
func MishapKinds() []MishapKind {
	return []MishapKind{Drop, Lost, Double, Late, Torn, TornAnswer, Kill, KillHQ, Full, FullHQ}
}

// HostileKinds are the words after hostile.
func HostileKinds() []string {
	return []string{
		"malformed", "foreign", "hq-column", "delete", "signature", "seen", "heads", "heads", "facts", "orphan",
		"campaign",
	}
}

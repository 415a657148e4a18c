package schema

// Outcome is what became of an entry.
type Outcome string

// The outcomes. Every one of them means that headquarters keeps the entry.
const (
	// Merged: its changes are in the rows, or lost to later ones by rule.
	Merged Outcome = "merged"
	// Duplicate: headquarters had it already.
	Duplicate Outcome = "duplicate"
	// Held: it waits for a row that has not arrived.
	Held Outcome = "held"
	// Quarantined: a person at headquarters decides.
	Quarantined Outcome = "quarantined"
)

// EntryReceipt is the outcome of one entry.
type EntryReceipt struct {
	Seq       uint64  `json:"seq" doc:"Place in the device's chain"`
	Outcome   Outcome `json:"outcome" enum:"merged,duplicate,held,quarantined"`
	Stands    Outcome `json:"stands,omitempty" enum:"merged,held,quarantined" doc:"For a duplicate: what became of it when it first arrived, or since"`
	Reason    string  `json:"reason,omitempty" doc:"Why it was quarantined: a code of the problem list"`
	Detail    string  `json:"detail,omitempty" doc:"Where exactly, for people who look deeper"`
	Conflicts int     `json:"conflicts,omitempty" doc:"Conflicts it opened or joined"`
}

// Receipt is headquarters' answer to a push.
type Receipt struct {
	Epoch   Epoch          `json:"-"`
	Entries []EntryReceipt `json:"entries"`
	Next    uint64         `json:"next" doc:"The seq headquarters wants next"`
	Clock   uint64         `json:"-"`
	Witness Witness        `json:"-"`
}

// Witness is what lets a device see that headquarters forgets nothing.
type Witness struct {
	Checkpoint string // signed: size and root of the history
	From       uint64 // the size that Proof starts at, one of those the device named
	Proof      [][]byte
	BackedUp   uint64 // the author's entries up to this seq are in a confirmed backup
}

// Page is one answer to a pull.
type Page struct {
	Epoch    Epoch
	Scopes   []string // what the device must hold, sorted
	Patchset []byte   // full rows as INSERT, left ones as DELETE
	Rows     int      // changes in the patchset
	Next     uint64   // cursor for the next pull
	More     bool     // false: the device now has all up to Next
	Total    int      // rows still to come, this page included
	Clock    uint64   // headquarters' hybrid time

	// Heads are the devices whose newest entries were merged after the cursor and up to
	// Next, and up to which seq the rows have them.
	Heads []DeviceHead
	// Disputed are the device's own entries with writes that compete in open conflicts
	// over rows of this page, by seq.
	Disputed []uint64
	Witness  Witness
}

// DeviceHead says that a device's entries up to Seq are known.
type DeviceHead struct {
	Device DeviceID
	Seq    uint64
}

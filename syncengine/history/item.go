package history

import (
	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// Kind is what an item is.
type Kind int

// The kinds of items, in the order in which they may first occur.
const (
	KindHeader Kind = iota
	KindRecord
	KindSeal
	KindCheckpoint
	KindPage
)

// Item is one thing in a history: the field of its kind is set.
type Item struct {
	Kind       Kind
	Line       int // 1, 2, …; 0 where there is no file
	Campaign   schema.CampaignID
	Record     Record
	Seal       Seal
	Checkpoint string // signed
	Page       Page
}

// Record is an entry at its position.
type Record struct {
	Position   uint64
	Epoch      schema.Epoch
	Device     schema.DeviceID
	Seq        uint64
	ReceivedAt int64
	Clock      clock.Time // effective
	Entry      []byte     // canonical bytes; good until the next item is read

	// What was kept beside the entry and must be its hash, and the leaf's; nil
	// where it was not.
	Hash *chain.Hash
	Leaf *tlog.Hash
}

// LeafOf is the record's leaf in the log.
func (r *Record) LeafOf(entry chain.Hash) translog.Leaf {
	return translog.Leaf{
		Position: r.Position, Epoch: r.Epoch, ReceivedAt: r.ReceivedAt, Clock: r.Clock, Entry: entry,
	}
}

// Seal is a device's signature over its chain up to the record before.
type Seal struct {
	Device    schema.DeviceID
	Seq       uint64
	Signature []byte
}

// Page is a signed note over all lines before it, with what it must say.
type Page struct {
	Signed string
	Lines  int
	Digest tlog.Hash
}

// PageLines is how many lines a page covers at most.
const PageLines = 64

// pageName is the name under which pages are signed.
func pageName(campaign schema.CampaignID) string { return "sansuiji/history/" + campaign.String() }

// Source gives a history item by item, the header first. At the end the error is
// io.EOF; what is wrong with the history is a *Fault, all else could not be read.
type Source interface{ Next() (*Item, error) }

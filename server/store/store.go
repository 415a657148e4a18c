// Package store is what the server keeps: campaigns with their rows, history,
// contests and what was set aside; people, keys and codes. Two engines implement
// it, SQLite and PostgreSQL, and one test-suite runs against both.
package store

import (
	"context"
	"database/sql"
	"errors"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"
)

// ErrNotFound says that a thing asked for by its key is not there.
var ErrNotFound = errors.New("not found")

// ErrLost says that the database cannot be reached, or no longer. Whether a merge
// under way was kept is not known then; to send it again is safe.
var ErrLost = errors.New("the database cannot be reached")

// NoCampaign is the ErrNotFound of a campaign that a store does not hold. People
// may have asked for it, so it is a fault too.
func NoCampaign(id schema.CampaignID) error {
	return &schema.FaultError{
		Code: schema.FaultNotFound, Detail: "campaign " + id.String(), Err: ErrNotFound,
	}
}

// Store is a database that holds campaigns.
type Store interface {
	// Begin adds an empty campaign in a new epoch.
	Begin(ctx context.Context, campaign schema.CampaignID, epoch schema.Epoch) error
	// Merge runs do alone in a campaign, in one transaction that is durable when
	// Merge returns without an error, and has left no trace otherwise.
	Merge(ctx context.Context, campaign schema.CampaignID, do func(*Tx) error) error
	// Read runs do on one consistent state of a campaign.
	Read(ctx context.Context, campaign schema.CampaignID, do func(View) error) error
	// Look runs do on one consistent state of what belongs to no campaign, and of
	// all campaigns. It never waits for who writes.
	Look(ctx context.Context, do func(Queryer) error) error
	// Office runs do in one durable transaction on what belongs to no campaign:
	// people, sessions, keys, codes.
	Office(ctx context.Context, do func(Queryer) error) error
	// Engine says whose SQL it speaks, for what is not the same on both: search for words.
	Engine() schema.Engine
	Close() error
}

// Queryer runs SQL with $1, $2, … each first used in that order.
type Queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// View is one consistent state of a campaign, for reading.
type View struct {
	Queryer
	CampaignNo int64
	State      State
	// Find runs a Select for many keys at once, as a Session's Run does.
	Find func(ctx context.Context, s *Statement, keys *Rows) (Packed, error)
	// Pack reads many rows at once and tells how many it found.
	Pack func(ctx context.Context, q *PackQuery) (Packed, int, error)
	// Tally counts a table's rows by the values of expressions: these and how often they
	// came, in no order.
	Tally func(ctx context.Context, table string, by ...string) (Packed, error)
}

// PackQuery asks for those of some rows that are in certain scopes, or not.
type PackQuery struct {
	Table  string
	Fields []Field
	IDs    []schema.RowID
	Scopes []merge.Scope
	Not    bool
	Prefix []byte // to stand before each row
}

// ErrTooLarge says that an answer does not fit: ask for fewer rows.
var ErrTooLarge = errors.New("too large for one answer")

// State is a campaign's counters.
type State struct {
	Campaign schema.CampaignID
	Epoch    schema.Epoch
	Revision uint64
	Position uint64 // of the newest entry
	Clock    clock.Time
	BackedUp uint64 // up to which position a confirmed backup has the history
	Schema   int    // the schema version up to which entries are merged
}

// EpochBegin is where an epoch began.
type EpochBegin struct {
	Epoch    schema.Epoch
	Position uint64 // of the last entry before it
	Revision uint64 // the campaign's then
}

// HQAuthor is headquarters' author number: its first entry begins a campaign.
const HQAuthor = 1

// Author is a device that has entries in a campaign.
type Author struct {
	Number uint32
	Device schema.DeviceID
	Head   chain.Head // seq 0: none yet
	Clock  clock.Time // effective, of the newest entry
	// Revision is the campaign's when an entry was merged last.
	Revision uint64
	Named    uint64 // highest seq that an entry named as seen before it was here

	unsaved bool
}

// Rights is what a device may do, as the campaign's rows say.
type Rights struct {
	Known     bool
	PublicKey []byte // SubjectPublicKeyInfo, DER
	Revoked   bool
	Inspector schema.RowID
	Scopes    []merge.Scope // of the teams its inspector is in
}

// Record is an entry in the history.
type Record struct {
	Position   uint64
	Author     uint32
	Seq        uint64
	Hash       chain.Hash
	Clock      clock.Time // effective
	ReceivedAt int64      // Unix milliseconds
	Outcome    schema.Outcome
	Reason     string
	Detail     string
	Revision   uint64 // the campaign's after it was merged
	Entry      []byte // canonical bytes
}

// Aside is bytes that are no valid next entry of a chain.
type Aside struct {
	Device     schema.DeviceID
	Seq        uint64
	Reason     string // a fault's code
	Detail     string
	Hash       chain.Hash
	Body       []byte
	ReceivedAt int64
}

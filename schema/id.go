package schema

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// Ids are UUIDs (RFC 9562): version 7 where a row is born, version 5 where a
// row has a natural key. They travel as 16 bytes in changesets and entries, and
// as 36 characters in JSON and CBOR.
type (
	// CampaignID names a campaign.
	CampaignID uuid.UUID
	// DeviceID names one installation of the field app, or headquarters.
	DeviceID uuid.UUID
	// RowID is the key of a row in any synced table.
	RowID uuid.UUID
	// TeamID names a team.
	TeamID uuid.UUID
	// Epoch names one unbroken life of headquarters' state.
	Epoch uuid.UUID
)

func (id CampaignID) String() string { return uuid.UUID(id).String() }
func (id DeviceID) String() string   { return uuid.UUID(id).String() }
func (id RowID) String() string      { return uuid.UUID(id).String() }
func (id TeamID) String() string     { return uuid.UUID(id).String() }
func (id Epoch) String() string      { return uuid.UUID(id).String() }

// MarshalText writes the id as 36 characters.
func (id CampaignID) MarshalText() ([]byte, error) { return uuid.UUID(id).MarshalText() }

// UnmarshalText reads 36 characters.
func (id *CampaignID) UnmarshalText(text []byte) error { return unmarshal(id, text) }

// MarshalText writes the id as 36 characters.
func (id DeviceID) MarshalText() ([]byte, error) { return uuid.UUID(id).MarshalText() }

// UnmarshalText reads 36 characters.
func (id *DeviceID) UnmarshalText(text []byte) error { return unmarshal(id, text) }

// MarshalText writes the id as 36 characters.
func (id RowID) MarshalText() ([]byte, error) { return uuid.UUID(id).MarshalText() }

// UnmarshalText reads 36 characters.
func (id *RowID) UnmarshalText(text []byte) error { return unmarshal(id, text) }

// MarshalText writes the id as 36 characters.
func (id TeamID) MarshalText() ([]byte, error) { return uuid.UUID(id).MarshalText() }

// UnmarshalText reads 36 characters.
func (id *TeamID) UnmarshalText(text []byte) error { return unmarshal(id, text) }

// MarshalText writes the id as 36 characters.
func (id Epoch) MarshalText() ([]byte, error) { return uuid.UUID(id).MarshalText() }

// UnmarshalText reads 36 characters.
func (id *Epoch) UnmarshalText(text []byte) error { return unmarshal(id, text) }

// NewRowID mints the key of a row that is born now (UUID version 7).
func NewRowID() RowID { return RowID(uuid.Must(uuid.NewV7())) }

// ID16 is any of our id types.
type ID16 interface {
	CampaignID | DeviceID | RowID | TeamID | Epoch
}

// ParseID reads the 36-character text form of an id.
func ParseID[T ID16](text string) (T, error) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return T{}, fmt.Errorf("read id %.40q: not a UUID of 36 characters", text)
	}
	return T(id), nil
}

func unmarshal[T ID16](id *T, text []byte) error {
	read, err := ParseID[T](string(text))
	*id = read
	return err
}

// IDFromBytes reads the 16-byte form of an id.
func IDFromBytes[T ID16](b []byte) (T, error) {
	if len(b) != 16 {
		return T{}, fmt.Errorf("read id: %d bytes, want 16", len(b))
	}
	return T([16]byte(b)), nil
}

// naturalSpace is the namespace of our version 5 ids.
const naturalSpace = "c98d0b7e-6d5c-5b0e-9f5e-3f7a0a6f1d53"

// NaturalKeyID is the key of a row that a text names within its parent, such as a
// person on a roster: UUID version 5 over the table's name, the parent's bytes and the
// text in UTF-8.
func NaturalKeyID(table string, parent RowID, key string) RowID {
	return naturalID(table, parent[:], []byte(key))
}

// NaturalRowID is the key of a row that has a natural key, such as the
// verification of one problem in one visit: two people who record it offline
// meet in one row. UUID version 5 over the table's name and the parts' bytes.
func NaturalRowID(table string, parts ...RowID) RowID {
	all := make([][]byte, len(parts))
	for i := range parts {
		all[i] = parts[i][:]
	}
	return naturalID(table, all...)
}

func naturalID(table string, parts ...[]byte) RowID {
	data := slices.Concat(append([][]byte{[]byte(table)}, parts...)...)
	return RowID(uuid.NewSHA1(uuid.MustParse(naturalSpace), data))
}

package draw

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// Hash is a SHA-256 hash. In JSON it is 64 lower-case hexadecimal digits.
type Hash [32]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes 64 hexadecimal digits.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads 64 hexadecimal digits.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != 64 {
		return problem("hash", string(text))
	}
	if _, err := hex.Decode(h[:], text); err != nil {
		return problem("hash", string(text))
	}
	return nil
}

func sum(b []byte) Hash { return sha256.Sum256(b) }

// appendLP appends LP(b): the length in four bytes, and the bytes.
func appendLP[T ~[]byte | ~string](dst []byte, b T) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(b))), b...)
}

// tag is TAG(label, parts…).
func tag(label string, parts ...[]byte) []byte {
	b := appendLP(nil, "trs1/"+label)
	for _, p := range parts {
		b = appendLP(b, p)
	}
	return b
}

// Key is a key that a choice is made with.
type Key [32]byte

// Ticket is what a key gives an id: 32 bytes, compared bytewise. The lowest win.
type Ticket [32]byte

// Ticket draws an id's ticket: HMAC-SHA256 of LP(id).
func (k *Key) Ticket(id string) Ticket { return newTickets(k).of(id) }

// tickets draws many with one key.
type tickets struct {
	mac   hash.Hash
	input []byte
}

func newTickets(k *Key) *tickets { return &tickets{mac: hmac.New(sha256.New, k[:])} }

func (t *tickets) of(id string) (drawn Ticket) {
	t.mac.Reset()
	t.input = appendLP(t.input[:0], id)
	_, _ = t.mac.Write(t.input) // never fails
	t.mac.Sum(drawn[:0])
	return drawn
}

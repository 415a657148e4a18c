package schema

import (
	"encoding/hex"
	"fmt"
)

// BlobHash is the SHA-256 of an attachment's bytes, by which they are named.
type BlobHash [32]byte

// ParseBlobHash reads 64 hexadecimal digits in lower case.
func ParseBlobHash(text string) (h BlobHash, err error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(h) || hex.EncodeToString(b) != text {
		return h, fmt.Errorf("read hash %.80q: want 64 hexadecimal digits", text)
	}
	return BlobHash(b), nil
}

// String is the hash in hexadecimal.
func (h BlobHash) String() string { return hex.EncodeToString(h[:]) }

// BlobMax is the size of an attachment's bytes.
const BlobMax = 32 << 20

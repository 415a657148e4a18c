package packing

import (
	"fmt"
)

// signatureSize is the size of every signature, see chain.SignHead.
const signatureSize = 64

// Body is a whole push: a packed run and the author's signature over its head.
type Body struct {
	Signature []byte // 64 bytes, of chain.SignHead
	Packed    []byte
}

// Bytes is the body as it travels: the signature, then the packed run.
func (b *Body) Bytes() ([]byte, error) {
	if len(b.Signature) != signatureSize {
		return nil, fmt.Errorf("write push: %w: signature of %d bytes", ErrMalformed, len(b.Signature))
	}
	return append(append([]byte(nil), b.Signature...), b.Packed...), nil
}

// ReadBody takes a body apart. Its parts alias b.
func ReadBody(b []byte) (Body, error) {
	if len(b) < signatureSize {
		return Body{}, fmt.Errorf("read push of %d bytes: %w", len(b), ErrMalformed)
	}
	return Body{Signature: b[:signatureSize:signatureSize], Packed: b[signatureSize:]}, nil
}

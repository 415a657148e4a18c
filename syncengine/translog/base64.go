package translog

import (
	"bytes"
	"encoding/base64"
	"fmt"
)

// AppendBase64 reads base64 with padding (RFC 4648 §4) in the one form that bytes
// have: no stray bits, and none of the line ends that the library steps over.
func AppendBase64(into, text []byte) ([]byte, error) {
	if bytes.ContainsAny(text, "\r\n") {
		return into, fmt.Errorf("%w: line end within base64 %.60q", ErrMalformed, text)
	}
	b, err := base64.StdEncoding.Strict().AppendDecode(into, text)
	if err != nil {
		return into, fmt.Errorf("%w: base64 %.60q", ErrMalformed, text)
	}
	return b, nil
}

package mobileapi

import "github.com/danielgtaylor/huma/v2"

// Octets are bytes: a byte string in CBOR, base64 in JSON (RFC 4648 §4).
type Octets []byte

// Schema describes octets. They name no content encoding, because the library
// would then want base64 of CBOR byte strings too.
func (Octets) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "byte"}
}

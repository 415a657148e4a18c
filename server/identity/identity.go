// Package identity knows who is there: people at headquarters with their
// sessions, devices with their keys and tokens, and the server's own keys.
package identity

import (
	"crypto"
	"time"

	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/failpoint"
)

// Service answers who somebody is.
type Service struct {
	Store  store.Store
	Ingest *ingest.Service
	Now    func() time.Time
	Key    crypto.Signer // Ed25519: signs access tokens
	Points failpoint.Points

	attempts attempts
	hashing  hashing
}

// New makes the service.
func New(s store.Store, in *ingest.Service, now func() time.Time, key crypto.Signer) *Service {
	return &Service{Store: s, Ingest: in, Now: now, Key: key, hashing: newHashing()}
}

// Account is a person at headquarters.
type Account struct {
	ID    string `json:"id" format:"uuid"`
	Login string `json:"login"`
	Name  string `json:"name"`
	Role  Role   `json:"role" enum:"admin,organiser,reviewer,leader,auditor"`
}

// Session is a signed-in browser.
type Session struct {
	Token   string
	MaxAge  int // seconds
	Account Account
}

// Inspector is a person who inspects, with what they enrolled.
type Inspector struct {
	ID      string   `json:"id" format:"uuid"`
	Name    string   `json:"name"`
	Team    string   `json:"team"`
	Role    string   `json:"role"`
	Devices []Device `json:"devices"`
}

// Device is an enrolled device.
type Device struct {
	ID          string `json:"id" format:"uuid"`
	Name        string `json:"name"`
	EnrolledAt  int64  `json:"enrolled_at"`
	RevokedAt   *int64 `json:"revoked_at,omitempty"`
	Entries     uint64 `json:"entries" doc:"Accepted from it"`
	LastContact *int64 `json:"last_contact,omitempty" doc:"When it last pushed, Unix milliseconds"`
}

// Code is a one-time enrolment code. It is shown once.
type Code struct {
	Code      string `json:"code"`
	URL       string `json:"url" doc:"Path and fragment that opens the field app with the code filled in"`
	ExpiresAt int64  `json:"expires_at"`
}

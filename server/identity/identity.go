// Package identity knows who is there: people at headquarters with their
// sessions, devices with their keys and tokens, and the server's own keys.
package identity

import (
	"context"
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
	// Wait lets a time pass, unless whoever waits goes away.
	Wait func(ctx context.Context, d time.Duration) error

	attempts attempts
	turns    turns
	hashing  hashing
}

// New makes the service.
func New(s store.Store, in *ingest.Service, now func() time.Time, key crypto.Signer) *Service {
	return &Service{Store: s, Ingest: in, Now: now, Key: key, Wait: wait, hashing: newHashing()}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Account is a person at headquarters, or a responsible unit's login.
type Account struct {
	ID           string `json:"id" format:"uuid"`
	Login        string `json:"login"`
	Name         string `json:"name"`
	Role         Role   `json:"role" enum:"admin,organiser,reviewer,leader,auditor,unit"`
	SecondFactor bool   `json:"second_factor" doc:"Sign-in asks for the code of an authenticator"`
	CampaignID   string `json:"campaign_id,omitempty" format:"uuid" doc:"That a responsible unit's login is for"`
	UnitID       string `json:"unit_id,omitempty" format:"uuid" doc:"That a responsible unit's login is for"`
	Unit         string `json:"unit,omitempty" doc:"Its name"`
}

// SignIn is what somebody signs in with.
type SignIn struct {
	Login    string
	Password string
	Code     string // of an authenticator, or a recovery code; "": none yet
	From     string // address that the request came from
	Agent    string // what the browser calls itself
	Browser  string // what it was given when somebody last signed in at it; "": nothing
}

// Session is a signed-in browser.
type Session struct {
	Token   string
	MaxAge  int // seconds
	Account Account
	Browser string // to be shown at the next sign-in
}

// Inspector is a person who inspects, with what they enrolled.
type Inspector struct {
	ID      string   `json:"id" format:"uuid"`
	Name    string   `json:"name"`
	Team    string   `json:"team"`
	TeamID  string   `json:"team_id" doc:"Empty: in none"`
	Role    string   `json:"role"`
	Devices []Device `json:"devices"`
}

// Device is an enrolled device.
type Device struct {
	ID          string `json:"id" format:"uuid"`
	Name        string `json:"name"`
	EnrolledAt  int64  `json:"enrolled_at"`
	RevokedAt   *int64 `json:"revoked_at,omitempty"`
	WipeAt      *int64 `json:"wipe_ordered_at,omitempty" doc:"When it was told to wipe itself"`
	WipedAt     *int64 `json:"wiped_at,omitempty" doc:"When it said that it did"`
	Entries     uint64 `json:"entries" doc:"Accepted from it"`
	LastContact *int64 `json:"last_contact,omitempty" doc:"When it last pushed, Unix milliseconds"`
	SeenAt      *int64 `json:"seen_at,omitempty" doc:"When it last reported of itself, Unix milliseconds"`
	Version     string `json:"version,omitempty" doc:"Of its app"`
	Unsent      *int64 `json:"unsent,omitempty" doc:"Entries that it had not sent when it last reported"`
	OldestAt    *int64 `json:"oldest_unsent_at,omitempty" doc:"When the oldest of them was made"`
	LogSize     *int64 `json:"log_size,omitempty" doc:"Entries of the log that its newest checkpoint has"`
}

// Code is a one-time enrolment code. It is shown once.
type Code struct {
	Code      string `json:"code"`
	URL       string `json:"url" doc:"Path and fragment that opens the field app with the code filled in"`
	ExpiresAt int64  `json:"expires_at"`
}

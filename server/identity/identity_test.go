package identity_test

import (
	"context"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/identity"
	"sansuiji/server/ingest/ingesttest"

	"github.com/golang-jwt/jwt/v5"
)

// assertionOf is what a phone signs to get a token.
func assertionOf(t *testing.T, w *ingesttest.World, p *ingesttest.Phone) string {
	t.Helper()
	assertion, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.RegisteredClaims{
		Issuer: p.ID.String(), Subject: p.ID.String(), Audience: jwt.ClaimStrings{"/api/v1/token"},
		ExpiresAt: jwt.NewNumericDate(w.Now.Add(time.Minute)),
	}).SignedString(p.Key)
	if err != nil {
		t.Fatal(err)
	}
	return assertion
}

func TestADatabaseThatDoesNotAnswerIsNoReasonToEnrolAnew(t *testing.T) {
	w := ingesttest.New(t)
	s := identity.New(w.Store, w.Service, w.Service.Now, w.Service.Key)
	p := w.Enrol(0)
	assertion := assertionOf(t, w, p)
	token, err := s.Exchange(t.Context(), assertion)
	if err != nil {
		t.Fatal(err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := s.Exchange(ended, assertion); err == nil || schema.FaultCode(err) != "" {
		t.Errorf("exchange: %v", err)
	}
	if _, err := s.Caller(ended, token.Text); err == nil || schema.FaultCode(err) != "" {
		t.Errorf("caller: %v", err)
	}
	if _, err := s.Account(ended, "token"); err == nil || schema.FaultCode(err) != "" {
		t.Errorf("account: %v", err)
	}
}

func TestATokenEndsAfterAQuarterOfAnHourAndASessionAfterHalfADay(t *testing.T) {
	w := ingesttest.New(t)
	s := identity.New(w.Store, w.Service, w.Service.Now, w.Service.Key)
	if _, err := s.AddAccount(t.Context(), identity.NewAccount{Login: "admin", Name: "趙", Role: identity.Admin}, "password"); err != nil {
		t.Fatal(err)
	}
	session, err := s.Login(t.Context(), identity.SignIn{Login: "admin", Password: "password"})
	if err != nil {
		t.Fatal(err)
	}
	p := w.Enrol(0)
	given, err := s.Exchange(t.Context(), assertionOf(t, w, p))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after          time.Duration
		token, session string // fault
	}{
		{0, "", ""},
		{14 * time.Minute, "", ""},
		{15*time.Minute + time.Second, schema.FaultUnauthorised, ""},
		{11 * time.Hour, schema.FaultUnauthorised, ""},
		{13 * time.Hour, schema.FaultUnauthorised, schema.FaultUnauthorised},
	} {
		start := w.Now
		w.Now = start.Add(c.after)
		_, err := s.Caller(t.Context(), given.Text)
		if got := schema.FaultCode(err); got != c.token {
			t.Errorf("token after %v: %v", c.after, err)
		}
		_, err = s.Account(t.Context(), session.Token)
		if got := schema.FaultCode(err); got != c.session {
			t.Errorf("session after %v: %v", c.after, err)
		}
		w.Now = start
	}
}

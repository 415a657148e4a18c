package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/identity"
	"sansuiji/server/store"
)

func TestOnlyADeviceWithAFreshCodeAndItsOwnKeyIsEnrolled(t *testing.T) {
	p := start(t)
	old := p.enrolled(cborFormat())
	revoked := p.newPhone(jsonFormat(), newP256(t))
	revokedCode := p.newCode()
	expect(t, p.send(revoked.enrolment(revokedCode)), http.StatusOK)
	revoked.revoke()
	expired := p.newCode()
	p.expireCodes()
	used, fresh, colleague := p.newCode(), p.newCode(), p.newCodeFor(p.colleague())
	first := p.newPhone(jsonFormat(), newP256(t))
	expect(t, p.send(first.enrolment(used)), http.StatusOK)
	d := p.newPhone(jsonFormat(), newP256(t))
	changed := func(do func(*mobileapi.EnrolRequest)) request {
		r := d.enrolRequest(fresh)
		do(&r)
		return jsonFormat().post(t, "/api/v1/enrol", r)
	}
	otherKey := *first
	otherKey.Key = newP256(t)
	otherKey.PublicKey = spki(t, otherKey.Key)
	asOld := *d
	asOld.ID = old.ID
	asHeadquarters := *d
	asHeadquarters.ID = p.ingest.Device
	const refused = http.StatusUnprocessableEntity
	p.refused(t, []refusal{
		{"an unknown code", d.enrolment("AAAA-BBBB-CCCC-DDDD"), http.StatusNotFound, schema.FaultEnrolmentUnknown},
		{"an empty code", d.enrolment(""), http.StatusNotFound, schema.FaultEnrolmentUnknown},
		{"an expired code", d.enrolment(expired), http.StatusGone, schema.FaultEnrolmentExpired},
		{"a code that another device used", d.enrolment(used), http.StatusConflict, schema.FaultEnrolmentUsed},
		{"the device that used it, with another key", otherKey.enrolment(used), http.StatusConflict, schema.FaultEnrolmentUsed},
		{"a revoked device with the code it used", revoked.enrolment(revokedCode), http.StatusForbidden, schema.FaultDeviceRevoked},
		{"a revoked device with a fresh code", revoked.enrolment(fresh), http.StatusForbidden, schema.FaultDeviceRevoked},
		{"an enrolled device with another inspector's code", old.enrolment(colleague), http.StatusConflict, schema.FaultEnrolmentUsed},
		{"somebody who takes an enrolled device's id", asOld.enrolment(fresh), http.StatusConflict, schema.FaultEnrolmentUsed},
		{"somebody who takes headquarters' id", asHeadquarters.enrolment(fresh), http.StatusConflict, schema.FaultEnrolmentUsed},
		{"a key that is none", changed(func(r *mobileapi.EnrolRequest) { r.PublicKey = []byte("key") }), refused, schema.FaultKeyUnusable},
		{"an RSA key", changed(func(r *mobileapi.EnrolRequest) { r.PublicKey = spki(t, newRSA(t)) }), refused, schema.FaultKeyUnusable},
		{"a key on another curve", changed(func(r *mobileapi.EnrolRequest) { r.PublicKey = spki(t, newP384(t)) }), refused, schema.FaultKeyUnusable},
		{"somebody else's key", changed(func(r *mobileapi.EnrolRequest) { r.PublicKey = first.PublicKey }), refused, schema.FaultKeyUnusable},
		{"a wrong signature", changed(func(r *mobileapi.EnrolRequest) { r.Signature[9] ^= 1 }), refused, schema.FaultKeyUnusable},
		{"a signature over another code", changed(func(r *mobileapi.EnrolRequest) { r.Code = used }), refused, schema.FaultKeyUnusable},
		{"no signature", changed(func(r *mobileapi.EnrolRequest) { r.Signature = []byte{} }), refused, schema.FaultKeyUnusable},
		{"a signature that is null", changed(func(r *mobileapi.EnrolRequest) { r.Signature = nil }), refused, schema.FaultBadRequest},
		{"a signature in ASN.1", changed(func(r *mobileapi.EnrolRequest) { r.Signature = make([]byte, 72) }), refused, schema.FaultKeyUnusable},
		{"an id that is none", changed(func(r *mobileapi.EnrolRequest) { r.DeviceID = "phone" }), refused, schema.FaultBadRequest},
		{"a code that is too long", changed(func(r *mobileapi.EnrolRequest) { r.Code = strings.Repeat("A", 65) }), refused, schema.FaultBadRequest},
		{"a name that is too long", changed(func(r *mobileapi.EnrolRequest) { r.Name = strings.Repeat("機", 101) }), refused, schema.FaultBadRequest},
	})
	t.Run("what was refused did not use the code up", func(t *testing.T) {
		d.p.t = t
		r := d.enrolRequest(fresh)
		r.Name = " \x00 "
		for range 2 { // the answer may get lost
			expect(t, p.send(jsonFormat().post(t, "/api/v1/enrol", r)), http.StatusOK)
		}
	})
	p.t = t
	old.works()
}

func TestGuessingEnrolmentCodesIsSlowedDownForOneAddress(t *testing.T) {
	p := start(t)
	d := p.newPhone(jsonFormat(), newP256(t))
	guess := d.enrolment("AAAA-BBBB-CCCC-DDDD").with("X-Real-IP", "198.51.100.7")
	for range 10 {
		expect(t, p.send(guess), http.StatusNotFound)
	}
	good := d.enrolment(p.newCode())
	p.refused(t, []refusal{
		{"one guess more", guess, http.StatusTooManyRequests, schema.FaultTooMany},
		{"a good code from there", good.with("X-Real-IP", "198.51.100.7"), http.StatusTooManyRequests, schema.FaultTooMany},
	})
	expect(t, p.send(good), http.StatusOK)
}

// expect wants a status.
func expect(t *testing.T, a answer, status int) {
	t.Helper()
	if a.status != status {
		t.Fatalf("answer %s, want %d", &a, status)
	}
}

// colleague is an inspector who is not the demo's.
func (p *program) colleague() string {
	p.t.Helper()
	for _, i := range ask[[]identity.Inspector](p, "/api/hq/campaigns/{campaign}/inspectors") {
		if i.ID != p.access.Inspector.String() {
			return i.ID
		}
	}
	p.t.Fatal("the demo has one inspector")
	return ""
}

// expireCodes lets a day pass for all codes that nobody used.
func (p *program) expireCodes() {
	p.t.Helper()
	must(p.t, p.store.Office(context.Background(), func(q store.Queryer) error {
		_, err := q.ExecContext(context.Background(), "UPDATE enrolment SET expires_at = 1 WHERE used_at IS NULL")
		return err
	}))
}

func spki(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	b, err := x509.MarshalPKIXPublicKey(key.Public())
	must(t, err)
	return b
}

func newRSA(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	return key
}

func newP384(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	must(t, err)
	return key
}

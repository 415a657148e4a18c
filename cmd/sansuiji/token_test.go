package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"

	"github.com/golang-jwt/jwt/v5"
)

func TestAnAssertionIsTakenOnlyFromTheDeviceThatSignedIt(t *testing.T) {
	p := start(t)
	d, other := p.enrolWith(jsonFormat(), newP256(t)), p.enrolled(jsonFormat())
	stranger := p.newPhone(jsonFormat(), newP256(t))
	revoked := p.enrolled(jsonFormat())
	revoked.revoke()
	claim := func(do func(*jwt.RegisteredClaims)) request {
		c := d.claims()
		do(&c)
		return tokenRequest(d.assertion(c))
	}
	signed := func(method jwt.SigningMethod, key any) request {
		text, err := jwt.NewWithClaims(method, d.claims()).SignedString(key)
		must(t, err)
		return tokenRequest(text)
	}
	at := func(after time.Duration) *jwt.NumericDate { return jwt.NewNumericDate(time.Now().Add(after)) }
	good := d.assertion(d.claims())
	form := func(body string) request { return tokenRequest("").withBody(body) }
	asOther := other.claims()
	const refused = http.StatusUnauthorized
	p.refused(t, []refusal{
		{"no assertion", tokenRequest(""), refused, schema.FaultAssertion},
		{"no token at all", tokenRequest("a.b.c"), refused, schema.FaultAssertion},
		{"one part missing", tokenRequest(good[:strings.LastIndex(good, ".")]), refused, schema.FaultAssertion},
		{"a changed signature", tokenRequest(good[:len(good)-8] + "AAAAAAAA"), refused, schema.FaultAssertion},
		{"another device's claims", tokenRequest(d.assertion(asOther)), refused, schema.FaultAssertion},
		{"another key", tokenRequest(stranger.assertion(d.claims())), refused, schema.FaultAssertion},
		{"algorithm none", signed(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType), refused, schema.FaultAssertion},
		{"the public key as an HMAC secret", signed(jwt.SigningMethodHS256, d.PublicKey), refused, schema.FaultAssertion},
		{"an RSA signature", signed(jwt.SigningMethodRS256, newRSA(t)), refused, schema.FaultAssertion},
		{"an Ed25519 signature for a P-256 device", signed(jwt.SigningMethodEdDSA, other.Key), refused, schema.FaultAssertion},
		{"a device that nobody enrolled", tokenRequest(stranger.assertion(stranger.claims())), refused, schema.FaultAssertion},
		{"a subject that is no id", claim(func(c *jwt.RegisteredClaims) { c.Subject = "' OR 1=1" }), refused, schema.FaultAssertion},
		{"an issuer that is not the device", claim(func(c *jwt.RegisteredClaims) { c.Issuer = "sansuiji" }), refused, schema.FaultAssertion},
		{"another audience", claim(func(c *jwt.RegisteredClaims) { c.Audience = jwt.ClaimStrings{p.url() + "/api/v1/pull"} }), refused, schema.FaultAssertion},
		{"no audience", claim(func(c *jwt.RegisteredClaims) { c.Audience = nil }), refused, schema.FaultAssertion},
		{"no end", claim(func(c *jwt.RegisteredClaims) { c.ExpiresAt = nil }), refused, schema.FaultAssertion},
		{"expired", claim(func(c *jwt.RegisteredClaims) { c.ExpiresAt = at(-2 * time.Minute) }), refused, schema.FaultAssertionClock},
		{"made in the future", claim(func(c *jwt.RegisteredClaims) { c.IssuedAt = at(time.Hour) }), refused, schema.FaultAssertionClock},
		{"not valid yet", claim(func(c *jwt.RegisteredClaims) { c.NotBefore = at(time.Hour) }), refused, schema.FaultAssertionClock},
		{"a clock years ahead", claim(func(c *jwt.RegisteredClaims) {
			c.IssuedAt, c.ExpiresAt = at(87600*time.Hour), at(87601*time.Hour)
		}), refused, schema.FaultAssertionClock},
		{"good for a year", claim(func(c *jwt.RegisteredClaims) { c.ExpiresAt = at(8760 * time.Hour) }), refused, schema.FaultAssertionClock},
		{"a revoked device", tokenRequest(revoked.assertion(revoked.claims())), http.StatusForbidden, schema.FaultDeviceRevoked},
		{"another grant", form("grant_type=password&assertion=" + good), http.StatusBadRequest, schema.FaultBadRequest},
		{"no form", form("%zz"), http.StatusBadRequest, schema.FaultBadRequest},
		{"an empty form", form(""), http.StatusBadRequest, schema.FaultBadRequest},
		{"a form that is too large", form(strings.Repeat("a", 16<<10)), http.StatusRequestEntityTooLarge, schema.FaultTooLarge},
	})
	d.works()
}

// withBody is the request with another body.
func (r request) withBody(body string) request {
	r.body = []byte(body)
	return r
}

func TestATokenIsTakenOnlyAsHeadquartersGaveIt(t *testing.T) {
	p := start(t)
	d, revoked := p.enrolled(cborFormat()), p.enrolled(cborFormat())
	revoked.revoke()
	type claims struct {
		Campaign string `json:"campaign"`
		jwt.RegisteredClaims
	}
	ours := claims{p.access.Campaign.String(), jwt.RegisteredClaims{
		Issuer: "sansuiji", Subject: d.ID.String(), ExpiresAt: jwt.NewNumericDate(time.Now().Add(time.Minute)),
	}}
	issued := func(method jwt.SigningMethod, key any, do func(*claims)) string {
		c := ours
		do(&c)
		text, err := jwt.NewWithClaims(method, c).SignedString(key)
		must(t, err)
		return "Bearer " + text
	}
	asIs := func(*claims) {}
	key := p.identity.Key
	pull := request{path: "/api/v1/pull"}
	expect(t, p.send(pull.with("Authorization", issued(jwt.SigningMethodEdDSA, key, asIs))), http.StatusOK)
	for path, r := range map[string]request{
		"pull": pull,
		"push": request{path: "/api/v1/push", body: []byte("{}")}.with("Content-Type", "application/json"),
	} {
		for name, c := range map[string]struct {
			header string
			code   string
		}{
			"no token":         {"", schema.FaultUnauthorised},
			"another scheme":   {"Basic YWRtaW46YWRtaW4=", schema.FaultUnauthorised},
			"an empty token":   {"Bearer ", schema.FaultUnauthorised},
			"a garbled token":  {"Bearer é.批.!", schema.FaultUnauthorised},
			"a long token":     {"Bearer " + strings.Repeat("a.", 10_000), schema.FaultUnauthorised},
			"a changed token":  {"Bearer " + d.token[:len(d.token)-4] + "AAAA", schema.FaultUnauthorised},
			"an assertion":     {"Bearer " + d.assertion(d.claims()), schema.FaultUnauthorised},
			"the device's key": {issued(jwt.SigningMethodEdDSA, d.Key, asIs), schema.FaultUnauthorised},
			"algorithm none":   {issued(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, asIs), schema.FaultUnauthorised},
			"the public key as a secret": {
				issued(jwt.SigningMethodHS256, spki(t, key), asIs), schema.FaultUnauthorised,
			},
			"expired": {issued(jwt.SigningMethodEdDSA, key, func(c *claims) {
				c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(-time.Second))
			}), schema.FaultUnauthorised},
			"without an end":      {issued(jwt.SigningMethodEdDSA, key, func(c *claims) { c.ExpiresAt = nil }), schema.FaultUnauthorised},
			"of another issuer":   {issued(jwt.SigningMethodEdDSA, key, func(c *claims) { c.Issuer = "x" }), schema.FaultUnauthorised},
			"for nobody":          {issued(jwt.SigningMethodEdDSA, key, func(c *claims) { c.Subject = "" }), schema.FaultUnauthorised},
			"for who was removed": {issued(jwt.SigningMethodEdDSA, key, func(c *claims) { c.Subject = schema.NewRowID().String() }), schema.FaultAssertion},
		} {
			p.refused(t, []refusal{{
				path + " with " + name, r.with("Authorization", c.header), http.StatusUnauthorized, c.code,
			}})
		}
		if got := p.send(r).header.Get("WWW-Authenticate"); got != "Bearer" {
			t.Errorf("%s without a token is asked for %q", path, got)
		}
		p.refused(t, []refusal{{path + " by a revoked device", revoked.signedIn(r), http.StatusForbidden, schema.FaultDeviceRevoked}})
	}
	d.works()
}

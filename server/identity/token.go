package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"

	"github.com/golang-jwt/jwt/v5"
)

// Lifetimes of the two kinds of token.
const (
	tokenAge        = 15 * time.Minute
	assertionAgeMax = 10 * time.Minute
	clockLeeway     = time.Minute
)

// AccessToken is what a device shows with each request.
type AccessToken struct {
	Text    string
	Age     time.Duration
	Leaving bool // whose it is has to wipe itself
}

// Caller is whose token it is.
type Caller struct {
	Campaign schema.CampaignID
	Device   schema.DeviceID
	Leaving  bool // it is to wipe itself: it may bring what it has, and gets nothing
}

// accessClaims are an access token's.
type accessClaims struct {
	Campaign string `json:"campaign"`
	jwt.RegisteredClaims
}

const issuer = "sansuiji"

// Exchange takes an assertion that a device signed with its key (RFC 7523 §3:
// issuer and subject are the device, the audience ends in our token path) and
// gives a short access token. A device that was revoked gets none, unless it is to bring
// what it has before it wipes itself.
func (s *Service) Exchange(ctx context.Context, assertion string) (AccessToken, error) {
	var found standing
	var unfound error // the library reports whatever goes wrong here as a bad token
	claims := jwt.RegisteredClaims{}
	_, err := jwt.ParseWithClaims(assertion, &claims, func(*jwt.Token) (any, error) {
		device, err := schema.ParseID[schema.DeviceID](claims.Subject)
		if err != nil {
			return nil, err
		}
		if found, err = s.standing(ctx, device); err != nil {
			unfound = err
			return nil, err
		}
		return chain.ParseKey(found.key)
	}, jwt.WithValidMethods([]string{"ES256", "EdDSA"}), jwt.WithTimeFunc(s.Now),
		jwt.WithLeeway(clockLeeway), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
	if unfound != nil {
		return AccessToken{}, unfound
	}
	if err != nil {
		return AccessToken{}, assertionFault(err)
	}
	if err := s.checkAssertion(&claims); err != nil {
		return AccessToken{}, err
	}
	s.Points.Hit("token.checked")
	token, err := s.issue(found.caller)
	token.Leaving = found.caller.Leaving
	return token, err
}

func assertionFault(err error) error {
	switch {
	case errors.Is(err, jwt.ErrTokenExpired), errors.Is(err, jwt.ErrTokenUsedBeforeIssued),
		errors.Is(err, jwt.ErrTokenNotValidYet):
		return schema.NewFault(schema.FaultAssertionClock, err.Error())
	default:
		return schema.NewFault(schema.FaultAssertion, err.Error())
	}
}

func (s *Service) checkAssertion(claims *jwt.RegisteredClaims) error {
	if claims.Issuer != claims.Subject {
		return schema.NewFault(schema.FaultAssertion, "iss and sub must both be the device")
	}
	if claims.ExpiresAt.Sub(s.Now()) > assertionAgeMax {
		return schema.NewFault(schema.FaultAssertionClock, "exp is too far ahead")
	}
	for _, audience := range claims.Audience {
		if strings.HasSuffix(audience, "/api/v1/token") {
			return nil
		}
	}
	return schema.NewFault(schema.FaultAssertion, "aud must be the token endpoint")
}

func (s *Service) issue(caller Caller) (AccessToken, error) {
	now := s.Now()
	text, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, accessClaims{
		Campaign: caller.Campaign.String(),
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Subject: caller.Device.String(),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(tokenAge)),
		},
	}).SignedString(s.Key)
	if err != nil {
		return AccessToken{}, fmt.Errorf("sign access token: %w", err)
	}
	return AccessToken{Text: text, Age: tokenAge}, nil
}

// Caller checks an access token. A revoked device is refused at once, whatever
// its token says.
func (s *Service) Caller(ctx context.Context, token string) (Caller, error) {
	var claims accessClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) {
		return s.Key.Public(), nil
	}, jwt.WithValidMethods([]string{"EdDSA"}), jwt.WithTimeFunc(s.Now),
		jwt.WithIssuer(issuer), jwt.WithExpirationRequired())
	if err != nil {
		return Caller{}, schema.NewFault(schema.FaultUnauthorised, err.Error())
	}
	device, err := schema.ParseID[schema.DeviceID](claims.Subject)
	if err != nil {
		return Caller{}, schema.NewFault(schema.FaultUnauthorised, err.Error())
	}
	found, err := s.standing(ctx, device)
	return found.caller, err
}

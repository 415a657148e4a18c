package identity

import (
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// BrowserAge is how long a browser is known after somebody signed in at it.
const BrowserAge = 180 * 24 * time.Hour

const (
	browserIssuer = "sansuiji/browser"
	// browserLogins is how many people share a browser: the last of them are known.
	browserLogins = 8
)

// browser is one, with the logins that have signed in at it: OWASP's device cookie. It is
// signed, lets nobody in, and only tells whose tries are counted apart from strangers'.
type browser struct {
	id     string
	logins []string
}

// browserOf reads what a browser was given; whatever is not ours is a new one.
func (s *Service) browserOf(text string) browser {
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(text, &claims, func(*jwt.Token) (any, error) {
		return s.Key.Public(), nil
	}, jwt.WithValidMethods([]string{"EdDSA"}), jwt.WithTimeFunc(s.Now),
		jwt.WithIssuer(browserIssuer), jwt.WithExpirationRequired())
	if err != nil {
		return browser{id: rand.Text()}
	}
	return browser{claims.ID, claims.Audience}
}

func (b browser) knows(login string) bool { return slices.Contains(b.logins, login) }

// remember writes what a browser is given after a sign-in.
func (s *Service) remember(b browser, login string) (string, error) {
	logins := slices.DeleteFunc(slices.Clone(b.logins), func(one string) bool { return one == login })
	logins = append(logins, login)
	text, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.RegisteredClaims{
		Issuer: browserIssuer, ID: b.id, Audience: logins[max(0, len(logins)-browserLogins):],
		ExpiresAt: jwt.NewNumericDate(s.Now().Add(BrowserAge)),
	}).SignedString(s.Key)
	if err != nil {
		return "", fmt.Errorf("remember browser: %w", err)
	}
	return text, nil
}

package device

import (
	"context"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
)

const (
	// assertionAge is how long an assertion is good for.
	assertionAge = 2 * time.Minute
	// renewBefore is how long before its end a token is renewed.
	renewBefore = 30 * time.Second
)

// heldToken is an access token and when to ask for the next, by this device's clock.
type heldToken struct {
	text    string
	renewAt time.Time
}

// withToken calls send with a valid token. Where headquarters has forgotten it
// before its time, say by a restart, it calls it once more with another.
func (d *Device) withToken(ctx context.Context, send func(Transport, string) error) error {
	way, err := d.transport()
	if err != nil {
		return err
	}
	if !d.Now().Before(d.token.renewAt) {
		if err := d.authenticate(ctx, way); err != nil {
			return err
		}
	}
	err = send(way, d.token.text)
	if schema.FaultCode(err) != schema.FaultUnauthorised {
		return err
	}
	if err := d.authenticate(ctx, way); err != nil {
		return err
	}
	return send(way, d.token.text)
}

// authenticate asks for a token. A device whose clock is off learns headquarters'
// time from the refusal and asks once more with it.
func (d *Device) authenticate(ctx context.Context, way Transport) error {
	d.token = heldToken{}
	err := d.askToken(ctx, way)
	var refusal *Refusal
	if schema.FaultCode(err) != schema.FaultAssertionClock || !errors.As(err, &refusal) ||
		refusal.ServerTime == 0 {
		return err
	}
	if err := d.noteServerTime(refusal.ServerTime); err != nil {
		return err
	}
	return d.askToken(ctx, way)
}

func (d *Device) askToken(ctx context.Context, way Transport) error {
	assertion, err := d.assertion(way.Audience())
	if err != nil {
		return err
	}
	token, err := way.Token(ctx, assertion)
	if err != nil {
		return fmt.Errorf("ask for token: %w", err)
	}
	age := time.Duration(token.ExpiresIn) * time.Second
	d.token = heldToken{token.AccessToken, d.Now().Add(age - renewBefore)}
	return d.noteServerTime(token.ServerTime)
}

// noteServerTime remembers how far headquarters' clock is ahead of ours.
func (d *Device) noteServerTime(serverTime int64) error {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.store(stateAhead, serverTime-d.nowMillis())
}

// assertion is a JWT that names the device as its own issuer (RFC 7523 §3).
func (d *Device) assertion(audience string) (string, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	who, err := d.identity()
	if err != nil {
		return "", err
	}
	key, err := d.signer()
	if err != nil {
		return "", err
	}
	ahead, err := stored[int64](d.db, stateAhead)
	if err != nil {
		return "", err
	}
	now := (d.nowMillis() + ahead) / 1000
	return d.jwt(key, map[string]any{
		"iss": who.Device, "sub": who.Device, "aud": audience,
		"iat": now, "exp": now + int64(assertionAge/time.Second),
	})
}

func (d *Device) jwt(key crypto.Signer, claims any) (string, error) {
	header, err := json.Marshal(map[string]string{"alg": algorithm(key), "typ": "JWT"})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	message := encode(header) + "." + encode(body)
	sig, err := chain.Sign(d.Random, key, []byte(message))
	if err != nil {
		return "", fmt.Errorf("sign assertion: %w", err)
	}
	return message + "." + encode(sig), nil
}

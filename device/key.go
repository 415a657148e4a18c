package device

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"fmt"
	"io"
)

// KeyKind is a kind of signing key.
type KeyKind string

// The kinds. Phones have P-256; making and using an Ed25519 key takes nothing
// but the device's own random source, so a seed gives the same signatures again.
const (
	P256    KeyKind = "p256"
	Ed25519 KeyKind = "ed25519"
)

func newKey(kind KeyKind, random io.Reader) (crypto.Signer, error) {
	switch kind {
	case P256, "":
		return ecdsa.GenerateKey(elliptic.P256(), random)
	case Ed25519:
		seed := make([]byte, ed25519.SeedSize)
		if _, err := io.ReadFull(random, seed); err != nil {
			return nil, err
		}
		return ed25519.NewKeyFromSeed(seed), nil
	}
	return nil, fmt.Errorf("no such kind %q", kind)
}

// keyFor is the device's one key, made when it is first needed. Call it in a
// transaction.
func (d *Device) keyFor(kind KeyKind) (crypto.Signer, error) {
	kept, err := stored[[]byte](d.db, statePrivateKey)
	if err != nil {
		return nil, err
	}
	if kept != nil {
		return parsePrivate(kept)
	}
	key, err := newKey(kind, d.Random)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("keep key: %w", err)
	}
	return key, d.db.store(statePrivateKey, der)
}

// signer is the key of an enrolled device.
func (d *Device) signer() (crypto.Signer, error) {
	if d.key == nil {
		kept, err := stored[[]byte](d.db, statePrivateKey)
		if err != nil {
			return nil, err
		}
		if kept == nil {
			return nil, ErrNotEnrolled
		}
		if d.key, err = parsePrivate(kept); err != nil {
			return nil, err
		}
	}
	return d.key, nil
}

func parsePrivate(der []byte) (crypto.Signer, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("read key: a %T does not sign", key)
	}
	return signer, nil
}

// algorithm is a key's name in a JWT (RFC 7518 §3.1, RFC 8037 §3.1).
func algorithm(key crypto.Signer) string {
	if _, ok := key.(ed25519.PrivateKey); ok {
		return "EdDSA"
	}
	return "ES256"
}

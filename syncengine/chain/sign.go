package chain

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"

	"sansuiji/schema"
	"sansuiji/syncengine/mutant"
)

// Key errors.
var (
	ErrKey       = errors.New("key is neither ECDSA P-256 nor Ed25519")
	ErrSignature = errors.New("signature does not verify")
)

// headBytes is what a device signs: the domain, campaign, device, seq and hash
// of the newest entry of a push.
func headBytes(campaign schema.CampaignID, device schema.DeviceID, head Head) []byte {
	b := append([]byte(headDomain), campaign[:]...)
	b = append(b, device[:]...)
	if mutant.On(mutant.SignatureOfOther) {
		return b
	}
	b = binary.BigEndian.AppendUint64(b, head.Seq)
	return append(b, head.Hash[:]...)
}

// ParseKey reads a device's public key (SubjectPublicKeyInfo, DER): ECDSA on
// P-256, or Ed25519.
func ParseKey(spki []byte) (crypto.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, fmt.Errorf("read public key: %w", errors.Join(ErrKey, err))
	}
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return k, nil
		}
	case ed25519.PublicKey:
		return k, nil
	}
	return nil, fmt.Errorf("read public key: %w", ErrKey)
}

// VerifyHead checks a device's signature over the head of its chain.
func VerifyHead(
	key crypto.PublicKey, campaign schema.CampaignID, device schema.DeviceID, head Head, sig []byte,
) error {
	if err := Verify(key, headBytes(campaign, device, head), sig); err != nil {
		return fmt.Errorf("verify head %d: %w", head.Seq, err)
	}
	return nil
}

// Verify checks a device's signature over a message. An ECDSA signature is over
// the message's SHA-256 and is r and s, 32 bytes each (IEEE P1363, as WebCrypto
// makes it); an Ed25519 one has 64 bytes (RFC 8032).
func Verify(key crypto.PublicKey, message, sig []byte) error {
	if len(sig) != 64 {
		return fmt.Errorf("%w: %d bytes", ErrSignature, len(sig))
	}
	ok := false
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		digest := sha256.Sum256(message)
		r, s := new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])
		ok = ecdsa.Verify(k, digest[:], r, s)
	case ed25519.PublicKey:
		ok = ed25519.Verify(k, message, sig)
	}
	if !ok {
		return ErrSignature
	}
	return nil
}

// SignHead signs the head of a chain with an Ed25519 or ECDSA P-256 key.
func SignHead(
	random io.Reader, key crypto.Signer,
	campaign schema.CampaignID, device schema.DeviceID, head Head,
) ([]byte, error) {
	sig, err := Sign(random, key, headBytes(campaign, device, head))
	if err != nil {
		return nil, fmt.Errorf("sign head %d: %w", head.Seq, err)
	}
	return sig, nil
}

// Sign signs a message as Verify wants it.
func Sign(random io.Reader, key crypto.Signer, message []byte) ([]byte, error) {
	switch k := key.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(k, message), nil
	case *ecdsa.PrivateKey:
		digest := sha256.Sum256(message)
		r, s, err := ecdsa.Sign(random, k, digest[:])
		if err != nil {
			return nil, err
		}
		sig := make([]byte, 64)
		r.FillBytes(sig[:32])
		s.FillBytes(sig[32:])
		return sig, nil
	}
	return nil, ErrKey
}

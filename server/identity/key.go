package identity

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"filippo.io/age"
)

// ServerKey finds headquarters' signing key (Ed25519), or makes it.
func ServerKey(ctx context.Context, s store.Store, now time.Time) (crypto.Signer, error) {
	der, err := keptKey(ctx, s, "sign", now, newKey)
	if err != nil {
		return nil, fmt.Errorf("find the server's key: %w", err)
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("read the server's key: %w", err)
	}
	signer, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("read the server's key: it is a %T", key)
	}
	return signer, nil
}

// BundleKey finds the key that bundles for headquarters are sealed to (age, X25519), or
// makes it. It keeps what is carried by hand from whoever finds it on the way; it is no
// key of sealed interviews.
func BundleKey(ctx context.Context, s store.Store, now time.Time) (*age.X25519Identity, error) {
	text, err := keptKey(ctx, s, "bundle", now, func() ([]byte, error) {
		key, err := age.GenerateX25519Identity()
		if err != nil {
			return nil, err
		}
		return []byte(key.String()), nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the key of bundles: %w", err)
	}
	return age.ParseX25519Identity(string(text))
}

// keptKey is the private key of a purpose, which is made when it is first asked for.
func keptKey(
	ctx context.Context, s store.Store, purpose string, now time.Time, fresh func() ([]byte, error),
) (private []byte, err error) {
	err = s.Office(ctx, func(q store.Queryer) error {
		err := q.QueryRowContext(ctx, `SELECT private_key FROM server_key WHERE purpose = $1`, purpose).Scan(&private)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if private, err = fresh(); err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `INSERT INTO server_key (purpose, private_key, created_at)
			VALUES ($1, $2, $3)`, purpose, private, now.UnixMilli())
		return err
	})
	return private, err
}

func newKey() ([]byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKCS8PrivateKey(private)
}

// ServerDevice is headquarters' id as a device: a UUID (version 8, RFC 9562) of
// its public key, so that it can never be another key's.
func ServerDevice(key crypto.Signer) (schema.DeviceID, error) {
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return schema.DeviceID{}, err
	}
	sum := sha256.Sum256(append([]byte("sansuiji/device/1\n"), spki...))
	id := schema.DeviceID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return id, nil
}

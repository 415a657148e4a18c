package identity

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// What a token can be for.
const (
	ScopeRead   = "read"   // look at what its person may look at
	ScopeExport = "export" // take files out
	ScopeWrite  = "write"  // change what its person may change
)

// Scopes lists all scopes.
func Scopes() []string { return []string{ScopeRead, ScopeExport, ScopeWrite} }

// tokenPrefix begins every token: so that leaked ones can be searched for.
const tokenPrefix = "ssj_"

// NewAPIToken is a token that a person wants for a program.
type NewAPIToken struct {
	Name   string   `json:"name" minLength:"1" maxLength:"60"`
	Scopes []string `json:"scopes" minItems:"1" maxItems:"3" enum:"read,export,write"`
	Days   int      `json:"days" minimum:"1" maximum:"366" doc:"After which it is of no use"`
}

// APIToken is a token as its person sees it again: without its text.
type APIToken struct {
	ID        string   `json:"id" format:"uuid"`
	Name      string   `json:"name"`
	Scopes    []string `json:"scopes"`
	CreatedAt int64    `json:"created_at" doc:"Unix milliseconds"`
	ExpiresAt int64    `json:"expires_at"`
	UsedAt    *int64   `json:"used_at,omitempty" doc:"To the minute"`
	RevokedAt *int64   `json:"revoked_at,omitempty"`
}

// MakeToken makes a token and gives its text, of which only a hash is kept.
func (s *Service) MakeToken(ctx context.Context, login string, n NewAPIToken) (text string, err error) {
	for _, scope := range n.Scopes {
		if !slices.Contains(Scopes(), scope) {
			return "", schema.NewFault(schema.FaultBadRequest, "scope "+scope)
		}
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	text = tokenPrefix + base64.RawURLEncoding.EncodeToString(secret)
	id, now := schema.NewRowID(), s.Now()
	err = s.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `INSERT INTO api_token (id, account_id, name, token_hash, scopes, created_at, expires_at)
			SELECT $1, a.id, $2, $3, $4, $5, $6 FROM account a WHERE a.login = $7`,
			id[:], n.Name, tokenHash(text), strings.Join(n.Scopes, ","), now.UnixMilli(),
			now.AddDate(0, 0, n.Days).UnixMilli(), login)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("make token: %w", err)
	}
	return text, nil
}

// Tokens lists a person's, newest first.
func (s *Service) Tokens(ctx context.Context, login string) (list []APIToken, err error) {
	err = s.Store.Look(ctx, func(q store.Queryer) error {
		list, err = store.List(ctx, q, func(row store.Scanner) (t APIToken, err error) {
			var id []byte
			var scopes string
			err = row.Scan(&id, &t.Name, &scopes, &t.CreatedAt, &t.ExpiresAt, &t.UsedAt, &t.RevokedAt)
			if err == nil {
				t.ID, t.Scopes = uuid.UUID(id).String(), strings.Split(scopes, ",")
			}
			return t, err
		}, `SELECT t.id, t.name, t.scopes, t.created_at, t.expires_at, t.used_at, t.revoked_at
			FROM api_token t JOIN account a ON a.id = t.account_id WHERE a.login = $1 ORDER BY t.created_at DESC, t.id`, login)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return list, nil
}

// RevokeToken makes one of a person's tokens useless.
func (s *Service) RevokeToken(ctx context.Context, login string, id schema.RowID) error {
	return s.Store.Office(ctx, func(q store.Queryer) error {
		r, err := q.ExecContext(ctx, `UPDATE api_token SET revoked_at = coalesce(revoked_at, $1)
			WHERE id = $2 AND account_id = (SELECT id FROM account WHERE login = $3)`, s.Now().UnixMilli(), id[:], login)
		if err != nil {
			return fmt.Errorf("revoke token: %w", err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, schema.NewFault(schema.FaultNotFound, id.String()))
		}
		return nil
	})
}

// TokenAccount finds whose token it is, and what it is for.
func (s *Service) TokenAccount(ctx context.Context, text string) (a Account, t APIToken, err error) {
	var id []byte
	var joined string
	var used int64
	hash, now := tokenHash(text), s.Now().UnixMilli()
	err = s.Store.Look(ctx, func(q store.Queryer) (err error) {
		a, err = scanAccount(q.QueryRowContext(ctx, "SELECT "+accountColumns+", t.id, t.name, t.scopes, coalesce(t.used_at, 0)"+accountTables+
			` JOIN api_token t ON t.account_id = a.id WHERE t.token_hash = $1 AND t.expires_at > $2 AND t.revoked_at IS NULL`,
			hash, now), &id, &t.Name, &joined, &used)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return a, t, schema.NewFault(schema.FaultUnauthorised, "token")
	}
	if err != nil {
		return a, t, fmt.Errorf("find token: %w", err)
	}
	t.ID, t.Scopes = uuid.UUID(id).String(), strings.Split(joined, ",")
	if minute := time.Minute.Milliseconds(); now/minute > used/minute {
		err = s.Store.Office(ctx, func(q store.Queryer) error {
			_, err := q.ExecContext(ctx, `UPDATE api_token SET used_at = $1 WHERE token_hash = $2`, now/minute*minute, hash)
			return err
		})
	}
	return a, t, err
}

package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// sessionAge is how long a browser stays signed in.
const sessionAge = 12 * time.Hour

// unknownPassword is compared with when there is no such account, so that the
// time to answer does not tell.
const unknownPassword = "$argon2id$v=19$m=19456,t=2,p=1$c2Fuc3VpamktbnVsbC0wMA$" +
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// Login checks a password and opens a session. from is where the request came
// from; guessing is slowed down by name and by place.
func (s *Service) Login(ctx context.Context, login, password, from string) (Session, error) {
	login = strings.ToLower(strings.TrimSpace(login))
	now := s.Now()
	if s.attempts.blocked("login "+login, now) || s.attempts.blocked("from "+from, now) {
		return Session{}, schema.NewFault(schema.FaultTooMany, "")
	}
	var account Account
	var id []byte
	sealed := unknownPassword
	err := s.Store.Look(ctx, func(q store.Queryer) error {
		return q.QueryRowContext(ctx, `SELECT id, login, name, role, password FROM account
			WHERE login = $1`, login).Scan(&id, &account.Login, &account.Name, &account.Role, &sealed)
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Session{}, fmt.Errorf("find account: %w", err)
	}
	if !s.hashing.matches(sealed, password) || err != nil {
		s.attempts.fail("login "+login, now)
		if from != "" {
			s.attempts.fail("from "+from, now)
		}
		return Session{}, schema.NewFault(schema.FaultLogin, "")
	}
	account.ID = uuid.UUID(id).String()
	return s.open(ctx, id, account)
}

func (s *Service) open(ctx context.Context, account []byte, a Account) (Session, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	token := base64.RawURLEncoding.EncodeToString(secret)
	hash, now := sha256.Sum256([]byte(token)), s.Now()
	err := s.Store.Office(ctx, func(q store.Queryer) error {
		if _, err := q.ExecContext(ctx, `DELETE FROM session WHERE expires_at < $1`,
			now.UnixMilli()); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `INSERT INTO session (token_hash, account_id, created_at, expires_at)
			VALUES ($1, $2, $3, $4)`, hash[:], account, now.UnixMilli(), now.Add(sessionAge).UnixMilli())
		return err
	})
	if err != nil {
		return Session{}, fmt.Errorf("open session: %w", err)
	}
	s.Points.Hit("session.opened")
	return Session{Token: token, MaxAge: int(sessionAge.Seconds()), Account: a}, nil
}

// Account tells who is signed in.
func (s *Service) Account(ctx context.Context, token string) (Account, error) {
	var a Account
	var id []byte
	hash := sha256.Sum256([]byte(token))
	err := s.Store.Look(ctx, func(q store.Queryer) error {
		return q.QueryRowContext(ctx, `SELECT a.id, a.login, a.name, a.role
			FROM session s JOIN account a ON a.id = s.account_id
			WHERE s.token_hash = $1 AND s.expires_at > $2`,
			hash[:], s.Now().UnixMilli()).Scan(&id, &a.Login, &a.Name, &a.Role)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return a, schema.NewFault(schema.FaultUnauthorised, "")
	}
	if err != nil {
		return a, fmt.Errorf("find session: %w", err)
	}
	a.ID = uuid.UUID(id).String()
	return a, nil
}

// Logout ends a session.
func (s *Service) Logout(ctx context.Context, token string) error {
	hash := sha256.Sum256([]byte(token))
	return s.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `DELETE FROM session WHERE token_hash = $1`, hash[:])
		return err
	})
}

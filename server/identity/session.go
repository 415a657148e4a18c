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
)

// sessionAge is how long a browser stays signed in.
const sessionAge = 12 * time.Hour

// unknownPassword is compared with when there is no such account, so that the
// time to answer does not tell.
const unknownPassword = "$argon2id$v=19$m=19456,t=2,p=1$c2Fuc3VpamktbnVsbC0wMA$" +
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// Login checks a password, and a code where the account has an authenticator, and opens
// a session. Guessing is slowed down (attempts); a browser that the login has signed in at
// before is counted by itself, so that nobody elsewhere can keep its person out.
func (s *Service) Login(ctx context.Context, in SignIn) (Session, error) {
	login := strings.ToLower(strings.TrimSpace(in.Login))
	at := s.browserOf(in.Browser)
	t := tryOf(login, placeOf(in.From), at)
	defer s.turns.take(t.turns...)()
	if err := s.mayTry(ctx, t); err != nil {
		return Session{}, err
	}
	account, kept, err := s.kept(ctx, login)
	if err != nil {
		return Session{}, err
	}
	if !s.hashing.matches(kept.sealed, in.Password) || kept.id == nil {
		s.attempts.fail(s.Now(), t.counts...)
		return Session{}, schema.NewFault(schema.FaultLogin, "")
	}
	if account.SecondFactor {
		if err := s.second(ctx, t, kept, in.Code); err != nil {
			return Session{}, err
		}
	}
	session, err := s.open(ctx, kept.id, account, in)
	if err == nil {
		session.Browser, err = s.remember(at, login)
	}
	return session, err
}

// try is somebody who tries to sign in: whose turn it takes, and what failures count for.
type try struct {
	login  string
	turns  []string
	counts []counted
	codes  []counted // beside counts, of wrong codes
	known  bool      // the browser is
}

func tryOf(login, place string, at browser) try {
	if at.knows(login) {
		own := ofBrowser(login, at.id)
		return try{
			login: login, turns: []string{own.name}, counts: []counted{own},
			codes: []counted{ofCodesAt(login, at.id)}, known: true,
		}
	}
	all := ofStrangers(login)
	t := try{
		login: login, turns: []string{all.name}, counts: []counted{ofPair(login, place), all},
		codes: []counted{ofCodes(login)},
	}
	if place != "" {
		whole := ofPlace(place)
		t.turns, t.counts = append(t.turns, whole.name), append(t.counts, whole)
	}
	return t
}

// knownWait is how long somebody at a known browser waits while the login is guessed at
// from elsewhere.
const knownWait = 2 * time.Second

func (s *Service) mayTry(ctx context.Context, t try) error {
	isGuessed := s.attempts.blocked(s.Now(), ofStrangers(t.login))
	switch {
	case isGuessed && !t.known:
		return schema.NewFault(schema.FaultGuessed, "")
	case s.attempts.blocked(s.Now(), t.counts...):
		return schema.NewFault(schema.FaultTooMany, "")
	case isGuessed:
		return s.Wait(ctx, knownWait)
	}
	return nil
}

// second takes a code of somebody whose password was right.
func (s *Service) second(ctx context.Context, t try, k kept, code string) error {
	if code == "" {
		return schema.NewFault(schema.FaultCodeWanted, "")
	}
	if s.attempts.blocked(s.Now(), t.codes...) {
		return schema.NewFault(schema.FaultTooMany, "")
	}
	err := s.takeSecond(ctx, k, code)
	if err != nil {
		s.attempts.fail(s.Now(), append(t.codes, t.counts...)...)
	}
	return err
}

// kept is what tells whether somebody is who they say.
type kept struct {
	id     []byte // none: there is no such account
	sealed string
	authenticator
	confirmed bool // of the authenticator
}

// kept finds an account with its secrets.
func (s *Service) kept(ctx context.Context, login string) (a Account, k kept, err error) {
	err = s.Store.Look(ctx, func(q store.Queryer) error {
		a, err = scanAccount(q.QueryRowContext(ctx, "SELECT "+accountColumns+
			", a.password, a.totp, coalesce(a.totp_step, 0), a.id"+accountTables+" WHERE a.login = $1", login),
			&k.sealed, &k.secret, &k.used, &k.id)
		return err
	})
	k.confirmed = a.SecondFactor
	if errors.Is(err, sql.ErrNoRows) {
		return a, kept{sealed: unknownPassword}, nil
	}
	if err != nil {
		return a, k, fmt.Errorf("find account: %w", err)
	}
	return a, k, nil
}

func (s *Service) open(ctx context.Context, account []byte, a Account, in SignIn) (Session, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	token, now := base64.RawURLEncoding.EncodeToString(secret), s.Now()
	err := s.Store.Office(ctx, func(q store.Queryer) error {
		if _, err := q.ExecContext(ctx, `DELETE FROM session WHERE expires_at < $1`,
			now.UnixMilli()); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `INSERT INTO session (token_hash, account_id, created_at, expires_at, agent, address, seen_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, tokenHash(token), account, now.UnixMilli(), now.Add(sessionAge).UnixMilli(),
			shortened(in.Agent), shortened(in.From), now.UnixMilli())
		return err
	})
	if err != nil {
		return Session{}, fmt.Errorf("open session: %w", err)
	}
	s.Points.Hit("session.opened")
	return Session{Token: token, MaxAge: int(sessionAge.Seconds()), Account: a}, nil
}

// tokenHash is what is kept of a session's token.
func tokenHash(token string) []byte {
	hash := sha256.Sum256([]byte(token))
	return hash[:]
}

// agentMax is how much is kept of what a browser calls itself, in bytes.
const agentMax = 300

// shortened is a header's text as the stores take it.
func shortened(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
	return strings.ToValidUTF8(text[:min(len(text), agentMax)], "")
}

// seenEvery is how often it is noted that a session is in use.
const seenEvery = 5 * time.Minute

// Account tells who is signed in.
func (s *Service) Account(ctx context.Context, token string) (Account, error) {
	var a Account
	var seen int64
	hash, now := tokenHash(token), s.Now().UnixMilli()
	err := s.Store.Look(ctx, func(q store.Queryer) (err error) {
		a, err = scanAccount(q.QueryRowContext(ctx, "SELECT "+accountColumns+", coalesce(s.seen_at, 0)"+accountTables+
			` JOIN session s ON s.account_id = a.id WHERE s.token_hash = $1 AND s.expires_at > $2`, hash, now), &seen)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return a, schema.NewFault(schema.FaultUnauthorised, "")
	}
	if err != nil {
		return a, fmt.Errorf("find session: %w", err)
	}
	if now-seen < seenEvery.Milliseconds() {
		return a, nil
	}
	return a, s.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `UPDATE session SET seen_at = $1 WHERE token_hash = $2`, now, hash)
		return err
	})
}

// Logout ends a session.
func (s *Service) Logout(ctx context.Context, token string) error {
	return s.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `DELETE FROM session WHERE token_hash = $1`, tokenHash(token))
		return err
	})
}

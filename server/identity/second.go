package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// NewAuthenticator is a secret to put into an authenticator app. It is shown once, and
// asked for only after a code of it was given.
type NewAuthenticator struct {
	Secret string `json:"secret" doc:"To type in, base 32"`
	URI    string `json:"uri" doc:"To scan as a QR code"`
}

// recoveryCodes is how many let somebody in who has lost the authenticator.
const recoveryCodes = 10

// BeginAuthenticator makes a secret for who is signed in and knows the password. One that
// is in use is not replaced: it is taken away first.
func (s *Service) BeginAuthenticator(ctx context.Context, login, password string) (n NewAuthenticator, err error) {
	account, k, err := s.proved(ctx, login, password)
	if err != nil {
		return n, err
	}
	if account.SecondFactor {
		return n, schema.NewFault(schema.FaultCodeInUse, "")
	}
	fresh := newAuthenticator()
	err = s.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `UPDATE account SET totp = $1, totp_step = NULL WHERE id = $2 AND totp_since IS NULL`,
			fresh.secret, k.id)
		return err
	})
	return NewAuthenticator{fresh.text(), fresh.uri(account.Login)}, err
}

// ConfirmAuthenticator takes the first code of a new authenticator, from which on sign-in
// asks for one, and gives recovery codes, which are shown once.
func (s *Service) ConfirmAuthenticator(ctx context.Context, login, code string) (codes []string, err error) {
	again := ofAgain(login)
	defer s.turns.take(again.name)()
	if s.attempts.blocked(s.Now(), again) {
		return nil, schema.NewFault(schema.FaultTooMany, "")
	}
	account, k, err := s.kept(ctx, login)
	if err != nil {
		return nil, err
	}
	if account.SecondFactor || len(k.secret) == 0 {
		return nil, schema.NewFault(schema.FaultCodeInUse, "")
	}
	step, ok := k.step(tidied(code), s.Now())
	if !ok {
		s.attempts.fail(s.Now(), again)
		return nil, schema.NewFault(schema.FaultCodeWrong, "")
	}
	for range recoveryCodes {
		text := strings.ToLower(rand.Text()[:10])
		codes = append(codes, text[:5]+"-"+text[5:])
	}
	return codes, s.Store.Office(ctx, func(q store.Queryer) error {
		if _, err := q.ExecContext(ctx, `UPDATE account SET totp_since = $1, totp_step = $2 WHERE id = $3`,
			s.Now().UnixMilli(), step, k.id); err != nil {
			return err
		}
		if err := forgetCodes(ctx, q, login); err != nil {
			return err
		}
		for _, one := range codes {
			if _, err := q.ExecContext(ctx, `INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2)`,
				k.id, recoveryHash(k.id, one)); err != nil {
				return fmt.Errorf("keep recovery code: %w", err)
			}
		}
		return nil
	})
}

// RemoveAuthenticator takes one's own away, with the password and a code of it, or a
// recovery code.
func (s *Service) RemoveAuthenticator(ctx context.Context, login, password, code string) error {
	again := ofAgain(login)
	defer s.turns.take(again.name)()
	account, k, err := s.provedInTurn(ctx, login, password)
	if err != nil {
		return err
	}
	if account.SecondFactor {
		if err := s.takeSecond(ctx, k, code); err != nil {
			s.attempts.fail(s.Now(), again)
			return err
		}
	}
	return s.dropAuthenticator(ctx, login, false)
}

// ResetAuthenticator takes that of somebody who has lost it away, and signs them out
// everywhere.
func (s *Service) ResetAuthenticator(ctx context.Context, login string) error {
	return s.dropAuthenticator(ctx, login, true)
}

func (s *Service) dropAuthenticator(ctx context.Context, login string, signOut bool) error {
	return s.Store.Office(ctx, func(q store.Queryer) error {
		r, err := q.ExecContext(ctx, `UPDATE account SET totp = NULL, totp_since = NULL, totp_step = NULL WHERE login = $1`, login)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, schema.NewFault(schema.FaultNotFound, login))
		}
		if signOut {
			if err := s.endSessions(ctx, q, login); err != nil {
				return err
			}
		}
		return forgetCodes(ctx, q, login)
	})
}

// takeSecond takes a code of the authenticator, or a recovery code, and uses it up: of two
// requests with one code, one is refused.
func (s *Service) takeSecond(ctx context.Context, k kept, code string) error {
	code = tidied(code)
	statement, args := `UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND code_hash = $3 AND used_at IS NULL`,
		[]any{s.Now().UnixMilli(), k.id, recoveryHash(k.id, code)}
	if step, ok := k.step(code, s.Now()); ok {
		statement, args = `UPDATE account SET totp_step = $1 WHERE id = $2 AND coalesce(totp_step, 0) < $1`, []any{step, k.id}
	}
	return s.Store.Office(ctx, func(q store.Queryer) error {
		r, err := q.ExecContext(ctx, statement, args...)
		if err != nil {
			return fmt.Errorf("use up code: %w", err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, schema.NewFault(schema.FaultCodeWrong, ""))
		}
		return nil
	})
}

// tidied is a code without the spaces and dashes that it is shown with.
func tidied(code string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(strings.ToLower(code))
}

// recoveryHash is under what a recovery code is kept.
func recoveryHash(account []byte, code string) []byte {
	sum := sha256.Sum256([]byte("sansuiji/recovery-code/1\n" + string(account) + tidied(code)))
	return sum[:]
}

func forgetCodes(ctx context.Context, q store.Queryer, login string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM recovery_code WHERE account_id IN
		(SELECT id FROM account WHERE login = $1)`, login)
	return err
}

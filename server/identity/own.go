package identity

import (
	"bytes"
	"context"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// passwordMin is the length of a password that people choose, in characters (NIST SP
// 800-63B §5.1.1 wants 8 and no rules of what it is made of).
const passwordMin = 10

// ChangePassword changes one's own, and signs out every other browser of the account.
func (s *Service) ChangePassword(ctx context.Context, token, login, old, fresh string) error {
	_, k, err := s.proved(ctx, login, old)
	if err != nil {
		return err
	}
	if why := weak(login, old, fresh); why != "" {
		return schema.NewFault(schema.FaultPasswordWeak, why)
	}
	sealed := s.hashing.seal(fresh)
	return s.Store.Office(ctx, func(q store.Queryer) error {
		if _, err := q.ExecContext(ctx, `UPDATE account SET password = $1 WHERE id = $2`, sealed, k.id); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `DELETE FROM session WHERE account_id = $1 AND token_hash <> $2`, k.id, tokenHash(token))
		return err
	})
}

// proved finds the account of somebody who is signed in and gives the password again.
func (s *Service) proved(ctx context.Context, login, password string) (Account, kept, error) {
	defer s.turns.take(ofAgain(login).name)()
	return s.provedInTurn(ctx, login, password)
}

// provedInTurn is proved for who has the login's turn.
func (s *Service) provedInTurn(ctx context.Context, login, password string) (Account, kept, error) {
	if s.attempts.blocked(s.Now(), ofAgain(login)) {
		return Account{}, kept{}, schema.NewFault(schema.FaultTooMany, "")
	}
	account, k, err := s.kept(ctx, login)
	if err == nil && (!s.hashing.matches(k.sealed, password) || k.id == nil) {
		s.attempts.fail(s.Now(), ofAgain(login))
		err = schema.NewFault(schema.FaultPassword, "")
	}
	return account, k, err
}

// weak says what is wrong with a new password; "": nothing.
func weak(login, old, fresh string) string {
	letters := map[rune]bool{}
	for _, r := range fresh {
		letters[r] = true
	}
	switch {
	case utf8.RuneCountInString(fresh) < passwordMin:
		return "short"
	case fresh == old:
		return "the old one"
	case strings.Contains(strings.ToLower(fresh), login):
		return "has the user name"
	case len(letters) < 4:
		return "few different characters"
	}
	return ""
}

// OpenSession is a signed-in browser as people see it.
type OpenSession struct {
	ID        string `json:"id" doc:"Hash of its token"`
	Login     string `json:"login"`
	Name      string `json:"name"`
	Agent     string `json:"agent" doc:"What the browser calls itself"`
	Address   string `json:"address" doc:"Where it signed in from"`
	CreatedAt int64  `json:"created_at"`
	SeenAt    int64  `json:"seen_at" doc:"About when it was last used"`
	ExpiresAt int64  `json:"expires_at"`
	Current   bool   `json:"current" doc:"The one that asks"`
}

// OpenSessions lists the browsers that are signed in as an account, or as anybody if login
// is empty; the last used first. token is that of who asks.
func (s *Service) OpenSessions(ctx context.Context, token, login string) (list []OpenSession, err error) {
	own := tokenHash(token)
	err = s.Store.Look(ctx, func(q store.Queryer) error {
		list, err = store.List(ctx, q, func(row store.Scanner) (o OpenSession, err error) {
			var hash []byte
			err = row.Scan(&hash, &o.Login, &o.Name, &o.Agent, &o.Address, &o.CreatedAt, &o.SeenAt, &o.ExpiresAt)
			o.ID, o.Current = hex.EncodeToString(hash), bytes.Equal(hash, own)
			return o, err
		}, `SELECT s.token_hash, a.login, a.name, coalesce(s.agent, ''), coalesce(s.address, ''), s.created_at,
				coalesce(s.seen_at, s.created_at), s.expires_at
			FROM session s JOIN account a ON a.id = s.account_id
			WHERE s.expires_at > $1 AND (a.login = $2 OR $2 = '') ORDER BY coalesce(s.seen_at, s.created_at) DESC, s.token_hash`,
			s.Now().UnixMilli(), login)
		return err
	})
	return list, err
}

// EndSession signs a browser out; with a login, only one of that account's.
func (s *Service) EndSession(ctx context.Context, id, login string) error {
	hash, err := hex.DecodeString(id)
	if err != nil {
		return schema.NewFault(schema.FaultNotFound, "session")
	}
	return s.Store.Office(ctx, func(q store.Queryer) error {
		r, err := q.ExecContext(ctx, `DELETE FROM session WHERE token_hash = $1 AND account_id IN
			(SELECT id FROM account WHERE login = $2 OR $2 = '')`, hash, login)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return schema.NewFault(schema.FaultNotFound, "session")
		}
		return nil
	})
}

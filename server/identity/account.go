package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// Role is what a person at headquarters is there for.
type Role string

// The roles.
const (
	Admin     Role = "admin"     // everything, and people
	Organiser Role = "organiser" // campaigns, draws, the duty desk, devices
	Reviewer  Role = "reviewer"  // findings and conflicts
	Leader    Role = "leader"    // reads, but not who was interviewed
	Auditor   Role = "auditor"   // reads everything, and holds secrets of draws
)

// Roles lists all roles.
func Roles() []Role { return []Role{Admin, Organiser, Reviewer, Leader, Auditor} }

// NewAccount is a person who is to be let in.
type NewAccount struct {
	Login string `json:"login" minLength:"2" maxLength:"60" pattern:"^[a-z0-9][a-z0-9._-]*$"`
	Name  string `json:"name" minLength:"1" maxLength:"60"`
	Role  Role   `json:"role" enum:"admin,organiser,reviewer,leader,auditor"`
}

// AddAccount lets a person in, with a password; empty: one is made. It gives the
// password, which is kept as a hash only.
func (s *Service) AddAccount(ctx context.Context, a NewAccount, password string) (string, error) {
	if !slices.Contains(Roles(), a.Role) {
		return "", schema.NewFault(schema.FaultBadRequest, "role "+string(a.Role))
	}
	if password == "" {
		password = newPassword()
	}
	sealed, id := s.hashing.seal(password), schema.NewRowID()
	err := s.Store.Office(ctx, func(q store.Queryer) error {
		r, err := q.ExecContext(ctx, `INSERT INTO account (id, login, name, role, password, created_at)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
			id[:], strings.ToLower(a.Login), a.Name, string(a.Role), sealed, s.Now().UnixMilli())
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, schema.NewFault(schema.FaultAccountTaken, a.Login))
		}
		return nil
	})
	return password, err
}

// newPassword is sixteen letters of base 32 (RFC 4648) in groups: 80 random bits that
// can be read aloud.
func newPassword() string {
	text := rand.Text()[:16] // base 32
	return strings.ToLower(strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-"))
}

// Accounts lists everybody at headquarters, by login.
func (s *Service) Accounts(ctx context.Context) (list []Account, err error) {
	err = s.Store.Look(ctx, func(q store.Queryer) error {
		list, err = store.List(ctx, q, func(row store.Scanner) (a Account, err error) {
			var id []byte
			err = row.Scan(&id, &a.Login, &a.Name, &a.Role)
			a.ID = uuid.UUID(id).String()
			return a, err
		}, `SELECT id, login, name, role FROM account ORDER BY login`)
		return err
	})
	return list, err
}

// ResetPassword gives a person a new password and signs them out everywhere.
func (s *Service) ResetPassword(ctx context.Context, login string) (string, error) {
	password := newPassword()
	sealed := s.hashing.seal(password)
	return password, s.change(ctx, login, `UPDATE account SET password = $1 WHERE login = $2`, sealed)
}

// ChangeRole makes a person something else, from the next request on.
func (s *Service) ChangeRole(ctx context.Context, login string, role Role) error {
	if !slices.Contains(Roles(), role) {
		return schema.NewFault(schema.FaultBadRequest, "role "+string(role))
	}
	return s.change(ctx, login, `UPDATE account SET role = $1 WHERE login = $2`, string(role))
}

// change changes an account and ends its sessions. There is always an admin left.
func (s *Service) change(ctx context.Context, login, statement string, value any) error {
	return s.Store.Office(ctx, func(q store.Queryer) error {
		r, err := q.ExecContext(ctx, statement, value, login)
		if err != nil {
			return fmt.Errorf("change account %s: %w", login, err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, schema.NewFault(schema.FaultNotFound, login))
		}
		if err := s.endSessions(ctx, q, login); err != nil {
			return err
		}
		return adminLeft(ctx, q)
	})
}

// RemoveAccount lets a person in no longer.
func (s *Service) RemoveAccount(ctx context.Context, login string) error {
	return s.Store.Office(ctx, func(q store.Queryer) error {
		if err := s.endSessions(ctx, q, login); err != nil {
			return err
		}
		r, err := q.ExecContext(ctx, `DELETE FROM account WHERE login = $1`, login)
		if err != nil {
			return fmt.Errorf("remove account %s: %w", login, err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, schema.NewFault(schema.FaultNotFound, login))
		}
		return adminLeft(ctx, q)
	})
}

func (s *Service) endSessions(ctx context.Context, q store.Queryer, login string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM session WHERE account_id IN
		(SELECT id FROM account WHERE login = $1)`, login)
	return err
}

// adminLeft refuses to leave nobody who can let people in.
func adminLeft(ctx context.Context, q store.Queryer) error {
	var n int
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM account WHERE role = 'admin'`).Scan(&n)
	if err == nil && n == 0 {
		err = schema.NewFault(schema.FaultLastAdmin, "")
	}
	return err
}

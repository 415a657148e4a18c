package identity

import (
	"context"
	"crypto/rand"
	"database/sql"
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
	Unit      Role = "unit"      // a responsible unit: its own ledger and nothing else
)

// Roles lists all roles.
func Roles() []Role { return append(Office(), Unit) }

// Office lists the roles of people at headquarters.
func Office() []Role { return []Role{Admin, Organiser, Reviewer, Leader, Auditor} }

// NewAccount is a person who is to be let in. A login of a responsible unit names it.
type NewAccount struct {
	Login      string `json:"login" minLength:"2" maxLength:"60" pattern:"^[a-z0-9][a-z0-9._-]*$"`
	Name       string `json:"name" minLength:"1" maxLength:"60"`
	Role       Role   `json:"role" enum:"admin,organiser,reviewer,leader,auditor,unit"`
	CampaignID string `json:"campaign_id,omitempty" format:"uuid" doc:"With the role unit alone"`
	UnitID     string `json:"unit_id,omitempty" format:"uuid" doc:"With the role unit alone"`
}

// AddAccount lets a person in, with a password; empty: one is made. It gives the
// password, which is kept as a hash only.
func (s *Service) AddAccount(ctx context.Context, a NewAccount, password string) (string, error) {
	if !slices.Contains(Roles(), a.Role) || (a.Role == Unit) != (a.UnitID != "") {
		return "", schema.NewFault(schema.FaultValue, "role "+string(a.Role))
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
		if a.Role == Unit {
			return tie(ctx, q, id, a)
		}
		return nil
	})
	return password, err
}

// tie makes a login one of a unit that is there.
func tie(ctx context.Context, q store.Queryer, id schema.RowID, a NewAccount) error {
	campaign, err := schema.ParseID[schema.CampaignID](a.CampaignID)
	if err != nil {
		return schema.NewFault(schema.FaultValue, "campaign_id")
	}
	unit, err := schema.ParseID[schema.RowID](a.UnitID)
	if err != nil {
		return schema.NewFault(schema.FaultValue, "unit_id")
	}
	var no int64
	err = q.QueryRowContext(ctx, `SELECT u.campaign_no FROM unit u JOIN campaign_state c ON c.no = u.campaign_no
		WHERE c.campaign_id = $1 AND u.id = $2`, campaign[:], unit[:]).Scan(&no)
	if errors.Is(err, sql.ErrNoRows) {
		return schema.NewFault(schema.FaultNotFound, "unit "+a.UnitID)
	}
	if err == nil {
		_, err = q.ExecContext(ctx, `UPDATE account SET campaign_no = $1, unit_id = $2 WHERE id = $3`, no, unit[:], id[:])
	}
	return err
}

// newPassword is sixteen letters of base 32 (RFC 4648) in groups: 80 random bits that
// can be read aloud.
func newPassword() string {
	text := rand.Text()[:16] // base 32
	return strings.ToLower(strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-"))
}

// accountColumns are what scanAccount reads, of accountTables.
const (
	accountColumns = `a.id, a.login, a.name, a.role, a.totp_since, c.campaign_id, a.unit_id, coalesce(u.name, '')`
	accountTables  = ` FROM account a LEFT JOIN campaign_state c ON c.no = a.campaign_no
		LEFT JOIN unit u ON u.campaign_no = a.campaign_no AND u.id = a.unit_id`
)

// scanAccount reads accountColumns and what more the query selects.
func scanAccount(row store.Scanner, more ...any) (a Account, err error) {
	var id, campaign, unit []byte
	var since *int64
	err = row.Scan(append([]any{&id, &a.Login, &a.Name, &a.Role, &since, &campaign, &unit, &a.Unit}, more...)...)
	if err != nil {
		return a, err
	}
	a.ID, a.SecondFactor = uuid.UUID(id).String(), since != nil
	if unit != nil {
		a.CampaignID, a.UnitID = uuid.UUID(campaign).String(), uuid.UUID(unit).String()
	}
	return a, nil
}

// Accounts lists everybody who may sign in, by login.
func (s *Service) Accounts(ctx context.Context) (list []Account, err error) {
	err = s.Store.Look(ctx, func(q store.Queryer) error {
		list, err = store.List(ctx, q, func(row store.Scanner) (Account, error) { return scanAccount(row) },
			"SELECT "+accountColumns+accountTables+" ORDER BY a.login")
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

// ChangeRole makes a person something else, from the next request on. A responsible unit's
// login stays one, and nobody becomes one.
func (s *Service) ChangeRole(ctx context.Context, login string, role Role) error {
	if !slices.Contains(Office(), role) {
		return schema.NewFault(schema.FaultValue, "role "+string(role))
	}
	return s.change(ctx, login, `UPDATE account SET role = $1 WHERE login = $2 AND role <> 'unit'`, string(role))
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
		if err := forgetCodes(ctx, q, login); err != nil {
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
	if _, err := q.ExecContext(ctx, `DELETE FROM session WHERE account_id IN
		(SELECT id FROM account WHERE login = $1)`, login); err != nil {
		return err
	}
	// Whoever had the password may have made tokens with it.
	_, err := q.ExecContext(ctx, `UPDATE api_token SET revoked_at = $1
		WHERE revoked_at IS NULL AND account_id IN (SELECT id FROM account WHERE login = $2)`, s.Now().UnixMilli(), login)
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

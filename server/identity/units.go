package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// UnitLogin is the new login of a responsible unit, as it is handed over on paper.
type UnitLogin struct {
	UnitID   string `json:"unit_id" format:"uuid"`
	Unit     string `json:"unit"`
	County   string `json:"county"`
	Login    string `json:"login"`
	Password string `json:"password" doc:"It is shown once"`
}

// UnitLogins are new logins, and how many units still have none.
type UnitLogins struct {
	Made []UnitLogin `json:"made" nullable:"false"`
	Left int         `json:"left" doc:"Units with a ledger that have no login yet"`
}

// unitsWithout are the units that have something to rectify and cannot sign in.
const unitsWithout = ` FROM unit u JOIN campaign_state c ON c.no = u.campaign_no WHERE c.campaign_id = $1
	AND EXISTS (SELECT 1 FROM problem p JOIN ledger_entry l ON l.campaign_no = p.campaign_no AND l.problem_id = p.id
		WHERE p.campaign_no = u.campaign_no AND p.unit_id = u.id)
	AND NOT EXISTS (SELECT 1 FROM account a WHERE a.campaign_no = u.campaign_no AND a.unit_id = u.id)`

// AddUnitAccounts lets in up to so many of the units that have a ledger and no login, in the
// order of their codes; with none it only counts them. A login is the unit's code; one that
// is taken, or no login at all, has a number behind it.
func (s *Service) AddUnitAccounts(ctx context.Context, campaign schema.CampaignID, most int) (UnitLogins, error) {
	done := UnitLogins{Made: []UnitLogin{}}
	type unit struct {
		id                 schema.RowID
		code, name, county string
	}
	var units []unit
	err := s.Store.Look(ctx, func(q store.Queryer) (err error) {
		if err := q.QueryRowContext(ctx, "SELECT count(*)"+unitsWithout, campaign[:]).Scan(&done.Left); err != nil {
			return err
		}
		units, err = store.List(ctx, q, func(row store.Scanner) (u unit, err error) {
			var id []byte
			if err = row.Scan(&id, &u.code, &u.name, &u.county); err == nil {
				u.id, err = schema.IDFromBytes[schema.RowID](id)
			}
			return u, err
		}, fmt.Sprintf("SELECT u.id, u.code, u.name, coalesce(u.county, '')%s ORDER BY coalesce(u.county, ''), u.code LIMIT %d",
			unitsWithout, most), campaign[:])
		return err
	})
	if err != nil {
		return done, fmt.Errorf("find units without a login: %w", err)
	}
	for _, u := range units {
		login, password, err := s.addUnit(ctx, campaign, u.id, u.code, u.name)
		if err != nil {
			return done, fmt.Errorf("let in unit %s: %w", u.code, err)
		}
		done.Made = append(done.Made, UnitLogin{u.id.String(), u.name, u.county, login, password})
		done.Left--
	}
	return done, nil
}

// numbersMax is how many logins are tried for one unit.
const numbersMax = 100

func (s *Service) addUnit(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, code, name string,
) (login, password string, err error) {
	base := loginOf(code)
	for n := range numbersMax {
		login = base
		if n > 0 || len(base) < 2 {
			login = fmt.Sprintf("%s-%d", base, n+1)
		}
		password, err = s.AddAccount(ctx, NewAccount{
			Login: login, Name: name, Role: Unit, CampaignID: campaign.String(), UnitID: id.String(),
		}, "")
		if schema.FaultCode(err) != schema.FaultAccountTaken {
			return login, password, err
		}
	}
	return "", "", errors.Join(err, fmt.Errorf("no login like %s is free", base))
}

// loginOf is a code in the letters of logins.
func loginOf(code string) string {
	text := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return -1
	}, strings.ToLower(code))
	if text = strings.TrimLeft(text, "._-"); text == "" {
		text = "unit"
	}
	return text[:min(len(text), 50)]
}

package identity_test

import (
	"context"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/identity"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/syncengine/edit"

	"github.com/google/uuid"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(
		t,
		TestWhoHasAnAuthenticatorIsAskedForACodeThatIsTakenOnce,
		TestGuessesFromElsewhereDoNotStopThePersonAtAKnownBrowser,
		TestARecoveryCodeLetsInOnce,
		TestALostAuthenticatorIsResetByAnAdministrator,
		TestOnesOwnPasswordIsChangedWithTheOldOne,
		TestSessionsAreListedAndEnded,
		TestAResponsibleUnitsLoginNamesIt,
		TestUnitsWithALedgerAreLetInTogether,
		TestADeviceIsRevokedAndToldToWipeItself,
		TestADevicesReportIsWrittenDownOnceAMinuteOrWhenItChanges,
		TestADeviceThatIsToWipeItselfBringsWhatItHasAndSpeaksNoMore,
	)
}

// people is a world with an administrator.
type people struct {
	*ingesttest.World
	*identity.Service
	t testing.TB
}

const password = "a password of ours"

func newPeople(t testing.TB) *people {
	t.Helper()
	w := ingesttest.New(t)
	p := &people{w, identity.New(w.Store, w.Service, w.Service.Now, w.Service.Key), t}
	if _, err := p.AddAccount(t.Context(), identity.NewAccount{Login: "zhao", Name: "趙", Role: identity.Admin}, password); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *people) signIn(code string) (identity.Session, error) {
	return p.Login(p.t.Context(), identity.SignIn{Login: "zhao", Password: password, Code: code, From: "192.0.2.1", Agent: "Firefox"})
}

func (p *people) fails(err error, code string) {
	p.t.Helper()
	if schema.FaultCode(err) != code {
		p.t.Errorf("%v, want %q", err, code)
	}
}

// phone is an authenticator app.
type phone struct {
	p      *people
	secret string
}

func (a phone) code() string {
	secret, err := base32.StdEncoding.DecodeString(a.secret)
	if err != nil {
		a.p.t.Fatal(err)
	}
	return identity.CodeAt(secret, a.p.World.Now.Unix()/30)
}

// setUp gives the account an authenticator, and recovery codes.
func (p *people) setUp() (phone, []string) {
	p.t.Helper()
	fresh, err := p.BeginAuthenticator(p.t.Context(), "zhao", password)
	p.fails(err, "")
	if !strings.Contains(fresh.URI, "secret="+fresh.Secret) {
		p.t.Errorf("%+v", fresh)
	}
	app := phone{p, fresh.Secret}
	codes, err := p.ConfirmAuthenticator(p.t.Context(), "zhao", app.code())
	p.fails(err, "")
	return app, codes
}

func TestWhoHasAnAuthenticatorIsAskedForACodeThatIsTakenOnce(t *testing.T) {
	p := newPeople(t)
	_, err := p.BeginAuthenticator(t.Context(), "zhao", "guessed")
	p.fails(err, schema.FaultPassword)
	_, err = p.ConfirmAuthenticator(t.Context(), "zhao", "123456")
	p.fails(err, schema.FaultCodeInUse)
	_, err = p.BeginAuthenticator(t.Context(), "zhao", password)
	p.fails(err, "")
	_, err = p.signIn("")
	p.fails(err, "") // not confirmed: nothing is asked for
	app, _ := p.setUp()
	_, err = p.BeginAuthenticator(t.Context(), "zhao", password)
	p.fails(err, schema.FaultCodeInUse)
	_, err = p.signIn("")
	p.fails(err, schema.FaultCodeWanted)
	_, err = p.signIn(app.code())
	p.fails(err, schema.FaultCodeWrong) // it confirmed the setting-up
	p.World.Now = p.World.Now.Add(time.Minute)
	code := app.code()
	_, err = p.signIn(code[:3] + " " + code[3:])
	p.fails(err, "")
	_, err = p.signIn(code)
	p.fails(err, schema.FaultCodeWrong)
	p.fails(p.RemoveAuthenticator(t.Context(), "zhao", password, code), schema.FaultCodeWrong)
	p.World.Now = p.World.Now.Add(time.Minute)
	p.fails(p.RemoveAuthenticator(t.Context(), "zhao", password, app.code()), "")
	_, err = p.signIn("")
	p.fails(err, "")
}

func TestGuessingCodesIsSlowedDownAsPasswordsAre(t *testing.T) {
	p := newPeople(t)
	app, _ := p.setUp()
	p.World.Now = p.World.Now.Add(time.Minute)
	for n := range 10 {
		_, err := p.signIn(fmt.Sprintf("00000%d", n))
		p.fails(err, schema.FaultCodeWrong)
	}
	_, err := p.signIn(app.code())
	p.fails(err, schema.FaultTooMany)
	p.World.Now = p.World.Now.Add(6 * time.Minute)
	_, err = p.signIn(app.code())
	p.fails(err, "")
	for n := range 10 {
		p.World.Now = p.World.Now.Add(time.Minute)
		_, err := p.signIn(fmt.Sprintf("00000%d", n))
		p.fails(err, schema.FaultCodeWrong)
	}
	p.World.Now = p.World.Now.Add(10 * time.Minute)
	_, err = p.signIn(app.code()) // twenty within the hour, however slowly
	p.fails(err, schema.FaultTooMany)
}

func TestGuessesSentAllAtOnceAreSlowedDownToo(t *testing.T) {
	p := newPeople(t)
	guess := func(login, from func(n int) string, times int) (tried int64) {
		var wait sync.WaitGroup
		var count atomic.Int64
		for n := range times {
			wait.Go(func() {
				_, err := p.Login(t.Context(), identity.SignIn{Login: login(n), Password: "a guess", From: from(n)})
				if schema.FaultCode(err) == schema.FaultLogin {
					count.Add(1)
				} else if code := schema.FaultCode(err); code != schema.FaultTooMany && code != schema.FaultGuessed {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		return count.Load()
	}
	one := func(text string) func(int) string { return func(int) string { return text } }
	each := func(text string) func(int) string { return func(n int) string { return fmt.Sprint(text, n) } }
	for _, c := range []struct {
		what        string
		login, from func(int) string
		count       int
		tried       int64
	}{
		{"one name from one address", one("li"), one("203.0.113.9"), 40, 10},
		{"many names from one address", each("name"), one("198.51.100.7"), 40, 30},
		{"many names from one network of IPv6", each("other"), each("2001:db8::"), 40, 30},
		{"one name from many addresses", one("zhao"), each("192.0.2."), 120, 100},
		{"one name from one address more", one("zhao"), one("192.0.2.200"), 1, 0},
	} {
		if tried := guess(c.login, c.from, c.count); tried != c.tried {
			t.Errorf("%s: %d guesses were tried, want %d", c.what, tried, c.tried)
		}
	}
}

func TestGuessesFromElsewhereDoNotStopThePersonAtAKnownBrowser(t *testing.T) {
	p := newPeople(t)
	waited := time.Duration(0)
	p.Wait = func(_ context.Context, d time.Duration) error { waited += d; return nil }
	at := func(login, password, from, browser string) (identity.Session, error) {
		return p.Login(t.Context(), identity.SignIn{Login: login, Password: password, From: from, Browser: browser})
	}
	other, err := p.AddAccount(t.Context(), identity.NewAccount{Login: "li", Name: "李", Role: identity.Auditor}, "")
	p.fails(err, "")
	home, err := at("zhao", password, "192.0.2.1", "")
	p.fails(err, "")
	stranger, err := at("li", other, "198.51.100.9", "")
	p.fails(err, "")
	for n := range 100 {
		_, err := at("zhao", "a guess", fmt.Sprint("203.0.113.", n), stranger.Browser)
		p.fails(err, schema.FaultLogin)
	}
	for _, browser := range []string{"", "made up", stranger.Browser, home.Token} {
		_, err = at("zhao", password, "192.0.2.1", browser)
		p.fails(err, schema.FaultGuessed)
	}
	again, err := at("zhao", password, "192.0.2.77", home.Browser)
	if p.fails(err, ""); waited == 0 {
		t.Error("nobody waited while the login was guessed at")
	}
	_, err = at("li", other, "198.51.100.9", stranger.Browser)
	p.fails(err, "")
	shared, err := at("li", other, "192.0.2.77", again.Browser)
	p.fails(err, "")
	for range 10 { // who shares the browser has its own count
		_, err = at("li", "a guess", "192.0.2.77", shared.Browser)
		p.fails(err, schema.FaultLogin)
	}
	_, err = at("li", other, "192.0.2.77", again.Browser) // of the same browser, but from before li was there
	p.fails(err, "")
	_, err = at("li", other, "192.0.2.77", shared.Browser)
	p.fails(err, schema.FaultTooMany)
	_, err = at("zhao", password, "192.0.2.77", shared.Browser)
	p.fails(err, "")
	p.World.Now = p.World.Now.Add(identity.BrowserAge + time.Minute)
	for range 10 {
		_, err := at("zhao", "a guess", "192.0.2.1", "")
		p.fails(err, schema.FaultLogin)
	}
	_, err = at("zhao", password, "192.0.2.1", home.Browser)
	p.fails(err, schema.FaultTooMany) // it is no longer known
}

func TestATextAsLoginDoesNotCountForAnother(t *testing.T) {
	p := newPeople(t)
	for n := range 30 {
		_, err := p.Login(t.Context(), identity.SignIn{
			Login: []string{`zhao" 192.0.2.1`, "zhao from 192.0.2.1", "zhao 192.0.2.1"}[n%3], Password: "x", From: fmt.Sprint("203.0.113.", n),
		})
		p.fails(err, schema.FaultLogin)
	}
	_, err := p.signIn("")
	p.fails(err, "")
}

func TestARecoveryCodeLetsInOnce(t *testing.T) {
	p := newPeople(t)
	_, codes := p.setUp()
	if len(codes) != 10 || codes[0] == codes[1] {
		t.Fatal(codes)
	}
	_, err := p.signIn(strings.ToUpper(codes[3]))
	p.fails(err, "")
	_, err = p.signIn(codes[3])
	p.fails(err, schema.FaultCodeWrong)
	_, err = p.signIn(codes[4])
	p.fails(err, "")
}

func TestALostAuthenticatorIsResetByAnAdministrator(t *testing.T) {
	p := newPeople(t)
	open, err := p.signIn("")
	p.fails(err, "")
	_, codes := p.setUp()
	list, err := p.Accounts(t.Context())
	if p.fails(err, ""); !list[0].SecondFactor {
		t.Errorf("%+v", list)
	}
	p.fails(p.ResetAuthenticator(t.Context(), "nobody"), schema.FaultNotFound)
	p.fails(p.ResetAuthenticator(t.Context(), "zhao"), "")
	_, err = p.Account(t.Context(), open.Token)
	p.fails(err, schema.FaultUnauthorised)
	_, err = p.signIn("")
	p.fails(err, "")
	p.setUp()
	_, err = p.signIn(codes[0])
	p.fails(err, schema.FaultCodeWrong) // of the one before
}

func TestOnesOwnPasswordIsChangedWithTheOldOne(t *testing.T) {
	p := newPeople(t)
	first, err := p.signIn("")
	p.fails(err, "")
	second, err := p.signIn("")
	p.fails(err, "")
	change := func(old, fresh string) error {
		return p.ChangePassword(t.Context(), second.Token, "zhao", old, fresh)
	}
	p.fails(change("guessed", "another password"), schema.FaultPassword)
	for _, weak := range []string{"short", password, "zhao123456789", "ababababababab"} {
		p.fails(change(password, weak), schema.FaultPasswordWeak)
	}
	p.fails(change(password, "另一個夠長的密碼啊啊"), "")
	_, err = p.Account(t.Context(), second.Token)
	p.fails(err, "")
	_, err = p.Account(t.Context(), first.Token)
	p.fails(err, schema.FaultUnauthorised)
	_, err = p.signIn("")
	p.fails(err, schema.FaultLogin)
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	p := newPeople(t)
	first, err := p.signIn("")
	p.fails(err, "")
	p.World.Now = p.World.Now.Add(time.Hour)
	second, err := p.signIn("")
	p.fails(err, "")
	list, err := p.OpenSessions(t.Context(), first.Token, "zhao")
	if p.fails(err, ""); len(list) != 2 || list[0].Current || !list[1].Current || list[0].Agent != "Firefox" || list[0].Address != "192.0.2.1" {
		t.Fatalf("%+v", list)
	}
	if all, err := p.OpenSessions(t.Context(), "", ""); err != nil || len(all) != 2 {
		t.Errorf("%v %+v", err, all)
	}
	if others, err := p.OpenSessions(t.Context(), "", "li"); err != nil || len(others) != 0 {
		t.Errorf("%v %+v", err, others)
	}
	p.fails(p.EndSession(t.Context(), list[0].ID, "li"), schema.FaultNotFound)
	p.fails(p.EndSession(t.Context(), list[0].ID, "zhao"), "")
	p.fails(p.EndSession(t.Context(), list[0].ID, "zhao"), schema.FaultNotFound)
	_, err = p.Account(t.Context(), second.Token)
	p.fails(err, schema.FaultUnauthorised)
	p.World.Now = p.World.Now.Add(10 * time.Minute)
	_, err = p.Account(t.Context(), first.Token)
	p.fails(err, "")
	if list, err = p.OpenSessions(t.Context(), "", ""); err != nil || list[0].SeenAt != p.World.Now.UnixMilli() {
		t.Errorf("%v %+v", err, list)
	}
}

func TestAResponsibleUnitsLoginNamesIt(t *testing.T) {
	p := newPeople(t)
	add := func(login string, role identity.Role, campaign, unit string) error {
		_, err := p.AddAccount(t.Context(), identity.NewAccount{
			Login: login, Name: "某村", Role: role, CampaignID: campaign, UnitID: unit,
		}, password)
		return err
	}
	unit, nobody := p.Units[0].String(), schema.NewRowID().String()
	p.fails(add("a", identity.Unit, "", ""), schema.FaultValue)
	p.fails(add("b", identity.Leader, p.Campaign.String(), unit), schema.FaultValue)
	p.fails(add("c", identity.Unit, p.Campaign.String(), nobody), schema.FaultNotFound)
	p.fails(add("d", identity.Unit, nobody, unit), schema.FaultNotFound)
	p.fails(add("cun", identity.Unit, p.Campaign.String(), unit), "")
	s, err := p.Login(t.Context(), identity.SignIn{Login: "cun", Password: password})
	p.fails(err, "")
	if a, err := p.Account(t.Context(), s.Token); err != nil || a.UnitID != unit || a.CampaignID != p.Campaign.String() || a.Unit == "" || a.Role != identity.Unit {
		t.Errorf("%v %+v", err, a)
	}
	p.fails(p.ChangeRole(t.Context(), "cun", identity.Leader), schema.FaultNotFound)
	p.fails(p.ChangeRole(t.Context(), "zhao", identity.Unit), schema.FaultValue)
}

func TestUnitsWithALedgerAreLetInTogether(t *testing.T) {
	p := newPeople(t)
	var units []schema.RowID
	p.Write(func(b *edit.Builder) {
		for _, code := range []string{"V-01", "ZHAO", "村", "村二", "none"} {
			unit, problem := schema.NewRowID(), schema.NewRowID()
			units = append(units, unit)
			b.Insert("unit", unit, edit.Cells{"code": edit.Text(code), "name": edit.Text("單位" + code), "category": edit.Text("village")})
			b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(unit), "title": edit.Text("帳目不公開")})
			if code != "none" { // nothing to rectify
				b.Insert("ledger_entry", schema.NewRowID(), edit.Cells{"problem_id": edit.ID(problem), "measure": edit.Text("逐月公示")})
			}
		}
	})
	before, err := p.AddUnitAccounts(t.Context(), p.Campaign, 0)
	p.fails(err, "")
	first, err := p.AddUnitAccounts(t.Context(), p.Campaign, 3)
	p.fails(err, "")
	rest, err := p.AddUnitAccounts(t.Context(), p.Campaign, 50)
	p.fails(err, "")
	if before.Left != 4 || len(before.Made) != 0 || len(first.Made) != 3 || first.Left != 1 || len(rest.Made) != 1 || rest.Left != 0 {
		t.Fatalf("%+v %+v %+v", before, first, rest)
	}
	var logins []string
	for _, made := range append(first.Made, rest.Made...) {
		logins = append(logins, made.Login)
		s, err := p.Login(t.Context(), identity.SignIn{Login: made.Login, Password: made.Password})
		p.fails(err, "")
		if a, err := p.Account(t.Context(), s.Token); err != nil || a.UnitID != made.UnitID || !slices.Contains(units, schema.RowID(uuid.MustParse(made.UnitID))) {
			t.Errorf("%v %+v", err, a)
		}
	}
	if got := strings.Join(logins, " "); got != "v-01 zhao-2 unit unit-2" {
		t.Errorf("%s", got)
	}
}

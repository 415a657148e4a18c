package ceremony_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/ceremony"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t, TestADrawFromThePlanToTheVisits, TestStepsComeInTheirOrder,
		TestPeopleAreDrawnAtAUnit, TestWhatIsWrongAtASiteIsFlagged, TestAMirrorOfAnotherChainIsFlagged,
		TestHeadquartersGivesRosters, TestATeamLearnsOfItsStopsOneByOne)
}

// office is a world with a city in it and somebody who draws.
type office struct {
	*ingesttest.World
	*testing.T
	draws *ceremony.Service
}

func newOffice(t *testing.T) *office {
	t.Helper()
	w := ingesttest.New(t)
	w.Write(func(b *edit.Builder) {
		for i := range 60 {
			b.Insert("unit", schema.NewRowID(), edit.Cells{
				"code": edit.Text(fmt.Sprintf("U%03d", i)), "name": edit.Text(fmt.Sprintf("第%d村", i)),
				"category": edit.Text("village"), "county": edit.Text([]string{"東縣", "西縣", "南區"}[i%3]),
				"members": edit.Int(int64(20 + i)), "latitude_e7": edit.Int(int64(300_000_000 + i*10_000)),
				"longitude_e7": edit.Int(int64(1_170_000_000 - i*7_000)),
			})
		}
	})
	return &office{w, t, &ceremony.Service{Ingest: w.Service}}
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// settings are those of a draw of 12 villages for both teams.
func settings() ceremony.Settings {
	return ceremony.Settings{
		Purpose: "branch", Scope: "city", Stratify: "county", Size: "members", Categories: []string{"village"},
		Counties: []string{"東縣", "西縣", "南區"},
		Exclusions: []ceremony.Exclusion{{
			Code: "E3-disaster", Units: []string{"U007", "U011"}, Evidence: "sha256:11", Approver: "老趙",
		}},
		Sample: &draw.SamplePlan{
			Design: draw.Pareto, Rule: draw.Webster, N: 12, Floor: 2, Weight: draw.ByUnits, ReservePPM: 500_000, ReserveMin: 1,
		},
		Caps:   []draw.TeamRule{{ID: "T1", Cap: 2}, {ID: "T2", Cap: 2}},
		Barred: []draw.Barred{{Team: "T1", What: "C01"}},
		Routes: &draw.RoutesPlan{DetourPermille: 1300, BudgetPercent: 115, Moves: 1250},
		Public: draw.PublicPlan{Type: "dice", Sides: 10, People: []string{"R1", "R2", "R3"}, Throws: 7},
		Gap:    600,
	}
}

var secrets = map[string]draw.Secret{"hq": {1}, "observer": {2}}

// upToDice does the steps up to the dice.
func (o *office) upToDice(s ceremony.Settings) schema.RowID {
	o.Helper()
	id, err := o.draws.Plan(o.Context(), o.Campaign, s, "老錢")
	o.must(err)
	for _, role := range []string{"hq", "observer"} {
		d, err := o.draws.Detail(o.Context(), o.Campaign, id)
		o.must(err)
		o.must(o.draws.Commit(o.Context(), o.Campaign, id, role, draw.Commit(d.Ceremony, role, secrets[role])))
	}
	o.must(o.draws.Publish(o.Context(), o.Campaign, id, []ceremony.Place{{"公示欄", "sha256:21"}, {"報紙", "sha256:22"}}))
	return id
}

func dice() []draw.Throw {
	return []draw.Throw{{By: "R1", Digits: "0877247"}, {By: "R2", Digits: "3296991"}, {By: "R3", Digits: "8975400"}}
}

func (o *office) throwAndReveal(id schema.RowID) {
	o.Helper()
	o.Now = o.Now.Add(11 * time.Minute)
	o.must(o.draws.Throw(o.Context(), o.Campaign, id, dice()))
	for role, secret := range secrets {
		o.must(o.draws.Reveal(o.Context(), o.Campaign, id, draw.Reveal{Role: role, Secret: secret}))
	}
}

func (o *office) file(id schema.RowID, name string) []byte {
	o.Helper()
	b, err := o.draws.File(o.Context(), o.Campaign, id, name)
	o.must(err)
	return b
}

func (o *office) certificate(d ceremony.Detail) *draw.Certificate {
	o.Helper()
	done, err := draw.ParseCertificate(d.Certificate)
	o.must(err)
	return done
}

// verify checks a ceremony by what headquarters gives out.
func (o *office) verify(id schema.RowID) *draw.Verification {
	o.Helper()
	log, err := o.draws.Log(o.Context(), o.Campaign)
	o.must(err)
	return draw.Verify(o.file(id, ceremony.CertificateFile), o.file(id, ceremony.FrameFile), log, nil)
}

func TestADrawFromThePlanToTheVisits(t *testing.T) {
	o := newOffice(t)
	preview, err := o.draws.Preview(t.Context(), o.Campaign, settings())
	o.must(err)
	if preview.Units != 60 || preview.Eligible != 58 || len(preview.Strata) != 3 || preview.Feasible == "" || !preview.Few {
		t.Errorf("%+v", preview)
	}
	id := o.upToDice(settings())
	o.throwAndReveal(id)
	o.must(o.draws.Draw(t.Context(), o.Campaign, id))
	if v := o.verify(id); v.Result != draw.Holds {
		t.Fatalf("%+v", v.Steps)
	}
	d, err := o.draws.Detail(t.Context(), o.Campaign, id)
	o.must(err)
	done := o.certificate(d)
	main := slices.DeleteFunc(slices.Clone(done.Drawn), func(x draw.Drawn) bool { return x.Reserve > 0 })
	if len(main) != 12 || len(d.Units) != len(done.Drawn) || d.Units[0].Name == "" || d.Hash == "" {
		t.Errorf("%+v", d)
	}
	o.wantVisits(12)
	out := main[0]
	o.must(o.draws.Replace(t.Context(), o.Campaign, id, ceremony.Replacement{
		Unit: out.ID, Reason: "disaster", Evidence: "sha256:31", Approver: "老趙",
	}))
	o.wantVisits(13)
	if v := o.verify(id); v.Result != draw.Holds {
		t.Fatalf("%+v", v.Steps)
	}
	if table := o.file(id, ceremony.WeightsFile); !bytes.Contains(table, []byte(out.ID+",disaster")) {
		t.Errorf("%s", table)
	}
	o.Check()
}

// wantVisits counts the visits of villages that were drawn, each with its unit's team.
func (o *office) wantVisits(n int) {
	o.Helper()
	phones := 0
	for i := range o.Teams {
		p := o.Enrol(i)
		for _, row := range p.Pull()["visit"] {
			if row.New[3].Int64() > 0 {
				phones++
			}
		}
	}
	if phones != n {
		o.Errorf("the teams' phones have %d visits in order, want %d", phones, n)
	}
}

// toured are the units of a team's visits in order, with their status.
func (o *office) toured(team int) (units, open []string) {
	o.Helper()
	o.must(o.Store.Read(o.Context(), o.Campaign, func(v store.View) error {
		_, err := store.List(o.Context(), v, func(row store.Scanner) (none struct{}, err error) {
			var code, status string
			if err = row.Scan(&code, &status); err == nil {
				units = append(units, code)
				if status == "planned" {
					open = append(open, code)
				}
			}
			return none, err
		}, `SELECT u.code, v.status FROM visit v JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
			WHERE v.campaign_no = $1 AND v.team_id = $2 AND v.sequence IS NOT NULL ORDER BY v.sequence`,
			v.CampaignNo, o.Teams[team][:])
		return err
	}))
	return units, open
}

// unit is the row of a unit.
func (o *office) unit(code string) (id schema.RowID) {
	o.Helper()
	o.must(o.Store.Read(o.Context(), o.Campaign, func(v store.View) error {
		var b []byte
		err := v.QueryRowContext(o.Context(), `SELECT id FROM unit WHERE campaign_no = $1 AND code = $2`, v.CampaignNo, code).Scan(&b)
		if err == nil {
			id, err = schema.IDFromBytes[schema.RowID](b)
		}
		return err
	}))
	return id
}

// leave has a team's phone leave the units that it is at, but one.
func (o *office) leave(p *ingesttest.Phone, but schema.RowID) {
	o.Helper()
	for _, row := range p.Pull()["visit"] {
		if row.New[3].Kind == changeset.Null || string(row.New[2].Bytes) == string(but[:]) {
			continue
		}
		p.Save(func(b *edit.Builder) {
			b.Update("visit", schema.RowID(row.New[0].Bytes), edit.Cells{"status": edit.Text("planned")}, edit.Cells{"status": edit.Text("left")})
		})
	}
	p.Push()
}

func TestATeamLearnsOfItsStopsOneByOne(t *testing.T) {
	o := newOffice(t)
	s := settings()
	s.Stops = true
	id := o.upToDice(s)
	o.throwAndReveal(id)
	o.must(o.draws.Draw(t.Context(), o.Campaign, id))
	done, err := draw.ParseCertificate(o.file(id, ceremony.CertificateFile))
	o.must(err)
	tour := done.Routes[0].Tour
	advance := func(stops int, last string) {
		t.Helper()
		o.must(o.draws.Advance(t.Context(), o.Campaign))
		o.must(o.draws.Advance(t.Context(), o.Campaign)) // once more changes nothing
		units, open := o.toured(0)
		if len(units) != stops || units[stops-1] != last || !slices.Equal(open, []string{last}) {
			t.Fatalf("the team knows of %v, %v to come; want %d stops up to %s of %v", units, open, stops, last, tour)
		}
	}
	advance(1, tour[0])
	phone := o.Enrol(0)
	o.leave(phone, schema.RowID{})
	advance(2, tour[1])
	o.must(o.draws.Replace(t.Context(), o.Campaign, id, ceremony.Replacement{
		Unit: tour[1], Reason: "disaster", Evidence: "sha256:31", Approver: "老趙",
	}))
	units, open := o.toured(0)
	if len(units) != 3 || units[2] != tour[2] || len(open) != 2 {
		t.Errorf("after a replacement %v, %v", units, open)
	}
	o.leave(phone, o.unit(tour[1]))
	o.must(o.draws.Advance(t.Context(), o.Campaign))
	if units, _ := o.toured(0); len(units) != 4 {
		t.Errorf("the team that left knows of %v, want the next of %v", units, tour)
	}
	if other, _ := o.toured(1); len(other) != 1 {
		t.Errorf("the other team knows of %v", other)
	}
	o.Check()
}

func TestTheChanceInRoutesIsToldToHeadquarters(t *testing.T) {
	o := newOffice(t)
	id := o.upToDice(settings())
	o.throwAndReveal(id)
	o.must(o.draws.Draw(t.Context(), o.Campaign, id))
	chances, err := o.draws.Chances(t.Context(), o.Campaign, id)
	o.must(err)
	if len(chances) != 2 || chances[0].Team != "T1" || chances[0].Bits < 1 || chances[0].Bits > 40 {
		t.Errorf("%+v", chances)
	}
}

func TestASealedOutcomeIsClosedUntilDeparture(t *testing.T) {
	o := newOffice(t)
	s := settings()
	s.Sealed = true
	id := o.upToDice(s)
	o.throwAndReveal(id)
	o.must(o.draws.Draw(t.Context(), o.Campaign, id))
	d, err := o.draws.Detail(t.Context(), o.Campaign, id)
	o.must(err)
	if done := o.certificate(d); len(done.Drawn) > 0 || len(done.Reveals) > 0 || d.Hash == "" || !d.Sealed {
		t.Errorf("%+v", d)
	}
	if _, err := o.draws.File(t.Context(), o.Campaign, id, ceremony.CertificateFile); schema.FaultCode(err) != schema.FaultDrawSealed {
		t.Errorf("%v", err)
	}
	o.wantVisits(0)
	o.must(o.draws.Unseal(t.Context(), o.Campaign, id))
	o.wantVisits(12)
	if v := o.verify(id); v.Result != draw.Holds || v.Hash.String() != d.Hash {
		t.Errorf("%s, was %s: %+v", v.Hash, d.Hash, v.Steps)
	}
}

func TestStepsComeInTheirOrder(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	wants := func(err error, code string) {
		t.Helper()
		if p := draw.ProblemOf(err); schema.FaultCode(err) != code && (p == nil || p.Code != code) {
			t.Errorf("%v, want %s", err, code)
		}
	}
	id, err := o.draws.Plan(ctx, o.Campaign, settings(), "老錢")
	o.must(err)
	wants(o.draws.Publish(ctx, o.Campaign, id, []ceremony.Place{{"公示欄", "e"}}), "plan-roles")
	wants(o.draws.Throw(ctx, o.Campaign, id, dice()), schema.FaultDrawState)
	again := o.upToDice(settings()) // planned anew, under the same number
	if again != id {
		t.Errorf("%s was planned beside %s", again, id)
	}
	_, err = o.draws.Plan(ctx, o.Campaign, settings(), "老錢")
	wants(err, schema.FaultDrawOpen)
	wants(o.draws.Commit(ctx, o.Campaign, id, "third", draw.Hash{3}), schema.FaultDrawState)
	wants(o.draws.Throw(ctx, o.Campaign, id, dice()), "published-late")
	o.Now = o.Now.Add(time.Hour)
	wants(o.draws.Throw(ctx, o.Campaign, id, dice()[:2]), "throws-number")
	o.must(o.draws.Throw(ctx, o.Campaign, id, dice()))
	wants(o.draws.Draw(ctx, o.Campaign, id), "reveals-number")
	wants(o.draws.Reveal(ctx, o.Campaign, id, draw.Reveal{Role: "hq", Secret: draw.Secret{9}}), "reveals-other")
	o.must(o.draws.Reveal(ctx, o.Campaign, id, draw.Reveal{Role: "hq", Secret: secrets["hq"]}))
	wants(o.draws.Void(ctx, o.Campaign, id, "停電", nil), "reveals-number")
	o.must(o.draws.Void(ctx, o.Campaign, id, "停電", []draw.Reveal{{Role: "observer", Secret: secrets["observer"]}}))
	wants(o.draws.Replace(ctx, o.Campaign, id, ceremony.Replacement{Unit: "U001"}), schema.FaultDrawState)

	second := o.upToDice(settings())
	o.must(o.draws.Void(ctx, o.Campaign, second, "下雨", []draw.Reveal{
		{Role: "observer", Secret: secrets["observer"]}, {Role: "hq", Secret: secrets["hq"]},
	}))
	third := o.upToDice(settings())
	o.throwAndReveal(third)
	o.must(o.draws.Draw(ctx, o.Campaign, third))
	v := o.verify(third)
	if v.Result != draw.Holds {
		t.Fatalf("%+v", v.Steps)
	}
	_, err = o.draws.Plan(ctx, o.Campaign, settings(), "老錢")
	wants(err, schema.FaultDrawTwice)
	list, err := o.draws.List(ctx, o.Campaign)
	o.must(err)
	if len(list) != 3 || list[0].State != schema.DrawVoid || list[2].Ceremony != "T/3" {
		t.Errorf("%+v", list)
	}
	o.Check()
}

func TestWhatCannotBeDrawnIsRefusedBeforeTheDice(t *testing.T) {
	o := newOffice(t)
	for code, change := range map[string]func(*ceremony.Settings){
		"allocation-units": func(s *ceremony.Settings) { s.Sample.N = 100 },
		"assign-barred":    func(s *ceremony.Settings) { s.Barred = append(s.Barred, draw.Barred{Team: "T2", What: "C01"}) },
		"assign-places":    func(s *ceremony.Settings) { s.Caps[0].Cap, s.Caps[1].Cap = 1, 1 },
		"dice-few":         func(s *ceremony.Settings) { s.Public.Throws = 2 },
		"dice-people":      func(s *ceremony.Settings) { s.Public.People = s.Public.People[:2] },
		"teams-barred":     func(s *ceremony.Settings) { s.Barred[0].What = "C99" },
	} {
		s := settings()
		change(&s)
		if _, err := o.draws.Plan(t.Context(), o.Campaign, s, "老錢"); draw.ProblemOf(err) == nil || draw.ProblemOf(err).Code != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
	s := settings()
	s.Exclusions[0].Units = []string{"U999"}
	if _, err := o.draws.Plan(t.Context(), o.Campaign, s, "老錢"); schema.FaultCode(err) != schema.FaultNotFound {
		t.Errorf("%v", err)
	}
	list, err := o.draws.List(t.Context(), o.Campaign)
	o.must(err)
	if len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

package ceremony_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/ceremony"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

// siteSettings are those of a ceremony that gives the keys of the two units that the
// teams go to.
func siteSettings() ceremony.Settings {
	s := settings()
	s.Purpose, s.Counties, s.Exclusions, s.Sample, s.Caps, s.Barred, s.Routes = "interview", []string{"霽川縣", "雲汀區"}, nil, nil, nil, nil, nil
	s.Categories = nil
	s.Size = "one"
	s.Sites = &ceremony.SitesSettings{Ask: 3, Modes: []string{draw.Local, draw.Desk, draw.Envelope}}
	return s
}

// villager is a phone at a site.
type villager struct {
	*office
	*ingesttest.Phone
	site    schema.RowID
	row     []changeset.Value // of the site
	roster  schema.RowID
	list    *draw.Roster
	opening schema.RowID
	order   []draw.Chosen
}

// arrive is a phone of a team that has learnt of its site.
func (o *office) arrive(team int) *villager {
	o.Helper()
	v := &villager{office: o, Phone: o.Enrol(team)}
	rows := v.Pull()["site"]
	if len(rows) != 1 {
		o.Fatalf("a phone has %d sites, want its team's one", len(rows))
	}
	v.row = rows[0].New
	v.site = schema.RowID(v.row[0].Bytes)
	v.roster = schema.NaturalRowID("roster", o.Units[team])
	return v
}

// write copies a register: people of page 1.
func (v *villager) write(team, people int) {
	var list []draw.Person
	v.Save(func(b *edit.Builder) {
		b.Insert("roster", v.roster, edit.Cells{"unit_id": edit.ID(v.Units[team]), "official": edit.Int(int64(people))})
		for i := range people {
			list = append(list, v.person(b, fmt.Sprintf("1-%d", i+1)))
		}
	})
	var err error
	v.list, err = draw.NewRoster(list)
	v.must(err)
}

func (v *villager) person(b *edit.Builder, key string) draw.Person {
	b.Insert("roster_person", schema.NaturalKeyID("roster_person", v.roster, key), edit.Cells{
		"roster_id": edit.ID(v.roster), "key": edit.Text(key), "name": edit.Text("村民" + key),
	})
	return draw.Person{Key: key, Attributes: []draw.Attribute{{Key: "name", Value: "村民" + key}}}
}

// told tells the roster's code.
func (v *villager) told() string {
	v.opening = schema.NewRowID()
	root, code := v.list.Root(), v.list.Code(string(v.row[3].Bytes))
	v.Save(func(b *edit.Builder) {
		b.Insert("opening", v.opening, edit.Cells{
			"roster_id": edit.ID(v.roster), "site_id": edit.ID(v.site), "people": edit.Text(string(draw.AppendRoster(nil, v.list))),
			"size": edit.Int(int64(v.list.Size())), "official": edit.Int(int64(v.list.Size())), "root": edit.Bytes(root[:]),
			"code": edit.Text(code), "told_at": edit.Int(v.office.Now.UnixMilli()),
		})
	})
	return code
}

// open opens the site with its unlock code, or with dice.
func (v *villager) open(mode, unlock string, dice ...draw.Throw) {
	v.Helper()
	var key draw.SiteKey
	if mode == draw.Local {
		copy(key[:], v.row[12].Bytes)
	} else {
		secret, err := draw.ParseUnlock(unlock)
		v.must(err)
		key, err = draw.Open("T", string(v.row[3].Bytes), secret, v.row[11].Bytes)
		v.must(err)
	}
	cells := edit.Cells{
		"mode": edit.Text(mode), "opened_at": edit.Int(v.office.Now.UnixMilli()), "key": edit.Bytes(key[:]),
	}
	if len(dice) > 0 {
		cells["throws"] = edit.Text(string(draw.Canonical(dice)))
	}
	before := edit.Cells{}
	for name := range cells {
		before[name] = changeset.NullValue()
	}
	v.Save(func(b *edit.Builder) { b.Update("opening", v.opening, before, cells) })
	var throws []draw.Throw
	v.must(draw.Decode([]byte(string(v.row[7].Bytes)), &throws))
	site := string(v.row[3].Bytes)
	v.order = v.list.Order(site, draw.SiteDraw(draw.Hash(v.row[6].Bytes), site, key, throws, dice))
}

// ask records a contact with the person at a rank of the order.
func (v *villager) ask(rank int, result string) schema.RowID {
	id := schema.NewRowID()
	v.office.Now = v.office.Now.Add(time.Minute)
	v.Save(func(b *edit.Builder) {
		b.Insert("contact", id, edit.Cells{
			"opening_id": edit.ID(v.opening), "key": edit.Text(v.order[rank-1].Key), "result": edit.Text(result),
			"contacted_at": edit.Int(v.office.Now.UnixMilli()),
		})
	})
	return id
}

func (v *villager) pushed() {
	v.Helper()
	if receipt := v.Push(); slices.ContainsFunc(receipt.Entries, func(e schema.EntryReceipt) bool { return e.Outcome != schema.Merged }) {
		v.Fatalf("%+v", receipt)
	}
}

// summary is a site as the list has it.
func (o *office) summary(id schema.RowID) ceremony.SiteSummary {
	o.Helper()
	list, err := o.draws.Sites(o.Context(), o.Campaign)
	o.must(err)
	for _, s := range list {
		if s.ID == id.String() {
			return s
		}
	}
	o.Fatalf("no site %s", id)
	return ceremony.SiteSummary{}
}

func (o *office) wantFlags(id schema.RowID, flags ...string) {
	o.Helper()
	s := o.summary(id)
	if diff := cmp.Diff(append([]string{}, flags...), s.Flags); diff != "" {
		o.Errorf("flags (-want +got): %s %s", diff, s.Problem)
	}
}

// holds verifies a site's files as an auditor would.
func (o *office) holds(draws, site schema.RowID) {
	o.Helper()
	record, err := o.draws.SiteFile(o.Context(), o.Campaign, site, ceremony.RecordFile)
	o.must(err)
	roster, err := o.draws.SiteFile(o.Context(), o.Campaign, site, ceremony.RosterFile)
	o.must(err)
	if v := draw.VerifySite(record, o.file(draws, ceremony.CertificateFile), roster); v.Result != draw.Holds {
		o.Errorf("%s", draw.Canonical(v.Steps))
	}
}

// ceremonyOfSites gives the keys of the sites.
func (o *office) ceremonyOfSites(s ceremony.Settings) schema.RowID {
	o.Helper()
	id := o.upToDice(s)
	o.throwAndReveal(id)
	o.must(o.draws.Draw(o.Context(), o.Campaign, id))
	if v := o.verify(id); v.Result != draw.Holds {
		o.Fatalf("%+v", v.Steps)
	}
	return id
}

func TestPeopleAreDrawnAtAUnit(t *testing.T) {
	o := newOffice(t)
	id := o.ceremonyOfSites(siteSettings())
	v := o.arrive(0)
	if s := o.summary(v.site); s.State != "none" || s.Ask != 3 || s.Team != "一組" {
		t.Errorf("%+v", s)
	}
	v.write(0, 12)
	code := v.told()
	v.pushed()
	if s := o.summary(v.site); s.State != "told" || s.Code != code || s.People != 12 {
		t.Errorf("%+v", s)
	}
	ctx := t.Context()
	if _, err := o.draws.Tell(ctx, o.Campaign, v.site, ceremony.Call{Code: "0000", Caller: "甲"}, "老錢"); draw.ProblemOf(err) == nil {
		t.Errorf("a code that is none: %v", err)
	}
	spoken := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	unlock, err := o.draws.Tell(ctx, o.Campaign, v.site, ceremony.Call{Code: spoken, Caller: "甲"}, "老錢")
	o.must(err)
	again, err := o.draws.Tell(ctx, o.Campaign, v.site, ceremony.Call{Code: code, Caller: "甲"}, "老孫")
	o.must(err)
	if again != unlock {
		t.Errorf("%s, then %s", unlock, again)
	}
	_, err = o.draws.Tell(ctx, o.Campaign, v.site, ceremony.Call{Code: "0000-0000-0000", Caller: "甲"}, "老錢")
	if schema.FaultCode(err) != schema.FaultDeskCode {
		t.Errorf("another code: %v", err)
	}
	v.open(draw.Desk, unlock)
	v.ask(1, draw.Completed)
	v.ask(2, draw.Refusal)
	v.ask(4, draw.Completed)
	v.Save(func(b *edit.Builder) { v.person(b, "9-9") }) // forgotten: last of all
	v.ask(3, draw.Completed)
	v.pushed()
	s := o.summary(v.site)
	if s.State != "done" || s.Done != 3 || s.Attempts != 4 || s.Call == nil || s.Call.ToldBy != "老錢" || len(s.Flags) > 0 {
		t.Errorf("%+v", s)
	}
	d, err := o.draws.Site(ctx, o.Campaign, v.site)
	o.must(err)
	if len(d.Order) != 4 || d.Order[1].Attempts[0].Result != draw.Refusal || !strings.HasPrefix(d.Order[0].Name, "村民") {
		t.Errorf("%+v", d)
	}
	o.holds(id, v.site)
	o.Check()
}

func TestWhatIsWrongAtASiteIsFlagged(t *testing.T) {
	o := newOffice(t)
	o.ceremonyOfSites(siteSettings())
	letters, err := o.draws.Envelopes(t.Context(), o.Campaign, o.drawOf(), "老錢")
	o.must(err)
	if len(letters) != 2 || letters[0].Team != "一組" || letters[0].Site != "V1" {
		t.Fatalf("%+v", letters)
	}
	v := o.arrive(0)
	v.write(0, 12)
	v.told()
	v.open(draw.Desk, letters[0].Unlock) // by an envelope, but it says by the desk
	v.pushed()
	o.wantFlags(v.site, "no-call")
	gone := v.ask(1, draw.Refusal)
	v.Save(func(b *edit.Builder) {
		b.Update("contact", gone, edit.Cells{"withdrawn_at": changeset.NullValue()}, edit.Cells{"withdrawn_at": edit.Int(1)})
	})
	v.ask(5, draw.Completed)
	v.pushed()
	o.wantFlags(v.site, "fails", "no-call", "withdrawn")
	if s := o.summary(v.site); s.Problem != "contact-order" {
		t.Errorf("%+v", s)
	}

	w := o.arrive(0) // another phone, another list, other dice
	w.write(0, 11)
	w.told()
	w.open(draw.Local, "", draw.Throw{By: "張三", Digits: "12345"}, draw.Throw{By: "李四", Digits: "54321"})
	w.pushed()
	o.wantFlags(v.site, "fails", "openings", "no-call", "withdrawn")
	o.Check()
}

// drawOf is the campaign's only draw.
func (o *office) drawOf() schema.RowID {
	o.Helper()
	list, err := o.draws.List(o.Context(), o.Campaign)
	o.must(err)
	id, err := schema.ParseID[schema.RowID](list[0].ID)
	o.must(err)
	return id
}

func TestAVillageThrowsItsOwnDice(t *testing.T) {
	o := newOffice(t)
	id := o.ceremonyOfSites(siteSettings())
	v := o.arrive(1)
	v.write(1, 20)
	v.told()
	v.open(draw.Local, "", draw.Throw{By: "張三", Digits: "12345"}, draw.Throw{By: "李四", Digits: "54321"})
	v.ask(1, draw.NonContact)
	v.ask(1, draw.NonContact)
	v.ask(4, draw.Completed)
	v.ask(1, draw.Refusal) // whose place was taken already
	v.pushed()
	o.wantFlags(v.site, "local")
	d, err := o.draws.Site(t.Context(), o.Campaign, v.site)
	o.must(err)
	if len(d.Order) != 4 || len(d.Order[0].Attempts) != 3 {
		t.Errorf("%d may have been asked, want 4: %+v", len(d.Order), d.Order)
	}
	o.holds(id, v.site)
}

func TestAMirrorOfAnotherChainIsFlagged(t *testing.T) {
	o := newOffice(t)
	o.ceremonyOfSites(siteSettings())
	v, witness := o.arrive(0), o.arrive(0)
	v.write(0, 12)
	mirror := func(seq uint64, head [32]byte) {
		witness.Save(func(b *edit.Builder) {
			b.Insert("mirror", schema.NewRowID(), edit.Cells{
				"team_id": edit.ID(o.Teams[0]), "device_id": edit.ID(v.ID), "seq": edit.Int(int64(seq)), "head": edit.Bytes(head[:]),
				"site": edit.Text("V1"), "text": edit.Text("…"), "scanned_at": edit.Int(1),
			})
		})
		witness.pushed()
	}
	mirror(v.Head.Seq, v.Head.Hash)
	o.wantFlags(v.site, "mirror-waits")
	v.pushed()
	o.wantFlags(v.site)
	mirror(v.Head.Seq, [32]byte{9})
	o.wantFlags(v.site, "mirror-other")
}

func TestHeadquartersGivesRosters(t *testing.T) {
	o := newOffice(t)
	give := func(table string) ([]ceremony.RosterGiven, error) {
		return o.draws.GiveRosters(t.Context(), o.Campaign, []byte(table))
	}
	given, err := give("\ufeffunit,key,name,official\nV1,1-1,甲,3\nV1,1-2,乙,3\nS1,1-1,丙,\n")
	o.must(err)
	if diff := cmp.Diff([]ceremony.RosterGiven{{"S1", "一小", 1}, {"V1", "槐塘村", 2}}, given); diff != "" {
		t.Error(diff)
	}
	_, err = give("unit,key,name,official\nV1,1-1,甲甲,4\nV1,1-3,丁,4\n")
	o.must(err)
	id := o.ceremonyOfSites(siteSettings())
	v := o.arrive(0)
	if s := o.summary(v.site); s.State != "roster" || s.Kind != "committed" || s.People != 3 || s.Official != 4 {
		t.Errorf("%+v", s)
	}
	for table, want := range map[string]string{
		"unit,key\nX9,1-1\n": schema.FaultNotFound, "unit,key,official\nV1,1-1,many\n": schema.FaultBadRequest,
	} {
		if _, err := give(table); schema.FaultCode(err) != want {
			t.Errorf("%q: %v", table, err)
		}
	}
	v.list, err = draw.ReadRoster([]byte("key,name\n1-1,甲甲\n1-2,乙\n1-3,丁\n"))
	o.must(err)
	v.told()
	letters, err := o.draws.Envelopes(t.Context(), o.Campaign, id, "老錢")
	o.must(err)
	v.open(draw.Envelope, letters[0].Unlock)
	v.pushed()
	o.holds(id, v.site)
	if _, err := give("unit,key\nV1,1-1\n"); schema.FaultCode(err) != schema.FaultRosterTaken {
		t.Errorf("%v", err)
	}
}

func TestASitesPlanIsTriedBeforeItIsMade(t *testing.T) {
	o := newOffice(t)
	preview, err := o.draws.Preview(t.Context(), o.Campaign, siteSettings())
	o.must(err)
	if preview.Eligible != 2 {
		t.Errorf("%+v", preview)
	}
	both := siteSettings()
	both.Sample = settings().Sample
	if _, err := o.draws.Preview(t.Context(), o.Campaign, both); schema.FaultCode(err) != schema.FaultBadRequest {
		t.Errorf("%v", err)
	}
	first, err := o.draws.Plan(t.Context(), o.Campaign, siteSettings(), "老錢")
	o.must(err)
	again, err := o.draws.Plan(t.Context(), o.Campaign, siteSettings(), "老錢") // with other keys
	o.must(err)
	if again != first {
		t.Errorf("%s, then %s", first, again)
	}
}

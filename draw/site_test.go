package draw

import (
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// village is a site's draw: the certificate of its ceremony, its roster, and a team
// that asks people.
type village struct {
	certificate *Certificate
	roster      string
	record      SiteRecord
	order       []Chosen
}

const siteName = "V01"

func siteSecrets() (list []SiteSecret) {
	for i := range 5 {
		list = append(list, SiteSecret{fmt.Sprintf("V%02d", i), sum([]byte{byte(i)})})
	}
	return list
}

func rosterText(people int) string {
	var b strings.Builder
	b.WriteString("key,name,late\n")
	for i := range people {
		fmt.Fprintf(&b, "%d-%d,村民%d,0\n", i/10+1, i%10+1, i)
	}
	return b.String()
}

func settle(t testing.TB, mode string) *village {
	t.Helper()
	f := made(t, 2, 3)
	p := plan(f, 1, Hash{})
	p.Purpose, p.Sample, p.Teams, p.Routes = "interview", nil, nil, nil
	sites, proofs, err := NewSitesPlan(siteSecrets(), 4, modes...)
	if err != nil {
		t.Fatal(err)
	}
	p.Sites = sites
	v := &village{certificate: certify(t, p, f, 3), roster: rosterText(40)}
	r, err := ReadRoster([]byte(v.roster))
	if err != nil {
		t.Fatal(err)
	}
	secret := siteSecrets()[1]
	v.record = SiteRecord{
		Spec: Spec, PlanHash: v.certificate.PlanHash, Site: siteName, Mode: mode, N: 4, Key: secret.Key, Proof: proofs[1],
		Root: r.Root(), Code: r.Code(siteName), Size: r.Size(), Official: 42,
		LoggedAt: "2026-11-25T01:00:00Z", OpenedAt: "2026-11-25T01:05:00Z",
	}
	if mode == Local {
		v.record.Local = []Throw{{"V1", "5551"}, {"V2", "1236"}}
	}
	v.order = r.Order(siteName, SiteDraw(v.record.PlanHash, siteName, secret.Key, v.certificate.Throws, v.record.Local))
	return v
}

// ask adds contacts: the rank of a person in the order, and what came of it.
func (v *village) ask(rank int, result string) {
	v.record.Contacts = append(v.record.Contacts, Contact{
		v.order[rank-1].Key, fmt.Sprintf("2026-11-25T02:%02d:00Z", len(v.record.Contacts)), result,
	})
}

// list lists how many people live behind the door at a rank of the order.
func (v *village) list(rank int, people int64) {
	r := &v.record
	door, key := v.order[rank-1].Key, SiteDraw(r.PlanHash, siteName, r.Key, v.certificate.Throws, r.Local)
	r.Households = append(r.Households, Household{door, people, int64(Within(siteName, door, int(people), key))})
	slices.SortFunc(r.Households, func(a, b Household) int { return strings.Compare(a.Key, b.Key) })
}

func (v *village) verify() *Verification {
	return VerifySite(Canonical(&v.record), Canonical(v.certificate), []byte(v.roster))
}

func TestAVillageIsAskedInOrder(t *testing.T) {
	for _, mode := range []string{Desk, Envelope, Local} {
		v := settle(t, mode)
		v.ask(1, Completed)
		v.ask(2, NonContact)
		v.ask(3, Refusal)
		v.ask(5, Completed) // for the one who refused
		v.ask(4, NotEligible)
		v.ask(2, NonContact)
		v.ask(6, Completed)
		v.ask(7, Completed) // for the one who was not there twice
		if done := v.verify(); done.Result != Holds {
			t.Errorf("%s: %+v", mode, done.Steps)
		}
	}
}

func TestASiteIsHeldAgainstPublishedHashes(t *testing.T) {
	v := settle(t, Desk)
	verify := func(known ...Hash) *Verification {
		return VerifySite(Canonical(&v.record), Canonical(v.certificate), []byte(v.roster), known...)
	}
	if done := verify(); done.Result != Holds || !slices.Contains(noted(done), "note-unpublished") {
		t.Errorf("%+v", done.Steps)
	}
	if done := verify(v.certificate.PlanHash); done.Result != Holds || !slices.Contains(noted(done), "note-plan-only") {
		t.Errorf("%+v", done.Steps)
	}
	if done := verify(v.certificate.Hash()); done.Result != Holds || len(noted(done)) > 2 {
		t.Errorf("%+v", done.Steps)
	}
	if done := verify(Hash{9}); done.Result != Fails || done.problem().Code != "known-other" {
		t.Errorf("%+v", done.Steps)
	}
}

func TestTheVillageOfTheVectorsIsVerified(t *testing.T) {
	folder := filepath.Join(vectors, "village")
	if *update {
		v := settle(t, Desk)
		v.ask(1, Completed)
		v.ask(2, Refusal)
		v.ask(5, Completed)
		v.list(1, 4)
		v.list(5, 7)
		unlock := [UnlockSize]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
		for name, b := range map[string][]byte{
			"record.json": append(pretty(t, &v.record), '\n'), "certificate.json": append(pretty(t, v.certificate), '\n'),
			"roster.csv": []byte(v.roster), "order.json": append(pretty(t, v.order), '\n'),
			"unlock.txt": []byte(UnlockCode(unlock) + "\n" +
				hex.EncodeToString(Seal(v.certificate.Plan.Campaign, siteName, unlock, v.record.Key)) + "\n"),
		} {
			if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if v := VerifySite(read("record.json"), read("certificate.json"), read("roster.csv")); v.Result != Holds {
		t.Errorf("%+v", v.Steps)
	}
	r, err := ParseSiteRecord(read("record.json"))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(string(read("unlock.txt")))
	unlock, err := ParseUnlock(words[0])
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := hex.DecodeString(words[1])
	if err != nil {
		t.Fatal(err)
	}
	if key, err := Open("2026Q4", r.Site, unlock, sealed); err != nil || key != r.Key {
		t.Errorf("%v %v", key, err)
	}
}

// siteAttack is a way to ask others than chance chose.
type siteAttack struct {
	do   func(v *village)
	want string // the problem's code; empty if there is none
}

func siteAttacks() map[string]siteAttack {
	return map[string]siteAttack{
		"a mode of one's own":           {func(v *village) { v.record.Mode = "trust" }, "site-mode"},
		"more than the plan says":       {func(v *village) { v.record.N = 5; v.ask(5, Completed) }, "site-n"},
		"out of order":                  {func(v *village) { v.ask(5, Completed) }, "contact-order"},
		"the reserve after one attempt": {func(v *village) { v.ask(1, NonContact); v.ask(5, Completed) }, "contact-order"},
		"two reserves for one person": {func(v *village) {
			for _, result := range []string{NonContact, NonContact, Refusal} {
				v.ask(1, result)
			}
			v.ask(5, Completed)
			v.ask(6, Completed)
		}, "contact-order"},
		"somebody who is not there":      {func(v *village) { v.ask(1, Completed); v.record.Contacts[0].Key = "99-1" }, "contact-stranger"},
		"again until it pleases":         {func(v *village) { v.ask(1, Completed); v.ask(1, Completed) }, "contact-again"},
		"a result of one's own":          {func(v *village) { v.ask(1, "unfriendly") }, "contact-result"},
		"the clock is set back":          {func(v *village) { v.ask(1, Completed); v.record.Contacts[0].At = "2026-11-24T01:00:00Z" }, "contact-time"},
		"the key is opened early":        {func(v *village) { v.record.OpenedAt = "2026-11-25T00:50:00Z" }, "site-early"},
		"a name is added afterwards":     {func(v *village) { v.roster += "9-9,某人,0\n" }, "roster-root"},
		"a name is dropped":              {func(v *village) { v.roster = strings.Replace(v.roster, "1-1,村民0,0\n", "", 1) }, "roster-root"},
		"a name is typed again":          {func(v *village) { v.roster = strings.Replace(v.roster, "村民3,", "村民三,", 1) }, "roster-root"},
		"another site's key":             {func(v *village) { v.record.Key = siteSecrets()[2].Key }, "site-key"},
		"a key that nobody committed to": {func(v *village) { v.record.Key = Hash{9} }, "site-key"},
		"another ceremony":               {func(v *village) { v.record.PlanHash = Hash{9} }, "plan-hash"},
		"dice where none belong":         {func(v *village) { v.record.Local = []Throw{{"V1", "6"}} }, "site-local"},
		"another one of the household":   {func(v *village) { v.list(1, 5); v.record.Households[0].Chosen ^= 7 }, "household-chosen"},
		"the household listed twice":     {func(v *village) { v.list(1, 5); v.list(1, 6) }, "household-door"},
		"a household of strangers":       {func(v *village) { v.list(1, 5); v.record.Households[0].Key = "99-1" }, "household-door"},
		"an empty household":             {func(v *village) { v.list(1, 5); v.record.Households[0].People = 0 }, "household-people"},
		"another code":                   {func(v *village) { v.record.Code = "0000-0000-0000" }, "roster-code"},
		"a void ceremony's key":          {func(v *village) { v.certificate.Status, v.certificate.Reason = Void, "停電" }, "site-undone"},
		"a plan published after the dice": {func(v *village) {
			v.certificate.Published[0].At = "2099-01-01T00:00:00Z"
		}, "published-after"},
	}
}

// villageDice are dice that a village throws for itself, and the problem with them.
func villageDice() map[string]siteAttack {
	throws := func(list ...Throw) func(v *village) { return func(v *village) { v.record.Local = list } }
	return map[string]siteAttack{
		"one person":           {throws(Throw{"V1", "12345612"}), "site-dice"},
		"one person twice":     {throws(Throw{"V1", "1234"}, Throw{"V1", "5612"}), "site-dice"},
		"too few":              {throws(Throw{"V1", "123"}, Throw{"V2", "4561"}), "site-dice"},
		"letters":              {throws(Throw{"V1", "123x"}, Throw{"V2", "4561"}), "site-digits"},
		"nobody":               {throws(Throw{"", "1234"}, Throw{"V2", "4561"}), "site-digits"},
		"none at all":          {throws(), "site-local"},
		"two people, 8 digits": {throws(Throw{"V1", "1234"}, Throw{"V2", "4561"}), ""},
	}
}

func TestNobodyChoosesWhomToAsk(t *testing.T) {
	cases := wantRefused(t, Desk, siteAttacks())
	cases = append(cases, wantRefused(t, Local, villageDice())...)
	wantVectors(t, "site-attacks.jsonl", cases)
}

// wantRefused plays attacks in villages of a mode, and gives them for those who write
// another program.
func wantRefused(t *testing.T, mode string, attacks map[string]siteAttack) (cases []any) {
	for _, name := range slices.Sorted(maps.Keys(attacks)) {
		v := settle(t, mode)
		attacks[name].do(v)
		done := v.verify()
		cases = append(cases, siteCase{
			name, Canonical(&v.record), Canonical(v.certificate), v.roster, done.Result, done.problem(),
		})
		t.Run(name, func(t *testing.T) {
			var have string
			if p := done.problem(); p != nil {
				have = p.Code
			}
			if have != attacks[name].want {
				t.Errorf("%s %q, want %q: %+v", done.Result, have, attacks[name].want, done.Steps)
			}
		})
	}
	return cases
}

func TestANameMoreChangesNothingForTheOthers(t *testing.T) {
	v := settle(t, Desk)
	key := SiteDraw(v.record.PlanHash, siteName, v.record.Key, v.certificate.Throws, nil)
	more, err := ReadRoster([]byte(v.roster + "7-7,某人,0\n8-8,晚到,1\n"))
	if err != nil {
		t.Fatal(err)
	}
	order := more.Order(siteName, key)
	if last := order[len(order)-1]; last.Key != "8-8" || last.Late != 1 {
		t.Errorf("who came late is %+v", last)
	}
	var left []string
	for _, c := range order {
		if c.Key != "7-7" && c.Key != "8-8" {
			left = append(left, c.Key)
		}
	}
	var before []string
	for _, c := range v.order {
		before = append(before, c.Key)
	}
	if !slices.Equal(left, before) {
		t.Errorf("%v, was %v", left, before)
	}
}

func TestARosterIsReadAsItIsWritten(t *testing.T) {
	for _, text := range []string{
		"key\n1-1\n1-2\n",
		"key,name\n1-1,張三\n1-2,\"李四, 之妻\"\n",
		"key,name,late\n1-1,張三,0\n1-2,\"叫 \"\"阿四\"\" 的\",1\n",
	} {
		r, err := ReadRoster([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if have := string(AppendRoster(nil, r)); have != text {
			t.Errorf("%q, want %q", have, text)
		}
	}
}

func TestRostersOfSeveralUnitsAreReadFromOneTable(t *testing.T) {
	rosters, err := ReadRosters([]byte("unit,key,name\nU2,1-1,甲\nU1,1-1,乙\nU1,1-2,\n"))
	if err != nil || len(rosters) != 2 || rosters["U1"].Size() != 2 || rosters["U2"].People[0].Attribute("name") != "甲" {
		t.Fatalf("%v %+v", err, rosters)
	}
	for text, want := range map[string]string{
		"unit,name\nU1,甲\n":                "frame-no-column",
		"key,name\n1-1,甲\n":                "frame-no-column",
		"unit,key\nU1,頁 1\n":               "frame-row-id",
		"unit,key\nU1,1-1\nU1,1-1\n":       "roster-key",
		"unit,key,name\nU1,1-1,\xb5\xc8\n": "not-utf8",
		"unit,key,name\nU1,1-1,甲\x01\n":    "frame-value",
	} {
		if _, err := ReadRosters([]byte(text)); ProblemOf(err) == nil || ProblemOf(err).Code != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestUnlockCodesFindSlips(t *testing.T) {
	unlock := [UnlockSize]byte{1, 2, 3, 0xfe, 0xff, 9, 8, 7, 6, 5}
	text := UnlockCode(unlock)
	for _, written := range []string{text, strings.ToLower(text), strings.ReplaceAll(text, "-", " "), strings.ReplaceAll(text, "0", "o")} {
		if have, err := ParseUnlock(written); err != nil || have != unlock {
			t.Errorf("%s: %v %v", written, have, err)
		}
	}
	plain := strings.ReplaceAll(text, "-", "")
	for i := range plain {
		for _, letter := range letters {
			if byte(letter) == plain[i] {
				continue
			}
			if _, err := ParseUnlock(plain[:i] + string(letter) + plain[i+1:]); err == nil {
				t.Errorf("%s with %c at %d is read", plain, letter, i)
			}
		}
	}
	for i := range plain[:16] {
		for k := range i {
			swapped := []byte(plain)
			swapped[i], swapped[k] = swapped[k], swapped[i]
			if _, err := ParseUnlock(string(swapped)); err == nil && swapped[i] != swapped[k] {
				t.Errorf("%s is read", swapped)
			}
		}
	}
	sealed := Seal("2026Q4", siteName, unlock, Hash{7})
	if key, err := Open("2026Q4", siteName, unlock, sealed); err != nil || key != (Hash{7}) {
		t.Errorf("%v %v", key, err)
	}
	for _, c := range [][2]string{{"2026Q4", "V02"}, {"2026Q3", siteName}} {
		if _, err := Open(c[0], c[1], unlock, sealed); err == nil {
			t.Errorf("%v opens it too", c)
		}
	}
}

func TestOneBehindADoorIsChosenAsOftenAsAnother(t *testing.T) {
	const people, rounds = 5, 20_000
	seen := make([]int, people)
	for k := range rounds {
		seen[Within(siteName, "D"+fmt.Sprint(k), people, keyOf("door", 0))-1]++
	}
	wantUniform(t, "people behind doors", seen, rounds)
}

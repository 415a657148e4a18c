package ledger_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/ledger"
	"sansuiji/server/photo"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/syncengine/edit"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t,
		TestAnEntryGoesFromOpenToCloseOutThroughThreePeople,
		TestAnAcceptedFindingGoesIntoTheLedgerOnce,
		TestAConclusionGoesIntoTheLedgerOfEachUnit,
		TestManyFindingsGoIntoTheLedgerAtOnce,
		TestAnEntryIsOnTimeUntilTheEndOfItsDay,
		TestTheListIsNarrowedByEachFilter,
		TestAUnitSeesAndTouchesItsOwnEntriesAlone,
		TestEvidenceIsTakenByItsBytesAndStays,
		TestAChangeSaysWhatItWas,
		TestManyEntriesAreDealtWithEachByItself,
		TestRemindersAreByResponsibleUnit,
	)
}

// office is a world with a ledger.
type office struct {
	*ingesttest.World
	*ledger.Service
	t       *testing.T
	entries [2]schema.RowID // of the two units
}

// People of the tests. Two have one name.
var (
	zhao = ledger.Person{Login: "zhao", Name: "老趙"}
	qian = ledger.Person{Login: "qian", Name: "老錢"}
	zha2 = ledger.Person{Login: "zhao2", Name: "老趙"}
)

const day = 24 * time.Hour

func newOffice(t *testing.T) *office {
	t.Helper()
	w := ingesttest.New(t)
	photos := &photo.Service{Folder: filepath.Join(t.TempDir(), "photos"), Store: w.Store, Now: func() time.Time { return w.Now }}
	must(t, photos.MakeFolder())
	o := &office{World: w, Service: &ledger.Service{Ingest: w.Service, Photos: photos}, t: t}
	for i := range o.entries {
		o.entries[i] = o.entry(i, fmt.Sprint("問題", i), edit.Cells{"due_at": edit.Int(w.Now.Add(3 * day).UnixMilli())})
	}
	return o
}

// entry adds a problem of a unit with an entry.
func (o *office) entry(unit int, title string, cells edit.Cells) schema.RowID {
	problem, id := schema.NewRowID(), schema.NewRowID()
	cells["problem_id"] = edit.ID(problem)
	o.Write(func(b *edit.Builder) {
		b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(o.Units[unit]), "title": edit.Text(title), "source": edit.Text("self")})
		b.Insert("ledger_entry", id, cells)
	})
	return id
}

func (o *office) home(unit int) ledger.Person {
	return ledger.Person{Login: fmt.Sprint("unit", unit), Name: "責任單位", Home: &ledger.Home{Campaign: o.Campaign, Unit: o.Units[unit]}}
}

func (o *office) detail(who ledger.Person, id schema.RowID) ledger.EntryDetail {
	o.t.Helper()
	d, err := o.Entry(o.t.Context(), o.Campaign, who, id)
	must(o.t, err)
	return d
}

// act does something with an entry as it is now.
func (o *office) act(who ledger.Person, id schema.RowID, kind ledger.Kind, text string) error {
	o.t.Helper()
	o.Now = o.Now.Add(time.Minute)
	return o.Act(o.t.Context(), o.Campaign, who, id, ledger.Doing{Kind: kind, Text: text, ReadAt: o.detail(zhao, id).ReadAt})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fails wants a fault.
func fails(t *testing.T, err error, code string) {
	t.Helper()
	if schema.FaultCode(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}

func TestAnEntryGoesFromOpenToCloseOutThroughThreePeople(t *testing.T) {
	o := newOffice(t)
	id, unit := o.entries[0], o.home(0)
	fails(t, o.act(zhao, id, ledger.Check, "屬實"), schema.FaultLedgerState)
	fails(t, o.act(unit, id, ledger.Report, " "), schema.FaultReasonWanted)
	must(t, o.act(unit, id, ledger.Report, "已修一半"))
	must(t, o.act(unit, id, ledger.Claim, "全部修好"))
	fails(t, o.act(unit, id, ledger.Check, "屬實"), schema.FaultLedgerState)
	must(t, o.act(zhao, id, ledger.Reject, "燈還不亮"))
	must(t, o.act(zhao, id, ledger.Claim, "單位寄來材料，代報"))
	fails(t, o.act(zhao, id, ledger.Check, "屬實"), schema.FaultSecondPerson)
	fails(t, o.act(qian, id, ledger.Check, ""), schema.FaultReasonWanted)
	must(t, o.act(qian, id, ledger.Check, "屬實"))
	fails(t, o.act(qian, id, ledger.CloseOut, ""), schema.FaultSecondPerson)
	fails(t, o.act(zhao, id, ledger.CloseOut, ""), schema.FaultSecondPerson)
	must(t, o.act(zha2, id, ledger.CloseOut, ""))
	d := o.detail(zhao, id)
	if d.State != ledger.Closed || d.ClosedBy != "老趙（zhao2）" || d.CheckedBy != "老錢（qian）" || d.Progress != "單位寄來材料，代報" {
		t.Errorf("closed out %+v", d.Entry)
	}
	fails(t, o.act(unit, id, ledger.Report, "再報"), schema.FaultLedgerState)
	must(t, o.act(zhao, id, ledger.Reopen, "群眾反映又壞了"))
	d = o.detail(zhao, id)
	var kinds []string
	for _, a := range d.Acts {
		kinds = append(kinds, string(a.Kind))
	}
	if d.State != ledger.Open || d.Reopened != 1 || d.ClosedBy != "" || d.CheckedAt != nil ||
		strings.Join(kinds, " ") != "progress claimed rejected claimed checked closed reopened" {
		t.Errorf("reopened %+v %v", d.Entry, kinds)
	}
	fails(t, o.Act(t.Context(), o.Campaign, zhao, id, ledger.Doing{Kind: ledger.Claim, Text: "x", ReadAt: d.ReadAt - 2}), schema.FaultStale)
	o.Check()
}

func TestACheckMayRestOnAVisitThatSawTheProblem(t *testing.T) {
	o := newOffice(t)
	id := o.entries[0]
	must(t, o.act(o.home(0), id, ledger.Claim, "好了"))
	do := ledger.Doing{Kind: ledger.Check, VisitID: o.Visits[0].String(), ReadAt: o.detail(qian, id).ReadAt}
	fails(t, o.Act(t.Context(), o.Campaign, qian, id, do), schema.FaultValue)
	problem, err := schema.ParseID[schema.RowID](o.detail(qian, id).ProblemID)
	must(t, err)
	o.Write(func(b *edit.Builder) {
		b.Insert("verification", schema.NewRowID(), edit.Cells{
			"visit_id": edit.ID(o.Visits[0]), "problem_id": edit.ID(problem), "outcome": edit.Text("rectified"),
		})
	})
	must(t, o.Act(t.Context(), o.Campaign, qian, id, do))
	if d := o.detail(qian, id); len(d.Verifications) != 1 || d.Outcome != "rectified" || d.Acts[1].Visit != "一組" {
		t.Errorf("%+v", d)
	}
	if d := o.detail(o.home(0), id); len(d.Verifications) != 0 || d.Outcome != "" {
		t.Errorf("the unit is told what the team saw: %+v", d)
	}
}

// What was imported is due from the first moment of a day on, what headquarters asks for
// from the end of work on: neither is late before the day is over.
func TestAnEntryIsOnTimeUntilTheEndOfItsDay(t *testing.T) {
	o := newOffice(t)
	midnight := time.Date(2026, 11, 26, 0, 0, 0, 0, time.FixedZone("", 8*60*60))
	o.entry(0, "導入", edit.Cells{"due_at": edit.Int(midnight.UnixMilli()), "responsible_unit": edit.Text("鎮政府")})
	o.entry(1, "總部", edit.Cells{"due_at": edit.Int(midnight.Add(18 * time.Hour).UnixMilli()), "responsible_unit": edit.Text("鎮政府")})
	for _, c := range []struct {
		hours       int
		overdue, in int
		days        int64
	}{{-30, 0, 2, 2}, {19, 0, 2, 0}, {23, 0, 2, 0}, {24, 2, 0, -1}, {43, 2, 0, -1}} {
		o.Now = midnight.Add(time.Duration(c.hours) * time.Hour)
		page, err := o.List(t.Context(), o.Campaign, zhao, ledger.Filter{Responsible: "鎮政府", Due: "overdue"}, 0, 10)
		must(t, err)
		if page.Total != c.overdue || page.Counts.Overdue != c.overdue || page.Counts.Week != c.in {
			t.Errorf("%+d hours: %d overdue, counts %+v", c.hours, page.Total, page.Counts)
		}
		r, err := o.Reminders(t.Context(), o.Campaign, "", 2)
		must(t, err)
		at := slices.IndexFunc(r.List, func(one ledger.Reminder) bool { return one.ResponsibleUnit == "鎮政府" })
		if at < 0 || r.List[at].Overdue != c.overdue || r.List[at].Items[1].Days != c.days {
			t.Errorf("%+d hours: %+v", c.hours, r.List)
		}
	}
}

func TestTheListIsNarrowedByEachFilter(t *testing.T) {
	o := newOffice(t)
	at := func(d time.Duration) edit.Cells { return edit.Cells{"due_at": edit.Int(o.Now.Add(d).UnixMilli())} }
	late := at(-day)
	late["responsible_unit"], late["measure"] = edit.Text("鎮政府"), edit.Text("換燈_100%")
	o.entry(0, "燈不亮", late)
	o.entry(1, "路不平", at(20*day))
	o.entry(1, "沒有時限", edit.Cells{})
	closed := at(-2 * day)
	closed["state"] = edit.Text("closed")
	o.entry(1, "老帳", closed)
	titles := func(f ledger.Filter, offset, limit int) (string, ledger.EntryPage) {
		page, err := o.List(t.Context(), o.Campaign, zhao, f, offset, limit)
		must(t, err)
		var list []string
		for _, e := range page.Entries {
			list = append(list, e.Problem)
		}
		return strings.Join(list, " "), page
	}
	for name, c := range map[string]struct {
		filter ledger.Filter
		want   string
	}{
		"nothing":   {ledger.Filter{}, "燈不亮 問題0 問題1 路不平 沒有時限 老帳"},
		"state":     {ledger.Filter{State: "closed"}, "老帳"},
		"overdue":   {ledger.Filter{Due: "overdue"}, "燈不亮"},
		"week":      {ledger.Filter{Due: "week"}, "問題0 問題1"},
		"month":     {ledger.Filter{Due: "month"}, "問題0 問題1 路不平"},
		"county":    {ledger.Filter{County: "霽川縣"}, "燈不亮 問題0"},
		"unit":      {ledger.Filter{Responsible: "鎮政府"}, "燈不亮"},
		"source":    {ledger.Filter{Source: "public"}, ""},
		"text":      {ledger.Filter{Search: "_100%"}, "燈不亮"},
		"wildcards": {ledger.Filter{Search: "%"}, "燈不亮"},
		"several":   {ledger.Filter{Due: "month", County: "雲汀區"}, "問題1 路不平"},
	} {
		got, page := titles(c.filter, 0, 50)
		if got != c.want || page.Total != len(strings.Fields(c.want)) {
			t.Errorf("%s: %q of %d, want %q", name, got, page.Total, c.want)
		}
	}
	got, page := titles(ledger.Filter{State: "open", Due: "overdue"}, 0, 1)
	want := ledger.EntryCounts{All: 6, Open: 5, Closed: 1, Overdue: 1, Week: 2, Month: 3}
	if page.Counts != want || got != "燈不亮" {
		t.Errorf("counts %+v, want %+v", page.Counts, want)
	}
	if got, page = titles(ledger.Filter{}, 2, 2); got != "問題1 路不平" || page.Total != 6 {
		t.Errorf("second page %q of %d", got, page.Total)
	}
	for _, f := range []ledger.Filter{{Due: "soon"}, {County: "\x00"}, {Search: "\xff"}} {
		_, err := o.List(t.Context(), o.Campaign, zhao, f, 0, 1)
		fails(t, err, schema.FaultValue)
	}
}

func TestAUnitSeesAndTouchesItsOwnEntriesAlone(t *testing.T) {
	o := newOffice(t)
	mine, other, unit := o.entries[0], o.entries[1], o.home(0)
	named := o.entry(1, "要村裡配合", edit.Cells{"responsible_unit": edit.Text("槐塘村")})
	page, err := o.List(t.Context(), o.Campaign, unit, ledger.Filter{}, 0, 10)
	must(t, err)
	if page.Total != 2 || page.Counts.All != 2 {
		t.Errorf("%+v", page)
	}
	_, err = o.Entry(t.Context(), o.Campaign, unit, other)
	fails(t, err, schema.FaultNotFound)
	fails(t, o.act(unit, other, ledger.Claim, "冒報"), schema.FaultNotFound)
	_, err = o.Upload(t.Context(), o.Campaign, unit, other, []byte("%PDF-1.7"))
	fails(t, err, schema.FaultNotFound)
	must(t, o.act(unit, named, ledger.Report, "已配合"))
	must(t, o.act(unit, mine, ledger.Report, "在辦"))
	_, err = o.List(t.Context(), schema.CampaignID(schema.NewRowID()), unit, ledger.Filter{}, 0, 10)
	fails(t, err, schema.FaultNotFound)
	o.Write(func(b *edit.Builder) { // a name of two units names neither
		b.Insert("unit", schema.NewRowID(), edit.Cells{"code": edit.Text("V2"), "name": edit.Text("槐塘村"), "category": edit.Text("village")})
	})
	_, err = o.Entry(t.Context(), o.Campaign, unit, named)
	fails(t, err, schema.FaultNotFound)
}

func TestEvidenceIsTakenByItsBytesAndStays(t *testing.T) {
	o := newOffice(t)
	id, unit := o.entries[0], o.home(0)
	var picture bytes.Buffer
	must(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))))
	upload := func(body []byte) (ledger.Uploaded, error) { return o.Upload(t.Context(), o.Campaign, unit, id, body) }
	for code, body := range map[string][]byte{
		schema.FaultEvidenceKind: []byte("<html><script>alert(1)</script>"), schema.FaultEvidenceSize: {},
	} {
		_, err := upload(body)
		fails(t, err, code)
	}
	_, err := upload(append([]byte("%PDF-1.7\n"), make([]byte, ledger.EvidenceSizeMax)...))
	fails(t, err, schema.FaultEvidenceSize)
	photo, err := upload(picture.Bytes())
	must(t, err)
	pdf, err := upload([]byte("%PDF-1.7\n%%EOF"))
	must(t, err)
	must(t, o.Act(t.Context(), o.Campaign, unit, id, ledger.Doing{
		Kind: ledger.Claim, Text: "見附件", ReadAt: o.detail(unit, id).ReadAt, Evidence: []ledger.Shown{
			{Hash: photo.Hash, Name: `C:\fotos\完工.png`, Caption: "完工"}, {Hash: pdf.Hash, Name: "../../驗收單.pdf"},
		},
	}))
	_, err = o.Photos.Sweep(t.Context())
	must(t, err)
	shown := o.detail(zhao, id).Acts[0].Evidence
	slices.SortFunc(shown, func(a, b ledger.Evidence) int { return strings.Compare(b.MediaType, a.MediaType) })
	if len(shown) != 2 || shown[0].Name != "完工.png" || shown[0].MediaType != "image/png" || shown[1].Name != "驗收單.pdf" {
		t.Fatalf("%+v", shown)
	}
	evidence, err := schema.ParseID[schema.RowID](shown[0].ID)
	must(t, err)
	f, _, err := o.File(t.Context(), o.Campaign, unit, id, evidence)
	must(t, err)
	defer func() { must(t, f.Close()) }()
	if b, err := io.ReadAll(f); err != nil || !bytes.Equal(b, picture.Bytes()) {
		t.Errorf("other bytes: %v", err)
	}
	_, _, err = o.File(t.Context(), o.Campaign, o.home(1), id, evidence)
	fails(t, err, schema.FaultNotFound)
	_, _, err = o.File(t.Context(), o.Campaign, o.home(1), o.entries[1], evidence)
	fails(t, err, schema.FaultNotFound)
	small, err := o.Thumbnail(t.Context(), o.Campaign, zhao, id, evidence)
	must(t, err)
	must(t, small.Close())
	err = o.Act(t.Context(), o.Campaign, unit, id, ledger.Doing{
		Kind: ledger.Report, Text: "x", ReadAt: o.detail(unit, id).ReadAt, Evidence: []ledger.Shown{{Hash: strings.Repeat("0", 64), Name: "x"}},
	})
	fails(t, err, schema.FaultNotFound)
	o.Check()
}

func TestAChangeSaysWhatItWas(t *testing.T) {
	o := newOffice(t)
	id := o.entries[0]
	due := o.Now.Add(10 * day).UnixMilli()
	change := func(terms ledger.Terms) error {
		return o.Change(t.Context(), o.Campaign, zhao, id, ledger.Changing{Terms: terms, Reason: "雨季", ReadAt: o.detail(zhao, id).ReadAt})
	}
	terms := ledger.Terms{Measure: "修溝", Person: "張三", DueAt: &due}
	must(t, change(terms))
	must(t, change(terms)) // nothing
	way := ledger.Way{Steps: []ledger.EntryStep{{Text: "勘察"}, {Text: "施工", DueAt: &due}}, ReadAt: o.detail(zhao, id).ReadAt}
	must(t, o.SetSteps(t.Context(), o.Campaign, zhao, id, way))
	d := o.detail(zhao, id)
	d.StepList[1].DoneAt, d.StepList[1].Text = &due, "開工"
	must(t, o.SetSteps(t.Context(), o.Campaign, zhao, id, ledger.Way{Steps: append(d.StepList[1:], ledger.EntryStep{Text: "驗收"}), ReadAt: d.ReadAt}))
	fails(t, o.SetSteps(t.Context(), o.Campaign, zhao, id, ledger.Way{Steps: d.StepList, ReadAt: d.ReadAt}), schema.FaultStale)
	d = o.detail(zhao, id)
	if len(d.Acts) != 3 || d.Acts[0].Text != "雨季\n整改措施：（空） → 修溝\n責任人：（空） → 張三\n整改時限：2026-09-24 → 2026-10-01" {
		t.Errorf("%+v", d.Acts)
	}
	if len(d.StepList) != 2 || d.StepList[0].Text != "開工" || d.StepList[1].Text != "驗收" || d.Steps != 2 || d.StepsDone != 1 {
		t.Errorf("%+v", d.StepList)
	}
	must(t, o.act(zhao, id, ledger.Claim, "x"))
	must(t, o.act(qian, id, ledger.Check, "x"))
	fails(t, change(ledger.Terms{}), schema.FaultLedgerState)
	fails(t, o.Change(t.Context(), o.Campaign, o.home(1), o.entries[1], ledger.Changing{Reason: "x"}), schema.FaultLedgerState)
	o.Check()
}

func TestManyEntriesAreDealtWithEachByItself(t *testing.T) {
	o := newOffice(t)
	must(t, o.act(o.home(0), o.entries[0], ledger.Claim, "好了"))
	page, err := o.List(t.Context(), o.Campaign, zhao, ledger.Filter{}, 0, 10)
	must(t, err)
	gone := schema.NewRowID()
	results, err := o.ActAll(t.Context(), o.Campaign, zhao, []string{o.entries[0].String(), o.entries[1].String(), gone.String()},
		ledger.Doing{Kind: ledger.Check, Text: "集中核實", ReadAt: page.Revision})
	must(t, err)
	got := fmt.Sprint(results[0].Problem, "/", results[1].Problem, "/", results[2].Problem)
	if got != "/"+schema.FaultLedgerState+"/"+schema.FaultNotFound {
		t.Error(got)
	}
}

func TestRemindersAreByResponsibleUnit(t *testing.T) {
	o := newOffice(t)
	for i, d := range []time.Duration{-day, -3 * day, 2 * day, 40 * day} {
		o.entry(1, fmt.Sprint("事", i), edit.Cells{"due_at": edit.Int(o.Now.Add(d).UnixMilli()), "responsible_unit": edit.Text("鎮政府")})
	}
	r, err := o.Reminders(t.Context(), o.Campaign, "", 7)
	must(t, err)
	if len(r.List) != 3 || r.List[0].ResponsibleUnit != "鎮政府" || r.List[0].Overdue != 2 || r.List[0].Soon != 1 ||
		r.List[0].Items[0].Days != -3 || r.List[0].Items[2].Days != 2 || r.List[1].ResponsibleUnit != "槐塘村" {
		t.Errorf("%+v", r)
	}
	if r, err = o.Reminders(t.Context(), o.Campaign, "霽川縣", 0); err != nil || len(r.List) != 0 {
		t.Errorf("%+v %v", r, err)
	}
	names, err := o.Responsible(t.Context(), o.Campaign)
	if err != nil || fmt.Sprint(names) != "[鎮政府]" {
		t.Errorf("%v %v", names, err)
	}
}

package intake_test

import (
	"fmt"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/intake"
	"sansuiji/server/store/postgres/postgrestest"

	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(
		t,
		TestUnitsOfAnOfficeProgramAreImportedAndImportedAgain,
		TestAllKindsOfAnOfficeAreImportedOneAfterAnother,
		TestNothingIsImportedWhileARowIsWrong,
		TestAnInterruptedImportIsFinishedByImportingAgain,
		TestWhatHeadquartersWritesMeanwhileIsNotWrittenTwice,
		TestThePersonsMappingIsRememberedForSuchAHeader,
	)
}

const unitList = `SELECT code || ' ' || name || ' ' || category || ' ' || coalesce(county, '-') || ' ' ||
	coalesce(CAST(members AS TEXT), '-') FROM unit WHERE campaign_no = $1 ORDER BY code`

func TestUnitsOfAnOfficeProgramAreImportedAndImportedAgain(t *testing.T) {
	o := newOffice(t)
	in := file(t, "units-gbk.csv")
	p := o.preview("units", in)
	if diff := cmp.Diff([]int{3}, p.HeaderRows); diff != "" || p.Rows != 3 || p.Skipped != 3 || p.Blank != 2 {
		t.Errorf("header %v, %d rows, %d skipped, %d blank", p.HeaderRows, p.Rows, p.Skipped, p.Blank)
	}
	if p.Inserts != 2 || p.UpdateCount != 1 || p.Absent != 1 || len(p.Unused) != 1 {
		t.Errorf("%+v", p)
	}
	if o.rows(unitList)[1] != "V1 槐塘村 village 霽川縣 -" {
		t.Error("a preview wrote", o.rows(unitList))
	}
	if r := o.apply("units", in); r != (intake.ImportResult{Inserted: 2, Updated: 1, Absent: 1}) {
		t.Errorf("%+v", r)
	}
	want := []string{
		"S1 一小 school 雲汀區 -", "S9 第二小学 school 云汀区 12",
		"V1 槐塘村 village 霁川县 41", "V2 杨湾村 village 霁川县 1036",
	}
	if diff := cmp.Diff(want, o.rows(unitList)); diff != "" {
		t.Error(diff)
	}
	before := o.Position()
	if r := o.apply("units", in); r != (intake.ImportResult{Unchanged: 3, Absent: 1}) || o.Position() != before {
		t.Errorf("again: %+v, %d entries", r, o.Position()-before)
	}
	events := o.rows("SELECT kind || ' ' || actor || ' ' || detail FROM event WHERE campaign_no = $1")
	if diff := cmp.Diff([]string{"imported 老趙 units units-gbk.csv 3 2 1"}, events); diff != "" {
		t.Error(diff)
	}
	o.Check()
}

func TestAllKindsOfAnOfficeAreImportedOneAfterAnother(t *testing.T) {
	o := newOffice(t)
	o.apply("problems", file(t, "problems.tsv"))
	o.apply("ledger", file(t, "ledger-dates.csv"))
	o.apply("commitments", file(t, "commitments.csv"))
	o.apply("questions", file(t, "questions.csv"))
	o.apply("people", file(t, "people.csv"))
	for query, want := range map[string][]string{
		`SELECT u.name || CAST(p.number AS TEXT) || p.title || p.source || p.severity || p.reach FROM problem p
			JOIN unit u ON u.campaign_no = p.campaign_no AND u.id = p.unit_id WHERE p.campaign_no = $1 ORDER BY u.code, p.number`: {
			"一小1食堂留樣不全superiorminorindividual", "槐塘村1黨務公開不及時selfmoderateindividual", "槐塘村2集體資產台賬不清publicseriouscommon",
		},
		`SELECT measure || ' ' || state || ' ' || CAST(due_at AS TEXT) FROM ledger_entry WHERE campaign_no = $1 ORDER BY due_at, measure`: {
			"每月更新 open 1795536000000", "補齊留樣 claimed 1795536000000", "逐項清點 open 1796054400000", "公示結果 open 1798646400000",
		},
		`SELECT title || ' ' || CAST(due_at AS TEXT) FROM commitment WHERE campaign_no = $1 ORDER BY title DESC`: {
			"村級活動場所改造 1795536000000", "操場翻新 1795968000000",
		},
		`SELECT code || ' ' || usage || ' ' || coalesce(category, '-') || ' ' || kind || ' ' || coalesce(options, '-') || ' ' || CAST(required AS TEXT)
			FROM question WHERE campaign_no = $1 ORDER BY code`: {
			"C01 check - yesno - 1", "C02 check village choice 賬實相符\n部分不符 1", "I01 interview - scale - 0",
		},
		`SELECT t.name || ' ' || i.name || ' ' || m.role FROM team_member m
			JOIN team t ON t.campaign_no = m.campaign_no AND t.id = m.team_id
			JOIN inspector i ON i.campaign_no = m.campaign_no AND i.id = m.inspector_id
			WHERE m.campaign_no = $1 ORDER BY t.number, i.name`: {
			"一組 王某 member", "一組 甲 leader", "二組 乙 member", "第三核查組 李某 leader", "第三核查組 趙某 member",
		},
	} {
		if diff := cmp.Diff(want, o.rows(query)); diff != "" {
			t.Errorf("%s\n%s", query, diff)
		}
	}
	for kind, name := range map[string]string{
		"problems": "problems.tsv", "ledger": "ledger-dates.csv", "commitments": "commitments.csv",
		"questions": "questions.csv", "people": "people.csv",
	} {
		if r := o.apply(kind, file(t, name)); r.Inserted+r.Updated > 0 || r.Unchanged == 0 {
			t.Errorf("%s again: %+v", name, r)
		}
	}
	o.Check()
}

func TestNothingIsImportedWhileARowIsWrong(t *testing.T) {
	o := newOffice(t)
	in, before := file(t, "units-mistakes.csv"), o.Position()
	_, err := o.service.Apply(t.Context(), o.Campaign, "units", in, "")
	fails(t, err, schema.FaultImportMistakes)
	if o.Position() != before {
		t.Error("something was written")
	}
	var got []string
	for _, m := range o.preview("units", in).Problems {
		if m.Say.Zh == "" || m.Say.En == "" {
			t.Errorf("no words for %+v", m)
		}
		got = append(got, fmt.Sprintf("%d %s %s %q", m.Row, m.Column, m.Code, m.Value))
	}
	want := []string{
		`2 領域 choice "鄉村"`, `3 黨員人數 integer "三"`, `3 單位名稱 required ""`, `4 緯度 degrees "91"`,
		`4 單位代碼 duplicate "A1"`, `5 單位代碼 formula "#REF!"`, `6 黨員人數 integer "-1"`, `6 單位代碼 required ""`,
		"7 單位名稱 control \"戊\\u202e村\"", `7 黨員人數 integer "1.5"`, `7 緯度 degrees "abc"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Whoever imports could else close out alone what takes three people.
func TestATableChangesNoStateOfTheLedger(t *testing.T) {
	o := newOffice(t)
	o.apply("problems", file(t, "problems.tsv"))
	o.apply("ledger", file(t, "ledger-dates.csv"))
	states := `SELECT state FROM ledger_entry WHERE campaign_no = $1 ORDER BY due_at, measure`
	before := o.rows(states)
	in := csv("單位名稱,問題,整改措施,狀態", "槐塘村,黨務公開不及時,每月更新,銷號", "一小,1,補齊留樣,未完成")
	_, err := o.service.Apply(t.Context(), o.Campaign, "ledger", in, "")
	fails(t, err, schema.FaultImportMistakes)
	var got []string
	for _, m := range o.preview("ledger", in).Problems {
		got = append(got, fmt.Sprintf("%d %s %s %q", m.Row, m.Column, m.Code, m.Value))
	}
	if diff := cmp.Diff([]string{`2 狀態 state "銷號"`, `3 狀態 state "未完成"`}, got); diff != "" {
		t.Error(diff)
	}
	same := csv("單位名稱,問題,整改措施,責任人,狀態", "槐塘村,黨務公開不及時,每月更新,丁,", "一小,1,補齊留樣,丁,已完成")
	if r := o.apply("ledger", same); r.Updated != 2 {
		t.Errorf("%+v", r)
	}
	if diff := cmp.Diff(before, o.rows(states)); diff != "" {
		t.Error(diff)
	}
	o.Check()
}

// manyUnits are more than two entries hold.
func manyUnits(n int) intake.ImportFile {
	lines := []string{"單位代碼,單位名稱,領域"}
	for i := range n {
		lines = append(lines, fmt.Sprintf("U%06d,某村%d,村", i, i))
	}
	return csv(lines...)
}

func TestAnInterruptedImportIsFinishedByImportingAgain(t *testing.T) {
	o := newOffice(t)
	in, entries := manyUnits(2500), 0
	o.Service.Points = func(name string) {
		if name == "edit.signed" {
			if entries++; entries == 3 {
				panic("the power fails")
			}
		}
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = o.service.Apply(t.Context(), o.Campaign, "units", in, "")
	}()
	o.Service.Points = nil
	if n := len(o.rows(unitList)); n != 2002 {
		t.Fatalf("%d units", n)
	}
	if r := o.apply("units", in); r != (intake.ImportResult{Inserted: 500, Unchanged: 2000, Absent: 2}) {
		t.Errorf("%+v", r)
	}
	o.Check()
}

func TestWhatHeadquartersWritesMeanwhileIsNotWrittenTwice(t *testing.T) {
	o := newOffice(t)
	in, done := manyUnits(1500), false
	o.Service.Points = func(name string) {
		if name != "edit.written" || done {
			return
		}
		done = true // between the first entry and the second
		_, err := intake.New(o.Service).Apply(t.Context(), o.Campaign, "units", manyUnits(1600), "")
		must(t, err)
	}
	o.apply("units", in)
	if n := len(o.rows(unitList)); n != 1602 {
		t.Errorf("%d units", n)
	}
	o.Check()
}

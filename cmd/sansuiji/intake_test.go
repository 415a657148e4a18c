package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/intake"

	"filippo.io/age"
)

// importTable is a table of the checked-in ones.
func importTable(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "import", name))
	must(t, err)
	return b
}

func TestATableIsPreviewedAndImportedByRequest(t *testing.T) {
	p := start(t)
	f := jsonFormat()
	units := "/api/hq/campaigns/{campaign}/import/units"
	in := intake.ImportFile{Name: "units-gbk.csv", File: importTable(t, "units-gbk.csv")}
	var preview intake.ImportPreview
	f.read(t, p.send(p.hq(f.post(t, units+"/preview", in))), &preview)
	if preview.Inserts != 3 || preview.ProblemCount != 0 || len(preview.Mapping) != 10 {
		t.Errorf("%+v", preview)
	}
	var result intake.ImportResult
	f.read(t, p.send(p.hq(f.post(t, units, in))), &result)
	if result.Inserted != 3 || result.Absent == 0 {
		t.Errorf("%+v", result)
	}
	template := p.send(p.hq(request{path: units + "/template.csv"}))
	if template.status != http.StatusOK || !strings.Contains(string(template.body), "單位代碼") {
		t.Errorf("template: %s", &template)
	}
	p.refused(t, []refusal{
		{"a table with mistakes", p.hq(f.post(t, units, intake.ImportFile{Name: "a", File: importTable(t, "units-mistakes.csv")})), http.StatusUnprocessableEntity, schema.FaultImportMistakes},
		{"no table", p.hq(f.post(t, units+"/preview", intake.ImportFile{Name: "a", File: []byte{0}})), http.StatusUnprocessableEntity, schema.FaultImportFile},
		{"a large table", p.hq(f.post(t, units+"/preview", intake.ImportFile{Name: "a", File: make([]byte, intake.FileMax+1)})), http.StatusRequestEntityTooLarge, schema.FaultImportSize},
		{"another kind", p.hq(f.post(t, "/api/hq/campaigns/{campaign}/import/cows", in)), http.StatusUnprocessableEntity, schema.FaultBadRequest},
		{"another campaign", p.hq(f.post(t, "/api/hq/campaigns/"+nobodysID+"/import/units", in)), http.StatusNotFound, schema.FaultNotFound},
	})
}

func TestACampaignBeginsByRequest(t *testing.T) {
	p := start(t)
	f := jsonFormat()
	campaign := map[string]any{"code": "JC-2026-02", "name": "第二批", "city": "霽川市", "starts_at": 1_795_536_000_000}
	var added struct{ ID string }
	f.read(t, p.send(p.hq(f.post(t, "/api/hq/campaigns", campaign))), &added)
	in := intake.ImportFile{Name: "a.csv", File: importTable(t, "units-semicolon.csv")}
	var result intake.ImportResult
	f.read(t, p.send(p.hq(f.post(t, "/api/hq/campaigns/"+added.ID+"/import/units", in))), &result)
	if result.Inserted != 2 {
		t.Errorf("%+v", result)
	}
	one, err := age.GenerateX25519Identity()
	must(t, err)
	two, err := age.GenerateHybridIdentity()
	must(t, err)
	seal := func(text string) request {
		r := p.hq(f.post(t, "/api/hq/campaigns/"+added.ID+"/seal-key", map[string]string{"seal_to": text}))
		r.method = http.MethodPut
		return r
	}
	for range 2 {
		if a := p.send(seal("# 總部\n " + one.Recipient().String() + "\r\n")); a.status >= 300 {
			t.Errorf("seal: %s", &a)
		}
	}
	const invalid = http.StatusUnprocessableEntity
	bad := func(code string) request {
		return p.hq(f.post(t, "/api/hq/campaigns", map[string]string{"code": code, "name": "批", "city": ""}))
	}
	p.refused(t, []refusal{
		{"the same code", p.hq(f.post(t, "/api/hq/campaigns", campaign)), http.StatusConflict, schema.FaultCampaignTaken},
		{"a code with a space", bad("a b"), invalid, schema.FaultBadRequest},
		{"no code", bad(""), invalid, schema.FaultBadRequest},
		{"a secret key", seal(one.String()), invalid, schema.FaultSealKey},
		{"no key", seal(" \n"), invalid, schema.FaultSealKey},
		{"keys that do not mix", seal(one.Recipient().String() + "\n" + two.Recipient().String()), invalid, schema.FaultSealKey},
	})
}

func TestTablesAreImportedOnTheCommandLine(t *testing.T) {
	data := t.TempDir()
	do := func(want int, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		if code := run(args, nil, &out, &out); code != want {
			t.Errorf("%v: exit %d, want %d\n%s", args, code, want, &out)
		}
		return out.String()
	}
	table := func(name string) string { return filepath.Join("..", "..", "testdata", "import", name) }
	units := func(want int, args ...string) string {
		t.Helper()
		return do(want, append([]string{"import", "--data", data, "--campaign", "JC-1", "--kind", "units"}, args...)...)
	}
	units(1, table("units-gbk.csv")) // no database
	if _, err := os.Stat(databaseOf(data)); err == nil {
		t.Error("a database was made")
	}
	add := []string{"campaign", "add", "--data", data, "--code", "JC-1", "--name", "第一批", "--starts", "2026-11-25", "--ends", "2026-12-05"}
	do(0, add...)
	do(1, add...)
	do(2, "campaign", "add", "--data", data, "--code", "JC-2")
	do(2, "campaign", "fly")
	if list := do(0, "campaign", "list", "--data", data); !strings.Contains(list, "JC-1") || !strings.Contains(list, "第一批") {
		t.Error(list)
	}
	if out := units(0, "--dry-run", table("units-gbk.csv")); !strings.Contains(out, "新增 3") || strings.Contains(out, "已導入") {
		t.Error(out)
	}
	if out := units(0, "--lang", "en", table("units-gbk.csv")); !strings.Contains(out, "imported: 3 new") {
		t.Error(out)
	}
	if out := units(0, table("units-gbk.csv")); !strings.Contains(out, "新增 0，更新 0，未變 3") {
		t.Error(out)
	}
	if out := units(1, table("units-mistakes.csv")); !strings.Contains(out, "錯 第 4 行「單位代碼」列「A1」：與第 2 行重複") {
		t.Error(out)
	}
	if out := units(0, "--dry-run", "--map", "code=2", "--map", "name=3", "--map", "category=4", table("units-gbk.csv")); !strings.Contains(out, "未變 3") {
		t.Error(out)
	}
	units(2, "--map", "code", table("units-gbk.csv"))
	units(2)
	do(2, "import", "--kind", "cows", "--campaign", "JC-1", table("units-gbk.csv"))
	do(1, "import", "--data", data, "--kind", "units", "--campaign", "JC-9", table("units-gbk.csv"))
	if out := do(0, "import", "--kind", "people", "--template"); !strings.Contains(out, "組號,核查組名稱,姓名") {
		t.Error(out)
	}
	if out := do(0, "fsck", "--data", data); strings.Contains(out, "DIFFERS") {
		t.Error(out)
	}
}

func TestAnImportRefusesWhileAServerWorksOnTheFolder(t *testing.T) {
	p := start(t)
	var out bytes.Buffer
	args := []string{"import", "--data", p.data, "--campaign", p.access.Campaign.String(), "--kind", "units", filepath.Join("..", "..", "testdata", "import", "units-gbk.csv")}
	if code := run(args, nil, &out, &out); code != 1 || !strings.Contains(out.String(), "another sansuiji works on this folder") {
		t.Errorf("exit %d: %s", code, &out)
	}
}

package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/intake"
	"sansuiji/server/store"

	"github.com/xuri/excelize/v2"
)

// office is a world with somebody who imports tables.
type office struct {
	*ingesttest.World
	service *intake.Service
	t       testing.TB
}

func newOffice(t testing.TB) *office {
	t.Helper()
	w := ingesttest.New(t)
	return &office{w, intake.New(w.Service), t}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// file reads a checked-in table.
func file(t testing.TB, name string) intake.ImportFile {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "import", name))
	must(t, err)
	return intake.ImportFile{Name: name, File: b}
}

// csv is a table of lines.
func csv(lines ...string) intake.ImportFile {
	return intake.ImportFile{Name: "a.csv", File: []byte(strings.Join(lines, "\n"))}
}

// workbook makes one of sheets.
func workbook(t testing.TB, fill func(f *excelize.File)) intake.ImportFile {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	b, err := f.WriteToBuffer()
	must(t, err)
	must(t, f.Close())
	return intake.ImportFile{Name: "a.xlsx", File: b.Bytes()}
}

// put writes rows into a sheet from its first row on.
func put(t testing.TB, f *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		must(t, err)
		must(t, f.SetSheetRow(sheet, cell, &row))
	}
}

func (o *office) preview(kind string, in intake.ImportFile) intake.ImportPreview {
	o.t.Helper()
	p, err := o.service.Preview(o.t.Context(), o.Campaign, kind, in)
	must(o.t, err)
	return p
}

// apply imports a table with which nothing is wrong.
func (o *office) apply(kind string, in intake.ImportFile) intake.ImportResult {
	o.t.Helper()
	if p := o.preview(kind, in); p.ProblemCount > 0 {
		o.t.Fatalf("%s: %+v", in.Name, p.Problems)
	}
	r, err := o.service.Apply(o.t.Context(), o.Campaign, kind, in, "老趙")
	must(o.t, err)
	return r
}

// rows are those of a query of texts, its first argument being the campaign.
func (o *office) rows(query string) []string {
	o.t.Helper()
	var list []string
	must(o.t, o.Store.Read(o.t.Context(), o.Campaign, func(v store.View) (err error) {
		list, err = store.List(o.t.Context(), v, func(row store.Scanner) (text string, err error) {
			return text, row.Scan(&text)
		}, query, v.CampaignNo)
		return err
	}))
	return list
}

// fails wants a fault.
func fails(t testing.TB, err error, code string) {
	t.Helper()
	if schema.FaultCode(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}

// columnsOf are the mapped columns by field.
func columnsOf(p intake.ImportPreview) map[string]int {
	columns := map[string]int{}
	for _, m := range p.Mapping {
		if m.Column > 0 {
			columns[m.Field] = m.Column
		}
	}
	return columns
}

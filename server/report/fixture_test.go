package report_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/report"
	"sansuiji/server/review"
	"sansuiji/server/store"

	"github.com/xuri/excelize/v2"
)

// fixture is a campaign in a database of its own.
type fixture struct {
	store    store.Store
	campaign schema.CampaignID
	number   int64 // of the campaign in the database
	printer  report.Printer
}

// cells are column values by name.
type cells map[string]any

// row is a row to insert.
type row struct {
	table string
	id    schema.RowID
	cells cells
}

func newFixture(t testing.TB, rows ...row) *fixture {
	t.Helper()
	catalogue, s := schema.NewCatalogue(), ingesttest.Open(t)
	f := &fixture{store: s, campaign: schema.CampaignID(id("campaign"))}
	f.printer = report.Printer{Store: s, Catalogue: catalogue}
	if err := s.Begin(t.Context(), f.campaign, schema.Epoch(id("epoch"))); err != nil {
		t.Fatal(err)
	}
	if err := s.Read(t.Context(), f.campaign, func(v store.View) error {
		f.number = v.CampaignNo
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	f.insert(t, append(place(), rows...)...)
	return f
}

func (f *fixture) insert(t testing.TB, rows ...row) {
	t.Helper()
	if err := f.store.Office(t.Context(), func(q store.Queryer) error {
		for _, r := range rows {
			if err := r.insert(t.Context(), q, f.number); err != nil {
				return fmt.Errorf("insert %s: %w", r.table, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (r row) insert(ctx context.Context, q store.Queryer, campaign int64) error {
	names := []string{"campaign_no", "id"}
	args := []any{campaign, r.id[:]}
	marks := []string{"$1", "$2"}
	if r.table != "conflict" {
		names = append(names, "_scope", "_revision", "_clocks")
		args, marks = append(args, 1, 1, []byte{}), append(marks, "$3", "$4", "$5")
	}
	for name, value := range r.cells {
		if ref, ok := value.(schema.RowID); ok {
			value = ref[:]
		}
		names, args = append(names, name), append(args, value)
		marks = append(marks, fmt.Sprintf("$%d", len(args)))
	}
	_, err := q.ExecContext(ctx, "INSERT INTO "+r.table+" ("+strings.Join(names, ", ")+
		") VALUES ("+strings.Join(marks, ", ")+")", args...)
	return err
}

// id is an id that a word always has.
func id(word string) schema.RowID { return schema.NaturalRowID(word) }

// at is a moment of the inspection, Unix milliseconds.
func at(hour, minute int) int64 {
	return time.Date(2026, 11, 18, hour, minute, 0, 0, time.FixedZone("UTC+8", 8*3600)).UnixMilli()
}

// place is what stands around the findings: two teams at two units.
func place() []row {
	return []row{
		{"campaign", id("campaign"), cells{"code": "2026-秋", "name": "雲汀市三隨機核查", "city": "雲汀市"}},
		{"team", id("team 1"), cells{"number": 1, "name": "第一核查組"}},
		{"team", id("team 2"), cells{"number": 2, "name": "第二核查組"}},
		{"inspector", id("inspector"), cells{"name": "王堃"}},
		{"unit", id("unit 1"), cells{
			"code": "V0101001", "name": "槐塘村", "category": "village",
			"county": "霽川縣", "township": "石埠鎮", "team_id": id("team 1"),
		}},
		{"unit", id("unit 2"), cells{"code": "H0000001", "name": "雲汀市中醫院", "category": "hospital"}},
		{"visit", id("visit 1"), cells{
			"team_id": id("team 1"), "unit_id": id("unit 1"), "sequence": 1,
		}},
		{"visit", id("visit 2"), cells{
			"team_id": id("team 2"), "unit_id": id("unit 2"), "sequence": 1,
		}},
		{"problem", id("problem"), cells{
			"unit_id": id("unit 1"), "number": 1, "title": "三會一課記錄不全",
		}},
		{"commitment", id("commitment"), cells{
			"unit_id": id("unit 2"), "number": 1, "title": "改造老年病房",
		}},
	}
}

// finding is a finding at the first unit.
func finding(word string, c cells) row {
	r := row{"finding", id(word), cells{"visit_id": id("visit 1"), "title": word}}
	for name, value := range c {
		r.cells[name] = value
	}
	return r
}

// order is a workbook of findings.
func order(filter review.FindingFilter, language string) *report.Order {
	o := &report.Order{Format: report.XLSX, Filter: filter}
	o.Kind, o.Language = report.Findings, language
	return o
}

// workbook makes the report and reads it back.
func (f *fixture) workbook(
	t testing.TB, filter review.FindingFilter, language string,
) (*excelize.File, []byte) {
	t.Helper()
	return f.made(t, order(filter, language))
}

// made makes a workbook and reads it back.
func (f *fixture) made(t testing.TB, order *report.Order) (*excelize.File, []byte) {
	t.Helper()
	var b bytes.Buffer
	if _, err := f.printer.Make(t.Context(), f.campaign, order, &b, nil); err != nil {
		t.Fatal(err)
	}
	raw := slices.Clone(b.Bytes())
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book, raw
}

// column is a column's texts by its header.
func column(t testing.TB, book *excelize.File, sheet, title string) []string {
	t.Helper()
	rows, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.Index(rows[0], title)
	if i < 0 {
		t.Fatalf("sheet %s has no column %s: %q", sheet, title, rows[0])
	}
	var out []string
	for _, r := range rows[1:] {
		r = append(r, make([]string, len(rows[0]))...)
		out = append(out, r[i])
	}
	return out
}

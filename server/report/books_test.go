package report_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/report"
	"sansuiji/server/report/official"
	"sansuiji/syncengine/edit"

	"github.com/xuri/excelize/v2"
)

// busy is full with commitments, evidence in the ledger, marks over photos and scores.
func busy(t *testing.T) *office {
	t.Helper()
	o := full(t)
	o.shown()
	o.scored()
	return o
}

// shown adds acts to a ledger entry with two pictures, a text and what was lost.
func (o *office) shown() {
	o.Helper()
	bodies := [][]byte{o.photo(90_001), o.photo(90_002), []byte("合同\n")}
	o.Write(func(b *edit.Builder) {
		problem, entry, act := schema.NewRowID(), schema.NewRowID(), schema.NewRowID()
		b.Insert("commitment", schema.NewRowID(), edit.Cells{"unit_id": edit.ID(o.Units[0]), "number": edit.Int(1), "title": edit.Text("修通灌溉渠"), "goal": edit.Text("三公里")})
		b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(o.Units[0]), "number": edit.Int(99), "title": edit.Text("橋面破損未修")})
		b.Insert("ledger_entry", entry, edit.Cells{"problem_id": edit.ID(problem), "measure": edit.Text("=修復橋面"), "state": edit.Text("claimed")})
		b.Insert("ledger_step", schema.NewRowID(), edit.Cells{"ledger_entry_id": edit.ID(entry), "position": edit.Int(1), "text": edit.Text("備料")})
		b.Insert("ledger_act", act, edit.Cells{
			"ledger_entry_id": edit.ID(entry), "kind": edit.Text("claimed"), "text": edit.Text("橋面已修復"), "author": edit.Text("村黨總支"),
			"done_at": edit.Int(o.Now.UnixMilli()),
		})
		for i, body := range bodies {
			name, media := fmt.Sprintf("橋%d.jpg", i+1), "image/jpeg"
			if i == 2 {
				name, media = "合同.txt", "text/plain"
			}
			hash := o.take(body)
			b.Insert("evidence", schema.NewRowID(), edit.Cells{
				"ledger_act_id": edit.ID(act), "hash": edit.Bytes(hash[:]), "size": edit.Int(int64(len(body))), "media_type": edit.Text(media),
				"name": edit.Text(name), "caption": edit.Text("修復後"),
			})
		}
		b.Insert("evidence", schema.NewRowID(), edit.Cells{
			"ledger_act_id": edit.ID(act), "hash": edit.Bytes(bytes.Repeat([]byte{7}, 32)), "size": edit.Int(9), "media_type": edit.Text("image/jpeg"),
			"name": edit.Text("丟失.jpg"),
		})
	})
}

// scored adds criteria of each source with marks: one unit has them all, the other lacks
// leaders' and has too few interviews.
func (o *office) scored() {
	o.Helper()
	var question []byte
	o.must(o.Store.Office(o.Context(), questionOf(o.Context(), &question)))
	o.Write(func(b *edit.Builder) {
		category := edit.Text("village")
		for i, c := range []struct {
			title, source string
			weight, trim  int64
		}{{"班子建設", "leader", 40, 20}, {"群眾滿意", "interview", 30, 0}, {"問題整改", "rectified", 30, 0}} {
			id := schema.NaturalRowID("criterion " + c.source)
			cells := edit.Cells{
				"code": edit.Text(fmt.Sprintf("A%d", i+1)), "title": edit.Text(c.title), "category": category, "position": edit.Int(int64(i)),
				"weight": edit.Int(c.weight), "source": edit.Text(c.source), "trim_percent": edit.Int(c.trim),
			}
			if c.source == "interview" {
				cells["question_id"] = edit.ID(schema.RowID(question))
			}
			b.Insert("criterion", id, cells)
		}
		for i, value := range []int64{9000, 8550, 4000, 10000, 8700} {
			b.Insert("mark", schema.NaturalRowID("mark "+fmt.Sprint(i)), edit.Cells{
				"criterion_id": edit.ID(schema.NaturalRowID("criterion leader")), "unit_id": edit.ID(o.Units[0]), "value": edit.Int(value),
				"given_by": edit.Text(fmt.Sprintf("領導%d", i+1)), "given_at": edit.Int(1_790_000_000_000),
			})
		}
	})
}

// book makes a workbook of a kind and reads it back.
func (o *office) book(kind, language string) (*excelize.File, []byte) {
	o.Helper()
	raw := o.printed(official.Request{Kind: kind, Language: language}, report.XLSX)
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	o.must(err)
	o.Cleanup(func() { _ = f.Close() })
	return f, raw
}

// bookKinds are the kinds that make workbooks.
func bookKinds() (kinds []string) {
	for _, k := range report.Kinds() {
		if slices.Contains(report.Formats(k.Code), report.XLSX) {
			kinds = append(kinds, k.Code)
		}
	}
	return kinds
}

func TestEveryWorkbookIsTheSameFromTheSameStateAndHasItsCheckpoint(t *testing.T) {
	o := busy(t)
	for _, kind := range bookKinds() {
		for _, language := range []string{"zh", "en"} {
			book, raw := o.book(kind, language)
			o.keep(kind+"."+language+".xlsx", raw)
			cover := book.GetSheetList()[len(book.GetSheetList())-1]
			rows, err := book.GetRows(cover)
			o.must(err)
			text := fmt.Sprint(rows)
			for _, want := range []string{"sansuiji/" + o.Campaign.String(), fmt.Sprint(o.Position())} {
				if !strings.Contains(text, want) {
					t.Errorf("%s: the cover does not say %s: %s", kind, want, text)
				}
			}
		}
		_, first := o.book(kind, "zh")
		o.Now = o.Now.Add(time.Hour)
		if _, again := o.book(kind, "zh"); !bytes.Equal(first, again) {
			t.Errorf("%s differs", kind)
		}
	}
	_, first := o.book(report.Findings, "zh")
	o.must(o.Service.Record(t.Context(), o.Campaign, ingest.Event{Kind: schema.EventExported}))
	if _, again := o.book(report.Findings, "zh"); !bytes.Equal(first, again) {
		t.Error("a workbook differs after it was noted that it was made")
	}
}

func TestWhoEditsAWorkbookStaysWithinTheChoices(t *testing.T) {
	o := busy(t)
	for kind, want := range map[string]string{
		report.Findings:    `<formula1>"問題,成效"</formula1>`,
		report.Problems:    `<formula1>"輕微,一般,較重,嚴重"</formula1>`,
		report.Ledger:      `<formula1>"未完成,已報完成,已核實,已銷號"</formula1>`,
		report.Visits:      `<formula1>"待查,已到達,已離開,已結束"</formula1>`,
		report.Commitments: `<formula1>"已整改,部分整改,未整改,虛假整改"</formula1>`,
	} {
		_, raw := o.book(kind, "zh")
		sheet := parts(t, raw)["xl/worksheets/sheet1.xml"]
		for _, part := range []string{want, `<autoFilter ref="$A$1:`, `state="frozen"`, `<dataValidation allowBlank="true" error="請從下拉列表中選擇。" errorStyle="stop"`} {
			if !strings.Contains(sheet, part) {
				t.Errorf("%s has no %s", kind, part)
			}
		}
	}
}

func TestPhotosAreInTheirRowsAndMissingOnesAreNamed(t *testing.T) {
	o := busy(t)
	book, _ := o.book(report.Problems, "zh")
	numbers := column(t, book, "問題清單", "佐證編號")
	if len(numbers) != 8 || !strings.Contains(numbers[0], "（未到，在甲手機上）") || strings.Count(numbers[1], "\n") != 1 {
		t.Errorf("%q", numbers)
	}
	for row, want := range map[int]int{2: 1, 3: 2} {
		cell, _ := excelize.CoordinatesToCellName(14, row)
		pictures, err := book.GetPictures("問題清單", cell)
		if err != nil || len(pictures) != want || len(pictures[0].File) > 20_000 {
			t.Errorf("%s has %d pictures, %v", cell, len(pictures), err)
		}
	}
	ledger, _ := o.book(report.Ledger, "zh")
	for sheet, title := range map[string]string{"整改臺賬": "佐證編號", "臺賬記錄": "佐證編號"} {
		all := strings.Join(column(t, ledger, sheet, title), "\n")
		if strings.Count(all, "\n") < 3 || !strings.Contains(all, "07070707（未到總部）") {
			t.Errorf("%s: %q", sheet, all)
		}
	}
	if got := column(t, ledger, "整改臺賬", "整改措施"); !slices.Contains(got, "=修復橋面") {
		t.Errorf("%q", got)
	}
	plain := o.printed(official.Request{Kind: report.Problems, Plain: true}, report.XLSX)
	for name := range parts(t, plain) {
		if strings.HasPrefix(name, "xl/media/") {
			t.Errorf("a plain workbook has %s", name)
		}
	}
}

func TestNobodyWhoWasAskedIsInAWorkbook(t *testing.T) {
	o := busy(t)
	for _, kind := range bookKinds() {
		_, raw := o.book(kind, "zh")
		for name, part := range parts(t, raw) {
			for _, secret := range []string{"匿名", "密封的話", "age1x"} {
				if strings.Contains(part, secret) {
					t.Errorf("%s: %s says %s", kind, name, secret)
				}
			}
		}
	}
	// Seven were asked at one unit and two at the other, in two counties: the two are
	// hidden, and the seven where they would tell of the two.
	book, _ := o.book(report.Interviews, "zh")
	people, means := column(t, book, "訪談評分", "訪談人數"), column(t, book, "訪談評分", "平均分")
	if fmt.Sprint(people) != "[不予列示 不予列示]" || strings.Join(means, "") != "" {
		t.Errorf("%q %q", people, means)
	}
}

func TestAListGoesOnInFurtherSheets(t *testing.T) {
	o := full(t)
	o.printer.RowsMax = 5
	book, _ := o.book(report.Findings, "zh")
	var titles []string
	for _, name := range []string{"發現", "發現（2）", "發現（3）"} {
		titles = append(titles, column(t, book, name, "標題")...)
	}
	if len(titles) != 12 || len(column(t, book, "發現（3）", "標題")) != 2 || book.GetSheetList()[3] != "查驗" {
		t.Errorf("%q in %q", titles, book.GetSheetList())
	}
	if number := column(t, book, "發現（3）", "序號"); fmt.Sprint(number) != "[11 12]" {
		t.Errorf("%q", number)
	}
}

func TestAWorkbookTellsProgressAndCanBeCancelled(t *testing.T) {
	o := full(t)
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	order := report.Order{Request: official.Request{Kind: report.Findings}, Format: report.XLSX}
	var last report.Stage
	stop := errors.New("enough")
	for _, end := range []bool{false, true} {
		_, err := o.printer.Make(t.Context(), o.Campaign, &order, &bytes.Buffer{}, func(at report.Stage) error {
			last = at
			if end {
				return stop
			}
			return nil
		})
		if errors.Is(err, stop) != end {
			t.Error(err)
		}
	}
	if last.Total != 0 && last.Total != 32 || last.Position == 0 {
		t.Errorf("%+v", last)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.printer.Make(ctx, o.Campaign, &order, &bytes.Buffer{}, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("%v are left, %v", left, err)
	}
}

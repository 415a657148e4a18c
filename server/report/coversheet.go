package report

import (
	"fmt"

	"sansuiji/schema"

	"github.com/xuri/excelize/v2"
)

func coverTitle() schema.Label { return schema.Label{Zh: "說明", En: "About"} }

// notes tell a reader what the cells cannot.
func (b *book) notes() []line {
	lines := []line{
		{label: schema.Label{Zh: "閱讀須知", En: "How to read this"}, heading: true},
		{
			label: schema.Label{Zh: "時間", En: "Times"},
			value: b.say(schema.Label{
				Zh: "均為東八區(UTC+8)時間。", En: "All are in the zone UTC+8.",
			}),
		},
		{
			label: schema.Label{Zh: "經緯度", En: "Coordinates"},
			value: b.say(schema.Label{Zh: "WGS 84,單位為度。", En: "WGS 84, in degrees."}),
		},
		{
			label: schema.Label{Zh: "顯示不全", En: "Cut off"},
			value: b.say(schema.Label{
				Zh: "每行最高顯示二十行文字；更長的請點選單元格查看。",
				En: "Rows show up to twenty lines: select a cell to see more of its text.",
			}),
		},
	}
	lines = append(lines, b.kindNotes()...)
	if b.long != nil {
		lines = append(lines, line{
			label: schema.Label{Zh: "長文", En: "Long texts"},
			value: b.say(schema.Label{
				Zh: "單元格放不下的文字，全文分段列於此表。",
				En: "Texts that fit in no cell stand whole on this sheet, in parts.",
			}),
		})
	}
	return lines
}

// coverSheet writes the cover. It is small, so it needs no stream.
func (b *book) coverSheet(lines []line) error {
	name := b.say(coverTitle())
	if err := b.file.SetColWidth(name, "B", "B", widthMax); err != nil {
		return err
	}
	if err := b.file.SetColWidth(name, "A", "A", 26); err != nil {
		return err
	}
	for i, l := range lines {
		if err := b.coverLine(name, i+1, l); err != nil {
			return err
		}
	}
	if err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{
		FitToPage: new(true),
	}); err != nil {
		return err
	}
	return b.file.SetSheetView(name, 0, &excelize.ViewOptions{ShowGridLines: new(false)})
}

func (b *book) coverLine(sheet string, row int, l line) error {
	a, v := fmt.Sprintf("A%d", row), fmt.Sprintf("B%d", row)
	look := labelled
	if l.heading {
		look = heading
		if err := b.file.SetRowHeight(sheet, row, 2*lineHeight); err != nil {
			return err
		}
	}
	if err := b.file.SetCellStyle(sheet, a, a, b.styles[look]); err != nil {
		return err
	}
	if err := b.file.SetCellStr(sheet, a, b.say(l.label)); err != nil {
		return err
	}
	value, look := l.value, plain
	if s, ok := value.(string); ok {
		value, look = clean(s), inert
		if lines := wrappedLines(s, widthMax); lines > 1 {
			if err := b.file.SetRowHeight(sheet, row, float64(lineHeight*lines)); err != nil {
				return err
			}
		}
	}
	if err := b.file.SetCellStyle(sheet, v, v, b.styles[look]); err != nil {
		return err
	}
	return b.file.SetCellValue(sheet, v, value)
}

// kindNotes are those of some workbooks only.
func (b *book) kindNotes() (lines []line) {
	note := func(label schema.Label, zh, en string) {
		lines = append(lines, line{label: label, value: b.say(schema.Label{Zh: zh, En: en})})
	}
	switch b.order.Kind {
	case Findings, Problems, Ledger:
		if !b.order.Plain {
			note(schema.Label{Zh: "照片", En: "Photos"},
				fmt.Sprintf("每行最多附%d張縮圖，全簿最多%d張（本簿%d張）；其餘只列佐證編號，即文件SHA-256的前八位。", picturesRow, picturesMax, picturesMax-b.pictures),
				fmt.Sprintf("At most %d in a row and %d in all (here %d) are shown. All have their number, the first eight digits of the file's SHA-256.",
					picturesRow, picturesMax, picturesMax-b.pictures))
		}
	}
	switch b.order.Kind {
	case Findings:
		note(schema.Label{Zh: "查驗", En: "Verifications"},
			"只按核查組、縣、領域和單位篩選。", "Narrowed by team, county, category and unit only.")
	case Interviews:
		note(schema.Label{Zh: "不予列示", En: "Not shown"},
			"不足5人的，以及可據以推算不足5人情況的，不予列示。本簿不含受訪人身份和談話內容。",
			"Marks of fewer than 5 people, and what would tell them. Nobody who was asked is in this workbook, nor what was said.")
	}
	return lines
}

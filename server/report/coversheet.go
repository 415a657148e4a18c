package report

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"sansuiji/schema"
)

func coverTitle() schema.Label { return schema.Label{Zh: "說明", En: "About"} }

// notes tell a reader what the cells cannot.
func (b *book) notes() []line {
	lines := []line{
		{label: schema.Label{Zh: "閱讀須知", En: "How to read this"}, heading: true},
		{
			label: schema.Label{Zh: "時間", En: "Times"},
			value: b.say(schema.Label{
				Zh: "均為東八區(UTC+8)時間。", En: "All times are of the zone UTC+8.",
			}),
		},
		{
			label: schema.Label{Zh: "經緯度", En: "Coordinates"},
			value: b.say(schema.Label{Zh: "WGS 84,單位為度。", En: "WGS 84, in degrees."}),
		},
		{
			label: schema.Label{Zh: "查驗", En: "Verifications"},
			value: b.say(schema.Label{
				Zh: "只按核查組、縣和領域篩選,不受其他篩選條件影響。",
				En: "Narrowed by team, county and category only, not by the rest of the filter.",
			}),
		},
		{
			label: schema.Label{Zh: "顯示不全", En: "Cut off"},
			value: b.say(schema.Label{
				Zh: "行高有上限;文字顯示不全時,請點選單元格查看全文。",
				En: "Rows cannot be higher than 409 points: select a cell to see all of a longer text.",
			}),
		},
	}
	if b.long != nil {
		lines = append(lines, line{
			label: schema.Label{Zh: "長文", En: "Long texts"},
			value: b.say(schema.Label{
				Zh: "單元格放不下的文字,全文分段列於「長文」表。",
				En: "The whole of a text that fits in no cell stands on the sheet “Long texts”, in parts.",
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
	look := named
	if l.heading {
		look = heading
		if err := b.file.SetRowHeight(sheet, row, 2*lineHeight); err != nil {
			return err
		}
	}
	if err := b.file.SetCellStyle(sheet, a, a, b.styles[look]); err != nil {
		return err
	}
	if err := b.file.SetCellStyle(sheet, v, v, b.styles[inert]); err != nil {
		return err
	}
	if err := b.file.SetCellStr(sheet, a, b.say(l.label)); err != nil || l.value == "" {
		return err
	}
	return b.file.SetCellStr(sheet, v, clean(l.value))
}

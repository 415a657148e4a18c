package report

import (
	"context"
	"fmt"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report/mark"
	"sansuiji/server/report/official"
	"sansuiji/server/review"

	"github.com/xuri/excelize/v2"
)

// book is a workbook under construction, in one language.
type book struct {
	printer  *Printer
	campaign schema.CampaignID
	order    *Order
	stand    official.Stand
	filter   review.FindingFilter
	english  bool

	file     *excelize.File
	styles   [styleCount]int // the file's numbers of our styles
	sheets   int
	long     *sheet // of texts that fit in no cell; made at the first of them
	pictures int    // how many more it may take
	pen      mark.Pen

	progress   Progress
	done, rows int
}

// style is a look that cells share.
type style int

const (
	plain style = iota
	// inert looks plain, but is a text for Excel even after somebody edits the
	// cell: "=1+1" stays what it says.
	inert
	dated
	daily
	located
	decimal
	whole
	header
	heading
	labelled
	styleCount
)

// open begins a workbook without sheets.
func (b *book) open(at time.Time) error {
	b.file = excelize.NewFile()
	made := at.UTC().Format(time.RFC3339)
	if err := b.file.SetDocProps(&excelize.DocProperties{
		Creator: "三隨機 Sansuiji", Created: made, Modified: made,
	}); err != nil {
		return fmt.Errorf("write document properties: %w", err)
	}
	for i := range b.styles {
		n, err := b.file.NewStyle(look(style(i)))
		if err != nil {
			return fmt.Errorf("make style %d: %w", i, err)
		}
		b.styles[i] = n
	}
	return nil
}

// close removes the temporary files.
func (b *book) close() {
	if b.file != nil {
		_ = b.file.Close()
	}
}

// stepRows is how many rows are written between two looks at whether it is still wanted.
const stepRows = 500

// step tells how far it is.
func (b *book) step(ctx context.Context) error {
	if b.done%stepRows > 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.progress(Stage{b.done, b.rows, b.stand.Position})
}

func look(s style) *excelize.Style {
	top := &excelize.Alignment{Vertical: "top", Horizontal: "left", WrapText: true}
	number := &excelize.Alignment{Vertical: "top", Horizontal: "right", Indent: 1}
	switch s {
	case inert:
		const asText = 49 // the built-in number format "@"
		return &excelize.Style{Alignment: top, NumFmt: asText}
	case dated:
		return &excelize.Style{Alignment: number, CustomNumFmt: new("yyyy-mm-dd hh:mm:ss")}
	case daily:
		return &excelize.Style{Alignment: number, CustomNumFmt: new("yyyy-mm-dd")}
	case located:
		return &excelize.Style{Alignment: number, CustomNumFmt: new("0.000000")}
	case decimal:
		return &excelize.Style{Alignment: number, CustomNumFmt: new("0.00")}
	case whole:
		return &excelize.Style{Alignment: number, CustomNumFmt: new("0")}
	case header:
		return &excelize.Style{
			Font:      &excelize.Font{Bold: true},
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DCE6F1"}},
			Border:    []excelize.Border{{Type: "bottom", Color: "7F7F7F", Style: 1}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
		}
	case heading:
		return &excelize.Style{
			Font:      &excelize.Font{Bold: true, Size: 14},
			Alignment: &excelize.Alignment{Vertical: "bottom"},
		}
	case labelled:
		return &excelize.Style{Font: &excelize.Font{Color: "595959"}, Alignment: top}
	case plain, styleCount:
	}
	return &excelize.Style{Alignment: top}
}

// say is the word in the workbook's language.
func (b *book) say(l schema.Label) string {
	if b.english {
		return l.En
	}
	return l.Zh
}

// choice is the label of a code; a code from a newer program stands for itself.
func (b *book) choice(choices []schema.Choice, code string) string {
	for i := range choices {
		if choices[i].Code == code {
			return b.say(choices[i].Label)
		}
	}
	return code
}

// addSheets adds empty sheets at the end. A new file has one already, which is
// the first to be named.
func (b *book) addSheets(names ...string) error {
	for _, name := range names {
		if b.sheets++; b.sheets == 1 {
			if err := b.file.SetSheetName(b.file.GetSheetName(0), name); err != nil {
				return err
			}
			continue
		}
		if _, err := b.file.NewSheet(name); err != nil {
			return err
		}
	}
	return nil
}

// finish ends what is still open.
func (b *book) finish() error {
	if b.long == nil {
		return nil
	}
	return b.long.end()
}

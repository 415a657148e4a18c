package report

import (
	"fmt"
	"time"

	"sansuiji/schema"

	"github.com/xuri/excelize/v2"
)

// book is a workbook under construction, in one language.
type book struct {
	file    *excelize.File
	english bool
	styles  [styleCount]int // the file's numbers of our styles
	sheets  int
	long    *sheet // of texts that fit in no cell; made at the first of them
}

// style is a look that cells share.
type style int

const (
	plain style = iota
	// inert looks plain, but is a text for Excel even after somebody edits the
	// cell: "=1+1" stays what it says.
	inert
	dated
	located
	whole
	header
	heading
	named
	styleCount
)

// newBook makes a workbook without sheets. The caller closes its file.
func newBook(language string, now time.Time) (*book, error) {
	b := &book{file: excelize.NewFile(), english: language == "en"}
	made := now.UTC().Format(time.RFC3339)
	if err := b.file.SetDocProps(&excelize.DocProperties{
		Creator: "三隨機 Sansuiji", Created: made, Modified: made,
	}); err != nil {
		return nil, fmt.Errorf("write document properties: %w", err)
	}
	for i := range b.styles {
		n, err := b.file.NewStyle(look(style(i)))
		if err != nil {
			return nil, fmt.Errorf("make style %d: %w", i, err)
		}
		b.styles[i] = n
	}
	return b, nil
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
	case located:
		return &excelize.Style{Alignment: number, CustomNumFmt: new("0.000000")}
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
	case named:
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
func (b *book) addSheets(titles ...schema.Label) error {
	for _, title := range titles {
		if b.sheets++; b.sheets == 1 {
			if err := b.file.SetSheetName(b.file.GetSheetName(0), b.say(title)); err != nil {
				return err
			}
			continue
		}
		if _, err := b.file.NewSheet(b.say(title)); err != nil {
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

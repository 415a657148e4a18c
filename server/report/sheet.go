package report

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"sansuiji/schema"

	"github.com/xuri/excelize/v2"
)

// sheet is a worksheet with a header, written row by row from the top.
type sheet struct {
	book    *book
	name    string
	columns []column
	stream  *excelize.StreamWriter
	rows    int     // added, the header aside
	first   [][]any // rows that wait until the widths are known
	widths  []int   // of the columns, in digits
	begun   bool
}

const (
	// sampleRows decide how wide the columns are.
	sampleRows = 200
	widthMin   = 6
	widthMax   = 60
	// filterRoom is what the button of the filter takes beside a header's text.
	filterRoom = 3
	lineHeight = 15 // points
	// linesMax keeps rows low enough to scroll: Excel does so by whole rows.
	linesMax = 20
)

// sheet starts the sheet that was added under a title; its end must be called.
func (b *book) sheet(title schema.Label, columns []column) (*sheet, error) {
	s := &sheet{book: b, name: b.say(title), columns: columns, widths: make([]int, len(columns))}
	for i := range columns {
		s.widen(i, displayWidth(b.say(columns[i].label))+filterRoom)
	}
	if err := b.layPage(s.name); err != nil {
		return nil, err
	}
	var err error
	s.stream, err = b.file.NewStreamWriter(s.name)
	return s, err
}

// layPage makes the sheet print across one landscape page, A3.
func (b *book) layPage(name string) error {
	const a3 = 8
	if err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{
		FitToPage: new(true),
	}); err != nil {
		return err
	}
	return b.file.SetPageLayout(name, &excelize.PageLayoutOptions{
		Size: new(a3), Orientation: new("landscape"), FitToWidth: new(1), FitToHeight: new(0),
	})
}

// add writes one row, of a value (nil, string or int64) for each column. id says
// which row it is, should a text have to go on elsewhere.
func (s *sheet) add(id string, values []any) error {
	cells := make([]any, len(values))
	for i, v := range values {
		cell, err := s.cell(i, v, id)
		if err != nil {
			return err
		}
		cells[i] = cell
	}
	s.rows++
	if s.begun {
		return s.put(s.rows, cells)
	}
	if s.first = append(s.first, cells); len(s.first) == sampleRows {
		return s.begin()
	}
	return nil
}

// cell is a value with its look; strings are never formulas.
func (s *sheet) cell(i int, value any, id string) (any, error) {
	c := &s.columns[i]
	switch v := value.(type) {
	case int64:
		return s.numberCell(i, v), nil
	case string:
		v, err := s.fit(clean(v), id, c)
		if err != nil {
			return nil, err
		}
		if !s.begun {
			s.widen(i, displayWidth(v)+1)
		}
		// Chinese editions of Excel take the wide signs for the narrow ones.
		if first, _ := utf8.DecodeRuneInString(v); strings.ContainsRune("=+-@＝＋－＠\t\r", first) {
			return s.styled(inert, v), nil
		}
		return s.styled(plain, v), nil
	default:
		return nil, nil
	}
}

func (s *sheet) numberCell(i int, v int64) any {
	switch s.columns[i].kind {
	case moment:
		s.widen(i, len("2006-01-02 15:04:05")+3)
		return s.dateCell(v)
	case degrees:
		s.widen(i, len("-170.123456")+3)
		return s.styled(located, float64(v)/1e7)
	case count, text, identity:
	}
	return s.styled(whole, v)
}

// dateCell is a date of Excel's, in the campaign's zone. Excel knows the years
// 1900 to 9999, and two calendars before March 1900; a device may send any.
func (s *sheet) dateCell(ms int64) any {
	t := time.UnixMilli(ms).In(zone())
	if t.Year() <= 1900 || t.Year() > 9999 {
		return s.styled(plain, t.Format(time.RFC3339))
	}
	return s.styled(dated, t)
}

// zone is the campaign's: China has one, without summer time.
func zone() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

func (s *sheet) styled(look style, value any) excelize.Cell {
	return excelize.Cell{StyleID: s.book.styles[look], Value: value}
}

func (s *sheet) widen(i, width int) {
	if !s.begun {
		s.widths[i] = min(max(s.widths[i], width, widthMin), widthMax)
	}
}

// begin writes what stands above the rows, now that the widths are known, and
// the rows that waited.
func (s *sheet) begin() error {
	s.begun = true
	titles := make([]any, len(s.columns))
	for i := range s.columns {
		titles[i] = s.styled(header, s.book.say(s.columns[i].label))
	}
	// From the right: excelize puts the newest first, and Excel wants them in order.
	for i := len(s.columns) - 1; i >= 0; i-- {
		if err := s.stream.SetColWidth(i+1, i+1, float64(s.widths[i])); err != nil {
			return err
		}
	}
	if err := s.stream.SetPanes(&excelize.Panes{
		Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
	}); err != nil {
		return err
	}
	if err := s.put(0, titles); err != nil {
		return err
	}
	for i, cells := range s.first {
		if err := s.put(i+1, cells); err != nil {
			return err
		}
	}
	s.first = nil
	return nil
}

// put writes row n; the header is row 0, which Excel calls 1.
func (s *sheet) put(n int, cells []any) error {
	lines := 1
	for i, cell := range cells {
		if c, ok := cell.(excelize.Cell); ok {
			if v, ok := c.Value.(string); ok {
				lines = max(lines, wrappedLines(v, s.widths[i]))
			}
		}
	}
	at := fmt.Sprintf("A%d", n+1)
	if lines == 1 {
		return s.stream.SetRow(at, cells)
	}
	// Not every program fits rows to wrapped text by itself.
	height := lineHeight * min(lines, linesMax)
	return s.stream.SetRow(at, cells, excelize.RowOpts{Height: float64(height)})
}

// end closes the sheet. The filter must be set before Flush, or it is not
// written and nobody is told.
func (s *sheet) end() error {
	if !s.begun {
		if err := s.begin(); err != nil {
			return err
		}
	}
	corner, err := excelize.CoordinatesToCellName(len(s.columns), s.rows+1)
	if err != nil {
		return err
	}
	if err := s.book.file.AutoFilter(s.name, "A1:"+corner, nil); err != nil {
		return err
	}
	if err := s.repeatHeader(); err != nil {
		return err
	}
	return s.stream.Flush()
}

// repeatHeader prints the header on every page.
func (s *sheet) repeatHeader() error {
	return s.book.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: fmt.Sprintf("'%s'!$1:$1", s.name),
	})
}

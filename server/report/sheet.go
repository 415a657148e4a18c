package report

import (
	"context"
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
	rows    int        // added, the header aside
	first   []sheetRow // rows that wait until the widths are known
	widths  []int      // of the columns, in digits
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

// sheet starts the sheet that was added under a name; its end must be called.
func (b *book) sheet(name string, columns []column) (*sheet, error) {
	s := &sheet{book: b, name: name, columns: columns, widths: make([]int, len(columns))}
	for i := range columns {
		s.widen(i, displayWidth(b.say(columns[i].label))+filterRoom)
		if columns[i].kind == photoViews {
			s.widen(i, picturesWide)
		}
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

// sheetRow is a row that is about to be written.
type sheetRow struct {
	cells []any
	high  int // at least, in points
}

// add writes one row, of a value (nil, string or int64) for each column. id says
// which row it is, should a text have to go on elsewhere.
func (s *sheet) add(ctx context.Context, id string, values []any, shots []shot) error {
	s.rows++
	l := sheetRow{cells: make([]any, len(values))}
	shown, err := s.show(ctx, shots)
	if err != nil {
		return err
	}
	if shown > 0 {
		l.high = pictureHigh + 2
	}
	for i, v := range values {
		if s.columns[i].kind == photoNames {
			v = s.book.shotNumbers(shots, shown)
		}
		if l.cells[i], err = s.cell(i, v, id); err != nil {
			return err
		}
	}
	if s.begun {
		return s.put(s.rows, l)
	}
	if s.first = append(s.first, l); len(s.first) == sampleRows {
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
		return s.dateCell(v, dated)
	case day:
		s.widen(i, len("2006-01-02")+3)
		return s.dateCell(v, daily)
	case degrees:
		s.widen(i, len("-170.123456")+3)
		return s.styled(located, float64(v)/1e7)
	case score:
		return s.styled(decimal, float64(v)/100)
	case count, text, identity, photoNames, photoViews:
	}
	return s.styled(whole, v)
}

// dateCell is a date of Excel's, in the campaign's zone. Excel knows the years
// 1900 to 9999, and two calendars before March 1900; a device may send any.
func (s *sheet) dateCell(ms int64, look style) any {
	t := time.UnixMilli(ms).In(schema.Zone())
	if t.Year() <= 1900 || t.Year() > 9999 {
		return s.styled(plain, t.Format(time.RFC3339))
	}
	if look == daily { // a day has no time that a filter would go by
		t = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	}
	return s.styled(look, t)
}

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
	if err := s.put(0, sheetRow{cells: titles}); err != nil {
		return err
	}
	for i, l := range s.first {
		if err := s.put(i+1, l); err != nil {
			return err
		}
	}
	s.first = nil
	return nil
}

// put writes row n; the header is row 0, which Excel calls 1.
func (s *sheet) put(n int, l sheetRow) error {
	lines := 1
	for i, cell := range l.cells {
		if c, ok := cell.(excelize.Cell); ok {
			if v, ok := c.Value.(string); ok {
				lines = max(lines, wrappedLines(v, s.widths[i]))
			}
		}
	}
	at := fmt.Sprintf("A%d", n+1)
	height := max(lineHeight*min(lines, linesMax), l.high)
	if height == lineHeight {
		return s.stream.SetRow(at, l.cells)
	}
	// Not every program fits rows to wrapped text by itself.
	return s.stream.SetRow(at, l.cells, excelize.RowOpts{Height: float64(height)})
}

// end closes the sheet. Filter and choices must be set before Flush, or they are not
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
	if err := s.offerChoices(); err != nil {
		return err
	}
	if err := s.repeatHeader(); err != nil {
		return err
	}
	return s.stream.Flush()
}

// spareRows are those below the list in which an office may go on.
const spareRows = 500

// offerChoices keeps who edits the list within the choices of its columns.
func (s *sheet) offerChoices() error {
	for i := range s.columns {
		if len(s.columns[i].choices) == 0 {
			continue
		}
		var words []string
		for _, c := range s.columns[i].choices {
			words = append(words, s.book.say(c.Label))
		}
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		v := excelize.NewDataValidation(true)
		v.Sqref = fmt.Sprintf("%[1]s2:%[1]s%d", name, min(s.rows+1+spareRows, excelize.TotalRows))
		if err := v.SetDropList(words); err != nil {
			return fmt.Errorf("offer choices of %s: %w", s.columns[i].label.En, err)
		}
		v.SetError(excelize.DataValidationErrorStyleStop, s.book.say(s.columns[i].label),
			s.book.say(schema.Label{Zh: "請從下拉列表中選擇。", En: "Please choose one of the list."}))
		if err := s.book.file.AddDataValidation(s.name, v); err != nil {
			return err
		}
	}
	return nil
}

// repeatHeader prints the header on every page.
func (s *sheet) repeatHeader() error {
	return s.book.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: fmt.Sprintf("'%s'!$1:$1", s.name),
	})
}

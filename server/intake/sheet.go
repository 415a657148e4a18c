package intake

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"sansuiji/schema"
)

// Limits of a file.
const (
	// FileMax is the size of a file in bytes.
	FileMax    = 32 << 20
	rowsMax    = 200_000
	columnsMax = 200
	sheetsMax  = 50
	// unpackedMax is the size in bytes of what a workbook unpacks to.
	unpackedMax = 512 << 20
)

// Cell is what stands in a cell.
type Cell struct {
	Text string // as the office sees it
	Raw  string // of a workbook: what is stored, where that differs
}

// stored is the raw value, where there is one.
func (c Cell) stored() string {
	if c.Raw != "" {
		return c.Raw
	}
	return c.Text
}

// Row is a row that is not blank.
type Row struct {
	Number int // as the office sees it, from 1
	Cells  []Cell
}

func (r *Row) cell(column int) Cell {
	if column < 0 || column >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[column]
}

// distinct lists the different texts of a row, and counts the cells that have any.
func (r *Row) distinct() (texts []string, filled int) {
	for _, c := range r.Cells {
		if c.Text == "" {
			continue
		}
		filled++
		if !slices.Contains(texts, c.Text) {
			texts = append(texts, c.Text)
		}
	}
	return texts, filled
}

// Sheet is a table of cells; blank rows are left out and counted.
type Sheet struct {
	Name     string
	Rows     []Row
	Blank    int
	Date1904 bool // serial numbers of dates count from 1904

	tick func(rows int) // is told now and then how many rows were read; nil: nobody
}

// add takes a row, or counts it as blank.
func (s *Sheet) add(number int, cells []Cell) error {
	if s.tick != nil && number%showEvery == 0 {
		s.tick(number)
	}
	last := len(cells)
	for last > 0 && cells[last-1].Text == "" {
		last--
	}
	switch {
	case last == 0:
		s.Blank++
		return nil
	case last > columnsMax:
		return tooLarge("row %d has %d columns, %d are taken", number, last, columnsMax)
	case len(s.Rows) == rowsMax:
		return tooLarge("more than %d rows", rowsMax)
	}
	s.Rows = append(s.Rows, Row{number, slices.Clone(cells[:last])})
	return nil
}

// width is the number of columns of the widest row.
func (s *Sheet) width() int {
	width := 0
	for i := range s.Rows {
		width = max(width, len(s.Rows[i].Cells))
	}
	return width
}

// ReadFile reads a file's sheets: one for CSV.
func ReadFile(name string, file []byte) ([]*Sheet, error) { return readFile(name, file, nil) }

func readFile(name string, file []byte, tick func(rows int)) ([]*Sheet, error) {
	if len(file) > FileMax {
		return nil, tooLarge("%d bytes", len(file))
	}
	switch {
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		return readWorkbook(file, tick)
	case bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0")):
		return nil, unreadable("an old .xls workbook, or one with a password")
	}
	text, err := decode(file)
	if err != nil {
		return nil, err
	}
	sheet, err := readCSV(text, tick)
	if err != nil {
		return nil, err
	}
	sheet.Name = name
	return []*Sheet{sheet}, nil
}

// clean is a cell's text without what surrounds it and nobody sees.
func clean(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.TrimFunc(text, func(r rune) bool {
		switch r {
		case ' ', '\t', '\n', '\r', '\v', '\f', '\u00a0', '\u3000', '\u200b', '\ufeff', '\u2003', '\u2002':
			return true
		}
		return false
	})
}

func unreadable(detail string) error { return schema.NewFault(schema.FaultImportFile, detail) }

// tooLarge says which limit a file is beyond.
func tooLarge(format string, args ...any) error {
	return schema.NewFault(schema.FaultImportSize, fmt.Sprintf(format, args...))
}

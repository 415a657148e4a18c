package intake

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"

	"github.com/xuri/excelize/v2"
)

// readWorkbook reads the sheets of a workbook that a person sees.
func readWorkbook(file []byte, tick func(rows int)) (sheets []*Sheet, err error) {
	defer func() {
		// A workbook comes from anywhere: one that the library trips over is unreadable.
		if r := recover(); r != nil {
			sheets, err = nil, unreadable(fmt.Sprint("a damaged workbook: ", r))
		}
	}()
	merges, err := openMerges(file)
	if err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{
		UnzipSizeLimit: unpackedMax, UnzipXMLSizeLimit: unpackedMax / 8,
		ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd",
	})
	if err != nil {
		return nil, unreadable("a damaged workbook: " + err.Error())
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	properties, err := book.GetWorkbookProps()
	if err != nil {
		return nil, unreadable(err.Error())
	}
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		sheet := &Sheet{Name: name, Date1904: properties.Date1904 != nil && *properties.Date1904, tick: tick}
		if err := sheet.read(book); err != nil {
			return nil, err
		}
		spans, err := merges.of(name)
		if err != nil {
			return nil, unreadable(fmt.Sprintf("sheet %s: %v", name, err))
		}
		if err := sheet.spread(spans); err != nil {
			return nil, err
		}
		if sheets = append(sheets, sheet); len(sheets) == sheetsMax {
			break
		}
	}
	if len(sheets) == 0 {
		return nil, unreadable("a workbook without a visible sheet")
	}
	return sheets, nil
}

// scientific is a long number as a narrow column shows it.
var scientific = regexp.MustCompile(`^-?\d(\.\d+)?E[+-]?\d+$`)

// read reads each cell twice: as it is shown, and as it is stored.
func (s *Sheet) read(book *excelize.File) error {
	shown, err := book.Rows(s.Name)
	if err != nil {
		return nil // a sheet of another kind, such as a chart
	}
	stored, err := book.Rows(s.Name)
	if err != nil {
		return unreadable(err.Error())
	}
	defer func() { _, _ = shown.Close(), stored.Close() }() // they were read to the end, or are given up
	var cells []Cell
	for number := 1; shown.Next() && stored.Next(); number++ {
		texts, err := shown.Columns()
		if err != nil {
			return unreadable(fmt.Sprintf("sheet %s, row %d: %v", s.Name, number, err))
		}
		raws, err := stored.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return unreadable(fmt.Sprintf("sheet %s, row %d: %v", s.Name, number, err))
		}
		cells = cells[:0]
		for i, text := range texts {
			cell := Cell{Text: clean(text)}
			if i < len(raws) && raws[i] != text {
				if cell.Raw = raws[i]; scientific.MatchString(text) {
					cell.Text = cell.Raw
				}
			}
			cells = append(cells, cell)
		}
		if err := s.add(number, cells); err != nil {
			return err
		}
	}
	if err := errors.Join(shown.Error(), stored.Error()); err != nil {
		return unreadable(fmt.Sprintf("sheet %s: %v", s.Name, err))
	}
	return nil
}

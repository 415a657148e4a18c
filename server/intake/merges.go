package intake

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// span is a merge of cells; rows are counted from 1, columns from 0.
type span struct{ top, left, bottom, right int }

const (
	spansMax = 400_000
	// spreadMax is how many cells merges may fill.
	spreadMax = 20_000_000
)

// spread puts the value of a merge into all of its cells. A row that has nothing but parts
// of merges from above is blank and stays out.
func (s *Sheet) spread(spans []span) error {
	width, filled := s.width(), 0
	for _, m := range spans {
		from, there := slices.BinarySearchFunc(s.Rows, m.top, func(r Row, number int) int { return r.Number - number })
		if !there {
			continue
		}
		value := s.Rows[from].cell(m.left)
		if value.Text == "" {
			continue
		}
		right := min(m.right, max(width-1, 0))
		for i := from; i < len(s.Rows) && s.Rows[i].Number <= m.bottom; i++ {
			row := &s.Rows[i]
			for len(row.Cells) <= right {
				row.Cells = append(row.Cells, Cell{})
			}
			for c := m.left; c <= right; c++ {
				if row.Cells[c].Text == "" {
					row.Cells[c] = value
				}
			}
			if filled += right - m.left + 1; filled > spreadMax {
				return tooLarge("merges over more than %d cells", spreadMax)
			}
		}
	}
	return nil
}

// merges finds the merged cells of a workbook's sheets without holding a whole sheet,
// which the library does.
type merges struct {
	files  map[string]*zip.File
	sheets map[string]string // part by the sheet's name
}

func openMerges(file []byte) (*merges, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, unreadable("a damaged workbook: " + err.Error())
	}
	if err := checkUnpacked(archive); err != nil {
		return nil, err
	}
	m := &merges{files: map[string]*zip.File{}, sheets: map[string]string{}}
	for _, f := range archive.File {
		m.files[strings.ReplaceAll(f.Name, `\`, "/")] = f
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := errors.Join(m.decode("xl/workbook.xml", &book), m.decode("xl/_rels/workbook.xml.rels", &relations)); err != nil {
		return nil, unreadable(err.Error())
	}
	for _, sheet := range book.Sheets {
		for _, r := range relations.List {
			if r.ID == sheet.ID {
				m.sheets[sheet.Name] = part(r.Target)
			}
		}
	}
	return m, nil
}

// checkUnpacked refuses what unpacks to very much. A part that is longer than its entry
// says fails when it is read.
func checkUnpacked(archive *zip.Reader) error {
	size := uint64(0)
	for _, f := range archive.File {
		if size += min(f.UncompressedSize64, unpackedMax+1); size > unpackedMax {
			return tooLarge("the workbook unpacks to more than %d bytes", uint64(unpackedMax))
		}
	}
	return nil
}

// part is a file of the workbook that a relation names.
func part(target string) string {
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(target, "/")
	}
	return path.Join("xl", target)
}

// partMax is the size in bytes of the parts that are read whole.
const partMax = 8 << 20

func (m *merges) decode(name string, into any) error {
	f := m.files[name]
	if f == nil {
		return nil // a workbook of another layout: its merges stay as they are
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // it was only read
	if err := xml.NewDecoder(io.LimitReader(r, partMax)).Decode(into); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// of lists the merges of a sheet, which stand behind its rows.
func (m *merges) of(sheet string) ([]span, error) {
	f := m.files[m.sheets[sheet]]
	if f == nil {
		return nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // it was only read
	tail := bufio.NewReaderSize(io.LimitReader(r, unpackedMax), 1<<16)
	if found, err := skipPast(tail, "</sheetData>", "</x:sheetData>"); err != nil || !found {
		return nil, err
	}
	var spans []span
	decoder := xml.NewDecoder(io.MultiReader(strings.NewReader("<tail>"), tail))
	decoder.Strict = false
	for {
		token, err := decoder.RawToken()
		if err != nil {
			return spans, nil // the end of the sheet, or of what can be read
		}
		element, ok := token.(xml.StartElement)
		if !ok || element.Name.Local != "mergeCell" {
			continue
		}
		if m, ok := spanOf(element.Attr); ok {
			spans = append(spans, m)
		}
		if len(spans) > spansMax {
			return nil, fmt.Errorf("more than %d merges", spansMax)
		}
	}
}

// skipPast reads up to the end of one of some words, each of which ends with '>'.
func skipPast(r *bufio.Reader, words ...string) (bool, error) {
	var kept []byte
	for {
		piece, err := r.ReadSlice('>')
		kept = append(kept, piece[max(0, len(piece)-20):]...)
		kept = kept[max(0, len(kept)-20):]
		for _, word := range words {
			if bytes.HasSuffix(kept, []byte(word)) {
				return true, nil
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return false, err
		}
	}
}

// spanOf reads "B2:D3".
func spanOf(attributes []xml.Attr) (m span, ok bool) {
	for _, a := range attributes {
		if a.Name.Local != "ref" {
			continue
		}
		from, to, found := strings.Cut(a.Value, ":")
		if !found {
			return m, false
		}
		left, top, err1 := excelize.CellNameToCoordinates(from)
		right, bottom, err2 := excelize.CellNameToCoordinates(to)
		m = span{min(top, bottom), min(left, right) - 1, max(top, bottom), max(left, right) - 1}
		return m, err1 == nil && err2 == nil
	}
	return m, false
}

package intake

import (
	"errors"
	"fmt"
	"strings"
)

// separatorRows decide which separator a file has.
const separatorRows = 20

// readCSV reads text with one of the separators that office programs write. Rows are
// counted as a spreadsheet shows them: a blank line is a row, a line break in quotes none.
func readCSV(text string, tick func(rows int)) (*Sheet, error) {
	sheet := &Sheet{tick: tick}
	r := csvReader{rest: text, separator: separatorOf(text)}
	for number := 1; r.rest != ""; number++ {
		if err := r.row(); err != nil {
			return nil, unreadable(fmt.Sprintf("row %d: %v", number, err))
		}
		cells := make([]Cell, len(r.cells))
		for i, text := range r.cells {
			cells[i].Text = clean(text)
		}
		if err := sheet.add(number, cells); err != nil {
			return nil, err
		}
	}
	return sheet, nil
}

// separatorOf is the separator that stands in most of the first lines, outside quotes;
// the one that stands there most often, if several do.
func separatorOf(text string) byte {
	best, most := byte(','), 0
	for _, separator := range []byte(",;\t") {
		lines, count := 0, 0
		quoted, here, left := false, 0, separatorRows
		for i := 0; i < len(text) && left > 0; i++ {
			switch c := text[i]; {
			case c == '"':
				quoted = !quoted
			case quoted:
			case c == separator:
				here++
			case c == '\n':
				if here > 0 {
					lines++
				}
				count, here, left = count+here, 0, left-1
			}
		}
		if weight := lines*1000 + min(count+here, 999); weight > most {
			best, most = separator, weight
		}
	}
	return best
}

// csvReader takes rows off the front of a text.
type csvReader struct {
	rest      string
	separator byte
	cells     []string
}

// row reads one row; the rest is shorter afterwards.
func (r *csvReader) row() error {
	r.cells = r.cells[:0]
	for {
		text, err := r.cell()
		if err != nil {
			return err
		}
		if r.cells = append(r.cells, text); len(r.cells) > 1<<14 {
			return fmt.Errorf("more than %d cells", 1<<14)
		}
		switch {
		case r.rest == "":
			return nil
		case r.rest[0] == r.separator:
			r.rest = r.rest[1:]
			if r.rest == "" {
				return nil
			}
		default:
			if strings.HasPrefix(r.rest, "\r\n") {
				r.rest = r.rest[1:]
			}
			r.rest = r.rest[1:]
			return nil
		}
	}
}

// cell reads up to a separator or the end of a line, which stays in the rest.
func (r *csvReader) cell() (string, error) {
	if strings.HasPrefix(r.rest, `="`) { // ="007": a text that looks like a number
		r.rest = r.rest[1:]
	}
	if !strings.HasPrefix(r.rest, `"`) {
		return r.plain(), nil
	}
	var b strings.Builder
	for r.rest = r.rest[1:]; ; {
		end := strings.IndexByte(r.rest, '"')
		if end < 0 {
			return "", errors.New("a quotation mark is never closed")
		}
		b.WriteString(r.rest[:end])
		if r.rest = r.rest[end+1:]; !strings.HasPrefix(r.rest, `"`) {
			break
		}
		b.WriteByte('"')
		r.rest = r.rest[1:]
	}
	// What stands between the closing mark and the separator belongs to the cell.
	return b.String() + r.plain(), nil
}

// plain reads what has no quotation marks.
func (r *csvReader) plain() string {
	end := strings.IndexAny(r.rest, string(r.separator)+"\r\n")
	if end < 0 {
		end = len(r.rest)
	}
	text := r.rest[:end]
	r.rest = r.rest[end:]
	return text
}

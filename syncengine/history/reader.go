package history

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"golang.org/x/mod/sumdb/tlog"
)

// Reader reads a history file. It checks the form of each line; what the lines
// say is Verify's to check.
type Reader struct {
	lines  *bufio.Scanner
	digest hash.Hash
	item   Item
	again  []byte
}

// NewReader begins to read a file.
func NewReader(from io.Reader) *Reader {
	r := &Reader{lines: bufio.NewScanner(from), digest: sha256.New()}
	r.lines.Buffer(make([]byte, 0, 1<<16), LineMax)
	r.lines.Split(wholeLines)
	return r
}

// wholeLines splits into lines with their ends; the last may lack it.
func wholeLines(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// Next gives the item of the next line; it is overwritten by the one after.
func (r *Reader) Next() (*Item, error) {
	r.item.Line++
	more := r.lines.Scan()
	line := r.lines.Bytes()
	err := r.lines.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, r.malformed()
	case err != nil && !bytes.HasSuffix(line, []byte("\n")): // the rest may be there
		return nil, fmt.Errorf("read line %d of the history: %w", r.item.Line, err)
	case !more:
		return nil, io.EOF
	}
	if r.again, err = parseLine(line, &r.item, r.again); err != nil {
		return nil, r.malformed()
	}
	if r.item.Kind == KindPage {
		r.item.Page.Lines, r.item.Page.Digest = r.item.Line-1, tlog.Hash(r.digest.Sum(nil))
	}
	r.digest.Write(line)
	return &r.item, nil
}

func (r *Reader) malformed() error {
	return &Fault{Code: LineMalformed, FromLine: r.item.Line, Line: r.item.Line}
}

package jsonline

import (
	"errors"
	"fmt"

	"sansuiji/syncengine/changeset"
)

// ErrMalformed says that a line does not describe a change, or not one that can
// follow the lines before it.
var ErrMalformed = errors.New("malformed line")

// LineMax is the longest line, in bytes: the largest input a Reader takes by
// default, were all of it text of control characters at six bytes each.
const LineMax = 6*(64<<20) + 1<<20

// Encoder makes a changeset or patchset from lines. The zero Encoder is ready.
type Encoder struct {
	w     *changeset.Writer
	table *changeset.Table
}

// Line adds the change of one line; the newline may be there or not. An error
// wraps ErrMalformed and leaves what was made before as it is.
func (e *Encoder) Line(line []byte) error {
	l, err := parse(line)
	if err != nil {
		return err
	}
	if e.w == nil {
		e.w = changeset.NewWriter(l.table.Format)
	}
	if e.table == nil || l.header || !same(e.table, &l.table) {
		e.table = &l.table
	}
	c := changeset.Change{Table: e.table, Op: l.op, Indirect: l.indirect, Old: l.old, New: l.now}
	if err := e.w.Append(c); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}

// Bytes is what the lines so far make.
func (e *Encoder) Bytes() []byte {
	if e.w == nil {
		return nil
	}
	return e.w.Bytes()
}

package changeset

import (
	"errors"
	"fmt"
)

var (
	// ErrMalformed says that bytes are not a changeset or patchset.
	ErrMalformed = errors.New("malformed changeset")
	// ErrLimit says that bytes may be one but exceed the limits of the reader.
	ErrLimit = errors.New("changeset exceeds a limit")
	// ErrShape says that a change does not fit the table or format of a writer.
	ErrShape = errors.New("change does not fit")
)

// Error is input that cannot be read. It wraps ErrMalformed or ErrLimit.
type Error struct {
	// Offset is where the header, change or value that cannot be read starts,
	// in bytes from the start of the input.
	Offset int
	// Reason says what is wrong there.
	Reason string

	kind error
}

func (e *Error) Error() string {
	return fmt.Sprintf("read at byte %d: %v: %s", e.Offset, e.kind, e.Reason)
}

// Unwrap is ErrMalformed or ErrLimit.
func (e *Error) Unwrap() error { return e.kind }

// fault is what can be wrong with input. It stands for an error inside hot loops.
type fault byte

const (
	fine fault = iota
	endsEarly
	unknownKind
	notANumber
	badLength
	noTable
	noColumns
	noKey
	mixedFormats
	unknownOp
	badFlag
	valueMissing
	nullInKey
	halfChange
	outsideKey
	valueTooLong
	nameTooLong
	tooManyColumns
	tooManyTables
	tooManyChanges
	tooManyBytes
)

func (f fault) at(offset int) *Error {
	return &Error{Offset: offset, Reason: f.String(), kind: f.kind()}
}

func (f fault) kind() error {
	if f >= valueTooLong {
		return ErrLimit
	}
	return ErrMalformed
}

func (f fault) String() string {
	return [...]string{
		fine:           "fine",
		endsEarly:      "input ends early",
		unknownKind:    "unknown type of value",
		notANumber:     "real is not a number",
		badLength:      "length is too large or not in its shortest form",
		noTable:        "change before the first table",
		noColumns:      "table without columns",
		noKey:          "table without a key column",
		mixedFormats:   "changeset and patchset in one input",
		unknownOp:      "neither a table nor a change",
		badFlag:        "indirect flag is neither 0 nor 1",
		valueMissing:   "value is missing",
		nullInKey:      "null in a key column",
		halfChange:     "old or new value of a changed column is missing",
		outsideKey:     "value outside the key",
		valueTooLong:   "text or blob is too long",
		nameTooLong:    "table name is too long",
		tooManyColumns: "too many columns",
		tooManyTables:  "too many tables",
		tooManyChanges: "too many changes",
		tooManyBytes:   "too many bytes",
	}[f]
}

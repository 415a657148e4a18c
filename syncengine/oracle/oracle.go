package oracle

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// ErrCrashed says that the child process died while it answered. The next call
// starts a new one.
var ErrCrashed = errors.New("oracle process died")

// Oracle is a running child process. Its methods may be called from several
// goroutines; they answer one at a time.
type Oracle struct {
	mu    sync.Mutex
	spawn func() (*child, error)
	child *child
}

// Start builds the program unless the cache has it (about a minute, once) and
// starts it. The process lives until Close, or until ctx is done.
func Start(ctx context.Context) (*Oracle, error) {
	program, err := build(ctx)
	if err != nil {
		return nil, fmt.Errorf("build oracle: %w", err)
	}
	o := &Oracle{spawn: func() (*child, error) { return spawn(ctx, program) }}
	if o.child, err = o.spawn(); err != nil {
		return nil, fmt.Errorf("start oracle: %w", err)
	}
	return o, nil
}

// Close ends the child process.
func (o *Oracle) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.child == nil {
		return nil
	}
	err := o.child.close()
	o.child = nil
	return err
}

// Record runs setup in a new database in memory, then change under a session
// that watches every table, and returns what the session recorded.
func (o *Oracle) Record(setup, change string) (changeset, patchset []byte, err error) {
	got, err := o.ask('R', 2, []byte(setup), []byte(change))
	if err != nil {
		return nil, nil, fmt.Errorf("record: %w", err)
	}
	return got[0], got[1], nil
}

// Iteration is what SQLite's iterator makes of some bytes.
type Iteration struct {
	// Accepted is true when the iterator came to the end without an error.
	Accepted bool
	// Code is SQLite's result code; 0 when accepted, -1 when it crashed.
	Code int
	// Changes is how many changes it gave before the end or the error.
	Changes int
	// Transcript lists them: a four-byte length and the table name, operation,
	// indirect flag, a four-byte length and the key flags, then the old and the
	// new value of each column as a changeset carries them, a zero byte for none.
	Transcript []byte
}

// Iterate walks over a changeset or patchset with SQLite's iterator. A crash of
// SQLite counts as a rejection.
func (o *Oracle) Iterate(set []byte) (Iteration, error) {
	got, err := o.ask('I', 3, set)
	if errors.Is(err, ErrCrashed) {
		return Iteration{Code: -1}, nil
	}
	if err != nil {
		return Iteration{}, fmt.Errorf("iterate: %w", err)
	}
	code := int(number(got[0]))
	return Iteration{
		Accepted: code == 0, Code: code, Changes: int(number(got[1])), Transcript: got[2],
	}, nil
}

// Application says what to apply where.
type Application struct {
	// File is the database; it is created when it is not there.
	File string
	// Setup is run first and not counted: pragmas, tables, rows.
	Setup string
	// Group is how many changesets share one transaction; 0 is taken as 1.
	Group int
	// Changesets are applied in this order.
	Changesets [][]byte
}

// Applied is the cost of an application. Both times cover the transactions and
// what is inside them, not the setup and not the transport to the child.
type Applied struct {
	CPU       time.Duration // user and system time of the child process
	Wall      time.Duration
	Count     int // changesets applied
	Conflicts int // calls of the conflict handler
}

// Apply applies changesets with sqlite3changeset_apply. The conflict handler
// replaces where SQLite allows it (DATA, CONFLICT) and omits elsewhere.
func (o *Oracle) Apply(a Application) (Applied, error) {
	group := binary.BigEndian.AppendUint32(nil, uint32(max(a.Group, 1)))
	fields := append([][]byte{[]byte(a.File), []byte(a.Setup), group}, a.Changesets...)
	got, err := o.ask('A', 4, fields...)
	if err != nil {
		return Applied{}, fmt.Errorf("apply to %s: %w", a.File, err)
	}
	return Applied{
		CPU:       time.Duration(number(got[0])),
		Wall:      time.Duration(number(got[1])),
		Count:     int(number(got[2])),
		Conflicts: int(number(got[3])),
	}, nil
}

// Rows is the answer to a query.
type Rows struct {
	Count int
	// Values holds every value of every row in order, each as a changeset
	// carries it: equal rows are equal bytes.
	Values []byte
}

// Query runs one SELECT in a database file.
func (o *Oracle) Query(file, query string) (Rows, error) {
	got, err := o.ask('Q', 2, []byte(file), []byte(query))
	if err != nil {
		return Rows{}, fmt.Errorf("query %s: %w", file, err)
	}
	return Rows{Count: int(number(got[0])), Values: got[1]}, nil
}

// ask sends one request and returns the fields of the answer, of which there
// must be want. After a crash it leaves no child, and the next ask starts one.
func (o *Oracle) ask(command byte, want int, fields ...[]byte) ([][]byte, error) {
	request, err := message(command, fields)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.child == nil {
		c, err := o.spawn()
		if err != nil {
			return nil, fmt.Errorf("restart oracle: %w", err)
		}
		o.child = c
	}
	got, err := o.child.ask(request)
	if err != nil {
		o.child.kill()
		o.child = nil
		return nil, fmt.Errorf("%w: %w", ErrCrashed, err)
	}
	if len(got) > 0 && len(got[0]) > 0 {
		return nil, errors.New(string(got[0]))
	}
	if len(got) != want+1 {
		return nil, fmt.Errorf("answer has %d fields, want %d", len(got), want+1)
	}
	return got[1:], nil
}

func number(field []byte) int64 {
	if len(field) != 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(field))
}

// cacheDir is where the built program is kept: SANSUIJI_CACHE, or the user's
// cache directory.
func cacheDir() (string, error) {
	if dir := os.Getenv("SANSUIJI_CACHE"); dir != "" {
		return dir, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find cache directory: %w", err)
	}
	return dir + "/sansuiji", nil
}

package crash

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// sector is what a disk writes as a whole, in bytes.
const sector = 512

// disk is a folder as a power cut could leave it: what was synced stays; of what
// was not, each write may be there, be lost, or be torn between sectors, whatever
// became of the others. The same holds for the names of files.
type disk struct {
	folder  string
	names   map[string]*file // durable
	live    map[string]*file // as the program sees them
	renames []naming         // not durable
	open    map[int64]*file  // by descriptor
	conns   map[int64]*conn
	root    file // the folder itself, as something to sync

	walSyncs []span        // of the log
	wal      []walWrite    // to the log
	onAnswer func(*answer) // called when an answer begins to be sent
}

// file is a file's content.
type file struct {
	name    string // its first
	durable []byte
	pending []change
}

// change is a write, or a cut to a length, that is not known to be durable.
type change struct {
	call *call
	off  int64
	data []byte
	cut  bool // to off bytes
}

// naming gives a file a name, or takes the name away.
type naming struct {
	call *call
	name string
	file *file // nil: the name goes
}

type span struct{ start, end int }

type walWrite struct {
	span
	data []byte
}

// conn is a connection and how many answers it has had.
type conn struct {
	port    int
	answers int
}

// answer is the n-th answer on the connection to a port.
type answer struct {
	port, n int
	start   int
}

// newDisk is a folder as it is now.
func newDisk(folder string) (*disk, error) {
	d := &disk{
		folder: folder, names: map[string]*file{}, live: map[string]*file{},
		open: map[int64]*file{}, conns: map[int64]*conn{},
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if slices.Contains(otherFolders(), e.Name()) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		f := &file{name: e.Name(), durable: b}
		d.names[e.Name()], d.live[e.Name()] = f, f
	}
	return d, nil
}

// concerns says whether a call may change what is on the disk.
func (d *disk) concerns(c *call) bool { return c.name != "mmap" && c.name != "accept4" }

// begin is what a call may have done from its start on.
func (d *disk) begin(c *call) error {
	switch c.name {
	case "close":
		fd := c.number(0)
		delete(d.open, fd)
		delete(d.conns, fd)
	case "write", "pwrite64":
		return d.write(c)
	case "ftruncate":
		if f := d.open[c.number(0)]; f != nil {
			f.pending = append(f.pending, change{call: c, off: c.number(1), cut: true})
		}
	case "unlink", "unlinkat":
		return d.rename(c, 0, -1)
	case "rename", "renameat", "renameat2":
		return d.rename(c, 0, 1)
	case "writev", "pwritev", "pwritev2", "fallocate", "sync_file_range", "dup", "dup2", "dup3":
		if d.open[c.number(0)] != nil {
			return fmt.Errorf("%w: %s on a file is not modelled", errTrace, c.name)
		}
	case "mmap":
		return d.mapped(c)
	}
	return nil
}

// mapped lets no file but SQLite's shared memory be written by mapping.
func (d *disk) mapped(c *call) error {
	args := strings.Split(strings.TrimSuffix(c.args, ")"), ", ")
	if len(args) != 6 || !strings.Contains(args[3], "MAP_SHARED") || !strings.Contains(args[2], "PROT_WRITE") {
		return nil
	}
	fd, err := strconv.ParseInt(args[4], 10, 64)
	if f := d.open[fd]; err == nil && f != nil {
		return fmt.Errorf("%w: %s is written by mapping", errTrace, f.name)
	}
	return nil
}

// end is what a call has done when it has returned.
func (d *disk) end(c *call) error {
	switch c.name {
	case "open", "openat", "creat":
		return d.opened(c)
	case "accept4":
		d.accepted(c)
	case "fsync", "fdatasync":
		d.sync(c)
	}
	return nil
}

func (d *disk) accepted(c *call) {
	_, rest, found := strings.Cut(c.args, "port=htons(")
	if text, _, ok := strings.Cut(rest, ")"); found && ok && c.result >= 0 {
		if port, err := strconv.Atoi(text); err == nil {
			d.conns[c.result] = &conn{port: port}
		}
	}
}

// otherFolders have attachments' bytes, maps and documents; they have tests of their own.
func otherFolders() []string { return []string{"photos", "maps", "reports"} }

// inFolder is a path's name in the folder, if it is in it and of interest: SQLite
// makes its shared memory anew after a crash.
func (d *disk) inFolder(path []byte) (string, bool) {
	name, ok := strings.CutPrefix(string(path), d.folder+"/")
	first, _, _ := strings.Cut(name, "/")
	return name, ok && !strings.HasSuffix(name, "-shm") && !slices.Contains(otherFolders(), first)
}

func (d *disk) opened(c *call) error {
	path, err := c.text(0, tracedBytes)
	if err != nil || c.result < 0 {
		return err
	}
	if string(path) == d.folder {
		d.open[c.result] = &d.root
		return nil
	}
	name, ok := d.inFolder(path)
	if !ok {
		return nil
	}
	f := d.live[name]
	if f == nil {
		f = &file{name: name}
		d.live[name] = f
		d.renames = append(d.renames, naming{c, name, f})
	}
	if strings.Contains(c.args, "O_TRUNC") {
		f.pending = append(f.pending, change{call: c, cut: true})
	}
	d.open[c.result] = f
	return nil
}

func (d *disk) write(c *call) error {
	fd := c.number(0)
	if conn := d.conns[fd]; conn != nil && c.name == "write" {
		head, err := c.text(0, len("HTTP/1.1 "))
		if err == nil && string(head) == "HTTP/1.1 " && c.result > 0 {
			d.onAnswer(&answer{conn.port, conn.answers, c.start})
			conn.answers++
		}
		return err
	}
	f := d.open[fd]
	if f == nil {
		return nil
	}
	data, err := c.text(0, tracedBytes)
	if err != nil {
		return err
	}
	if c.result >= 0 && int64(len(data)) != c.result {
		return fmt.Errorf("%w: %d of %d bytes written", errTrace, c.result, len(data))
	}
	off := c.last()
	if c.name == "write" {
		off = f.size() // all our files but the database are written from the start on
	}
	f.pending = append(f.pending, change{call: c, off: off, data: data})
	if strings.HasSuffix(f.name, "-wal") {
		d.wal = append(d.wal, walWrite{span{c.start, c.end}, data})
	}
	return nil
}

// size is how long a file is as the program sees it.
func (f *file) size() int64 {
	size := int64(len(f.durable))
	for i := range f.pending {
		p := &f.pending[i]
		if p.cut {
			size = p.off
		} else {
			size = max(size, p.off+int64(len(p.data)))
		}
	}
	return size
}

// rename gives the file of one quoted name another; -1: none.
func (d *disk) rename(c *call, from, to int) error {
	if c.result < 0 {
		return nil
	}
	path, err := c.text(from, tracedBytes)
	if err != nil {
		return err
	}
	name, ok := d.inFolder(path)
	f := d.live[name]
	if !ok || f == nil {
		return nil
	}
	delete(d.live, name)
	d.renames = append(d.renames, naming{c, name, nil})
	if to < 0 {
		return nil
	}
	if path, err = c.text(to, tracedBytes); err != nil {
		return err
	}
	if name, ok = d.inFolder(path); ok {
		d.live[name] = f
		d.renames[len(d.renames)-1] = naming{c, name, f} // one step: both or none, roughly
	}
	return nil
}

// sync makes durable what had returned before it began.
func (d *disk) sync(c *call) {
	f := d.open[c.number(0)]
	if f == nil || c.result < 0 {
		return
	}
	if f == &d.root {
		kept := d.renames[:0]
		for _, n := range d.renames {
			if n.call.end < c.start {
				n.apply(d.names)
			} else {
				kept = append(kept, n)
			}
		}
		d.renames = kept
		return
	}
	if strings.HasSuffix(f.name, "-wal") {
		d.walSyncs = append(d.walSyncs, span{c.start, c.end})
	}
	kept := f.pending[:0]
	for _, p := range f.pending {
		if p.call.end < c.start {
			f.durable = p.apply(f.durable, nil)
		} else {
			kept = append(kept, p)
		}
	}
	f.pending = kept
}

func (n naming) apply(names map[string]*file) {
	if n.file == nil {
		delete(names, n.name)
	} else {
		names[n.name] = n.file
	}
}

// apply changes content; torn says of each sector whether it arrives, nil: all.
func (p *change) apply(b []byte, torn func() bool) []byte {
	if p.cut {
		if int64(len(b)) >= p.off {
			return b[:p.off]
		}
		return append(b, make([]byte, p.off-int64(len(b)))...)
	}
	for at := int64(0); at < int64(len(p.data)); {
		off := p.off + at
		n := min(sector-off%sector, int64(len(p.data))-at)
		if torn == nil || torn() {
			if short := off + n - int64(len(b)); short > 0 {
				b = append(b, make([]byte, short)...)
			}
			copy(b[off:], p.data[at:at+n])
		}
		at += n
	}
	return b
}

// image writes the folder as a power cut now could leave it.
func (d *disk) image(into string, random *rand.Rand) error {
	if err := os.MkdirAll(into, 0o700); err != nil {
		return err
	}
	fate := fates(random)
	names := map[string]*file{}
	for name, f := range d.names {
		names[name] = f
	}
	for _, n := range d.renames {
		if fate() != lost {
			n.apply(names)
		}
	}
	for name, f := range names {
		b := append(make([]byte, 0, len(f.durable)+1<<16), f.durable...)
		for i := range f.pending {
			switch fate() {
			case kept:
				b = f.pending[i].apply(b, nil)
			case torn:
				b = f.pending[i].apply(b, func() bool { return random.IntN(2) == 0 })
			case lost:
			}
		}
		if err := os.WriteFile(filepath.Join(into, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// fate is what becomes of something that is not durable.
type fate int

const (
	kept fate = iota
	lost
	torn
)

// fates draws how kind one power cut is: in a fifth of them all is lost, in
// another all kept.
func fates(random *rand.Rand) func() fate {
	switch random.IntN(5) {
	case 0:
		return func() fate { return lost }
	case 1:
		return func() fate { return kept }
	}
	return func() fate { return fate(random.IntN(3)) }
}

// find tells in which write to the log each of some hashes stands first.
func (d *disk) find(hashes []string) map[string]span {
	wanted := map[uint64]string{}
	for _, h := range hashes {
		wanted[binary.LittleEndian.Uint64([]byte(h[:8]))] = h
	}
	found := map[string]span{}
	for _, w := range d.wal {
		for i := 0; i+32 <= len(w.data); i++ {
			h, ok := wanted[binary.LittleEndian.Uint64(w.data[i:])]
			if ok && string(w.data[i:i+32]) == h {
				found[h] = w.span
				delete(wanted, binary.LittleEndian.Uint64(w.data[i:]))
			}
		}
	}
	return found
}

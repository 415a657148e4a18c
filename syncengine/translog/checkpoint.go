package translog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"

	"golang.org/x/mod/sumdb/tlog"
)

// Limits on a checkpoint's text.
const (
	// CheckpointMax is the size of a signed checkpoint in bytes.
	CheckpointMax = 8 << 10
	// extraMax is how many lines of a later kind it may have.
	extraMax = 16
	// EndedMax is how many epochs that ended it names, the newest ones.
	EndedMax = 16
)

// Tree is a state of a log.
type Tree struct {
	Size uint64
	Root tlog.Hash
}

// Checkpoint is what headquarters signs: the state of a campaign's log, and of
// the rows that were made of it.
type Checkpoint struct {
	Campaign schema.CampaignID
	Tree
	Epoch schema.Epoch
	// Began is the size that the log had when the epoch began; 0 for the first. An
	// epoch begins when headquarters is restored: positions above Began that an
	// earlier epoch had are gone.
	Began    uint64
	Revision uint64 // of the rows
	// Ended are earlier epochs that this log continues, oldest first, EndedMax at most.
	Ended []Ended

	Extra []string // lines of a later kind, kept as they are
}

// Ended is an epoch that is over: the log continues it up to a size, and not what it
// had beyond that.
type Ended struct {
	Epoch schema.Epoch
	Size  uint64
}

// End adds an epoch that is over, and lets go of those that are too old to be named.
// The zero epoch is none.
func End(ended []Ended, epoch schema.Epoch, size uint64) []Ended {
	if epoch == (schema.Epoch{}) {
		return ended
	}
	ended = append(slices.Clone(ended), Ended{epoch, size})
	return ended[max(0, len(ended)-EndedMax):]
}

// Continues says up to what size the log continues an epoch that is over; false if
// it tells nothing of that epoch.
func (c *Checkpoint) Continues(epoch schema.Epoch) (size uint64, known bool) {
	for _, e := range c.Ended {
		if e.Epoch == epoch {
			return e.Size, true
		}
	}
	return 0, false
}

// Common is the most that this log can have in common with one that was held.
func (c *Checkpoint) Common(held *Checkpoint) uint64 {
	if size, known := c.Continues(held.Epoch); known {
		return size
	}
	return min(c.Began, held.Began)
}

// Origin is the name of a campaign's log, and of the key that signs it.
func Origin(campaign schema.CampaignID) string { return originPrefix + campaign.String() }

const (
	originPrefix = "sansuiji/"
	endedPrefix  = "epoch-ended "
)

// Format writes the text that is signed, each line with its end: origin, size,
// root in base64 (C2SP tlog-checkpoint), then the extension lines
// "epoch <uuid>", "epoch-began <size>", "revision <n>", "epoch-ended <uuid> <size>"
// for each that is over, and the extra ones.
func (c *Checkpoint) Format() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d\n%s\nepoch %s\nepoch-began %d\nrevision %d\n",
		Origin(c.Campaign), c.Size, c.Root, c.Epoch, c.Began, c.Revision)
	for _, e := range c.Ended {
		fmt.Fprintf(&b, "%s%s %d\n", endedPrefix, e.Epoch, e.Size)
	}
	for _, line := range c.Extra {
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}

// ParseCheckpoint reads what Format writes, and nothing else.
func ParseCheckpoint(text string) (Checkpoint, error) {
	c, err := parseCheckpoint(text)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read checkpoint: %w", err)
	}
	return c, nil
}

func parseCheckpoint(text string) (c Checkpoint, err error) {
	body, ended := strings.CutSuffix(text, "\n")
	if !ended || len(text) > CheckpointMax || !utf8.ValidString(text) {
		return c, fmt.Errorf("%w: %d bytes", ErrMalformed, len(text))
	}
	lines := strings.Split(body, "\n")
	const known = 6
	if len(lines) < known || len(lines) > known+EndedMax+extraMax {
		return c, fmt.Errorf("%w: %d lines", ErrMalformed, len(lines))
	}
	r := lineReader{lines: lines}
	c.Campaign = idAfter[schema.CampaignID](&r, originPrefix)
	c.Size = r.number("")
	c.Root = r.hash()
	c.Epoch = idAfter[schema.Epoch](&r, "epoch ")
	c.Began, c.Revision = r.number("epoch-began "), r.number("revision ")
	for len(r.lines) > 0 && strings.HasPrefix(r.lines[0], endedPrefix) {
		c.Ended = append(c.Ended, r.ended())
	}
	if len(r.lines) > 0 {
		c.Extra = r.lines
	}
	if r.err == nil {
		r.err = c.check()
	}
	return c, r.err
}

// check refuses what no log of ours can be.
func (c *Checkpoint) check() error {
	if c.Began > c.Size {
		return fmt.Errorf("%w: size %d in an epoch that began at %d", ErrMalformed, c.Size, c.Began)
	}
	if len(c.Ended) > EndedMax || len(c.Extra) > extraMax {
		return fmt.Errorf("%w: %d epochs, %d more lines", ErrMalformed, len(c.Ended), len(c.Extra))
	}
	for i, e := range c.Ended {
		_, twice := (&Checkpoint{Ended: c.Ended[:i]}).Continues(e.Epoch)
		if twice || e.Epoch == c.Epoch || e.Size > c.Began || i > 0 && e.Size < c.Ended[i-1].Size {
			return fmt.Errorf("%w: epoch %s ended at %d", ErrMalformed, e.Epoch, e.Size)
		}
	}
	if c.Size == 0 && c.Root != emptyRoot() {
		return fmt.Errorf("%w: an empty log with another root", ErrMalformed)
	}
	for _, line := range c.Extra {
		if line == "" || strings.HasPrefix(line, endedPrefix) || strings.ContainsFunc(line, isControl) {
			return fmt.Errorf("%w: line %.40q", ErrMalformed, line)
		}
	}
	return nil
}

// isControl: a signed note holds none but line ends.
func isControl(r rune) bool { return r < ' ' }

// lineReader reads line by line and stays at the first error.
type lineReader struct {
	lines []string
	err   error
}

// after is the rest of the next line after a prefix.
func (r *lineReader) after(prefix string) string {
	line := r.lines[0]
	r.lines = r.lines[1:]
	rest, ok := strings.CutPrefix(line, prefix)
	if !ok && r.err == nil {
		r.err = fmt.Errorf("%w: line %.40q, want %q", ErrMalformed, line, prefix)
	}
	return rest
}

func (r *lineReader) number(prefix string) uint64 {
	text := r.after(prefix)
	n, err := strconv.ParseUint(text, 10, 64)
	if (err != nil || n > SizeMax || strconv.FormatUint(n, 10) != text) && r.err == nil {
		r.err = fmt.Errorf("%w: number %.40q", ErrMalformed, text)
	}
	return n
}

// ended reads an epoch that is over.
func (r *lineReader) ended() (e Ended) {
	id, size, _ := strings.Cut(r.after(endedPrefix), " ")
	part := lineReader{lines: []string{id, size}, err: r.err}
	e.Epoch, e.Size = idAfter[schema.Epoch](&part, ""), part.number("")
	r.err = part.err
	return e
}

func (r *lineReader) hash() tlog.Hash {
	text := r.after("")
	h, err := parseHash(text)
	if err != nil && r.err == nil {
		r.err = err
	}
	return h
}

// parseHash reads base64, of which exactly one text stands for a hash.
func parseHash(text string) (tlog.Hash, error) {
	b, err := AppendBase64(nil, []byte(text))
	if err != nil || len(b) != tlog.HashSize {
		return tlog.Hash{}, fmt.Errorf("%w: hash %.60q", ErrMalformed, text)
	}
	return tlog.Hash(b), nil
}

// idAfter reads an id in its one form, lower case, after a prefix.
func idAfter[T interface {
	schema.ID16
	fmt.Stringer
}](r *lineReader, prefix string) T {
	text := r.after(prefix)
	id, err := schema.ParseID[T](text)
	if (err != nil || id.String() != text) && r.err == nil {
		r.err = fmt.Errorf("%w: id %.40q", ErrMalformed, text)
	}
	return id
}

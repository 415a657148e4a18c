package history

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// LineMax is the longest line: an entry of the largest size in base64, and the
// rest of its record.
const LineMax = (chain.EntryMax+2)/3*4 + 1<<10

const format = "sansuiji/history/1"

var errLine = errors.New("not in the one form a line has")

func appendHeader(b []byte, campaign schema.CampaignID) []byte {
	return fmt.Appendf(b, "{\"format\":\"%s\",\"campaign\":\"%s\",\"origin\":\"%s\"}\n",
		format, campaign, translog.Origin(campaign))
}

func appendRecord(b []byte, r *Record) []byte {
	b = strconv.AppendUint(append(b, `{"position":`...), r.Position, 10)
	b = append(append(append(b, `,"epoch":"`...), r.Epoch.String()...), '"')
	b = append(append(append(b, `,"device":"`...), r.Device.String()...), '"')
	b = strconv.AppendUint(append(b, `,"seq":`...), r.Seq, 10)
	b = strconv.AppendInt(append(b, `,"received_at":`...), r.ReceivedAt, 10)
	b = strconv.AppendUint(append(b, `,"clock":"`...), uint64(r.Clock), 10)
	b = base64.StdEncoding.AppendEncode(append(b, `","entry":"`...), r.Entry)
	b = base64.StdEncoding.AppendEncode(append(b, `","leaf":"`...), r.Leaf[:])
	return append(b, "\"}\n"...)
}

func appendSeal(b []byte, s *Seal) []byte {
	b = append(append(append(b, `{"device":"`...), s.Device.String()...), '"')
	b = strconv.AppendUint(append(b, `,"seq":`...), s.Seq, 10)
	b = base64.StdEncoding.AppendEncode(append(b, `,"signature":"`...), s.Signature)
	return append(b, "\"}\n"...)
}

// appendText writes a line of one key with a text.
func appendText(b []byte, key, text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(fmt.Sprintf("history: a text that is none: %v", err)) // not for strings
	}
	b = append(append(append(b, `{"`...), key...), `":`...)
	return append(append(b, quoted...), "}\n"...)
}

// Append writes the item's line, with its end. A record needs its leaf.
func (i *Item) Append(b []byte) []byte {
	switch i.Kind {
	case KindHeader:
		return appendHeader(b, i.Campaign)
	case KindRecord:
		return appendRecord(b, &i.Record)
	case KindSeal:
		return appendSeal(b, &i.Seal)
	case KindCheckpoint:
		return appendText(b, "checkpoint", i.Checkpoint)
	case KindPage:
		return appendText(b, "page", i.Page.Signed)
	}
	return b
}

// parseLine reads a line with its end into an item, whose old parts are reused.
// The line must be in the one form it has: writing the item, for which again has
// room, gives the same bytes. It returns that room.
func parseLine(line []byte, item *Item, again []byte) ([]byte, error) {
	c := cursor{rest: line}
	switch {
	case c.skip(`{"format":"` + format + `","campaign":"`):
		item.Kind, item.Campaign = KindHeader, idUpTo[schema.CampaignID](&c)
	case c.skip(`{"position":`):
		item.Kind = KindRecord
		c.record(&item.Record)
	case c.skip(`{"device":"`):
		item.Kind = KindSeal
		c.seal(&item.Seal)
	case c.skip(`{"checkpoint":`):
		item.Kind, item.Checkpoint = KindCheckpoint, c.text()
	case c.skip(`{"page":`):
		item.Kind, item.Page.Signed = KindPage, c.text()
	default:
		c.err = errLine
	}
	if c.err == nil {
		again = item.Append(again[:0])
		if !bytes.Equal(line, again) {
			c.err = errLine
		}
	}
	return again, c.err
}

// cursor reads a line from the left and stays at the first error. It need not be
// strict: what it reads is written again and compared.
type cursor struct {
	rest []byte
	err  error
}

func (c *cursor) record(r *Record) {
	r.Position = c.uint(`,"epoch":"`)
	r.Epoch = idUpTo[schema.Epoch](c)
	c.must(`,"device":"`)
	r.Device = idUpTo[schema.DeviceID](c)
	c.must(`,"seq":`)
	r.Seq = c.uint(`,"received_at":`)
	r.ReceivedAt = c.int(`,"clock":"`)
	r.Clock = clock.Time(c.uint(`","entry":"`))
	r.Entry = c.bytes(r.Entry[:0])
	c.must(`,"leaf":"`)
	leaf := c.bytes(nil)
	if len(leaf) != tlog.HashSize {
		c.err = errLine
		return
	}
	r.Leaf, r.Hash = (*tlog.Hash)(leaf), nil
}

func (c *cursor) seal(s *Seal) {
	s.Device = idUpTo[schema.DeviceID](c)
	c.must(`,"seq":`)
	s.Seq = c.uint(`,"signature":"`)
	s.Signature = c.bytes(nil)
}

func (c *cursor) skip(prefix string) bool {
	if len(c.rest) < len(prefix) || string(c.rest[:len(prefix)]) != prefix {
		return false
	}
	c.rest = c.rest[len(prefix):]
	return true
}

func (c *cursor) must(prefix string) {
	if !c.skip(prefix) {
		c.err = errLine
	}
}

// upTo is the text before an end, which is taken too.
func (c *cursor) upTo(end string) []byte {
	text, rest, found := bytes.Cut(c.rest, []byte(end))
	if !found {
		c.err = errLine
		return nil
	}
	c.rest = rest
	return text
}

func (c *cursor) uint(end string) uint64 {
	n, err := strconv.ParseUint(string(c.upTo(end)), 10, 64)
	if err != nil {
		c.err = errLine
	}
	return n
}

func (c *cursor) int(end string) int64 {
	n, err := strconv.ParseInt(string(c.upTo(end)), 10, 64)
	if err != nil {
		c.err = errLine
	}
	return n
}

func idUpTo[T schema.ID16](c *cursor) T {
	id, err := schema.ParseID[T](string(c.upTo(`"`)))
	if err != nil {
		c.err = errLine
	}
	return id
}

// bytes reads base64 up to the closing quote.
func (c *cursor) bytes(into []byte) []byte {
	b, err := translog.AppendBase64(into, c.upTo(`"`))
	if err != nil {
		c.err = errLine
	}
	return b
}

// text reads the text that is the last value of its line.
func (c *cursor) text() (text string) {
	if quoted := c.upTo("}\n"); json.Unmarshal(quoted, &text) != nil {
		c.err = errLine
	}
	return text
}

package evidence

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// turn is a place in a device's chain.
type turn struct {
	author uint32
	seq    uint64
}

// record is an entry at its position. Without bytes it is withheld: it has rows that are
// not in the file too.
type record struct {
	leaf   translog.Leaf
	device schema.DeviceID
	seq    uint64
	entry  []byte
}

// trail is the part of the history that the rows rest on.
type trail struct {
	epochs  []store.EpochBegin
	devices map[uint32]schema.DeviceID
	read    map[turn]*record // nil: it cannot be in the file
	kept    map[turn]*record
	seals   []sealLine
	sealed  map[turn]bool
}

// recordLine is a record in history/entries.jsonl, one to a line, by position.
type recordLine struct {
	Position   uint64          `json:"position"`
	Epoch      schema.Epoch    `json:"epoch"`
	ReceivedAt int64           `json:"received_at"`
	Clock      string          `json:"clock"` // effective, in decimal
	Device     schema.DeviceID `json:"device"`
	Seq        uint64          `json:"seq"`
	Hash       []byte          `json:"hash"`            // of the entry
	Proof      [][]byte        `json:"proof"`           // that it is in the log of the checkpoint
	Entry      []byte          `json:"entry,omitempty"` // canonical bytes; none: withheld
}

// sealLine is a device's signature over its chain up to an entry, in history/seals.jsonl.
type sealLine struct {
	Device    schema.DeviceID `json:"device"`
	Seq       uint64          `json:"seq"`
	Signature []byte          `json:"signature"`
}

// Members of the history.
const (
	entriesPath    = "history/entries.jsonl"
	sealsPath      = "history/seals.jsonl"
	checkpointPath = "history/checkpoint"
)

// takeTrail takes the last writer of each cell, the devices, and the entries between these
// and a signature, as far as they tell of nothing else.
func (g *gathering) takeTrail(ctx context.Context) (err error) {
	g.trail = trail{
		devices: map[uint32]schema.DeviceID{}, read: map[turn]*record{}, kept: map[turn]*record{}, sealed: map[turn]bool{},
	}
	if g.trail.epochs, err = g.view.Epochs(ctx); err != nil {
		return err
	}
	if err := g.takeDevices(ctx); err != nil {
		return err
	}
	for _, r := range g.rows.list {
		for i := range r.stamps {
			at := turnOf(&r.stamps[i])
			record, err := g.record(ctx, at)
			if err != nil {
				return err
			}
			if record != nil {
				g.trail.kept[at] = record
			}
		}
	}
	for _, at := range g.turns() {
		if err := g.takeSeal(ctx, at); err != nil {
			return err
		}
	}
	return g.writeTrail(ctx)
}

func turnOf(s *merge.Stamp) turn { return turn{s.Author, s.Seq} }

// takeDevices takes the rows of the devices that wrote the rows, theirs too.
func (g *gathering) takeDevices(ctx context.Context) error {
	for i := 0; i < len(g.rows.list); i++ {
		for _, s := range g.rows.list[i].stamps {
			if _, known := g.trail.devices[s.Author]; known || s.Author == 0 {
				continue
			}
			var id []byte
			if err := g.view.QueryRowContext(ctx, `SELECT device_id FROM author WHERE campaign_no = $1 AND no = $2`,
				g.view.CampaignNo, int64(s.Author)).Scan(&id); err != nil {
				return fmt.Errorf("find author %d: %w", s.Author, err)
			}
			g.trail.devices[s.Author] = schema.DeviceID(id)
			if err := g.take(ctx, "device", schema.RowID(id)); err != nil {
				return err
			}
		}
	}
	return nil
}

// record reads the entry at a place of a chain; nil where none is to be in the file.
func (g *gathering) record(ctx context.Context, at turn) (*record, error) {
	r, have := g.trail.read[at]
	if have || at.author == 0 || at.seq == 0 {
		return r, nil
	}
	r = &record{device: g.trail.devices[at.author], seq: at.seq}
	var position, effective int64
	var hash []byte
	err := g.view.QueryRowContext(ctx, `SELECT position, hash, clock, received_at, entry FROM history
		WHERE campaign_no = $1 AND author = $2 AND seq = $3`, g.view.CampaignNo, int64(at.author), int64(at.seq)).
		Scan(&position, &hash, &effective, &r.leaf.ReceivedAt, &r.entry)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read entry %d of author %d: %w", at.seq, at.author, err)
	}
	if err != nil || uint64(position) > g.content.checkpoint.Size {
		g.trail.read[at] = nil
		return nil, nil
	}
	r.leaf.Position, r.leaf.Clock, r.leaf.Entry = uint64(position), clock.Time(effective), chain.Hash(hash)
	for _, e := range g.trail.epochs {
		if e.Position < r.leaf.Position {
			r.leaf.Epoch = e.Epoch
		}
	}
	if !g.tellsNothingElse(r.entry) {
		r.entry = nil
	}
	g.trail.read[at] = r
	return r, nil
}

// tellsNothingElse says whether all rows that an entry writes are in the file.
func (g *gathering) tellsNothingElse(entry []byte) bool {
	e, err := chain.Parse(entry)
	if err != nil {
		return false
	}
	all := true
	err = eachChange(e.Changeset, func(c *changeset.Change, id schema.RowID) {
		all = all && g.rows.by[ref{c.Table.Name, id}] != nil
	})
	return err == nil && all
}

// eachChange runs do on the changes of rows that have our keys.
func eachChange(b []byte, do func(c *changeset.Change, id schema.RowID)) error {
	r := changeset.NewReader(b, changeset.Limits{})
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		key := c.New
		if c.Op != changeset.Insert {
			key = c.Old
		}
		if len(key[0].Bytes) != len(schema.RowID{}) {
			return fmt.Errorf("%w: a key of %d bytes", errLine, len(key[0].Bytes))
		}
		do(&c, schema.RowID(key[0].Bytes))
	}
}

var errLine = errors.New("not as it should be")

// chainMax is how many entries a signature is looked for.
const chainMax = 5000

// takeSeal takes the signature that covers an entry, and the entries up to it, if all of
// these can be in the file.
func (g *gathering) takeSeal(ctx context.Context, at turn) error {
	if g.trail.kept[at].entry == nil {
		return nil
	}
	var seq int64
	var signature []byte
	err := g.view.QueryRowContext(ctx, `SELECT seq, signature FROM seal
		WHERE campaign_no = $1 AND author = $2 AND seq >= $3 ORDER BY seq LIMIT 1`,
		g.view.CampaignNo, int64(at.author), int64(at.seq)).Scan(&seq, &signature)
	if errors.Is(err, sql.ErrNoRows) || err == nil && uint64(seq) > at.seq+chainMax {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find signature: %w", err)
	}
	head := turn{at.author, uint64(seq)}
	between := map[turn]*record{}
	for next := at; next.seq <= head.seq; next.seq++ {
		r, err := g.record(ctx, next)
		if err != nil {
			return err
		}
		if r == nil || r.entry == nil {
			return nil
		}
		between[next] = r
	}
	for next, r := range between {
		g.trail.kept[next] = r
	}
	if !g.trail.sealed[head] {
		g.trail.sealed[head] = true
		g.trail.seals = append(g.trail.seals, sealLine{g.trail.devices[at.author], head.seq, signature})
	}
	return nil
}

// turns are the places of the entries, by position.
func (g *gathering) turns() []turn {
	list := make([]turn, 0, len(g.trail.kept))
	for at := range g.trail.kept {
		list = append(list, at)
	}
	slices.SortFunc(list, func(a, b turn) int {
		return int(int64(g.trail.kept[a].leaf.Position) - int64(g.trail.kept[b].leaf.Position))
	})
	return list
}

func (g *gathering) writeTrail(ctx context.Context) error {
	var entries, seals bytes.Buffer
	size := g.content.checkpoint.Size
	hashes := remembered{from: g.view.Hashes(ctx), known: map[int64]tlog.Hash{}}
	for _, at := range g.turns() {
		r := g.trail.kept[at]
		proof, err := tlog.ProveRecord(int64(size), int64(r.leaf.Position-1), hashes)
		if err != nil {
			return fmt.Errorf("prove position %d: %w", r.leaf.Position, err)
		}
		line := recordLine{
			Position: r.leaf.Position, Epoch: r.leaf.Epoch, ReceivedAt: r.leaf.ReceivedAt,
			Clock: strconv.FormatUint(uint64(r.leaf.Clock), 10), Device: r.device, Seq: r.seq,
			Hash: r.leaf.Entry[:], Proof: [][]byte{}, Entry: r.entry,
		}
		for i := range proof {
			line.Proof = append(line.Proof, proof[i][:])
		}
		if err := json.NewEncoder(&entries).Encode(&line); err != nil {
			return err
		}
	}
	slices.SortFunc(g.trail.seals, func(a, b sealLine) int {
		if by := bytes.Compare(a.Device[:], b.Device[:]); by != 0 {
			return by
		}
		return int(int64(a.Seq) - int64(b.Seq))
	})
	for i := range g.trail.seals {
		if err := json.NewEncoder(&seals).Encode(&g.trail.seals[i]); err != nil {
			return err
		}
	}
	g.content.add(entriesPath, entries.Bytes())
	g.content.add(sealsPath, seals.Bytes())
	return nil
}

// remembered keeps the hashes that one proof has in common with the next.
type remembered struct {
	from  tlog.HashReader
	known map[int64]tlog.Hash
}

func (r remembered) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var missing []int64
	for _, i := range indexes {
		if _, have := r.known[i]; !have {
			missing = append(missing, i)
		}
	}
	found, err := r.from.ReadHashes(missing)
	if err != nil {
		return nil, err
	}
	for i, index := range missing {
		r.known[index] = found[i]
	}
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = r.known[index]
	}
	return out, nil
}

// positionOf is where a cell was written last; 0: not known, or nobody wrote it.
func (g *gathering) positionOf(s *merge.Stamp) uint64 {
	if r := g.trail.kept[turnOf(s)]; r != nil {
		return r.leaf.Position
	}
	return 0
}

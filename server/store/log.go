package store

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/mutant"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// log is the history as a transparency log, growing in a transaction: the right
// edge of its Merkle tree, and the place up to which its tiles are kept.
type log struct {
	edge  translog.Edge
	tiled uint64      // size of the log when its tiles were kept last
	grown []tlog.Hash // leaves of this transaction
	from  uint64      // position of the first of them
}

// add adds the leaf at a position.
func (l *log) add(position uint64, leaf tlog.Hash) {
	if len(l.grown) == 0 {
		l.from = position
	}
	l.grown = append(l.grown, leaf)
	if !mutant.On(mutant.EdgeNotAdvanced) || position%7 > 0 {
		l.edge.Add(leaf)
	}
}

// leafOf is what the log says of a record.
func leafOf(r *Record, epoch schema.Epoch) tlog.Hash {
	leaf := translog.Leaf{
		Position: r.Position, Epoch: epoch, ReceivedAt: r.ReceivedAt, Clock: r.Clock, Entry: r.Hash,
	}
	return leaf.Hash()
}

// loadLog reads the kept edge. A database from before there was a log gets one now,
// from its history.
func (t *Tx) loadLog(edge []byte) error {
	t.log.tiled = t.state.Position
	if len(edge) == 0 && t.state.Position > 0 {
		return t.rebuildLog()
	}
	var err error
	t.log.edge, err = translog.ParseEdge(t.state.Position, edge)
	return err
}

// rebuildPortion is how many leaves are read at once.
const rebuildPortion = 1024

func (t *Tx) rebuildLog() error {
	t.log.tiled = 0
	for first := uint64(1); first <= t.state.Position; first += rebuildPortion {
		leaves, err := t.leaves(first, min(first+rebuildPortion-1, t.state.Position))
		if err != nil {
			return fmt.Errorf("build the log: %w", err)
		}
		for _, leaf := range leaves {
			t.log.edge.Add(leaf)
		}
	}
	return t.flushTiles()
}

// findLeaf finds what leaves are made of.
var findLeaf = &Statement{
	Verb: Select, Table: "history", Keys: positionKey,
	Fields: []Field{{"hash", schema.Bytes}, {"clock", schema.Integer}, {"received_at", schema.Integer}},
}

// readLeaves reads the hashes of leaves with find, which runs a statement.
func readLeaves(
	find func(*Statement, *Rows) (Packed, error), epochs []EpochBegin, first, last uint64,
) ([]tlog.Hash, error) {
	positions := NewRows(1)
	for p := first; p <= last; p++ {
		positions.Add(number(p))
	}
	packed, err := find(findLeaf, positions)
	if err != nil {
		return nil, fmt.Errorf("read leaves: %w", err)
	}
	leaves := make([]tlog.Hash, 0, positions.Count)
	var f [4]changeset.Value
	for {
		more, err := packed.Next(f[:])
		if err != nil || !more {
			return leaves, err
		}
		leaf := translog.Leaf{
			Position: f[0].Bits, Epoch: epochAt(epochs, f[0].Bits),
			Clock: clock.Time(f[2].Bits), ReceivedAt: f[3].Int64(),
		}
		copy(leaf.Entry[:], f[1].Bytes)
		leaves = append(leaves, leaf.Hash())
	}
}

// epochAt is the epoch in which an entry came: the last that began before it.
func epochAt(epochs []EpochBegin, position uint64) (epoch schema.Epoch) {
	for i := range epochs {
		if epochs[i].Position < position {
			epoch = epochs[i].Epoch
		}
	}
	return epoch
}

// tileLeaves gives leaves for tiles: this transaction's from memory, the others as
// they are kept.
func (t *Tx) tileLeaves(first, last uint64) ([]tlog.Hash, error) {
	l := &t.log
	if len(l.grown) == 0 || last < l.from {
		return t.leaves(first, last)
	}
	if first >= l.from {
		return l.grown[first-l.from : last-l.from+1], nil
	}
	leaves, err := t.leaves(first, l.from-1)
	return append(leaves, l.grown[:last-l.from+1]...), err
}

// leaves reads the hashes of leaves that are written.
func (t *Tx) leaves(first, last uint64) ([]tlog.Hash, error) {
	epochs, err := t.Epochs()
	if err != nil {
		return nil, err
	}
	return readLeaves(t.run, epochs, first, last)
}

var (
	tileKey = []Field{
		{"level", schema.Integer}, {"number", schema.Integer},
	}
	tileFields = []Field{{"hashes", schema.Bytes}}
	findTile   = &Statement{Verb: Select, Table: "log_tile", Keys: tileKey, Fields: tileFields}
	putTile    = &Statement{Verb: Put, Table: "log_tile", Keys: tileKey, Fields: tileFields}
)

// flushTiles keeps the tiles that changed. The records must be written.
func (t *Tx) flushTiles() error {
	size := t.log.edge.Size()
	if size/translog.TileWidth == t.log.tiled/translog.TileWidth {
		return nil
	}
	tiles, err := translog.TilesOf(t.log.tiled, size, &translog.Hashes{
		Leaves: t.tileLeaves,
		Tile: func(level int, n uint64) ([]tlog.Hash, error) {
			found, err := t.find(findTile, number(int64(level)), number(n))
			if err != nil || len(found) == 0 {
				return nil, err
			}
			return translog.ParseTile(found[0][0].Bytes)
		},
	})
	if err != nil {
		return fmt.Errorf("make tiles of the log: %w", err)
	}
	rows := NewRows(len(tileKey) + len(tileFields))
	for i := range tiles {
		rows.Add(number(int64(tiles[i].Level)), number(tiles[i].Number), blob(tiles[i].Marshal()))
	}
	t.log.tiled = size
	_, err = t.run(putTile, rows)
	return err
}

// Hashes reads the log's tree as this state has it.
func (v *View) Hashes(ctx context.Context) *translog.Hashes {
	return &translog.Hashes{
		Size: v.State.Position,
		Leaves: func(first, last uint64) ([]tlog.Hash, error) {
			epochs, err := v.Epochs(ctx)
			if err != nil {
				return nil, err
			}
			find := func(s *Statement, rows *Rows) (Packed, error) { return v.Find(ctx, s, rows) }
			return readLeaves(find, epochs, first, last)
		},
		Tile: func(level int, number uint64) ([]tlog.Hash, error) {
			var b []byte
			err := v.QueryRowContext(ctx, `SELECT coalesce((SELECT hashes FROM log_tile
				WHERE campaign_no = $1 AND level = $2 AND number = $3), $4)`,
				v.CampaignNo, int64(level), int64(number), []byte{}).Scan(&b)
			if err != nil || len(b) == 0 {
				return nil, err
			}
			return translog.ParseTile(b)
		},
	}
}

// ErrNoLog says that a database from before there was a log has not been written
// since: it has no checkpoint yet.
var ErrNoLog = errors.New("the campaign has no log yet")

// Checkpoint is the state of the log, to be signed.
func (v *View) Checkpoint(ctx context.Context) (translog.Checkpoint, error) {
	c := translog.Checkpoint{
		Campaign: v.State.Campaign, Epoch: v.State.Epoch, Revision: v.State.Revision,
	}
	var kept []byte
	err := v.QueryRowContext(ctx, `SELECT log FROM campaign_state WHERE no = $1`, v.CampaignNo).Scan(&kept)
	if err != nil {
		return c, fmt.Errorf("read the log's edge: %w", err)
	}
	epochs, err := v.Epochs(ctx)
	if err != nil {
		return c, err
	}
	c.Began, c.Ended = beganAndEnded(epochs)
	if len(kept) == 0 && v.State.Position > 0 {
		return c, ErrNoLog
	}
	edge, err := translog.ParseEdge(v.State.Position, kept)
	c.Size, c.Root = edge.Size(), edge.Root()
	return c, err
}

// beganAndEnded is where the last of some epochs began, and where the others ended.
func beganAndEnded(epochs []EpochBegin) (began uint64, ended []translog.Ended) {
	for i, e := range epochs {
		if i > 0 {
			ended = translog.End(ended, epochs[i-1].Epoch, e.Position)
		}
		began = e.Position
	}
	return began, ended
}

// edgeValue is the edge as the campaign's row keeps it.
func (l *log) edgeValue() changeset.Value { return blob(l.edge.Marshal()) }

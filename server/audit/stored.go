package audit

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/history"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// StoredLog is what a database keeps of the log beside the history: the right
// edge, and the complete tiles.
type StoredLog struct {
	Edge  []byte // translog.Edge, Marshal
	Tiles iter.Seq2[StoredTile, error]
}

// StoredTile is a kept tile.
type StoredTile struct {
	Level  int
	Number uint64
	Hashes []byte // translog.Tile, Marshal
}

// logOf reads what a database keeps of the log.
func logOf(ctx context.Context, v store.View) (kept StoredLog, err error) {
	if err := v.QueryRowContext(ctx, `SELECT log FROM campaign_state WHERE no = $1`, v.CampaignNo).
		Scan(&kept.Edge); err != nil {
		return kept, err
	}
	kept.Tiles = func(yield func(StoredTile, error) bool) {
		rows, err := v.QueryContext(ctx, `SELECT level, number, hashes FROM log_tile
			WHERE campaign_no = $1 ORDER BY level, number`, v.CampaignNo)
		if err != nil {
			yield(StoredTile{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var tile StoredTile
			if err := rows.Scan(&tile.Level, &tile.Number, &tile.Hashes); !yield(tile, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(StoredTile{}, err)
		}
	}
	return kept, nil
}

// VerifyHistory checks the history that a database keeps, and what it keeps
// beside it: hashes, the heads of the chains, the counters, and the log.
func VerifyHistory(
	ctx context.Context, s store.Store, campaign schema.CampaignID, o history.Options,
) (report *history.Report, err error) {
	err = readHistory(ctx, s, campaign, func(v store.View, h *storedHistory) error {
		var tiles tileDigests
		o.Leaf = tiles.add
		if report, err = history.Verify(h, o); err != nil || report.Fault != nil {
			return err
		}
		if report.Fault, err = compareHeads(ctx, v, report); err != nil || report.Fault != nil {
			return err
		}
		kept, err := logOf(ctx, v)
		if err != nil {
			return err
		}
		report.Fault, err = tiles.compare(report, kept)
		return err
	})
	return report, err
}

func storedFault(format string, args ...any) *history.Fault {
	return &history.Fault{Code: history.StoredDiffers, Detail: fmt.Sprintf(format, args...)}
}

// compareHeads holds the kept heads, counters and number of seals against the
// history.
func compareHeads(ctx context.Context, v store.View, report *history.Report) (*history.Fault, error) {
	if v.State.Position != report.Entries {
		return storedFault("campaign_state.position %d", v.State.Position), nil
	}
	var seals int
	if err := v.QueryRowContext(ctx, `SELECT count(*) FROM seal WHERE campaign_no = $1`,
		v.CampaignNo).Scan(&seals); err != nil {
		return nil, err
	}
	if seals != report.Seals {
		return storedFault("seal: %d, %d", seals, report.Seals), nil
	}
	heads, err := store.List(ctx, v, scanHead, `SELECT device_id, seq, hash FROM author
		WHERE campaign_no = $1 ORDER BY no`, v.CampaignNo)
	if err != nil {
		return nil, err
	}
	have := 0
	for _, h := range heads {
		head := report.Heads[h.device]
		if head.Seq != h.seq || h.seq > 0 && string(head.Hash[:]) != string(h.hash) {
			f := storedFault("author")
			f.Device, f.Seq = h.device, h.seq
			return f, nil
		}
		if h.seq > 0 {
			have++
		}
	}
	want := 0
	for _, h := range report.Heads {
		if h.Seq > 0 {
			want++
		}
	}
	if have != want {
		return storedFault("author: %d, %d", have, want), nil
	}
	return nil, nil
}

type keptHead struct {
	device schema.DeviceID
	seq    uint64
	hash   []byte
}

func scanHead(row store.Scanner) (h keptHead, err error) {
	var device []byte
	var seq int64
	err = row.Scan(&device, &seq, &h.hash)
	copy(h.device[:], device)
	h.seq = uint64(seq)
	return h, err
}

// tileDigests remembers the tiles of a growing log by their hashes: 32 bytes for
// 256 entries.
type tileDigests struct {
	tiler   translog.Tiler
	digests map[tilePlace][sha256.Size]byte
}

type tilePlace struct {
	level  int
	number uint64
}

func (d *tileDigests) add(_ uint64, leaf tlog.Hash) { d.remember(d.tiler.Add(leaf)) }

func (d *tileDigests) remember(tiles []translog.Tile) {
	for _, tile := range tiles {
		if d.digests == nil {
			d.digests = map[tilePlace][sha256.Size]byte{}
		}
		d.digests[tilePlace{tile.Level, tile.Number}] = sha256.Sum256(tile.Marshal())
	}
}

// compare holds the kept log against the history's.
func (d *tileDigests) compare(report *history.Report, kept StoredLog) (*history.Fault, error) {
	if string(kept.Edge) != string(report.Edge.Marshal()) {
		return storedFault("campaign_state.log"), nil
	}
	count, complete := 0, len(d.digests)
	d.remember(d.tiler.Open()) // which a database that was made before they were kept lacks
	for tile, err := range kept.Tiles {
		if err != nil {
			return nil, err
		}
		want, known := d.digests[tilePlace{tile.Level, tile.Number}]
		if !known || want != sha256.Sum256(tile.Hashes) {
			return storedFault("log_tile level %d, number %d", tile.Level, tile.Number), nil
		}
		if len(tile.Hashes) == translog.TileWidth*tlog.HashSize {
			count++
		}
	}
	if count != complete {
		return storedFault("log_tile: %d, %d", count, complete), nil
	}
	return nil, nil
}

package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/mutant"
)

// disputes collects which of a device's entries compete in open conflicts. Whose write
// arrives second hears of it with its receipt, and who was first by the next pull: a row
// changes when a conflict begins about it.
type disputes struct {
	author uint32
	seqs   map[uint64]bool
}

// beginDisputes finds out whether there is anything to collect: that the device has
// entries, and that any conflict is open at all.
func (p *pulling) beginDisputes(ctx context.Context) error {
	var author uint32
	err := p.QueryRowContext(ctx, `SELECT a.no FROM author a
		WHERE a.campaign_no = $1 AND a.device_id = $2 AND EXISTS (SELECT 1 FROM conflict c
			WHERE c.campaign_no = a.campaign_no AND c.state = 'open')`,
		p.CampaignNo, p.pull.Device[:]).Scan(&author)
	if errors.Is(err, sql.ErrNoRows) || mutant.On(mutant.DisputeNotTold) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for open conflicts: %w", err)
	}
	p.disputes = &disputes{author: author, seqs: map[uint64]bool{}}
	return nil
}

var contestsOfRow = &store.Statement{
	Verb: store.Select, Table: "conflict",
	Keys:   []store.Field{{Name: "row_id", Type: schema.ID}, {Name: "table_name", Type: schema.Text}},
	Fields: []store.Field{{Name: "state", Type: schema.Text}, {Name: "writes", Type: schema.Bytes}},
}

// dispute collects from the conflicts over some rows.
func (p *pulling) dispute(ctx context.Context, rows []store.Changed) error {
	if p.disputes == nil {
		return nil
	}
	keys := store.NewRows(2)
	for i := range rows {
		if rows[i].Table < len(p.Catalogue.Tables) {
			name := p.Catalogue.Tables[rows[i].Table].Name
			keys.Add(changeset.BlobValue(rows[i].ID[:]), changeset.TextValue(name))
		}
	}
	found, err := p.Find(ctx, contestsOfRow, keys)
	if err != nil {
		return fmt.Errorf("find conflicts: %w", err)
	}
	return p.disputes.take(found)
}

func (d *disputes) take(found store.Packed) error {
	var row [4]changeset.Value // row, table, state, writes
	for {
		more, err := found.Next(row[:])
		if err != nil || !more {
			return err
		}
		if merge.ContestState(row[2].Bytes) != merge.Open {
			continue
		}
		competing, _, err := store.ReadWrites(row[3].Bytes)
		if err != nil {
			return err
		}
		for i := range competing {
			if competing[i].Author == d.author {
				d.seqs[competing[i].Seq] = true
			}
		}
	}
}

// list is the entries by seq.
func (d *disputes) list() []uint64 {
	if d == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(d.seqs))
}

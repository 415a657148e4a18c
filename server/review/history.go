package review

import (
	"context"
	"errors"
	"io"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
)

// history lists what entries did to a finding, oldest first. The index knows which; of those
// that it does not know yet, one that changes a row holds the row's key in its bytes.
func (r *reader) history(ctx context.Context, ref merge.RowRef) ([]Change, error) {
	p, err := readProgress(ctx, &r.View)
	if err != nil {
		return nil, err
	}
	if p.epoch != r.State.Epoch {
		p.position = 0
	}
	type found struct {
		record
		outcome string
	}
	records, err := store.List(ctx, r, func(row store.Scanner) (f found, err error) {
		f.record, err = scanRecord(row, &f.outcome)
		return f, err
	}, "SELECT "+recordColumns+", h.outcome"+recordTables+`
		WHERE h.campaign_no = $1 AND h.position IN (SELECT e.position FROM finding_entry e
			WHERE e.campaign_no = $1 AND e.finding_id = $2
			UNION ALL SELECT t.position FROM history t
			WHERE t.campaign_no = $1 AND t.position > $3 AND instr(t.entry, $4) > 0) ORDER BY h.position`,
		r.CampaignNo, ref.ID[:], int64(p.position), ref.ID[:])
	if err != nil {
		return nil, err
	}
	changes := []Change{}
	for i := range records {
		edits, err := r.edits(ctx, &records[i].entry, &ref)
		if err != nil {
			return nil, err
		}
		for _, e := range edits {
			changes = append(changes, Change{
				Origin: records[i].Origin, Operation: e.Operation, Outcome: records[i].outcome, Cells: e.Cells,
			})
		}
	}
	return changes, nil
}

// editsMax is how many changes of an entry are shown.
const editsMax = 200

// edits reads an entry's changes, of one row or as many as are shown. What
// cannot be read ends the list: it is there to look at, not to trust.
func (r *reader) edits(
	ctx context.Context, e *chain.Entry, only *merge.RowRef,
) ([]ReadableEdit, error) {
	list := []ReadableEdit{}
	reader := changeset.NewReader(e.Changeset, changeset.Limits{})
	for len(list) < editsMax {
		c, err := reader.Next()
		if errors.Is(err, io.EOF) || errors.Is(err, changeset.ErrMalformed) ||
			errors.Is(err, changeset.ErrLimit) {
			break
		}
		if err != nil {
			return nil, err
		}
		t, known := r.catalogue.Table(c.Table.Name, r.catalogue.Version)
		if only != nil && (t != only.Table || string(keyOf(&c)) != string(only.ID[:])) {
			continue
		}
		edit := ReadableEdit{
			Table: c.Table.Name, Operation: operationName(c.Op), Row: uuidText(keyOf(&c)),
			Label: schema.Label{Zh: c.Table.Name, En: c.Table.Name}, Cells: []CellChange{},
		}
		if known && len(c.Table.PK) <= 1+len(t.Columns) {
			edit.Label = t.Label
			if edit.Cells, err = r.cellChanges(ctx, t, &c); err != nil {
				return nil, err
			}
		}
		list = append(list, edit)
	}
	return list, nil
}

func operationName(op changeset.Op) string {
	switch op {
	case changeset.Insert:
		return "insert"
	case changeset.Update:
		return "update"
	case changeset.Delete:
		return "delete"
	}
	return ""
}

// keyOf is the first column of the record that holds the key.
func keyOf(c *changeset.Change) []byte {
	if c.Old != nil {
		return c.Old[0].Bytes
	}
	return c.New[0].Bytes
}

func (r *reader) cellChanges(
	ctx context.Context, t *schema.Table, c *changeset.Change,
) ([]CellChange, error) {
	cells := []CellChange{}
	for i := range len(c.Table.PK) - 1 {
		col := &t.Columns[i]
		cell := CellChange{Column: col.Name, Label: col.Label}
		var err error
		if c.Old != nil {
			if cell.Before, err = r.readable(ctx, col, c.Old[i+1]); err != nil {
				return nil, err
			}
		}
		if c.New != nil {
			if cell.After, err = r.readable(ctx, col, c.New[i+1]); err != nil {
				return nil, err
			}
		}
		written := c.New != nil && c.New[i+1].Kind != changeset.Absent && c.New[i+1].Kind != changeset.Null
		if written || cell.Before != nil {
			cells = append(cells, cell)
		}
	}
	return cells, nil
}

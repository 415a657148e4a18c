package review

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// reader reads one state of a campaign and remembers names.
type reader struct {
	store.View
	catalogue *schema.Catalogue
	names     map[string]string
}

func (s *Service) reader(v store.View) *reader {
	return &reader{View: v, catalogue: s.Catalogue, names: map[string]string{}}
}

// cells reads a row's values by column.
func (r *reader) cells(ctx context.Context, ref merge.RowRef) (edit.Cells, error) {
	columns := make([]string, len(ref.Table.Columns))
	values, dest := make([]any, len(columns)), make([]any, len(columns))
	for i := range columns {
		columns[i], dest[i] = ref.Table.Columns[i].Name, &values[i]
	}
	err := r.QueryRowContext(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+ref.Table.Name+
		" WHERE campaign_no = $1 AND id = $2", r.CampaignNo, ref.ID[:]).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, schema.NewFault(schema.FaultNotFound, ref.ID.String())
	}
	if err != nil {
		return nil, err
	}
	cells := edit.Cells{}
	for i, name := range columns {
		cells[name] = changeset.ValueOf(values[i])
	}
	return cells, nil
}

// recordColumns are what origin needs of an entry.
const recordColumns = `h.position, h.seq, h.hash, h.received_at, h.entry, d.id, d.name, i.name`

const recordTables = ` FROM history h
	JOIN author a ON a.campaign_no = h.campaign_no AND a.no = h.author
	LEFT JOIN device d ON d.campaign_no = h.campaign_no AND d.id = a.device_id
	LEFT JOIN inspector i ON i.campaign_no = h.campaign_no AND i.id = d.inspector_id`

// record is an entry with where it comes from.
type record struct {
	Origin
	entry chain.Entry
	size  int
}

// scanRecord reads recordColumns and what more the query selects.
func scanRecord(row store.Scanner, more ...any) (record, error) {
	var rec record
	var hash, entry, device []byte
	var name, inspector sql.NullString
	dest := append([]any{
		&rec.Position, &rec.Seq, &hash, &rec.ReceivedAt, &entry, &device, &name, &inspector,
	}, more...)
	if err := row.Scan(dest...); err != nil {
		return rec, err
	}
	rec.Hash, rec.DeviceID = hex.EncodeToString(hash), uuidText(device)
	rec.Device, rec.Inspector, rec.size = name.String, inspector.String, len(entry)
	var err error
	rec.entry, err = chain.Parse(entry)
	rec.WallAt = rec.entry.WallAt
	return rec, err
}

// originOf finds the entry that holds a write.
func (r *reader) originOf(ctx context.Context, w *merge.Write) (Origin, error) {
	where, at := "h.seq = $3", w.Seq
	if w.Seq == 0 { // a write that lost its place: the merge that came next after it
		where, at = "h.revision >= $3 AND h.outcome = 'merged'", w.Revision
	}
	rec, err := scanRecord(r.QueryRowContext(ctx, "SELECT "+recordColumns+recordTables+`
		WHERE h.campaign_no = $1 AND h.author = $2 AND `+where+`
		ORDER BY h.revision, h.position LIMIT 1`, r.CampaignNo, w.Author, int64(at)))
	if errors.Is(err, sql.ErrNoRows) {
		return Origin{}, nil
	}
	return rec.Origin, err
}

// readable is a value as people read it: choices by their code, ids by the name
// of what they point to.
func (r *reader) readable(
	ctx context.Context, col *schema.Column, v changeset.Value,
) (*string, error) {
	if v.Kind != changeset.Blob {
		return plain(v), nil
	}
	name, err := r.nameOf(ctx, col, v.Bytes)
	return &name, err
}

// pointsTo says which table an id column points to, and that table's title.
var pointsTo = map[string][2]string{
	"team_id": {"team", "name"}, "inspector_id": {"inspector", "name"}, "unit_id": {"unit", "name"},
	"problem_id": {"problem", "title"}, "commitment_id": {"commitment", "title"},
	"finding_id": {"finding", "title"},
}

func (r *reader) nameOf(ctx context.Context, col *schema.Column, id []byte) (string, error) {
	if col.Type != schema.ID || len(id) != 16 {
		return hex.EncodeToString(id), nil
	}
	if name, ok := r.names[col.Name+string(id)]; ok {
		return name, nil
	}
	name, query := uuidText(id), ""
	switch to, ok := pointsTo[col.Name]; {
	case ok:
		query = "SELECT " + to[1] + " FROM " + to[0] + " WHERE campaign_no = $1 AND id = $2"
	case col.Name == "visit_id":
		query = `SELECT u.name FROM visit v JOIN unit u ON u.campaign_no = v.campaign_no
			AND u.id = v.unit_id WHERE v.campaign_no = $1 AND v.id = $2`
	default:
		return name, nil
	}
	err := r.QueryRowContext(ctx, query, r.CampaignNo, id).Scan(&name)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find name of %s: %w", col.Name, err)
	}
	r.names[col.Name+string(id)] = name
	return name, nil
}

package postgres

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"

	"github.com/jackc/pgx/v5/pgconn"
)

// Run runs a statement for all rows in one round trip, or without one: what comes
// of a statement that answers nothing is read with the next answer, and a failure
// of it told then.
func (t *transaction) Run(
	campaign int64, s *store.Statement, rows *store.Rows,
) (store.Packed, error) {
	text, ok := t.texts[s]
	if !ok {
		text = statementText(s)
		t.texts[s] = text
	}
	args, err := t.arrays(campaign, s, rows)
	if err != nil {
		return nil, fmt.Errorf("run %.60q: %w", text, err)
	}
	if err := t.send(text, args); err != nil || s.Verb != store.Select {
		return nil, err
	}
	p := packing{fields: append(append([]store.Field{}, s.Keys...), s.Fields...)}
	if err := t.answer(p.read); err != nil {
		return nil, err
	}
	return p.packed(), nil
}

// Locking makes merges of a campaign wait for one another, whichever server they
// are on.
func (t *transaction) Locking() string { return " FOR UPDATE" }

// Ask runs a query that is seldom needed.
func (t *transaction) Ask(
	query string, args ...changeset.Value,
) (list [][]changeset.Value, err error) {
	values := make([][]byte, len(args))
	for i := range args {
		values[i] = argument(args[i])
	}
	if err := t.send(query, values); err != nil {
		return nil, err
	}
	err = t.answer(func(r *pgconn.ResultReader) error {
		for r.NextRow() {
			row := make([]changeset.Value, len(r.Values()))
			for i, cell := range r.Values() {
				v, err := decode(r.FieldDescriptions()[i].DataTypeOID, bytes.Clone(cell))
				if err != nil {
					return fmt.Errorf("read %.60q, column %d: %w", query, i, err)
				}
				row[i] = changeset.ValueOf(v)
			}
			list = append(list, row)
		}
		return nil
	})
	return list, err
}

// packing packs rows that a selectText reads.
type packing struct {
	fields []store.Field
	prefix []byte // before each row
	bytes  []byte
	rows   []packedRow
}

// packedRow says whose place a row has, and where it begins.
type packedRow struct {
	place uint64
	from  int
}

func (p *packing) read(r *pgconn.ResultReader) error {
	for r.NextRow() {
		cells := r.Values()
		if len(cells) != len(p.fields)+1 {
			return errors.New("read rows: a row of another shape")
		}
		place := binary.BigEndian.Uint64(cells[len(p.fields)])
		p.rows = append(p.rows, packedRow{place, len(p.bytes)})
		p.bytes = append(p.bytes, p.prefix...)
		for i := range p.fields {
			p.bytes = appendCell(p.bytes, p.fields[i].Type, cells[i])
		}
	}
	return nil
}

// packed is the rows in the order of their keys.
func (p *packing) packed() store.Packed {
	byPlace := func(a, b packedRow) int { return cmp.Compare(a.place, b.place) }
	if slices.IsSortedFunc(p.rows, byPlace) {
		return p.bytes
	}
	ends := make(map[int]int, len(p.rows))
	for i := range p.rows {
		end := len(p.bytes)
		if i+1 < len(p.rows) {
			end = p.rows[i+1].from
		}
		ends[p.rows[i].from] = end
	}
	slices.SortStableFunc(p.rows, byPlace)
	ordered := make([]byte, 0, len(p.bytes))
	for _, r := range p.rows {
		ordered = append(ordered, p.bytes[r.from:ends[r.from]]...)
	}
	return ordered
}

// find runs a Select in one round trip.
func find(
	ctx context.Context, c *conn, campaign int64, s *store.Statement, keys *store.Rows,
) (store.Packed, error) {
	args, err := c.arrays(campaign, s, keys)
	if err != nil {
		return nil, err
	}
	p := packing{fields: append(append([]store.Field{}, s.Keys...), s.Fields...)}
	if err := c.packInto(ctx, &p, statementText(s), args); err != nil {
		return nil, fmt.Errorf("read %d rows of %s: %w", keys.Count, s.Table, err)
	}
	return p.packed(), nil
}

// packInto packs what a query finds.
func (c *conn) packInto(ctx context.Context, p *packing, text string, args [][]byte) error {
	r, err := c.query(ctx, text, args)
	if err != nil {
		return err
	}
	err = p.read(r)
	_, closed := r.Close()
	return errors.Join(err, lost(ctx, closed))
}

// pack reads many rows in one round trip.
func pack(
	ctx context.Context, c *conn, campaign int64, q *store.PackQuery,
) (store.Packed, int, error) {
	ids := store.NewRows(1)
	for i := range q.IDs {
		ids.Add(changeset.BlobValue(q.IDs[i][:]))
	}
	key := []store.Field{{Name: "id", Type: schema.ID}}
	args, err := c.arrays(campaign, &store.Statement{Verb: store.Select, Keys: key}, ids)
	if err != nil {
		return nil, 0, err
	}
	scopes := column{}
	scopes.begin(store.Field{Name: "_scope", Type: schema.Integer})
	for _, scope := range q.Scopes {
		if err := scopes.add(changeset.Int(int64(scope))); err != nil {
			return nil, 0, err
		}
	}
	scopes.end(len(q.Scopes))
	in := " AND t._scope = ANY ($3::bigint[])"
	if q.Not {
		in = " AND t._scope <> ALL ($3::bigint[])"
	}
	p := packing{fields: q.Fields, prefix: q.Prefix}
	text := selectText(q.Table, key, names(q.Fields)) + in
	if err := c.packInto(ctx, &p, text, append(args, scopes.bytes)); err != nil {
		return nil, 0, fmt.Errorf("read %d rows of %s: %w", len(q.IDs), q.Table, err)
	}
	return p.packed(), len(p.rows), nil
}

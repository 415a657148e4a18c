package intake

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"sansuiji/server/store"
)

// headersHash stands for a header: the names of its columns in their order, as they are
// compared. An office's next table has the same.
func (r *reading) headersHash() []byte {
	names := make([]string, r.sheet.width())
	for i := range names {
		names[i] = fold(r.heading(i))
	}
	sum := sha256.Sum256([]byte("sansuiji/import-header/2\n" + strings.Join(names, "\n")))
	return sum[:]
}

// recall takes a person's word of an earlier time for which column is which field, if
// there is one for such a header.
func (s *Service) recall(ctx context.Context, r *reading) error {
	var text string
	err := s.Ingest.Store.Look(ctx, func(q store.Queryer) error {
		return q.QueryRowContext(ctx, `SELECT mapping FROM import_mapping WHERE kind = $1 AND headers = $2`,
			r.kind.Name, r.headersHash()).Scan(&text)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	var mapping map[string]int
	if err == nil {
		err = json.Unmarshal([]byte(text), &mapping)
	}
	if err != nil {
		return fmt.Errorf("recall mapping: %w", err)
	}
	remembered := r.header
	remembered.columns = make([]int, len(r.kind.Fields))
	if remembered.remap(r.kind, mapping, r.sheet.width()) == nil { // else of a program that knew other fields
		r.header, r.remembered = remembered, true
	}
	return nil
}

// remember keeps a person's word for such a header.
func (s *Service) remember(ctx context.Context, r *reading, mapping map[string]int, by string) error {
	text, err := json.Marshal(mapping)
	if err != nil {
		return err
	}
	return s.Ingest.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `INSERT INTO import_mapping (kind, headers, mapping, made_by, made_at)
			VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, headers) DO UPDATE SET
			mapping = excluded.mapping, made_by = excluded.made_by, made_at = excluded.made_at`,
			r.kind.Name, r.headersHash(), string(text), by, s.Ingest.Now().UnixMilli())
		return err
	})
}

package store

import (
	"context"
	"fmt"
)

// List reads every row of a query with scan and closes it, so that the next
// query may run on the same connection. No rows are an empty list, not nil.
func List[T any](
	ctx context.Context, q Queryer, scan func(row Scanner) (T, error), query string, args ...any,
) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("run %.60q: %w", query, err)
	}
	defer rows.Close()
	list := []T{}
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read %.60q: %w", query, err)
		}
		list = append(list, item)
	}
	return list, rows.Err()
}

// Scanner is a row to read.
type Scanner interface{ Scan(dest ...any) error }

package audit

import (
	"context"

	"sansuiji/server/store"
)

// NoteSpoilt writes a line as an earlier version did if it named a campaign that is not
// there.
func NoteSpoilt(ctx context.Context, l *Log, line Line) error {
	line.HappenedAt = l.Now().UnixMilli()
	return l.Store.Office(ctx, func(q store.Queryer) error {
		last, err := headOf(ctx, q)
		if err != nil {
			return err
		}
		line.Position = last.Position + 1
		_, err = q.ExecContext(ctx, `INSERT INTO audit
			(position, happened_at, actor, kind, campaign_no, subject, detail, address, hash)
			VALUES ($1, $2, $3, $4, NULL, $5, $6, $7, $8)`,
			line.Position, line.HappenedAt, line.Actor, line.Kind, line.Subject, line.Detail, line.Address, line.sum(last.Hash))
		return err
	})
}

package device

import (
	"context"
	"database/sql/driver"

	"sansuiji/mobileapi"
)

// Reporter is a Transport that takes what a device says of itself.
type Reporter interface {
	Contact(ctx context.Context, token string, report mobileapi.Report) (mobileapi.ContactNoted, error)
}

// report tells headquarters how the device stands, where the way there takes that. That
// it fails is no failure of a sync.
func (d *Device) report(ctx context.Context) {
	report, err := d.standing()
	if err != nil {
		return
	}
	_ = d.withToken(ctx, func(way Transport, token string) error {
		if r, ok := way.(Reporter); ok {
			_, err := r.Contact(ctx, token, report)
			return err
		}
		return nil
	})
}

// standing is what the device says of itself.
func (d *Device) standing() (report mobileapi.Report, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	report.Version = d.Version
	if err := d.db.each(`SELECT count(*), coalesce(min(saved_at), 0) FROM outbox WHERE state = 'waiting'`,
		func(row []driver.Value) error {
			var oldest int64
			err := scan(&report.Unsent, &oldest)(row)
			if report.Unsent > 0 {
				report.OldestUnsentAt = &oldest
			}
			return err
		}); err != nil {
		return report, err
	}
	newest, _, err := d.db.holding()
	if newest != nil {
		report.LogSize = int64(newest.Size)
	}
	return report, err
}

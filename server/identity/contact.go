package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
)

// standing is how a device stands with headquarters.
type standing struct {
	caller Caller
	key    []byte // SubjectPublicKeyInfo, DER
}

// standing finds a device that may still speak: one that was not revoked, or that is to
// wipe itself and has not said that it did.
func (s *Service) standing(ctx context.Context, device schema.DeviceID) (found standing, err error) {
	var campaign []byte
	var revoked, wipe, wiped sql.NullInt64
	err = s.Store.Look(ctx, func(q store.Queryer) error {
		return q.QueryRowContext(ctx, `SELECT c.campaign_id, d.public_key, d.revoked_at, d.wipe_ordered_at, o.wiped_at
			FROM device d JOIN campaign_state c ON c.no = d.campaign_no
			LEFT JOIN device_contact o ON o.campaign_no = d.campaign_no AND o.device_id = d.id WHERE d.id = $1`,
			device[:]).Scan(&campaign, &found.key, &revoked, &wipe, &wiped)
	})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return standing{}, schema.NewFault(schema.FaultAssertion, "the device is not enrolled")
	case err != nil:
		return standing{}, fmt.Errorf("find device %s: %w", device, err)
	case wiped.Valid, revoked.Valid && !wipe.Valid:
		return standing{}, schema.NewFault(schema.FaultDeviceRevoked, "")
	}
	found.caller = Caller{Device: device, Leaving: wipe.Valid}
	found.caller.Campaign, err = schema.IDFromBytes[schema.CampaignID](campaign)
	return found, err
}

// Report is what a device says of itself.
type Report struct {
	Version        string // of its app
	Unsent         int64  // entries that headquarters has not acknowledged
	OldestUnsentAt *int64 // Unix milliseconds by the device's clock
	LogSize        int64  // of the newest checkpoint that it holds
}

// How often a device's report is written down.
const (
	reportEvery  = time.Minute // one that says what the last said
	reportAtMost = time.Second // another
)

// Note keeps what a device says of itself.
func (s *Service) Note(ctx context.Context, caller Caller, r Report) error {
	due, err := s.due(ctx, caller, &r)
	if err == nil && due {
		err = s.keepReport(ctx, caller, &r)
	}
	if err != nil {
		return fmt.Errorf("note device %s: %w", caller.Device, err)
	}
	return nil
}

// due says whether a report is to be written down: devices ask often.
func (s *Service) due(ctx context.Context, caller Caller, r *Report) (due bool, err error) {
	err = s.Store.Read(ctx, caller.Campaign, func(v store.View) error {
		list, err := store.List(ctx, v, func(row store.Scanner) (bool, error) {
			var have Report
			var seen int64
			var unsent, oldest, size sql.NullInt64
			err := row.Scan(&have.Version, &seen, &unsent, &oldest, &size)
			same := have.Version == r.Version && unsent.Int64 == r.Unsent && size.Int64 == r.LogSize &&
				oldest.Valid == (r.OldestUnsentAt != nil) && (!oldest.Valid || oldest.Int64 == *r.OldestUnsentAt)
			age := time.Duration(s.Now().UnixMilli()-seen) * time.Millisecond
			return age < 0 || age >= reportEvery || (!same && age >= reportAtMost), err
		}, `SELECT coalesce(app_version, ''), seen_at, unsent, oldest_unsent_at, log_size
			FROM device_contact WHERE campaign_no = $1 AND device_id = $2`, v.CampaignNo, caller.Device[:])
		due = len(list) == 0 || list[0]
		return err
	})
	return due, err
}

func (s *Service) keepReport(ctx context.Context, caller Caller, r *Report) error {
	return s.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `INSERT INTO device_contact
			(campaign_no, device_id, app_version, seen_at, unsent, oldest_unsent_at, log_size)
			SELECT no, $1, $2, $3, $4, $5, $6 FROM campaign_state WHERE campaign_id = $7
			ON CONFLICT (campaign_no, device_id) DO UPDATE SET app_version = excluded.app_version,
				seen_at = excluded.seen_at, unsent = excluded.unsent,
				oldest_unsent_at = excluded.oldest_unsent_at, log_size = excluded.log_size`,
			caller.Device[:], r.Version, s.Now().UnixMilli(), r.Unsent, r.OldestUnsentAt, r.LogSize, caller.Campaign[:])
		return err
	})
}

// Lost is what a device had not brought when it wiped itself.
type Lost struct {
	Entries     int64
	Attachments int64
}

// Wiped takes down that a device has wiped itself, as it was told. It speaks no longer.
func (s *Service) Wiped(ctx context.Context, caller Caller, lost Lost) error {
	if !caller.Leaving {
		return schema.NewFault(schema.FaultForbidden, "no wipe was ordered")
	}
	err := s.Ingest.Record(ctx, caller.Campaign, ingest.Event{
		Kind: schema.EventWiped, Actor: caller.Device.String(),
		Detail: fmt.Sprintf("not sent: %d entries, %d attachments", lost.Entries, lost.Attachments),
	})
	if err != nil {
		return err
	}
	err = s.Store.Office(ctx, func(q store.Queryer) error {
		now := s.Now().UnixMilli()
		_, err := q.ExecContext(ctx, `INSERT INTO device_contact (campaign_no, device_id, seen_at, unsent, wiped_at)
			SELECT no, $1, $2, $3, $2 FROM campaign_state WHERE campaign_id = $4
			ON CONFLICT (campaign_no, device_id) DO UPDATE SET seen_at = excluded.seen_at,
				unsent = excluded.unsent, oldest_unsent_at = NULL, wiped_at = excluded.wiped_at`,
			caller.Device[:], now, lost.Entries, caller.Campaign[:])
		return err
	})
	if err != nil {
		return fmt.Errorf("note that %s wiped itself: %w", caller.Device, err)
	}
	return nil
}

package identity

import (
	"context"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// Revoke lets a device speak no longer. What it recorded and had not sent can still be
// carried to headquarters by others, and is looked at by a person there.
func (s *Service) Revoke(ctx context.Context, campaign schema.CampaignID, device schema.RowID) error {
	return s.mark(ctx, campaign, device, "revoked_at")
}

// OrderWipe tells a device to wipe itself when it next asks, and lets it speak no longer
// once it has said that it did. Nothing can make a device do so that never asks.
func (s *Service) OrderWipe(ctx context.Context, campaign schema.CampaignID, device schema.RowID) error {
	return s.mark(ctx, campaign, device, "wipe_ordered_at")
}

// mark writes the time into a column of a device's row, unless there is one.
func (s *Service) mark(ctx context.Context, campaign schema.CampaignID, device schema.RowID, column string) error {
	there, marked, err := s.marked(ctx, campaign, device, column)
	switch {
	case err != nil:
		return fmt.Errorf("find device %s: %w", device, err)
	case !there:
		return schema.NewFault(schema.FaultNotFound, "device "+device.String())
	case marked:
		return nil
	}
	b := edit.New(s.Ingest.Catalogue)
	b.Update("device", device, edit.Cells{column: changeset.NullValue()}, edit.Cells{column: edit.Int(s.Now().UnixMilli())})
	return s.Ingest.WriteRows(ctx, campaign, b)
}

// marked looks at a column of an inspector's device: headquarters' own is none.
func (s *Service) marked(
	ctx context.Context, campaign schema.CampaignID, device schema.RowID, column string,
) (there, marked bool, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		list, err := store.List(ctx, v, func(row store.Scanner) (at *int64, err error) {
			return at, row.Scan(&at)
		}, "SELECT "+column+" FROM device WHERE campaign_no = $1 AND id = $2 AND inspector_id IS NOT NULL", v.CampaignNo, device[:])
		there, marked = len(list) > 0, len(list) > 0 && list[0] != nil
		return err
	})
	return there, marked, err
}

// SheetCode is an inspector's enrolment code, for a sheet that is printed.
type SheetCode struct {
	InspectorID string `json:"inspector_id" format:"uuid"`
	Code
}

// sheetMax is how many codes are made at once.
const sheetMax = 200

// NewSheet makes a code for each of several inspectors.
func (s *Service) NewSheet(ctx context.Context, campaign schema.CampaignID, inspectors []schema.RowID) ([]SheetCode, error) {
	if len(inspectors) > sheetMax {
		return nil, schema.NewFault(schema.FaultValue, fmt.Sprintf("%d inspectors, %d at once", len(inspectors), sheetMax))
	}
	list := []SheetCode{}
	for _, one := range inspectors {
		code, err := s.NewCode(ctx, campaign, one)
		if err != nil {
			return nil, err
		}
		list = append(list, SheetCode{one.String(), code})
	}
	return list, nil
}

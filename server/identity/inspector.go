package identity

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// Inspectors lists a campaign's inspectors by team, with their devices.
func (s *Service) Inspectors(
	ctx context.Context, campaign schema.CampaignID,
) (list []Inspector, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		if list, err = readInspectors(ctx, v); err != nil {
			return err
		}
		devices, err := readDevices(ctx, v)
		for i := range list {
			if list[i].Devices = devices[list[i].ID]; list[i].Devices == nil {
				list[i].Devices = []Device{}
			}
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, schema.NewFault(schema.FaultNotFound, campaign.String())
	}
	if err != nil {
		return nil, fmt.Errorf("list inspectors: %w", err)
	}
	return list, nil
}

func readInspectors(ctx context.Context, v store.View) ([]Inspector, error) {
	return store.List(ctx, v, func(row store.Scanner) (i Inspector, err error) {
		var id, team []byte
		if err := row.Scan(&id, &i.Name, &i.Team, &team, &i.Role); err != nil {
			return i, err
		}
		i.ID = uuid.UUID(id).String()
		if team != nil {
			i.TeamID = uuid.UUID(team).String()
		}
		return i, nil
	}, `SELECT i.id, i.name, coalesce(t.name, ''), t.id, coalesce(m.role, '')
		FROM inspector i
		LEFT JOIN team_member m ON m.campaign_no = i.campaign_no AND m.inspector_id = i.id
			AND m.left_at IS NULL
		LEFT JOIN team t ON t.campaign_no = i.campaign_no AND t.id = m.team_id
		WHERE i.campaign_no = $1 ORDER BY coalesce(t.number, 0), coalesce(m.role, ''), i.name`, v.CampaignNo)
}

// readDevices reads all devices by their inspector's id.
func readDevices(ctx context.Context, v store.View) (map[string][]Device, error) {
	devices := map[string][]Device{}
	_, err := store.List(ctx, v, func(row store.Scanner) (d Device, err error) {
		var id, inspector []byte
		if err := row.Scan(&id, &inspector, &d.Name, &d.EnrolledAt, &d.RevokedAt, &d.WipeAt, &d.Entries, &d.LastContact,
			&d.SeenAt, &d.Version, &d.Unsent, &d.OldestAt, &d.LogSize, &d.WipedAt); err != nil {
			return d, err
		}
		d.ID = uuid.UUID(id).String()
		owner := uuid.UUID(inspector).String()
		devices[owner] = append(devices[owner], d)
		return d, nil
	}, `SELECT d.id, d.inspector_id, d.name, coalesce(d.enrolled_at, 0), d.revoked_at, d.wipe_ordered_at, coalesce(a.seq, 0),
		(SELECT h.received_at FROM history h WHERE h.campaign_no = a.campaign_no
		 AND h.author = a.no AND h.seq = a.seq),
		c.seen_at, coalesce(c.app_version, ''), c.unsent, c.oldest_unsent_at, c.log_size, c.wiped_at
		FROM device d
		LEFT JOIN author a ON a.campaign_no = d.campaign_no AND a.device_id = d.id
		LEFT JOIN device_contact c ON c.campaign_no = d.campaign_no AND c.device_id = d.id
		WHERE d.campaign_no = $1 AND d.inspector_id IS NOT NULL ORDER BY coalesce(d.enrolled_at, 0), d.id`, v.CampaignNo)
	return devices, err
}

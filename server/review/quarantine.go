package review

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
)

// quarantineMax is how many entries of each kind one answer lists.
const quarantineMax = 200

// Quarantine lists what was not merged: quarantined and held entries, and what
// was set aside, newest first.
func (s *Service) Quarantine(
	ctx context.Context, campaign schema.CampaignID,
) (list []Quarantined, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		r := s.reader(v)
		list = []Quarantined{}
		for _, outcome := range []schema.Outcome{schema.Quarantined, schema.Held} {
			part, err := r.unmerged(ctx, outcome)
			if err != nil {
				return err
			}
			list = append(list, part...)
		}
		part, err := r.aside(ctx)
		list = append(list, part...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list quarantine: %w", err)
	}
	return list, nil
}

func (r *reader) unmerged(ctx context.Context, outcome schema.Outcome) ([]Quarantined, error) {
	var entries []chain.Entry
	list, err := store.List(ctx, r, func(row store.Scanner) (Quarantined, error) {
		var reason, detail sql.NullString
		rec, err := scanRecord(row, &reason, &detail)
		entries = append(entries, rec.entry)
		return Quarantined{
			Origin: rec.Origin, Kind: string(outcome), Reason: reason.String, Detail: detail.String,
			Size: rec.size, Title: reasonTitle(reason.String),
		}, err
	}, "SELECT "+recordColumns+", h.reason, h.detail"+recordTables+
		fmt.Sprintf(" WHERE h.campaign_no = $1 AND h.outcome = $2 ORDER BY h.position DESC LIMIT %d",
			quarantineMax), r.CampaignNo, string(outcome))
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Changes, err = r.edits(ctx, &entries[i], nil); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (r *reader) aside(ctx context.Context) ([]Quarantined, error) {
	var bodies [][]byte
	list, err := store.List(ctx, r, func(row store.Scanner) (Quarantined, error) {
		q := Quarantined{Kind: "aside"}
		var device, hash, body []byte
		var name, inspector sql.NullString
		err := row.Scan(&device, &q.Seq, &q.Reason, &q.Detail, &hash, &body, &q.ReceivedAt,
			&name, &inspector)
		q.DeviceID, q.Hash, q.Size = uuidText(device), hex.EncodeToString(hash), len(body)
		q.Device, q.Inspector, q.Title = name.String, inspector.String, reasonTitle(q.Reason)
		bodies = append(bodies, body)
		return q, err
	}, fmt.Sprintf(`SELECT a.device_id, a.seq, a.reason, a.detail, a.hash,
		a.body, a.received_at, d.name, i.name FROM aside a
		LEFT JOIN device d ON d.campaign_no = a.campaign_no AND d.id = a.device_id
		LEFT JOIN inspector i ON i.campaign_no = a.campaign_no AND i.id = d.inspector_id
		WHERE a.campaign_no = $1 ORDER BY a.no DESC LIMIT %d`, quarantineMax), r.CampaignNo)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Changes = []ReadableEdit{}
		e, err := chain.Parse(bodies[i])
		if err != nil {
			continue // shown as bytes
		}
		list[i].WallAt = e.WallAt
		if list[i].Changes, err = r.edits(ctx, &e, nil); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// reasonTitle is a reason in words.
func reasonTitle(code string) schema.Label {
	for _, f := range schema.Faults() {
		if f.Code == code {
			return f.Title
		}
	}
	if code == "" {
		return schema.Label{Zh: "等待相關的行到達", En: "Waits for a row that has not arrived"}
	}
	return schema.Label{Zh: code, En: code}
}

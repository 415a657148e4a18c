package review

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
)

// quarantineMax is how many entries of each kind one answer lists.
const quarantineMax = 200

// Quarantine lists what was not merged: quarantined and held entries, and what
// was set aside, newest first; left: what people decided to leave as it is, too.
func (s *Service) Quarantine(
	ctx context.Context, campaign schema.CampaignID, left bool,
) (list []Quarantined, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		r := s.reader(v)
		list = []Quarantined{}
		for _, outcome := range []schema.Outcome{schema.Quarantined, schema.Held} {
			part, err := r.unmerged(ctx, outcome, left)
			if err != nil {
				return err
			}
			list = append(list, part...)
		}
		part, err := r.aside(ctx, left)
		list = append(list, part...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list quarantine: %w", err)
	}
	return list, nil
}

// unlessLeft leaves out what people decided to leave as it is.
func unlessLeft(left bool) string {
	if left {
		return ""
	}
	return " AND NOT EXISTS (" + setAsideOf + ")"
}

// whoLeft is who decided to leave an entry as it is.
func (r *reader) whoLeft(ctx context.Context, list []Quarantined) error {
	events := map[string]*Decision{}
	_, err := store.List(ctx, r, func(row store.Scanner) (struct{}, error) {
		var hash []byte
		d := &Decision{Decision: schema.EventSetAside}
		err := row.Scan(&hash, &d.Reviewer, &d.Note, &d.DecidedAt)
		events[hex.EncodeToString(hash)] = d
		return struct{}{}, err
	}, `SELECT body, coalesce(actor, ''), coalesce(detail, ''), happened_at FROM event
		WHERE campaign_no = $1 AND kind = 'set_aside' AND body IS NOT NULL ORDER BY id`, r.CampaignNo)
	for i := range list {
		list[i].Left = events[list[i].Hash]
	}
	return err
}

func (r *reader) unmerged(
	ctx context.Context, outcome schema.Outcome, left bool,
) ([]Quarantined, error) {
	var entries []chain.Entry
	list, err := store.List(ctx, r, func(row store.Scanner) (Quarantined, error) {
		var reason, detail sql.NullString
		rec, err := scanRecord(row, &reason, &detail)
		entries = append(entries, rec.entry)
		return Quarantined{
			Origin: rec.Origin, Kind: string(outcome), Reason: reason.String, Detail: detail.String,
			Size: rec.size, Title: reasonTitle(reason.String), Action: reasonAction(reason.String),
		}, err
	}, "SELECT "+recordColumns+", h.reason, h.detail"+recordTables+
		fmt.Sprintf(" WHERE h.campaign_no = $1 AND h.outcome = $2"+unlessLeft(left)+
			" ORDER BY h.position DESC LIMIT %d", quarantineMax), r.CampaignNo, string(outcome))
	if err != nil {
		return nil, err
	}
	if err := r.whoLeft(ctx, list); err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Changes, err = r.edits(ctx, &entries[i], nil); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (r *reader) aside(ctx context.Context, left bool) ([]Quarantined, error) {
	var bodies [][]byte
	list, err := store.List(ctx, r, func(row store.Scanner) (Quarantined, error) {
		q := Quarantined{Kind: "aside"}
		var device, hash, body []byte
		var name, inspector sql.NullString
		err := row.Scan(&device, &q.Seq, &q.Reason, &q.Detail, &hash, &body, &q.ReceivedAt,
			&name, &inspector)
		q.DeviceID, q.Hash, q.Size = uuidText(device), hex.EncodeToString(hash), len(body)
		q.Device, q.Inspector, q.Title = name.String, inspector.String, reasonTitle(q.Reason)
		q.Action = reasonAction(q.Reason)
		bodies = append(bodies, body)
		return q, err
	}, fmt.Sprintf(`SELECT h.device_id, h.seq, h.reason, h.detail, h.hash,
		h.body, h.received_at, d.name, i.name FROM aside h
		LEFT JOIN device d ON d.campaign_no = h.campaign_no AND d.id = h.device_id
		LEFT JOIN inspector i ON i.campaign_no = h.campaign_no AND i.id = d.inspector_id
		WHERE h.campaign_no = $1`+unlessLeft(left)+` ORDER BY h.no DESC LIMIT %d`, quarantineMax), r.CampaignNo)
	if err != nil {
		return nil, err
	}
	if err := r.whoLeft(ctx, list); err != nil {
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

// reasonAction is what headquarters can do about it; the problem list speaks to who pushed.
func reasonAction(code string) schema.Label {
	own := map[string]schema.Label{
		schema.ReasonOutOfScope: {
			Zh: "如果這個人確實屬於該組，請先導入人員表把他加入該組，再重新合併；不屬於該組的，留存不併。",
			En: "If the person does belong to the team, add them to it by the table of people, then merge it anew; if not, set it aside.",
		},
		schema.ReasonVersion: {
			Zh: "手機的應用比總部新。升級總部程序後會自動合併。",
			En: "The phone's app is newer than headquarters. It is merged by itself once headquarters is upgraded.",
		},
		"": {Zh: "不必處理：所依賴的行到達後會自動合併。", En: "Nothing to do: it is merged by itself when the row arrives."},
	}
	if action, ok := own[code]; ok {
		return action
	}
	for _, f := range schema.Faults() {
		if f.Code == code {
			return f.Advice
		}
	}
	return schema.Label{}
}

// Release has a quarantined entry merged anew, after what was in its way is mended. What is
// still in its way is a fault.
func (s *Service) Release(
	ctx context.Context, campaign schema.CampaignID, position uint64, actor string,
) error {
	outcome := func() (state, reason, detail string, err error) {
		err = s.Store.Read(ctx, campaign, func(v store.View) error {
			err := v.QueryRowContext(ctx, `SELECT outcome, coalesce(reason, ''), coalesce(detail, '') FROM history
				WHERE campaign_no = $1 AND position = $2`, v.CampaignNo, int64(position)).Scan(&state, &reason, &detail)
			if errors.Is(err, sql.ErrNoRows) {
				return schema.NewFault(schema.FaultNotFound, fmt.Sprint("entry at ", position))
			}
			return err
		})
		return state, reason, detail, err
	}
	before, _, _, err := outcome()
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	if before != string(schema.Quarantined) {
		return schema.NewFault(schema.FaultStale, "the entry is "+before)
	}
	if err := s.Ingest.Record(ctx, campaign, ingest.Event{
		Kind: schema.EventReleased, Actor: actor, Position: position,
	}); err != nil {
		return fmt.Errorf("release entry at %d: %w", position, err)
	}
	after, reason, detail, err := outcome()
	if err == nil && after == string(schema.Quarantined) {
		err = schema.NewFault(schema.FaultStillQuarantined, reasonTitle(reason).Zh+" "+detail)
	}
	return err
}

// SetAside leaves an entry unmerged for good, with a reason. It stays in the history.
func (s *Service) SetAside(
	ctx context.Context, campaign schema.CampaignID, hash []byte, reason, actor string,
) error {
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		var n int
		err := v.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM history WHERE campaign_no = $1 AND hash = $2
			AND outcome <> 'merged') + (SELECT count(*) FROM aside WHERE campaign_no = $1 AND hash = $2)`,
			v.CampaignNo, hash).Scan(&n)
		if err == nil && n == 0 {
			err = schema.NewFault(schema.FaultNotFound, hex.EncodeToString(hash))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("set aside: %w", err)
	}
	return s.Ingest.Record(ctx, campaign, ingest.Event{
		Kind: schema.EventSetAside, Actor: actor, Detail: reason, Body: hash,
	})
}

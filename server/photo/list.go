package photo

import (
	"context"
	"database/sql"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Attachment is a row of that table, and whether its bytes are there.
type Attachment struct {
	ID          string `json:"id" format:"uuid"`
	Visit       string `json:"visit" format:"uuid"`
	Unit        string `json:"unit"`
	Table       string `json:"subject_table"`
	Subject     string `json:"subject" format:"uuid"`
	Kind        string `json:"kind"`
	Hash        string `json:"hash"`
	Size        int64  `json:"size"`
	MediaType   string `json:"media_type"`
	Width       int64  `json:"width"`
	Height      int64  `json:"height"`
	DurationMS  int64  `json:"duration_ms"`
	Source      string `json:"source" doc:"camera, gallery, recorder or screen"`
	TakenAt     int64  `json:"taken_at" doc:"Unix milliseconds, by the phone's clock"`
	Caption     string `json:"caption"`
	Marks       string `json:"marks" doc:"JSON"`
	Inspector   string `json:"inspector"`
	LatitudeE7  *int64 `json:"latitude_e7,omitempty"`
	LongitudeE7 *int64 `json:"longitude_e7,omitempty"`
	AccuracyM   *int64 `json:"accuracy_m,omitempty"`
	There       bool   `json:"there" doc:"Whether headquarters has its bytes; else its inspector's phone still has them"`
	Withdrawn   bool   `json:"withdrawn"`
}

// Filter narrows a list of attachments; empty: all.
type Filter struct {
	Subject string `query:"subject" format:"uuid"`
	Visit   string `query:"visit" format:"uuid"`
	Missing bool   `query:"missing" doc:"Only those whose bytes are not there"`
}

const selectAttachments = `SELECT a.id, a.visit_id, coalesce(u.name, ''), a.subject_table, a.subject_id, a.kind, a.hash, a.size,
		a.media_type, coalesce(a.width, 0), coalesce(a.height, 0), coalesce(a.duration_ms, 0), coalesce(a.source, ''),
		a.taken_at, coalesce(a.caption, ''), coalesce(a.marks, ''), coalesce(i.name, ''),
		a.latitude_e7, a.longitude_e7, a.accuracy_m, b.size, a.withdrawn_at
	FROM attachment a
	LEFT JOIN blob b ON b.campaign_no = a.campaign_no AND b.hash = a.hash
	LEFT JOIN inspector i ON i.campaign_no = a.campaign_no AND i.id = a.inspector_id
	LEFT JOIN visit v ON v.campaign_no = a.campaign_no AND v.id = a.visit_id
	LEFT JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
	WHERE a.campaign_no = $1`

// List lists attachments in the order in which they were taken.
func (s *Service) List(ctx context.Context, campaign schema.CampaignID, filter Filter) (list []Attachment, err error) {
	query, args := selectAttachments, []any{}
	for column, text := range map[string]string{"a.subject_id": filter.Subject, "a.visit_id": filter.Visit} {
		if text == "" {
			continue
		}
		id, err := schema.ParseID[schema.RowID](text)
		if err != nil {
			return nil, schema.NewFault(schema.FaultBadRequest, err.Error())
		}
		args = append(args, id[:])
		query += fmt.Sprintf(" AND %s = $%d", column, len(args)+1)
	}
	if filter.Missing {
		query += " AND b.size IS NULL AND a.withdrawn_at IS NULL"
	}
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = store.List(ctx, v, scanAttachment, query+" ORDER BY a.taken_at, a.id",
			append([]any{v.CampaignNo}, args...)...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list attachments: %w", err)
	}
	return list, nil
}

func scanAttachment(row store.Scanner) (a Attachment, err error) {
	var id, visit, subject, hash []byte
	var there, withdrawn sql.NullInt64
	if err := row.Scan(&id, &visit, &a.Unit, &a.Table, &subject, &a.Kind, &hash, &a.Size, &a.MediaType, &a.Width,
		&a.Height, &a.DurationMS, &a.Source, &a.TakenAt, &a.Caption, &a.Marks, &a.Inspector,
		&a.LatitudeE7, &a.LongitudeE7, &a.AccuracyM, &there, &withdrawn); err != nil {
		return a, err
	}
	a.ID, a.Visit, a.Subject = schema.RowID(id).String(), schema.RowID(visit).String(), schema.RowID(subject).String()
	a.There, a.Withdrawn = there.Valid, withdrawn.Valid
	if len(hash) == len(schema.BlobHash{}) {
		a.Hash = schema.BlobHash(hash).String()
	}
	return a, nil
}

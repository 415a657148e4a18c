// Package sealed is the desk where sealed interviews are opened. The server has no key to
// them: it only hands out the sealed bytes, to who asked with a reason, once somebody
// else has agreed, and writes both into the history first.
package sealed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/uuid"
)

// openFor is how long what was agreed can be read again.
const openFor = 24 * time.Hour

// Service is the desk.
type Service struct{ Ingest *ingest.Service }

// Person is somebody at headquarters.
type Person struct{ Login, Name string }

// String is how a person is written into rows: the name for people, the login to tell
// those of the same name apart.
func (p Person) String() string { return p.Name + "（" + p.Login + "）" }

// Request is what somebody wants to have opened, and why.
type Request struct {
	Part   string // talk, identity
	Reason string
	By     Person
}

// Decision is what another person says to a request.
type Decision struct {
	Refused bool
	By      Person
}

// Interview is a sealed interview with its openings.
type Interview struct {
	ID         string      `json:"id" format:"uuid"`
	Code       string      `json:"code"`
	Unit       string      `json:"unit"`
	County     string      `json:"county"`
	Team       string      `json:"team"`
	Consent    string      `json:"consent"`
	ConsentAt  int64       `json:"consent_at" doc:"Unix milliseconds"`
	Size       int64       `json:"size" doc:"Of the sealed bytes; 0: there are none"`
	SealedTo   string      `json:"sealed_to" doc:"age recipients, one to a line"`
	Unsealings []Unsealing `json:"unsealings" doc:"Newest first"`
}

// Unsealing is a request to open an interview, and what became of it.
type Unsealing struct {
	ID        string `json:"id" format:"uuid"`
	Part      string `json:"part" enum:"talk,identity"`
	Reason    string `json:"reason"`
	AskedBy   string `json:"asked_by"`
	AskedAt   int64  `json:"asked_at" doc:"Unix milliseconds"`
	DecidedBy string `json:"decided_by"`
	DecidedAt *int64 `json:"decided_at,omitempty"`
	Refused   bool   `json:"refused"`
	OpenedAt  *int64 `json:"opened_at,omitempty"`
	Until     *int64 `json:"until,omitempty" doc:"When it can be read no more; Unix milliseconds"`

	interview string
}

const selectInterviews = `SELECT i.id, i.code, u.name, coalesce(u.county, ''), coalesce(t.name, ''), i.consent, i.consent_at,
		coalesce(length(i.sealed), 0), coalesce(i.sealed_to, '')
	FROM interview i
	JOIN visit v ON v.campaign_no = i.campaign_no AND v.id = i.visit_id
	JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
	LEFT JOIN team t ON t.campaign_no = v.campaign_no AND t.id = v.team_id
	WHERE i.campaign_no = $1 AND i.withdrawn_at IS NULL ORDER BY u.code, i.code, i.id`

const selectUnsealings = `SELECT id, interview_id, part, reason, asked_by, asked_at, coalesce(decided_by, ''), decided_at,
		coalesce(refused, 0), opened_at FROM unsealing WHERE campaign_no = $1`

// Interviews lists the campaign's interviews. Who was interviewed is not among what it says.
func (s *Service) Interviews(ctx context.Context, campaign schema.CampaignID) (list []Interview, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		if list, err = store.List(ctx, v, scanInterview, selectInterviews, v.CampaignNo); err != nil {
			return err
		}
		asked, err := store.List(ctx, v, scanUnsealing, selectUnsealings+" ORDER BY asked_at DESC, id", v.CampaignNo)
		if err != nil {
			return err
		}
		of := map[string][]Unsealing{}
		for _, u := range asked {
			of[u.interview] = append(of[u.interview], u)
		}
		for i := range list {
			list[i].Unsealings = append([]Unsealing{}, of[list[i].ID]...)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list interviews: %w", err)
	}
	return list, nil
}

func scanInterview(row store.Scanner) (i Interview, err error) {
	var id []byte
	err = row.Scan(&id, &i.Code, &i.Unit, &i.County, &i.Team, &i.Consent, &i.ConsentAt, &i.Size, &i.SealedTo)
	if err == nil {
		i.ID = uuid.UUID(id).String()
	}
	return i, err
}

func scanUnsealing(row store.Scanner) (u Unsealing, err error) {
	var id, interview []byte
	var refused int64
	err = row.Scan(&id, &interview, &u.Part, &u.Reason, &u.AskedBy, &u.AskedAt, &u.DecidedBy, &u.DecidedAt, &refused, &u.OpenedAt)
	if err != nil {
		return u, err
	}
	u.ID, u.interview, u.Refused = uuid.UUID(id).String(), uuid.UUID(interview).String(), refused != 0
	if u.DecidedAt != nil && !u.Refused {
		until := *u.DecidedAt + openFor.Milliseconds()
		u.Until = &until
	}
	return u, nil
}

// Ask writes down that somebody wants to open an interview.
func (s *Service) Ask(ctx context.Context, campaign schema.CampaignID, interview schema.RowID, r Request) (schema.RowID, error) {
	id := schema.NewRowID()
	reason := strings.TrimSpace(r.Reason)
	if reason == "" {
		return id, schema.NewFault(schema.FaultBadRequest, "reason")
	}
	if _, err := s.bytes(ctx, campaign, interview); err != nil {
		return id, err
	}
	return id, s.write(ctx, campaign, func(b *edit.Builder) {
		b.Insert("unsealing", id, edit.Cells{
			"interview_id": edit.ID(interview), "part": edit.Text(r.Part), "reason": edit.Text(reason),
			"asked_by": edit.Text(r.By.String()), "asked_at": edit.Int(s.now()),
		})
	})
}

// Decide lets another person agree, or refuse.
func (s *Service) Decide(ctx context.Context, campaign schema.CampaignID, id schema.RowID, d Decision) error {
	u, err := s.unsealing(ctx, campaign, id)
	if err != nil {
		return err
	}
	if u.AskedBy == d.By.String() {
		return schema.NewFault(schema.FaultOwnRequest, d.By.Login)
	}
	if u.DecidedAt != nil {
		return schema.NewFault(schema.FaultStale, u.DecidedBy)
	}
	refused := int64(0)
	if d.Refused {
		refused = 1
	}
	return s.update(ctx, campaign, id, edit.Cells{
		"decided_by": edit.Text(d.By.String()), "decided_at": edit.Int(s.now()), "refused": edit.Int(refused),
	}, "decided_at")
}

// Content gives the sealed bytes to who asked, for a day after another person has agreed.
// That they were given is in the history before they are.
func (s *Service) Content(ctx context.Context, campaign schema.CampaignID, id schema.RowID, by Person) ([]byte, error) {
	u, err := s.unsealing(ctx, campaign, id)
	if err != nil {
		return nil, err
	}
	switch {
	case u.AskedBy != by.String():
		return nil, schema.NewFault(schema.FaultForbidden, "asked by "+u.AskedBy)
	case u.DecidedAt == nil || u.Refused:
		return nil, schema.NewFault(schema.FaultNotAgreed, id.String())
	case s.now() >= *u.Until:
		return nil, schema.NewFault(schema.FaultNotAgreed, "agreed more than a day ago")
	}
	interview, err := schema.ParseID[schema.RowID](u.interview)
	if err != nil {
		return nil, err
	}
	body, err := s.bytes(ctx, campaign, interview)
	if err != nil || u.OpenedAt != nil {
		return body, err
	}
	err = s.update(ctx, campaign, id, edit.Cells{"opened_at": edit.Int(s.now())}, "opened_at")
	if schema.FaultCode(err) == schema.FaultStale {
		err = nil // opened twice at once
	}
	return body, err
}

// bytes reads an interview's sealed bytes.
func (s *Service) bytes(ctx context.Context, campaign schema.CampaignID, interview schema.RowID) (body []byte, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		return v.QueryRowContext(ctx, `SELECT sealed FROM interview WHERE campaign_no = $1 AND id = $2 AND sealed IS NOT NULL`,
			v.CampaignNo, interview[:]).Scan(&body)
	})
	return body, found(err, interview)
}

func (s *Service) unsealing(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (u Unsealing, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		u, err = scanUnsealing(v.QueryRowContext(ctx, selectUnsealings+" AND id = $2", v.CampaignNo, id[:]))
		return err
	})
	return u, found(err, id)
}

func found(err error, id schema.RowID) error {
	if errors.Is(err, sql.ErrNoRows) {
		return schema.NewFault(schema.FaultNotFound, id.String())
	}
	return err
}

func (s *Service) now() int64 { return s.Ingest.Now().UnixMilli() }

// update sets cells that are empty, unless somebody else has set the one named meanwhile.
func (s *Service) update(ctx context.Context, campaign schema.CampaignID, id schema.RowID, cells edit.Cells, free string) error {
	table := s.Ingest.Catalogue.MustTable("unsealing")
	b, before := edit.New(s.Ingest.Catalogue), edit.Cells{}
	for name := range cells {
		before[name] = changeset.NullValue()
	}
	b.Update(table.Name, id, before, cells)
	bytes, err := b.Bytes()
	if err != nil {
		return err
	}
	return s.Ingest.Write(ctx, ingest.Edit{
		Campaign: campaign, Seen: ingest.SeenAll, Changeset: bytes,
		Guard: func(tx *store.Tx) error {
			row, err := tx.Cells(table, id)
			if err == nil && row[table.ColumnIndex(free)].Kind != changeset.Null {
				err = schema.NewFault(schema.FaultStale, id.String())
			}
			return err
		},
	})
}

func (s *Service) write(ctx context.Context, campaign schema.CampaignID, do func(*edit.Builder)) error {
	b := edit.New(s.Ingest.Catalogue)
	do(b)
	bytes, err := b.Bytes()
	if err != nil {
		return err
	}
	return s.Ingest.Write(ctx, ingest.Edit{Campaign: campaign, Seen: ingest.SeenAll, Changeset: bytes})
}

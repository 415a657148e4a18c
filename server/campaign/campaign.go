package campaign

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"filippo.io/age"
)

// Service begins campaigns and writes what is theirs.
type Service struct {
	Ingest *ingest.Service
}

// NewCampaign is a campaign to begin.
type NewCampaign struct {
	Code     string `json:"code" pattern:"^[A-Za-z0-9._:-]{1,64}$"`
	Name     string `json:"name" minLength:"1" maxLength:"200"`
	City     string `json:"city" maxLength:"100"`
	StartsAt *int64 `json:"starts_at,omitempty" doc:"Unix milliseconds"`
	EndsAt   *int64 `json:"ends_at,omitempty" doc:"Unix milliseconds"`
}

// Known is a campaign and its code.
type Known struct {
	ID   schema.CampaignID
	Code string
	Name string
}

var codePattern = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// Add begins a campaign. A code that is there is schema.FaultCampaignTaken. The id follows
// from the code and this headquarters, so that a beginning that was cut short is taken up
// again, and two headquarters never have the same one.
func (s *Service) Add(ctx context.Context, n NewCampaign) (schema.CampaignID, error) {
	id := schema.CampaignID(schema.NaturalKeyID("campaign", schema.RowID(s.Ingest.Device), n.Code))
	if !codePattern.MatchString(n.Code) || strings.TrimSpace(n.Name) == "" {
		return id, schema.NewFault(schema.FaultValue, "code or name")
	}
	if n.StartsAt != nil && n.EndsAt != nil && *n.EndsAt < *n.StartsAt {
		return id, schema.NewFault(schema.FaultValue, "ends_at: before starts_at")
	}
	if _, err := s.Find(ctx, n.Code); !errors.Is(err, store.ErrNotFound) {
		if err == nil {
			err = schema.NewFault(schema.FaultCampaignTaken, n.Code)
		}
		return id, err
	}
	if err := s.Ingest.Begin(ctx, id); err != nil && !errors.Is(err, ingest.ErrBegun) {
		return id, err
	}
	cells := edit.Cells{
		"code": edit.Text(n.Code), "name": edit.Text(n.Name), "city": edit.Text(n.City),
		"starts_at": moment(n.StartsAt), "ends_at": moment(n.EndsAt),
	}
	b := edit.New(s.Ingest.Catalogue)
	b.Insert("campaign", schema.RowID(id), cells)
	return id, s.Ingest.WriteRows(ctx, id, b)
}

func moment(at *int64) changeset.Value {
	if at == nil {
		return changeset.NullValue()
	}
	return edit.Int(*at)
}

// List lists campaigns, the newest first. One whose beginning was cut short has no code.
func (s *Service) List(ctx context.Context) ([]Known, error) {
	ids, err := store.Campaigns(ctx, s.Ingest.Store)
	if err != nil {
		return nil, err
	}
	list := []Known{}
	for _, id := range ids {
		known := Known{ID: id}
		if err := s.Ingest.Store.Read(ctx, id, func(v store.View) error {
			err := v.QueryRowContext(ctx, "SELECT code, name FROM campaign WHERE campaign_no = $1 AND id = $2",
				v.CampaignNo, id[:]).Scan(&known.Code, &known.Name)
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			}
			return err
		}); err != nil {
			return nil, fmt.Errorf("read campaign %s: %w", id, err)
		}
		list = append(list, known)
	}
	return list, nil
}

// Find finds a campaign by its code or its id.
func (s *Service) Find(ctx context.Context, word string) (schema.CampaignID, error) {
	list, err := s.List(ctx)
	if err != nil {
		return schema.CampaignID{}, err
	}
	for _, known := range list {
		if known.Code == word || known.ID.String() == word {
			return known.ID, nil
		}
	}
	return schema.CampaignID{}, &schema.FaultError{
		Code: schema.FaultNotFound, Detail: "campaign " + word, Err: store.ErrNotFound,
	}
}

// SealTo makes interviews be sealed to age recipients, one to a line: any of their keys
// opens them. What was sealed before stays as it is.
func (s *Service) SealTo(ctx context.Context, campaign schema.CampaignID, text string) error {
	recipients, err := checkRecipients(text)
	if err != nil {
		return err
	}
	before := changeset.NullValue()
	if err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		var have sql.NullString
		err := v.QueryRowContext(ctx, "SELECT seal_to FROM campaign WHERE campaign_no = $1 AND id = $2",
			v.CampaignNo, campaign[:]).Scan(&have)
		if errors.Is(err, sql.ErrNoRows) {
			return store.NoCampaign(campaign)
		}
		if have.Valid {
			before = edit.Text(have.String)
		}
		return err
	}); err != nil {
		return err
	}
	b := edit.New(s.Ingest.Catalogue)
	b.Update("campaign", schema.RowID(campaign), edit.Cells{"seal_to": before}, edit.Cells{"seal_to": edit.Text(recipients)})
	return s.Ingest.WriteRows(ctx, campaign, b)
}

// recipientsMax is how many keys a campaign's interviews are sealed to.
const recipientsMax = 20

// checkRecipients wants age recipients that something can be sealed to together: keys of
// different strength cannot. What a wrong line says is not repeated: it may be a secret.
func checkRecipients(text string) (string, error) {
	var lines []string
	var all []age.Recipient
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		one, err := age.ParseRecipients(strings.NewReader(line))
		if err != nil {
			return "", schema.NewFault(schema.FaultSealKey, fmt.Sprintf("line %d", i+1))
		}
		lines, all = append(lines, line), append(all, one...)
	}
	if len(all) == 0 || len(all) > recipientsMax {
		return "", schema.NewFault(schema.FaultSealKey, fmt.Sprintf("%d recipients", len(all)))
	}
	if _, err := age.Encrypt(io.Discard, all...); err != nil {
		return "", schema.NewFault(schema.FaultSealKey, "these recipients cannot be used together")
	}
	return strings.Join(lines, "\n"), nil
}

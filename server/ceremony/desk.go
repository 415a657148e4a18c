package ceremony

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
)

// Call is a team that rings up the duty desk: it tells its roster code, the desk writes
// it down, and then tells the unlock code.
type Call struct {
	Code   string `json:"code" minLength:"12" maxLength:"20" doc:"Roster code, as it was told"`
	Caller string `json:"caller" minLength:"1" maxLength:"100"`
}

// Tell books a call and gives the unlock code. The first roster code of a site stands:
// with another one nothing is told.
func (s *Service) Tell(
	ctx context.Context, campaign schema.CampaignID, site schema.RowID, call Call, by string,
) (unlock string, err error) {
	code, err := draw.ParseRosterCode(call.Code)
	if err != nil {
		return "", err
	}
	var secret [draw.UnlockSize]byte
	var before *DeskCall
	if err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) (err error) {
		if secret, err = unlockOf(ctx, v, site); err != nil {
			return err
		}
		before, err = callOf(ctx, v, site)
		return err
	}); err != nil {
		return "", err
	}
	if before != nil && before.Code != code {
		return "", schema.NewFault(schema.FaultDeskCode, before.Code+", "+before.at().Format(time.RFC3339))
	}
	if before == nil {
		if err := s.book(ctx, campaign, site, code, call.Caller, by); err != nil {
			return "", err
		}
	}
	return draw.UnlockCode(secret), nil
}

// book writes a site's call down, unless somebody else does so at the same time.
func (s *Service) book(
	ctx context.Context, campaign schema.CampaignID, site schema.RowID, code, caller, by string,
) error {
	id := schema.NaturalRowID("desk_call", site)
	table := s.Ingest.Catalogue.MustTable("desk_call")
	b := edit.New(s.Ingest.Catalogue)
	b.Insert(table.Name, id, edit.Cells{
		"site_id": edit.ID(site), "code": edit.Text(code), "caller": edit.Text(caller), "told_by": edit.Text(by),
		"told_at": edit.Int(s.Ingest.Now().UnixMilli()),
	})
	bytes, err := b.Bytes()
	if err != nil {
		return err
	}
	return s.Ingest.Write(ctx, ingest.Edit{
		Campaign: campaign, Seen: ingest.SeenAll, Changeset: bytes,
		Guard: func(tx *store.Tx) error {
			_, present, err := tx.Row(table, id)
			if err == nil && present {
				err = schema.NewFault(schema.FaultStale, site.String())
			}
			return err
		},
	})
}

// unlockOf reads what opens a site.
func unlockOf(ctx context.Context, v store.View, site schema.RowID) (secret [draw.UnlockSize]byte, err error) {
	var unlock []byte
	err = v.QueryRowContext(ctx, `SELECT k.unlock FROM site s JOIN site_secret k
		ON k.campaign_no = s.campaign_no AND k.draw_id = s.draw_id AND k.site = s.site
		WHERE s.campaign_no = $1 AND s.id = $2`, v.CampaignNo, site[:]).Scan(&unlock)
	if errors.Is(err, sql.ErrNoRows) {
		return secret, schema.NewFault(schema.FaultNotFound, site.String())
	}
	copy(secret[:], unlock)
	return secret, err
}

// DeskCall is a call in the duty desk's book.
type DeskCall struct {
	Code   string `json:"code"`
	Caller string `json:"caller"`
	ToldBy string `json:"told_by"`
	ToldAt int64  `json:"told_at" doc:"Unix milliseconds"`
}

func (c *DeskCall) at() time.Time { return time.UnixMilli(c.ToldAt).UTC() }

const selectCall = `SELECT site_id, code, caller, told_by, told_at FROM desk_call WHERE campaign_no = $1`

func scanCall(row store.Scanner) (site schema.RowID, c DeskCall, err error) {
	var id []byte
	if err = row.Scan(&id, &c.Code, &c.Caller, &c.ToldBy, &c.ToldAt); err == nil {
		site = schema.RowID(id)
	}
	return site, c, err
}

// callOf is a site's call, or nil.
func callOf(ctx context.Context, v store.View, site schema.RowID) (*DeskCall, error) {
	_, c, err := scanCall(v.QueryRowContext(ctx, selectCall+" AND site_id = $2", v.CampaignNo, site[:]))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &c, err
}

// Letter is what is printed into a site's envelope.
type Letter struct {
	Site   string `json:"site"`
	Unit   string `json:"unit"`
	County string `json:"county"`
	Team   string `json:"team"`
	Unlock string `json:"unlock"`
}

// Envelopes gives the unlock codes of all sites that a team goes to, to be printed. That
// somebody had them is written into the history.
func (s *Service) Envelopes(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, by string,
) (letters []Letter, err error) {
	r, err := s.read(ctx, campaign, id)
	if err != nil {
		return nil, err
	}
	sites := r.certificate.Plan.Sites
	if r.state != schema.DrawDone || r.sealed || sites == nil || !sites.Allows(draw.Envelope) {
		return nil, schema.NewFault(schema.FaultDrawState, r.state)
	}
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		letters, err = store.List(ctx, v, func(row store.Scanner) (l Letter, err error) {
			var unlock []byte
			err = row.Scan(&l.Site, &l.Unit, &l.County, &l.Team, &unlock)
			var secret [draw.UnlockSize]byte
			copy(secret[:], unlock)
			l.Unlock = draw.UnlockCode(secret)
			return l, err
		}, `SELECT s.site, u.name, coalesce(u.county, ''), t.name, k.unlock FROM site s
			JOIN unit u ON u.campaign_no = s.campaign_no AND u.id = s.unit_id
			JOIN team t ON t.campaign_no = u.campaign_no AND t.id = u.team_id
			JOIN site_secret k ON k.campaign_no = s.campaign_no AND k.draw_id = s.draw_id AND k.site = s.site
			WHERE s.campaign_no = $1 AND s.draw_id = $2 ORDER BY t.number, s.site`, v.CampaignNo, id[:])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read unlock codes: %w", err)
	}
	return letters, s.Ingest.Record(ctx, campaign, ingest.Event{
		Kind: schema.EventEnvelopes, Actor: by, Detail: fmt.Sprintf("%s: %d", r.certificate.Plan.Ceremony(), len(letters)),
	})
}

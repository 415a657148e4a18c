package identity

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/edit"
)

// codeAge is how long an enrolment code is good for.
const codeAge = 24 * time.Hour

// Enrolment asks to let a device in.
type Enrolment struct {
	Code      string
	Device    schema.DeviceID
	Name      string
	PublicKey []byte // SubjectPublicKeyInfo, DER
	Signature []byte // by that key
}

// Enrolled is what an enrolled device is told.
type Enrolled struct {
	Campaign     schema.CampaignID
	CampaignName string
	Inspector    schema.RowID
	Name         string // the inspector's
	Team         string
	Epoch        schema.Epoch
	Clock        uint64
}

// NewCode makes a one-time code of 80 random bits in four groups (RFC 4648
// base32: no 0, 1, 8 or 9 to mistake).
func (s *Service) NewCode(
	ctx context.Context, campaign schema.CampaignID, inspector schema.RowID,
) (Code, error) {
	secret := make([]byte, 10)
	_, _ = rand.Read(secret) // never fails
	text := base32.StdEncoding.EncodeToString(secret)
	text = strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-")
	hash, now := codeHash(text), s.Now()
	err := s.Store.Office(ctx, func(q store.Queryer) error {
		r, err := q.ExecContext(ctx, `INSERT INTO enrolment
			(code_hash, campaign_no, inspector_id, created_at, expires_at)
			SELECT $1, i.campaign_no, i.id, $2, $3 FROM inspector i
			JOIN campaign_state c ON c.no = i.campaign_no WHERE c.campaign_id = $4 AND i.id = $5`,
			hash, now.UnixMilli(), now.Add(codeAge).UnixMilli(), campaign[:], inspector[:])
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(schema.NewFault(schema.FaultNotFound, "no such inspector"), err)
		}
		return nil
	})
	if err != nil {
		return Code{}, fmt.Errorf("make enrolment code: %w", err)
	}
	return Code{
		Code: text, URL: "/#/enrol?code=" + text, ExpiresAt: now.Add(codeAge).UnixMilli(),
	}, nil
}

// codeHash is under what a code is kept. Case, spaces and dashes do not matter.
func codeHash(code string) []byte {
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(code))
	sum := sha256.Sum256([]byte("sansuiji/enrolment-code/1\n" + plain))
	return sum[:]
}

// Enrol lets a device in. The same device may ask again with the same code when
// the answer got lost.
func (s *Service) Enrol(ctx context.Context, e Enrolment, from string) (Enrolled, error) {
	if s.attempts.blocked("enrol "+from, s.Now()) {
		return Enrolled{}, schema.NewFault(schema.FaultTooMany, "")
	}
	if err := checkKey(e); err != nil {
		return Enrolled{}, err
	}
	campaign, inspector, again, err := s.takeCode(ctx, e)
	if err != nil {
		if schema.FaultCode(err) == schema.FaultEnrolmentUnknown {
			s.attempts.fail("enrol "+from, s.Now())
		}
		return Enrolled{}, fmt.Errorf("enrol %s: %w", e.Device, err)
	}
	if !again {
		if err := s.addDevice(ctx, campaign, inspector, e); err != nil {
			return Enrolled{}, fmt.Errorf("enrol %s: %w", e.Device, err)
		}
	}
	return s.welcome(ctx, campaign, inspector)
}

// checkKey lets only devices in that hold the key they show.
func checkKey(e Enrolment) error {
	key, err := chain.ParseKey(e.PublicKey)
	if err != nil {
		return schema.NewFault(schema.FaultKeyUnusable, err.Error())
	}
	message := append([]byte("sansuiji/enrol/1\n"+e.Code), e.Device[:]...)
	if err := chain.Verify(key, append(message, e.PublicKey...), e.Signature); err != nil {
		return schema.NewFault(schema.FaultKeyUnusable, "the signature does not verify")
	}
	return nil
}

// takeCode uses the code up, or finds that this device did so before.
func (s *Service) takeCode(
	ctx context.Context, e Enrolment,
) (campaign schema.CampaignID, inspector schema.RowID, again bool, err error) {
	hash, now := codeHash(e.Code), s.Now().UnixMilli()
	var id, inspectorID, device []byte
	var expires int64
	var used *int64
	err = s.Store.Office(ctx, func(q store.Queryer) error {
		err := q.QueryRowContext(ctx, `SELECT c.campaign_id, e.inspector_id, e.expires_at, e.used_at, e.device_id
			FROM enrolment e JOIN campaign_state c ON c.no = e.campaign_no WHERE e.code_hash = $1`,
			hash).Scan(&id, &inspectorID, &expires, &used, &device)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return schema.NewFault(schema.FaultEnrolmentUnknown, "")
		case err != nil:
			return err
		case used != nil && !bytes.Equal(device, e.Device[:]):
			return schema.NewFault(schema.FaultEnrolmentUsed, "")
		case used == nil && expires < now:
			return schema.NewFault(schema.FaultEnrolmentExpired, "")
		}
		_, err = q.ExecContext(ctx, `UPDATE enrolment SET used_at = coalesce(used_at, $1), device_id = $2
			WHERE code_hash = $3`, now, e.Device[:], hash)
		return err
	})
	if err != nil {
		return campaign, inspector, false, err
	}
	copy(campaign[:], id)
	copy(inspector[:], inspectorID)
	_, key, err := s.enrolled(ctx, e.Device)
	switch {
	case err != nil:
		return campaign, inspector, false, nil // not enrolled yet
	case !bytes.Equal(key, e.PublicKey):
		return campaign, inspector, false, schema.NewFault(schema.FaultEnrolmentUsed, "another key")
	}
	return campaign, inspector, true, nil
}

func (s *Service) addDevice(
	ctx context.Context, campaign schema.CampaignID, inspector schema.RowID, e Enrolment,
) error {
	b := edit.New(s.Ingest.Catalogue)
	b.Insert("device", schema.RowID(e.Device), edit.Cells{
		"inspector_id": edit.ID(inspector), "name": edit.Text(deviceName(e)),
		"public_key": edit.Bytes(e.PublicKey), "enrolled_at": edit.Int(s.Now().UnixMilli()),
	})
	return s.Ingest.WriteRows(ctx, campaign, b)
}

func deviceName(e Enrolment) string {
	if name := strings.TrimSpace(strings.ToValidUTF8(e.Name, "")); name != "" {
		return strings.ReplaceAll(name, "\x00", "")
	}
	return e.Device.String()[:8]
}

func (s *Service) welcome(
	ctx context.Context, campaign schema.CampaignID, inspector schema.RowID,
) (Enrolled, error) {
	w := Enrolled{Campaign: campaign, Inspector: inspector}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		w.Epoch, w.Clock = v.State.Epoch, uint64(v.State.Clock)
		var team sql.NullString
		err := v.QueryRowContext(ctx, `SELECT i.name, c.name,
			(SELECT t.name FROM team_member m JOIN team t ON t.campaign_no = m.campaign_no AND t.id = m.team_id
			 WHERE m.campaign_no = i.campaign_no AND m.inspector_id = i.id AND m.left_at IS NULL LIMIT 1)
			FROM inspector i JOIN campaign c ON c.campaign_no = i.campaign_no
			WHERE i.campaign_no = $1 AND i.id = $2`, v.CampaignNo, inspector[:]).
			Scan(&w.Name, &w.CampaignName, &team)
		w.Team = team.String
		return err
	})
	if err != nil {
		return Enrolled{}, fmt.Errorf("welcome device: %w", err)
	}
	return w, nil
}

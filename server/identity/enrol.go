package identity

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
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
	HQKey        []byte // SubjectPublicKeyInfo, DER: signs headquarters' checkpoints
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
	s.Points.Hit("enrol.code-made")
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

// Enrol lets a device in. The same device may ask again with its code when the
// answer got lost. A refused request does not use the code up.
func (s *Service) Enrol(ctx context.Context, e Enrolment, from string) (Enrolled, error) {
	place := ofEnrolment(placeOf(from))
	if s.attempts.blocked(s.Now(), place) {
		return Enrolled{}, schema.NewFault(schema.FaultTooMany, "")
	}
	if err := checkKey(e); err != nil {
		return Enrolled{}, err
	}
	taken, err := s.takeCode(ctx, e)
	if err != nil {
		if schema.FaultCode(err) == schema.FaultEnrolmentUnknown {
			s.attempts.fail(s.Now(), place)
		}
		return Enrolled{}, fmt.Errorf("enrol %s: %w", e.Device, err)
	}
	s.Points.Hit("enrol.code-taken")
	if !taken.enrolled {
		if err := s.addDevice(ctx, taken, e); err != nil {
			return Enrolled{}, fmt.Errorf("enrol %s: %w", e.Device, err)
		}
	}
	s.Points.Hit("enrol.device-added")
	return s.welcome(ctx, taken)
}

// taken is a code that a device has used.
type taken struct {
	campaign  schema.CampaignID
	inspector schema.RowID
	enrolled  bool // the device is in already, with the same key
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

// takeCode uses the code up for the device, or finds that it did so before.
func (s *Service) takeCode(ctx context.Context, e Enrolment) (t taken, err error) {
	hash, now := codeHash(e.Code), s.Now().UnixMilli()
	err = s.Store.Office(ctx, func(q store.Queryer) error {
		if err := readCode(ctx, q, hash, e, now, &t); err != nil {
			return err
		}
		if err := t.recognise(ctx, q, e); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `UPDATE enrolment SET used_at = coalesce(used_at, $1), device_id = $2
			WHERE code_hash = $3`, now, e.Device[:], hash)
		return err
	})
	return t, err
}

// readCode finds an unused code, or one that this device used.
func readCode(
	ctx context.Context, q store.Queryer, hash []byte, e Enrolment, now int64, t *taken,
) error {
	var campaign, inspector, device []byte
	var expires int64
	var used *int64
	err := q.QueryRowContext(ctx, `SELECT c.campaign_id, e.inspector_id, e.expires_at, e.used_at, e.device_id
		FROM enrolment e JOIN campaign_state c ON c.no = e.campaign_no WHERE e.code_hash = $1`,
		hash).Scan(&campaign, &inspector, &expires, &used, &device)
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
	copy(t.campaign[:], campaign)
	copy(t.inspector[:], inspector)
	return nil
}

// recognise refuses a device id that is taken: by another key, in another
// campaign or for another inspector, or because it was revoked.
func (t *taken) recognise(ctx context.Context, q store.Queryer, e Enrolment) error {
	var campaign, key, inspector []byte
	var revoked *int64
	err := q.QueryRowContext(ctx, `SELECT c.campaign_id, d.public_key, d.inspector_id, d.revoked_at
		FROM device d JOIN campaign_state c ON c.no = d.campaign_no WHERE d.id = $1`,
		e.Device[:]).Scan(&campaign, &key, &inspector, &revoked)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case revoked != nil:
		return schema.NewFault(schema.FaultDeviceRevoked, "")
	case !bytes.Equal(key, e.PublicKey), !bytes.Equal(campaign, t.campaign[:]),
		!bytes.Equal(inspector, t.inspector[:]):
		return schema.NewFault(schema.FaultEnrolmentUsed, "this device id is enrolled already")
	}
	t.enrolled = true
	return nil
}

func (s *Service) addDevice(ctx context.Context, t taken, e Enrolment) error {
	b := edit.New(s.Ingest.Catalogue)
	b.Insert("device", schema.RowID(e.Device), edit.Cells{
		"inspector_id": edit.ID(t.inspector), "name": edit.Text(deviceName(e)),
		"public_key": edit.Bytes(e.PublicKey), "enrolled_at": edit.Int(s.Now().UnixMilli()),
	})
	return s.Ingest.WriteRows(ctx, t.campaign, b)
}

func deviceName(e Enrolment) string {
	name := strings.ReplaceAll(strings.ToValidUTF8(e.Name, ""), "\x00", "")
	if name = strings.TrimSpace(name); name != "" {
		return name
	}
	return e.Device.String()[:8]
}

func (s *Service) welcome(ctx context.Context, t taken) (Enrolled, error) {
	w := Enrolled{Campaign: t.campaign, Inspector: t.inspector}
	var err error
	if w.HQKey, err = x509.MarshalPKIXPublicKey(s.Ingest.Key.Public()); err != nil {
		return Enrolled{}, fmt.Errorf("write headquarters' key: %w", err)
	}
	err = s.Store.Read(ctx, t.campaign, func(v store.View) error {
		w.Epoch, w.Clock = v.State.Epoch, uint64(v.State.Clock)
		var team sql.NullString
		err := v.QueryRowContext(ctx, `SELECT i.name, c.name,
			(SELECT t.name FROM team_member m JOIN team t ON t.campaign_no = m.campaign_no AND t.id = m.team_id
			 WHERE m.campaign_no = i.campaign_no AND m.inspector_id = i.id AND m.left_at IS NULL LIMIT 1)
			FROM inspector i JOIN campaign c ON c.campaign_no = i.campaign_no
			WHERE i.campaign_no = $1 AND i.id = $2`, v.CampaignNo, t.inspector[:]).
			Scan(&w.Name, &w.CampaignName, &team)
		w.Team = team.String
		return err
	})
	if err != nil {
		return Enrolled{}, fmt.Errorf("welcome device: %w", err)
	}
	return w, nil
}

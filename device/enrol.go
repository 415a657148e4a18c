package device

import (
	"context"
	"crypto"
	"crypto/x509"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
)

// enrolDomain keeps the signature of an enrolment from being taken for another.
const enrolDomain = "sansuiji/enrol/1\n"

// Enrolling is what enrolling needs.
type Enrolling struct {
	Code string  // one-time, from headquarters
	Name string  // what headquarters shows for the device
	Key  KeyKind // of a device that has no key yet; P256 if empty
}

// Enrol makes this an enrolled device. When the answer is lost on the way, the
// same code gives the same device again.
func (d *Device) Enrol(ctx context.Context, e Enrolling) (Identity, error) {
	d.line.Lock()
	defer d.line.Unlock()
	way, err := d.transport()
	if err != nil {
		return Identity{}, err
	}
	request, err := d.enrolRequest(e)
	if err != nil {
		return Identity{}, fmt.Errorf("enrol: %w", err)
	}
	d.at(EnrolBeforeSend)
	answer, err := way.Enrol(ctx, request)
	if err != nil {
		return Identity{}, fmt.Errorf("enrol: %w", err)
	}
	d.at(EnrolAfterAnswer)
	return d.enrolled(&answer, request.PublicKey)
}

// enrolRequest keeps the id and the key it names before they are sent, so that a
// retry sends the same.
func (d *Device) enrolRequest(e Enrolling) (request mobileapi.EnrolRequest, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	code := strings.TrimSpace(e.Code)
	err = d.db.transact(func() error {
		device, err := d.deviceFor(code)
		if err != nil {
			return err
		}
		key, err := d.keyFor(e.Key)
		if err != nil {
			return err
		}
		request, err = d.signEnrolment(key, device, code)
		return err
	})
	request.Name = e.Name
	return request, err
}

// deviceFor is the id for a code. A device that is enrolled keeps its own: it
// enrols again because headquarters has forgotten it.
func (d *Device) deviceFor(code string) (schema.DeviceID, error) {
	kept, err := stored[string](d.db, stateCode)
	if err != nil {
		return schema.DeviceID{}, err
	}
	device, err := storedID[schema.DeviceID](d.db, stateDevice)
	if err != nil {
		return device, err
	}
	campaign, err := stored[[]byte](d.db, stateCampaign)
	if err != nil || campaign != nil || (kept == code && device != schema.DeviceID{}) {
		return device, err
	}
	born, err := newID(d.nowMillis(), d.Random)
	if err != nil {
		return device, err
	}
	if err := d.db.store(stateCode, code); err != nil {
		return device, err
	}
	return schema.DeviceID(born), d.db.store(stateDevice, id(born))
}

func (d *Device) signEnrolment(
	key crypto.Signer, device schema.DeviceID, code string,
) (mobileapi.EnrolRequest, error) {
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return mobileapi.EnrolRequest{}, fmt.Errorf("write public key: %w", err)
	}
	sig, err := chain.Sign(d.Random, key, slices.Concat([]byte(enrolDomain+code), device[:], public))
	return mobileapi.EnrolRequest{
		Code: code, DeviceID: device.String(), PublicKey: public, Signature: sig,
	}, err
}

// enrolled writes down who the device is.
func (d *Device) enrolled(e *mobileapi.Enrolment, public mobileapi.Octets) (who Identity, err error) {
	campaign, err := schema.ParseID[schema.CampaignID](e.CampaignID)
	if err != nil {
		return who, foreign("campaign: %w", err)
	}
	inspector, err := schema.ParseID[schema.RowID](e.InspectorID)
	if err != nil {
		return who, foreign("inspector: %w", err)
	}
	at, err := parseClock(e.Clock)
	if err != nil {
		return who, err
	}
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	d.who, d.log = nil, nil
	err = d.db.transact(func() error {
		if err := d.db.takeKey(e.HQKey); err != nil {
			return err
		}
		if err := d.db.storeAll([]setting{
			{stateCampaign, id(campaign)},
			{stateInspector, id(inspector)},
			{statePublicKey, []byte(public)},
			{stateCampaignAs, e.CampaignName},
			{stateName, e.InspectorName},
			{stateTeam, e.TeamName},
			{stateAhead, e.ServerTime - d.nowMillis()},
			{stateContact, d.nowMillis()},
		}); err != nil {
			return err
		}
		if err := d.db.raiseClock(at); err != nil {
			return err
		}
		d.at(EnrolBeforeCommit)
		return nil
	})
	if err != nil {
		return who, fmt.Errorf("keep enrolment: %w", err)
	}
	d.at(EnrolAfterCommit)
	return d.identity()
}

// takeKey keeps headquarters' key, the first that is told. A headquarters with
// another key cannot sign for the history that this device knows. Without a key
// nothing is judged, and all else goes on.
func (b *database) takeKey(spki mobileapi.Octets) error {
	have, err := stored[[]byte](b, stateHQKey)
	if err != nil || have != nil || len(spki) == 0 {
		return err
	}
	if _, err := parseHQKey(spki); err != nil {
		return nil //nolint:nilerr // it is none
	}
	return b.store(stateHQKey, []byte(spki))
}

// parseClock reads a hybrid time from an answer.
func parseClock(text string) (clock.Time, error) {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, foreign("clock: %w", err)
	}
	return clock.Time(n), nil
}

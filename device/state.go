package device

import (
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/clock"
)

// The names in device_state. Those that the phone has too hold the same.
const (
	stateDevice     = "device_id"
	stateCode       = "enrol_code"
	statePublicKey  = "public_key"
	stateCampaign   = "campaign_id"
	stateCampaignAs = "campaign_name"
	stateInspector  = "inspector_id"
	stateName       = "inspector_name"
	stateTeam       = "team_name"
	stateClock      = "clock"
	stateAhead      = "server_ahead_ms"
	stateCursor     = "cursor"
	stateCursorOf   = "cursor_epoch"
	stateSeenOf     = "seen_epoch"
	stateSeen       = "seen_revision"
	stateScopes     = "scopes"
	stateSchema     = "schema" // version of the rows
	stateContact    = "last_contact_at"
	stateSync       = "last_sync"

	statePrivateKey = "private_key"      // PKCS #8; a phone keeps its key elsewhere
	stateServer     = "server"           // headquarters' origin; a phone comes from there
	stateEpoch      = "hq_epoch"         // of headquarters' last answer
	stateFactsTo    = "facts_told_epoch" // the epoch that got the facts of earlier ones
	stateBackedUp   = "backed_up"        // seq
	stateHQKey      = "hq_key"           // SubjectPublicKeyInfo, DER; never changed
	stateAlarm      = "alarm"
	stateAlarmSeen  = "alarm_acknowledged" // the last one cleared: it stays as evidence
	stateNotice     = "notice"
	stateDoubts     = "doubts"     // contacts in a row whose answers proved nothing
	stateDistrusted = "distrusted" // the checkpoint after which all was sent again
	stateOverlaid   = "overlaid"   // seq of the newest entry that a pull was put under
)

const (
	readState  = "SELECT value FROM device_state WHERE name = ?"
	writeState = `INSERT INTO device_state (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`
)

// stored reads one value of device_state; the zero value if there is none.
func stored[T int64 | uint64 | string | []byte](b *database, name string) (v T, err error) {
	_, err = b.row(readState, scan(any(&v)), name)
	if err != nil {
		return v, fmt.Errorf("read %s: %w", name, err)
	}
	return v, nil
}

// storedID reads an id of device_state; all zeroes if there is none.
func storedID[T schema.ID16](b *database, name string) (T, error) {
	bytes, err := stored[[]byte](b, name)
	if err != nil || bytes == nil {
		return T{}, err
	}
	return schema.IDFromBytes[T](bytes)
}

// store writes one value of device_state.
func (b *database) store(name string, v any) error { return b.exec(writeState, name, v) }

// setting is one value of device_state.
type setting struct {
	name  string
	value any
}

func (b *database) storeAll(settings []setting) error {
	for _, s := range settings {
		if err := b.store(s.name, s.value); err != nil {
			return err
		}
	}
	return nil
}

func (b *database) remove(name string) error {
	return b.exec("DELETE FROM device_state WHERE name = ?", name)
}

// ErrNotEnrolled says that only an enrolled device can do that.
var ErrNotEnrolled = errors.New("the device is not enrolled")

// Identity is who a device is, once it is enrolled.
type Identity struct {
	Device        schema.DeviceID
	PublicKey     []byte // SubjectPublicKeyInfo, DER
	Campaign      schema.CampaignID
	CampaignName  string
	Inspector     schema.RowID
	InspectorName string
	TeamName      string
}

// Identity reads who the device is.
func (d *Device) Identity() (Identity, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.identity()
}

// identity is read once: an enrolled device stays who it is.
func (d *Device) identity() (Identity, error) {
	if d.who == nil {
		who, err := d.db.identity()
		if err != nil {
			return who, err
		}
		d.who = &who
	}
	return *d.who, nil
}

func (b *database) identity() (who Identity, err error) {
	var device, campaign, inspector []byte
	found, err := b.row(`SELECT max(value) FILTER (WHERE name = 'device_id'),
			max(value) FILTER (WHERE name = 'campaign_id'), max(value) FILTER (WHERE name = 'inspector_id'),
			max(value) FILTER (WHERE name = 'public_key'), max(value) FILTER (WHERE name = 'campaign_name'),
			max(value) FILTER (WHERE name = 'inspector_name'), max(value) FILTER (WHERE name = 'team_name')
		FROM device_state WHERE name IN ('device_id', 'campaign_id', 'inspector_id', 'public_key',
			'campaign_name', 'inspector_name', 'team_name')`,
		scan(&device, &campaign, &inspector, &who.PublicKey, &who.CampaignName, &who.InspectorName, &who.TeamName))
	if err != nil {
		return who, fmt.Errorf("read identity: %w", err)
	}
	if !found || len(campaign) != 16 || len(device) != 16 || len(inspector) != 16 || who.PublicKey == nil {
		return who, ErrNotEnrolled
	}
	who.Device, who.Campaign = schema.DeviceID(device), schema.CampaignID(campaign)
	who.Inspector = schema.RowID(inspector)
	return who, nil
}

// raiseClock raises the highest hybrid time given or seen; it never falls.
func (b *database) raiseClock(seen clock.Time) error {
	have, err := stored[uint64](b, stateClock)
	if err != nil || seen <= clock.Time(have) {
		return err
	}
	return b.store(stateClock, int64(seen))
}

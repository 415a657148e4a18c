package identity_test

import (
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// report writes down what a device says of itself.
func (p *people) report(device schema.DeviceID, unsent int64) {
	p.t.Helper()
	if err := p.World.Store.Office(p.t.Context(), func(q store.Queryer) error {
		_, err := q.ExecContext(p.t.Context(), `INSERT INTO device_contact (campaign_no, device_id, app_version, seen_at, unsent)
			SELECT no, $1, '0.2.0', $2, $3 FROM campaign_state`, device[:], p.World.Now.UnixMilli(), unsent)
		return err
	}); err != nil {
		p.t.Fatal(err)
	}
}

func TestADeviceIsRevokedAndToldToWipeItself(t *testing.T) {
	p := newPeople(t)
	device := p.World.Enrol(0)
	id := schema.RowID(device.ID)
	p.report(device.ID, 3)
	p.fails(p.OrderWipe(t.Context(), p.Campaign, id), "")
	p.fails(p.OrderWipe(t.Context(), p.Campaign, id), "") // once is enough
	p.fails(p.Revoke(t.Context(), p.Campaign, id), "")
	for _, other := range []schema.RowID{schema.NewRowID(), schema.RowID(p.World.Service.Device)} {
		p.fails(p.Revoke(t.Context(), p.Campaign, other), schema.FaultNotFound)
	}
	list, err := p.Inspectors(t.Context(), p.Campaign)
	p.fails(err, "")
	d := list[0].Devices[0]
	if d.RevokedAt == nil || d.WipeAt == nil || d.WipedAt != nil || d.Version != "0.2.0" || d.Unsent == nil || *d.Unsent != 3 {
		t.Errorf("%+v", d)
	}
	other := p.World.Enrol(1)
	p.fails(p.Revoke(t.Context(), p.Campaign, schema.RowID(other.ID)), "")
	_, err = p.Exchange(t.Context(), assertionOf(t, p.World, other))
	p.fails(err, schema.FaultDeviceRevoked)
	p.Check()
}

func TestASheetHasACodeForEachInspector(t *testing.T) {
	p := newPeople(t)
	sheet, err := p.NewSheet(t.Context(), p.Campaign, p.People[:])
	if p.fails(err, ""); len(sheet) != 2 || sheet[0].Code == sheet[1].Code || sheet[1].InspectorID != p.People[1].String() {
		t.Errorf("%+v", sheet)
	}
	_, err = p.NewSheet(t.Context(), p.Campaign, []schema.RowID{schema.NewRowID()})
	p.fails(err, schema.FaultNotFound)
	_, err = p.NewSheet(t.Context(), p.Campaign, make([]schema.RowID, 201))
	p.fails(err, schema.FaultValue)
}

package identity_test

import (
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/identity"
)

func (p *people) device() identity.Device {
	p.t.Helper()
	list, err := p.Inspectors(p.t.Context(), p.Campaign)
	if p.fails(err, ""); len(list) == 0 || len(list[0].Devices) == 0 {
		p.t.Fatalf("%+v", list)
	}
	return list[0].Devices[0]
}

func TestADevicesReportIsWrittenDownOnceAMinuteOrWhenItChanges(t *testing.T) {
	p := newPeople(t)
	caller := identity.Caller{Campaign: p.Campaign, Device: p.World.Enrol(0).ID}
	oldest := int64(1_789_000_000_000)
	say := func(unsent int64) {
		t.Helper()
		r := identity.Report{Version: "0.3.0", Unsent: unsent, LogSize: 12}
		if unsent > 0 {
			r.OldestUnsentAt = &oldest
		}
		p.fails(p.Note(t.Context(), caller, r), "")
	}
	pass := func(d time.Duration) { p.World.Now = p.World.Now.Add(d) }
	say(2)
	first := p.World.Now.UnixMilli()
	if d := p.device(); *d.SeenAt != first || *d.Unsent != 2 || *d.OldestAt != oldest || *d.LogSize != 12 || d.Version != "0.3.0" {
		t.Errorf("%+v", d)
	}
	pass(30 * time.Second)
	say(2)
	if d := p.device(); *d.SeenAt != first {
		t.Error("the same again was written down at once")
	}
	say(0)
	if d := p.device(); *d.Unsent != 0 || d.OldestAt != nil {
		t.Errorf("%+v", d)
	}
	say(5)
	if d := p.device(); *d.Unsent != 0 {
		t.Error("twice within a second")
	}
	pass(time.Minute)
	say(0)
	if d := p.device(); *d.SeenAt != p.World.Now.UnixMilli() {
		t.Error("the same again was not written down after a minute")
	}
}

func TestADeviceThatIsToWipeItselfBringsWhatItHasAndSpeaksNoMore(t *testing.T) {
	p := newPeople(t)
	phone := p.World.Enrol(0)
	id := schema.RowID(phone.ID)
	token, err := p.Exchange(t.Context(), assertionOf(t, p.World, phone))
	if p.fails(err, ""); token.Leaving {
		t.Error("it is to leave already")
	}
	p.fails(p.Wiped(t.Context(), identity.Caller{Campaign: p.Campaign, Device: phone.ID}, identity.Lost{}), schema.FaultForbidden)
	p.fails(p.Revoke(t.Context(), p.Campaign, id), "")
	_, err = p.Caller(t.Context(), token.Text)
	p.fails(err, schema.FaultDeviceRevoked)
	p.fails(p.OrderWipe(t.Context(), p.Campaign, id), "")
	caller, err := p.Caller(t.Context(), token.Text)
	if p.fails(err, ""); !caller.Leaving {
		t.Error("it is not told to leave")
	}
	if token, err = p.Exchange(t.Context(), assertionOf(t, p.World, phone)); err != nil || !token.Leaving {
		t.Errorf("%+v, %v", token, err)
	}
	if d := p.device(); d.WipeAt == nil || d.WipedAt != nil {
		t.Errorf("ordered: %+v", d)
	}
	p.fails(p.Wiped(t.Context(), caller, identity.Lost{Entries: 1, Attachments: 2}), "")
	if d := p.device(); d.WipedAt == nil || *d.WipedAt != p.World.Now.UnixMilli() || *d.Unsent != 1 {
		t.Errorf("wiped: %+v", d)
	}
	_, err = p.Caller(t.Context(), token.Text)
	p.fails(err, schema.FaultDeviceRevoked)
	_, err = p.Exchange(t.Context(), assertionOf(t, p.World, phone))
	p.fails(err, schema.FaultDeviceRevoked)
	p.Check()
}

package main

import (
	"flag"
	"fmt"
	"time"

	"sansuiji/device"
)

// statusView is a status as JSON.
type statusView struct {
	Identity    map[string]string `json:"identity"` // null: not enrolled
	Server      string            `json:"server"`
	Entries     device.Counts     `json:"entries"`
	BackedUp    uint64            `json:"backed_up"`
	Carried     device.Counts     `json:"carried"`
	Pending     []pendingView     `json:"pending"`
	Disputed    []uint64          `json:"disputed"` // seqs
	ContactAt   int64             `json:"last_contact_at"`
	ServerAhead int64             `json:"server_ahead_ms"`
	Seen        uint64            `json:"seen_revision"`
	LastSync    *device.Synced    `json:"last_sync"`
	Checkpoint  *checkpointView   `json:"checkpoint"`
	Alarm       *device.Alarm     `json:"alarm"`
	Notice      *device.Notice    `json:"notice"`
}

type pendingView struct {
	Seq     uint64       `json:"seq"`
	State   device.State `json:"state"`
	Reason  string       `json:"reason,omitempty"`
	SavedAt int64        `json:"saved_at"`
}

type checkpointView struct {
	Size       uint64 `json:"size"`
	Epoch      string `json:"epoch"`
	Text       string `json:"text"`
	ReceivedAt int64  `json:"received_at"`
}

func identityView(who *device.Identity) map[string]string {
	return map[string]string{
		"device_id": who.Device.String(), "campaign_id": who.Campaign.String(),
		"campaign_name": who.CampaignName, "inspector_id": who.Inspector.String(),
		"inspector_name": who.InspectorName, "team_name": who.TeamName,
	}
}

func viewOf(s *device.Status) statusView {
	v := statusView{
		Server: s.ServerOrigin, Entries: s.Counts, BackedUp: s.BackedUp, Carried: s.Carried,
		Pending: []pendingView{}, Disputed: []uint64{}, ContactAt: s.ContactAt, ServerAhead: s.ServerAhead, Seen: s.Seen,
		LastSync: s.LastSync, Alarm: s.Alarm, Notice: s.Notice,
	}
	if s.Identity != nil {
		v.Identity = identityView(s.Identity)
	}
	for _, e := range s.Pending {
		v.Pending = append(v.Pending, pendingView{e.Seq, e.State, e.Reason, e.SavedAt})
	}
	for _, e := range s.Disputed {
		v.Disputed = append(v.Disputed, e.Seq)
	}
	if c := s.Checkpoint; c != nil {
		v.Checkpoint = &checkpointView{c.Size, c.Epoch.String(), c.Signed, c.ReceivedAt}
	}
	return v
}

// acknowledged is what a person has looked into.
type acknowledged struct{ alarm, notice bool }

func (a *acknowledged) define(f *flag.FlagSet) {
	f.BoolVar(&a.alarm, "clear-alarm", false, "take headquarters' history as it is")
	f.BoolVar(&a.notice, "clear-notice", false, "forget that headquarters was restored")
}

func runStatus(c *deviceCommand, d *device.Device, seen acknowledged) error {
	if seen.alarm {
		if err := d.ClearAlarm(); err != nil {
			return err
		}
	}
	if seen.notice {
		if err := d.ClearNotice(); err != nil {
			return err
		}
	}
	s, err := d.Status()
	if err != nil {
		return err
	}
	if c.json {
		return c.print(viewOf(&s), "")
	}
	for _, line := range c.statusLines(&s) {
		fmt.Fprintln(c.stdout, line)
	}
	return nil
}

func (c *deviceCommand) statusLines(s *device.Status) []string {
	var lines []string
	add := func(word string, args ...any) { lines = append(lines, c.words.sayf(word, args...)) }
	if s.Alarm != nil {
		add("status-alarm", moment(s.Alarm.At), c.words.say("alarm-"+string(s.Alarm.Kind)), s.Alarm.Reason)
	}
	if s.Notice != nil {
		add("status-notice", moment(s.Notice.At), s.Notice.Position, s.Notice.Lost)
	}
	if s.Identity == nil {
		add("not-enrolled")
	} else {
		add("enrolled", s.Identity.InspectorName, s.Identity.TeamName, s.Identity.CampaignName, s.Identity.Device)
	}
	add("status-entries", s.Counts[device.Waiting], s.Counts[device.Merged], s.Counts[device.Held],
		s.Counts[device.Quarantined], s.BackedUp)
	for _, e := range s.Pending {
		lines = append(lines, fmt.Sprintf("  %d %s %s", e.Seq, e.State, c.words.reason(e.Reason)))
	}
	if n := len(s.Disputed); n > 0 {
		add("status-disputed", n)
		for _, e := range s.Disputed {
			lines = append(lines, fmt.Sprintf("  %d", e.Seq))
		}
	}
	if len(s.Carried) > 0 {
		add("status-carried", s.Carried[device.Waiting], s.Carried[device.Refused],
			s.Carried[device.Merged]+s.Carried[device.Held]+s.Carried[device.Quarantined])
	}
	if s.ContactAt == 0 {
		add("status-no-contact")
	} else {
		add("status-contact", moment(s.ContactAt), s.ServerOrigin)
	}
	if s.LastSync != nil && s.LastSync.Failure != nil {
		add("status-failure", moment(s.LastSync.At), s.LastSync.Failure.Kind)
	}
	if s.Checkpoint != nil {
		add("status-checkpoint", s.Checkpoint.Size, moment(s.Checkpoint.ReceivedAt))
	}
	return lines
}

func moment(millis int64) string { return time.UnixMilli(millis).Format(time.DateTime) }

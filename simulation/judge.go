package simulation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"sansuiji/device"
	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/history"
	"sansuiji/syncengine/naive"
)

// judge looks at what there is when all is at rest. Each oracle has the numbers of
// the properties in syncengine/sim's documentation that it checks.
func (w *world) judge(o Options) {
	s, err := w.hq.read()
	if err != nil {
		w.fail("simulation", "read headquarters: %v", err)
		return
	}
	w.judgeHistory(s)    // 2, 3, 13
	w.judgeClocks(s)     // 9
	w.judgeRevoked(s)    // 14
	w.judgeFlags(s)      // 13, 14
	w.judgeReceipts(s)   // 5, 12
	w.judgeDisputes(s)   // 5
	w.judgeReplicas(s)   // 4, 6, 7, 8, 11
	w.judgeAgainstSet(s) // 1, 3, 10, 11
	if o.Audit && w.broken == nil {
		w.audit()
	}
}

// judgeHistory wants every entry that anybody still has to be in the history, once.
func (w *world) judgeHistory(s *state) {
	if len(s.byHash) != len(s.records) {
		w.fail("no entry is there twice", "%d entries, %d hashes", len(s.records), len(s.byHash))
	}
	for _, ref := range s.awaited {
		if s.rows[ref] != nil {
			w.fail("held entries are released", "one waits for %s %s, which is there", ref.Table.Name, ref.ID)
		}
	}
	for _, p := range w.phones {
		if p.wiped || p.forked || p.revoked {
			continue
		}
		entries, err := p.d.Entries(0, 10_000)
		if err != nil {
			w.fail("simulation", "list entries: %v", err)
		}
		for i := range entries {
			if s.byHash[entries[i].Hash] == nil {
				w.fail("no entry is lost", "entry %d of %s is not in the history", entries[i].Seq, p.name)
			}
		}
	}
	w.truth.checkAnswered(w, "at the end")
}

// judgeClocks wants the clocks of a chain to rise.
func (w *world) judgeClocks(s *state) {
	last := map[schema.DeviceID]*record{}
	for i := range s.records {
		r := &s.records[i]
		before := last[r.device]
		if before != nil && (r.Clock <= before.Clock || r.Seq != before.Seq+1 ||
			r.entry.Previous != before.Hash) {
			w.fail("chains", "entry %d of %s does not follow %d", r.Seq, w.called(r.device), before.Seq)
		}
		last[r.device] = r
	}
}

// judgeFlags wants every fork and every rollback to have been noticed.
func (w *world) judgeFlags(s *state) {
	branches := map[naive.Name][]hash{}
	for _, sum := range slices.SortedFunc(maps.Keys(w.truth.sealed), func(a, b hash) int {
		return slices.Compare(a[:], b[:])
	}) {
		if t := w.truth.sealed[sum]; t.device != w.Cities.hq && !t.forged {
			name := naive.Name{Device: t.device, Seq: t.seq}
			branches[name] = append(branches[name], sum)
		}
	}
	for _, p := range w.phones {
		if !p.branch || p.wiped || p.revoked {
			continue
		}
		entries, err := p.d.Entries(0, 10_000)
		if err != nil {
			w.fail("simulation", "list entries: %v", err)
		}
		for i := range entries {
			if s.byHash[entries[i].Hash] != nil {
				continue
			}
			if !p.forked {
				w.fail("forks are noticed", "%s was not told of its fork at %d", p.name, entries[i].Seq)
			}
			if !s.aside[entries[i].Hash] {
				w.fail("both branches of a fork are kept", "entry %d of %s is nowhere", entries[i].Seq, p.name)
			}
		}
	}
	w.judgeRollback(s)
}

func (w *world) judgeRollback(s *state) {
	for _, p := range w.phones {
		status, err := p.d.Status()
		if err != nil {
			w.fail("simulation", "status: %v", err)
			return
		}
		p.alarmed = status.Alarm != nil
		// Who missed a whole epoch cannot tell what of the one before it was lost.
		if p.alarmed && !w.hq.went {
			w.fail("no false alarm", "%s: %s", p.name, status.Alarm.Reason)
		}
		if !w.hq.went && p.forked && !p.branch && !w.hq.restored {
			w.fail("no false alarm", "%s was told that it forked", p.name)
		}
	}
}

// judgeReceipts wants what devices believe of their entries to be so.
func (w *world) judgeReceipts(s *state) {
	for _, p := range w.phones {
		if p.wiped || p.forked || p.revoked {
			continue
		}
		entries, err := p.d.Entries(0, 10_000)
		if err != nil {
			w.fail("simulation", "list entries: %v", err)
		}
		for i := range entries {
			e := &entries[i]
			r := s.byHash[e.Hash]
			if e.State == device.Waiting {
				w.fail("outboxes drain", "entry %d of %s waits", e.Seq, p.name)
			} else if r != nil && string(r.Outcome) != string(e.State) {
				w.fail("receipts are true", "entry %d of %s is %s, the device says %s", e.Seq, p.name,
					r.Outcome, e.State)
			}
		}
	}
}

// judgeReplicas wants every device to hold exactly what headquarters has in its
// scopes.
func (w *world) judgeReplicas(s *state) {
	for _, p := range w.phones {
		if p.wiped || p.forked || p.revoked || p.alarmed || p.id == (schema.DeviceID{}) {
			continue
		}
		own, err := p.held(s)
		if err != nil {
			w.fail("simulation", "entries of %s: %v", p.name, err)
		}
		for _, t := range w.catalogues[p.version].OnDevices() {
			if err := w.judgeTable(s, p, t, own); err != nil {
				w.fail("simulation", "rows of %s: %v", p.name, err)
			}
		}
	}
}

// judgeRevoked wants nothing merged that a device brought after it was revoked.
func (w *world) judgeRevoked(s *state) {
	revoked := map[schema.DeviceID]uint64{}
	for i := range s.records {
		r := &s.records[i]
		if at := revoked[r.device]; at > 0 && r.Outcome == schema.Merged {
			w.fail("revoked devices change nothing", "entry %d of %s is merged", r.Seq, w.called(r.device))
		}
		for _, c := range changesOf(s.catalogue, &r.entry) {
			if c.Table.Name == "device" && c.Op == changeset.Update && c.Cells[4].Kind == changeset.Integer {
				revoked[schema.DeviceID(c.ID)] = r.Position
			}
		}
	}
}

// held are the rows that the phone's held entries are about. Those that exist nowhere
// else it must show with the values of the newest.
func (p *phone) held(s *state) (map[schema.RowID]bool, error) {
	entries, err := p.d.Entries(0, 10_000)
	own := map[schema.RowID]bool{}
	shown, born := map[cellName]changeset.Value{}, map[naive.Ref]bool{}
	defer func() { err = errors.Join(err, p.judgeShown(shown)) }()
	for i := range entries {
		if entries[i].State != device.Held {
			continue
		}
		e, err := parse(entries[i].Bytes)
		if err != nil {
			return nil, err
		}
		for _, c := range changesOf(s.catalogue, &e) {
			own[c.ID] = true
			if s.rows[c.Ref] == nil && (c.Op == changeset.Insert || born[c.Ref]) {
				born[c.Ref] = true
				for k, v := range c.Cells {
					if v.Kind != changeset.Absent {
						shown[cellName{c.Ref, k}] = v
					}
				}
			}
		}
	}
	return own, err
}

func (p *phone) judgeShown(want map[cellName]changeset.Value) error {
	for at, v := range want {
		row, err := p.d.Row(at.Table.Name, at.ID)
		if err != nil {
			return err
		}
		name := at.Table.Columns[at.column].Name
		if row == nil || !row[name].Equal(v) {
			p.w.fail("held entries are shown", "%s shows %s.%s of %s as %s, wrote %s", p.name,
				at.Table.Name, name, at.ID, show(row[name]), show(v))
		}
	}
	return nil
}

func (w *world) judgeTable(s *state, p *phone, t *schema.Table, own map[schema.RowID]bool) error {
	scopes := s.scopesOf(p.id)
	here := map[schema.RowID]bool{}
	full := s.catalogue.MustTable(t.Name)
	err := p.d.Each(t.Name, func(row []changeset.Value) error {
		id := schema.RowID(row[0].Bytes)
		here[id] = true
		k := s.rows[naive.Ref{Table: full, ID: id}]
		if own[id] {
			return nil
		}
		if k == nil || !scopes[k.scope] {
			w.fail("replicas equal headquarters", "%s has %s %s, which it must not", p.name, t.Name, id)
			return nil
		}
		for i := range t.Columns {
			if !row[1+i].Equal(k.cells[i]) {
				w.fail("replicas equal headquarters", "%s has %s.%s of %s as %s, headquarters %s", p.name,
					t.Name, t.Columns[i].Name, id, show(row[1+i]), show(k.cells[i]))
			}
		}
		return nil
	})
	for ref, k := range s.rows {
		if ref.Table == full && scopes[k.scope] && !here[ref.ID] && !own[ref.ID] {
			w.fail("replicas equal headquarters", "%s lacks %s %s", p.name, t.Name, ref.ID)
		}
	}
	return err
}

// scopesOf are the scopes that a device may hold by the rows.
func (s *state) scopesOf(id schema.DeviceID) map[int64]bool {
	scopes := map[int64]bool{1: true}
	members := s.catalogue.MustTable("team_member")
	me := s.rows[naive.Ref{Table: s.catalogue.MustTable("device"), ID: schema.RowID(id)}]
	if me == nil {
		return scopes
	}
	teams := map[schema.TeamID]bool{}
	for ref, k := range s.rows {
		if ref.Table == members && k.cells[1].Equal(me.cells[0]) && k.cells[3].Kind == changeset.Null {
			teams[schema.TeamID(k.cells[0].Bytes)] = true
		}
	}
	for _, k := range s.rows {
		if k.scope > 1 && teams[k.team] {
			scopes[k.scope] = true
		}
	}
	return scopes
}

func show(v changeset.Value) string {
	switch v.Kind {
	case changeset.Null:
		return "NULL"
	case changeset.Text:
		return string(v.Bytes)
	case changeset.Integer:
		return fmt.Sprint(v.Int64())
	case changeset.Absent, changeset.Real, changeset.Blob:
	}
	return fmt.Sprintf("%x", v.Bytes)
}

// audit replays and verifies the whole history, with what devices kept of it.
func (w *world) audit() {
	ctx := context.Background()
	file := filepath.Join(w.folder, "audit.db")
	if err := (files{}).copied(w.cities[w.hq.version].replay, file); err != nil {
		w.fail("simulation", "audit: %v", err)
		return
	}
	empty, err := files{}.open(file, w.hq.catalogue(), opening{})
	if err != nil {
		w.fail("simulation", "audit: %v", err)
		return
	}
	defer func() { _ = empty.Close() }()
	report, err := audit.Check(ctx, w.hq.catalogue(), w.hq.db, empty, w.campaign)
	if err != nil || len(report.Faults) > 0 {
		w.fail("fsck is clean", "%v %v", err, report.Faults)
	}
	options := history.Options{Catalogue: w.hq.catalogue(), Workers: 1}
	for _, p := range w.phones {
		kept, err := p.d.Checkpoints()
		if err != nil {
			w.fail("simulation", "checkpoints: %v", err)
		}
		for i := range kept {
			if !w.hq.went {
				options.Kept = append(options.Kept, kept[i].Signed)
			}
		}
	}
	verified, err := audit.VerifyHistory(ctx, w.hq.db, w.campaign, options)
	if err != nil || verified.Fault != nil {
		w.fail("the history is verified", "%v %v", err, verified.Fault)
	}
	w.tally["  audits"]++
}

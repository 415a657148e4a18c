package ingest

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/mutant"
)

// Pull is a device's question for what changed after a cursor.
type Pull struct {
	Campaign schema.CampaignID
	Device   schema.DeviceID
	Scopes   []string // narrows what the device may hold; empty: all of it
	After    uint64   // revision
	Epoch    *schema.Epoch
	Held     Holding
	Schema   int
	Limit    int // rows
}

// ScopeNameCampaign is the wire name of the scope of every device.
const ScopeNameCampaign = "campaign"

func teamScopeName(id schema.TeamID) string { return "team:" + id.String() }

// Pull answers with the rows that changed, in the order of their revisions, and
// with what the device may hold at all: headquarters decides that, not the
// device.
func (s *Service) Pull(ctx context.Context, pull Pull) (schema.Page, error) {
	var page schema.Page
	if pull.Schema < 1 || pull.Schema > s.Catalogue.Version {
		return page, schema.NewFault(schema.FaultVersionUnreadable, fmt.Sprint(pull.Schema))
	}
	s.Points.Hit("pull.decoded")
	err := s.Store.Read(ctx, pull.Campaign, func(v store.View) error {
		if err := checkCursor(&pull, v.State); err != nil {
			return err
		}
		held, err := scopesOf(ctx, v, pull.Device)
		if err != nil {
			return err
		}
		page = schema.Page{Epoch: v.State.Epoch, Clock: uint64(v.State.Clock), Patchset: []byte{}}
		for _, h := range held {
			page.Scopes = append(page.Scopes, h.name)
		}
		slices.Sort(page.Scopes)
		scopes, err := narrow(held, pull.Scopes)
		if err != nil {
			return err
		}
		p := pulling{Service: s, View: v, pull: &pull, scopes: scopes}
		if err := p.fill(ctx, &page); err != nil {
			return err
		}
		return p.tell(ctx, &page)
	})
	if err != nil {
		return schema.Page{}, fmt.Errorf("pull for %s: %w", pull.Device, err)
	}
	s.Points.Hit("pull.written")
	return page, nil
}

// checkCursor refuses a cursor that this state of headquarters never gave.
func checkCursor(pull *Pull, state store.State) error {
	if pull.After == 0 {
		return nil
	}
	if pull.Epoch == nil || *pull.Epoch != state.Epoch || pull.After > state.Revision {
		return schema.NewFault(schema.FaultCursorAhead,
			fmt.Sprintf("epoch %s, revision %d", state.Epoch, state.Revision))
	}
	return nil
}

// scope is one that a device may hold.
type scope struct {
	name   string
	number merge.Scope
}

// scopesOf reads what a device may hold: the campaign's rows and those of its
// inspector's teams.
func scopesOf(ctx context.Context, v store.View, device schema.DeviceID) ([]scope, error) {
	var inspector []byte
	err := v.QueryRowContext(ctx, `SELECT inspector_id FROM device
		WHERE campaign_no = $1 AND id = $2 AND revoked_at IS NULL`,
		v.CampaignNo, device[:]).Scan(&inspector)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, schema.NewFault(schema.FaultDeviceRevoked, device.String())
	}
	if err != nil {
		return nil, err
	}
	teams, err := store.List(ctx, v, func(row store.Scanner) (scope, error) {
		var s scope
		var team []byte
		if err := row.Scan(&s.number, &team); err != nil {
			return s, err
		}
		id, err := schema.IDFromBytes[schema.TeamID](team)
		s.name = teamScopeName(id)
		return s, err
	}, `SELECT s.no, m.team_id FROM team_member m
		JOIN scope s ON s.campaign_no = m.campaign_no AND s.team_id = m.team_id
		WHERE m.campaign_no = $1 AND m.inspector_id = $2 AND m.left_at IS NULL`,
		v.CampaignNo, inspector)
	return append([]scope{{ScopeNameCampaign, merge.ScopeCampaign}}, teams...), err
}

// narrow picks the scopes that a device asks for. One that it may not hold, or
// no longer, is refused: an empty answer would move its cursor past rows it lacks.
func narrow(held []scope, names []string) ([]merge.Scope, error) {
	var out []merge.Scope
	for _, h := range held {
		if len(names) == 0 || slices.Contains(names, h.name) {
			out = append(out, h.number)
		}
	}
	if len(names) > 0 && len(out) != len(names) {
		return nil, schema.NewFault(schema.FaultScope, strings.Join(names, ", "))
	}
	return out, nil
}

// pulling is one pull under way.
type pulling struct {
	*Service
	store.View
	pull     *Pull
	scopes   []merge.Scope
	disputes *disputes // nil: there is nothing to collect
}

// tell adds what the device learns beside rows: whose entries it now knows, and
// which of its own are safe.
func (p *pulling) tell(ctx context.Context, page *schema.Page) error {
	var err error
	if page.Witness.BackedUp, err = backedUp(ctx, p.View, p.pull.Device); err != nil {
		return err
	}
	// With every page, the last or not: a row that changes again is not in this one,
	// and if headquarters went back to before that, it would be in none.
	if err := p.witness(ctx, &p.View, &p.pull.Held, &page.Witness); err != nil {
		return err
	}
	page.Heads, err = store.List(ctx, p, func(row store.Scanner) (schema.DeviceHead, error) {
		var h schema.DeviceHead
		var id []byte
		err := row.Scan(&id, &h.Seq)
		copy(h.Device[:], id)
		return h, err
	}, headsQuery, p.CampaignNo, int64(p.pull.After), int64(page.Next))
	return err
}

// headsQuery lists whose newest entries came in the page's revisions: those of whom
// more came later are in a later page. It tells how far all of them are in the rows:
// one that is held or in quarantine is not, and may be merged by another state yet. A
// device whose first one waits has none there.
const headsQuery = `SELECT device_id, upto FROM (SELECT a.device_id, coalesce((SELECT min(h.seq) - 1
	FROM history h WHERE h.campaign_no = a.campaign_no AND h.author = a.no AND h.outcome <> 'merged'), a.seq) AS upto
	FROM author a WHERE a.campaign_no = $1 AND a.revision > $2 AND a.revision <= $3) AS told
	WHERE upto > 0 ORDER BY device_id`

// backedUp is up to which seq a device's entries are in a confirmed backup.
func backedUp(ctx context.Context, v store.View, device schema.DeviceID) (uint64, error) {
	if v.State.BackedUp == 0 {
		return 0, nil
	}
	var seq uint64
	err := v.QueryRowContext(ctx, `SELECT h.seq FROM author a
		JOIN history h ON h.campaign_no = a.campaign_no AND h.author = a.no
		WHERE a.campaign_no = $1 AND a.device_id = $2 AND h.position <= $3
		ORDER BY h.seq DESC LIMIT 1`, v.CampaignNo, device[:], int64(v.State.BackedUp)).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return seq, err
}

// Bounds of a page.
const (
	// pageBytes is the size from which a page ends early.
	pageBytes = 8 << 20
	// portionRows is how many rows are read in one go.
	portionRows = 1024
)

func (p *pulling) fill(ctx context.Context, page *schema.Page) error {
	page.Next = p.State.Revision
	if len(p.scopes) == 0 || p.pull.After == p.State.Revision {
		return nil
	}
	changed, err := p.changed(ctx, page)
	if err != nil {
		return fmt.Errorf("pull changes: %w", err)
	}
	if page.More {
		page.Next = changed[len(changed)-1].Revision
		if mutant.On(mutant.PageBorderSkipped) {
			page.Next++
		}
	}
	changed = newest(changed)
	if err := p.beginDisputes(ctx); err != nil {
		return err
	}
	parts := make([]part, len(p.Catalogue.Tables))
	size := 0
	for len(changed) > 0 {
		n := min(len(changed), portionRows)
		read, err := p.read(ctx, parts, changed[:n])
		if err == nil {
			err = p.dispute(ctx, changed[:n])
		}
		if err != nil {
			return err
		}
		size += read
		last := changed[n-1].Revision
		changed = changed[n:]
		if size > pageBytes && len(changed) > 0 && changed[0].Revision != last {
			page.Next, page.More = last, true
			break
		}
	}
	page.Disputed = p.disputes.list()
	p.Points.Hit("pull.read")
	return p.write(page, parts)
}

// changed lists what changed after the cursor in the order of the revisions, a
// page at most, and counts all that is to come.
func (p *pulling) changed(ctx context.Context, page *schema.Page) ([]store.Changed, error) {
	if err := p.QueryRowContext(ctx, `SELECT coalesce(sum(count), 0) FROM change
		WHERE campaign_no = $1 AND revision > $2 AND scope IN `+p.scopeList(),
		p.CampaignNo, int64(p.pull.After)).Scan(&page.Total); err != nil {
		return nil, err
	}
	var list []store.Changed
	horizon := p.State.Revision // up to here the lists are complete
	for _, scope := range p.scopes {
		own, err := p.changedIn(ctx, scope)
		if err != nil {
			return nil, err
		}
		if len(own) > p.pull.Limit {
			horizon = min(horizon, own[len(own)-1].Revision)
		}
		list = append(list, own...)
	}
	list = slices.DeleteFunc(list, func(c store.Changed) bool {
		return c.Revision <= p.pull.After || c.Revision > horizon
	})
	slices.SortStableFunc(list, func(a, b store.Changed) int { return cmp.Compare(a.Revision, b.Revision) })
	page.More = horizon < p.State.Revision
	if n := p.pull.Limit; len(list) > n {
		for n < len(list) && list[n].Revision == list[n-1].Revision {
			n++ // a page ends between revisions
		}
		page.More = page.More || n < len(list)
		list = list[:n]
	}
	return list, nil
}

// changedIn lists what changed in one scope, more than a page if there is more. A
// list begins with the cursor's transaction, of which some may be known.
func (p *pulling) changedIn(ctx context.Context, scope merge.Scope) ([]store.Changed, error) {
	rows, err := p.QueryContext(ctx, `SELECT first, rows FROM change
		WHERE campaign_no = $1 AND scope = $2 AND revision > $3 ORDER BY revision LIMIT $4`,
		p.CampaignNo, int64(scope), int64(p.pull.After), p.pull.Limit+1) // each names a row at least
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []store.Changed
	for len(list) <= p.pull.Limit && rows.Next() {
		var first uint64
		var packed sql.RawBytes
		if err := rows.Scan(&first, &packed); err != nil {
			return nil, err
		}
		if list, err = store.ReadChanges(list, first, packed); err != nil {
			return nil, err
		}
	}
	return list, rows.Err()
}

// newest keeps the last change of each row.
func newest(list []store.Changed) []store.Changed {
	type key struct {
		table int
		id    schema.RowID
	}
	seen := make(map[key]struct{}, len(list))
	at := len(list)
	for i := len(list) - 1; i >= 0; i-- {
		k := key{list[i].Table, list[i].ID}
		if _, again := seen[k]; !again {
			seen[k] = struct{}{}
			at--
			list[at] = list[i]
		}
	}
	return list[at:]
}

// part is one table's part of a page, changes in wire form.
type part struct {
	wire [][]byte
	size int // bytes
	rows int
}

// read reads the rows that changed as they are now, table by table, and returns
// how many bytes they have. One that is in none of the device's scopes any more
// becomes a DELETE.
func (p *pulling) read(ctx context.Context, parts []part, changed []store.Changed) (int, error) {
	ids := map[int][]schema.RowID{}
	for i := range changed {
		ids[changed[i].Table] = append(ids[changed[i].Table], changed[i].ID)
	}
	size := 0
	for number, list := range ids {
		if number >= len(parts) || p.Catalogue.Tables[number].Since > p.pull.Schema {
			continue
		}
		before := parts[number].size
		if err := p.readTable(ctx, &parts[number], p.Catalogue.Tables[number], list); err != nil {
			return 0, err
		}
		size += parts[number].size - before
	}
	return size, nil
}

func (p *pulling) readTable(
	ctx context.Context, into *part, t *schema.Table, ids []schema.RowID,
) error {
	slices.SortFunc(ids, func(a, b schema.RowID) int { return bytes.Compare(a[:], b[:]) })
	q := store.PackQuery{
		Table: t.Name, IDs: ids, Scopes: p.scopes, Fields: fieldsOf(t, p.pull.Schema),
		Prefix: []byte{byte(changeset.Insert), 0},
	}
	if err := p.pack(ctx, into, q); err != nil || p.pull.After == 0 {
		return err
	}
	q.Fields, q.Not, q.Prefix = q.Fields[:1], true, []byte{byte(changeset.Delete), 0}
	return p.pack(ctx, into, q)
}

// pack adds rows to a part, fewer at a time where they do not fit otherwise.
func (p *pulling) pack(ctx context.Context, into *part, q store.PackQuery) error {
	wire, n, err := p.Pack(ctx, &q)
	if errors.Is(err, store.ErrTooLarge) && len(q.IDs) > 1 {
		first, rest := q, q
		first.IDs, rest.IDs = q.IDs[:len(q.IDs)/2], q.IDs[len(q.IDs)/2:]
		if err := p.pack(ctx, into, first); err != nil {
			return err
		}
		return p.pack(ctx, into, rest)
	}
	if err != nil {
		return err
	}
	into.wire = append(into.wire, wire)
	into.size += len(wire)
	into.rows += n
	return nil
}

// headerMax is more than the header of a table takes.
const headerMax = 256

// write joins the parts to a patchset.
func (p *pulling) write(page *schema.Page, parts []part) error {
	w := changeset.NewWriter(changeset.Patchset)
	size := 0
	for i := range parts {
		size += headerMax + parts[i].size
	}
	w.Grow(size)
	for i, t := range p.Catalogue.Tables {
		if parts[i].rows == 0 {
			continue
		}
		flags := make([]byte, t.Width(p.pull.Schema))
		flags[0] = 1
		w.Table(t.Name, flags)
		for _, wire := range parts[i].wire {
			if err := w.Changes(wire); err != nil {
				return fmt.Errorf("pull %s: %w", t.Name, err)
			}
		}
		page.Rows += parts[i].rows
	}
	if page.Rows > 0 {
		page.Patchset = w.Bytes()
	}
	return nil
}

// scopeList is the scopes' numbers, which are ours and not the device's words.
func (p *pulling) scopeList() string {
	list := make([]string, len(p.scopes))
	for i, s := range p.scopes {
		list[i] = strconv.FormatInt(int64(s), 10)
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// fieldsOf are the columns that a table has at a schema version, the key first.
func fieldsOf(t *schema.Table, version int) []store.Field {
	fields := []store.Field{{Name: "id", Type: schema.ID}}
	for i := range t.Columns {
		if t.Columns[i].Since <= version {
			fields = append(fields, store.Field{Name: t.Columns[i].Name, Type: t.Columns[i].Type})
		}
	}
	return fields
}

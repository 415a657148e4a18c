package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
)

// Pull is a device's question for what changed after a cursor.
type Pull struct {
	Campaign schema.CampaignID
	Device   schema.DeviceID
	Scopes   []string // narrows what the device may hold; empty: all of it
	After    uint64   // revision
	Epoch    *schema.Epoch
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
	if pull.Schema < 1 || pull.Schema > schema.Version {
		return page, schema.NewFault(schema.FaultVersionUnreadable, fmt.Sprint(pull.Schema))
	}
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
		return p.fill(ctx, &page)
	})
	if err != nil {
		return schema.Page{}, fmt.Errorf("pull for %s: %w", pull.Device, err)
	}
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
	pull   *Pull
	scopes []merge.Scope
	upTo   uint64 // revision of the page's last row
}

func (p *pulling) fill(ctx context.Context, page *schema.Page) error {
	page.Next = p.State.Revision
	if len(p.scopes) == 0 || p.pull.After == p.State.Revision {
		return nil
	}
	if err := p.measure(ctx, page); err != nil {
		return err
	}
	p.upTo = page.Next
	w := changeset.NewWriter(changeset.Patchset)
	for _, t := range p.Catalogue.Tables {
		if t.Since > p.pull.Schema {
			continue
		}
		n, err := p.table(ctx, w, t)
		if err != nil {
			return fmt.Errorf("pull %s: %w", t.Name, err)
		}
		page.Rows += n
	}
	page.Patchset = append(page.Patchset, w.Bytes()...)
	return nil
}

// measure counts what is to come and finds the page's last revision.
func (p *pulling) measure(ctx context.Context, page *schema.Page) error {
	union, args := p.revisions()
	if err := p.QueryRowContext(ctx, "SELECT count(*) FROM ("+union+") AS r", args...).
		Scan(&page.Total); err != nil {
		return err
	}
	if page.Total <= p.pull.Limit {
		return nil
	}
	page.More = true
	return p.QueryRowContext(ctx, fmt.Sprintf(
		"SELECT _revision FROM (%s) AS r ORDER BY _revision LIMIT 1 OFFSET %d", union, p.pull.Limit-1),
		args...).Scan(&page.Next)
}

// revisions is a query for the revisions of all rows after the cursor, and of
// the departures.
func (p *pulling) revisions() (string, []any) {
	var parts []string
	for _, t := range p.Catalogue.Tables {
		if t.Since <= p.pull.Schema {
			parts = append(parts, "SELECT _revision FROM "+t.Name+
				" WHERE campaign_no = $1 AND _revision > $2 AND _scope IN "+p.scopeList())
		}
	}
	if p.pull.After > 0 {
		parts = append(parts, "SELECT revision FROM departure"+
			" WHERE campaign_no = $1 AND revision > $2 AND scope IN "+p.scopeList())
	}
	return strings.Join(parts, " UNION ALL "), []any{p.CampaignNo, int64(p.pull.After)}
}

// scopeList is the scopes' numbers, which are ours and not the device's words.
func (p *pulling) scopeList() string {
	var b strings.Builder
	for i, s := range p.scopes {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, int64(s))
	}
	return "(" + b.String() + ")"
}

// table writes one table's part of the page.
func (p *pulling) table(ctx context.Context, w *changeset.Writer, t *schema.Table) (int, error) {
	width := t.Width(p.pull.Schema)
	flags := make([]byte, width)
	flags[0] = 1
	w.Table(t.Name, flags)
	n := 0
	if p.pull.After > 0 {
		left, err := p.departures(ctx, t)
		if err != nil {
			return 0, err
		}
		for _, id := range left {
			old := make([]changeset.Value, width)
			old[0] = changeset.BlobValue(id)
			if err := w.Delete(false, old); err != nil {
				return 0, err
			}
		}
		n = len(left)
	}
	rows, err := p.QueryContext(ctx, "SELECT "+columnList(t, p.pull.Schema)+" FROM "+t.Name+
		" WHERE campaign_no = $1 AND _revision > $2 AND _revision <= $3 AND _scope IN "+p.scopeList()+
		" ORDER BY id", p.CampaignNo, int64(p.pull.After), int64(p.upTo))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	cells, values := make([]any, width), make([]changeset.Value, width)
	dest := make([]any, width)
	for i := range cells {
		dest[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return 0, err
		}
		for i, c := range cells {
			values[i] = store.ToValue(c)
		}
		if err := w.Insert(false, values); err != nil {
			return 0, err
		}
		n++
	}
	return n, rows.Err()
}

// departures lists the rows that left the device's scopes and did not come back.
func (p *pulling) departures(ctx context.Context, t *schema.Table) ([][]byte, error) {
	return store.List(ctx, p, func(row store.Scanner) (id []byte, err error) {
		return id, row.Scan(&id)
	}, `SELECT DISTINCT d.row_id FROM departure d
		JOIN `+t.Name+` r ON r.campaign_no = d.campaign_no AND r.id = d.row_id
		WHERE d.campaign_no = $1 AND d.revision > $2 AND d.revision <= $3 AND d.table_name = $4
		AND d.scope IN `+p.scopeList()+` AND r._scope NOT IN `+p.scopeList(),
		p.CampaignNo, int64(p.pull.After), int64(p.upTo), t.Name)
}

func columnList(t *schema.Table, version int) string {
	names := []string{"id"}
	for i := range t.Columns {
		if t.Columns[i].Since <= version {
			names = append(names, t.Columns[i].Name)
		}
	}
	return strings.Join(names, ", ")
}

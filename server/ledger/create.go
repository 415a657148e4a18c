package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
)

// NewEntry is what headquarters adds to the ledger: a finding that was accepted, or a
// conclusion for each of the units whose findings it rests on.
type NewEntry struct {
	FindingID    string `json:"finding_id,omitempty" format:"uuid"`
	ConclusionID string `json:"conclusion_id,omitempty" format:"uuid"`
	Terms
}

// Candidate is what could be added.
type Candidate struct {
	FindingID       string `json:"finding_id,omitempty"`
	ConclusionID    string `json:"conclusion_id,omitempty"`
	Title           string `json:"title"`
	Detail          string `json:"detail"`
	Severity        string `json:"severity"`
	Unit            string `json:"unit" doc:"Of a finding"`
	County          string `json:"county"`
	ResponsibleUnit string `json:"responsible_unit" doc:"As the team suggested"`
	DueAt           *int64 `json:"due_at,omitempty" doc:"As the team suggested"`
	Units           int    `json:"units" doc:"How many a conclusion is about"`
}

// Candidates lists accepted findings and conclusions that are not in the ledger.
func (s *Service) Candidates(ctx context.Context, campaign schema.CampaignID) (list []Candidate, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		conclusions, err := store.List(ctx, v, func(row store.Scanner) (c Candidate, err error) {
			var id []byte
			err = row.Scan(&id, &c.Title, &c.Detail, &c.Severity, &c.Units)
			c.ConclusionID = idText(id)
			return c, err
		}, `SELECT c.id, c.title, coalesce(c.detail, ''), coalesce(c.severity, ''), count(DISTINCT v.unit_id)
			FROM conclusion c
			JOIN finding f ON f.campaign_no = c.campaign_no AND f.conclusion_id = c.id AND f.withdrawn_at IS NULL
			JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
			WHERE c.campaign_no = $1 AND c.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry e
				WHERE e.campaign_no = c.campaign_no AND e.conclusion_id = c.id)
			GROUP BY c.id, c.number, c.title, c.detail, c.severity ORDER BY c.number, c.id`, v.CampaignNo)
		if err != nil {
			return err
		}
		list, err = store.List(ctx, v, func(row store.Scanner) (c Candidate, err error) {
			var id []byte
			err = row.Scan(&id, &c.Title, &c.Detail, &c.Severity, &c.Unit, &c.County, &c.ResponsibleUnit, &c.DueAt)
			c.FindingID, c.Units = idText(id), 1
			return c, err
		}, `SELECT f.id, f.title, coalesce(f.detail, ''), coalesce(f.severity, ''), u.name, coalesce(u.county, ''),
				coalesce(f.responsible_unit, ''), f.due_at
			FROM finding f
			JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
			JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
			WHERE f.campaign_no = $1 AND f.kind = 'problem' AND f.review_state = 'accepted' AND f.withdrawn_at IS NULL
				AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.campaign_no = f.campaign_no AND e.finding_id = f.id)
			ORDER BY f.id DESC LIMIT 500`, v.CampaignNo)
		list = append(conclusions, list...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list what could be in the ledger: %w", err)
	}
	return list, nil
}

// origin is where new entries come from: one for each unit.
type origin struct {
	cells  edit.Cells // of the entry: finding_id or conclusion_id
	key    schema.RowID
	title  string
	detail string
	reach  string
	severe string
	units  []target
}

// target is a unit with its problem, if it is known to have it.
type target struct {
	unit    schema.RowID
	name    string
	problem []byte
	number  int64 // of its next problem
}

// Add adds entries and gives their ids. The same finding or conclusion is added once.
func (s *Service) Add(
	ctx context.Context, campaign schema.CampaignID, who Person, n NewEntry,
) (ids []string, err error) {
	n.trim()
	var o origin
	if err := s.read(ctx, campaign, who, func(v store.View) (err error) {
		switch {
		case (n.FindingID == "") == (n.ConclusionID == ""):
			return schema.NewFault(schema.FaultValue, "finding_id or conclusion_id")
		case n.FindingID != "":
			o, err = fromFinding(ctx, v, n.FindingID)
		default:
			o, err = fromConclusion(ctx, v, n.ConclusionID)
		}
		return err
	}); err != nil {
		return nil, fmt.Errorf("add to ledger: %w", err)
	}
	b, refs := edit.New(s.Ingest.Catalogue), []schema.RowID{}
	for i := range o.units {
		id := o.put(b, &o.units[i], n.Terms)
		s.note(b, id, who, "納入臺賬", nil)
		refs, ids = append(refs, id), append(ids, id.String())
	}
	if b.Empty() {
		return nil, schema.NewFault(schema.FaultValue, "no finding says of which unit it is")
	}
	bytes, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	return ids, s.Ingest.Write(ctx, ingest.Edit{
		Campaign: campaign, Seen: ingest.SeenAll, Changeset: bytes, Guard: s.absent(refs),
	})
}

// absent refuses entries that somebody added meanwhile.
func (s *Service) absent(ids []schema.RowID) func(*store.Tx) error {
	table := s.Ingest.Catalogue.MustTable("ledger_entry")
	return func(tx *store.Tx) error {
		for _, id := range ids {
			if _, there, err := tx.Row(table, id); err != nil || there {
				return errors.Join(err, schema.NewFault(schema.FaultInLedger, id.String()))
			}
		}
		return nil
	}
}

// put adds the entry of a unit, and its problem where it has none.
func (o *origin) put(b *edit.Builder, t *target, terms Terms) schema.RowID {
	problem := schema.NaturalRowID("problem", o.key, t.unit)
	if len(t.problem) == len(problem) {
		problem = schema.RowID(t.problem)
	} else {
		b.Insert("problem", problem, edit.Cells{
			"unit_id": edit.ID(t.unit), "number": edit.Int(t.number), "title": edit.Text(o.title),
			"detail": edit.Text(o.detail), "source": edit.Text("superior"), "reach": edit.Text(o.reach),
			"severity": edit.Text(o.severe),
		})
	}
	id := schema.NaturalRowID("ledger_entry", o.key, t.unit)
	cells := terms.cells()
	if terms.ResponsibleUnit == "" {
		cells["responsible_unit"] = edit.Text(t.name)
	}
	cells["problem_id"] = edit.ID(problem)
	for name, value := range o.cells {
		cells[name] = value
	}
	b.Insert("ledger_entry", id, cells)
	return id
}

// fromFinding reads an accepted finding. One that belongs to a problem of the unit's list
// needs no new one.
func fromFinding(ctx context.Context, v store.View, text string) (o origin, err error) {
	if o.key, err = parseRow(text, "finding_id"); err != nil {
		return o, err
	}
	var state, kind, unitName string
	var unit, problem []byte
	var withdrawn *int64
	var number int64
	err = v.QueryRowContext(ctx, `SELECT f.title, coalesce(f.detail, ''), coalesce(f.severity, ''), f.kind, f.review_state,
			f.withdrawn_at, f.problem_id, u.id, u.name,
			(SELECT coalesce(max(p.number), 0) + 1 FROM problem p WHERE p.campaign_no = u.campaign_no AND p.unit_id = u.id)
		FROM finding f
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		WHERE f.campaign_no = $1 AND f.id = $2`, v.CampaignNo, o.key[:]).
		Scan(&o.title, &o.detail, &o.severe, &kind, &state, &withdrawn, &problem, &unit, &unitName, &number)
	if errors.Is(err, sql.ErrNoRows) {
		return o, schema.NewFault(schema.FaultNotFound, text)
	}
	if err == nil && (kind != "problem" || state != "accepted" || withdrawn != nil) {
		err = schema.NewFault(schema.FaultValue, "only a problem that was accepted goes into the ledger")
	}
	if err != nil {
		return o, err
	}
	o.reach, o.cells = "individual", edit.Cells{"finding_id": edit.ID(o.key)}
	o.units = []target{{schema.RowID(unit), unitName, problem, number}}
	return o, nil
}

func fromConclusion(ctx context.Context, v store.View, text string) (o origin, err error) {
	if o.key, err = parseRow(text, "conclusion_id"); err != nil {
		return o, err
	}
	var withdrawn *int64
	err = v.QueryRowContext(ctx, `SELECT title, coalesce(detail, ''), coalesce(severity, ''), reach, withdrawn_at
		FROM conclusion WHERE campaign_no = $1 AND id = $2`, v.CampaignNo, o.key[:]).
		Scan(&o.title, &o.detail, &o.severe, &o.reach, &withdrawn)
	if errors.Is(err, sql.ErrNoRows) || withdrawn != nil {
		return o, schema.NewFault(schema.FaultNotFound, text)
	}
	if err != nil {
		return o, err
	}
	o.cells = edit.Cells{"conclusion_id": edit.ID(o.key)}
	o.units, err = store.List(ctx, v, func(row store.Scanner) (t target, err error) {
		var unit []byte
		if err = row.Scan(&unit, &t.name, &t.number); err == nil {
			t.unit = schema.RowID(unit)
		}
		return t, err
	}, `SELECT DISTINCT u.id, u.name,
			(SELECT coalesce(max(p.number), 0) + 1 FROM problem p WHERE p.campaign_no = u.campaign_no AND p.unit_id = u.id)
		FROM finding f
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		WHERE f.campaign_no = $1 AND f.conclusion_id = $2 AND f.withdrawn_at IS NULL ORDER BY u.id`,
		v.CampaignNo, o.key[:])
	return o, err
}

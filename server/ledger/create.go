package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
)

// NewEntry is what headquarters adds to the ledger: findings that were accepted, and
// conclusions, each for every unit whose findings it rests on. All have the same terms.
type NewEntry struct {
	FindingIDs    []string `json:"finding_ids,omitempty" maxItems:"200" nullable:"false"`
	ConclusionIDs []string `json:"conclusion_ids,omitempty" maxItems:"200" nullable:"false"`
	Suggested     bool     `json:"suggested,omitempty" doc:"The responsible unit and the deadline that are not given are those that the team suggested"`
	Terms
}

// addMax is how many findings and conclusions are added at once.
const addMax = 200

// origin is where new entries come from: one for each unit.
type origin struct {
	cells  edit.Cells // of the entry: finding_id or conclusion_id
	key    schema.RowID
	title  string
	detail string
	reach  string
	severe string
	units  []target
	// what the team suggested
	responsible string
	due         *int64
}

// target is a unit with its problem, if it is known to have it.
type target struct {
	unit    schema.RowID
	name    string
	problem []byte
	number  int64 // of its next problem
}

// Add adds entries and gives their ids: all, or none. The same finding or conclusion is
// added once.
func (s *Service) Add(
	ctx context.Context, campaign schema.CampaignID, who Person, n NewEntry,
) (ids []string, err error) {
	n.trim()
	origins, err := s.origins(ctx, campaign, who, &n)
	if err != nil {
		return nil, fmt.Errorf("add to ledger: %w", err)
	}
	b, refs, numbers := edit.New(s.Ingest.Catalogue), []schema.RowID{}, map[schema.RowID]int64{}
	for _, o := range origins {
		for i := range o.units {
			t := &o.units[i]
			t.number = max(t.number, numbers[t.unit])
			numbers[t.unit] = t.number + 1
			id := o.put(b, t, n)
			s.note(b, id, who, "納入臺賬", nil)
			refs, ids = append(refs, id), append(ids, id.String())
		}
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

// origins reads what new entries come from, each once.
func (s *Service) origins(
	ctx context.Context, campaign schema.CampaignID, who Person, n *NewEntry,
) (list []origin, err error) {
	if many := len(n.FindingIDs) + len(n.ConclusionIDs); many == 0 || many > addMax {
		return nil, schema.NewFault(schema.FaultValue, fmt.Sprintf("1 to %d findings and conclusions", addMax))
	}
	seen := map[schema.RowID]bool{}
	read := func(v store.View, ids []string, from func(context.Context, store.View, string) (origin, error)) error {
		for _, id := range ids {
			o, err := from(ctx, v, id)
			if err != nil {
				return err
			}
			if !seen[o.key] {
				seen[o.key], list = true, append(list, o)
			}
		}
		return nil
	}
	err = s.read(ctx, campaign, who, func(v store.View) error {
		if err := read(v, n.ConclusionIDs, fromConclusion); err != nil {
			return err
		}
		return read(v, n.FindingIDs, fromFinding)
	})
	return list, err
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
func (o *origin) put(b *edit.Builder, t *target, n NewEntry) schema.RowID {
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
	cells := o.terms(t, n).cells()
	cells["problem_id"] = edit.ID(problem)
	for name, value := range o.cells {
		cells[name] = value
	}
	b.Insert("ledger_entry", id, cells)
	return id
}

// terms are those of the entry of a unit, which is responsible where nobody else is named.
func (o *origin) terms(t *target, n NewEntry) *Terms {
	terms := n.Terms
	if n.Suggested {
		terms.ResponsibleUnit = cmp.Or(terms.ResponsibleUnit, o.responsible)
		terms.DueAt = cmp.Or(terms.DueAt, o.due)
	}
	terms.ResponsibleUnit = cmp.Or(terms.ResponsibleUnit, t.name)
	return &terms
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
			f.withdrawn_at, f.problem_id, coalesce(f.responsible_unit, ''), f.due_at, u.id, u.name,
			(SELECT coalesce(max(p.number), 0) + 1 FROM problem p WHERE p.campaign_no = u.campaign_no AND p.unit_id = u.id)
		FROM finding f
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		WHERE f.campaign_no = $1 AND f.id = $2`, v.CampaignNo, o.key[:]).
		Scan(&o.title, &o.detail, &o.severe, &kind, &state, &withdrawn, &problem, &o.responsible, &o.due,
			&unit, &unitName, &number)
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

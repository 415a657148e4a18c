package scoring

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// GivenMark is a mark that a person gives, or takes back.
type GivenMark struct {
	CriterionID string `json:"criterion_id" format:"uuid"`
	UnitID      string `json:"unit_id" format:"uuid"`
	Value       *int64 `json:"value,omitempty" nullable:"true" minimum:"0" doc:"Hundredths of a point; none: taken back"`
	Was         *int64 `json:"was,omitempty" nullable:"true" doc:"What stood there before, as the person saw it"`
	Note        string `json:"note,omitempty" maxLength:"500"`
}

// MarksGiven is marks of one person.
type MarksGiven struct {
	GivenBy string      `json:"given_by" maxLength:"100" doc:"Whose marks they are; empty: of who is signed in"`
	Marks   []GivenMark `json:"marks" minItems:"1" maxItems:"500" nullable:"false"`
}

// MarkGrid is where marks of one person are entered.
type MarkGrid struct {
	GivenBy  string       `json:"given_by"`
	Own      bool         `json:"own" doc:"Marks can be entered in this name alone"`
	Criteria []Criterion  `json:"criteria" nullable:"false"`
	Units    []ScoredUnit `json:"units" nullable:"false"`
	Marks    []GivenMark  `json:"marks" nullable:"false"`
	People   []string     `json:"people" doc:"Who gave marks in this category" nullable:"false"`
	ReadAt   uint64       `json:"read_at"`
}

// ScoredUnit is a unit in a grid.
type ScoredUnit struct {
	ID       string `json:"id" format:"uuid"`
	Name     string `json:"name"`
	County   string `json:"county"`
	Township string `json:"township"`
	Team     string `json:"team"`
	category string
}

// selectScored lists units that there is something to score of.
const selectScored = `SELECT u.id, u.name, coalesce(u.county, ''), coalesce(u.township, ''), coalesce(t.name, ''), u.category
	FROM unit u LEFT JOIN team t ON t.campaign_no = u.campaign_no AND t.id = u.team_id
	WHERE u.campaign_no = $1 AND u.category = $2 AND (
		EXISTS (SELECT 1 FROM visit v WHERE v.campaign_no = u.campaign_no AND v.unit_id = u.id)
		OR EXISTS (SELECT 1 FROM mark m WHERE m.campaign_no = u.campaign_no AND m.unit_id = u.id)
		OR EXISTS (SELECT 1 FROM ballot_box b WHERE b.campaign_no = u.campaign_no AND b.unit_id = u.id))
	ORDER BY u.county, u.township, u.name, u.id`

func scanUnit(row store.Scanner) (u ScoredUnit, err error) {
	var id []byte
	err = row.Scan(&id, &u.Name, &u.County, &u.Township, &u.Team, &u.category)
	u.ID = idText(id)
	return u, err
}

// Grid reads one person's marks of a category.
func (s *Service) Grid(
	ctx context.Context, campaign schema.CampaignID, who Person, category, givenBy string,
) (g MarkGrid, err error) {
	g.GivenBy, g.Own, g.People = who.of(givenBy), who.Own, []string{}
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) (err error) {
		g.ReadAt = v.State.Revision
		g.Criteria, err = store.List(ctx, v, scanCriterion, selectCriteria+` AND c.source IN ('leader', 'visit')
			AND (c.category IS NULL OR c.category = $2)`+criteriaOrder, v.CampaignNo, category)
		if err != nil {
			return err
		}
		if g.Units, err = store.List(ctx, v, scanUnit, selectScored, v.CampaignNo, category); err != nil {
			return err
		}
		g.Marks, err = store.List(ctx, v, func(row store.Scanner) (m GivenMark, err error) {
			var criterion, unit []byte
			err = row.Scan(&criterion, &unit, &m.Value, &m.Note)
			m.CriterionID, m.UnitID = idText(criterion), idText(unit)
			return m, err
		}, `SELECT m.criterion_id, m.unit_id, m.value, coalesce(m.note, '') FROM mark m
			JOIN unit u ON u.campaign_no = m.campaign_no AND u.id = m.unit_id
			WHERE m.campaign_no = $1 AND u.category = $2 AND m.given_by = $3 AND m.value IS NOT NULL`,
			v.CampaignNo, category, g.GivenBy)
		if err != nil || who.Own {
			return err
		}
		g.People, err = store.List(ctx, v, func(row store.Scanner) (name string, err error) {
			return name, row.Scan(&name)
		}, `SELECT DISTINCT m.given_by FROM mark m JOIN unit u ON u.campaign_no = m.campaign_no AND u.id = m.unit_id
			WHERE m.campaign_no = $1 AND u.category = $2 ORDER BY m.given_by`, v.CampaignNo, category)
		return err
	})
	if err != nil {
		return g, fmt.Errorf("read marks: %w", err)
	}
	return g, nil
}

// of is in whose name a person enters marks.
func (p Person) of(givenBy string) string {
	if givenBy = strings.TrimSpace(givenBy); givenBy == "" || p.Own {
		return p.Name
	}
	return givenBy
}

// Give writes marks. One that somebody changed since it was read is refused, and then all.
func (s *Service) Give(ctx context.Context, campaign schema.CampaignID, who Person, g MarksGiven) error {
	g.GivenBy = who.of(g.GivenBy)
	criteria, err := s.Criteria(ctx, campaign)
	if err != nil {
		return err
	}
	b, table := edit.New(s.Ingest.Catalogue), s.Ingest.Catalogue.MustTable("mark")
	var refs []merge.RowRef
	seen, readAt := map[schema.RowID]bool{}, uint64(0)
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		readAt = v.State.Revision
		for i := range g.Marks {
			id, err := s.put(ctx, v, b, criteria.List, &g, i)
			if err != nil {
				return err
			}
			if seen[id] {
				return schema.NewFault(schema.FaultValue, "two marks of one criterion and unit")
			}
			seen[id], refs = true, append(refs, merge.RowRef{Table: table, ID: id})
		}
		return nil
	})
	if err != nil || b.Empty() {
		return err
	}
	bytes, err := b.Bytes()
	if err != nil {
		return err
	}
	return s.Ingest.Write(ctx, ingest.Edit{
		Campaign: campaign, Seen: readAt, Changeset: bytes, Guard: func(tx *store.Tx) error {
			for _, ref := range refs {
				row, there, err := tx.Row(ref.Table, ref.ID)
				if err != nil || (there && row.Revision > readAt) {
					return errors.Join(err, schema.NewFault(schema.FaultStale, ref.ID.String()))
				}
			}
			return nil
		},
	})
}

// put adds one mark to what is written.
func (s *Service) put(
	ctx context.Context, v store.View, b *edit.Builder, criteria []Criterion, g *MarksGiven, i int,
) (id schema.RowID, err error) {
	m := &g.Marks[i]
	at := slices.IndexFunc(criteria, func(c Criterion) bool { return c.ID == m.CriterionID })
	if at < 0 || (criteria[at].Source != Leader && criteria[at].Source != Visit) {
		return id, schema.NewFault(schema.FaultValue, "criterion_id: people give it no marks")
	}
	if m.Value != nil && (*m.Value < 0 || *m.Value > 100*criteria[at].MarkMax) {
		return id, schema.NewFault(schema.FaultValue, fmt.Sprintf("value: 0 to %d", 100*criteria[at].MarkMax))
	}
	criterion, err := parseRow(m.CriterionID)
	if err != nil {
		return id, err
	}
	unit, err := parseRow(m.UnitID)
	if err != nil {
		return id, err
	}
	var known int
	if err := v.QueryRowContext(ctx, `SELECT count(*) FROM unit WHERE campaign_no = $1 AND id = $2
		AND ($3 = '' OR category = $3)`, v.CampaignNo, unit[:], criteria[at].Category).Scan(&known); err != nil {
		return id, err
	}
	if known == 0 {
		return id, schema.NewFault(schema.FaultNotFound, m.UnitID)
	}
	id = markID(criterion, unit, g.GivenBy)
	cells := edit.Cells{
		"value": moment(m.Value), "note": edit.Text(strings.TrimSpace(m.Note)), "given_at": edit.Int(s.now()),
	}
	before, there, err := markBefore(ctx, v, id)
	switch {
	case err != nil:
		return id, err
	case !before["value"].Equal(moment(m.Was)):
		return id, schema.NewFault(schema.FaultStale, id.String())
	case there && before["value"].Equal(cells["value"]) && before["note"].Equal(cells["note"]):
		return id, nil
	case there:
		b.Update("mark", id, before, cells)
		return id, nil
	}
	cells["criterion_id"], cells["unit_id"], cells["given_by"] = edit.ID(criterion), edit.ID(unit), edit.Text(g.GivenBy)
	b.Insert("mark", id, cells)
	return id, nil
}

// markID is the key of a mark: whoever enters it meets the same row.
func markID(criterion, unit schema.RowID, givenBy string) schema.RowID {
	return schema.NaturalKeyID("mark", schema.NaturalRowID("mark", criterion, unit), givenBy)
}

func markBefore(ctx context.Context, v store.View, id schema.RowID) (edit.Cells, bool, error) {
	list, err := store.List(ctx, v, func(row store.Scanner) (cells edit.Cells, err error) {
		var value *int64
		var note string
		var at int64
		err = row.Scan(&value, &note, &at)
		return edit.Cells{"value": moment(value), "note": edit.Text(note), "given_at": edit.Int(at)}, err
	}, `SELECT value, coalesce(note, ''), given_at FROM mark WHERE campaign_no = $1 AND id = $2`, v.CampaignNo, id[:])
	if err != nil || len(list) == 0 {
		return edit.Cells{"value": changeset.NullValue()}, false, err
	}
	return list[0], true, nil
}

func moment(n *int64) changeset.Value {
	if n == nil {
		return changeset.NullValue()
	}
	return edit.Int(*n)
}

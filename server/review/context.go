package review

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// UnitLists is what a unit was told to do, beside what was found there.
type UnitLists struct {
	ID          string           `json:"id" format:"uuid"`
	Name        string           `json:"name"`
	Secretary   string           `json:"secretary"`
	Latitude    *int64           `json:"latitude_e7,omitempty"`
	Longitude   *int64           `json:"longitude_e7,omitempty"`
	Problems    []UnitProblem    `json:"problems"`
	Commitments []UnitCommitment `json:"commitments"`
}

// UnitProblem is a problem of the unit's list with its ledger entry and what teams saw of it.
type UnitProblem struct {
	ID       string `json:"id" format:"uuid"`
	Number   *int64 `json:"number,omitempty"`
	Title    string `json:"title"`
	Detail   string `json:"detail"`
	Source   string `json:"source"`
	Measure  string `json:"measure"`
	Person   string `json:"person" doc:"Responsible"`
	DueAt    *int64 `json:"due_at,omitempty" doc:"Unix milliseconds"`
	Progress string `json:"progress"`
	State    string `json:"state" doc:"Of the ledger entry; empty: none"`
	Outcome  string `json:"outcome" doc:"Of the newest verification"`
	Note     string `json:"note" doc:"Of the same"`
}

// UnitCommitment is a project that the unit's secretary promised.
type UnitCommitment struct {
	ID       string `json:"id" format:"uuid"`
	Number   *int64 `json:"number,omitempty"`
	Title    string `json:"title"`
	Goal     string `json:"goal"`
	DueAt    *int64 `json:"due_at,omitempty" doc:"Unix milliseconds"`
	Progress string `json:"progress"`
	Outcome  string `json:"outcome" doc:"Of the newest verification"`
	Note     string `json:"note" doc:"Of the same"`
}

// UnitLists reads a unit's problem list, ledger and commitments.
func (s *Service) UnitLists(
	ctx context.Context, campaign schema.CampaignID, unit schema.RowID,
) (UnitLists, error) {
	u := UnitLists{ID: unit.String()}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		var secretary sql.NullString
		err := v.QueryRowContext(ctx, `SELECT name, secretary, latitude_e7, longitude_e7 FROM unit
			WHERE campaign_no = $1 AND id = $2`, v.CampaignNo, unit[:]).
			Scan(&u.Name, &secretary, &u.Latitude, &u.Longitude)
		if errors.Is(err, sql.ErrNoRows) {
			return schema.NewFault(schema.FaultNotFound, unit.String())
		}
		if err != nil {
			return err
		}
		u.Secretary = secretary.String
		if u.Problems, err = unitProblems(ctx, v, unit); err != nil {
			return err
		}
		u.Commitments, err = unitCommitments(ctx, v, unit)
		return err
	})
	if err != nil {
		return UnitLists{}, fmt.Errorf("lists of unit %s: %w", unit, err)
	}
	return u, nil
}

// newest is a column of the newest verification of the row x that a key points to.
func newest(column, key string) string {
	return `coalesce((SELECT w.` + column + ` FROM verification w
		JOIN visit y ON y.campaign_no = w.campaign_no AND y.id = w.visit_id
		WHERE y.campaign_no = x.campaign_no AND y.unit_id = x.unit_id AND w.` + key + ` = x.id
		AND w.withdrawn_at IS NULL ORDER BY w.verified_at DESC, w.id DESC LIMIT 1), '')`
}

func unitProblems(ctx context.Context, v store.View, unit schema.RowID) ([]UnitProblem, error) {
	return store.List(ctx, v, func(row store.Scanner) (p UnitProblem, err error) {
		var id []byte
		err = row.Scan(&id, &p.Number, &p.Title, &p.Detail, &p.Source, &p.Measure, &p.Person, &p.DueAt, &p.Progress,
			&p.State, &p.Outcome, &p.Note)
		p.ID = uuidText(id)
		return p, err
	}, `SELECT x.id, x.number, x.title, coalesce(x.detail, ''), coalesce(x.source, ''), coalesce(l.measure, ''),
		coalesce(l.responsible_person, ''), l.due_at, coalesce(l.progress, ''), coalesce(l.state, ''),
		`+newest("outcome", "problem_id")+", "+newest("note", "problem_id")+` FROM problem x
		LEFT JOIN ledger_entry l ON l.campaign_no = x.campaign_no AND l.problem_id = x.id
		WHERE x.campaign_no = $1 AND x.unit_id = $2 ORDER BY x.number, x.id`, v.CampaignNo, unit[:])
}

func unitCommitments(ctx context.Context, v store.View, unit schema.RowID) ([]UnitCommitment, error) {
	return store.List(ctx, v, func(row store.Scanner) (c UnitCommitment, err error) {
		var id []byte
		err = row.Scan(&id, &c.Number, &c.Title, &c.Goal, &c.DueAt, &c.Progress, &c.Outcome, &c.Note)
		c.ID = uuidText(id)
		return c, err
	}, `SELECT x.id, x.number, x.title, coalesce(x.goal, ''), x.due_at, coalesce(x.progress, ''),
		`+newest("outcome", "commitment_id")+", "+newest("note", "commitment_id")+` FROM commitment x
		WHERE x.campaign_no = $1 AND x.unit_id = $2 ORDER BY x.number, x.id`, v.CampaignNo, unit[:])
}

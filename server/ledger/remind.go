package ledger

import (
	"context"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Reminder is what a responsible unit is to be told of: open entries whose deadline has
// passed, or is near.
type Reminder struct {
	ResponsibleUnit string     `json:"responsible_unit"`
	Overdue         int        `json:"overdue"`
	Soon            int        `json:"soon"`
	Items           []Reminded `json:"items" nullable:"false"`
}

// Reminded is one entry in a reminder.
type Reminded struct {
	ID       string `json:"id" format:"uuid"`
	Unit     string `json:"unit"`
	County   string `json:"county"`
	Problem  string `json:"problem"`
	Measure  string `json:"measure"`
	Leader   string `json:"responsible_leader"`
	Person   string `json:"responsible_person"`
	DueAt    int64  `json:"due_at"`
	Days     int64  `json:"days" doc:"Days to the day of the deadline; negative: since"`
	Progress string `json:"progress"`
}

// Reminders are those of all responsible units, those with the most overdue first.
type Reminders struct {
	Now  int64      `json:"now" doc:"Unix milliseconds"`
	List []Reminder `json:"list" nullable:"false"`
}

// Reminders lists what is overdue, or due within some days, by responsible unit.
func (s *Service) Reminders(
	ctx context.Context, campaign schema.CampaignID, county string, days int,
) (r Reminders, err error) {
	r.Now, r.List = s.now(), []Reminder{}
	by := map[string]int{}
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		f := Filter{County: county}
		where, args, err := f.where([]any{v.CampaignNo, schema.DayStart(r.Now, days+1)}, nil, r.Now)
		if err != nil {
			return err
		}
		_, err = store.List(ctx, v, func(row store.Scanner) (none struct{}, err error) {
			var id []byte
			var responsible string
			var one Reminded
			if err := row.Scan(&id, &responsible, &one.Unit, &one.County, &one.Problem, &one.Measure, &one.Leader,
				&one.Person, &one.DueAt, &one.Progress); err != nil {
				return none, err
			}
			one.ID, one.Days = idText(id), schema.DaysTo(one.DueAt, r.Now)
			r.add(by, responsible, one)
			return none, nil
		}, `SELECT e.id, coalesce(e.responsible_unit, u.name), u.name, coalesce(u.county, ''), p.title, coalesce(e.measure, ''),
				coalesce(e.responsible_leader, ''), coalesce(e.responsible_person, ''), e.due_at, coalesce(e.progress, '')`+
			entryTables+" AND e.state = 'open' AND e.due_at < $2"+where+" ORDER BY e.due_at, e.id", args...)
		return err
	})
	if err != nil {
		return Reminders{}, fmt.Errorf("list reminders: %w", err)
	}
	return r, nil
}

func (r *Reminders) add(by map[string]int, responsible string, one Reminded) {
	i, known := by[responsible]
	if !known {
		i = len(r.List)
		by[responsible] = i
		r.List = append(r.List, Reminder{ResponsibleUnit: responsible})
	}
	unit := &r.List[i]
	unit.Items = append(unit.Items, one)
	if one.Days < 0 {
		unit.Overdue++
	} else {
		unit.Soon++
	}
}

// Responsible lists the responsible units that entries name.
func (s *Service) Responsible(ctx context.Context, campaign schema.CampaignID) (names []string, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) (err error) {
		names, err = store.List(ctx, v, func(row store.Scanner) (name string, err error) {
			return name, row.Scan(&name)
		}, `SELECT DISTINCT responsible_unit FROM ledger_entry
			WHERE campaign_no = $1 AND responsible_unit IS NOT NULL ORDER BY responsible_unit`, v.CampaignNo)
		return err
	})
	return names, err
}

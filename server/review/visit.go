package review

import (
	"context"
	"database/sql"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Visit is a row of the list of visits.
type Visit struct {
	ID         string `json:"id" format:"uuid"`
	Unit       string `json:"unit"`
	Code       string `json:"code"`
	Category   string `json:"category"`
	County     string `json:"county"`
	Team       string `json:"team"`
	TeamID     string `json:"team_id" format:"uuid"`
	Sequence   *int64 `json:"sequence,omitempty"`
	Status     string `json:"status"`
	PlannedAt  *int64 `json:"planned_at,omitempty"`
	ArrivedAt  *int64 `json:"arrived_at,omitempty"`
	LeftAt     *int64 `json:"left_at,omitempty"`
	Subjects   int    `json:"subjects" doc:"Problems and commitments to be verified"`
	Verified   int    `json:"verified"`
	Findings   int    `json:"findings"`
	Questions  int    `json:"questions" doc:"Asked at the unit"`
	Answered   int    `json:"answered"`
	Interviews int    `json:"interviews"`
	Photos     int    `json:"photos" doc:"Attachments"`
	Missing    int    `json:"missing" doc:"Attachments whose bytes are not there"`
	Signoff    string `json:"signoff" doc:"signed, refused, absent, or empty"`
}

const selectVisits = `SELECT v.id, u.name, u.code, u.category, coalesce(u.county, ''), coalesce(t.name, ''), v.team_id,
		v.sequence, v.status, v.planned_at, v.arrived_at, v.left_at,
		(SELECT count(*) FROM problem p WHERE p.campaign_no = v.campaign_no AND p.unit_id = v.unit_id)
		+ (SELECT count(*) FROM commitment c WHERE c.campaign_no = v.campaign_no AND c.unit_id = v.unit_id),
		(SELECT count(*) FROM verification f WHERE f.campaign_no = v.campaign_no AND f.visit_id = v.id
		 AND f.outcome IS NOT NULL AND f.withdrawn_at IS NULL),
		(SELECT count(*) FROM question q WHERE q.campaign_no = v.campaign_no AND q.usage = 'check'
		 AND q.withdrawn_at IS NULL AND (q.category IS NULL OR q.category = u.category)),
		(SELECT count(*) FROM answer a WHERE a.campaign_no = v.campaign_no AND a.visit_id = v.id AND a.value IS NOT NULL),
		(SELECT count(*) FROM interview i WHERE i.campaign_no = v.campaign_no AND i.visit_id = v.id
		 AND i.sealed IS NOT NULL AND i.withdrawn_at IS NULL),
		(SELECT count(*) FROM attachment a WHERE a.campaign_no = v.campaign_no AND a.visit_id = v.id AND a.withdrawn_at IS NULL),
		(SELECT count(*) FROM attachment a WHERE a.campaign_no = v.campaign_no AND a.visit_id = v.id AND a.withdrawn_at IS NULL
		 AND NOT EXISTS (SELECT 1 FROM blob b WHERE b.campaign_no = a.campaign_no AND b.hash = a.hash)),
		coalesce((SELECT s.result FROM signoff s WHERE s.campaign_no = v.campaign_no AND s.visit_id = v.id
		 ORDER BY s.signed_at DESC, s.id DESC LIMIT 1), '')
	FROM visit v
	JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
	LEFT JOIN team t ON t.campaign_no = v.campaign_no AND t.id = v.team_id
	WHERE v.campaign_no = $1`

// Visits lists visits, by team and in its order.
func (s *Service) Visits(ctx context.Context, campaign schema.CampaignID) (list []Visit, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = store.List(ctx, v, scanVisit,
			selectVisits+" ORDER BY t.number, v.sequence IS NULL, v.sequence, u.code", v.CampaignNo)
		if err != nil {
			return err
		}
		f, err := s.figures(ctx, v)
		if err != nil {
			return err
		}
		found := f.byVisit()
		for i := range list {
			list[i].Findings = found[list[i].ID]
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list visits: %w", err)
	}
	return list, nil
}

func scanVisit(row store.Scanner) (v Visit, err error) {
	var id, team []byte
	err = row.Scan(&id, &v.Unit, &v.Code, &v.Category, &v.County, &v.Team, &team, &v.Sequence, &v.Status, &v.PlannedAt,
		&v.ArrivedAt, &v.LeftAt, &v.Subjects, &v.Verified, &v.Questions, &v.Answered, &v.Interviews,
		&v.Photos, &v.Missing, &v.Signoff)
	v.ID, v.TeamID = uuidText(id), uuidText(team)
	return v, err
}

// VisitDetail is a visit with what its team recorded.
type VisitDetail struct {
	Visit
	Note          string         `json:"note"`
	Noted         []Noted        `json:"noted" doc:"Findings recorded there"`
	Verifications []Verification `json:"verifications"`
	Answers       []Answer       `json:"answers"`
	Talks         []Talk         `json:"talks" doc:"Interviews; what was said is sealed"`
	Marks         []Marks        `json:"marks" doc:"Marks of interviews that stay readable"`
	Signoffs      []Signoff      `json:"signoffs"`
}

// Noted is a finding as a visit lists it.
type Noted struct {
	ID        string `json:"id" format:"uuid"`
	Kind      string `json:"kind"`
	Title     string `json:"title"`
	Severity  string `json:"severity"`
	Status    string `json:"status"`
	Review    string `json:"review"`
	Inspector string `json:"inspector"`
	At        *int64 `json:"at,omitempty" doc:"Unix milliseconds"`
	Withdrawn *int64 `json:"withdrawn_at,omitempty"`
}

// Verification is what a team saw of a problem or commitment.
type Verification struct {
	ID         string `json:"id" format:"uuid"`
	Subject    string `json:"subject" doc:"Title of the problem or commitment"`
	Commitment bool   `json:"commitment"`
	Outcome    string `json:"outcome"`
	Note       string `json:"note"`
	Inspector  string `json:"inspector"`
	At         *int64 `json:"at,omitempty" doc:"Unix milliseconds"`
	Withdrawn  *int64 `json:"withdrawn_at,omitempty"`
}

// Answer is an answer at a unit, or a question without one.
type Answer struct {
	Code      string `json:"code"`
	Text      string `json:"text"`
	Kind      string `json:"kind"`
	Value     string `json:"value"`
	Note      string `json:"note"`
	Inspector string `json:"inspector"`
	At        *int64 `json:"at,omitempty" doc:"Unix milliseconds"`
}

// Talk is an interview as far as it can be read.
type Talk struct {
	ID        string `json:"id" format:"uuid"`
	Code      string `json:"code" doc:"Stands for the person"`
	Drawn     bool   `json:"drawn"`
	Consent   string `json:"consent"`
	Sealed    bool   `json:"sealed"`
	Size      int64  `json:"size" doc:"Of what is sealed, in bytes"`
	Inspector string `json:"inspector"`
	EndedAt   *int64 `json:"ended_at,omitempty" doc:"Unix milliseconds"`
	Withdrawn *int64 `json:"withdrawn_at,omitempty"`
}

// Marks are what a visit's interviews gave for a question, in no order that tells whose
// they are: phones file each set under one of the interviews at random (ADR 14).
type Marks struct {
	Code   string  `json:"code"`
	Text   string  `json:"text"`
	Max    int64   `json:"max"`
	Values []int64 `json:"values" doc:"Lowest first"`
}

// Signoff is what a unit's representative read.
type Signoff struct {
	Result    string `json:"result"`
	Summary   string `json:"summary"`
	Name      string `json:"name"`
	Duty      string `json:"duty"`
	Reason    string `json:"reason"`
	SignedAt  int64  `json:"signed_at" doc:"Unix milliseconds"`
	Inspector string `json:"inspector"`
}

// Visit reads one visit with what its team recorded.
func (s *Service) Visit(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID,
) (d VisitDetail, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		list, err := store.List(ctx, v, scanVisit, selectVisits+" AND v.id = $2", v.CampaignNo, id[:])
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return schema.NewFault(schema.FaultNotFound, id.String())
		}
		d.Visit = list[0]
		r := visitReader{v, id, &d}
		for _, read := range []func(context.Context) error{
			r.note, r.noted, r.verifications, r.answers, r.talks, r.marks, r.signoffs,
		} {
			if err := read(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return d, fmt.Errorf("read visit %s: %w", id, err)
	}
	return d, nil
}

// visitReader reads what belongs to a visit.
type visitReader struct {
	store.View
	id schema.RowID
	d  *VisitDetail
}

func (r *visitReader) note(ctx context.Context) error {
	return r.QueryRowContext(ctx, `SELECT coalesce(note, '') FROM visit WHERE campaign_no = $1 AND id = $2`,
		r.CampaignNo, r.id[:]).Scan(&r.d.Note)
}

func (r *visitReader) noted(ctx context.Context) (err error) {
	r.d.Noted, err = store.List(ctx, r, func(row store.Scanner) (n Noted, err error) {
		var id []byte
		err = row.Scan(&id, &n.Kind, &n.Title, &n.Severity, &n.Status, &n.Review, &n.Inspector, &n.At, &n.Withdrawn)
		n.ID = uuidText(id)
		return n, err
	}, `SELECT f.id, f.kind, f.title, coalesce(f.severity, ''), f.status, f.review_state, coalesce(i.name, ''),
			f.recorded_at, f.withdrawn_at
		FROM finding f LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id
		WHERE f.campaign_no = $1 AND f.visit_id = $2 ORDER BY f.recorded_at, f.id`, r.CampaignNo, r.id[:])
	for i := range r.d.Noted {
		if r.d.Noted[i].Withdrawn == nil {
			r.d.Findings++
		}
	}
	return err
}

func (r *visitReader) verifications(ctx context.Context) (err error) {
	r.d.Verifications, err = store.List(ctx, r, func(row store.Scanner) (v Verification, err error) {
		var id []byte
		err = row.Scan(&id, &v.Subject, &v.Commitment, &v.Outcome, &v.Note, &v.Inspector, &v.At, &v.Withdrawn)
		v.ID = uuidText(id)
		return v, err
	}, `SELECT f.id, coalesce(p.title, c.title, ''), f.commitment_id IS NOT NULL, coalesce(f.outcome, ''),
			coalesce(f.note, ''), coalesce(i.name, ''), f.verified_at, f.withdrawn_at
		FROM verification f
		LEFT JOIN problem p ON p.campaign_no = f.campaign_no AND p.id = f.problem_id
		LEFT JOIN commitment c ON c.campaign_no = f.campaign_no AND c.id = f.commitment_id
		LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id
		WHERE f.campaign_no = $1 AND f.visit_id = $2 ORDER BY f.commitment_id IS NOT NULL, p.number, c.number, f.id`,
		r.CampaignNo, r.id[:])
	return err
}

func (r *visitReader) answers(ctx context.Context) (err error) {
	r.d.Answers, err = store.List(ctx, r, func(row store.Scanner) (a Answer, err error) {
		return a, row.Scan(&a.Code, &a.Text, &a.Kind, &a.Value, &a.Note, &a.Inspector, &a.At)
	}, `SELECT q.code, q.text, q.kind, coalesce(a.value, ''), coalesce(a.note, ''), coalesce(i.name, ''), a.answered_at
		FROM visit v JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		JOIN question q ON q.campaign_no = v.campaign_no AND q.usage = 'check'
		LEFT JOIN answer a ON a.campaign_no = v.campaign_no AND a.visit_id = v.id AND a.question_id = q.id
		LEFT JOIN inspector i ON i.campaign_no = v.campaign_no AND i.id = a.inspector_id
		WHERE v.campaign_no = $1 AND v.id = $2 AND (a.id IS NOT NULL OR q.withdrawn_at IS NULL
			AND (q.category IS NULL OR q.category = u.category))
		ORDER BY q.category IS NOT NULL, q.position, q.code`, r.CampaignNo, r.id[:])
	return err
}

func (r *visitReader) talks(ctx context.Context) (err error) {
	r.d.Talks, err = store.List(ctx, r, func(row store.Scanner) (t Talk, err error) {
		var id []byte
		var drawn int64
		var size sql.NullInt64
		err = row.Scan(&id, &t.Code, &drawn, &t.Consent, &size, &t.Inspector, &t.EndedAt, &t.Withdrawn)
		t.ID, t.Drawn, t.Sealed, t.Size = uuidText(id), drawn != 0, size.Valid, size.Int64
		return t, err
	}, `SELECT t.id, t.code, t.drawn, t.consent, length(t.sealed), coalesce(i.name, ''), t.ended_at, t.withdrawn_at
		FROM interview t LEFT JOIN inspector i ON i.campaign_no = t.campaign_no AND i.id = t.inspector_id
		WHERE t.campaign_no = $1 AND t.visit_id = $2 ORDER BY t.consent_at, t.id`, r.CampaignNo, r.id[:])
	return err
}

func (r *visitReader) marks(ctx context.Context) error {
	r.d.Marks = []Marks{}
	_, err := store.List(ctx, r, func(row store.Scanner) (none struct{}, err error) {
		var m Marks
		var value int64
		if err = row.Scan(&m.Code, &m.Text, &m.Max, &value); err != nil {
			return none, err
		}
		if n := len(r.d.Marks); n == 0 || r.d.Marks[n-1].Code != m.Code {
			r.d.Marks = append(r.d.Marks, m)
		}
		last := &r.d.Marks[len(r.d.Marks)-1]
		last.Values = append(last.Values, value)
		return none, nil
	}, `SELECT q.code, q.text, coalesce(q.scale_max, 0), s.value
		FROM interview_score s JOIN interview t ON t.campaign_no = s.campaign_no AND t.id = s.interview_id
		JOIN question q ON q.campaign_no = s.campaign_no AND q.id = s.question_id
		WHERE s.campaign_no = $1 AND t.visit_id = $2 AND t.withdrawn_at IS NULL
		ORDER BY q.position, q.code, s.value`, r.CampaignNo, r.id[:])
	return err
}

func (r *visitReader) signoffs(ctx context.Context) (err error) {
	r.d.Signoffs, err = store.List(ctx, r, func(row store.Scanner) (s Signoff, err error) {
		return s, row.Scan(&s.Result, &s.Summary, &s.Name, &s.Duty, &s.Reason, &s.SignedAt, &s.Inspector)
	}, `SELECT s.result, s.summary, coalesce(s.name, ''), coalesce(s.duty, ''), coalesce(s.reason, ''), s.signed_at,
			coalesce(i.name, '')
		FROM signoff s LEFT JOIN inspector i ON i.campaign_no = s.campaign_no AND i.id = s.inspector_id
		WHERE s.campaign_no = $1 AND s.visit_id = $2 ORDER BY s.signed_at, s.id`, r.CampaignNo, r.id[:])
	return err
}

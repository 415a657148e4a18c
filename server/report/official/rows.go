package official

import (
	"context"
	"encoding/hex"
	"fmt"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/store"
)

// row is what every row has that a statement can rest on.
type row struct {
	id       string
	who      string
	at       int64 // Unix milliseconds; 0: not known
	revision int64
}

type visit struct {
	row
	unitID, unit, code, category, county, township, secretary string
	team                                                      string
	status                                                    string
	planned, arrived, left                                    int64
	note                                                      string
	latitude, longitude, accuracy                             *int64
}

const visitOrder = ` ORDER BY coalesce(t.number, 0), coalesce(v.sequence, 1000000), u.code, v.id`

func (r *reader) visits(ctx context.Context) (err error) {
	r.facts.visits, err = list(ctx, r, func(row store.Scanner) (v visit, err error) {
		var id, unit []byte
		err = row.Scan(&id, &unit, &v.unit, &v.code, &v.category, &v.county, &v.township, &v.secretary, &v.team,
			&v.status, &v.planned, &v.arrived, &v.left, &v.note,
			&v.latitude, &v.longitude, &v.accuracy, &v.revision)
		v.id, v.unitID, v.who, v.at = idText(id), idText(unit), v.team, v.arrived
		return v, err
	}, `SELECT v.id, u.id, u.name, u.code, u.category, coalesce(u.county, ''), coalesce(u.township, ''), coalesce(u.secretary, ''),
			coalesce(t.name, ''), v.status, coalesce(v.planned_at, 0), coalesce(v.arrived_at, 0), coalesce(v.left_at, 0),
			coalesce(v.note, ''), v.arrived_latitude_e7, v.arrived_longitude_e7, v.arrived_accuracy_m, v._revision
		FROM visit v
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		LEFT JOIN team t ON t.campaign_no = v.campaign_no AND t.id = v.team_id
		WHERE v.campaign_no = $1`, visitOrder)
	if err == nil && len(r.facts.visits) == 0 && (r.request.Kind == Feedback || r.request.Kind == VisitSheet) {
		return schema.NewFault(schema.FaultNotFound, "visit "+r.request.Visit+" of unit "+r.request.Unit)
	}
	return err
}

// drawn is a ceremony whose outcome is open.
type drawn struct {
	row
	state       string
	sealed      bool
	certificate draw.Certificate
}

func (r *reader) draws(ctx context.Context) (err error) {
	r.facts.draws, err = store.List(ctx, r, func(row store.Scanner) (d drawn, err error) {
		var id, text []byte
		var sealed int64
		if err = row.Scan(&id, &d.state, &sealed, &text, &d.who, &d.at, &d.revision); err != nil {
			return d, err
		}
		d.id, d.sealed = idText(id), sealed != 0
		if err := draw.Decode(text, &d.certificate); err != nil {
			return d, fmt.Errorf("draw %s: %w", d.id, err)
		}
		if d.sealed { // nobody is to learn it from a report
			d.certificate.Outcome, d.certificate.Reveals, d.certificate.Amendments = draw.Outcome{}, nil, nil
		}
		return d, nil
	}, `SELECT id, state, sealed, ceremony, made_by, made_at, _revision FROM draw
		WHERE campaign_no = $1 ORDER BY seq, id`, r.CampaignNo)
	return err
}

type finding struct {
	row
	visitID, unitID, unit, category, county, team  string
	kind, title, detail, severity, review, problem string
	topic, responsible, conclusion                 string
	due                                            int64
	disputed                                       bool
}

func (r *reader) findings(ctx context.Context) (err error) {
	states := "f.review_state = 'accepted'"
	if r.request.Pending {
		states = "f.review_state IN ('accepted', 'pending')"
	}
	r.facts.finds, err = list(ctx, r, func(row store.Scanner) (f finding, err error) {
		var id, visit, unit, conclusion []byte
		var disputes int
		err = row.Scan(&id, &visit, &unit, &f.unit, &f.category, &f.county, &f.team, &f.kind, &f.title, &f.detail, &f.severity,
			&f.review, &f.problem, &f.topic, &f.responsible, &conclusion, &f.due, &f.who, &f.at, &f.revision, &disputes)
		f.id, f.visitID, f.unitID, f.conclusion, f.disputed = idText(id), idText(visit), idText(unit), idText(conclusion), disputes > 0
		return f, err
	}, `SELECT f.id, v.id, u.id, u.name, u.category, coalesce(u.county, ''), coalesce(t.name, ''), f.kind, f.title,
			coalesce(f.detail, ''), coalesce(f.severity, ''), f.review_state, coalesce(p.title, ''), coalesce(f.topic, ''),
			coalesce(f.responsible_unit, ''), f.conclusion_id, coalesce(f.due_at, 0), coalesce(i.name, ''),
			coalesce(f.recorded_at, 0), f._revision,
			(SELECT count(*) FROM conflict c WHERE c.campaign_no = f.campaign_no
				AND c.table_name = 'finding' AND c.row_id = f.id AND c.state = 'open')
		FROM finding f
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		LEFT JOIN team t ON t.campaign_no = v.campaign_no AND t.id = v.team_id
		LEFT JOIN problem p ON p.campaign_no = f.campaign_no AND p.id = f.problem_id
		LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id
		WHERE f.campaign_no = $1 AND f.withdrawn_at IS NULL AND `+states,
		` ORDER BY coalesce(t.number, 0), coalesce(v.sequence, 1000000), u.code, coalesce(f.recorded_at, 0), f.id`)
	return err
}

// verification is what a team saw of a problem or a commitment.
type verification struct {
	row
	visitID, unitID, unit, category, county string
	problemID, subject, outcome, note       string
	severity                                string // of the problem
	commitment                              bool
}

func (r *reader) verifications(ctx context.Context) (err error) {
	r.facts.checks, err = list(ctx, r, func(row store.Scanner) (v verification, err error) {
		var id, visit, unit, problem []byte
		err = row.Scan(&id, &visit, &unit, &v.unit, &v.category, &v.county, &problem, &v.subject, &v.severity, &v.commitment,
			&v.outcome, &v.note, &v.who, &v.at, &v.revision)
		v.id, v.visitID, v.unitID, v.problemID = idText(id), idText(visit), idText(unit), idText(problem)
		return v, err
	}, `SELECT f.id, v.id, u.id, u.name, u.category, coalesce(u.county, ''), f.problem_id, coalesce(p.title, c.title, ''),
			coalesce(p.severity, ''), f.commitment_id IS NOT NULL, f.outcome, coalesce(f.note, ''), coalesce(i.name, ''), coalesce(f.verified_at, 0), f._revision
		FROM verification f
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		LEFT JOIN team t ON t.campaign_no = v.campaign_no AND t.id = v.team_id
		LEFT JOIN problem p ON p.campaign_no = f.campaign_no AND p.id = f.problem_id
		LEFT JOIN commitment c ON c.campaign_no = f.campaign_no AND c.id = f.commitment_id
		LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id
		WHERE f.campaign_no = $1 AND f.withdrawn_at IS NULL AND f.outcome IS NOT NULL`,
		` ORDER BY coalesce(t.number, 0), coalesce(v.sequence, 1000000), u.code, coalesce(p.number, 0), coalesce(c.number, 0), f.id`)
	return err
}

// ledgerLine is a measure against a problem, a finding or a conclusion.
type ledgerLine struct {
	row
	unitID, unit, county, category             string
	problemID, problem, findingID              string
	measure, goal, responsible, leader, person string
	due, claimed, checked, closed              int64
	progress, state, checker, closer           string
	severity                                   string
	reopened                                   int64
}

func (r *reader) ledger(ctx context.Context) (err error) {
	where, args, err := r.scope()
	if err != nil {
		return err
	}
	r.facts.ledger, err = store.List(ctx, r, func(row store.Scanner) (l ledgerLine, err error) {
		var id, unit, problem, finding []byte
		err = row.Scan(&id, &unit, &l.unit, &l.county, &l.category, &problem, &l.problem, &l.severity, &finding, &l.measure, &l.goal,
			&l.responsible, &l.leader, &l.person, &l.due, &l.progress, &l.state, &l.claimed, &l.checker, &l.checked,
			&l.closer, &l.closed, &l.reopened, &l.revision)
		l.id, l.unitID, l.problemID, l.findingID = idText(id), idText(unit), idText(problem), idText(finding)
		l.who = l.responsible
		return l, err
	}, `SELECT l.id, u.id, u.name, coalesce(u.county, ''), u.category, p.id, p.title, coalesce(p.severity, ''), l.finding_id,
			coalesce(l.measure, ''), coalesce(l.goal, ''), coalesce(l.responsible_unit, ''), coalesce(l.responsible_leader, ''),
			coalesce(l.responsible_person, ''), coalesce(l.due_at, 0), coalesce(l.progress, ''), l.state,
			coalesce(l.claimed_at, 0), coalesce(l.checked_by, ''), coalesce(l.checked_at, 0), coalesce(l.closed_by, ''),
			coalesce(l.closed_at, 0), coalesce(l.reopened, 0), l._revision
		FROM ledger_entry l
		JOIN problem p ON p.campaign_no = l.campaign_no AND p.id = l.problem_id
		JOIN unit u ON u.campaign_no = p.campaign_no AND u.id = p.unit_id
		WHERE l.campaign_no = $1`+where+` ORDER BY coalesce(u.county, ''), u.code, coalesce(p.number, 0), l.id`, args...)
	return err
}

type conclusion struct {
	row
	number                                            int64
	reach, title, detail, basis, suggestion, severity string
}

func (r *reader) conclusions(ctx context.Context) (err error) {
	r.facts.concluded, err = store.List(ctx, r, func(row store.Scanner) (c conclusion, err error) {
		var id []byte
		err = row.Scan(&id, &c.number, &c.reach, &c.title, &c.detail, &c.basis, &c.suggestion, &c.severity, &c.who, &c.at, &c.revision)
		c.id = idText(id)
		return c, err
	}, `SELECT id, number, reach, title, coalesce(detail, ''), coalesce(basis, ''), coalesce(suggestion, ''), coalesce(severity, ''),
			author, made_at, _revision FROM conclusion
		WHERE campaign_no = $1 AND withdrawn_at IS NULL ORDER BY number, id`, r.CampaignNo)
	return err
}

type photo struct {
	row
	kind, hash, mediaType, caption string
	marks                          string
	width, height                  int
	there                          bool
}

func (r *reader) photos(ctx context.Context) error {
	all, err := list(ctx, r, func(row store.Scanner) (p struct {
		photo
		subject string
	}, err error,
	) {
		var id, subject, hash []byte
		err = row.Scan(&id, &subject, &p.kind, &hash, &p.mediaType, &p.width, &p.height, &p.caption, &p.marks, &p.who, &p.at, &p.revision, &p.there)
		p.id, p.subject, p.hash = idText(id), idText(subject), hex.EncodeToString(hash)
		return p, err
	}, `SELECT a.id, a.subject_id, a.kind, a.hash, a.media_type, coalesce(b.width, a.width, 0), coalesce(b.height, a.height, 0),
			coalesce(a.caption, ''), coalesce(a.marks, ''), coalesce(i.name, ''), a.taken_at, a._revision, b.hash IS NOT NULL
		FROM attachment a
		JOIN visit v ON v.campaign_no = a.campaign_no AND v.id = a.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		LEFT JOIN blob b ON b.campaign_no = a.campaign_no AND b.hash = a.hash
		LEFT JOIN inspector i ON i.campaign_no = a.campaign_no AND i.id = a.inspector_id
		WHERE a.campaign_no = $1 AND a.withdrawn_at IS NULL AND a.kind IN ('photo', 'page', 'signature')`,
		` ORDER BY a.taken_at, a.id`)
	for _, p := range all {
		r.facts.photos[p.subject] = append(r.facts.photos[p.subject], p.photo)
	}
	return err
}

// talkCount is how many people were talked to somewhere.
type talkCount struct {
	id, unit, code, county, category string
	n                                int
}

const (
	selectTalks = `SELECT u.id, u.name, u.code, coalesce(u.county, ''), u.category, count(*)
		FROM interview i
		JOIN visit v ON v.campaign_no = i.campaign_no AND v.id = i.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		WHERE i.campaign_no = $1 AND i.withdrawn_at IS NULL AND i.consent <> 'refused'`
	groupTalks = ` GROUP BY u.id, u.name, u.code, u.county, u.category ORDER BY u.county, u.name, u.id`
)

func scanTalks(row store.Scanner) (t talkCount, err error) {
	var id []byte
	err = row.Scan(&id, &t.unit, &t.code, &t.county, &t.category, &t.n)
	t.id = idText(id)
	return t, err
}

func (r *reader) talks(ctx context.Context) (err error) {
	if r.facts.talks, err = list(ctx, r, scanTalks, selectTalks, groupTalks); err != nil {
		return err
	}
	r.facts.asked, err = store.List(ctx, r, scanTalks, selectTalks+groupTalks, r.CampaignNo)
	return err
}

// mark is one answer of an interview that stays readable; whose it is, nobody asks for.
type mark struct {
	unit, county, category string
	code, text             string
	value, most            int64
}

func (r *reader) marks(ctx context.Context) (err error) {
	r.facts.marks, err = list(ctx, r, func(row store.Scanner) (m mark, err error) {
		return m, row.Scan(&m.unit, &m.county, &m.category, &m.code, &m.text, &m.value, &m.most)
	}, `SELECT u.name, coalesce(u.county, ''), u.category, q.code, q.text, s.value, coalesce(q.scale_max, 0)
		FROM interview_score s
		JOIN interview i ON i.campaign_no = s.campaign_no AND i.id = s.interview_id
		JOIN visit v ON v.campaign_no = i.campaign_no AND v.id = i.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		JOIN question q ON q.campaign_no = s.campaign_no AND q.id = s.question_id
		WHERE s.campaign_no = $1 AND i.withdrawn_at IS NULL`,
		` ORDER BY coalesce(q.position, 0), q.code, s.id`)
	return err
}

type signoff struct {
	row
	visitID, result, summary, name, duty, reason, attachment string
}

func (r *reader) signoffs(ctx context.Context) (err error) {
	r.facts.signs, err = list(ctx, r, func(row store.Scanner) (s signoff, err error) {
		var id, visit, attachment []byte
		err = row.Scan(&id, &visit, &s.result, &s.summary, &s.name, &s.duty, &s.reason, &attachment, &s.at, &s.who, &s.revision)
		s.id, s.visitID, s.attachment = idText(id), idText(visit), idText(attachment)
		return s, err
	}, `SELECT s.id, v.id, s.result, s.summary, coalesce(s.name, ''), coalesce(s.duty, ''), coalesce(s.reason, ''),
			s.attachment_id, s.signed_at, coalesce(i.name, ''), s._revision
		FROM signoff s
		JOIN visit v ON v.campaign_no = s.campaign_no AND v.id = s.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		LEFT JOIN inspector i ON i.campaign_no = s.campaign_no AND i.id = s.inspector_id
		WHERE s.campaign_no = $1`, ` ORDER BY s.signed_at, s.id`)
	return err
}

// answer is an answer at a unit.
type answer struct {
	row
	code, text, kind, value, note string
}

func (r *reader) answers(ctx context.Context) (err error) {
	if r.request.Kind != VisitSheet {
		return nil
	}
	r.facts.answers, err = list(ctx, r, func(row store.Scanner) (a answer, err error) {
		var id []byte
		err = row.Scan(&id, &a.code, &a.text, &a.kind, &a.value, &a.note, &a.who, &a.at, &a.revision)
		a.id = idText(id)
		return a, err
	}, `SELECT a.id, q.code, q.text, q.kind, a.value, coalesce(a.note, ''), coalesce(i.name, ''), coalesce(a.answered_at, 0), a._revision
		FROM answer a
		JOIN visit v ON v.campaign_no = a.campaign_no AND v.id = a.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		JOIN question q ON q.campaign_no = a.campaign_no AND q.id = a.question_id
		LEFT JOIN inspector i ON i.campaign_no = a.campaign_no AND i.id = a.inspector_id
		WHERE a.campaign_no = $1 AND a.value IS NOT NULL`, ` ORDER BY coalesce(q.position, 0), q.code, a.id`)
	return err
}

// act is what was done about a ledger entry.
type act struct {
	row
	unit, county, problem, measure, kind, text string
}

func (r *reader) acts(ctx context.Context) error {
	if r.request.Kind != Progress {
		return nil
	}
	where, args, err := r.scope()
	if err != nil {
		return err
	}
	r.facts.acts, err = store.List(ctx, r, func(row store.Scanner) (a act, err error) {
		var id []byte
		err = row.Scan(&id, &a.unit, &a.county, &a.problem, &a.measure, &a.kind, &a.text, &a.who, &a.at, &a.revision)
		a.id = idText(id)
		return a, err
	}, `SELECT a.id, u.name, coalesce(u.county, ''), p.title, coalesce(l.measure, ''), a.kind, coalesce(a.text, ''), a.author,
			a.done_at, a._revision
		FROM ledger_act a
		JOIN ledger_entry l ON l.campaign_no = a.campaign_no AND l.id = a.ledger_entry_id
		JOIN problem p ON p.campaign_no = l.campaign_no AND p.id = l.problem_id
		JOIN unit u ON u.campaign_no = p.campaign_no AND u.id = p.unit_id
		WHERE a.campaign_no = $1`+where+` ORDER BY a.done_at, a.id`, args...)
	return err
}

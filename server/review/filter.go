package review

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Where turns the filter into SQL conditions, joined by AND, on the aliases
// f (finding), v (visit) and u (unit); "TRUE" when nothing is narrowed. args are
// the arguments the query has already, the campaign's number first; out are those
// with the conditions' own, whose placeholders go on counting. A value that no row
// can hold is schema.FaultValue. What is searched for is looked for as it stands.
func (f FindingFilter) Where(args []any) (clause string, out []any, err error) {
	w := where{args: args}
	w.place(f)
	w.finding(f)
	w.search(f.Search)
	if w.err != nil {
		return "", nil, w.err
	}
	return w.clause(), w.args, nil
}

func (w *where) place(f FindingFilter) {
	w.team(f.Team)
	w.equal("u.county", f.County)
	w.equal("u.category", f.Category)
	w.key("v.unit_id", "unit", f.Unit)
}

func (w *where) finding(f FindingFilter) {
	w.equal("f.kind", f.Kind)
	w.equal("f.severity", f.Severity)
	w.equal("f.topic", f.Topic)
	w.equal("f.status", f.Status)
	switch f.Review {
	case "pending": // what was withdrawn leaves nothing to decide
		w.conditions = append(w.conditions,
			"(f.review_state = 'pending' OR f.id IN ("+revisedFindings+"))", "f.withdrawn_at IS NULL")
	case "revised":
		w.conditions = append(w.conditions, "f.id IN ("+revisedFindings+")", "f.withdrawn_at IS NULL")
	default:
		w.equal("f.review_state", f.Review)
	}
	switch f.Conclusion {
	case "":
	case "none":
		w.conditions = append(w.conditions, "f.conclusion_id IS NULL")
	default:
		w.key("f.conclusion_id", "conclusion", f.Conclusion)
	}
}

// revisedFindings are those that were written to after they were returned: a decision's row
// comes after the finding's in its entry.
const revisedFindings = `SELECT x.id FROM finding x WHERE x.campaign_no = $1 AND x.review_state = 'returned'
	AND x._revision > (SELECT max(r._revision) FROM review r WHERE r.campaign_no = $1 AND r.subject_id = x.id)`

// Place is the part of the filter that says where: it also suits what is no
// finding, for its conditions use v and u only.
func (f FindingFilter) Place() FindingFilter {
	return FindingFilter{Team: f.Team, County: f.County, Category: f.Category, Unit: f.Unit}
}

// where collects conditions and their arguments until the first error.
type where struct {
	conditions []string
	args       []any
	err        error
}

func (w *where) team(id string) {
	if id == "" {
		return
	}
	team, err := schema.ParseID[schema.TeamID](id)
	if err != nil {
		w.err = schema.NewFault(schema.FaultValue, "team: "+err.Error())
		return
	}
	w.conditions = append(w.conditions, "v.team_id = "+w.placeholder(team[:]))
}

// clause is the conditions collected so far.
func (w *where) clause() string {
	if len(w.conditions) == 0 {
		return "TRUE"
	}
	return strings.Join(w.conditions, " AND ")
}

// key narrows by a row's id.
func (w *where) key(column, what, id string) {
	if id == "" {
		return
	}
	key, err := schema.ParseID[schema.RowID](id)
	if err != nil {
		w.err = schema.NewFault(schema.FaultValue, what+": "+err.Error())
		return
	}
	w.conditions = append(w.conditions, column+" = "+w.placeholder(key[:]))
}

func (w *where) equal(column, value string) {
	if value == "" || !w.legible(column, value) {
		return
	}
	w.conditions = append(w.conditions, column+" = "+w.placeholder(value))
}

// search looks for each part between spaces as it stands, where headquarters' search looks for
// words (see words.go): both are for the same fields.
func (w *where) search(text string) {
	if text == "" || !w.legible("search", text) {
		return
	}
	for part := range strings.FieldsSeq(text) {
		w.conditions = append(w.conditions, store.Contains(part, w.placeholder,
			"f.title", "f.detail", "f.review_note", "u.name",
			"(SELECT i.name FROM inspector i WHERE i.campaign_no = f.campaign_no AND i.id = f.inspector_id)"))
	}
}

// legible refuses what no text cell can hold and PostgreSQL would choke on.
func (w *where) legible(what, text string) bool {
	if utf8.ValidString(text) && !strings.ContainsRune(text, 0) {
		return true
	}
	w.err = schema.NewFault(schema.FaultValue, what+": not a text")
	return false
}

func (w *where) placeholder(arg any) string {
	w.args = append(w.args, arg)
	return "$" + strconv.Itoa(len(w.args))
}

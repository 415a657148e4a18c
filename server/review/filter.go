package review

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
)

// Where turns the filter into SQL conditions, joined by AND, on the aliases
// f (finding), v (visit) and u (unit); "TRUE" when nothing is narrowed. args are
// the arguments the query has already; out are those with the conditions' own,
// whose placeholders go on counting. A value that no row can hold is
// schema.FaultValue.
func (f FindingFilter) Where(args []any) (clause string, out []any, err error) {
	w := where{args: args}
	w.team(f.Team)
	w.equal("u.county", f.County)
	w.equal("u.category", f.Category)
	w.equal("f.kind", f.Kind)
	w.equal("f.severity", f.Severity)
	w.equal("f.status", f.Status)
	w.equal("f.review_state", f.Review)
	if f.Review == "pending" {
		w.conditions = append(w.conditions, "f.withdrawn_at IS NULL") // nothing to decide
	}
	w.search(f.Search)
	if w.err != nil {
		return "", nil, w.err
	}
	if len(w.conditions) == 0 {
		return "TRUE", w.args, nil
	}
	return strings.Join(w.conditions, " AND "), w.args, nil
}

// Place is the part of the filter that says where: it also suits what is no
// finding, for its conditions use v and u only.
func (f FindingFilter) Place() FindingFilter {
	return FindingFilter{Team: f.Team, County: f.County, Category: f.Category}
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

func (w *where) equal(column, value string) {
	if value == "" || !w.legible(column, value) {
		return
	}
	w.conditions = append(w.conditions, column+" = "+w.placeholder(value))
}

// search looks for text as it stands, wildcards included. SQLite's LIKE ignores the case of Latin
// letters and PostgreSQL's does not; lower makes them agree.
func (w *where) search(text string) {
	if text == "" || !w.legible("search", text) {
		return
	}
	literal := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
	p := w.placeholder("%" + literal + "%")
	like := func(column string) string {
		return "lower(" + column + ") LIKE lower(" + p + `) ESCAPE '\'`
	}
	w.conditions = append(w.conditions,
		"("+like("f.title")+" OR "+like("f.detail")+" OR "+like("u.name")+")")
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

package ledger

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Filter narrows the list. Empty fields do not.
type Filter struct {
	State       string `query:"state" doc:"open, claimed, checked or closed"`
	Due         string `query:"due" doc:"overdue, week or month: of what is open"`
	County      string `query:"county"`
	Responsible string `query:"responsible" maxLength:"200" doc:"Name of the responsible unit"`
	Source      string `query:"source" doc:"self, superior or public"`
	Search      string `query:"q" maxLength:"100" doc:"Text in the problem, the measure, or a name"`
}

// Days that are near.
const (
	week  = 7
	month = 30
)

// place is the filter without what the views are about.
func (f Filter) place() Filter {
	f.State, f.Due = "", ""
	return f
}

// narrowing collects conditions and their arguments until the first error.
type narrowing struct {
	conditions []string
	args       []any
	err        error
}

func (n *narrowing) placeholder(arg any) string {
	n.args = append(n.args, arg)
	return "$" + strconv.Itoa(len(n.args))
}

func (n *narrowing) equal(column, value string) {
	if value != "" && n.legible(column, value) {
		n.conditions = append(n.conditions, column+" = "+n.placeholder(value))
	}
}

// legible refuses what no text cell can hold and PostgreSQL would choke on.
func (n *narrowing) legible(what, text string) bool {
	if utf8.ValidString(text) && !strings.ContainsRune(text, 0) {
		return true
	}
	n.err = schema.NewFault(schema.FaultValue, what+": not a text")
	return false
}

// due narrows to open entries by the day of their deadline.
func (n *narrowing) due(word string, now int64) {
	today := n.placeholder(schema.DayStart(now, 0))
	switch word {
	case "overdue":
		n.conditions = append(n.conditions, "e.state = 'open' AND e.due_at < "+today)
	case "week", "month":
		days := week
		if word == "month" {
			days = month
		}
		n.conditions = append(n.conditions, "e.state = 'open' AND e.due_at >= "+today+
			" AND e.due_at < "+n.placeholder(schema.DayStart(now, days+1)))
	default:
		n.err = schema.NewFault(schema.FaultValue, "due: overdue, week or month")
	}
}

func (n *narrowing) search(text string, columns ...string) {
	if text == "" || !n.legible("search", text) {
		return
	}
	n.conditions = append(n.conditions, store.Contains(text, n.placeholder, columns...))
}

// home keeps a responsible unit to its own entries: those of its problems, and those that
// name it. A name that several units have names none of them.
func (n *narrowing) home(home *Home) {
	if home == nil {
		return
	}
	id := n.placeholder(home.Unit[:])
	n.conditions = append(n.conditions, `(u.id = `+id+` OR e.responsible_unit = (SELECT min(o.name) FROM unit o
		WHERE o.campaign_no = e.campaign_no AND o.name = (SELECT m.name FROM unit m
			WHERE m.campaign_no = e.campaign_no AND m.id = `+id+`) HAVING count(*) = 1))`)
}

// where turns the filter into SQL conditions on e, p and u.
func (f Filter) where(args []any, home *Home, now int64) (string, []any, error) {
	n := narrowing{args: args}
	n.home(home)
	n.equal("e.state", f.State)
	n.equal("u.county", f.County)
	n.equal("e.responsible_unit", f.Responsible)
	n.equal("p.source", f.Source)
	n.search(f.Search, "p.title", "e.measure", "u.name", "e.responsible_unit", "e.responsible_leader", "e.responsible_person")
	if f.Due != "" {
		n.due(f.Due, now)
	}
	return n.clause()
}

// clause is what was collected, to go behind a WHERE, with its arguments.
func (n *narrowing) clause() (string, []any, error) {
	if n.err != nil {
		return "", nil, n.err
	}
	clause := ""
	for _, condition := range n.conditions {
		clause += " AND " + condition
	}
	return clause, n.args, nil
}

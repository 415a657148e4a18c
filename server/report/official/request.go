// Package official writes the documents that offices send out: what a campaign found, in
// the words and the order that people expect. It says nothing without a source, nothing
// about fewer people than five, and nothing that is sealed.
package official

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/server/report/paper"
)

// Kinds of documents.
const (
	Inspection = "inspection" // 核查情況報告, of a campaign or a part of it
	Feedback   = "feedback"   // 反饋意見, to one unit
	VisitSheet = "visit"      // 實地核查單, of one visit
	Progress   = "progress"   // 整改進展通報
	Ranking    = "ranking"    // 測評排名
)

// Kinds are all kinds, in the order people look for them.
func Kinds() []schema.Choice {
	return []schema.Choice{
		{Code: Inspection, Label: schema.Label{Zh: "核查情況報告", En: "Inspection report"}},
		{Code: Feedback, Label: schema.Label{Zh: "反饋意見", En: "Feedback letter"}},
		{Code: VisitSheet, Label: schema.Label{Zh: "實地核查單", En: "Visit sheet"}},
		{Code: Progress, Label: schema.Label{Zh: "整改進展通報", En: "Progress bulletin"}},
		{Code: Ranking, Label: schema.Label{Zh: "測評排名", En: "Ranking"}},
	}
}

// Request is a document that somebody wants.
type Request struct {
	Kind     string     `json:"kind" enum:"inspection,feedback,visit,progress,ranking,findings,problems,ledger,visits,interviews,commitments" doc:"The last six are workbooks"`
	Language string     `json:"language,omitempty" enum:"zh,en" default:"zh"`
	County   string     `json:"county,omitempty" maxLength:"100" doc:"Only units there"`
	Category string     `json:"category,omitempty" maxLength:"40" doc:"Only units of this kind"`
	Unit     string     `json:"unit,omitempty" doc:"Only this unit: its id or code"`
	Visit    string     `json:"visit,omitempty" format:"uuid" doc:"Of a visit sheet"`
	To       string     `json:"to,omitempty" maxLength:"100" doc:"Whom it is to"`
	From     string     `json:"from,omitempty" maxLength:"100" doc:"Who signs"`
	Issue    string     `json:"issue,omitempty" maxLength:"40" doc:"Number of a bulletin"`
	Until    string     `json:"until,omitempty" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"Last day of a bulletin's week; none: that of the newest entry"`
	Pending  bool       `json:"pending,omitempty" doc:"Findings that nobody has reviewed are in it, too, and marked"`
	Plain    bool       `json:"plain,omitempty" doc:"Without pages of photos"`
	Look     paper.Look `json:"look,omitzero"`
}

// Check refuses what makes no document.
func (r *Request) Check() error {
	if !slices.ContainsFunc(Kinds(), func(c schema.Choice) bool { return c.Code == r.Kind }) {
		return schema.NewFault(schema.FaultValue, "kind: "+r.Kind)
	}
	if err := r.CheckScope(); err != nil {
		return err
	}
	switch {
	case r.Kind == Feedback && r.Unit == "":
		return schema.NewFault(schema.FaultValue, "unit: a feedback letter is to one unit")
	case r.Kind == VisitSheet && r.Visit == "":
		return schema.NewFault(schema.FaultValue, "visit: a visit sheet is of one visit")
	}
	return nil
}

// CheckScope refuses what no value of a request can be, whatever its kind.
func (r *Request) CheckScope() error {
	for _, text := range []string{r.County, r.Category, r.Unit, r.To, r.From, r.Issue, r.Look.BodyFont, r.Look.TitleFont} {
		if !utf8.ValidString(text) || slices.Contains([]byte(text), 0) {
			return schema.NewFault(schema.FaultValue, "not a text")
		}
	}
	if r.Visit != "" {
		if _, err := schema.ParseID[schema.RowID](r.Visit); err != nil {
			return schema.NewFault(schema.FaultValue, "visit: "+err.Error())
		}
	}
	if r.Until != "" {
		if _, err := time.ParseInLocation(time.DateOnly, r.Until, schema.Zone()); err != nil {
			return schema.NewFault(schema.FaultValue, fmt.Sprintf("until: %v", err))
		}
	}
	return nil
}

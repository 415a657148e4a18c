// Package ledger is the rectification ledger 整改臺賬 at headquarters: what is to be done
// about each problem, by whom and until when; what responsible units report of it; and how
// headquarters checks and closes it out.
package ledger

import (
	"strings"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/photo"

	"github.com/google/uuid"
)

// Service answers questions about the ledger and writes what people do in it.
type Service struct {
	Ingest *ingest.Service
	Photos *photo.Service // keeps the bytes of evidence

	uploads uploads
}

// Person is who asks.
type Person struct {
	Login string
	Name  string
	Home  *Home // what a responsible unit's login is for; nil for people at headquarters
	Looks bool  // reads and does nothing
}

// Home is a responsible unit.
type Home struct {
	Campaign schema.CampaignID
	Unit     schema.RowID
}

func (p Person) side() Side {
	if p.Home != nil {
		return Unit
	}
	return Office
}

// Signature names a person in the history so that two of one name are told apart.
func (p Person) Signature() string { return p.Name + "（" + p.Login + "）" }

// signedBy says whether a signature is a person's. What was imported has names alone, of
// which nobody can say.
func (p Person) signedBy(signature string) bool {
	return strings.HasSuffix(signature, "（"+p.Login+"）")
}

// Terms are what an entry demands.
type Terms struct {
	Measure         string `json:"measure" maxLength:"4000"`
	Goal            string `json:"goal" maxLength:"2000"`
	ResponsibleUnit string `json:"responsible_unit" maxLength:"200"`
	Leader          string `json:"responsible_leader" maxLength:"200"`
	Person          string `json:"responsible_person" maxLength:"200"`
	DueAt           *int64 `json:"due_at,omitempty" doc:"Unix milliseconds"`
}

// Entry is a row of the list.
type Entry struct {
	ID        string `json:"id" format:"uuid"`
	ProblemID string `json:"problem_id" format:"uuid"`
	Problem   string `json:"problem"`
	Source    string `json:"source"`
	Severity  string `json:"severity"`
	Unit      string `json:"unit"`
	UnitID    string `json:"unit_id" format:"uuid"`
	County    string `json:"county"`
	Township  string `json:"township"`
	Category  string `json:"category"`
	Terms
	Progress  string `json:"progress"`
	State     State  `json:"state" enum:"open,claimed,checked,closed"`
	ClaimedAt *int64 `json:"claimed_at,omitempty"`
	CheckedBy string `json:"checked_by"`
	CheckedAt *int64 `json:"checked_at,omitempty"`
	ClosedBy  string `json:"closed_by"`
	ClosedAt  *int64 `json:"closed_at,omitempty"`
	Reopened  int64  `json:"reopened" doc:"How often"`
	Steps     int    `json:"steps"`
	StepsDone int    `json:"steps_done"`
	Outcome   string `json:"outcome" doc:"Of the newest verification of its problem; empty: none"`
	Revision  uint64 `json:"revision"`
}

// EntryPage is a page of the list.
type EntryPage struct {
	Total    int         `json:"total"`
	Entries  []Entry     `json:"entries" nullable:"false"`
	Counts   EntryCounts `json:"counts" doc:"Of all states and deadlines, else narrowed as the list is"`
	Revision uint64      `json:"revision" doc:"Of the campaign when the page was read; sent back with an act"`
	Now      int64       `json:"now" doc:"What is overdue is so at this time, Unix milliseconds"`
}

// EntryCounts are how many entries are in each view.
type EntryCounts struct {
	All     int `json:"all"`
	Open    int `json:"open"`
	Claimed int `json:"claimed"`
	Checked int `json:"checked"`
	Closed  int `json:"closed"`
	Overdue int `json:"overdue" doc:"Open, and the day of the deadline has passed"`
	Week    int `json:"week" doc:"Open, and due within 7 days"`
	Month   int `json:"month" doc:"Open, and due within 30 days"`
}

// EntryDetail is an entry with all that is known of it.
type EntryDetail struct {
	Entry
	ProblemDetail string      `json:"problem_detail"`
	Reach         string      `json:"reach"`
	FindingID     string      `json:"finding_id,omitempty"`
	ConclusionID  string      `json:"conclusion_id,omitempty"`
	StepList      []EntryStep `json:"step_list" nullable:"false"`
	Acts          []EntryAct  `json:"acts" doc:"Oldest first" nullable:"false"`
	Verifications []Sighting  `json:"verifications" doc:"Of its problem, newest first" nullable:"false"`
	May           []Kind      `json:"may" enum:"progress,claimed,checked,rejected,closed,reopened,changed" doc:"What the person who asks can do now" nullable:"false"`
	Barred        []Kind      `json:"barred" enum:"progress,claimed,checked,rejected,closed,reopened,changed" doc:"What could be done now by somebody else: it takes two" nullable:"false"`
	ReadAt        uint64      `json:"read_at" doc:"Sent back with an act"`
}

// EntryStep is a part of the way.
type EntryStep struct {
	ID     string `json:"id,omitempty" maxLength:"36" doc:"Empty for a new one"`
	Text   string `json:"text"`
	DueAt  *int64 `json:"due_at,omitempty"`
	DoneAt *int64 `json:"done_at,omitempty"`

	position int64
}

// EntryAct is what somebody did.
type EntryAct struct {
	ID       string     `json:"id" format:"uuid"`
	Kind     Kind       `json:"kind" enum:"progress,claimed,checked,rejected,closed,reopened,changed"`
	Text     string     `json:"text"`
	VisitID  string     `json:"visit_id,omitempty"`
	Visit    string     `json:"visit" doc:"The visit it rests on: team and day are its verification's"`
	Author   string     `json:"author"`
	DoneAt   int64      `json:"done_at"`
	Evidence []Evidence `json:"evidence" nullable:"false"`
}

// Evidence is a file that was shown.
type Evidence struct {
	ID        string `json:"id" format:"uuid"`
	Hash      string `json:"hash" doc:"SHA-256 of the bytes, hex"`
	Size      int64  `json:"size"`
	MediaType string `json:"media_type"`
	Name      string `json:"name"`
	Caption   string `json:"caption"`
	actID     string
}

// Sighting is what a team saw of the problem.
type Sighting struct {
	VisitID   string `json:"visit_id" format:"uuid"`
	Team      string `json:"team"`
	Outcome   string `json:"outcome"`
	Note      string `json:"note"`
	Inspector string `json:"inspector"`
	At        *int64 `json:"at,omitempty" doc:"Unix milliseconds"`
}

// idText is an id's text form, or "".
func idText(b []byte) string {
	if len(b) != 16 {
		return ""
	}
	return uuid.UUID(b).String()
}

func parseRow(text, what string) (schema.RowID, error) {
	id, err := schema.ParseID[schema.RowID](text)
	if err != nil {
		return id, schema.NewFault(schema.FaultValue, what+": "+err.Error())
	}
	return id, nil
}

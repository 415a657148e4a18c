// Package review is what headquarters reads and decides: findings with their
// history, open conflicts, quarantined entries, and how far the campaign is.
package review

import (
	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
)

// Service answers headquarters' questions and writes its decisions.
type Service struct {
	Store     store.Store
	Catalogue *schema.Catalogue
	Ingest    *ingest.Service

	counted figureCache
	live    live
}

// Overview is how far a campaign is.
type Overview struct {
	ID          string        `json:"id" format:"uuid"`
	Name        string        `json:"name"`
	Revision    uint64        `json:"revision"`
	Units       int           `json:"units"`
	Visits      int           `json:"visits"`
	Findings    int           `json:"findings"`
	Pending     int           `json:"pending" doc:"Findings submitted and not reviewed"`
	Conflicts   int           `json:"conflicts" doc:"Open conflicts"`
	Quarantined int           `json:"quarantined"`
	Held        int           `json:"held" doc:"Entries that wait for a row"`
	Aside       int           `json:"aside"`
	Entries     uint64        `json:"entries" doc:"In the history"`
	Counties    []string      `json:"counties" doc:"Of units with a visit, sorted"`
	AllCounties []string      `json:"all_counties" doc:"Of all units, sorted"`
	Teams       []TeamSummary `json:"teams"`
}

// TeamSummary is how far a team is.
type TeamSummary struct {
	ID          string `json:"id" format:"uuid"`
	Number      int64  `json:"number"`
	Name        string `json:"name"`
	Visits      int    `json:"visits"`
	Visited     int    `json:"visited" doc:"Arrived at, or further"`
	Findings    int    `json:"findings"`
	LastContact *int64 `json:"last_contact,omitempty" doc:"When one of its devices last pushed, Unix milliseconds"`
}

// FindingFilter narrows the list of findings. Empty fields do not.
type FindingFilter struct {
	Team     string `json:"team,omitempty" query:"team" doc:"Team id"`
	County   string `json:"county,omitempty" query:"county"`
	Category string `json:"category,omitempty" query:"category"`
	Kind     string `json:"kind,omitempty" query:"kind" doc:"problem or achievement"`
	Severity string `json:"severity,omitempty" query:"severity"`
	Topic    string `json:"topic,omitempty" query:"topic"`
	Status   string `json:"status,omitempty" query:"status" doc:"draft or submitted"`
	Review   string `json:"review,omitempty" query:"review" doc:"pending, with what was revised since it was returned; revised, that alone; accepted or returned"`
	Unit     string `json:"unit,omitempty" query:"unit" doc:"Unit id"`

	Conclusion string `json:"conclusion,omitempty" query:"conclusion" doc:"Conclusion id, or none"`
	Search     string `json:"q,omitempty" query:"q" maxLength:"100" doc:"Words of the title, the detail, the review note, the unit's or inspector's name"`
}

// Finding is a row of the list.
type Finding struct {
	ID         string `json:"id" format:"uuid"`
	Title      string `json:"title"`
	Detail     string `json:"detail"`
	Kind       string `json:"kind"`
	Severity   string `json:"severity"`
	Status     string `json:"status"`
	Review     string `json:"review"`
	ReviewNote string `json:"review_note"`
	Unit       string `json:"unit"`
	UnitCode   string `json:"unit_code"`
	County     string `json:"county"`
	Township   string `json:"township"`
	Category   string `json:"category"`
	Team       string `json:"team"`
	TeamID     string `json:"team_id" format:"uuid"`
	Problem    string `json:"problem" doc:"Title of the problem it belongs to"`
	Inspector  string `json:"inspector"`
	RecordedAt *int64 `json:"recorded_at,omitempty" doc:"Unix milliseconds"`
	Latitude   *int64 `json:"latitude_e7,omitempty"`
	Longitude  *int64 `json:"longitude_e7,omitempty"`
	Accuracy   *int64 `json:"accuracy_m,omitempty"`
	Withdrawn  *int64 `json:"withdrawn_at,omitempty"`
	Reason     string `json:"withdrawn_reason,omitempty"`
	Conflicts  int    `json:"conflicts" doc:"Open conflicts in its cells"`
	Revision   uint64 `json:"revision"`

	Topic       string `json:"topic"`
	Responsible string `json:"responsible_unit" doc:"As the team suggests"`
	DueAt       *int64 `json:"due_at,omitempty" doc:"As the team suggests, Unix milliseconds"`
	Conclusion  string `json:"conclusion_id,omitempty" doc:"That it belongs to"`
	UnitID      string `json:"unit_id" format:"uuid"`
	VisitID     string `json:"visit_id" format:"uuid"`
	Revised     bool   `json:"revised" doc:"Written to since it was returned"`
}

// FindingPage is a page of the list.
type FindingPage struct {
	Total    int       `json:"total" doc:"As far as findings are counted"`
	More     bool      `json:"more" doc:"There are more than the total says"`
	Indexing bool      `json:"indexing" doc:"The newest findings cannot be searched for yet"`
	Findings []Finding `json:"findings"`
	Revision uint64    `json:"revision" doc:"Of the campaign when the page was read"`
}

// FindingDetail is one finding with all that is known of it.
type FindingDetail struct {
	Finding
	Comments  []Comment  `json:"comments"`
	Decisions []Decision `json:"decisions"`
	Disputes  []Conflict `json:"open_conflicts"`
	History   []Change   `json:"history" doc:"Oldest first"`

	Revisions []CellChange `json:"revisions,omitempty" doc:"What was changed since it was returned"`

	ReadAt uint64 `json:"read_at" doc:"The campaign's revision when this was read; sent back with a decision"`
}

// Comment is a remark on a finding.
type Comment struct {
	ID        string `json:"id" format:"uuid"`
	Office    bool   `json:"office" doc:"Written at headquarters"`
	Author    string `json:"author"`
	Body      string `json:"body"`
	WrittenAt *int64 `json:"written_at,omitempty"`
}

// Decision is one decision of headquarters.
type Decision struct {
	Decision  string `json:"decision"`
	Column    string `json:"column,omitempty"`
	Note      string `json:"note,omitempty"`
	Reviewer  string `json:"reviewer"`
	DecidedAt *int64 `json:"decided_at,omitempty"`
}

// Change is what one entry did to a row.
type Change struct {
	Origin
	Operation string       `json:"operation" enum:"insert,update"`
	Outcome   string       `json:"outcome" enum:"merged,held,quarantined"`
	Cells     []CellChange `json:"cells"`
}

// Origin says where a write comes from.
type Origin struct {
	Device     string `json:"device" doc:"Its name"`
	DeviceID   string `json:"device_id" format:"uuid"`
	Inspector  string `json:"inspector" doc:"Empty for headquarters"`
	Seq        uint64 `json:"seq" doc:"Place in the device's chain"`
	Position   uint64 `json:"position" doc:"Place in the history"`
	Hash       string `json:"hash" doc:"Of the entry, hex"`
	WallAt     int64  `json:"wall_at" doc:"What the device's clock showed, Unix milliseconds"`
	ReceivedAt int64  `json:"received_at" doc:"When headquarters received it, Unix milliseconds"`
}

// CellChange is one cell of a change, as people read it.
type CellChange struct {
	Column string       `json:"column"`
	Label  schema.Label `json:"label"`
	Before *string      `json:"before,omitempty"`
	After  *string      `json:"after,omitempty"`
}

// Conflict is a cell in which several writes compete.
type Conflict struct {
	ID       string          `json:"id" doc:"Hex"`
	Table    string          `json:"table"`
	Row      string          `json:"row" format:"uuid"`
	Column   string          `json:"column"`
	Label    schema.Label    `json:"label"`
	Choices  []schema.Choice `json:"choices,omitempty" doc:"The values the column allows, if it names them"`
	Title    string          `json:"title" doc:"What the row is about"`
	Unit     string          `json:"unit"`
	Team     string          `json:"team"`
	State    string          `json:"state" enum:"open,agreed,settled,resolved,superseded,reopened" doc:"reopened: headquarters took its decision back"`
	Base     *string         `json:"base,omitempty" doc:"What both started from"`
	Writes   []CompetingEdit `json:"writes"`
	OpenedAt int64           `json:"opened_at"`
	ClosedAt *int64          `json:"closed_at,omitempty"`
	ReadAt   uint64          `json:"read_at" doc:"Sent back with a resolution"`

	RowLabel  schema.Label `json:"row_label" doc:"What kind of row it is in"`
	Finding   string       `json:"finding,omitempty" format:"uuid" doc:"It is in, if it is one"`
	Visit     string       `json:"visit,omitempty" format:"uuid"`
	Latitude  *int64       `json:"latitude_e7,omitempty" doc:"Where the row was recorded"`
	Longitude *int64       `json:"longitude_e7,omitempty"`
	Accuracy  *int64       `json:"accuracy_m,omitempty"`
	Settled   *Decision    `json:"settled,omitempty" doc:"Headquarters' last word on it"`
	Now       *string      `json:"now,omitempty" doc:"What the row shows, in the form that a resolution takes"`
}

// CompetingEdit is one of the writes.
type CompetingEdit struct {
	Origin
	Value     *string `json:"value,omitempty" doc:"In the form that a resolution takes"`
	Shown     *string `json:"shown,omitempty" doc:"As people read it: ids by the name of what they point to"`
	Competing bool    `json:"competing"`
	Stands    bool    `json:"stands" doc:"The row shows this one for now"`
}

// Quarantined is an entry that a person has to look at.
type Quarantined struct {
	Origin
	Kind    string         `json:"kind" enum:"quarantined,held,aside"`
	Action  schema.Label   `json:"action" doc:"What can be done about it"`
	Left    *Decision      `json:"left,omitempty" doc:"Who decided that it stays as it is, and why"`
	Reason  string         `json:"reason" doc:"A code of the problem list"`
	Title   schema.Label   `json:"title" doc:"The reason in words"`
	Detail  string         `json:"detail"`
	Size    int            `json:"size" doc:"Bytes"`
	Changes []ReadableEdit `json:"changes" doc:"What it would do, as far as it can be read"`
}

// ReadableEdit is a change in readable form.
type ReadableEdit struct {
	Table     string       `json:"table"`
	Label     schema.Label `json:"label"`
	Operation string       `json:"operation"`
	Row       string       `json:"row"`
	Cells     []CellChange `json:"cells"`
}

// Verdict is a reviewer's decision about a finding.
type Verdict struct {
	Decision string // accepted, returned, or pending: it is decided anew
	Note     string
	ReadAt   uint64
	Reviewer string
}

// Resolution is a reviewer's decision about a conflict.
type Resolution struct {
	Value    *string // nil empties the cell
	Note     string
	ReadAt   uint64
	Reviewer string
}

package hqapi

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"

	"sansuiji/schema"
	"sansuiji/server/identity"
	"sansuiji/server/ledger"

	"github.com/danielgtaylor/huma/v2"
)

// Ledger is what people do with the rectification ledger.
type Ledger interface {
	List(ctx context.Context, campaign schema.CampaignID, who ledger.Person, f ledger.Filter, offset, limit int) (ledger.EntryPage, error)
	Entry(ctx context.Context, campaign schema.CampaignID, who ledger.Person, id schema.RowID) (ledger.EntryDetail, error)
	Candidates(ctx context.Context, campaign schema.CampaignID, search string) (ledger.Candidates, error)
	Responsible(ctx context.Context, campaign schema.CampaignID) ([]string, error)
	Reminders(ctx context.Context, campaign schema.CampaignID, county string, days int) (ledger.Reminders, error)
	Add(ctx context.Context, campaign schema.CampaignID, who ledger.Person, n ledger.NewEntry) ([]string, error)
	Change(ctx context.Context, campaign schema.CampaignID, who ledger.Person, id schema.RowID, c ledger.Changing) error
	SetSteps(ctx context.Context, campaign schema.CampaignID, who ledger.Person, id schema.RowID, way ledger.Way) error
	Act(ctx context.Context, campaign schema.CampaignID, who ledger.Person, id schema.RowID, do ledger.Doing) error
	ActAll(ctx context.Context, campaign schema.CampaignID, who ledger.Person, ids []string, do ledger.Doing) ([]ledger.ActResult, error)
	Upload(ctx context.Context, campaign schema.CampaignID, who ledger.Person, id schema.RowID, body []byte) (ledger.Uploaded, error)
	File(ctx context.Context, campaign schema.CampaignID, who ledger.Person, entry, id schema.RowID) (*os.File, ledger.Evidence, error)
	Thumbnail(ctx context.Context, campaign schema.CampaignID, who ledger.Person, entry, id schema.RowID) (*os.File, error)
}

// ledgerPerson is who is signed in as the ledger knows people. A login of a responsible unit
// that names none sees nothing.
func ledgerPerson(ctx context.Context) ledger.Person {
	a := accountOf(ctx)
	who := ledger.Person{Login: a.Login, Name: a.Name, Looks: !slices.Contains(ledgerHands, a.Role)}
	if a.Role == identity.Unit {
		campaign, _ := schema.ParseID[schema.CampaignID](a.CampaignID)
		unit, _ := schema.ParseID[schema.RowID](a.UnitID)
		who.Home = &ledger.Home{Campaign: campaign, Unit: unit}
	}
	return who
}

type ledgerInput struct {
	CampaignPath
	ledger.Filter
	Offset int `query:"offset" minimum:"0"`
	Limit  int `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type ledgerOutput struct {
	Body ledger.EntryPage
}

// EntryPath is a ledger entry in an operation's path.
type EntryPath struct {
	CampaignPath
	Entry string `path:"entry" format:"uuid"`
}

func (p EntryPath) ids() (schema.CampaignID, schema.RowID, error) {
	campaign, err := p.id()
	if err != nil {
		return campaign, schema.RowID{}, err
	}
	id, err := parse[schema.RowID](p.Entry)
	return campaign, id, err
}

type entryOutput struct {
	Body ledger.EntryDetail
}

type candidatesInput struct {
	CampaignPath
	Search string `query:"q" maxLength:"100" doc:"Words in the title, or of the unit"`
}

type candidatesOutput struct {
	Body ledger.Candidates
}

type namesOutput struct {
	Body []string
}

type remindersInput struct {
	CampaignPath
	County string `query:"county"`
	Days   int    `query:"days" default:"7" minimum:"0" maximum:"365" doc:"What is due within so many days, too"`
}

type remindersOutput struct {
	Body ledger.Reminders
}

type addEntryInput struct {
	CampaignPath
	Body ledger.NewEntry
}

type entryIDsOutput struct {
	Body struct {
		IDs []string `json:"ids" nullable:"false"`
	}
}

type changeEntryInput struct {
	EntryPath
	Body ledger.Changing
}

type stepsInput struct {
	EntryPath
	Body ledger.Way
}

type actInput struct {
	EntryPath
	Body ledger.Doing
}

type actsInput struct {
	CampaignPath
	Body struct {
		Entries []string `json:"entries" minItems:"1" maxItems:"200" nullable:"false"`
		ledger.Doing
	}
}

type actsOutput struct {
	Body []ledger.ActResult
}

const ledgerPath = "/campaigns/{campaign}/ledger"

func registerLedger(api huma.API, l Ledger) {
	huma.Register(api, operation(http.MethodGet, ledgerPath, "ledger", "Ledger entries, those due first at the top; a responsible unit's own"),
		func(ctx context.Context, in *ledgerInput) (*ledgerOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			page, err := l.List(ctx, campaign, ledgerPerson(ctx), in.Filter, in.Offset, in.Limit)
			return &ledgerOutput{page}, err
		})
	huma.Register(api, operation(http.MethodGet, ledgerPath+"/{entry}", "ledger-entry", "A ledger entry with all that was done about it"),
		func(ctx context.Context, in *EntryPath) (*entryOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			detail, err := l.Entry(ctx, campaign, ledgerPerson(ctx), id)
			return &entryOutput{detail}, err
		})
	registerLedgerLists(api, l)
	registerLedgerChanges(api, l)
	registerActs(api, l)
	registerEvidence(api, l)
}

func registerLedgerLists(api huma.API, l Ledger) {
	huma.Register(api, operation(http.MethodGet, ledgerPath+"-candidates", "ledger-candidates", "Accepted findings and conclusions that are not in the ledger"),
		func(ctx context.Context, in *candidatesInput) (*candidatesOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := l.Candidates(ctx, campaign, in.Search)
			return &candidatesOutput{list}, err
		})
	huma.Register(api, operation(http.MethodGet, ledgerPath+"-units", "ledger-units", "Responsible units that entries name"),
		func(ctx context.Context, in *CampaignPath) (*namesOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			names, err := l.Responsible(ctx, campaign)
			return &namesOutput{names}, err
		})
	huma.Register(api, operation(http.MethodGet, ledgerPath+"-reminders", "ledger-reminders", "What responsible units are to be reminded of"),
		func(ctx context.Context, in *remindersInput) (*remindersOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			reminders, err := l.Reminders(ctx, campaign, in.County, in.Days)
			return &remindersOutput{reminders}, err
		})
}

func registerLedgerChanges(api huma.API, l Ledger) {
	huma.Register(api, operation(http.MethodPost, ledgerPath, "add-ledger-entry", "Put findings, and conclusions for each of their units, into the ledger"),
		func(ctx context.Context, in *addEntryInput) (*entryIDsOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			out := &entryIDsOutput{}
			out.Body.IDs, err = l.Add(ctx, campaign, ledgerPerson(ctx), in.Body)
			return out, err
		})
	huma.Register(api, operation(http.MethodPut, ledgerPath+"/{entry}", "change-ledger-entry", "Change what an entry demands; what it was stays in its history"),
		func(ctx context.Context, in *changeEntryInput) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, l.Change(ctx, campaign, ledgerPerson(ctx), id, in.Body)
		})
	huma.Register(api, operation(http.MethodPut, ledgerPath+"/{entry}/steps", "set-ledger-steps", "The steps of an entry as they shall be"),
		func(ctx context.Context, in *stepsInput) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, l.SetSteps(ctx, campaign, ledgerPerson(ctx), id, in.Body)
		})
}

func registerActs(api huma.API, l Ledger) {
	huma.Register(api, operation(http.MethodPost, ledgerPath+"/{entry}/acts", "ledger-act", "Report, claim, check, send back, close out or reopen an entry"),
		func(ctx context.Context, in *actInput) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, l.Act(ctx, campaign, ledgerPerson(ctx), id, in.Body)
		})
	huma.Register(api, operation(http.MethodPost, ledgerPath+"-acts", "ledger-acts", "The same with many entries, each by itself"),
		func(ctx context.Context, in *actsInput) (*actsOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			results, err := l.ActAll(ctx, campaign, ledgerPerson(ctx), in.Body.Entries, in.Body.Doing)
			return &actsOutput{results}, err
		})
}

type uploadInput struct {
	EntryPath
	RawBody []byte `contentType:"application/octet-stream"`
}

type uploadedOutput struct {
	Body ledger.Uploaded
}

// EvidencePath is evidence in an operation's path.
type EvidencePath struct {
	EntryPath
	Evidence string `path:"evidence" format:"uuid"`
}

const (
	// uploadMax is a little above what is taken, so that who sends too much is told so.
	uploadMax = ledger.EvidenceSizeMax + 1<<20
	// uploadTime is how long evidence may travel.
	uploadTime = 4 * time.Minute
)

func registerEvidence(api huma.API, l Ledger) {
	op := operation(http.MethodPost, ledgerPath+"/{entry}/evidence", "add-evidence", "Upload a photo or PDF that is then shown with an act")
	op.MaxBodyBytes, op.BodyReadTimeout = uploadMax, uploadTime
	huma.Register(api, op, func(ctx context.Context, in *uploadInput) (*uploadedOutput, error) {
		campaign, id, err := in.ids()
		if err != nil {
			return nil, err
		}
		uploaded, err := l.Upload(ctx, campaign, ledgerPerson(ctx), id, in.RawBody)
		return &uploadedOutput{uploaded}, err
	})
	evidenceFile(api, "", "evidence", func(ctx context.Context, campaign schema.CampaignID, entry, id schema.RowID) (*os.File, ledger.Evidence, error) {
		return l.File(ctx, campaign, ledgerPerson(ctx), entry, id)
	})
	evidenceFile(api, "/small", "evidence-small", func(ctx context.Context, campaign schema.CampaignID, entry, id schema.RowID) (*os.File, ledger.Evidence, error) {
		f, err := l.Thumbnail(ctx, campaign, ledgerPerson(ctx), entry, id)
		return f, ledger.Evidence{MediaType: "image/jpeg"}, err
	})
}

// evidenceFile registers an operation that answers with a file. It came from outside, so that
// nothing in it may run here: photos are shown, everything else is saved.
func evidenceFile(
	api huma.API, path, id string,
	open func(ctx context.Context, campaign schema.CampaignID, entry, id schema.RowID) (*os.File, ledger.Evidence, error),
) {
	op := operation(http.MethodGet, ledgerPath+"/{entry}/evidence/{evidence}"+path, id, "Bytes of evidence")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The bytes",
		Content:     map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	}}
	huma.Register(api, op, func(ctx context.Context, in *EvidencePath) (*huma.StreamResponse, error) {
		campaign, entry, err := in.ids()
		if err != nil {
			return nil, err
		}
		id, err := parse[schema.RowID](in.Evidence)
		if err != nil {
			return nil, err
		}
		f, e, err := open(ctx, campaign, entry, id)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			defer func() { _ = f.Close() }()
			disposition := "inline"
			if e.MediaType == "application/pdf" {
				disposition = `attachment; filename="evidence.pdf"; filename*=UTF-8''` + url.PathEscape(e.Name)
			}
			ctx.SetHeader("Content-Type", e.MediaType)
			ctx.SetHeader("Content-Disposition", disposition)
			ctx.SetHeader("Content-Security-Policy", "default-src 'none'; sandbox")
			ctx.SetHeader("Cache-Control", "private, max-age=31536000, immutable")
			_, _ = io.Copy(ctx.BodyWriter(), f) // who is gone needs no bytes
		}}, nil
	})
}

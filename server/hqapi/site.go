package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/ceremony"

	"github.com/danielgtaylor/huma/v2"
)

// Sites is where people are drawn in the field: the duty desk, envelopes, rosters, and
// what phones told of it.
type Sites interface {
	Sites(ctx context.Context, campaign schema.CampaignID) ([]ceremony.SiteSummary, error)
	Site(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (ceremony.SiteDetail, error)
	SiteFile(ctx context.Context, campaign schema.CampaignID, id schema.RowID, name string) ([]byte, error)
	Tell(ctx context.Context, campaign schema.CampaignID, id schema.RowID, call ceremony.Call, by string) (string, error)
	Envelopes(ctx context.Context, campaign schema.CampaignID, draw schema.RowID, by string) ([]ceremony.Letter, error)
	GiveRosters(ctx context.Context, campaign schema.CampaignID, table []byte) ([]ceremony.RosterGiven, error)
}

// SitePath is the site in an operation's path.
type SitePath struct {
	CampaignPath
	Site string `path:"site" format:"uuid"`
}

func (p SitePath) ids() (schema.CampaignID, schema.RowID, error) {
	campaign, err := p.id()
	if err != nil {
		return campaign, schema.RowID{}, err
	}
	id, err := parse[schema.RowID](p.Site)
	return campaign, id, err
}

type sitesOutput struct {
	Body []ceremony.SiteSummary
}

type siteOutput struct {
	Body ceremony.SiteDetail
}

type tellInput struct {
	SitePath
	Body ceremony.Call
}

type tellOutput struct {
	Body struct {
		Unlock string `json:"unlock" doc:"Unlock code, to be read to the caller"`
	}
}

type lettersOutput struct {
	Body []ceremony.Letter
}

type rostersInput struct {
	CampaignPath
	Body struct {
		Table []byte `json:"table" doc:"CSV with the columns unit, key, name, note, official"`
	}
}

type rostersOutput struct {
	Body []ceremony.RosterGiven
}

// rostersMax is the size of a table of rosters in bytes, as it travels.
const rostersMax = 16 << 20

const sitePath = "/campaigns/{campaign}/sites/{site}"

func registerSites(api huma.API, sites Sites) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/sites", "sites", "Where people are drawn, and how far it is"),
		func(ctx context.Context, in *CampaignPath) (*sitesOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := sites.Sites(ctx, campaign)
			return &sitesOutput{list}, err
		})
	huma.Register(api, operation(http.MethodGet, sitePath, "site", "A site with who was asked"),
		func(ctx context.Context, in *SitePath) (*siteOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			detail, err := sites.Site(ctx, campaign, id)
			return &siteOutput{detail}, err
		})
	registerDesk(api, sites)
	for name, kind := range map[string]string{
		ceremony.RecordFile: "application/json", ceremony.RosterFile: "text/csv; charset=utf-8",
	} {
		download(api, sitePath+"/"+name, "site-"+name, kind, func(ctx context.Context, in *SitePath) ([]byte, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return sites.SiteFile(ctx, campaign, id, name)
		})
	}
}

// registerDesk registers what the duty desk does before teams are at their sites, and
// when they call.
func registerDesk(api huma.API, sites Sites) {
	huma.Register(api, operation(http.MethodPost, sitePath+"/tell", "tell-unlock-code",
		"Book a roster code and get the unlock code"),
		func(ctx context.Context, in *tellInput) (*tellOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			out := &tellOutput{}
			out.Body.Unlock, err = sites.Tell(ctx, campaign, id, in.Body, accountOf(ctx).Name)
			return out, err
		})
	huma.Register(api, operation(http.MethodPost, drawPath+"/envelopes", "print-envelopes",
		"Unlock codes of all sites, for envelopes; written into the history"),
		func(ctx context.Context, in *DrawPath) (*lettersOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			letters, err := sites.Envelopes(ctx, campaign, id, accountOf(ctx).Name)
			return &lettersOutput{letters}, err
		})
	rosters := operation(http.MethodPost, "/campaigns/{campaign}/rosters", "give-rosters", "Rosters that headquarters gives")
	rosters.MaxBodyBytes = rostersMax
	huma.Register(api, rosters, func(ctx context.Context, in *rostersInput) (*rostersOutput, error) {
		campaign, err := in.id()
		if err != nil {
			return nil, err
		}
		given, err := sites.GiveRosters(ctx, campaign, in.Body.Table)
		return &rostersOutput{given}, err
	})
}

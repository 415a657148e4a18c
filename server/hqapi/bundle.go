package hqapi

import (
	"context"
	"io"
	"net/http"
	"time"

	"sansuiji/server/bundle"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
)

// Bundles takes what was carried by hand.
type Bundles interface {
	Receive(ctx context.Context, file io.Reader, wish bundle.Wish) (bundle.Taken, error)
}

// bundleTime is how long a bundle may travel: it can be some gigabytes.
const bundleTime = 2 * time.Hour

type bundleInput struct {
	CampaignPath
	Salvage bool `query:"salvage" doc:"Take what is whole of a damaged bundle, where no other copy is left"`
	file    io.Reader
}

// Resolve lets the body be read as it comes, and for as long as it takes.
func (i *bundleInput) Resolve(ctx huma.Context) []error {
	i.file = ctx.BodyReader()
	end := time.Now().Add(bundleTime)
	line := http.NewResponseController(humaecho.Unwrap(ctx).Response())
	// Where it cannot be set, the program's own limits hold.
	_, _ = line.SetReadDeadline(end), line.SetWriteDeadline(end)
	return nil
}

type bundleOutput struct {
	Body bundle.Taken
}

func registerBundles(api huma.API, bundles Bundles) {
	op := operation(http.MethodPost, "/campaigns/{campaign}/bundle", "import-bundle",
		"Take a bundle that was carried by hand: a phone's entries and photos. Twice the same changes nothing")
	op.RequestBody = &huma.RequestBody{
		Description: "The file as the phone saved it", Required: true,
		Content: map[string]*huma.MediaType{
			"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}},
		},
	}
	huma.Register(api, op, func(ctx context.Context, in *bundleInput) (*bundleOutput, error) {
		campaign, err := in.id()
		if err != nil {
			return nil, err
		}
		taken, err := bundles.Receive(ctx, in.file, bundle.Wish{Campaign: campaign, Salvage: in.Salvage})
		return &bundleOutput{taken}, err
	})
}

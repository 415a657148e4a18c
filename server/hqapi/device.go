package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/identity"

	"github.com/danielgtaylor/huma/v2"
)

// Devices lets devices in and out.
type Devices interface {
	NewSheet(ctx context.Context, campaign schema.CampaignID, inspectors []schema.RowID) ([]identity.SheetCode, error)
	Revoke(ctx context.Context, campaign schema.CampaignID, device schema.RowID) error
	OrderWipe(ctx context.Context, campaign schema.CampaignID, device schema.RowID) error
}

// DevicePath is a device in an operation's path.
type DevicePath struct {
	CampaignPath
	Device string `path:"device" format:"uuid"`
}

func (p DevicePath) ids() (schema.CampaignID, schema.RowID, error) {
	campaign, err := p.id()
	if err != nil {
		return campaign, schema.RowID{}, err
	}
	id, err := parse[schema.RowID](p.Device)
	return campaign, id, err
}

type sheetInput struct {
	CampaignPath
	Body struct {
		Inspectors []string `json:"inspectors" minItems:"1" maxItems:"200" doc:"Their ids"`
	}
}

type sheetOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         []identity.SheetCode
}

func registerDevices(api huma.API, devices Devices) {
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/enrolment-sheet", "enrolment-sheet",
		"Make a one-time code for each of several inspectors"),
		func(ctx context.Context, in *sheetInput) (*sheetOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			inspectors, err := parseAll(in.Body.Inspectors)
			if err != nil {
				return nil, err
			}
			list, err := devices.NewSheet(ctx, campaign, inspectors)
			return &sheetOutput{"no-store", list}, err
		})
	const path = "/campaigns/{campaign}/devices/{device}"
	for _, act := range []struct {
		path, id, summary string
		do                func(context.Context, schema.CampaignID, schema.RowID) error
	}{
		{path + "/revocation", "revoke-device", "Let a device speak no longer", func(ctx context.Context, c schema.CampaignID, id schema.RowID) error {
			return devices.Revoke(ctx, c, id)
		}},
		{path + "/wipe", "wipe-device", "Tell a device to wipe itself when it next asks", func(ctx context.Context, c schema.CampaignID, id schema.RowID) error {
			return devices.OrderWipe(ctx, c, id)
		}},
	} {
		huma.Register(api, operation(http.MethodPost, act.path, act.id, act.summary),
			func(ctx context.Context, in *DevicePath) (*emptyOutput, error) {
				campaign, id, err := in.ids()
				if err != nil {
					return nil, err
				}
				return &emptyOutput{}, act.do(ctx, campaign, id)
			})
	}
}

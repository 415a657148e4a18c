package hqapi

import (
	"context"
	"io"
	"net/http"
	"os"

	"sansuiji/schema"
	"sansuiji/server/photo"

	"github.com/danielgtaylor/huma/v2"
)

// Photos is what headquarters sees of attachments.
type Photos interface {
	List(ctx context.Context, campaign schema.CampaignID, filter photo.Filter) ([]photo.Attachment, error)
	Alike(ctx context.Context, campaign schema.CampaignID) ([]photo.Pair, error)
	Open(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash) (*os.File, photo.Blob, error)
	Thumbnail(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash) (*os.File, error)
}

type attachmentsInput struct {
	CampaignPath
	photo.Filter
}

type attachmentsOutput struct {
	Body []photo.Attachment
}

type pairsOutput struct {
	Body []photo.Pair
}

// PhotoPath is an attachment's bytes in an operation's path.
type PhotoPath struct {
	CampaignPath
	Hash string `path:"hash" pattern:"^[0-9a-f]{64}$"`
}

func (p PhotoPath) ids() (schema.CampaignID, schema.BlobHash, error) {
	campaign, err := p.id()
	if err != nil {
		return campaign, schema.BlobHash{}, err
	}
	hash, err := schema.ParseBlobHash(p.Hash)
	return campaign, hash, err
}

func registerPhotos(api huma.API, photos Photos) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/attachments", "attachments",
		"Photos, sounds and signatures, and whose bytes are missing"),
		func(ctx context.Context, in *attachmentsInput) (*attachmentsOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := photos.List(ctx, campaign, in.Filter)
			return &attachmentsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/attachments/alike", "attachments-alike",
		"Photos that are the same, or look alike"),
		func(ctx context.Context, in *CampaignPath) (*pairsOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			pairs, err := photos.Alike(ctx, campaign)
			return &pairsOutput{pairs}, err
		})
	bytesOf(api, "/campaigns/{campaign}/photos/{hash}", "photo",
		func(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash) (*os.File, string, error) {
			f, blob, err := photos.Open(ctx, campaign, hash)
			return f, blob.MediaType, err
		})
	bytesOf(api, "/campaigns/{campaign}/photos/{hash}/small", "photo-small",
		func(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash) (*os.File, string, error) {
			f, err := photos.Thumbnail(ctx, campaign, hash)
			return f, "image/jpeg", err
		})
}

// bytesOf registers an operation that answers with a file. What is named by its hash
// never changes. It came from a phone, so that nothing in it may run here.
func bytesOf(
	api huma.API, path, id string,
	open func(context.Context, schema.CampaignID, schema.BlobHash) (*os.File, string, error),
) {
	op := operation(http.MethodGet, path, id, "Bytes of an attachment")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The bytes",
		Content:     map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	}}
	huma.Register(api, op, func(ctx context.Context, in *PhotoPath) (*huma.StreamResponse, error) {
		campaign, hash, err := in.ids()
		if err != nil {
			return nil, err
		}
		f, kind, err := open(ctx, campaign, hash)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			defer func() { _ = f.Close() }()
			ctx.SetHeader("Content-Type", kind)
			ctx.SetHeader("Content-Disposition", "inline")
			ctx.SetHeader("Content-Security-Policy", "default-src 'none'; sandbox")
			ctx.SetHeader("Cache-Control", "private, max-age=31536000, immutable")
			_, _ = io.Copy(ctx.BodyWriter(), f) // who is gone needs no bytes
		}}, nil
	})
}

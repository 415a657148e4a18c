package main

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"time"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/bundle"
	"sansuiji/server/ceremony"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/mapfile"
	"sansuiji/server/metrics"
	"sansuiji/server/review"
)

// The devices' operations know nothing of the server, nor the server of them:
// these adapters join the two.

type enroller struct{ *identity.Service }

func (e enroller) Enrol(
	ctx context.Context, r mobileapi.EnrolRequest, from string,
) (mobileapi.Enrolment, error) {
	device, err := schema.ParseID[schema.DeviceID](r.DeviceID)
	if err != nil {
		return mobileapi.Enrolment{}, schema.NewFault(schema.FaultBadRequest, err.Error())
	}
	w, err := e.Service.Enrol(ctx, identity.Enrolment{
		Code: r.Code, Device: device, Name: r.Name, PublicKey: r.PublicKey, Signature: r.Signature,
	}, from)
	if err != nil {
		return mobileapi.Enrolment{}, err
	}
	return mobileapi.Enrolment{
		CampaignID: w.Campaign.String(), CampaignName: w.CampaignName, DeviceID: r.DeviceID,
		InspectorID: w.Inspector.String(), InspectorName: w.Name, TeamName: w.Team,
		Epoch: w.Epoch.String(), Clock: strconv.FormatUint(w.Clock, 10),
		ServerTime: e.Now().UnixMilli(), SchemaVersion: schema.Version, HQKey: w.HQKey,
	}, nil
}

type tokens struct {
	*identity.Service
	bundleKey string // that bundles are sealed to
}

func (t tokens) Exchange(ctx context.Context, assertion string) (mobileapi.Token, error) {
	token, err := t.Service.Exchange(ctx, assertion)
	return mobileapi.Token{
		AccessToken: token.Text, TokenType: "Bearer", ExpiresIn: int(token.Age.Seconds()),
		ServerTime: t.Now().UnixMilli(), BundleKey: t.bundleKey, WipeOrdered: token.Leaving,
	}, err
}

func (t tokens) Device(ctx context.Context, accessToken string) (mobileapi.Caller, error) {
	caller, err := t.Caller(ctx, accessToken)
	return mobileapi.Caller(caller), err
}

type contacts struct{ *identity.Service }

func (c contacts) Note(ctx context.Context, caller mobileapi.Caller, report mobileapi.Report) error {
	return c.Service.Note(ctx, identity.Caller(caller), identity.Report(report))
}

func (c contacts) Wiped(ctx context.Context, caller mobileapi.Caller, lost mobileapi.Lost) error {
	return c.Service.Wiped(ctx, identity.Caller(caller), identity.Lost(lost))
}

// bundles takes what was carried by hand; teams that are done somewhere learn of it.
type bundles struct {
	*bundle.Service
	push pusher
}

func (b bundles) Receive(ctx context.Context, file io.Reader, wish bundle.Wish) (bundle.Taken, error) {
	taken, err := b.Service.Receive(ctx, file, wish)
	if err == nil {
		b.push.advance(ctx, wish.Campaign)
	}
	return taken, err
}

// pusher takes what devices send; a team that is done somewhere learns of its next stop.
type pusher struct {
	*ingest.Service
	draws   *ceremony.Service
	log     *slog.Logger
	figures *metrics.Metrics
}

// advance tells teams of their next stops. That it fails is no fault of who pushed: the
// next push tries again.
func (p pusher) advance(ctx context.Context, campaign schema.CampaignID) {
	if err := p.draws.Advance(ctx, campaign); err != nil {
		p.log.Error("tell teams of their next stops", "error", err)
	}
}

func (p pusher) Push(ctx context.Context, d mobileapi.Delivery) (schema.Receipt, error) {
	delivery := ingest.Delivery{
		Push: d.Push, Carrier: d.Carrier, Epoch: d.Epoch, Checkpoint: d.Checkpoint, Sizes: d.Sizes,
	}
	for _, f := range d.Facts {
		delivery.Facts = append(delivery.Facts, ingest.Fact(f))
	}
	began := time.Now()
	receipt, err := p.Receive(ctx, delivery)
	p.figures.Pushed(d.Campaign, began, &receipt, err)
	if err == nil {
		p.advance(ctx, d.Campaign)
	}
	return receipt, err
}

func (p pusher) PushPacked(
	ctx context.Context, d mobileapi.PackedDelivery,
) (schema.Receipt, error) {
	began := time.Now()
	receipt, err := p.ReceivePacked(ctx, ingest.PackedDelivery{
		Campaign: d.Caller.Campaign, Device: d.Device, Epoch: d.Epoch, Body: d.Body,
		Held: ingest.Holding{Epoch: d.Held, Sizes: d.Sizes},
	})
	p.figures.Pushed(d.Caller.Campaign, began, &receipt, err)
	if err == nil {
		p.advance(ctx, d.Caller.Campaign)
	}
	return receipt, err
}

type puller struct {
	*ingest.Service
	figures *metrics.Metrics
}

func (p puller) Pull(ctx context.Context, r mobileapi.PullRequest) (schema.Page, error) {
	began := time.Now()
	page, err := p.Service.Pull(ctx, ingest.Pull{
		Campaign: r.Caller.Campaign, Device: r.Caller.Device, Scopes: r.Scopes,
		After: r.After, Epoch: r.Epoch, Schema: r.Schema, Limit: r.Limit,
		Held: ingest.Holding{Epoch: r.Held, Sizes: r.Sizes},
	})
	p.figures.Pulled(r.Caller.Campaign, began, page.Rows, err)
	return page, err
}

// office is what headquarters asks about campaigns and the people in them.
type office struct {
	campaigns *review.Service
	people    *identity.Service
}

func (o office) Campaigns(ctx context.Context) ([]review.Overview, error) {
	return o.campaigns.Campaigns(ctx)
}

func (o office) Overview(ctx context.Context, campaign schema.CampaignID) (review.Overview, error) {
	return o.campaigns.Overview(ctx, campaign)
}

func (o office) Inspectors(
	ctx context.Context, campaign schema.CampaignID,
) ([]identity.Inspector, error) {
	return o.people.Inspectors(ctx, campaign)
}

func (o office) NewEnrolment(
	ctx context.Context, campaign schema.CampaignID, inspector schema.RowID,
) (identity.Code, error) {
	return o.people.NewCode(ctx, campaign, inspector)
}

// maps are what phones are offered to carry.
type maps struct{ *mapfile.Service }

func (m maps) Map(ctx context.Context, campaign schema.CampaignID) (mobileapi.MapFile, bool, error) {
	file, ok, err := m.Current(ctx, campaign)
	return mobileapi.MapFile{Name: file.Name, Size: file.Size, SHA256: file.Hash.String()}, ok, err
}

func (m maps) OpenMap(
	ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash,
) (io.ReadSeekCloser, error) {
	return m.Open(ctx, campaign, hash)
}

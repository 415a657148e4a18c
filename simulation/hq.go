package simulation

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sansuiji/device"
	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/sim"

	"github.com/fxamacker/cbor/v2"
	"github.com/mattn/go-sqlite3"
)

// headquarters is the program on its database. Killed, it begins anew on what that
// was at that moment.
type headquarters struct {
	w        *world
	version  int
	clock    sim.ClockOf
	path     string // the name of its database
	lives    int    // how often it was started
	db       store.Store
	ingest   *ingest.Service
	identity *identity.Service
	probe    probe
	full     bool // the disk is
	backups  []*copied
	look     *looked // what a person has on the screen for a stale edit
	// went says that the file went back and nobody said so.
	went     bool
	restored bool
}

// killed is the panic of a program that is killed.
type killed struct{}

func (h *headquarters) catalogue() *schema.Catalogue { return h.w.catalogues[h.version] }

// HQPoints are where headquarters can be killed.
func HQPoints() []string {
	return []string{"store.before-flush", "store.before-commit", "store.after-commit"}
}

func (h *headquarters) point(name string) {
	if !h.w.kills(sim.KillHQ, name) {
		return
	}
	// Now, before anything that is done later.
	if err := h.freeze(); err != nil {
		h.w.fail("simulation", "keep what headquarters leaves: %v", err)
	}
	panic(killed{})
}

// freeze lets the next start begin with the database as it is.
func (h *headquarters) freeze() (err error) {
	h.path, err = h.w.site.killed(h.path, h.nextPath())
	return err
}

func (h *headquarters) nextPath() string {
	h.lives++
	return h.w.site.place(h.w.folder, "hq"+strconv.Itoa(h.lives))
}

// start begins with a copy of a database.
func (h *headquarters) start(from string) error {
	h.path = h.nextPath()
	if err := h.w.site.copied(from, h.path); err != nil {
		return err
	}
	return h.open()
}

func (h *headquarters) open() (err error) {
	h.db, h.ingest, h.identity, err = h.w.services(h.path, h.version, h.clock.Now,
		opening{points: h.point, full: h.full})
	if err == nil {
		h.probe, err = h.w.site.look(h.path, h.db)
	}
	return err
}

func (h *headquarters) close() error {
	if h.db == nil {
		return nil
	}
	err := errors.Join(h.db.Close(), h.probe.close())
	h.db = nil
	return err
}

// restart ends the program and starts it again on its file.
func (h *headquarters) restart() error {
	if err := h.close(); err != nil {
		return err
	}
	return h.open()
}

// guard does something at headquarters, which may be killed at it.
func (h *headquarters) guard(do func() error) (err error) {
	defer func() {
		switch r := recover(); r.(type) {
		case nil:
			h.w.truth.observe(h)
		case killed:
			_ = h.close() // how it ends in the transaction that it was killed in is no matter
			err = errors.Join(errKilled, h.open())
			h.w.truth.observe(h)
			h.w.truth.checkAnswered(h.w, "after headquarters was killed")
		default:
			panic(r)
		}
	}()
	return do()
}

var errKilled = errors.New("killed")

// serve answers a message.
func (h *headquarters) serve(m sim.Message) (answer []byte, err error) {
	err = h.guard(func() error {
		answer, err = h.handle(m)
		return err
	})
	if err == nil {
		return answer, nil
	}
	code := schema.FaultCode(err)
	switch {
	case errors.Is(err, errKilled):
		return nil, sim.ErrNoAnswer
	case code == "" && h.full && isFull(err):
		code = schema.FaultInternal
	case code == "":
		h.w.fail("headquarters works", "%s: %v", m.Path, err)
		code = schema.FaultInternal
	}
	return nil, &device.Refusal{
		Code: code, Detail: err.Error(), ServerTime: h.clock.Now().UnixMilli(),
	}
}

func isFull(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.Code == sqlite3.ErrFull
}

func (h *headquarters) handle(m sim.Message) ([]byte, error) {
	ctx := context.Background()
	switch m.Path {
	case "enrol":
		return answering(m.Body, func(r mobileapi.EnrolRequest) (any, error) { return h.enrol(ctx, r) })
	case "token":
		return answering(m.Body, func(assertion string) (any, error) { return h.token(ctx, assertion) })
	case "push":
		return answering(m.Body, func(r pushMessage) (any, error) {
			r.Epoch = r.Known
			return h.push(ctx, m.Token, r.PushRequest)
		})
	case "pull":
		return answering(m.Body, func(r mobileapi.PullRequest) (any, error) {
			return h.pull(ctx, m.Token, r)
		})
	}
	return nil, schema.NewFault(schema.FaultBadRequest, m.Path)
}

// answering reads a request and writes its answer.
func answering[Q any](body []byte, do func(Q) (any, error)) ([]byte, error) {
	var request Q
	if err := cbor.Unmarshal(body, &request); err != nil {
		return nil, schema.NewFault(schema.FaultBadRequest, err.Error())
	}
	answer, err := do(request)
	if err != nil {
		return nil, err
	}
	return cbor.Marshal(answer)
}

func (h *headquarters) enrol(ctx context.Context, r mobileapi.EnrolRequest) (any, error) {
	id, err := schema.ParseID[schema.DeviceID](r.DeviceID)
	if err != nil {
		return nil, schema.NewFault(schema.FaultBadRequest, err.Error())
	}
	e, err := h.identity.Enrol(ctx, identity.Enrolment{
		Code: r.Code, Device: id, Name: r.Name, PublicKey: r.PublicKey, Signature: r.Signature,
	}, "inside")
	return mobileapi.Enrolment{
		CampaignID: e.Campaign.String(), CampaignName: e.CampaignName, DeviceID: r.DeviceID,
		InspectorID: e.Inspector.String(), InspectorName: e.Name, TeamName: e.Team,
		Epoch: e.Epoch.String(), Clock: strconv.FormatUint(e.Clock, 10),
		ServerTime: h.clock.Now().UnixMilli(), SchemaVersion: h.version, HQKey: e.HQKey,
	}, err
}

// tokenAge is how long a token is good for that is none, in seconds.
const tokenAge = 900

// leavingVersion is the schema version from which a device can be told to wipe itself, which
// package identity reads.
const leavingVersion = 6

func (h *headquarters) realTokens() bool {
	return h.w.script.City.Tokens && h.version >= leavingVersion
}

func (h *headquarters) token(ctx context.Context, assertion string) (any, error) {
	now := h.clock.Now().UnixMilli()
	if h.realTokens() {
		token, err := h.identity.Exchange(ctx, assertion)
		return mobileapi.Token{
			AccessToken: token.Text, TokenType: "Bearer", ExpiresIn: int(token.Age.Seconds()),
			ServerTime: now,
		}, err
	}
	parts := strings.Split(assertion, ".")
	var claims struct {
		Subject schema.DeviceID `json:"sub"`
	}
	if len(parts) != 3 {
		return nil, schema.NewFault(schema.FaultAssertion, "no JWT")
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(b, &claims)
	}
	if err != nil {
		return nil, schema.NewFault(schema.FaultAssertion, err.Error())
	}
	if err := h.enrolled(claims.Subject); err != nil {
		return nil, err
	}
	return mobileapi.Token{
		AccessToken: claims.Subject.String(), TokenType: "Bearer", ExpiresIn: tokenAge, ServerTime: now,
	}, nil
}

// enrolled refuses whom package identity would refuse.
func (h *headquarters) enrolled(id schema.DeviceID) error {
	rows, err := ask(h.probe, `SELECT revoked_at IS NULL FROM device
		WHERE campaign_no = 1 AND id = ?`, id[:])
	switch {
	case err != nil:
		return err
	case len(rows) == 0:
		return schema.NewFault(schema.FaultAssertion, "the device is not enrolled")
	case rows[0][0].Int64() == 0:
		return schema.NewFault(schema.FaultDeviceRevoked, "")
	}
	return nil
}

func (h *headquarters) caller(ctx context.Context, token string) (mobileapi.Caller, error) {
	if token == outlawToken {
		return mobileapi.Caller{Campaign: h.w.campaign, Device: h.w.outlaw.id}, nil
	}
	if h.realTokens() {
		c, err := h.identity.Caller(ctx, token)
		return mobileapi.Caller{Campaign: c.Campaign, Device: c.Device}, err
	}
	id, err := schema.ParseID[schema.DeviceID](token)
	if err != nil {
		return mobileapi.Caller{}, schema.NewFault(schema.FaultUnauthorised, err.Error())
	}
	return mobileapi.Caller{Campaign: h.w.campaign, Device: id}, h.enrolled(id)
}

func (h *headquarters) push(
	ctx context.Context, token string, r mobileapi.PushRequest,
) (any, error) {
	caller, err := h.caller(ctx, token)
	if err != nil {
		return nil, err
	}
	d, err := r.Delivery(caller)
	if err != nil {
		return nil, err
	}
	delivery := ingest.Delivery{
		Push: d.Push, Carrier: d.Carrier, Epoch: d.Epoch, Checkpoint: d.Checkpoint, Sizes: d.Sizes,
	}
	for _, f := range d.Facts {
		delivery.Facts = append(delivery.Facts, ingest.Fact(f))
	}
	receipt, err := h.ingest.Receive(ctx, delivery)
	if err != nil {
		return nil, err
	}
	h.w.truth.answer(d.Entries, receipt.Entries)
	return mobileapi.NewPushAnswer(&receipt), nil
}

func (h *headquarters) pull(
	ctx context.Context, token string, r mobileapi.PullRequest,
) (any, error) {
	caller, err := h.caller(ctx, token)
	if err != nil {
		return nil, err
	}
	page, err := h.ingest.Pull(ctx, ingest.Pull{
		Campaign: caller.Campaign, Device: caller.Device, Scopes: r.Scopes, After: r.After,
		Epoch: r.Epoch, Schema: r.Schema, Limit: h.w.script.City.Page,
		Held: ingest.Holding{Epoch: r.Held, Sizes: r.Sizes},
	})
	return mobileapi.NewPullAnswer(&page), err
}

// work does something at headquarters that its people want done. What its rules
// refuse is no failure, nor is being killed.
func (h *headquarters) work(do func(ctx context.Context) error) error {
	err := h.guard(func() error { return do(context.Background()) })
	if errors.Is(err, errKilled) || schema.FaultCode(err) != "" || (h.full && isFull(err)) {
		err = nil
	}
	return err
}

func (h *headquarters) act() error {
	switch w := h.w; w.step.Verb { //nolint:exhaustive // the verbs of one actor
	case sim.Edit, sim.Add, sim.Resolve, sim.Review, sim.Move, sim.Revoke:
		return h.write()
	case sim.Look:
		return h.lookNow()
	case sim.Release:
		return h.release()
	case sim.Upgrade:
		return h.upgrade(min(h.version+1, schema.Version))
	case sim.Backup:
		return h.backup()
	case sim.Restore:
		return h.restore()
	case sim.Rollback:
		return h.rollback()
	case sim.Clock:
		h.clock.Set(w.word(0), w.step.Dice)
		return nil
	case sim.Crash:
		if err := h.freeze(); err != nil {
			return err
		}
		err := h.restart()
		w.truth.observe(h)
		w.truth.checkAnswered(w, "after a crash")
		return err
	default:
		return fmt.Errorf("%w: headquarters does not %s", sim.ErrScript, w.step.Verb)
	}
}

func (h *headquarters) upgrade(to int) error {
	if to == h.version {
		return h.w.skip()
	}
	h.version = to
	if err := h.restart(); err != nil {
		return err
	}
	err := h.work(h.ingest.Upgrade)
	// A program that was killed at it does it when it starts.
	return errors.Join(err, h.work(func(ctx context.Context) error { return h.ingest.Upgrade(ctx) }))
}

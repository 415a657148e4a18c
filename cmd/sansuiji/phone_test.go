package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"

	"github.com/golang-jwt/jwt/v5"
)

// phone is a device that talks to the program as the field app does.
type phone struct {
	ingesttest.Device
	p      *program
	format format
	token  string
	sent   []chain.Hash // entries that were acknowledged
	visits []schema.RowID
}

// newPhone is a phone that nobody has enrolled.
func (p *program) newPhone(f format, key crypto.Signer) *phone {
	p.t.Helper()
	return &phone{Device: ingesttest.NewDevice(p.t, p.access.Campaign, key, time.Now), p: p, format: f}
}

// enrolled is a phone of the demo's inspector that has pulled everything.
func (p *program) enrolled(f format) *phone {
	p.t.Helper()
	return p.enrolWith(f, ingesttest.NewKey(p.t))
}

func (p *program) enrolWith(f format, key crypto.Signer) *phone {
	p.t.Helper()
	d := p.newPhone(f, key)
	var e mobileapi.Enrolment
	f.read(p.t, p.send(d.enrolment(p.newCode())), &e)
	if e.CampaignID != d.Campaign.String() || e.DeviceID != d.ID.String() || e.InspectorName == "" ||
		e.TeamName == "" || e.SchemaVersion != schema.Version {
		p.t.Errorf("enrolled as %+v", e)
	}
	var err error
	d.Inspector, err = schema.ParseID[schema.RowID](e.InspectorID)
	must(p.t, err)
	d.authenticate()
	d.pull()
	p.phones = append(p.phones, d)
	return d
}

// newP256 makes a key such as browsers make.
func newP256(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return key
}

// sign signs a message as WebCrypto does.
func sign(t testing.TB, key crypto.Signer, message []byte) []byte {
	t.Helper()
	switch k := key.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(k, message)
	case *ecdsa.PrivateKey:
		digest := sha256.Sum256(message)
		r, s, err := ecdsa.Sign(rand.Reader, k, digest[:])
		must(t, err)
		b := make([]byte, 64)
		r.FillBytes(b[:32])
		s.FillBytes(b[32:])
		return b
	}
	t.Fatalf("a key of type %T", key)
	return nil
}

// enrolRequest asks with a code, properly signed.
func (d *phone) enrolRequest(code string) mobileapi.EnrolRequest {
	d.T.Helper()
	message := slices.Concat([]byte("sansuiji/enrol/1\n"+code), d.ID[:], d.PublicKey)
	return mobileapi.EnrolRequest{
		Code: code, DeviceID: d.ID.String(), Name: "測試手機",
		PublicKey: d.PublicKey, Signature: sign(d.T, d.Key, message),
	}
}

func (d *phone) enrolment(code string) request {
	d.T.Helper()
	return d.format.post(d.T, "/api/v1/enrol", d.enrolRequest(code))
}

// claims are those of a good assertion.
func (d *phone) claims() jwt.RegisteredClaims {
	return jwt.RegisteredClaims{
		Issuer: d.ID.String(), Subject: d.ID.String(),
		Audience:  jwt.ClaimStrings{d.p.url() + "/api/v1/token"},
		IssuedAt:  jwt.NewNumericDate(time.Now()),
		ExpiresAt: jwt.NewNumericDate(time.Now().Add(5 * time.Minute)),
	}
}

// assertion signs claims with the phone's key.
func (d *phone) assertion(claims jwt.Claims) string {
	d.T.Helper()
	var method jwt.SigningMethod = jwt.SigningMethodEdDSA
	if _, ok := d.Key.(*ecdsa.PrivateKey); ok {
		method = jwt.SigningMethodES256
	}
	text, err := jwt.NewWithClaims(method, claims).SignedString(d.Key)
	must(d.T, err)
	return text
}

// tokenRequest exchanges an assertion.
func tokenRequest(assertion string) request {
	form := url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion},
	}
	return request{path: "/api/v1/token", body: []byte(form.Encode())}.
		with("Content-Type", "application/x-www-form-urlencoded")
}

// authenticate gets an access token.
func (d *phone) authenticate() {
	d.T.Helper()
	var token mobileapi.Token
	f := jsonFormat()
	f.read(d.T, d.p.send(tokenRequest(d.assertion(d.claims()))), &token)
	if token.TokenType != "Bearer" || token.ExpiresIn <= 0 {
		d.T.Errorf("token %+v", token)
	}
	d.token = token.AccessToken
}

// signedIn adds the phone's token to a request.
func (d *phone) signedIn(r request) request { return r.with("Authorization", "Bearer "+d.token) }

// pushRequest is a push in the phone's format.
func (d *phone) pushRequest(push chain.Push) request {
	d.T.Helper()
	body := mobileapi.PushRequest{
		CampaignID: push.Campaign.String(), DeviceID: push.Device.String(),
		Entries: []mobileapi.Octets{}, Signature: push.Signature,
	}
	for _, e := range push.Entries {
		body.Entries = append(body.Entries, e)
	}
	return d.signedIn(d.format.post(d.T, "/api/v1/push", body))
}

// push sends all that waits and notes what was acknowledged.
func (d *phone) push() mobileapi.PushAnswer {
	d.T.Helper()
	push := d.Take()
	return d.acknowledged(push, d.p.send(d.pushRequest(push)))
}

// acknowledged reads the answer to a push.
func (d *phone) acknowledged(push chain.Push, a answer) mobileapi.PushAnswer {
	d.T.Helper()
	var got mobileapi.PushAnswer
	d.format.read(d.T, a, &got)
	if len(got.Entries) != len(push.Entries) || got.Next != d.Head.Seq+1 {
		d.T.Fatalf("receipt for %d of %d entries, next %d after %d",
			len(got.Entries), len(push.Entries), got.Next, d.Head.Seq)
	}
	for _, e := range push.Entries {
		d.sent = append(d.sent, chain.HashBytes(e))
	}
	return got
}

// pull pulls until nothing is left and returns what changed, by table.
func (d *phone) pull() map[string][]changeset.Change {
	d.T.Helper()
	all := map[string][]changeset.Change{}
	for more := true; more; {
		page := d.page("&limit=1500")
		for table, changes := range ingesttest.ChangesOf(d.T, page.Patchset) {
			all[table] = append(all[table], changes...)
		}
		var err error
		d.Seen.Epoch, err = schema.ParseID[schema.Epoch](page.Epoch)
		must(d.T, err)
		at, err := strconv.ParseUint(page.Clock, 10, 64)
		must(d.T, err)
		d.Seen.Revision, d.Clock, more = page.Next, max(d.Clock, clock.Time(at)), page.More
	}
	for _, c := range all["visit"] {
		d.visits = append(d.visits, schema.RowID(c.New[0].Bytes))
	}
	return all
}

// page pulls one page after what the phone has seen.
func (d *phone) page(more string) mobileapi.PullAnswer {
	d.T.Helper()
	var page mobileapi.PullAnswer
	d.format.read(d.T, d.p.send(d.pullRequest("after="+strconv.FormatUint(d.Seen.Revision, 10)+
		"&epoch="+d.Seen.Epoch.String()+more)), &page)
	return page
}

func (d *phone) pullRequest(query string) request {
	return d.signedIn(request{path: "/api/v1/pull?" + query}).with("Accept", d.format.name)
}

// saveFinding seals a new finding at the first visit.
func (d *phone) saveFinding() schema.RowID {
	d.T.Helper()
	id := schema.NewRowID()
	d.Save(func(b *edit.Builder) { d.Finding(b, id, d.visits[0], "minor") })
	return id
}

// works proves that a good push still goes through.
func (d *phone) works() {
	d.T.Helper()
	id := d.saveFinding()
	if r := d.push(); r.Entries[0].Outcome != schema.Merged {
		d.T.Errorf("a good push: %+v", r.Entries[0])
	}
	for _, c := range d.pull()["finding"] {
		if schema.RowID(c.New[0].Bytes) == id {
			return
		}
	}
	d.T.Error("a good push did not come back")
}

// checkHistory finds everything that was acknowledged in the history.
func (d *phone) checkHistory() {
	d.T.Helper()
	ctx := context.Background()
	for _, hash := range d.sent {
		must(d.T, d.p.store.Read(ctx, d.Campaign, func(v store.View) error {
			var n int
			err := v.QueryRowContext(ctx, "SELECT count(*) FROM history WHERE campaign_no = $1 AND hash = $2",
				v.CampaignNo, hash[:]).Scan(&n)
			if n != 1 {
				d.T.Errorf("entry %x was acknowledged and is %d times in the history", hash, n)
			}
			return err
		}))
	}
}

// revoke stops a device, as headquarters would.
func (d *phone) revoke() {
	d.T.Helper()
	b := edit.New(d.p.ingest.Catalogue)
	b.Update("device", schema.RowID(d.ID), edit.Cells{}, edit.Cells{"revoked_at": edit.Int(1)})
	must(d.T, d.p.ingest.WriteRows(context.Background(), d.Campaign, b))
}

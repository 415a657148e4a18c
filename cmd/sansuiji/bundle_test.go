package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/bundle"
	file "sansuiji/syncengine/bundle"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/edit"

	"filippo.io/age"
)

// sealedBundle is a file of what a phone has not sent and some photos, sealed to the key
// that it was told with its token.
func (d *phone) sealedBundle(photos ...[]byte) []byte {
	d.T.Helper()
	var token mobileapi.Token
	jsonFormat().read(d.T, d.p.send(tokenRequest(d.assertion(d.claims()))), &token)
	to, err := age.ParseX25519Recipient(token.BundleKey)
	must(d.T, err)
	var b bytes.Buffer
	seal, err := age.Encrypt(&b, to)
	must(d.T, err)
	w, err := file.NewWriter(seal, file.Manifest{
		CampaignID: d.Campaign.String(), DeviceID: d.ID.String(), Attachments: len(photos),
	}, []chain.Push{d.Take()})
	must(d.T, err)
	for _, photo := range photos {
		must(d.T, w.Attachment(sha256.Sum256(photo), photo))
	}
	must(d.T, w.Close())
	must(d.T, seal.Close())
	return b.Bytes()
}

// bring sends a bundle as somebody at headquarters.
func (p *program) bring(file []byte, query string) answer {
	p.t.Helper()
	r := request{path: "/api/hq/campaigns/{campaign}/bundle" + query, body: file}
	return p.send(p.hq(r.with("Content-Type", "application/octet-stream").with("Accept", "application/json")))
}

func TestABundleIsBroughtToHeadquarters(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	id := schema.NewRowID()
	d.Save(func(b *edit.Builder) { d.Finding(b, id, d.visits[0], "minor") })
	sealed := d.sealedBundle(bytes.Repeat([]byte("photo"), 1<<20))
	damaged := bytes.Clone(sealed)
	damaged[len(damaged)-1000] ^= 1
	d.wantStatus(p.bring(damaged, ""), http.StatusUnprocessableEntity, "bundle-damaged")
	d.wantStatus(p.bring([]byte("hello, world"), ""), http.StatusUnprocessableEntity, "bundle-damaged")
	for _, want := range []bundle.Taken{
		{Sealed: true, DeviceID: d.ID.String(), Entries: 1, Merged: 1, Attachments: 1, Stored: 1},
		{Sealed: true, DeviceID: d.ID.String(), Entries: 1, Known: 1, Attachments: 1},
	} {
		var taken bundle.Taken
		jsonFormat().read(t, p.bring(sealed, ""), &taken)
		have, err := json.Marshal(taken)
		must(t, err)
		if wanted, _ := json.Marshal(want); !bytes.Equal(wanted, have) {
			t.Errorf("%s, want %s", have, wanted)
		}
	}
	anybody := p.send(request{path: "/api/hq/campaigns/" + d.Campaign.String() + "/bundle", body: []byte("x")}.with("Content-Type", "application/octet-stream"))
	d.wantStatus(anybody, http.StatusUnauthorized)
}

func TestABundleGoesThroughTheCommandLineOnce(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	d.Save(func(b *edit.Builder) { d.Finding(b, schema.NewRowID(), d.visits[0], "minor") })
	name := filepath.Join(t.TempDir(), "phone.sansuiji")
	must(t, os.WriteFile(name, d.sealedBundle([]byte("photo")), 0o600))
	p.stop()
	for _, want := range []string{"1 entries: 1 merged, 0 known", "1 entries: 0 merged, 1 known"} {
		var out, errs bytes.Buffer
		code := run([]string{"import", "bundle", "--data", p.data, "--database", p.database, "--campaign", d.Campaign.String(), "--lang", "en", name}, nil, &out, &errs)
		if code != 0 || !strings.Contains(out.String(), want) {
			t.Errorf("exit %d\n%s%s", code, &out, &errs)
		}
	}
	var errs bytes.Buffer
	must(t, os.WriteFile(name, []byte("PK"), 0o600))
	if code := run([]string{"import", "bundle", "--data", p.data, "--database", p.database, "--campaign", d.Campaign.String(), "--lang", "en", name}, nil, io.Discard, &errs); code != 1 ||
		!strings.Contains(errs.String(), faultOf(t, schema.FaultBundleDamaged).Title.En) {
		t.Errorf("exit %d, %s", code, &errs)
	}
}

func TestAPhoneReportsAndIsToldToWipeItself(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	report := func() (noted mobileapi.ContactNoted) {
		t.Helper()
		d.format.read(t, p.send(d.signedIn(d.format.post(t, "/api/v1/contact", mobileapi.Report{Version: "0.2.0", Unsent: 3}))), &noted)
		return noted
	}
	if report().WipeOrdered {
		t.Error("nobody ordered that")
	}
	must(t, p.identity.OrderWipe(t.Context(), d.Campaign, schema.RowID(d.ID)))
	must(t, p.identity.Revoke(t.Context(), d.Campaign, schema.RowID(d.ID)))
	if !report().WipeOrdered {
		t.Error("it is not told")
	}
	d.wantStatus(p.send(d.signedIn(request{path: "/api/v1/pull"})), http.StatusForbidden, "device-wipe-ordered")
	d.Save(func(b *edit.Builder) { d.Finding(b, schema.NewRowID(), d.visits[0], "minor") })
	if r := d.push(); r.Entries[0].Outcome != schema.Quarantined {
		t.Errorf("%+v", r)
	}
	wiped := d.signedIn(d.format.post(t, "/api/v1/wiped", mobileapi.Lost{Entries: 1}))
	d.wantStatus(p.send(wiped), http.StatusNoContent)
	d.wantStatus(p.send(wiped), http.StatusForbidden, "device-revoked")
}

package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"sansuiji/mobileapi"
	"sansuiji/schema"
)

// refusal is a request that must be refused, and how.
type refusal struct {
	name    string
	request request
	status  int
	code    string
}

// answerMax is how large the answer to a bad request may be, in bytes.
const answerMax = 16 << 10

// refused sends bad requests and wants the same problem document for each in
// Chinese and English, in JSON and CBOR.
func (p *program) refused(t *testing.T, cases []refusal) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := faultOf(t, c.code)
			asked := c.request.with("Accept", "*/*")
			for _, v := range []struct {
				request request
				format  format
				title   string
				advice  string
			}{
				{asked, jsonFormat(), f.Title.Zh, f.Advice.Zh},
				{asked.with("Accept-Language", "zh-Hant-CN"), jsonFormat(), f.Title.Zh, f.Advice.Zh},
				{asked.with("Accept-Language", "en-GB, en;q=0.8"), jsonFormat(), f.Title.En, f.Advice.En},
				{c.request.with("Accept", "application/cbor"), cborFormat(), f.Title.Zh, f.Advice.Zh},
			} {
				a := p.send(v.request)
				if a.status != c.status || a.header.Get("Content-Type") != v.format.problem {
					t.Errorf("answer %s, want %d in %s", &a, c.status, v.format.problem)
					return
				}
				var d problemDocument
				must(t, v.format.decode(a.body, &d))
				checkDocument(t, &d, c, v.title, v.advice)
				if len(a.body) > answerMax {
					t.Errorf("the answer has %d bytes", len(a.body))
				}
			}
		})
	}
}

func checkDocument(t *testing.T, d *problemDocument, c refusal, title, advice string) {
	t.Helper()
	if d.Code != c.code || d.Type != "urn:sansuiji:problem:"+c.code || d.Status != c.status {
		t.Errorf("document %+v, want %d %s", d, c.status, c.code)
	}
	if d.Title != title || d.Advice != advice || advice == "" {
		t.Errorf("it says %q, %q; want %q, %q", d.Title, d.Advice, title, advice)
	}
	if age := time.Since(time.UnixMilli(d.ServerTime)); age < -time.Minute || age > time.Minute {
		t.Errorf("server time is %v ago", age)
	}
}

func TestABodyThatCannotBeReadIsRefused(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	inJSON := func(body string) request {
		return d.signedIn(request{path: "/api/v1/push", body: []byte(body)}.with("Content-Type", "application/json"))
	}
	inCBOR := func(body string) request { return inJSON(body).with("Content-Type", "application/cbor") }
	packed := gzipped(t, bytes.Repeat([]byte("0123456789abcdef"), 1000))
	unpacked := func(b []byte) request { return inJSON(string(b)).with("Content-Encoding", "gzip") }
	good, err := json.Marshal(map[string]any{
		"campaign_id": d.Campaign, "device_id": d.ID, "entries": []string{},
	})
	must(t, err)
	replaced := func(old, new string) request { return inJSON(strings.Replace(string(good), old, new, 1)) }
	const (
		bad      = http.StatusBadRequest
		invalid  = http.StatusUnprocessableEntity
		tooLarge = http.StatusRequestEntityTooLarge
		media    = http.StatusUnsupportedMediaType
	)
	p.refused(t, []refusal{
		{"no body", inJSON(""), bad, schema.FaultBadRequest},
		{"JSON that ends early", inJSON(string(good[:len(good)-1])), bad, schema.FaultBadRequest},
		{"JSON with more behind it", inJSON(string(good) + "{}"), bad, schema.FaultBadRequest},
		{"no JSON", inJSON("批次"), bad, schema.FaultBadRequest},
		{"deep JSON", inJSON(strings.Repeat("[", 200_000)), bad, schema.FaultBadRequest},
		{"deep JSON in a field", replaced(`[]`, strings.Repeat("[", 9000)+strings.Repeat("]", 9000)), invalid, schema.FaultBadRequest},
		{"a JSON list", inJSON("[]"), invalid, schema.FaultBadRequest},
		{"JSON null", inJSON("null"), invalid, schema.FaultBadRequest},
		{"a field that is missing", replaced(`"device_id"`, `"device"`), invalid, schema.FaultBadRequest},
		{"entries that are no list", replaced(`[]`, `"x"`), invalid, schema.FaultBadRequest},
		{"an entry that is a number", replaced(`[]`, `[1]`), invalid, schema.FaultBadRequest},
		{"many entries that are numbers", replaced(`[]`, "["+strings.Repeat("1,", 4000)+"1]"), invalid, schema.FaultBadRequest},
		{"a long field that is no id", replaced(d.ID.String(), strings.Repeat("x", 1<<20)), invalid, schema.FaultBadRequest},
		{"an id in braces", replaced(`"`+d.ID.String(), `"{`+d.ID.String()), invalid, schema.FaultBadRequest},
		{"an entry that is no base64", replaced(`[]`, `["%%%"]`), invalid, schema.FaultBadRequest},
		{"CBOR that ends early", inCBOR("\xa3\x6b"), bad, schema.FaultBadRequest},
		{"no CBOR", inCBOR("\xff\xff"), bad, schema.FaultBadRequest},
		{"CBOR with more behind it", inCBOR("\xa0\x00"), bad, schema.FaultBadRequest},
		{"a CBOR list that claims 2^63 items", inCBOR("\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"), bad, schema.FaultBadRequest},
		{"deep CBOR", inCBOR(strings.Repeat("\x81", 10_000) + "\x80"), bad, schema.FaultBadRequest},
		{"CBOR text that is no UTF-8", inCBOR("\xa1\x61\xff\x00"), bad, schema.FaultBadRequest},
		{"CBOR with numbers for names", inCBOR("\xa1\x01\x02"), invalid, schema.FaultBadRequest},
		{"JSON called CBOR", inCBOR(string(good)), bad, schema.FaultBadRequest},
		{"another content type", inJSON(string(good)).with("Content-Type", "text/plain"), media, schema.FaultUnsupportedMedia},
		{"a form", inJSON(string(good)).with("Content-Type", "application/x-www-form-urlencoded"), media, schema.FaultUnsupportedMedia},
		{"another encoding", inJSON(string(good)).with("Content-Encoding", "br"), media, schema.FaultUnsupportedMedia},
		{"packed twice", unpacked(packed).with("Content-Encoding", "gzip, gzip"), media, schema.FaultUnsupportedMedia},
		{"not packed at all", unpacked(good), bad, schema.FaultBadRequest},
		{"packed and cut off", unpacked(packed[:len(packed)-9]), bad, schema.FaultBadRequest},
		{"packed and damaged", unpacked(append(packed[:20:20], make([]byte, 40)...)), bad, schema.FaultBadRequest},
		{"a small body that unpacks to 100 MB", unpacked(gzipped(t, make([]byte, 100_000_000))), tooLarge, schema.FaultTooLarge},
		{"a body that is too large", inJSON(strings.Repeat(" ", mobileapi.BodyMax+1)), tooLarge, schema.FaultTooLarge},
	})
	d.works()
}

package evidence_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/report/evidence"
	"sansuiji/server/report/official"
)

// replace changes the first occurrence of a text in one member.
func replace(member, was, is string) func(string, []byte) []byte {
	return func(path string, body []byte) []byte {
		if path != member {
			return body
		}
		return bytes.Replace(body, []byte(was), []byte(is), 1)
	}
}

// TestWhoHasTheKeyCannotPackWhatNobodyWrote is of files whose bytes are all as signed: what
// they say is held against what devices wrote and the history has.
func TestWhoHasTheKeyCannotPackWhatNobodyWrote(t *testing.T) {
	r := full(t)
	clean := r.packed(inspection())
	all := members(t, clean)
	seal := between(all["history/seals.jsonl"], `"signature":"`, `"`)
	proof := between(all["history/entries.jsonl"], `"proof":["`, `"`)
	entry := between(all["history/entries.jsonl"], `"entry":"`, `"`)
	other := base64.StdEncoding.EncodeToString(make([]byte, 64))
	for _, c := range []struct {
		name, step string
		change     func(string, []byte) []byte
	}{
		{"another title of a finding", evidence.StepCells, replace("rows/finding.json", "第1季度未公示", "第9季度未公示")},
		{"another inspector", evidence.StepCells, replace("rows/finding.json", r.People[0].String(), r.People[1].String())},
		{"a number", evidence.StepCells, replace("rows/finding.json", "-1234567", "1234567")},
		{"a writer", evidence.StepCells, replace("rows/finding.json", `"positions":[`, `"positions":[1`)},
		{"a certificate", evidence.StepCells, replace("draws/1/certificate.json", "0877247", "0877248")},
		{"an entry", evidence.StepEntries, replace("history/entries.jsonl", entry, entry[:len(entry)-8]+"AAAAAAA=")},
		{"a proof", evidence.StepEntries, replace("history/entries.jsonl", proof, other[:43]+"=")},
		{"a time of receipt", evidence.StepEntries, replace("history/entries.jsonl", `"received_at":1790`, `"received_at":1791`)},
		{"a signature", evidence.StepSignatures, replace("history/seals.jsonl", seal, other)},
		{"a source that is not there", evidence.StepSources, replace("sources.json", `"id":"`+r.finds[0].String(), `"id":"`+r.finds[4].String())},
		{"a photo of another finding", evidence.StepPhotos, replace("photos.json", `"subject":"`+r.finds[0].String(), `"subject":"`+r.finds[2].String())},
		{"a photo that is another", evidence.StepPhotos, func(path string, body []byte) []byte {
			if strings.HasPrefix(path, "photos/") {
				return append(body, 0)
			}
			return body
		}},
		{"a photo that is gone", evidence.StepPhotos, func(path string, body []byte) []byte {
			if strings.HasPrefix(path, "photos/") {
				return nil
			}
			return body
		}},
		{"no checkpoint", evidence.StepCheckpoint, replace("history/checkpoint", "\n31\n", "\n30\n")},
	} {
		forged, err := evidence.Repack(clean, r.Service.Key, c.change)
		r.must(err)
		if bytes.Equal(forged, clean) {
			t.Fatalf("%s: nothing was changed", c.name)
		}
		report := verified(t, forged, evidence.Options{})
		if step := failing(report); step != c.step {
			t.Errorf("%s: step %q fails, want %s\n%s", c.name, step, c.step, told(report))
		}
	}
	same, err := evidence.Repack(clean, r.Service.Key, func(_ string, body []byte) []byte { return body })
	r.must(err)
	if !bytes.Equal(same, clean) {
		t.Error("the same members are another file")
	}
}

// between is the first text between two others.
func between(b []byte, from, to string) string {
	_, rest, _ := strings.Cut(string(b), from)
	text, _, _ := strings.Cut(rest, to)
	return text
}

// failing is the first step that fails.
func failing(report *evidence.Report) string {
	for i := range report.Steps {
		if report.Steps[i].Result == evidence.Fails {
			return report.Steps[i].Name
		}
	}
	return ""
}

func TestAFileUnderAnotherKeyIsNotOfTheCampaign(t *testing.T) {
	r := full(t)
	_, own, err := ed25519.GenerateKey(rand.Reader)
	r.must(err)
	forged, err := evidence.Repack(r.packed(inspection()), own, func(_ string, body []byte) []byte { return body })
	r.must(err)
	if step := failing(verified(t, forged, evidence.Options{})); step != evidence.StepCheckpoint {
		t.Errorf("step %q fails", step)
	}
}

// TestRowsThatPeopleDisagreeAboutAreProvedToo: what stands in a contested cell is what its
// last writer wrote.
func TestRowsThatPeopleDisagreeAboutAreProvedToo(t *testing.T) {
	r := newRound(t)
	a, b, id := r.Shared()
	for i, p := range []*ingesttest.Phone{a, b} {
		p.Save(ingesttest.SetCell(id, "severity", "minor", []string{"serious", "critical"}[i]))
		p.Save(ingesttest.SetCell(id, "status", "draft", "submitted"))
		p.Save(ingesttest.SetCell(id, "title", "帳目不清", []string{"帳目", "帳"}[i]))
		p.Push()
	}
	r.accept(id)
	if r.Conflicts("open") == 0 {
		t.Fatal("nobody disagrees")
	}
	report := verified(t, r.packed(inspection()), evidence.Options{})
	if report.Result != evidence.Holds {
		t.Error(told(report))
	}
}

func TestACampaignWithoutAHistoryHasNoEvidence(t *testing.T) {
	r := newRound(t)
	empty := schema.CampaignID(schema.NewRowID())
	r.must(r.Store.Begin(t.Context(), empty, schema.Epoch(schema.NewRowID())))
	r.Campaign = empty
	if err := r.pack(new(bytes.Buffer), official.Request{Kind: official.Inspection}); schema.FaultCode(err) != schema.FaultValue {
		t.Errorf("error %v", err)
	}
}

// TestAPhotoThatIsDamagedAtHeadquartersIsLeftOutAndNamed: the rest is evidence all the same.
func TestAPhotoThatIsDamagedAtHeadquartersIsLeftOutAndNamed(t *testing.T) {
	r := full(t)
	r.damage(evidence.Hex(picture(t, 0)))
	b := r.packed(inspection())
	if report := verified(t, b, evidence.Options{}); report.Result != evidence.Holds {
		t.Error(told(report))
	}
	if n := bytes.Count(members(t, b)["photos.json"], []byte(`"missing":"damaged"`)); n != 1 {
		t.Errorf("%d damaged photos are named, want 1", n)
	}
}

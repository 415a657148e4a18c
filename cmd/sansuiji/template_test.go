package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report"
)

// edited is a document with other words, as if somebody had opened it.
func edited(t *testing.T, file []byte, pairs ...string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		text, err := io.ReadAll(r)
		must(t, err)
		part, err := w.Create(f.Name)
		must(t, err)
		_, err = io.WriteString(part, strings.NewReplacer(pairs...).Replace(string(text)))
		must(t, err)
	}
	must(t, w.Close())
	return out.Bytes()
}

func TestATemplateIsTakenEditedBroughtAndUsed(t *testing.T) {
	p := start(t)
	f := jsonFormat()
	const templates, reports = "/api/hq/campaigns/{campaign}/templates", "/api/hq/campaigns/{campaign}/reports"
	standard := p.send(p.hq(request{path: "/api/hq/template-kinds/progress/standard.docx"}))
	places := p.send(p.hq(request{path: "/api/hq/template-kinds/progress/places.docx?lang=en"}))
	if standard.status != http.StatusOK || places.status != http.StatusOK ||
		!strings.Contains(standard.header.Get("Content-Disposition"), "filename*=UTF-8''%E6") {
		t.Fatalf("%d %d %v", standard.status, places.status, standard.header)
	}
	put := func(file []byte) (taken report.TemplateTaken) {
		f.read(t, p.send(p.hq(f.post(t, templates, map[string]any{
			"kind": "progress", "name": "市裡的通報", "file": base64.StdEncoding.EncodeToString(file),
		}))), &taken)
		return taken
	}
	wrong := put(edited(t, standard.body, "{{/逐條}}", "", "{{標題}}", "{{標提}}"))
	if wrong.Kept != nil || len(wrong.Mistakes) < 3 || wrong.Mistakes[0].Where.Near != "{{標提}}" {
		t.Errorf("%+v", wrong)
	}
	kept := put(edited(t, standard.body, "一、總體進展", "一、全市進展"))
	if kept.Kept == nil || len(kept.Mistakes) > 0 {
		t.Fatalf("%v", kept.Mistakes.In("zh"))
	}
	version := fmt.Sprintf("%s/%s/%d", templates, kept.Kept.ID, kept.Kept.Version)
	var job report.Job
	f.read(t, p.send(p.hq(f.post(t, reports, map[string]any{"kind": "progress", "format": "docx", "template": kept.Kept.ID}))), &job)
	for wait := 0; job.State != report.Done; wait++ {
		if wait == 600 || job.State == report.Failed {
			t.Fatalf("%+v", job)
		}
		time.Sleep(50 * time.Millisecond)
		job = ask[[]report.Job](p, reports)[0]
	}
	made := p.send(p.hq(request{path: reports + "/" + job.ID + "/file"}))
	if job.Order.Version != 1 || !strings.Contains(documentText(t, made.body), "全市進展") || strings.Contains(documentText(t, made.body), "{{") {
		t.Errorf("%+v %s", job, documentText(t, made.body))
	}
	// The command line takes what is kept, and a file.
	file := filepath.Join(t.TempDir(), "t.docx")
	must(t, os.WriteFile(file, p.send(p.hq(request{path: version + "/file"})).body, 0o600))
	for _, name := range []string{kept.Kept.ID, kept.Kept.ID + "/1", file} {
		out := filepath.Join(t.TempDir(), "a.docx")
		var stdout, stderr bytes.Buffer
		if code := run([]string{
			"report", "--data", p.data, "--campaign", p.access.Campaign.String(), "--kind", "progress", "--template", name, "--out", out,
		}, nil, &stdout, &stderr); code != 0 {
			t.Fatalf("exit %d: %s", code, &stderr)
		}
		if printed, err := os.ReadFile(out); err != nil || !bytes.Equal(printed, made.body) {
			t.Errorf("%s: the command line makes something else (%v)", name, err)
		}
	}
	if a := p.send(p.hq(f.post(t, version+"/withdraw", struct{}{}))); a.status != http.StatusNoContent {
		t.Errorf("withdraw: %s", &a)
	}
	p.refused(t, []refusal{
		{"a withdrawn version", p.hq(f.post(t, reports, map[string]any{"kind": "progress", "format": "docx", "template": kept.Kept.ID, "template_version": 1})), http.StatusUnprocessableEntity, schema.FaultTemplate},
		{"a template as PDF", p.hq(f.post(t, reports, map[string]any{"kind": "progress", "format": "pdf", "template": kept.Kept.ID})), http.StatusUnprocessableEntity, schema.FaultTemplate},
		{"nobody's template", p.hq(f.post(t, reports, map[string]any{"kind": "progress", "format": "docx", "template": nobodysID})), http.StatusNotFound, schema.FaultNotFound},
		{"nobody's file", p.hq(request{path: templates + "/" + nobodysID + "/1/file"}), http.StatusNotFound, schema.FaultNotFound},
		{"a template without a name", p.hq(f.post(t, templates, map[string]any{"kind": "progress", "name": "", "file": "eA=="})), http.StatusUnprocessableEntity, schema.FaultValue},
	})
}

func documentText(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	part, err := z.Open("word/document.xml")
	must(t, err)
	text, err := io.ReadAll(part)
	must(t, err)
	return string(text)
}

func TestTheCommandLineNamesTheMistakesOfATemplate(t *testing.T) {
	_, standard, err := report.StandardTemplate(t.Context(), "progress", false)
	must(t, err)
	file := filepath.Join(t.TempDir(), "t.docx")
	must(t, os.WriteFile(file, edited(t, standard, "{{標題}}", "{{標提}}"), 0o600))
	var stdout, stderr bytes.Buffer
	if code := run([]string{"report", "--campaign", "x", "--kind", "progress", "--template", file}, nil, &stdout, &stderr); code != 1 ||
		!strings.Contains(stderr.String(), "正文「{{標提}}」附近") {
		t.Errorf("exit %d: %s", code, &stderr)
	}
}

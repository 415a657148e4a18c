package report_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report"
	"sansuiji/server/report/official"
	"sansuiji/server/report/template"
)

// ordered makes a document as somebody orders it.
func (o *office) ordered(order report.Order) []byte {
	o.Helper()
	var b bytes.Buffer
	_, err := o.printer.Make(o.Context(), o.Campaign, &order, &b, nil)
	o.must(err)
	return b.Bytes()
}

// standard is the program's own template of a kind.
func standard(t *testing.T, kind string, english bool) []byte {
	t.Helper()
	_, b, err := report.StandardTemplate(t.Context(), kind, english)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (o *office) templates() *report.Templates {
	return &report.Templates{Store: o.Store, Now: func() time.Time { return o.Now }}
}

// kept keeps a template.
func (o *office) kept(kind string, file []byte) report.TemplateVersion {
	o.Helper()
	taken, err := o.templates().Put(o.Context(), o.Campaign, &report.TemplateUpload{Kind: kind, Name: "市裡的" + kind, File: file}, "老錢")
	o.must(err)
	if taken.Kept == nil {
		o.Fatalf("%s: %v", kind, taken.Mistakes.In("zh"))
	}
	return *taken.Kept
}

// requests are one of each kind of document.
func (o *office) requests() map[string]official.Request {
	return map[string]official.Request{
		"inspection": {Kind: official.Inspection, To: "市委", Pending: true},
		"feedback":   {Kind: official.Feedback, Unit: "V1"},
		"visit":      {Kind: official.VisitSheet, Visit: o.Visits[0].String()},
		"progress":   {Kind: official.Progress, Issue: "3"},
		"ranking":    {Kind: official.Ranking},
	}
}

func TestTheProgramsOwnTemplatesAreFilled(t *testing.T) {
	o := full(t)
	for kind, request := range o.requests() {
		for _, english := range []bool{false, true} {
			t.Run(fmt.Sprint(kind, english), func(t *testing.T) {
				file := standard(t, kind, english)
				if !bytes.Equal(file, standard(t, kind, english)) {
					t.Error("the template differs each time")
				}
				kept := o.kept(kind, file)
				name := "template-" + kind
				if english {
					request.Language, name = "en", name+"-en"
				}
				order := report.Order{Request: request, Format: report.DOCX, Wording: report.Wording{Template: kept.ID}}
				b := o.ordered(order)
				if !bytes.Equal(b, o.ordered(order)) {
					t.Error("the same position and version give other bytes")
				}
				o.keep(name+".docx", b)
				parts := unzip(t, b)
				sound(t, parts)
				if text := textOf(parts); strings.Contains(text, "{{") || len(text) < 200 {
					t.Errorf("%s", text)
				}
				_, list, err := report.TemplatePlaces(t.Context(), kind, english)
				o.must(err)
				o.keep(name+"-places.docx", list)
			})
		}
	}
}

// sound wants every number to have its meaning, and a package without loose ends.
func sound(t *testing.T, parts parcel) {
	t.Helper()
	document, types := parts["word/document.xml"], parts["[Content_Types].xml"]
	for name, text := range parts {
		if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
			wellFormed(t, name, text)
		}
	}
	unique(t, "overridden content types", attribute(types, "PartName"))
	for _, part := range attribute(types, "PartName") {
		if parts[strings.TrimPrefix(part, "/")] == "" {
			t.Errorf("content type of %s, which is not there", part)
		}
	}
	rels := parts["word/_rels/document.xml.rels"]
	unique(t, "relationships", attribute(rels, "Id"))
	for _, name := range []string{"r:id", "r:embed"} {
		for _, id := range attribute(document, name) {
			if !strings.Contains(rels, `Id="`+id+`"`) {
				t.Errorf("%s=%s has no relationship", name, id)
			}
		}
	}
	styles := parts["word/styles.xml"]
	unique(t, "styles", attribute(styles, "w:styleId"))
	for _, m := range regexp.MustCompile(`<w:[pr]Style w:val="([^"]*)"`).FindAllStringSubmatch(document, -1) {
		if !strings.Contains(styles, `w:styleId="`+m[1]+`"`) {
			t.Errorf("style %s is not there", m[1])
		}
	}
	unique(t, "names of bookmarks", attribute(document, "w:name"))
	for _, anchor := range attribute(document, "w:anchor") {
		if !strings.Contains(document, `w:name="`+anchor+`"`) {
			t.Errorf("link to %s, which is not there", anchor)
		}
	}
}

func TestATemplateSaysWhatTheProgramSays(t *testing.T) {
	o := full(t)
	for kind, request := range o.requests() {
		own := squeezed(textOf(unzip(t, o.printed(request, report.DOCX))))
		text := squeezed(textOf(unzip(t, o.ordered(report.Order{
			Request: request, Format: report.DOCX, Wording: report.Wording{Template: o.kept(kind, standard(t, kind, false)).ID},
		}))))
		for _, secret := range []string{"匿名", "密封的話", "age1"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s says %s", kind, secret)
			}
		}
		for i := range 12 { // every source of the program's own document is one here
			id := schema.NaturalRowID("finding " + fmt.Sprint(i)).String()
			if strings.Count(own, id) != strings.Count(text, id) {
				t.Errorf("%s: finding %d is %d times in the own document, %d times in the template's", kind, i, strings.Count(own, id), strings.Count(text, id))
			}
		}
	}
	few := textOf(unzip(t, o.ordered(report.Order{
		Request: official.Request{Kind: official.Inspection, Unit: "S1"}, Format: report.DOCX,
		Wording: report.Wording{Template: o.kept(official.Inspection, standard(t, official.Inspection, false)).ID},
	})))
	if !strings.Contains(few, "少於5人") || strings.Contains(few, "共訪談2人") {
		t.Error("a figure about two people is shown")
	}
}

func TestADocumentBecomesATemplateAgain(t *testing.T) {
	o := full(t)
	request := official.Request{Kind: official.Feedback, Unit: "V1"}
	once := o.ordered(report.Order{Request: request, Format: report.DOCX, Wording: report.Wording{Template: o.kept(official.Feedback, standard(t, official.Feedback, false)).ID}})
	// Somebody puts a block into what was made, which has blocks of its own.
	again := rezip(t, once, func(name, text string) string {
		if name != "word/document.xml" {
			return text
		}
		return strings.Replace(text, "<w:body>", "<w:body><w:p><w:r><w:t>{{&gt; 現場照片}}</w:t></w:r></w:p><w:p><w:r><w:t>{{&gt; 整改</w:t></w:r><w:r><w:t>要求}}</w:t></w:r></w:p>", 1)
	})
	sound(t, unzip(t, o.ordered(report.Order{Request: request, Format: report.DOCX, Wording: report.Wording{Template: o.kept(official.Feedback, again).ID}})))
}

func TestVersionsAreKeptUsedAndWithdrawn(t *testing.T) {
	o := full(t)
	s := o.templates()
	first := o.kept(official.Progress, standard(t, official.Progress, false))
	id := o.jobID(first.ID)
	next, err := s.Put(t.Context(), o.Campaign, &report.TemplateUpload{Kind: official.Progress, Template: first.ID, File: standard(t, official.Progress, true)}, "小孫")
	o.must(err)
	if next.Kept == nil || next.Kept.Version != 2 || next.Kept.Name != first.Name || next.Kept.MadeBy != "小孫" {
		t.Fatalf("%+v", next)
	}
	order := report.Order{Request: official.Request{Kind: official.Progress}, Format: report.DOCX, Wording: report.Wording{Template: first.ID}}
	j, err := o.jobs.Start(t.Context(), o.Campaign, order, "老錢")
	o.must(err)
	if j.Order.Version != 2 {
		t.Errorf("the job does not say that it takes the newest: %+v", j.Order)
	}
	o.must(s.Withdraw(t.Context(), o.Campaign, id, 2))
	o.run()
	if done := o.settled(j.ID); done.State != report.Done { // it was asked for before
		t.Errorf("%+v", done)
	}
	if j, err = o.jobs.Start(t.Context(), o.Campaign, order, "老錢"); err != nil || j.Order.Version != 1 {
		t.Errorf("%+v %v", j.Order, err)
	}
	order.Version = 2
	if _, err := o.jobs.Start(t.Context(), o.Campaign, order, "老錢"); schema.FaultCode(err) != schema.FaultTemplate {
		t.Error(err)
	}
	_, file, err := s.Open(t.Context(), o.Campaign, id, 2)
	o.must(err)
	if !bytes.Equal(file, standard(t, official.Progress, true)) {
		t.Error("a version is not what was brought")
	}
	list, err := s.List(t.Context(), o.Campaign)
	if err != nil || len(list) != 2 || list[0].Version != 2 || list[0].WithdrawnAt == nil || list[1].WithdrawnAt != nil {
		t.Errorf("%+v %v", list, err)
	}
}

func TestATemplateWithMistakesIsNotKept(t *testing.T) {
	o := newOffice(t)
	s := o.templates()
	file := rezip(t, standard(t, official.Progress, false), func(_, text string) string {
		return strings.ReplaceAll(text, "總體進展}}", "總體近展}}")
	})
	taken, err := s.Put(t.Context(), o.Campaign, &report.TemplateUpload{Kind: official.Progress, Name: "n", File: file}, "老錢")
	o.must(err)
	if taken.Kept != nil || len(taken.Mistakes) != 1 || taken.Mistakes[0].Code != template.UnknownBlock || !strings.Contains(taken.Mistakes[0].Said.Zh, "是否為「總體進展」") {
		t.Errorf("%+v", taken)
	}
	if list, err := s.List(t.Context(), o.Campaign); err != nil || len(list) > 0 {
		t.Errorf("%v %v", list, err)
	}
	kept := o.kept(official.Progress, standard(t, official.Progress, false))
	for name, c := range map[string]struct {
		put  report.TemplateUpload
		code string
	}{
		"no name":      {report.TemplateUpload{Kind: official.Progress}, schema.FaultValue},
		"no kind":      {report.TemplateUpload{Kind: "novel", Name: "n"}, schema.FaultValue},
		"another kind": {report.TemplateUpload{Kind: official.Feedback, Template: kept.ID, File: standard(t, official.Feedback, false)}, schema.FaultTemplate},
		"nobody's":     {report.TemplateUpload{Kind: official.Progress, Template: schema.NewRowID().String(), File: standard(t, official.Progress, false)}, schema.FaultNotFound},
	} {
		if _, err := s.Put(t.Context(), o.Campaign, &c.put, "老錢"); schema.FaultCode(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, order := range map[string]report.Order{
		"as PDF":       {Request: official.Request{Kind: official.Progress}, Format: report.PDF, Wording: report.Wording{Template: kept.ID}},
		"another kind": {Request: official.Request{Kind: official.Inspection}, Format: report.DOCX, Wording: report.Wording{Template: kept.ID}},
	} {
		if _, err := o.printer.Make(t.Context(), o.Campaign, &order, io.Discard, nil); schema.FaultCode(err) != schema.FaultTemplate {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNamesMeanOneThing: two names of a scope that look the same to the program would hide
// one another.
func TestNamesMeanOneThing(t *testing.T) {
	var look func(kind, where string, s *template.Scope)
	look = func(kind, where string, s *template.Scope) {
		names := func(what string, list []template.Name) {
			for i, n := range list {
				if n.En == "" || n.Zh == "" {
					t.Errorf("%s%s: %s %+v has no name", kind, where, what, n)
				}
				for _, o := range list[i+1:] {
					for _, said := range []string{n.En, n.Zh} {
						if o.Is(said) {
							t.Errorf("%s%s: %s %s twice", kind, where, what, said)
						}
					}
				}
			}
		}
		var places, lists, blocks []template.Name
		for _, p := range s.Places {
			places = append(places, p.Name)
		}
		for _, l := range s.Lists {
			lists = append(lists, l.Name)
			look(kind, where+"/"+l.Name.En, l.Of)
		}
		for _, b := range s.Blocks {
			blocks = append(blocks, b.Name)
		}
		names("place", places)
		names("list", lists)
		names("block", blocks)
	}
	for _, k := range official.Kinds() {
		look(k.Code, "", official.Vocabulary(k.Code))
	}
}

// rezip is a package with other parts.
func rezip(t *testing.T, b []byte, change func(name, text string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	parts := unzip(t, b)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		part, err := w.Create(f.Name)
		if err == nil {
			_, err = io.WriteString(part, change(f.Name, parts[f.Name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

package report_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sansuiji/server/report"
	"sansuiji/server/report/evidence"
	"sansuiji/server/report/official"
)

// TestEvidenceHasTheVeryDocumentsThatJobsMake, of every kind of document.
func TestEvidenceHasTheVeryDocumentsThatJobsMake(t *testing.T) {
	o := busy(t)
	for _, request := range []official.Request{
		{Kind: official.Inspection, Language: "en"},
		{Kind: official.Feedback, Unit: "V1"},
		{Kind: official.VisitSheet, Visit: o.Visits[0].String()},
		{Kind: official.Progress},
		{Kind: official.Ranking},
	} {
		b := o.printed(request, report.ZIP)
		found, err := evidence.Verify(bytes.NewReader(b), int64(len(b)), evidence.Options{})
		o.must(err)
		if found.Result != evidence.Holds {
			t.Errorf("%s: %+v", request.Kind, found.Steps)
		}
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		o.must(err)
		for _, secret := range []string{"interview", "interview_score", "ballot_box", "roster_person", "contact"} {
			if _, err := z.Open("rows/" + secret + ".json"); err == nil {
				t.Errorf("%s: there are rows of %s", request.Kind, secret)
			}
		}
		for _, format := range []string{report.DOCX, report.PDF} {
			inside, err := z.Open("report." + format)
			o.must(err)
			var have bytes.Buffer
			_, err = have.ReadFrom(inside)
			o.must(err)
			if !bytes.Equal(have.Bytes(), o.printed(request, format)) {
				t.Errorf("%s: report.%s is another than a job makes", request.Kind, format)
			}
		}
	}
}

// BenchmarkEvidenceOf300FindingsAnd600Photos packs and checks; photos have 300 KB.
func BenchmarkEvidenceOf300FindingsAnd600Photos(b *testing.B) {
	o := newOffice(b)
	o.blank = noise(b, 1100, 800)
	b.Logf("a photo has %d bytes", len(o.blank))
	o.draw()
	o.findings(300, 2, texts)
	name := filepath.Join(b.TempDir(), "evidence.zip")
	var size int64
	var packing, checking time.Duration
	figures := map[string]float64{}                            // told behind the loop, which forgets what was told before it
	for _, format := range []string{report.DOCX, report.PDF} { // PDF makes the small pictures, too
		took, peak := o.document(b, format)
		figures["ms/"+format], figures["MB-heap-"+format] = float64(took.Milliseconds()), float64(peak)/1e6
	}
	peak := peakHeap(func() {
		for b.Loop() {
			began := time.Now()
			size = o.evidence(name)
			packing += time.Since(began)
		}
	})
	checked := peakHeap(func() {
		began := time.Now()
		f, err := os.Open(name)
		o.must(err)
		defer func() { _ = f.Close() }()
		found, err := evidence.Verify(f, size, evidence.Options{})
		o.must(err)
		if found.Result != evidence.Holds {
			b.Errorf("%+v", found.Steps)
		}
		checking = time.Since(began)
	})
	for unit, n := range figures {
		b.ReportMetric(n, unit)
	}
	b.ReportMetric(float64(packing.Milliseconds())/float64(b.N), "ms/pack")
	b.ReportMetric(float64(checking.Milliseconds()), "ms/check")
	b.ReportMetric(float64(size)/1e6, "MB-written")
	b.ReportMetric(float64(peak)/1e6, "MB-heap-pack")
	b.ReportMetric(float64(checked)/1e6, "MB-heap-check")
}

// document measures a document of its own.
func (o *office) document(b *testing.B, format string) (took time.Duration, peak uint64) {
	b.Helper()
	began, size := time.Now(), counter(0)
	peak = peakHeap(func() {
		_, err := o.printer.Make(b.Context(), o.Campaign, &report.Order{
			Request: official.Request{Kind: official.Inspection}, Format: format,
		}, &size, nil)
		o.must(err)
	})
	if peak > 300e6 {
		b.Errorf("%s: the heap grew by %d MB", format, peak/1e6)
	}
	return time.Since(began), peak
}

// evidence packs the evidence of an inspection report into a file, and says how large it is.
func (o *office) evidence(name string) int64 {
	o.Helper()
	f, err := os.Create(name)
	o.must(err)
	_, err = o.printer.Make(o.Context(), o.Campaign, &report.Order{
		Request: official.Request{Kind: official.Inspection}, Format: report.ZIP,
	}, f, nil)
	o.must(err)
	info, err := f.Stat()
	o.must(err)
	o.must(f.Close())
	return info.Size()
}

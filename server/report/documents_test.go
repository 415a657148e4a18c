package report_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/report"
	"sansuiji/server/report/official"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
)

// pdfText is what a PDF says.
func pdfText(t testing.TB, b []byte) string {
	t.Helper()
	var all strings.Builder
	for _, line := range readPDF(t, b) {
		all.WriteString(line.text)
	}
	return all.String()
}

func TestTheSameStateGivesTheSameBytes(t *testing.T) {
	o := full(t)
	for _, format := range report.Formats(official.Inspection) {
		request := official.Request{Kind: official.Inspection}
		first := o.printed(request, format)
		o.Now = o.Now.Add(time.Hour)
		o.must(o.Service.Record(t.Context(), o.Campaign, ingest.Event{Kind: schema.EventExported}))
		if !bytes.Equal(first, o.printed(request, format)) {
			t.Errorf("%s differs after it was noted that it was made", format)
		}
		o.findings1("later "+format, "後來的問題", "")
		if bytes.Equal(first, o.printed(request, format)) {
			t.Errorf("%s does not show what came later", format)
		}
	}
}

func TestAPhotoThatHasNotArrivedIsABoxThatNamesWhoHasIt(t *testing.T) {
	o := full(t)
	const want = "此照片尚未傳到總部，仍在甲的手機上"
	request := official.Request{Kind: official.Inspection}
	if text := squeezed(textOf(unzip(t, o.printed(request, report.DOCX)))); strings.Count(text, want) != 1 {
		t.Error("the document does not say who has the photo")
	}
	if text := squeezed(pdfText(t, o.printed(request, report.PDF))); strings.Count(text, want) != 1 {
		t.Error("the PDF does not say who has the photo")
	}
}

func TestBothFormatsSayTheSame(t *testing.T) {
	o := full(t)
	request := official.Request{Kind: official.Inspection, Plain: true}
	var paragraphs []string
	for _, p := range strings.Split(textOf(unzip(t, o.printed(request, report.DOCX))), "\n") {
		if p = squeezed(p); len(p) > 30 {
			paragraphs = append(paragraphs, p)
		}
	}
	var all strings.Builder
	for _, line := range readPDF(t, o.printed(request, report.PDF)) {
		if !strings.HasPrefix(line.text, "— ") {
			all.WriteString(line.text)
		}
	}
	text, missing := squeezed(all.String()), 0
	for _, p := range paragraphs {
		if !strings.Contains(text, p) {
			missing++
		}
	}
	// Rows of tables are printed line by line across their cells.
	if len(paragraphs) < 60 || missing > len(paragraphs)/3 {
		t.Errorf("%d of %d paragraphs are not in the PDF", missing, len(paragraphs))
	}
}

func TestNothingSealedAndNobodyWhoWasAskedIsInADocument(t *testing.T) {
	o := full(t)
	for _, request := range []official.Request{
		{Kind: official.Inspection, Pending: true},
		{Kind: official.Inspection, Unit: "S1"},
		{Kind: official.VisitSheet, Visit: o.Visits[1].String()},
	} {
		text := textOf(unzip(t, o.printed(request, report.DOCX)))
		for _, secret := range []string{"匿名", "密封的話", "age1"} {
			if strings.Contains(text, secret) {
				t.Errorf("%+v says %s", request, secret)
			}
		}
	}
	// Two people were asked at the second unit.
	text := textOf(unzip(t, o.printed(official.Request{Kind: official.Inspection, Unit: "S1"}, report.DOCX)))
	if !strings.Contains(text, "少於5人") || strings.Contains(text, "共訪談2人") || strings.Contains(text, "3.5") {
		t.Error("a figure about two people is shown")
	}
}

func TestWhatIsNotAcceptedIsLeftOutOrMarked(t *testing.T) {
	o := newOffice(t)
	o.Write(func(b *edit.Builder) {
		for _, state := range []string{"pending", "returned", "accepted"} {
			b.Insert("finding", schema.NewRowID(), edit.Cells{
				"visit_id": edit.ID(o.Visits[0]), "title": edit.Text("某事" + state), "review_state": edit.Text(state), "status": edit.Text("submitted"),
			})
		}
	})
	strict := textOf(unzip(t, o.printed(official.Request{Kind: official.Inspection}, report.DOCX)))
	loose := textOf(unzip(t, o.printed(official.Request{Kind: official.Inspection, Pending: true}, report.DOCX)))
	if strings.Contains(strict, "pending") || strings.Contains(loose, "returned") || !strings.Contains(strict, "accepted") {
		t.Errorf("%s\n%s", strict, loose)
	}
	if !strings.Contains(loose, "某事pending。〔待審核〕") {
		t.Error("what nobody has reviewed is not marked")
	}
}

func TestEveryStatementHasASourceWithItsPlaceInTheHistory(t *testing.T) {
	o := full(t)
	text := textOf(unzip(t, o.printed(official.Request{Kind: official.Inspection}, report.DOCX)))
	position := o.Position()
	for i := range 12 {
		if id := schema.NaturalRowID("finding " + fmt.Sprint(i)).String(); strings.Count(text, id) != 1 {
			t.Errorf("finding %s is %d times among the sources", id, strings.Count(text, id))
		}
	}
	if !strings.Contains(text, fmt.Sprintf("截至歷史第%d條", position)) {
		t.Errorf("the document does not say that it shows position %d", position)
	}
}

func TestARequestThatMakesNoDocumentIsRefused(t *testing.T) {
	o := newOffice(t)
	for _, request := range []official.Request{
		{Kind: "novel"},
		{Kind: official.Feedback},
		{Kind: official.VisitSheet},
		{Kind: official.VisitSheet, Visit: "x"},
		{Kind: official.Progress, Until: "tomorrow"},
		{Kind: official.Inspection, County: "a\x00"},
	} {
		if _, err := o.printer.Make(t.Context(), o.Campaign, &report.Order{Request: request, Format: report.DOCX}, io.Discard, nil); schema.FaultCode(err) != schema.FaultValue {
			t.Errorf("%+v: %v", request, err)
		}
	}
	for _, request := range []official.Request{
		{Kind: official.Feedback, Unit: "nowhere"},
		{Kind: official.VisitSheet, Visit: schema.NewRowID().String()},
		{Kind: official.Inspection, Unit: "nowhere"},
	} {
		if _, err := o.printer.Make(t.Context(), o.Campaign, &report.Order{Request: request, Format: report.DOCX}, io.Discard, nil); schema.FaultCode(err) != schema.FaultNotFound {
			t.Errorf("%+v: %v", request, err)
		}
	}
}

// run makes documents until the test ends.
func (o *office) run() { o.Cleanup(o.runUntil()) }

// runUntil makes documents until it is told to stop.
func (o *office) runUntil() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { o.jobs.Run(ctx); close(done) }()
	return func() { cancel(); <-done }
}

// settled waits until a job is over.
func (o *office) settled(id string) report.Job {
	o.Helper()
	for range 500 {
		j, err := o.jobs.Find(o.Context(), o.Campaign, o.jobID(id))
		o.must(err)
		if j.State != report.Queued && j.State != report.Running {
			return j
		}
		time.Sleep(20 * time.Millisecond)
	}
	o.Fatal("a job goes on and on")
	return report.Job{}
}

func (o *office) jobID(text string) schema.RowID {
	id, err := schema.ParseID[schema.RowID](text)
	o.must(err)
	return id
}

func TestAJobMakesTheFileThatTheCommandLineMakes(t *testing.T) {
	o := full(t)
	order := report.Order{Request: official.Request{Kind: official.Feedback, Unit: "V1"}, Format: report.DOCX}
	want := o.printed(order.Request, order.Format)
	position := o.Position()
	j, err := o.jobs.Start(t.Context(), o.Campaign, order, "老錢")
	o.must(err)
	if j.State != report.Queued || j.MadeBy != "老錢" {
		t.Errorf("%+v", j)
	}
	o.run()
	j = o.settled(j.ID)
	if j.State != report.Done || j.Done != j.Total || j.Total == 0 || uint64(j.Position) != position || j.Order != order {
		t.Fatalf("%+v", j)
	}
	f, _, err := o.jobs.Open(t.Context(), o.Campaign, o.jobID(j.ID))
	o.must(err)
	defer func() { _ = f.Close() }()
	have, err := io.ReadAll(f)
	o.must(err)
	sum := sha256.Sum256(have)
	if !bytes.Equal(have, want) || j.Hash != hex.EncodeToString(sum[:]) || j.Size != int64(len(have)) {
		t.Error("the file differs")
	}
	if o.Position() != position+1 {
		t.Error("the history does not say that a document was made")
	}
	o.Check()
}

func TestAJobIsCancelledResumedOrFails(t *testing.T) {
	o := full(t)
	order := report.Order{Request: official.Request{Kind: official.Inspection}, Format: report.PDF}
	start := func(order report.Order) report.Job {
		j, err := o.jobs.Start(t.Context(), o.Campaign, order, "老錢")
		o.must(err)
		return j
	}
	cancelled, interrupted := start(order), start(order)
	broken := order
	broken.Unit = "nowhere"
	fails := start(broken)
	_, err := o.jobs.Cancel(t.Context(), o.Campaign, o.jobID(cancelled.ID))
	o.must(err)
	o.interrupt(interrupted.ID)
	o.run()
	if j := o.settled(cancelled.ID); j.State != report.Cancelled || j.FinishedAt == nil {
		t.Errorf("%+v", j)
	}
	if j := o.settled(interrupted.ID); j.State != report.Done {
		t.Errorf("%+v", j)
	}
	if j := o.settled(fails.ID); j.State != report.Failed || j.Problem != schema.FaultNotFound {
		t.Errorf("%+v", j)
	}
	if _, _, err := o.jobs.Open(t.Context(), o.Campaign, o.jobID(fails.ID)); schema.FaultCode(err) != schema.FaultNotFound {
		t.Error(err)
	}
	list, err := o.jobs.List(t.Context(), o.Campaign)
	if err != nil || len(list) != 3 {
		t.Errorf("%v %v", list, err)
	}
}

// interrupt leaves a job as a server that was killed leaves it.
func (o *office) interrupt(id string) {
	row := o.jobID(id)
	o.must(o.Store.Office(o.Context(), func(q store.Queryer) error {
		_, err := q.ExecContext(o.Context(), `UPDATE report_job SET state = 'running', done = 3 WHERE id = $1`, row[:])
		return err
	}))
}

func TestPhotosAreNotHeldInMemory(t *testing.T) {
	o := newOffice(t)
	o.blank = noise(t, 1024, 768)
	o.findings(30, 2, texts)
	request := official.Request{Kind: official.Inspection}
	for _, format := range report.Formats(official.Inspection) {
		var before, during runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		size, most := counter(0), uint64(0)
		_, err := o.printer.Make(t.Context(), o.Campaign, &report.Order{Request: request, Format: format}, &size, func(at report.Stage) error {
			if at.Done%10 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&during)
				most = max(most, during.HeapAlloc)
			}
			return nil
		})
		o.must(err)
		t.Logf("%s: %d bytes, %d bytes more in memory", format, size, most-min(before.HeapAlloc, most))
		const fonts = 40 << 20 // those of PDF
		if most > before.HeapAlloc+fonts {
			t.Errorf("%s: %d bytes are held", format, most-before.HeapAlloc)
		}
		if format == report.DOCX && (size < 59*100_000 || most > before.HeapAlloc+4<<20) {
			t.Errorf("%d bytes, of which %d are held", size, most-before.HeapAlloc)
		}
	}
}

package report_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/ceremony"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/photo"
	"sansuiji/server/report"
	"sansuiji/server/report/official"
	"sansuiji/syncengine/edit"
)

// office is a world with findings, photos and a draw in it, and who prints it.
type office struct {
	*ingesttest.World
	testing.TB
	photos  *photo.Service
	printer *report.Printer
	jobs    *report.Jobs
	blank   []byte // a photo that others are made from
}

// rare has characters that few fonts have, beside those that XML forbids and those that
// begin no line.
const rare = "㐀𠮷䶮㛃、王堃😀👍🏻☑️\U0002A6A5\u0001\u000b<&>\"'「引」——完。"

func newOffice(t testing.TB) *office {
	t.Helper()
	w := ingesttest.New(t)
	o := &office{World: w, TB: t, blank: noise(t, 480, 360)}
	o.photos = &photo.Service{Folder: t.TempDir(), Store: w.Store, Now: func() time.Time { return w.Now }}
	o.must(o.photos.MakeFolder())
	o.printer = &report.Printer{Store: w.Store, Catalogue: w.Catalogue, Photos: o.photos, Key: w.Service.Key}
	var err error
	o.jobs, err = report.NewJobs(o.printer, w.Service, t.TempDir(), slog.New(slog.DiscardHandler))
	o.must(err)
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// noise is a photo that does not compress.
func noise(t testing.TB, width, height int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	state := uint32(1)
	for y := range height {
		for x := range width {
			state = state*1664525 + 1013904223
			v := uint8(state >> 24)
			m.Set(x, y, color.RGBA{v/3 + uint8(x*128/width), v/3 + uint8(y*150/height), v/2 + 60, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 70}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// photo is a photo of its own: the same picture with another comment in the file.
func (o *office) photo(n int) []byte {
	comment := fmt.Sprintf("%08d", n)
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xFE, 0, byte(2 + len(comment))}, comment...)
	return append(out, o.blank[2:]...)
}

// take keeps the bytes of an attachment, as an upload does.
func (o *office) take(body []byte) schema.BlobHash {
	o.Helper()
	hash := schema.BlobHash(sha256.Sum256(body))
	file := filepath.Join(o.photos.Incoming(), hash.String())
	o.must(os.WriteFile(file, body, 0o600))
	o.must(o.photos.Take(o.Context(), o.Campaign, hash, file))
	return hash
}

// attachment is a row that speaks of some bytes.
func attachment(b *edit.Builder, visit, subject schema.RowID, table, kind string, hash schema.BlobHash, who schema.RowID) schema.RowID {
	id := schema.NewRowID()
	b.Insert("attachment", id, edit.Cells{
		"visit_id": edit.ID(visit), "subject_table": edit.Text(table), "subject_id": edit.ID(subject),
		"kind": edit.Text(kind), "hash": edit.Bytes(hash[:]), "size": edit.Int(1), "media_type": edit.Text("image/jpeg"),
		"taken_at": edit.Int(1_790_000_000_000), "caption": edit.Text("公示欄"), "inspector_id": edit.ID(who),
	})
	return id
}

// signature is a picture of one, without paper.
func signature(t testing.TB) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 600, 200))
	for x := range 560 {
		for d := range 6 {
			m.Set(x+20, 100+d+(x%80)*(40-x%80)/20, color.NRGBA{A: 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// draw does a ceremony: void ones are told of, too.
func (o *office) draw() {
	o.Helper()
	o.Write(func(b *edit.Builder) {
		for i := range 30 {
			b.Insert("unit", schema.NewRowID(), edit.Cells{
				"code": edit.Text(fmt.Sprintf("U%03d", i)), "name": edit.Text(fmt.Sprintf("第%d村", i)),
				"category": edit.Text("village"), "county": edit.Text([]string{"東縣", "西縣"}[i%2]), "members": edit.Int(int64(20 + i)),
			})
		}
	})
	draws := &ceremony.Service{Ingest: o.Service}
	id, err := draws.Plan(o.Context(), o.Campaign, ceremony.Settings{
		Purpose: "branch", Scope: "city", Stratify: "county", Size: "members", Categories: []string{"village"},
		Counties: []string{"東縣", "西縣"},
		Sample: &draw.SamplePlan{
			Design: draw.Pareto, Rule: draw.Webster, N: 6, Floor: 2, Weight: draw.ByUnits, ReservePPM: 500_000, ReserveMin: 1,
		},
		Public: draw.PublicPlan{Type: "dice", Sides: 10, People: []string{"R1", "R2", "R3"}, Throws: 7}, Gap: 600,
	}, "老錢")
	o.must(err)
	secrets := map[string]draw.Secret{"hq": {1}, "observer": {2}}
	for _, role := range []string{"hq", "observer"} {
		d, err := draws.Detail(o.Context(), o.Campaign, id)
		o.must(err)
		o.must(draws.Commit(o.Context(), o.Campaign, id, role, draw.Commit(d.Ceremony, role, secrets[role])))
	}
	o.must(draws.Publish(o.Context(), o.Campaign, id, []ceremony.Place{{Where: "公示欄", Evidence: "sha256:21"}, {Where: "報紙", Evidence: "sha256:22"}}))
	o.Now = o.Now.Add(11 * time.Minute)
	o.must(draws.Throw(o.Context(), o.Campaign, id, []draw.Throw{{By: "R1", Digits: "0877247"}, {By: "R2", Digits: "3296991"}, {By: "R3", Digits: "8975400"}}))
	for _, role := range []string{"hq", "observer"} {
		o.must(draws.Reveal(o.Context(), o.Campaign, id, draw.Reveal{Role: role, Secret: secrets[role]}))
	}
	o.must(draws.Draw(o.Context(), o.Campaign, id))
}

// findings adds accepted findings to the first unit's visit, each with photos, some of
// which have not arrived.
func (o *office) findings(n, photosOfEach int, text func(i int) (title, detail string)) {
	o.Helper()
	o.Write(func(b *edit.Builder) {
		for i := range n {
			id := schema.NaturalRowID("finding " + fmt.Sprint(i))
			title, detail := text(i)
			b.Insert("finding", id, edit.Cells{
				"visit_id": edit.ID(o.Visits[i%2]), "title": edit.Text(title), "detail": edit.Text(detail),
				"kind": edit.Text([]string{"problem", "problem", "achievement"}[i%3]), "severity": edit.Text("moderate"),
				"status": edit.Text("submitted"), "review_state": edit.Text("accepted"),
				"inspector_id": edit.ID(o.People[i%2]), "recorded_at": edit.Int(1_790_000_000_000 + int64(i)*60_000),
			})
			for k := range photosOfEach {
				body := o.photo(i*photosOfEach + k)
				hash := schema.BlobHash(sha256.Sum256(body))
				if i > 0 || k > 0 { // the first one is still on its way
					hash = o.take(body)
				}
				attachment(b, o.Visits[i%2], id, "finding", "photo", hash, o.People[i%2])
			}
		}
	})
}

// printed prints a document.
func (o *office) printed(request official.Request, format string) []byte {
	o.Helper()
	var b bytes.Buffer
	_, err := o.printer.Make(o.Context(), o.Campaign, &report.Order{Request: request, Format: format}, &b, nil)
	o.must(err)
	return b.Bytes()
}

// keep leaves a document to be looked at: REPORTS names a folder.
func (o *office) keep(name string, b []byte) {
	if folder := os.Getenv("REPORTS"); folder != "" {
		o.must(os.WriteFile(filepath.Join(folder, name), b, 0o600))
	}
}

// findings1 adds one accepted problem.
func (o *office) findings1(word, title, detail string) {
	o.Helper()
	o.Write(func(b *edit.Builder) {
		b.Insert("finding", schema.NaturalRowID("finding "+word), edit.Cells{
			"visit_id": edit.ID(o.Visits[0]), "title": edit.Text(title), "detail": edit.Text(detail),
			"status": edit.Text("submitted"), "review_state": edit.Text("accepted"), "inspector_id": edit.ID(o.People[0]),
		})
	})
}

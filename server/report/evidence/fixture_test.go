package evidence_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/ceremony"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/photo"
	"sansuiji/server/report/docx"
	"sansuiji/server/report/evidence"
	"sansuiji/server/report/official"
	"sansuiji/server/report/paper"
	"sansuiji/server/report/pdf"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
)

// round is a campaign as people make it: phones that record and push, headquarters that
// reviews and concludes, a draw, and interviews that nobody is to learn of.
type round struct {
	*ingesttest.World
	testing.TB
	photos   *photo.Service
	phones   [2]*ingesttest.Phone
	finds    []schema.RowID
	verifier []byte
	progress func(int) error
	between  func() // what a phone records between a finding and its photos
}

func newRound(t testing.TB) *round {
	t.Helper()
	w := ingesttest.New(t)
	r := &round{World: w, TB: t, verifier: []byte("<!doctype html>")}
	r.photos = &photo.Service{Folder: t.TempDir(), Store: w.Store, Now: func() time.Time { return w.Now }}
	r.must(r.photos.MakeFolder())
	r.phones = [2]*ingesttest.Phone{w.Enrol(0), w.Enrol(1)}
	for _, p := range r.phones {
		p.Pull()
	}
	return r
}

func (r *round) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// picture is a photo of its own.
func picture(t testing.TB, n int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 64, 48))
	for i := range m.Pix {
		m.Pix[i] = byte(i*(n+3) + i/64*n)
	}
	m.Set(n%64, n/64%48, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return fmt.Append(b.Bytes(), n)
}

// keep keeps the bytes of a photo, as an upload does.
func (r *round) keep(body []byte) schema.BlobHash {
	r.Helper()
	hash := schema.BlobHash(sha256.Sum256(body))
	file := filepath.Join(r.photos.Incoming(), hash.String())
	r.must(os.WriteFile(file, body, 0o600))
	r.must(r.photos.Take(r.Context(), r.Campaign, hash, file))
	return hash
}

// find has a phone record a finding with a photo in two entries, and push them at once. The
// photo's bytes follow if it says so.
func (r *round) find(phone, photos int, arrived bool, title string) schema.RowID {
	r.Helper()
	p, id := r.phones[phone], schema.NewRowID()
	p.Save(func(b *edit.Builder) {
		b.Insert("finding", id, edit.Cells{
			"visit_id": edit.ID(r.Visits[phone]), "title": edit.Text(title), "detail": edit.Text("現場查看：" + title),
			"severity": edit.Text("moderate"), "status": edit.Text("submitted"), "inspector_id": edit.ID(r.People[phone]),
			"recorded_at": edit.Int(r.Now.UnixMilli()), "latitude_e7": edit.Int(-1_234_567), "topic": edit.Text("funds"),
		})
	})
	if r.between != nil {
		r.between()
	}
	for k := range photos {
		body := picture(r, len(r.finds)*8+k)
		hash := schema.BlobHash(sha256.Sum256(body))
		p.Save(func(b *edit.Builder) {
			b.Insert("attachment", schema.NewRowID(), edit.Cells{
				"visit_id": edit.ID(r.Visits[phone]), "subject_table": edit.Text("finding"), "subject_id": edit.ID(id),
				"kind": edit.Text("photo"), "hash": edit.Bytes(hash[:]), "size": edit.Int(int64(len(body))), "media_type": edit.Text("image/jpeg"),
				"taken_at": edit.Int(r.Now.UnixMilli()), "caption": edit.Text("=公示欄"), "inspector_id": edit.ID(r.People[phone]),
			})
		})
		defer func() {
			if arrived {
				r.keep(body)
			}
		}()
	}
	p.Push()
	r.finds = append(r.finds, id)
	return id
}

// accept is headquarters' review of a finding.
func (r *round) accept(id schema.RowID) {
	r.Helper()
	r.Write(func(b *edit.Builder) {
		b.Update("finding", id, edit.Cells{"review_state": edit.Text("pending")}, edit.Cells{"review_state": edit.Text("accepted")})
		b.Insert("review", schema.NewRowID(), edit.Cells{
			"subject_table": edit.Text("finding"), "subject_id": edit.ID(id), "decision": edit.Text("accepted"),
			"reviewer": edit.Text("老錢"), "note": edit.Text("屬實"), "decided_at": edit.Int(r.Now.UnixMilli()),
		})
	})
}

// interview is one that a phone records between findings.
func (r *round) interview(phone int) {
	r.Helper()
	r.phones[phone].Save(func(b *edit.Builder) {
		b.Insert("interview", schema.NewRowID(), edit.Cells{
			"visit_id": edit.ID(r.Visits[phone]), "code": edit.Text("匿名代號九"), "consent": edit.Text("given"),
			"consent_at": edit.Int(r.Now.UnixMilli()), "sealed": edit.Bytes([]byte("密封的話")), "sealed_to": edit.Text("age1x"),
		})
	})
}

// conclude makes one conclusion of findings.
func (r *round) conclude(ids ...schema.RowID) {
	r.Write(func(b *edit.Builder) {
		id := schema.NewRowID()
		b.Insert("conclusion", id, edit.Cells{
			"number": edit.Int(1), "reach": edit.Text("common"), "title": edit.Text("公示不及時"), "suggestion": edit.Text("按季公示"),
			"author": edit.Text("老錢"), "made_at": edit.Int(r.Now.UnixMilli()),
		})
		for _, f := range ids {
			b.Update("finding", f, edit.Cells{}, edit.Cells{"conclusion_id": edit.ID(id)})
		}
	})
}

// draw does a small ceremony, to the end.
func (r *round) draw() {
	r.Helper()
	r.Write(func(b *edit.Builder) {
		for i := range 12 {
			b.Insert("unit", schema.NewRowID(), edit.Cells{
				"code": edit.Text(fmt.Sprintf("U%03d", i)), "name": edit.Text(fmt.Sprintf("第%d村", i)),
				"category": edit.Text("village"), "county": edit.Text("東縣"), "members": edit.Int(int64(20 + i)),
			})
		}
	})
	draws := &ceremony.Service{Ingest: r.Service}
	id, err := draws.Plan(r.Context(), r.Campaign, ceremony.Settings{
		Purpose: "branch", Scope: "city", Stratify: "county", Size: "members", Categories: []string{"village"}, Counties: []string{"東縣"},
		Sample: &draw.SamplePlan{Design: draw.Pareto, Rule: draw.Webster, N: 3, Floor: 1, Weight: draw.ByUnits, ReservePPM: 500_000, ReserveMin: 1},
		Public: draw.PublicPlan{Type: "dice", Sides: 10, People: []string{"R1", "R2", "R3"}, Throws: 7}, Gap: 600,
	}, "老錢")
	r.must(err)
	detail, err := draws.Detail(r.Context(), r.Campaign, id)
	r.must(err)
	secrets := map[string]draw.Secret{"hq": {1}, "observer": {2}}
	for _, role := range []string{"hq", "observer"} {
		r.must(draws.Commit(r.Context(), r.Campaign, id, role, draw.Commit(detail.Ceremony, role, secrets[role])))
	}
	r.must(draws.Publish(r.Context(), r.Campaign, id, []ceremony.Place{{Where: "公示欄", Evidence: "sha256:21"}, {Where: "報紙", Evidence: "sha256:22"}}))
	r.Now = r.Now.Add(11 * time.Minute)
	r.must(draws.Throw(r.Context(), r.Campaign, id, []draw.Throw{{By: "R1", Digits: "0877247"}, {By: "R2", Digits: "3296991"}, {By: "R3", Digits: "8975400"}}))
	for _, role := range []string{"hq", "observer"} {
		r.must(draws.Reveal(r.Context(), r.Campaign, id, draw.Reveal{Role: role, Secret: secrets[role]}))
	}
	r.must(draws.Draw(r.Context(), r.Campaign, id))
}

// full is a round with some of everything.
func full(t testing.TB) *round {
	t.Helper()
	r := newRound(t)
	r.draw()
	for i := range 4 {
		r.Now = r.Now.Add(time.Minute)
		r.between = nil
		if i == 2 { // it stands between a finding and the signature over both
			r.between = func() { r.interview(0) }
		}
		r.accept(r.find(i%2, 1+i%2, i != 1, fmt.Sprintf("第%d季度未公示", i+1)))
	}
	r.conclude(r.finds[0], r.finds[2])
	r.find(0, 1, true, "尚未審核的事") // pending: in no report
	return r
}

// packed packs the evidence of a report.
func (r *round) packed(request official.Request) []byte {
	r.Helper()
	var b bytes.Buffer
	r.must(r.pack(&b, request))
	return b.Bytes()
}

func (r *round) pack(w io.Writer, request official.Request) error {
	ctx, pack := r.Context(), evidence.Pack{Key: r.Service.Key, Verifier: r.verifier, Open: r.open, Progress: r.progress}
	var made *official.Made
	err := r.Store.Read(ctx, r.Campaign, func(v store.View) (err error) {
		if made, err = official.Write(ctx, v, r.Catalogue, &request); err != nil {
			return err
		}
		pack.Content, err = evidence.Gather(ctx, v, r.Catalogue, made, &request)
		return err
	})
	if err != nil {
		return err
	}
	for path, write := range map[string]func(context.Context, io.Writer, *paper.Document, paper.Printing) error{
		"report.docx": docx.Write, "report.pdf": pdf.Write,
	} {
		var b bytes.Buffer
		if err := write(ctx, &b, made.Document, paper.Printing{Pictures: r}); err != nil {
			return err
		}
		pack.Documents = append(pack.Documents, evidence.Document{Path: path, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(b.Bytes())), nil
		}})
	}
	return pack.Write(ctx, w)
}

func (r *round) open(ctx context.Context, hash schema.BlobHash) (io.ReadCloser, error) {
	f, _, err := r.photos.Open(ctx, r.Campaign, hash)
	return f, err
}

// Open gives documents their pictures.
func (r *round) Open(ctx context.Context, hash string, _ bool) (io.ReadCloser, error) {
	blob, err := schema.ParseBlobHash(hash)
	if err != nil {
		return nil, err
	}
	return r.open(ctx, blob)
}

// verified checks a file.
func verified(t testing.TB, b []byte, o evidence.Options) *evidence.Report {
	t.Helper()
	report, err := evidence.Verify(bytes.NewReader(b), int64(len(b)), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func unmarshal(t testing.TB, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// damage cuts the file of a photo.
func (r *round) damage(hash string) {
	r.Helper()
	r.must(os.Truncate(filepath.Join(r.photos.Folder, r.Campaign.String(), hash[:2], hash), 10))
}

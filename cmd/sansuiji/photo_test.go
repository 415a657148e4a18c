package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/photo"
	"sansuiji/syncengine/edit"
)

// shot is a picture that a phone took.
type shot struct {
	bytes []byte
	hash  schema.BlobHash
}

func newShot(b []byte) shot { return shot{b, sha256.Sum256(b)} }

// scene is a picture of blocks whose brightness follows a number.
func scene(number, width, height int) image.Image {
	m := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			block := x*9/width*31 + y*8/height*57 + number*131
			m.SetGray(x, y, color.Gray{Y: uint8(block * block % 251)})
		}
	}
	return m
}

func jpegOf(t *testing.T, m image.Image, quality int) shot {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}))
	return newShot(b.Bytes())
}

// attach saves the row of a picture and sends it.
func (d *phone) attach(s shot, kind string) schema.RowID {
	d.T.Helper()
	id := schema.NewRowID()
	d.Save(func(b *edit.Builder) {
		b.Insert("attachment", id, edit.Cells{
			"visit_id": edit.ID(d.visits[0]), "subject_table": edit.Text("visit"), "subject_id": edit.ID(d.visits[0]),
			"kind": edit.Text(kind), "hash": edit.Bytes(s.hash[:]), "size": edit.Int(int64(len(s.bytes))),
			"media_type": edit.Text("image/jpeg"), "source": edit.Text("camera"), "taken_at": edit.Int(1_790_000_000_000),
		})
	})
	d.push()
	return id
}

// tus is a request of that protocol.
func (d *phone) tus(method, name string, body []byte, headers ...string) *http.Request {
	d.T.Helper()
	req, err := http.NewRequestWithContext(d.T.Context(), method, d.p.url()+mobileapi.UploadPath+name, bytes.NewReader(body))
	must(d.T, err)
	req.Header.Set("Tus-Resumable", "1.0.0")
	req.Header.Set("Authorization", "Bearer "+d.token)
	req.Header.Set("Accept-Language", "en")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return req
}

func (d *phone) create(s shot, size int) answer {
	d.T.Helper()
	return d.p.answerTo(d.tus(http.MethodPost, "", nil, "Upload-Length", strconv.Itoa(size),
		"Upload-Metadata", "sha256 "+base64.StdEncoding.EncodeToString([]byte(s.hash.String()))))
}

func (d *phone) name(s shot) string { return hex.EncodeToString(d.Campaign[:]) + "-" + s.hash.String() }

func (d *phone) patch(s shot, from int, body []byte) answer {
	d.T.Helper()
	return d.p.answerTo(d.tus(http.MethodPatch, d.name(s), body, "Content-Type", "application/offset+octet-stream",
		"Upload-Offset", strconv.Itoa(from)))
}

func (d *phone) wantStatus(a answer, status int, words ...string) {
	d.T.Helper()
	if a.status != status {
		d.T.Errorf("%s, want %d", &a, status)
	}
	for _, w := range words {
		if !strings.Contains(string(a.body), w) {
			d.T.Errorf("%s, want %q", &a, w)
		}
	}
}

func TestAPhotoArrivesInPieces(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	s := jpegOf(t, scene(1, 1200, 800), 85)
	d.wantStatus(d.create(s, len(s.bytes)), http.StatusConflict, "attachment-unknown") // the record goes first
	id := d.attach(s, "photo")
	d.wantStatus(d.create(s, len(s.bytes)-1), http.StatusRequestEntityTooLarge, "attachment-size")
	missing := func() []string {
		var out struct {
			Missing []string `json:"missing"`
		}
		d.format.read(t, p.send(d.signedIn(d.format.post(t, "/api/v1/photos/missing", map[string]any{"hashes": []string{s.hash.String()}}))), &out)
		return out.Missing
	}
	if len(missing()) != 1 {
		t.Error("a photo that nobody sent is not missing")
	}
	if list := ask[[]photo.Attachment](p, "/api/hq/campaigns/{campaign}/attachments?missing=true"); len(list) != 1 || list[0].There {
		t.Errorf("%+v", list)
	}
	created := d.create(s, len(s.bytes))
	d.wantStatus(created, http.StatusCreated)
	if to := created.header.Get("Location"); !strings.HasSuffix(to, mobileapi.UploadPath+d.name(s)) {
		t.Errorf("location %q", to)
	}
	half := len(s.bytes) / 2
	d.wantStatus(d.patch(s, 0, s.bytes[:half]), http.StatusNoContent)
	d.wantStatus(d.patch(s, 0, s.bytes[:half]), http.StatusConflict) // not where it stands
	head := p.answerTo(d.tus(http.MethodHead, d.name(s), nil))
	if head.header.Get("Upload-Offset") != strconv.Itoa(half) {
		t.Errorf("%s", &head)
	}
	d.wantStatus(d.patch(s, half, s.bytes[half:]), http.StatusNoContent)
	if len(missing()) != 0 {
		t.Error("a photo that arrived is missing")
	}
	list := ask[[]photo.Attachment](p, "/api/hq/campaigns/{campaign}/attachments?subject="+d.visits[0].String())
	if len(list) != 1 || list[0].ID != id.String() || !list[0].There {
		t.Errorf("%+v", list)
	}
	whole := p.answerTo(p.get(t, "/photos/"+s.hash.String()))
	if !bytes.Equal(whole.body, s.bytes) || whole.header.Get("Content-Type") != "image/jpeg" || !strings.Contains(whole.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d bytes, %v", len(whole.body), whole.header)
	}
	for range 2 {
		small, err := jpeg.DecodeConfig(bytes.NewReader(p.answerTo(p.get(t, "/photos/"+s.hash.String()+"/small")).body))
		if err != nil || small.Width != 480 || small.Height != 320 {
			t.Errorf("%v %+v", err, small)
		}
	}
}

// get asks for something of the campaign's as headquarters.
func (p *program) get(t *testing.T, path string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url()+"/api/hq/campaigns/"+p.access.Campaign.String()+path, nil)
	must(t, err)
	req.Header.Set("Cookie", p.cookie)
	return req
}

func TestFsckReadsPhotos(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	s := jpegOf(t, scene(5, 300, 200), 85)
	d.attach(s, "photo")
	d.wantStatus(d.create(s, len(s.bytes)), http.StatusCreated)
	d.wantStatus(d.patch(s, 0, s.bytes), http.StatusNoContent)
	data := p.data
	p.stop()
	check := func(want int, words string) {
		t.Helper()
		var out bytes.Buffer
		if code := runFsck([]string{"--data", data, "--photos"}, &out, &out); code != want || !strings.Contains(out.String(), words) {
			t.Errorf("exit %d, want %d with %q:\n%s", code, want, words, &out)
		}
	}
	check(0, "1 attachments read, 0 damaged")
	name := s.hash.String()
	file := filepath.Join(data, photoFolder, d.Campaign.String(), name[:2], name)
	must(t, os.WriteFile(file, []byte("other"), 0o600))
	check(1, "DAMAGED "+d.Campaign.String()+" "+name)
	must(t, os.Remove(file))
	check(1, "MISSING")
}

func TestADamagedPhotoIsSentAnew(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	s := jpegOf(t, scene(2, 300, 200), 85)
	d.attach(s, "photo")
	d.wantStatus(d.create(s, len(s.bytes)), http.StatusCreated)
	damaged := bytes.Clone(s.bytes)
	damaged[100] ^= 1
	d.wantStatus(d.patch(s, 0, damaged), http.StatusUnprocessableEntity, "attachment-hash")
	d.wantStatus(p.answerTo(d.tus(http.MethodHead, d.name(s), nil)), http.StatusNotFound)
	d.wantStatus(d.create(s, len(s.bytes)), http.StatusCreated)
	d.wantStatus(d.patch(s, 0, s.bytes), http.StatusNoContent)
	if list := ask[[]photo.Attachment](p, "/api/hq/campaigns/{campaign}/attachments"); len(list) != 1 || !list[0].There {
		t.Errorf("%+v", list)
	}
}

func TestUploadsOfStrangersAreRefused(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	s := newShot([]byte("no picture at all"))
	d.attach(s, "sound")
	stranger := *d
	stranger.token = "none"
	d.wantStatus(stranger.create(s, len(s.bytes)), http.StatusUnauthorized)
	for _, name := range []string{
		"../../../etc/passwd", strings.Repeat("0", 32) + "-" + s.hash.String(), d.name(s) + ".info", d.name(s)[:40],
	} {
		a := p.answerTo(d.tus(http.MethodHead, name, nil))
		if a.status == http.StatusOK {
			t.Errorf("%s: %s", name, &a)
		}
	}
	d.wantStatus(p.answerTo(d.tus(http.MethodDelete, d.name(s), nil)), http.StatusMethodNotAllowed)
	d.wantStatus(d.create(s, len(s.bytes)), http.StatusCreated)
	d.wantStatus(d.patch(s, 0, s.bytes), http.StatusNoContent)
	// What is no picture is kept, and given out as bytes.
	a := p.answerTo(p.get(t, "/photos/"+s.hash.String()))
	if a.header.Get("Content-Type") != "application/octet-stream" || !bytes.Equal(a.body, s.bytes) {
		t.Errorf("%s", &a)
	}
	d.wantStatus(p.answerTo(p.get(t, "/photos/"+s.hash.String()+"/small")), http.StatusNotFound)
}

func TestAPictureThatWouldFillTheMemoryIsKeptAsBytes(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))))
	bomb := b.Bytes()
	copy(bomb[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65,536 by 65,536
	s := newShot(bomb)
	d.attach(s, "photo")
	d.wantStatus(d.create(s, len(s.bytes)), http.StatusCreated)
	d.wantStatus(d.patch(s, 0, s.bytes), http.StatusNoContent)
	d.wantStatus(p.answerTo(p.get(t, "/photos/"+s.hash.String()+"/small")), http.StatusNotFound)
}

func TestASignatureIsOnPaper(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 40, 20)))) // nothing but glass
	s := newShot(b.Bytes())
	d.attach(s, "signature")
	d.wantStatus(d.create(s, len(s.bytes)), http.StatusCreated)
	d.wantStatus(d.patch(s, 0, s.bytes), http.StatusNoContent)
	small, err := jpeg.Decode(bytes.NewReader(p.answerTo(p.get(t, "/photos/"+s.hash.String()+"/small")).body))
	must(t, err)
	if r, _, _, _ := small.At(5, 5).RGBA(); r < 0xf000 {
		t.Errorf("a signature's thumbnail is black")
	}
}

func TestPhotosThatLookAlikeAreFound(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	first := scene(3, 800, 600)
	shots := []shot{jpegOf(t, first, 90), jpegOf(t, scene(4, 800, 600), 90), jpegOf(t, scene(3, 400, 300), 40)}
	var ids []string
	for _, s := range shots {
		ids = append(ids, d.attach(s, "photo").String())
		d.wantStatus(d.create(s, len(s.bytes)), http.StatusCreated)
		d.wantStatus(d.patch(s, 0, s.bytes), http.StatusNoContent)
	}
	ids = append(ids, d.attach(shots[1], "photo").String()) // the same once more
	pairs := ask[[]photo.Pair](p, "/api/hq/campaigns/{campaign}/attachments/alike")
	want := fmt.Sprint([]photo.Pair{{First: ids[0], Second: ids[2]}, {First: ids[1], Second: ids[3], Same: true}})
	if fmt.Sprint(pairs) != want {
		t.Errorf("%v, want %s", pairs, want)
	}
}

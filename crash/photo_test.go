package crash

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/failpoint"
)

// TestCrashAPhotoThatWasAcknowledgedIsThere kills the program at each point of a photo's
// arrival. What was acknowledged is there, whole; what was not is sent again and then is.
func TestCrashAPhotoThatWasAcknowledgedIsThere(t *testing.T) {
	w := newWorld(t, newCity(t), 500)
	up := func(env ...string) {
		var err error
		w.server, err = start(launch{file: program(t), data: w.data, env: env})
		must(t, err)
	}
	up()
	w.enrolAll()
	p := w.phones[0]
	must(t, p.authenticate())
	must(t, p.pull())
	w.server.kill()
	kept := map[schema.BlobHash][]byte{}
	for _, point := range failpoint.Names() {
		if !strings.HasPrefix(point, "photo.") {
			continue
		}
		for n := range 3 {
			body := fmt.Appendf(nil, "%s %d %s", point, n, strings.Repeat("x", n*100_000))
			hash := schema.BlobHash(sha256.Sum256(body))
			up(environment(point, 1)...)
			p.attach(hash, len(body))
			if err := p.upload(hash, body); !errors.Is(err, errGone) {
				t.Fatalf("at %s the program was not killed: %v", point, err)
			}
			<-w.server.ended
			up()
			must(t, p.upload(hash, body))
			kept[hash] = body
			w.server.kill()
		}
	}
	up()
	for hash, body := range kept {
		name := hash.String()
		file := filepath.Join(w.data, "photos", w.access.Campaign.String(), name[:2], name)
		if have, err := os.ReadFile(file); err != nil || !bytes.Equal(have, body) {
			t.Errorf("LOST: %s: %v", name, err)
		}
		if missing, err := p.missing(hash); err != nil || missing {
			t.Errorf("%s is said to be missing: %v", name, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(w.data, "photos", "incoming", "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	must(t, w.server.stop())
	fsck(t, w.data)
}

// attach saves the row of an attachment and sends it.
func (p *phone) attach(hash schema.BlobHash, size int) {
	visit := p.w.visit.Load()
	p.save(func(b *edit.Builder) {
		b.Insert("attachment", schema.NewRowID(), edit.Cells{
			"visit_id": edit.ID(*visit), "subject_table": edit.Text("visit"), "subject_id": edit.ID(*visit),
			"kind": edit.Text("sound"), "hash": edit.Bytes(hash[:]), "size": edit.Int(int64(size)),
			"media_type": edit.Text("audio/webm"), "taken_at": edit.Int(1),
		})
	})
	must(p.T, p.push())
}

func (p *phone) missing(hash schema.BlobHash) (bool, error) {
	var out struct {
		Missing []string `json:"missing"`
	}
	err := p.call("/api/v1/photos/missing", p.bearer(), map[string]any{"hashes": []string{hash.String()}}, &out)
	return len(out.Missing) > 0, err
}

// upload sends bytes if headquarters does not have them, from where they stand.
func (p *phone) upload(hash schema.BlobHash, body []byte) error {
	missing, err := p.missing(hash)
	if err != nil || !missing {
		return err
	}
	name := hex.EncodeToString(p.Campaign[:]) + "-" + hash.String()
	offset, err := p.offset(name)
	if err != nil {
		err = p.tus(http.MethodPost, "", nil, "Upload-Length", strconv.Itoa(len(body)),
			"Upload-Metadata", "sha256 "+base64.StdEncoding.EncodeToString([]byte(hash.String())))
	}
	if err != nil || offset == len(body) {
		return err
	}
	return p.tus(http.MethodPatch, name, body[offset:], "Upload-Offset", strconv.Itoa(offset),
		"Content-Type", "application/offset+octet-stream")
}

// offset is how far an upload is.
func (p *phone) offset(name string) (int, error) {
	r, err := p.tusRequest(http.MethodHead, name, nil)
	if err != nil {
		return 0, err
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errGone, err)
	}
	defer func() { _ = answer.Body.Close() }()
	return strconv.Atoi(answer.Header.Get("Upload-Offset"))
}

func (p *phone) tusRequest(method, name string, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(context.Background(), method,
		p.w.server.url+mobileapi.UploadPath+name, bytes.NewReader(body))
	if err == nil {
		r.Header.Set("Tus-Resumable", "1.0.0")
		r.Header.Set("Authorization", p.bearer()["Authorization"])
	}
	return r, err
}

func (p *phone) tus(method, name string, body []byte, headers ...string) error {
	r, err := p.tusRequest(method, name, body)
	if err != nil {
		return err
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return p.exchange(r, nil)
}

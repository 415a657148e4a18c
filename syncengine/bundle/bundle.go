// Package bundle reads and writes what is carried by hand: entries, each run signed by
// its author, and the bytes of attachments.
//
// Entries alone are a CBOR array of bodies of a push (docs/PROTOCOL.md §6). With
// attachments it is a tar file (POSIX ustar) of three kinds of members, in this order:
//
//	bundle.json          what is in it: a Manifest
//	entries.cbor         the entries, as above
//	attachments/<hash>   bytes, named by their SHA-256 in hexadecimal
//
// Who seals the file seals the whole of it, with age to headquarters' key of bundles.
// Nothing in it is believed for where it lies: entries have their author's signature,
// bytes their hash.
package bundle

import (
	"archive/tar"
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"

	"github.com/fxamacker/cbor/v2"
)

// Format is the one that is written.
const Format = "sansuiji-bundle-1"

// Limits on what comes from elsewhere.
const (
	EntriesMax     = 256 << 20 // of the entries, in bytes
	RunsMax        = 10_000
	AttachmentsMax = 20_000
	manifestMax    = 64 << 10
)

// ErrDamaged says that a bundle ends early, or is not as it was written.
var ErrDamaged = errors.New("damaged bundle")

// Manifest says what a bundle holds, so that a missing end is seen.
type Manifest struct {
	Format      string `json:"format"`
	CampaignID  string `json:"campaign_id"`
	DeviceID    string `json:"device_id"`
	MadeAt      int64  `json:"made_at"` // Unix milliseconds by the device's clock
	Entries     int    `json:"entries"`
	Attachments int    `json:"attachments"`
}

// request is a body of a push, as far as a bundle needs it.
type request struct {
	CampaignID string   `cbor:"campaign_id"`
	DeviceID   string   `cbor:"device_id"`
	Entries    [][]byte `cbor:"entries"`
	Signature  []byte   `cbor:"signature,omitempty"`
}

// Marshal writes runs of entries.
func Marshal(runs []chain.Push) ([]byte, error) {
	requests := make([]request, len(runs))
	for i := range runs {
		run := &runs[i]
		requests[i] = request{run.Campaign.String(), run.Device.String(), run.Entries, run.Signature}
	}
	return cbor.Marshal(requests)
}

// Parse reads runs of entries. Nothing of what they say is checked yet.
func Parse(file []byte) ([]chain.Push, error) {
	if len(file) > EntriesMax {
		return nil, schema.NewFault(schema.FaultTooLarge, fmt.Sprintf("bundle of %d bytes", len(file)))
	}
	var requests []request
	if err := cbor.Unmarshal(file, &requests); err != nil {
		return nil, schema.NewFault(schema.FaultBadRequest, "read bundle: "+err.Error())
	}
	if len(requests) > RunsMax {
		return nil, schema.NewFault(schema.FaultTooLarge, fmt.Sprintf("bundle of %d runs", len(requests)))
	}
	runs := make([]chain.Push, len(requests))
	for i := range requests {
		r, run := &requests[i], &runs[i]
		var campaign, device error
		run.Campaign, campaign = schema.ParseID[schema.CampaignID](r.CampaignID)
		run.Device, device = schema.ParseID[schema.DeviceID](r.DeviceID)
		if err := errors.Join(campaign, device); err != nil {
			return nil, schema.NewFault(schema.FaultBadRequest, fmt.Sprintf("run %d: %v", i, err))
		}
		run.Entries, run.Signature = r.Entries, r.Signature
	}
	return runs, nil
}

// Handler is given the parts of a bundle in their order. An error of one ends the reading.
type Handler struct {
	Manifest   func(Manifest) error
	Runs       func([]chain.Push) error
	Attachment func(hash schema.BlobHash, size int64, bytes io.Reader) error
}

// Read reads an unsealed bundle, with attachments or without.
func Read(r io.Reader, h Handler) error {
	buffered := bufio.NewReader(r)
	first, err := buffered.Peek(1)
	if err != nil {
		return damaged(err)
	}
	if first[0]>>5 == 4 { // an array of CBOR (RFC 8949 §3.1)
		return readRuns(buffered, h)
	}
	file := &reading{tar: tar.NewReader(buffered), Handler: h}
	return file.all()
}

func readRuns(r io.Reader, h Handler) error {
	b, err := io.ReadAll(io.LimitReader(r, EntriesMax+1))
	if err != nil {
		return damaged(err)
	}
	runs, err := Parse(b)
	if err != nil {
		return err
	}
	return h.Runs(runs)
}

// reading is a tar file as far as it was read.
type reading struct {
	Handler
	tar  *tar.Reader
	said Manifest
	n    int // attachments so far
}

func (r *reading) all() error {
	if err := r.head(); err != nil {
		return err
	}
	for {
		header, err := r.tar.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return damaged(err)
		}
		if err := r.attachment(header); err != nil {
			return err
		}
	}
	if r.n != r.said.Attachments {
		return fmt.Errorf("%w: %d attachments of %d", ErrDamaged, r.n, r.said.Attachments)
	}
	return nil
}

// head reads the manifest and the entries.
func (r *reading) head() error {
	b, err := r.member("bundle.json", manifestMax)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &r.said); err != nil {
		return schema.NewFault(schema.FaultBundle, "bundle.json: "+err.Error())
	}
	if r.said.Format != Format {
		return schema.NewFault(schema.FaultBundleNewer, "format "+r.said.Format[:min(len(r.said.Format), 50)])
	}
	if err := r.Manifest(r.said); err != nil {
		return err
	}
	if b, err = r.member("entries.cbor", EntriesMax); err != nil {
		return err
	}
	runs, err := Parse(b)
	if err != nil {
		return err
	}
	return r.Runs(runs)
}

func (r *reading) member(name string, limit int64) ([]byte, error) {
	header, err := r.tar.Next()
	switch {
	case errors.Is(err, tar.ErrHeader) && r.said.Format == "":
		return nil, schema.NewFault(schema.FaultBundle, err.Error())
	case err != nil:
		return nil, damaged(err)
	case header.Name != name || header.Typeflag != tar.TypeReg || header.Size > limit:
		return nil, schema.NewFault(schema.FaultBundle, fmt.Sprintf("want %s, not %.80q", name, header.Name))
	}
	b, err := io.ReadAll(r.tar)
	if err != nil {
		return nil, damaged(err)
	}
	return b, nil
}

func (r *reading) attachment(header *tar.Header) error {
	text, found := strings.CutPrefix(header.Name, "attachments/")
	hash, err := schema.ParseBlobHash(text)
	if !found || err != nil || header.Typeflag != tar.TypeReg {
		return fmt.Errorf("%w: a member named %.80q", ErrDamaged, header.Name)
	}
	if r.n++; header.Size > schema.BlobMax || r.n > AttachmentsMax {
		return schema.NewFault(schema.FaultTooLarge, fmt.Sprintf("attachment %d of %d bytes", r.n, header.Size))
	}
	return r.Attachment(hash, header.Size, &whole{r.tar})
}

// whole is a member's bytes. That they end early, or cannot be opened, is damage.
type whole struct{ io.Reader }

func (w *whole) Read(b []byte) (int, error) {
	n, err := w.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged(err)
	}
	return n, err
}

func damaged(err error) error {
	if errors.Is(err, ErrDamaged) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

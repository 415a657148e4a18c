// Package bundle takes what was carried to headquarters by hand: a file of entries and
// photos of a phone that could not send them. Entries go the way of a push, bytes that of
// an upload: who carries them does not matter.
package bundle

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/photo"
	"sansuiji/syncengine/bundle"
	"sansuiji/syncengine/chain"

	"filippo.io/age"
)

// FileMax is the size of a bundle's file, in bytes.
const FileMax = 8 << 30

// Service takes bundles.
type Service struct {
	Ingest *ingest.Service
	Photos *photo.Service
	Key    *age.X25519Identity // that bundles are sealed to
}

// Taken says what became of a bundle.
type Taken struct {
	Sealed      bool   `json:"sealed" doc:"It was sealed: nobody could read it on the way"`
	DeviceID    string `json:"device_id,omitempty" doc:"The phone that made it; a bundle of entries alone may be of several"`
	MadeAt      int64  `json:"made_at,omitempty" doc:"Unix milliseconds by the phone's clock"`
	Entries     int    `json:"entries" doc:"In the bundle"`
	Merged      int    `json:"merged" doc:"New, and in the rows"`
	Known       int    `json:"known" doc:"That headquarters had"`
	Held        int    `json:"held" doc:"New, waiting for rows that have not arrived"`
	Quarantined int    `json:"quarantined" doc:"New, waiting for a person's decision"`
	Attachments int    `json:"attachments" doc:"In the bundle"`
	Stored      int    `json:"stored" doc:"Attachments whose bytes are new"`

	// Damage and Refused are empty unless what is whole was asked for.
	Damage  string   `json:"damage,omitempty" doc:"Where the file is damaged; only what came before was taken"`
	Refused []string `json:"refused,omitempty" doc:"Parts that were not taken, and why"`
}

// Wish is how a bundle is to be taken.
type Wish struct {
	Campaign schema.CampaignID
	Salvage  bool // take what is whole of a damaged one
}

// Take takes a bundle's file. It is read twice: first to see that all of it is whole, so
// that a damaged file changes nothing, then to take it. Twice the same file changes
// nothing the second time.
func (s *Service) Take(ctx context.Context, file io.ReadSeeker, wish Wish) (Taken, error) {
	if !wish.Salvage {
		check := &taking{Service: s, wish: wish, only: true}
		if err := check.read(ctx, file); err != nil {
			return Taken{}, told(err)
		}
	}
	take := &taking{Service: s, wish: wish}
	err := take.read(ctx, file)
	if errors.Is(err, bundle.ErrDamaged) && wish.Salvage {
		take.done.Damage, err = err.Error(), nil
	}
	if err != nil {
		return Taken{}, told(err)
	}
	return take.done, nil
}

// Receive takes a bundle that comes over a line, once all of it is here.
func (s *Service) Receive(ctx context.Context, r io.Reader, wish Wish) (Taken, error) {
	file, err := os.CreateTemp(s.Photos.Incoming(), "bundle-*")
	if err != nil {
		return Taken{}, fmt.Errorf("take bundle: %w", err)
	}
	defer func() { _, _ = file.Close(), os.Remove(file.Name()) }() // it was only read
	n, err := io.Copy(file, io.LimitReader(r, FileMax+1))
	if err != nil {
		return Taken{}, fmt.Errorf("receive bundle: %w", err)
	}
	if n > FileMax {
		return Taken{}, schema.NewFault(schema.FaultTooLarge, fmt.Sprintf("a bundle of more than %d bytes", FileMax))
	}
	return s.Take(ctx, file, wish)
}

// told gives damage its words.
func told(err error) error {
	if schema.FaultCode(err) == "" && errors.Is(err, bundle.ErrDamaged) {
		return &schema.FaultError{Code: schema.FaultBundleDamaged, Detail: err.Error(), Err: err}
	}
	return fmt.Errorf("take bundle: %w", err)
}

// taking is one reading of a bundle.
type taking struct {
	*Service
	wish Wish
	only bool // to look
	done Taken
}

func (t *taking) read(ctx context.Context, file io.ReadSeeker) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	plain, err := t.open(file)
	if err != nil {
		return err
	}
	return bundle.Read(plain, bundle.Handler{
		Manifest: t.manifest,
		Runs:     func(runs []chain.Push) error { return t.runs(ctx, runs) },
		Attachment: func(hash schema.BlobHash, _ int64, bytes io.Reader) error {
			return t.attachment(ctx, hash, bytes)
		},
	})
}

// sealedFile is how an age file begins.
const sealedFile = "age-encryption.org/v1\n"

// open takes the seal off, if there is one.
func (t *taking) open(file io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(file, 64<<10)
	begin, err := buffered.Peek(len(sealedFile))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(begin, []byte(sealedFile)) {
		return buffered, nil
	}
	t.done.Sealed = true
	plain, err := age.Decrypt(buffered, t.Key)
	var other *age.NoIdentityMatchError
	if errors.As(err, &other) {
		return nil, schema.NewFault(schema.FaultBundleKey, "")
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", bundle.ErrDamaged, err)
	}
	return plain, nil
}

func (t *taking) manifest(m bundle.Manifest) error {
	campaign, err := schema.ParseID[schema.CampaignID](m.CampaignID)
	if err != nil {
		return schema.NewFault(schema.FaultBundle, err.Error())
	}
	if campaign != t.wish.Campaign {
		return schema.NewFault(schema.FaultWrongCampaign, m.CampaignID)
	}
	t.done.DeviceID, t.done.MadeAt = m.DeviceID, m.MadeAt
	return nil
}

// refuse lets what is whole be taken without a part, or ends.
func (t *taking) refuse(what string, err error) error {
	if !t.wish.Salvage || schema.FaultCode(err) == "" {
		return err
	}
	t.done.Refused = append(t.done.Refused, what+": "+err.Error())
	return nil
}

func (t *taking) runs(ctx context.Context, runs []chain.Push) error {
	for i := range runs {
		if len(runs[i].Entries) == 0 {
			continue
		}
		if err := t.run(ctx, &runs[i]); err != nil {
			if err := t.refuse(fmt.Sprintf("entries, run %d", i+1), err); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *taking) run(ctx context.Context, run *chain.Push) error {
	if run.Campaign != t.wish.Campaign {
		return schema.NewFault(schema.FaultWrongCampaign, run.Campaign.String())
	}
	if t.only || t.wish.Salvage {
		// What is damaged goes no further: a push of it would be kept aside as somebody's attempt.
		if err := t.Ingest.CheckPush(ctx, run); err != nil {
			return damagedRun(err)
		}
	}
	if t.only {
		return nil
	}
	receipt, err := t.Ingest.Receive(ctx, ingest.Delivery{Push: *run, Carrier: t.Ingest.Device})
	if err != nil {
		return err
	}
	t.done.Entries += len(run.Entries)
	for i := range receipt.Entries {
		t.count(receipt.Entries[i].Outcome)
	}
	return nil
}

// damagedRun says that entries which do not hold together are damaged.
func damagedRun(err error) error {
	switch schema.FaultCode(err) {
	case schema.FaultSignature, schema.FaultChainBroken, schema.FaultBadRequest, schema.FaultNotYourChain:
		return &schema.FaultError{Code: schema.FaultBundleDamaged, Detail: err.Error(), Err: err}
	}
	return err
}

func (t *taking) count(outcome schema.Outcome) {
	switch outcome {
	case schema.Merged:
		t.done.Merged++
	case schema.Duplicate:
		t.done.Known++
	case schema.Held:
		t.done.Held++
	case schema.Quarantined:
		t.done.Quarantined++
	}
}

// attachment keeps bytes that are those of their name, and that are not there yet.
func (t *taking) attachment(ctx context.Context, hash schema.BlobHash, r io.Reader) error {
	t.done.Attachments++
	if t.only {
		h := sha256.New()
		if _, err := io.Copy(h, r); err != nil {
			return err
		}
		return sameHash(hash, schema.BlobHash(h.Sum(nil)))
	}
	missing, err := t.Photos.Missing(ctx, t.wish.Campaign, []schema.BlobHash{hash})
	if err != nil || len(missing) == 0 {
		return err
	}
	err = t.store(ctx, hash, r)
	if schema.FaultCode(err) == schema.FaultBlobHash {
		return t.refuse("attachment "+hash.String(), err)
	}
	return err
}

func (t *taking) store(ctx context.Context, hash schema.BlobHash, r io.Reader) error {
	file, err := os.CreateTemp(t.Photos.Incoming(), "carried-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // gone where it was taken
	_, err = io.Copy(file, r)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := t.Photos.Take(ctx, t.wish.Campaign, hash, file.Name()); err != nil {
		return err
	}
	t.done.Stored++
	return nil
}

func sameHash(want, have schema.BlobHash) error {
	if want != have {
		return fmt.Errorf("%w: attachment %s has other bytes", bundle.ErrDamaged, want)
	}
	return nil
}

package history

import (
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// Options say what a history is held against.
type Options struct {
	Catalogue *schema.Catalogue
	// File wants the end of a file: a checkpoint of all records and a page.
	File bool
	// Key is what translog.KeyText must say of headquarters' key; "" trusts the key
	// that the first entry names.
	Key string
	// Kept are signed checkpoints that devices kept.
	Kept []string
	// Leaf is told every leaf, in order; nil tells nobody.
	Leaf func(position uint64, hash tlog.Hash)
	// Workers is how many signatures are checked at a time; 1 at least.
	Workers int
}

// Report is what was checked, and the first thing that is wrong.
type Report struct {
	Campaign schema.CampaignID
	Key      string // of headquarters, translog.KeyText
	Entries  uint64
	Seals    int
	Pages    int
	Tree     translog.Tree
	Edge     translog.Edge
	Heads    map[schema.DeviceID]chain.Head
	// Checkpoint is the newest in the history; nil if there is none.
	Checkpoint *translog.Checkpoint
	// KeptMet counts the kept checkpoints that the history was found to continue. The
	// others are of an epoch that is not in it: by what headquarters says, a restore
	// has lost them.
	KeptMet int
	Fault   *Fault // nil: the history is what was signed
}

// Verify checks a whole history. Its memory is bounded by the number of devices,
// whatever the number of entries. The error says that it could not tell.
func Verify(source Source, o Options) (*Report, error) {
	v := &verifier{Options: o, chains: map[schema.DeviceID]*link{}}
	v.signatures = startSignatures(max(1, o.Workers))
	err := v.run(source)
	fault := v.signatures.first()
	var found *Fault
	if errors.As(err, &found) && (fault == nil || v.order < fault.order) {
		fault = &orderedFault{v.order, found}
	} else if err != nil && found == nil {
		return nil, fmt.Errorf("check history: %w", err)
	}
	if fault != nil {
		v.report.Fault = fault.fault
	}
	v.report.Edge, v.report.Tree = v.edge, translog.Tree{Size: v.edge.Size(), Root: v.edge.Root()}
	v.report.Entries, v.report.Heads = v.edge.Size(), map[schema.DeviceID]chain.Head{}
	for device, l := range v.chains {
		v.report.Heads[device] = l.head
	}
	return &v.report, nil
}

// verifier is a check under way.
type verifier struct {
	Options
	report     Report
	chains     map[schema.DeviceID]*link
	hq         schema.DeviceID
	key        ed25519.PublicKey // headquarters'
	edge       translog.Edge
	clock      clock.Time // the highest so far
	epoch      schema.Epoch
	began      uint64
	epochs     []schema.Epoch // that are over
	ended      []translog.Ended
	kept       kept
	signatures *signatures
	order      int // of the item, from 1
	line       int
	last       Kind // of the item before
	beforeLast Kind
	// What is proven by headquarters' signature: a later fault is after it.
	provenLine     int
	provenPosition uint64
}

// link is where a device's chain is.
type link struct {
	key          crypto.PublicKey
	spki         []byte
	head         chain.Head
	clock        clock.Time
	position     uint64 // of its newest record
	sealed       uint64 // seq up to which a signature was seen
	openLine     int    // of its first record that no seal covers; of the next, if all are
	openPosition uint64
}

func (v *verifier) run(source Source) error {
	for {
		item, err := source.Next()
		v.order++
		var fault *Fault
		switch {
		case errors.Is(err, io.EOF):
			if fault = v.finish(); fault == nil {
				return nil
			}
			return fault
		case errors.As(err, &fault):
			fault.FromPosition, fault.Position = v.edge.Size()+1, v.edge.Size()+1
			return fault
		case err != nil:
			return err
		}
		v.line = item.Line
		if fault = v.item(item); fault != nil {
			return fault
		}
		if item.Kind == KindRecord {
			if err := v.meetKept(); err != nil {
				return err
			}
		}
		v.beforeLast, v.last = v.last, item.Kind
		if v.signatures.failed() {
			return nil // the first failure is found when all before it are checked
		}
	}
}

func (v *verifier) item(item *Item) *Fault {
	if (v.order == 1) != (item.Kind == KindHeader) {
		return v.here(LineMisplaced)
	}
	switch item.Kind {
	case KindHeader:
		v.report.Campaign = item.Campaign
		return nil
	case KindRecord:
		return v.record(&item.Record)
	case KindSeal:
		return v.seal(&item.Seal)
	case KindCheckpoint:
		return v.checkpoint(item.Checkpoint)
	case KindPage:
		return v.page(&item.Page)
	}
	return v.here(LineMisplaced)
}

// here is a fault of this very item.
func (v *verifier) here(code Code) *Fault {
	return &Fault{Code: code, FromLine: v.line, Line: v.line, Position: v.edge.Size(), FromPosition: v.edge.Size()}
}

// since is a fault that came in after what headquarters' signature proves.
func (v *verifier) since(code Code) *Fault {
	f := v.here(code)
	f.FromLine, f.FromPosition = v.provenLine+1, min(v.provenPosition+1, f.Position)
	return f
}

// finish checks what must be there at the end.
func (v *verifier) finish() *Fault {
	v.line++
	if fault := v.sealsMissing(); fault != nil {
		return fault
	}
	if v.File && (v.last != KindPage || v.beforeLast != KindCheckpoint || v.report.Checkpoint == nil) {
		return v.since(FileEnds)
	}
	return v.keptAhead()
}

// sealsMissing finds the first entry that no device's signature covers.
func (v *verifier) sealsMissing() *Fault {
	var fault *Fault
	for device, l := range v.chains {
		if l.sealed == l.head.Seq || fault != nil && fault.FromPosition < l.openPosition {
			continue
		}
		fault = v.here(SealMissing)
		fault.FromLine, fault.FromPosition, fault.Position = l.openLine, l.openPosition, l.position
		fault.Device, fault.Seq = device, l.sealed+1
	}
	return fault
}

// checkpoint checks a signed checkpoint of the records so far.
func (v *verifier) checkpoint(signed string) *Fault {
	c, err := translog.OpenCheckpoint(signed, v.report.Campaign, v.key)
	if err != nil {
		fault := v.here(CheckpointWrong)
		fault.Detail = err.Error()
		return fault
	}
	began, ended := v.began, v.ended
	if c.Epoch != v.epoch && !slices.Contains(v.epochs, c.Epoch) { // restored, and nothing has come since
		began, ended = c.Size, translog.End(ended, v.epoch, c.Size)
	}
	if c.Size != v.edge.Size() || c.Root != v.edge.Root() || c.Began != began || !slices.Equal(c.Ended, ended) {
		fault := v.since(CheckpointDiffers)
		fault.Detail = fmt.Sprintf("size %d, root %s", c.Size, c.Root)
		return fault
	}
	v.report.Checkpoint, v.provenPosition = &c, c.Size
	return nil
}

// page checks headquarters' signature over all lines before it.
func (v *verifier) page(p *Page) *Fault {
	text, err := translog.OpenNote(pageName(v.report.Campaign), p.Signed, v.key)
	if err != nil {
		fault := v.here(PageWrong)
		fault.Detail = err.Error()
		return fault
	}
	if text != pageText(v.report.Campaign, p.Lines, p.Digest) {
		return v.since(PageDiffers)
	}
	v.report.Pages++
	v.provenLine, v.provenPosition = v.line, v.edge.Size()
	return nil
}

package history

import (
	"crypto"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// Writer writes a history file.
type Writer struct {
	to       io.Writer
	campaign schema.CampaignID
	key      crypto.Signer // headquarters', Ed25519
	digest   hash.Hash
	lines    int
	paged    int // lines up to the last page
	edge     translog.Edge
	epoch    schema.Epoch
	began    uint64
	ended    []translog.Ended
	line     []byte
}

// NewWriter begins a file of a campaign; key is headquarters', Ed25519.
func NewWriter(to io.Writer, campaign schema.CampaignID, key crypto.Signer) (*Writer, error) {
	w := &Writer{to: to, campaign: campaign, key: key, digest: sha256.New()}
	return w, w.write(appendHeader(nil, campaign))
}

// Record writes the next record; its leaf is worked out here.
func (w *Writer) Record(r *Record) error {
	leaf := r.LeafOf(chain.HashBytes(r.Entry))
	hash := leaf.Hash()
	if r.Epoch != w.epoch {
		w.ended = translog.End(w.ended, w.epoch, w.edge.Size())
		w.epoch, w.began = r.Epoch, w.edge.Size()
	}
	w.edge.Add(hash)
	written := *r
	written.Leaf = &hash
	w.line = appendRecord(w.line[:0], &written)
	return w.write(w.line)
}

// Seal writes a device's signature over its chain up to the record before.
func (w *Writer) Seal(s *Seal) error {
	w.line = appendSeal(w.line[:0], s)
	return w.write(w.line)
}

// Checkpoint writes a signed checkpoint of the records so far.
func (w *Writer) Checkpoint(signed string) error {
	return w.write(appendText(nil, "checkpoint", signed))
}

// SignCheckpoint makes the signed checkpoint of the records so far, in the epoch
// and with the revision of the rows that headquarters has after them.
func (w *Writer) SignCheckpoint(epoch schema.Epoch, revision uint64) (string, error) {
	began, ended := w.began, w.ended
	if epoch != w.epoch {
		began, ended = w.edge.Size(), translog.End(ended, w.epoch, w.edge.Size())
	}
	c := translog.Checkpoint{
		Campaign: w.campaign, Tree: translog.Tree{Size: w.edge.Size(), Root: w.edge.Root()},
		Epoch: epoch, Began: began, Revision: revision, Ended: ended,
	}
	return c.Sign(w.key)
}

// Close ends the file with a checkpoint of all records and a page.
func (w *Writer) Close(signed string) error {
	if err := w.Checkpoint(signed); err != nil {
		return err
	}
	return w.page()
}

// write writes a line, after a page where one is due.
func (w *Writer) write(line []byte) error {
	if w.lines-w.paged == PageLines {
		if err := w.page(); err != nil {
			return err
		}
	}
	return w.raw(line)
}

func (w *Writer) page() error {
	text := pageText(w.campaign, w.lines, tlog.Hash(w.digest.Sum(nil)))
	signed, err := translog.SignNote(pageName(w.campaign), text, w.key)
	if err != nil {
		return err
	}
	err = w.raw(appendText(nil, "page", signed))
	w.paged = w.lines
	return err
}

func pageText(campaign schema.CampaignID, lines int, digest tlog.Hash) string {
	return fmt.Sprintf("%s\n%d\n%s\n", pageName(campaign), lines, digest)
}

func (w *Writer) raw(line []byte) error {
	w.lines++
	w.digest.Write(line)
	if _, err := w.to.Write(line); err != nil {
		return fmt.Errorf("write line %d of the history: %w", w.lines, err)
	}
	return nil
}

package translog

import (
	"crypto/ed25519"
	"fmt"
	"slices"

	"sansuiji/schema"

	"golang.org/x/mod/sumdb/tlog"
)

// Verdict is what a checkpoint means to a device that kept earlier ones.
type Verdict string

// The verdicts. RolledBack and Forked are alarms: a person must be told, and the
// answer and the kept checkpoints are the evidence.
const (
	// Consistent: the log is the one that was kept.
	Consistent Verdict = "consistent"
	// Grown: the log continues the one that was kept, or is the first.
	Grown Verdict = "grown"
	// RolledBack: headquarters shows an earlier state and does not say so.
	RolledBack Verdict = "rolled-back"
	// Forked: the log is another than the one that was kept.
	Forked Verdict = "forked"
	// NewEpoch: headquarters declares that it was restored, and what it kept is
	// what the device knows.
	NewEpoch Verdict = "new-epoch"
	// Unverifiable: the answer proves nothing. Once may be a fault of the way; if
	// it stays so, headquarters withholds the proof.
	Unverifiable Verdict = "unverifiable"
)

// KeptMax is how many checkpoints a device keeps: the newest, and enough older
// ones that a restored headquarters has one of them in common.
const KeptMax = 20

// Answer is headquarters' signed checkpoint and the proof that it continues the
// log of a size that the device named.
type Answer struct {
	Signed string
	From   uint64
	Proof  []tlog.Hash // nil if From is the size itself, or 0
}

// Log is a campaign's log as a device knows it: by its name and its key.
type Log struct {
	Campaign schema.CampaignID
	Key      ed25519.PublicKey
}

// Judge says what an answer means to who kept checkpoints, oldest first, as Keep
// made them. The error says why, for people who look deeper; it is nil for
// Consistent, Grown and NewEpoch. The checkpoint is the answer's, also of an
// alarm; the zero one if the answer is Unverifiable for its signature.
func (l *Log) Judge(kept []Checkpoint, answer *Answer) (Verdict, Checkpoint, error) {
	next, err := OpenCheckpoint(answer.Signed, l.Campaign, l.Key)
	if err != nil {
		return Unverifiable, Checkpoint{}, err
	}
	if len(kept) == 0 {
		return Grown, next, nil
	}
	verdict, err := judge(kept, &next, answer)
	return verdict, next, err
}

func judge(kept []Checkpoint, next *Checkpoint, answer *Answer) (Verdict, error) {
	newest := &kept[len(kept)-1]
	if next.Epoch == newest.Epoch {
		return judgeSameEpoch(newest, next, answer)
	}
	if slices.ContainsFunc(kept, func(c Checkpoint) bool { return c.Epoch == next.Epoch }) {
		return RolledBack, fmt.Errorf("epoch %s is over", next.Epoch)
	}
	end, known := next.Continues(newest.Epoch)
	base := lastUpTo(kept, end)
	if !known || base == nil {
		return NewEpoch, nil
	}
	verdict, err := judgeGrowth(base, next, answer)
	if err == nil {
		verdict = NewEpoch
	}
	return verdict, err
}

func judgeSameEpoch(newest, next *Checkpoint, answer *Answer) (Verdict, error) {
	switch {
	case next.Began != newest.Began:
		return Forked, fmt.Errorf("the epoch began at %d, now at %d", newest.Began, next.Began)
	case next.Size < newest.Size:
		return RolledBack, fmt.Errorf("size %d, was %d", next.Size, newest.Size)
	case next.Revision < newest.Revision:
		return RolledBack, fmt.Errorf("revision %d, was %d", next.Revision, newest.Revision)
	}
	return judgeGrowth(newest, next, answer)
}

// judgeGrowth holds a log against an earlier state that it must continue.
func judgeGrowth(base, next *Checkpoint, answer *Answer) (Verdict, error) {
	if next.Size == base.Size {
		if next.Root != base.Root {
			return Forked, fmt.Errorf("another root at size %d", base.Size)
		}
		return Consistent, nil
	}
	if base.Size > 0 && (answer.From != base.Size || len(answer.Proof) == 0) {
		return Unverifiable, fmt.Errorf("no proof from size %d", base.Size)
	}
	if base.Size == 0 {
		return Grown, nil
	}
	if err := CheckConsistency(base.Tree, next.Tree, answer.Proof); err != nil {
		return Forked, err
	}
	return Grown, nil
}

// lastUpTo is the newest kept checkpoint of at most a size, or nil.
func lastUpTo(kept []Checkpoint, size uint64) *Checkpoint {
	for i := len(kept) - 1; i >= 0; i-- {
		if kept[i].Size <= size {
			return &kept[i]
		}
	}
	return nil
}

// Keep adds a checkpoint that was judged Consistent, Grown or NewEpoch to the
// kept ones. Those of an earlier epoch that the log does not continue are let go.
func Keep(kept []Checkpoint, next Checkpoint) []Checkpoint {
	var out []Checkpoint
	for _, c := range kept {
		same := c.Epoch == next.Epoch && c.Size == next.Size
		end, known := next.Continues(c.Epoch)
		lost := c.Epoch != next.Epoch && (!known || c.Size > end)
		if !same && !lost {
			out = append(out, c)
		}
	}
	out = append(out, next)
	return out[max(0, len(out)-KeptMax):]
}

// ProofBase picks, of the sizes that a device kept, the one that headquarters
// proves its log from: the newest that it has in common with the device, whose newest
// checkpoint is of an epoch. 0: there is none.
func ProofBase(sizes []uint64, epoch schema.Epoch, next *Checkpoint) uint64 {
	limit, _ := next.Continues(epoch)
	if epoch == next.Epoch {
		limit = next.Size
	}
	var base uint64
	for _, size := range sizes {
		if size <= limit {
			base = max(base, size)
		}
	}
	return base
}

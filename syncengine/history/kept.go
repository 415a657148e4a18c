package history

import (
	"cmp"
	"fmt"
	"slices"

	"sansuiji/syncengine/translog"
)

// kept are the checkpoints of devices that a history is held against.
type kept struct {
	ahead []translog.Checkpoint // not come to yet, by size
	unmet []translog.Checkpoint // of another root, in an epoch that is not here so far
}

// meetKept holds the log against the kept checkpoints of its size. The error is
// a *Fault, or says that a kept one cannot be read.
func (v *verifier) meetKept() error {
	if v.edge.Size() == 1 {
		if err := v.openKept(); err != nil {
			return err
		}
	}
	for len(v.kept.ahead) > 0 && v.kept.ahead[0].Size <= v.edge.Size() {
		c := v.kept.ahead[0]
		v.kept.ahead = v.kept.ahead[1:]
		if c.Size == 0 || c.Tree == (translog.Tree{Size: v.edge.Size(), Root: v.edge.Root()}) {
			v.report.KeptMet++
			continue
		}
		v.kept.unmet = append(v.kept.unmet, c)
	}
	// Once its epoch is here, a checkpoint is of this very log.
	if i := slices.IndexFunc(v.kept.unmet, v.ofEpoch); i >= 0 {
		return v.keptFault(KeptDiffers, &v.kept.unmet[i])
	}
	return nil
}

func (v *verifier) ofEpoch(c translog.Checkpoint) bool { return c.Epoch == v.epoch }

// openKept reads the checkpoints that devices kept, once the key is known.
func (v *verifier) openKept() error {
	for i, signed := range v.Kept {
		c, err := translog.OpenCheckpoint(signed, v.report.Campaign, v.key)
		if err != nil {
			return fmt.Errorf("read kept checkpoint %d: %w", i+1, err)
		}
		v.kept.ahead = append(v.kept.ahead, c)
	}
	slices.SortStableFunc(v.kept.ahead, func(a, b translog.Checkpoint) int {
		return cmp.Compare(a.Size, b.Size)
	})
	return nil
}

// keptAhead finds a kept checkpoint of the history's newest epoch that is larger
// than the history.
func (v *verifier) keptAhead() *Fault {
	newest := v.epoch
	if c := v.report.Checkpoint; c != nil {
		newest = c.Epoch
	}
	for i := range v.kept.ahead {
		if c := &v.kept.ahead[i]; c.Epoch == newest {
			return v.keptFault(KeptAhead, c)
		}
	}
	return nil
}

// keptFault is about all of the history: whoever holds headquarters' key could
// sign every page of another one.
func (v *verifier) keptFault(code Code, c *translog.Checkpoint) *Fault {
	f := v.here(code)
	f.FromLine, f.FromPosition = min(1, f.Line), 1
	f.Detail = fmt.Sprintf("size %d, root %s", c.Size, c.Root)
	return f
}

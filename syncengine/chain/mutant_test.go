//go:build mutants

package chain

import (
	"crypto/rand"
	"testing"

	"sansuiji/syncengine/mutant"
)

// TestEveryMutantOfTheChainIsCaught wants each bug to let something through that
// the program as it is refuses.
func TestEveryMutantOfTheChainIsCaught(t *testing.T) {
	defer mutant.Select(mutant.None)
	for m, accepts := range map[mutant.Mutant]func(*testing.T) bool{
		mutant.GapAccepted: func(t *testing.T) bool {
			return acceptsSecond(t, func(e *Entry) { e.Seq++ })
		},
		mutant.PreviousUnchecked: func(t *testing.T) bool {
			return acceptsSecond(t, func(e *Entry) { e.Previous = Hash{9} })
		},
		mutant.SignatureOfOther: func(t *testing.T) bool {
			push, key, _ := signedPush(t, 2)
			push.Entries = push.Entries[:1]
			_, err := push.Check(key)
			return err == nil
		},
		mutant.HeadsUnordered: func(*testing.T) bool {
			e := sampleEntries()[1]
			e.Seen.Heads[0], e.Seen.Heads[1] = e.Seen.Heads[1], e.Seen.Heads[0]
			_, err := Parse(e.Append(nil))
			return err == nil
		},
	} {
		mutant.Select(mutant.None)
		if accepts(t) {
			t.Errorf("%s: accepted without it", m)
		}
		mutant.Select(m)
		if !accepts(t) {
			t.Errorf("%s survives", m)
		}
	}
}

// acceptsSecond signs two entries of which the second was changed.
func acceptsSecond(t *testing.T, change func(*Entry)) bool {
	t.Helper()
	push, key, private := signedPush(t, 2)
	e, err := Parse(push.Entries[1])
	if err != nil {
		t.Fatal(err)
	}
	change(&e)
	push.Entries[1] = e.Append(nil)
	head := Head{Seq: e.Seq, Hash: HashBytes(push.Entries[1])}
	if push.Signature, err = SignHead(rand.Reader, private, push.Campaign, push.Device, head); err != nil {
		t.Fatal(err)
	}
	_, err = push.Check(key)
	return err == nil
}

package translog_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/translog"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
)

var update = flag.Bool("update", false, "rewrite the vectors shared with TypeScript")

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

// sharedFile compares what this test makes with a file that TypeScript reads too.
func sharedFile[T any](t *testing.T, name string, have T) {
	t.Helper()
	file := filepath.Join("../../testdata/translog", name)
	if *update {
		text, err := json.MarshalIndent(have, "", "  ")
		must(t, err)
		must(t, os.WriteFile(file, append(text, '\n'), 0o644))
	}
	text, err := os.ReadFile(file)
	must(t, err)
	var want T
	must(t, json.Unmarshal(text, &want))
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
}

// judgement is one case that Go and TypeScript must judge alike.
type judgement struct {
	Name   string           `json:"name"`
	Kept   []string         `json:"kept"` // unsigned texts
	Signed string           `json:"signed"`
	From   uint64           `json:"from"`
	Proof  []tlog.Hash      `json:"proof"`
	Want   translog.Verdict `json:"want"`
	// KeptAfter is what is kept then, if the verdict is no alarm.
	KeptAfter []string `json:"kept_after,omitempty"`
}

type judgements struct {
	Campaign string      `json:"campaign"`
	Key      []byte      `json:"key"`
	Cases    []judgement `json:"cases"`
}

// story makes cases about one log, a fork of it, and restored ones.
type story struct {
	t     *testing.T
	key   ed25519.PrivateKey
	plain []tlog.Hash // log 1
	cases []judgement
}

// epoch is a life of a log: leaves in an epoch that began at a size.
type epoch struct {
	leaves []tlog.Hash
	id     schema.Epoch
	began  uint64
	ended  []translog.Ended
}

// restored is a life that begins when one is over.
func (e epoch) restored(leaves []tlog.Hash, id schema.Epoch, began uint64) epoch {
	return epoch{leaves, id, began, translog.End(e.ended, e.id, began)}
}

func (e epoch) at(size uint64) translog.Checkpoint {
	c := checkpointOf(e.leaves[:size])
	c.Epoch, c.Began, c.Ended = e.id, e.began, e.ended
	return c
}

// add adds a case: the answer is the life's checkpoint of a size with the true
// proof from a smaller one, unless twist changes it.
func (s *story) add(
	name string, want translog.Verdict, kept []translog.Checkpoint, e epoch, size, from uint64,
	twist func(c *translog.Checkpoint, j *judgement),
) {
	s.t.Helper()
	next := e.at(size)
	j := judgement{Name: name, Want: want, From: from, Kept: []string{}, Proof: []tlog.Hash{}}
	if from > 0 {
		proof, err := translog.ProveConsistency(from, size, hashesOf(e.leaves, nil))
		must(s.t, err)
		j.Proof = append(j.Proof, proof...)
	}
	if twist != nil {
		twist(&next, &j)
	}
	for _, c := range kept {
		j.Kept = append(j.Kept, c.Format())
	}
	if j.Signed == "" {
		var err error
		j.Signed, err = next.Sign(s.key)
		must(s.t, err)
	}
	if !slices.Contains([]translog.Verdict{translog.RolledBack, translog.Forked, translog.Unverifiable}, want) {
		for _, c := range translog.Keep(kept, next) {
			j.KeptAfter = append(j.KeptAfter, c.Format())
		}
	}
	s.cases = append(s.cases, j)
}

func judgementStory(t *testing.T) *story {
	s := &story{t: t, key: testKey(1), plain: leavesOf(1, 60)}
	first := epoch{s.plain, id[schema.Epoch](0x80), 0, nil}
	forked := epoch{append(slices.Clone(s.plain[:10]), leavesOf(2, 50)[10:]...), first.id, 0, nil}
	kept := []translog.Checkpoint{first.at(5), first.at(12), first.at(20)}
	s.add("the first checkpoint", translog.Grown, nil, first, 20, 0, nil)
	s.add("the same again", translog.Consistent, kept, first, 20, 20, nil)
	s.add("more entries", translog.Grown, kept, first, 33, 20, nil)
	s.add("more than the device keeps", translog.Grown, manyKept(first), first, 60, 30, nil)
	s.add("entries after an empty log", translog.Grown, []translog.Checkpoint{first.at(0)}, first, 3, 0, nil)
	s.add("fewer entries", translog.RolledBack, kept, first, 12, 12, nil)
	s.add("an older state of the rows", translog.RolledBack, kept, first, 33, 20,
		func(c *translog.Checkpoint, _ *judgement) { c.Revision = 59 })
	s.add("another log of the same size", translog.Forked, kept, forked, 20, 20, nil)
	s.add("another log that is longer", translog.Forked, kept, forked, 33, 20, nil)
	s.add("a proof with a wrong hash", translog.Forked, kept, first, 33, 20,
		func(_ *translog.Checkpoint, j *judgement) { j.Proof[1][7] ^= 1 })
	s.add("a proof with a hash too many", translog.Forked, kept, first, 33, 20,
		func(_ *translog.Checkpoint, j *judgement) { j.Proof = append(j.Proof, tlog.Hash{}) })
	s.add("a proof with a hash too few", translog.Forked, kept, first, 33, 20,
		func(_ *translog.Checkpoint, j *judgement) { j.Proof = j.Proof[1:] })
	s.add("no proof", translog.Unverifiable, kept, first, 33, 20,
		func(_ *translog.Checkpoint, j *judgement) { j.Proof = []tlog.Hash{} })
	s.add("a proof from another size", translog.Unverifiable, kept, first, 33, 12, nil)
	s.add("another beginning of the epoch", translog.Forked, kept, first, 33, 20,
		func(c *translog.Checkpoint, _ *judgement) { c.Began = 4 })
	s.add("another key", translog.Unverifiable, kept, first, 33, 20,
		func(c *translog.Checkpoint, j *judgement) { j.Signed, _ = c.Sign(testKey(2)) })
	s.add("a size that was not signed", translog.Unverifiable, kept, first, 33, 20,
		func(c *translog.Checkpoint, j *judgement) {
			signed, _ := c.Sign(s.key)
			j.Signed = strings.Replace(signed, "\n33\n", "\n34\n", 1)
		})
	s.addEpochs(first, kept)
	return s
}

// addEpochs adds the cases of a headquarters that was restored to position 15,
// and again to 8.
func (s *story) addEpochs(first epoch, kept []translog.Checkpoint) {
	second := first.restored(append(slices.Clone(s.plain[:15]), leavesOf(2, 60)[15:]...), id[schema.Epoch](0x90), 15)
	third := second.restored(append(slices.Clone(second.leaves[:18]), leavesOf(3, 60)[18:]...), id[schema.Epoch](0xa0), 18)
	rewritten := second
	rewritten.leaves = append(leavesOf(3, 3), second.leaves[3:]...)
	s.add("restored", translog.NewEpoch, kept, second, 17, 12, nil)
	s.add("restored, and grown beyond what was kept", translog.NewEpoch, kept, second, 40, 12, nil)
	s.add("restored to before all that was kept", translog.NewEpoch, kept[2:], second, 17, 0, nil)
	s.add("restored without a loss", translog.NewEpoch, kept, first.restored(s.plain, second.id, 20), 20, 20, nil)
	s.add("restored with another past", translog.Forked, kept, rewritten, 40, 12, nil)
	s.add("restored to a kept size with another root", translog.Forked,
		kept, first.restored(rewritten.leaves, second.id, 12), 12, 12, nil)
	s.add("restored with no proof", translog.Unverifiable, kept, second, 40, 0, nil)
	after := translog.Keep(kept, second.at(17))
	s.add("grown after a restore", translog.Grown, after, second, 40, 17, nil)
	s.add("the epoch before a restore", translog.RolledBack, after, first, 40, 17, nil)
	s.add("restored twice", translog.NewEpoch, after, third, 40, 17, nil)
	s.add("restored twice, to before the first restore", translog.NewEpoch,
		after, first.restored(s.plain, third.id, 13), 40, 0, nil)
	late := append(kept[:2:2], first.at(17))
	s.add("restored twice between two contacts", translog.NewEpoch, late, third, 40, 12, nil)
	s.add("restored twice between two contacts, with another past", translog.Forked, late,
		epoch{rewritten.leaves, third.id, 18, third.ended}, 40, 12, nil)
	s.add("restored, and the epoch that was kept is not named", translog.NewEpoch, kept, second, 40, 0,
		func(c *translog.Checkpoint, _ *judgement) { c.Ended = nil })
}

// manyKept is as many checkpoints as a device keeps.
func manyKept(e epoch) (kept []translog.Checkpoint) {
	for n := range uint64(translog.KeptMax) {
		kept = translog.Keep(kept, e.at(n+11))
	}
	return kept
}

func TestWhatACheckpointMeansToADevice(t *testing.T) {
	s := judgementStory(t)
	log := translog.Log{Campaign: testCampaign(), Key: publicOf(s.key)}
	seen := map[translog.Verdict]bool{}
	for _, c := range s.cases {
		t.Run(c.Name, func(t *testing.T) {
			var kept []translog.Checkpoint
			for _, text := range c.Kept {
				k, err := translog.ParseCheckpoint(text)
				must(t, err)
				kept = append(kept, k)
			}
			got, next, err := log.Judge(kept, &translog.Answer{Signed: c.Signed, From: c.From, Proof: c.Proof})
			if got != c.Want {
				t.Errorf("%s (%v), want %s", got, err, c.Want)
			}
			seen[got] = true
			calm := got == translog.Consistent || got == translog.Grown || got == translog.NewEpoch
			if calm != (err == nil) {
				t.Errorf("%s with error %v", got, err)
			}
			if got == translog.NewEpoch || got == translog.Grown {
				checkBase(t, kept, &next, c.From)
			}
		})
	}
	if len(seen) != 6 {
		t.Errorf("only the verdicts %v came up", seen)
	}
	sharedFile(t, "judge.json", judgements{testCampaign().String(), log.Key, s.cases})
}

// checkBase wants that headquarters, asked with the kept sizes, starts the proof
// where the judge wants it.
func checkBase(t *testing.T, kept []translog.Checkpoint, next *translog.Checkpoint, from uint64) {
	t.Helper()
	var sizes []uint64
	for _, k := range kept {
		sizes = append(sizes, k.Size)
	}
	var newest schema.Epoch
	if len(kept) > 0 {
		newest = kept[len(kept)-1].Epoch
	}
	if base := translog.ProofBase(sizes, newest, next); base != from {
		t.Errorf("headquarters would prove from %d, the device wants %d", base, from)
	}
}

func TestADeviceKeepsWhatTheLogContinues(t *testing.T) {
	sizes := func(kept []translog.Checkpoint) (out []uint64) {
		for _, c := range kept {
			out = append(out, c.Size)
		}
		return out
	}
	first := epoch{leavesOf(1, 60), id[schema.Epoch](0x80), 0, nil}
	second := first.restored(first.leaves, id[schema.Epoch](0x90), 15)
	kept := []translog.Checkpoint{first.at(5), first.at(12), first.at(20)}
	for _, c := range []struct {
		next translog.Checkpoint
		want []uint64
	}{
		{first.at(20), []uint64{5, 12, 20}},
		{first.at(30), []uint64{5, 12, 20, 30}},
		{second.at(17), []uint64{5, 12, 17}},
		{second.at(15), []uint64{5, 12, 15}},
	} {
		if got := sizes(translog.Keep(kept, c.next)); !slices.Equal(got, c.want) {
			t.Errorf("size %d: kept %v, want %v", c.next.Size, got, c.want)
		}
	}
	many := sizes(translog.Keep(manyKept(first), first.at(60)))
	if len(many) != translog.KeptMax || many[0] != 12 || many[len(many)-1] != 60 {
		t.Errorf("kept %v", many)
	}
}

// treeVector is a log with its roots and some proofs.
type treeVector struct {
	Canonical   string             `json:"canonical_first_leaf"` // hexadecimal
	Leaves      []tlog.Hash        `json:"leaves"`
	Roots       []tlog.Hash        `json:"roots"` // by size, from 0
	Consistency []consistencyProof `json:"consistency"`
	Inclusion   []inclusionProof   `json:"inclusion"`
}

type consistencyProof struct {
	From  uint64      `json:"from"`
	To    uint64      `json:"to"`
	Proof []tlog.Hash `json:"proof"`
}

type inclusionProof struct {
	Position uint64      `json:"position"`
	Size     uint64      `json:"size"`
	Proof    []tlog.Hash `json:"proof"`
}

func TestTheSharedTreeIsTheSame(t *testing.T) {
	leaves := leavesOf(1, 20)
	h := hashesOf(leaves, nil)
	v := treeVector{Canonical: hex.EncodeToString(leafAt(1, 1).Append(nil)), Leaves: leaves}
	for size := range uint64(21) {
		v.Roots = append(v.Roots, treeOf(leaves[:size]).Root)
		for from := range size + 1 {
			if (size+from)%3 != 0 && size != from {
				continue
			}
			proof, err := translog.ProveConsistency(from, size, h)
			must(t, err)
			v.Consistency = append(v.Consistency, consistencyProof{from, size, orEmpty(proof)})
			if from > 0 {
				proof, err = translog.ProveInclusion(from, size, h)
				must(t, err)
				v.Inclusion = append(v.Inclusion, inclusionProof{from, size, orEmpty(proof)})
			}
		}
	}
	sharedFile(t, "tree.json", v)
}

func orEmpty(proof []tlog.Hash) []tlog.Hash { return append([]tlog.Hash{}, proof...) }

// checkpointVector is a signed checkpoint and its parts.
type checkpointVector struct {
	KeyText string   `json:"key_text"`
	Key     []byte   `json:"key"`
	Signed  string   `json:"signed"`
	Text    string   `json:"text"`
	Bad     []string `json:"bad"` // signed, and no checkpoint
}

func TestTheSharedCheckpointIsTheSame(t *testing.T) {
	c, key := checkpointOf(leavesOf(1, 7)), testKey(1)
	c.Extra = []string{"one more — 一"}
	signed, err := c.Sign(key)
	must(t, err)
	v := checkpointVector{
		KeyText: translog.KeyText(c.Campaign, publicOf(key)), Key: publicOf(key), Signed: signed, Text: c.Format(),
	}
	for _, change := range [][2]string{
		{"\n7\n", "\n07\n"},
		{"\n7\n", "\n9007199254740992\n"},
		{"epoch ", "Epoch "},
		{"epoch-began 0", "epoch-began 8"},
		{"revision 21\n", ""},
		{"one more", "\x01"},
		{"=\n", "\n"},
	} {
		bad := strings.Replace(c.Format(), change[0], change[1], 1)
		name := translog.Origin(c.Campaign)
		if signed, err = translog.SignNote(name, bad, key); err != nil {
			t.Fatal(err)
		}
		v.Bad = append(v.Bad, signed)
	}
	twice := signed[strings.LastIndex(signed, "— "):]
	twice = twice[:len(twice)-12] + "AAAAAAAAAA==\n"
	v.Bad = append(v.Bad, v.Signed+twice, v.Signed+"— a b\n", v.Signed+"— hub AAAA\n", v.Signed+"hub AAAAAAAA\n")
	for _, bad := range v.Bad {
		if _, err := translog.OpenCheckpoint(bad, c.Campaign, v.Key); !errors.Is(err, translog.ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	sharedFile(t, "checkpoint.json", v)
}

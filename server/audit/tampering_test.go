package audit_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"
	randv2 "math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/history"
)

// tamperings is how many changed files must be found out, and how many clean
// ones must pass.
const tamperings = 10_000

// tale is a saga's file with its items.
type tale struct {
	*saga
	file  []byte
	lines [][]byte
	items []history.Item
}

func tales(t testing.TB) (out []tale) {
	t.Helper()
	for seed, steps := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 120} {
		s := newSaga(t, uint64(seed), steps)
		file := s.export()
		out = append(out, tale{s, file, bytes.SplitAfter(file, []byte("\n")), itemsOf(t, file)})
	}
	return out
}

// pick prefers the short tales, which cost less.
func pick(random *randv2.Rand, all []tale) *tale {
	if random.IntN(20) > 0 {
		return &all[random.IntN(len(all)-1)]
	}
	return &all[len(all)-1]
}

// tampering is a way to change a file; nil says that it found nothing to change.
type tampering struct {
	name string
	do   func(random *randv2.Rand, f *tale, others []tale) []byte
}

// TestTamperingIsAlwaysFoundAndLocated changes files in every way that somebody
// can who has the file, or the database without the devices' keys. Located means:
// the first line that differs from the true file lies between the lines that the
// report names, first to last. (Beyond that, where no signature says what must
// have been there, nobody could know more.)
func TestTamperingIsAlwaysFoundAndLocated(t *testing.T) {
	all, kinds := tales(t), append(blindTamperings(), insiderTamperings()...)
	var exact, span atomic.Int64
	counts := make([]atomic.Int64, len(kinds))
	inParallel(t, tamperings, func(t *testing.T, seed uint64) {
		random := randv2.New(randv2.NewPCG(seed, 1))
		kind := int(seed) % len(kinds)
		var f *tale
		var changed []byte
		for changed == nil || bytes.Equal(changed, f.file) {
			f = pick(random, all)
			changed = kinds[kind].do(random, f, all)
		}
		counts[kind].Add(1)
		at := firstDifference(f.lines, bytes.SplitAfter(changed, []byte("\n")))
		fault := verifyFile(t, changed).Fault
		switch {
		case fault == nil:
			t.Errorf("%s, seed %d: not found", kinds[kind].name, seed)
		case fault.FromLine > at || fault.Line < at:
			t.Errorf("%s, seed %d: %v (from line %d), but it is line %d", kinds[kind].name, seed, fault, fault.FromLine, at)
		case fault.Line == at && fault.FromLine == at:
			exact.Add(1)
		default:
			span.Add(int64(fault.Line - fault.FromLine + 1))
		}
	})
	for i := range counts {
		if n := counts[i].Load(); n < tamperings/int64(len(kinds))/2 {
			t.Errorf("%s was tried %d times only", kinds[i].name, n)
		}
	}
	wide := float64(span.Load()) / float64(max(1, tamperings-exact.Load()))
	t.Logf("%d tamperings of %d kinds, %d named by their very line, the others within %.1f lines on average",
		tamperings, len(kinds), exact.Load(), wide)
	if exact.Load() < tamperings*3/10 || wide > history.PageLines {
		t.Error("too few are named by their line, or the rest too vaguely")
	}
}

// TestACleanHistoryRaisesNoAlarm checks the beginnings of many histories, as far
// as some push, each exported anew.
func TestACleanHistoryRaisesNoAlarm(t *testing.T) {
	all := tales(t)
	inParallel(t, tamperings, func(t *testing.T, seed uint64) {
		random := randv2.New(randv2.NewPCG(seed, 2))
		f := pick(random, all)
		if f == &all[len(all)-1] && random.IntN(4) > 0 {
			f = &all[0]
		}
		file := f.beginning(t, random, 1+random.IntN(len(f.items)))
		if fault := verifyFile(t, file).Fault; fault != nil {
			t.Errorf("seed %d: %v", seed, fault)
		}
	})
}

// beginning is the file that headquarters would have exported when the history
// had at most so many items.
func (f *tale) beginning(t testing.TB, random *randv2.Rand, items int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := history.NewWriter(&b, f.w.Campaign, f.w.Service.Key)
	must(t, err)
	upTo := 3 // headquarters' first entry under its seal
	for i := range items {
		if f.items[i].Kind == history.KindSeal {
			upTo = max(upTo, i+1)
		}
	}
	var epoch schema.Epoch
	for i := range f.items[:upTo] {
		switch item := &f.items[i]; item.Kind {
		case history.KindRecord:
			epoch = item.Record.Epoch
			must(t, w.Record(&item.Record))
		case history.KindSeal:
			must(t, w.Seal(&item.Seal))
			if random.IntN(10) == 0 {
				signed, err := w.SignCheckpoint(epoch, 1)
				must(t, err)
				must(t, w.Checkpoint(signed))
			}
		case history.KindHeader, history.KindCheckpoint, history.KindPage:
		}
	}
	signed, err := w.SignCheckpoint(epoch, 1)
	must(t, err)
	must(t, w.Close(signed))
	return b.Bytes()
}

// inParallel runs a numbered check on all cores.
func inParallel(t *testing.T, count int, check func(t *testing.T, n uint64)) {
	t.Helper()
	var next atomic.Int64
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for n := next.Add(1); n <= int64(count) && !t.Failed(); n = next.Add(1) {
				check(t, uint64(n))
			}
		})
	}
	done.Wait()
}

// firstDifference is the number of the first line that differs.
func firstDifference(a, b [][]byte) int {
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			return i + 1
		}
	}
	return min(len(a), len(b)) + 1
}

// blindTamperings change bytes and lines as they are.
func blindTamperings() []tampering {
	line := func(random *randv2.Rand, f *tale) int { return random.IntN(len(f.lines) - 1) }
	joined := func(lines [][]byte) []byte { return bytes.Join(lines, nil) }
	return []tampering{
		{"a byte changed", func(random *randv2.Rand, f *tale, _ []tale) []byte {
			b := bytes.Clone(f.file)
			b[random.IntN(len(b))] ^= byte(1 + random.IntN(255))
			return b
		}},
		{"a bit turned", func(random *randv2.Rand, f *tale, _ []tale) []byte {
			b := bytes.Clone(f.file)
			b[random.IntN(len(b))] ^= 1 << random.IntN(8)
			return b
		}},
		{"a bit turned near the end", func(random *randv2.Rand, f *tale, _ []tale) []byte {
			b := bytes.Clone(f.file)
			b[len(b)-1-random.IntN(900)] ^= 1 << random.IntN(8)
			return b
		}},
		{"a line left out", func(random *randv2.Rand, f *tale, _ []tale) []byte {
			i := line(random, f)
			return joined(slices.Delete(slices.Clone(f.lines), i, i+1))
		}},
		{"a line doubled", func(random *randv2.Rand, f *tale, _ []tale) []byte {
			i := line(random, f)
			return joined(slices.Insert(slices.Clone(f.lines), line(random, f)+1, f.lines[i]))
		}},
		{"two lines swapped", func(random *randv2.Rand, f *tale, _ []tale) []byte {
			lines, i, j := slices.Clone(f.lines), line(random, f), line(random, f)
			lines[i], lines[j] = lines[j], lines[i]
			return joined(lines)
		}},
		{"a line of another history", func(random *randv2.Rand, f *tale, others []tale) []byte {
			lines, from := slices.Clone(f.lines), pick(random, others)
			if from == f {
				return nil
			}
			foreign, at := from.lines[line(random, from)], line(random, f)
			if random.IntN(2) == 0 {
				lines[at] = foreign
				return joined(lines)
			}
			return joined(slices.Insert(lines, at, foreign))
		}},
		{"the tail cut", func(random *randv2.Rand, f *tale, _ []tale) []byte {
			return f.file[:random.IntN(len(f.file))]
		}},
		{"the tail cut at a line", func(random *randv2.Rand, f *tale, _ []tale) []byte {
			return joined(f.lines[:line(random, f)])
		}},
		{"bytes after the end", func(random *randv2.Rand, f *tale, _ []tale) []byte {
			return append(bytes.Clone(f.file), f.lines[line(random, f)][random.IntN(8):]...)
		}},
	}
}

// forgery is a history that an insider changes: the items, written anew with
// leaves and positions that fit.
type forgery struct {
	*tale
	items  []history.Item
	random *randv2.Rand
}

// insiderTamperings change what the lines say and make all that needs no key fit.
func insiderTamperings() []tampering {
	one := func(name string, do func(f *forgery) bool) tampering {
		return tampering{name, func(random *randv2.Rand, t *tale, _ []tale) []byte {
			f := &forgery{t, slices.Clone(t.items), random}
			if !do(f) {
				return nil
			}
			return f.written()
		}}
	}
	return []tampering{
		one("a time of receipt", func(f *forgery) bool {
			f.record().ReceivedAt += int64(f.random.IntN(2000)) - 1000
			return true
		}),
		one("a clock", func(f *forgery) bool {
			f.record().Clock += clock.Time(1 + f.random.IntN(1<<20))
			return true
		}),
		one("an epoch", func(f *forgery) bool {
			f.record().Epoch[f.random.IntN(16)] ^= 1
			return true
		}),
		one("a seq", func(f *forgery) bool { f.record().Seq++; return true }),
		one("a device", func(f *forgery) bool { f.record().Device[3] ^= 4; return true }),
		one("an entry, its chain made to fit", (*forgery).rewriteEntry),
		one("an entry, its chain made to fit, all signed by headquarters", func(f *forgery) bool {
			return f.rewriteEntry() && f.signAnew()
		}),
		one("an entry more at a chain's end", (*forgery).addEntry),
		one("an entry less", func(f *forgery) bool {
			i := f.indexOf(history.KindRecord)
			f.items = slices.Delete(f.items, i, i+1)
			return true
		}),
		one("a push less", func(f *forgery) bool {
			i := f.indexOf(history.KindSeal)
			from := i
			for from > 1 && f.items[from-1].Kind == history.KindRecord &&
				f.items[from-1].Record.Device == f.items[i].Seal.Device {
				from--
			}
			f.items = slices.Delete(f.items, from, i+1)
			return true
		}),
		one("two entries in another order", func(f *forgery) bool {
			i := f.indexOf(history.KindRecord)
			if f.items[i+1].Kind != history.KindRecord {
				return false
			}
			f.items[i], f.items[i+1] = f.items[i+1], f.items[i]
			return true
		}),
		one("a signature", func(f *forgery) bool {
			sig := make([]byte, 64)
			_, _ = rand.Read(sig)
			f.items[f.indexOf(history.KindSeal)].Seal.Signature = sig
			return true
		}),
		one("another's signature", func(f *forgery) bool {
			f.items[f.indexOf(history.KindSeal)].Seal.Signature = f.items[f.indexOf(history.KindSeal)].Seal.Signature
			return true
		}),
		one("the other form of a signature", (*forgery).mirrorSignature),
		one("a seal less", func(f *forgery) bool {
			i := f.indexOf(history.KindSeal)
			f.items = slices.Delete(f.items, i, i+1)
			return true
		}),
	}
}

// indexOf picks an item of a kind.
func (f *forgery) indexOf(kind history.Kind) int {
	for {
		if i := f.random.IntN(len(f.items)); f.items[i].Kind == kind {
			return i
		}
	}
}

func (f *forgery) record() *history.Record { return &f.items[f.indexOf(history.KindRecord)].Record }

// rewriteEntry changes an entry of a device, and all that follow in its chain.
func (f *forgery) rewriteEntry() bool {
	changed := f.record()
	e, err := chain.Parse(changed.Entry)
	if err != nil {
		panic(err)
	}
	if e.Device == f.w.Service.Device {
		return false // its key is with the history
	}
	e.WallAt++
	changed.Entry = e.Append(nil)
	head := chain.Head{Seq: e.Seq, Hash: chain.HashBytes(changed.Entry)}
	for i := range f.items {
		r := &f.items[i].Record
		if f.items[i].Kind != history.KindRecord || r.Device != e.Device || r.Seq != head.Seq+1 {
			continue
		}
		next, err := chain.Parse(r.Entry)
		if err != nil {
			panic(err)
		}
		next.Previous = head.Hash
		r.Entry = next.Append(nil)
		head = chain.Head{Seq: next.Seq, Hash: chain.HashBytes(r.Entry)}
	}
	return true
}

// addEntry forges an entry after a device's last.
func (f *forgery) addEntry() bool {
	device := f.devices[f.random.IntN(len(f.devices))].ID
	for i := len(f.items) - 1; i >= 0; i-- {
		r := f.items[i].Record
		if f.items[i].Kind != history.KindRecord || r.Device != device {
			continue
		}
		e, err := chain.Parse(r.Entry)
		if err != nil {
			panic(err)
		}
		e.Seq, e.Previous = e.Seq+1, chain.HashBytes(r.Entry)
		r.Seq, r.Entry = e.Seq, e.Append(nil)
		r.Clock = clock.Effective(e.Clock, r.Clock, r.Clock, r.ReceivedAt)
		at := len(f.items) - 2 // before the checkpoint
		f.items = slices.Insert(f.items, at, history.Item{Kind: history.KindRecord, Record: r})
		return true
	}
	return false
}

// mirrorSignature makes of an ECDSA signature the other one that verifies: s
// becomes the order of the curve less s.
func (f *forgery) mirrorSignature() bool {
	seal := &f.items[f.indexOf(history.KindSeal)].Seal
	for _, d := range f.devices {
		if _, curve := d.Key.(*ecdsa.PrivateKey); !curve || d.ID != seal.Device {
			continue
		}
		s := new(big.Int).SetBytes(seal.Signature[32:])
		s.Sub(elliptic.P256().Params().N, s)
		seal.Signature = bytes.Clone(seal.Signature)
		s.FillBytes(seal.Signature[32:])
		return true
	}
	return false
}

// signAnew signs checkpoint and pages with headquarters' key, which the insider
// has here.
func (f *forgery) signAnew() bool {
	f.number()
	var b bytes.Buffer
	w, err := history.NewWriter(&b, f.w.Campaign, f.w.Service.Key)
	var epoch schema.Epoch
	for i := range f.items {
		switch item := &f.items[i]; item.Kind {
		case history.KindRecord:
			epoch = item.Record.Epoch
			err = w.Record(&item.Record)
		case history.KindSeal:
			err = w.Seal(&item.Seal)
		case history.KindHeader, history.KindCheckpoint, history.KindPage:
		}
		if err != nil {
			panic(err)
		}
	}
	signed, err := w.SignCheckpoint(epoch, 1)
	if err == nil {
		err = w.Close(signed)
	}
	if err != nil {
		panic(err)
	}
	f.items = itemsOf(f.w.T, b.Bytes())
	return true
}

// number makes positions and leaves fit.
func (f *forgery) number() {
	position := uint64(0)
	for i := range f.items {
		r := &f.items[i].Record
		if f.items[i].Kind != history.KindRecord {
			continue
		}
		position++
		r.Position = position
		leaf := r.LeafOf(chain.HashBytes(r.Entry))
		hash := leaf.Hash()
		r.Leaf = &hash
	}
}

func (f *forgery) written() (b []byte) {
	f.number()
	for i := range f.items {
		b = f.items[i].Append(b)
	}
	return b
}

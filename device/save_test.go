package device

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

// replayed is what the outbox makes of empty tables.
func (d *Device) replayed(t *testing.T) map[string][][]changeset.Value {
	t.Helper()
	image, err := NewImage(schema.Version)
	must(t, err)
	empty, err := OpenImage(image, testSettings(9))
	must(t, err)
	defer func() { must(t, empty.Close()) }()
	list, err := d.Entries(0, 10_000)
	must(t, err)
	for _, e := range list {
		must(t, empty.overlayEntry(e.Bytes))
	}
	return empty.contents(t)
}

// checkWhole proves that rows and outbox agree and that the outbox is one chain.
func (d *Device) checkWhole(t *testing.T) int {
	t.Helper()
	if diff := cmp.Diff(d.replayed(t), d.contents(t)); diff != "" {
		t.Fatalf("the outbox does not make the rows:\n%s", diff)
	}
	who, err := d.Identity()
	must(t, err)
	list, err := d.Entries(0, 10_000)
	must(t, err)
	before := chain.Entry{}
	last := chain.Genesis(who.Campaign, who.Device, who.PublicKey)
	for _, e := range list {
		entry, err := chain.Parse(e.Bytes)
		must(t, err)
		if entry.Seq != before.Seq+1 || entry.Previous != last || entry.Clock <= before.Clock ||
			chain.HashBytes(e.Bytes) != e.Hash {
			t.Fatalf("entry %d does not continue the chain", e.Seq)
		}
		before, last = entry, e.Hash
	}
	return len(list)
}

func TestASaveThatIsKilledIsThereWholeOrNotAtAll(t *testing.T) {
	for _, inMemory := range []bool{true, false} {
		for _, point := range []Point{SaveBeforeCommit, SaveAfterCommit} {
			t.Run(fmt.Sprintf("%s, in memory %t", point, inMemory), func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "device.db")
				d, err := Open(file, testSettings(1))
				must(t, err)
				if inMemory {
					image, err := NewImage(schema.Version)
					must(t, err)
					must(t, d.Close())
					d, err = OpenImage(image, testSettings(1))
					must(t, err)
				}
				letIn(t, d)
				want := 0
				for i := range 12 {
					killed := i%3 == 1
					if killed {
						d.Points = func(at Point) {
							if at == point {
								panic(at)
							}
						}
					}
					func() {
						defer func() { _ = recover() }()
						d.put(t, "finding", rowID(byte(20+i%4)), finding(fmt.Sprintf("第%d條", i)))
					}()
					if !killed || point == SaveAfterCommit {
						want++
					}
					if killed && inMemory {
						d, err = d.Restart(testSettings(1))
					} else if killed {
						must(t, d.Close())
						d, err = Open(file, testSettings(1))
					}
					must(t, err)
					if got := d.checkWhole(t); got != want {
						t.Fatalf("save %d: %d entries, want %d", i, got, want)
					}
				}
				must(t, d.Close())
			})
		}
	}
}

func TestAWriteThatFailsHalfWayLeavesNothingBehind(t *testing.T) {
	d := enrolled(t, testSettings(1))
	d.put(t, "finding", rowID(20), finding("一"))
	before := d.contents(t)
	stop := errors.New("stop")
	for name, second := range map[string]func(*Saving) error{
		"a person stops":     func(*Saving) error { return stop },
		"a column of no one": func(s *Saving) error { return s.Put("finding", rowID(20), edit.Cells{"colour": edit.Int(1)}) },
		"a table of no one":  func(s *Saving) error { return s.Put("puzzle", rowID(20), edit.Cells{}) },
		"a number for text":  func(s *Saving) error { return s.Put("finding", rowID(20), edit.Cells{"title": edit.Int(1)}) },
		"a short id": func(s *Saving) error {
			return s.Put("finding", rowID(20), edit.Cells{"visit_id": edit.Bytes([]byte{1})})
		},
		"no title": func(s *Saving) error {
			return s.Put("finding", rowID(21), edit.Cells{"visit_id": edit.ID(rowID(9))})
		},
		"an empty title": func(s *Saving) error {
			return s.Put("finding", rowID(20), edit.Cells{"title": changeset.NullValue()})
		},
		"a broken text": func(s *Saving) error {
			return s.Put("finding", rowID(20), edit.Cells{"title": changeset.TextValue("\xff")})
		},
	} {
		_, err := d.Save(func(s *Saving) error {
			if err := s.Put("finding", rowID(20), finding("二")); err != nil {
				return err
			}
			return second(s)
		})
		if err == nil {
			t.Errorf("%s: saved", name)
		}
		if diff := cmp.Diff(before, d.contents(t)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	if n := d.checkWhole(t); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestASaveThatChangesNothingMakesNoEntry(t *testing.T) {
	d := enrolled(t, testSettings(1))
	if seq := d.put(t, "finding", rowID(20), finding("一")); seq != 1 {
		t.Errorf("entry %d", seq)
	}
	if seq := d.put(t, "finding", rowID(20), finding("一")); seq != 0 {
		t.Errorf("the same again is entry %d", seq)
	}
}

func TestAFullStorageSavesNothingAndSaysSo(t *testing.T) {
	d := enrolled(t, testSettings(1))
	must(t, d.db.script("PRAGMA max_page_count = 80"))
	full := 0
	for i := range 400 {
		_, err := d.Save(func(s *Saving) error {
			return s.Put("finding", rowID(byte(i%100)), finding(fmt.Sprintf("第%d條", i)))
		})
		if err != nil {
			full++
			if !errors.Is(err, ErrFull) {
				t.Fatalf("save %d: %v, want ErrFull", i, err)
			}
		}
	}
	kept := d.checkWhole(t)
	if full == 0 || kept != 400-full {
		t.Errorf("%d of 400 saves were refused, %d are kept", full, kept)
	}
	must(t, d.db.script("PRAGMA max_page_count = 100000"))
	d.put(t, "finding", rowID(20), finding("有空間了"))
	if n := d.checkWhole(t); n != kept+1 {
		t.Errorf("%d entries after there was room again, want %d", n, kept+1)
	}
}

func TestADeviceThatIsNotEnrolledSavesNothing(t *testing.T) {
	d, err := Open(filepath.Join(t.TempDir(), "device.db"), testSettings(1))
	must(t, err)
	defer func() { must(t, d.Close()) }()
	if _, err := d.Save(func(*Saving) error { return nil }); !errors.Is(err, ErrNotEnrolled) {
		t.Errorf("save: %v", err)
	}
}

func TestPeopleWhoVerifyTheSameThingMeetInOneRow(t *testing.T) {
	cells := edit.Cells{"visit_id": edit.ID(rowID(1)), "problem_id": edit.ID(rowID(2))}
	id, ok := NaturalID("verification", cells)
	if want := schema.NaturalRowID("verification", rowID(1), rowID(2)); !ok || id != want {
		t.Errorf("%s, %t, want %s", id, ok, want)
	}
	if _, ok := NaturalID("verification", edit.Cells{"visit_id": edit.ID(rowID(1))}); ok {
		t.Error("a verification of nothing has an id")
	}
	if _, ok := NaturalID("finding", cells); ok {
		t.Error("a finding has a natural id")
	}
}

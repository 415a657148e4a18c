package draw

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
)

// Unit is one that can be drawn, or that is left out for a reason.
type Unit struct {
	ID      string
	Stratum string
	Class   string // may be empty
	// Size is what a draw with probabilities proportional to size goes by; 1 unless
	// said otherwise. Weights for rotation or risk are factors in it.
	Size     uint64
	Eligible bool
	// Exclusion is the code of the reason why it cannot be drawn; empty if it can.
	Exclusion string
	X, Y      int32 // metres in the plane of the campaign's map
	// Attributes are the name and what else is known, sorted by key; none is empty.
	Attributes []Attribute
}

// Attribute is something known of a unit.
type Attribute struct{ Key, Value string }

// Bounds of a frame.
const (
	idMax = 64
	// SizeMax is the largest size, and the largest total of a stratum's: 2^53-1.
	SizeMax = integerMax
	// CoordinateMax is how far from the origin a unit may be, in metres: the sum of two
	// squares of differences must be a number that every program has exactly.
	CoordinateMax = 10_000_000
)

// isID says whether a text can be an id: of its bytes everybody sees which they are.
func isID(s string) bool {
	if s == "" || len(s) > idMax {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !letter && strings.IndexByte("._:-", c) < 0 {
			return false
		}
	}
	return true
}

// Frame is all units, sorted by id.
type Frame struct {
	Units []Unit
	// SHA256 is of the file that the frame was read from.
	SHA256 Hash

	root *Hash // once it was asked for; units do not change
}

// NewFrame sorts and checks units.
func NewFrame(units []Unit) (*Frame, error) {
	sorted := slices.Clone(units)
	slices.SortStableFunc(sorted, func(a, b Unit) int { return strings.Compare(a.ID, b.ID) })
	for i := range sorted {
		if i > 0 && sorted[i].ID == sorted[i-1].ID {
			return nil, problem("frame-id-twice", sorted[i].ID)
		}
		if err := sorted[i].check(); err != nil {
			return nil, err
		}
	}
	f := &Frame{Units: sorted}
	if err := f.checkCase(); err != nil {
		return nil, err
	}
	return f, f.checkSizes()
}

func (u *Unit) check() error {
	switch {
	case !isID(u.ID):
		return problem("frame-id", u.ID)
	case !isID(u.Stratum):
		return problem("frame-stratum", u.ID, u.Stratum)
	case u.Class != "" && !isID(u.Class):
		return problem("frame-class", u.ID, u.Class)
	case u.Size > SizeMax || u.Eligible && u.Size == 0:
		return problem("frame-size", u.ID, strconv.FormatUint(u.Size, 10))
	case u.Eligible && u.Exclusion != "":
		return problem("frame-eligible-code", u.ID, u.Exclusion)
	case !u.Eligible && !isID(u.Exclusion):
		return problem("frame-exclusion", u.ID)
	case max(u.X, -u.X) > CoordinateMax || max(u.Y, -u.Y) > CoordinateMax:
		return problem("frame-coordinate", u.ID)
	}
	for i := range u.Attributes {
		if a := &u.Attributes[i]; i > 0 && a.Key <= u.Attributes[i-1].Key || a.Key == "" || a.Value == "" {
			return problem("frame-attribute", u.ID, a.Key)
		}
	}
	return nil
}

// checkCase refuses ids that differ in capitals only: people take them for one.
func (f *Frame) checkCase() error {
	if !f.mixesCase() {
		return nil
	}
	seen := make(map[string]string, len(f.Units))
	for i := range f.Units {
		id := f.Units[i].ID
		lower := strings.ToLower(id)
		if other, again := seen[lower]; again {
			return problem("frame-id-case", other, id)
		}
		seen[lower] = id
	}
	return nil
}

// mixesCase says whether there are both capitals and small letters in ids at all.
func (f *Frame) mixesCase() bool {
	var capital, small bool
	for i := range f.Units {
		for _, c := range []byte(f.Units[i].ID) {
			capital, small = capital || c >= 'A' && c <= 'Z', small || c >= 'a' && c <= 'z'
		}
	}
	return capital && small
}

func (f *Frame) checkSizes() error {
	totals := map[string]uint64{}
	for i := range f.Units {
		u := &f.Units[i]
		if !u.Eligible {
			continue
		}
		if totals[u.Stratum] += u.Size; totals[u.Stratum] > SizeMax {
			return problem("frame-total", u.Stratum)
		}
	}
	return nil
}

// Unit finds a unit by its id; nil if there is none.
func (f *Frame) Unit(id string) *Unit {
	at, found := slices.BinarySearchFunc(f.Units, id, func(u Unit, id string) int { return strings.Compare(u.ID, id) })
	if !found {
		return nil
	}
	return &f.Units[at]
}

// leaf is a unit's bytes in the tree of the frame.
func (u *Unit) leaf(dst []byte) []byte {
	dst = appendLP(dst, u.ID)
	dst = appendLP(dst, u.Stratum)
	dst = appendLP(dst, u.Class)
	dst = binary.BigEndian.AppendUint64(dst, u.Size)
	eligible := byte(0)
	if u.Eligible {
		eligible = 1
	}
	dst = appendLP(append(dst, eligible), u.Exclusion)
	dst = binary.BigEndian.AppendUint32(dst, uint32(u.X))
	dst = binary.BigEndian.AppendUint32(dst, uint32(u.Y))
	return appendAttributes(dst, u.Attributes)
}

// appendAttributes appends the hash of sorted attributes.
func appendAttributes(dst []byte, list []Attribute) []byte {
	var room [256]byte
	b := appendLP(room[:0], "trs1/attributes")
	for i := range list {
		b = appendLP(appendLP(b, list[i].Key), list[i].Value)
	}
	hash := sum(b)
	return append(dst, hash[:]...)
}

func (f *Frame) leaves() []Hash {
	leaves, b := make([]Hash, len(f.Units)), []byte{}
	for i := range f.Units {
		b = f.Units[i].leaf(append(b[:0], 0))
		leaves[i] = sum(b)
	}
	return leaves
}

// Root is the root of the frame's tree. The units must not change after that.
func (f *Frame) Root() Hash {
	if f.root == nil {
		r := root(f.leaves())
		f.root = &r
	}
	return *f.root
}

// Proof is a unit's way to the root of a frame: with it the unit can check itself
// without the others.
type Proof struct {
	At   int    `json:"at"` // its place, from 0
	N    int    `json:"n"`  // units in the frame
	Path []Hash `json:"path,omitempty"`
}

// Prove makes the proof of the unit at a place.
func (f *Frame) Prove(at int) Proof { return Proof{at, len(f.Units), path(f.leaves(), at)} }

// Holds says whether a proof leads from a unit to a root.
func (p *Proof) Holds(u *Unit, frameRoot Hash) bool {
	have, ok := rootOfPath(leafHash(u.leaf(nil)), p.At, p.N, p.Path)
	return ok && have == frameRoot
}

// stratum is the part of a frame that a number is drawn from.
type stratum struct {
	id    string
	class string // of all units, or empty if they differ
	units []*Unit
	size  uint64
}

// strata are the eligible units by stratum, sorted.
func (f *Frame) strata() []*stratum {
	byID := map[string]*stratum{}
	var list []*stratum
	for i := range f.Units {
		u := &f.Units[i]
		if !u.Eligible {
			continue
		}
		s := byID[u.Stratum]
		if s == nil {
			s = &stratum{id: u.Stratum, class: u.Class}
			byID[u.Stratum] = s
			list = append(list, s)
		}
		if s.class != u.Class {
			s.class = ""
		}
		s.units, s.size = append(s.units, u), s.size+u.Size
	}
	slices.SortFunc(list, func(a, b *stratum) int { return strings.Compare(a.id, b.id) })
	return list
}

// Excluded is how many units of a frame are left out for one reason, on whose word.
type Excluded struct {
	Code     string `json:"code"`
	N        int    `json:"n"`
	Evidence string `json:"evidence"`
	Approver string `json:"approver"`
}

// Summary is what a plan says of its frame.
type Summary struct {
	Root     Hash       `json:"root"`
	SHA256   Hash       `json:"sha256"` // of the file
	N        int        `json:"n"`
	Eligible int        `json:"eligible"`
	Excluded []Excluded `json:"excluded,omitempty"` // by code
}

// Summary counts a frame. Evidence and approver of exclusions are for people to fill
// in.
func (f *Frame) Summary() Summary {
	s := Summary{Root: f.Root(), SHA256: f.SHA256, N: len(f.Units)}
	counts := map[string]int{}
	for i := range f.Units {
		if f.Units[i].Eligible {
			s.Eligible++
		} else {
			counts[f.Units[i].Exclusion]++
		}
	}
	for code, n := range counts {
		s.Excluded = append(s.Excluded, Excluded{Code: code, N: n})
	}
	slices.SortFunc(s.Excluded, func(a, b Excluded) int { return strings.Compare(a.Code, b.Code) })
	return s
}

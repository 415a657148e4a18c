package draw

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mutationsOfTest is how many small changes of a certificate or a frame are tried.
const mutationsOfTest = 10_000

func TestEveryMutationIsRejected(t *testing.T) {
	s := tell(t)
	s.frame = made(t, 4, 10)
	s.file = AppendFrame(nil, s.frame)
	p := plan(s.frame, 1, Hash{})
	p.Sample.N, p.Sample.Floor, p.Routes = 8, 1, nil
	p.Teams.Members, p.Teams.Barred = nil, p.Teams.Barred[:1]
	c := certify(t, p, s.frame, 5)
	text := Canonical(c)
	known := []Hash{c.Hash()}
	if v := Verify(text, s.file, nil, known); v.Result != Holds {
		t.Fatalf("%+v", v.Steps)
	}
	r := NewStream(keyOf("mutation", 0))
	for n := range mutationsOfTest {
		certificate, frame := text, s.file
		if r.below(3) == 0 {
			frame = mutated(r, frame)
		} else {
			certificate = mutated(r, certificate)
		}
		if bytes.Equal(certificate, text) && bytes.Equal(frame, s.file) {
			continue
		}
		if v := Verify(certificate, frame, nil, known); v.Result == Holds {
			t.Fatalf("mutation %d holds: %q %q", n, difference(text, certificate), difference(s.file, frame))
		}
	}
}

// mutated changes, removes or doubles a byte, or swaps two.
func mutated(r *Stream, b []byte) []byte {
	b = slices.Clone(b)
	i := r.below(len(b))
	switch r.below(4) {
	case 0:
		b[i] ^= byte(1 << r.below(8))
	case 1:
		b = slices.Delete(b, i, i+1)
	case 2:
		b = slices.Insert(b, i, b[i])
	default:
		k := r.below(len(b))
		b[i], b[k] = b[k], b[i]
	}
	return b
}

func difference(a, b []byte) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return string(b[max(0, i-20):min(len(b), i+20)])
		}
	}
	return ""
}

// exampleCase is a whole certificate of a random case, with its frame.
type exampleCase struct {
	Frame       string          `json:"frame"`
	Certificate json.RawMessage `json:"certificate"`
}

// TestCasesOfTheVectorsAreVerified has a certificate of every design and rule, for
// those who write another program.
func TestCasesOfTheVectorsAreVerified(t *testing.T) {
	name := filepath.Join(vectors, "cases.jsonl")
	if *update {
		var b []byte
		kinds := map[string]int{}
		for n := 0; n < 5000; n++ {
			file, p, reveals, throws := randomCase(n)
			c, err := randomCertificate(file, p, reveals, throws)
			if err != nil {
				continue
			}
			kind := p.Sample.Design + p.Sample.Rule + p.Sample.Weight + fmt.Sprint(len(p.Sample.Certain) > 0, p.Public.Sides)
			if kinds[kind]++; kinds[kind] > 1 {
				continue
			}
			b = append(append(b, Canonical(exampleCase{string(file), Canonical(c)})...), '\n')
		}
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range bytes.Lines(text) {
		var c exampleCase
		if err := Decode(line, &c); err != nil {
			t.Fatal(err)
		}
		if v := Verify(c.Certificate, []byte(c.Frame), nil, nil); v.Result != Holds {
			t.Errorf("case %d: %+v", count, v.Steps)
		}
		count++
	}
	if count < 30 {
		t.Errorf("%d cases", count)
	}
}

func TestTheCityOfTheVectorsIsVerified(t *testing.T) {
	folder := filepath.Join(vectors, "city")
	write := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		s := tell(t)
		write("certificate.json", append(pretty(t, s.counts()), '\n'))
		write("frame.csv", s.file)
		write("log.jsonl", s.log())
		write("known.txt", []byte(fmt.Sprintln(s.planKnown, s.certKnown, s.headKnown)))
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var known []Hash
	for _, word := range strings.Fields(string(read("known.txt"))) {
		var h Hash
		if err := h.UnmarshalText([]byte(word)); err != nil {
			t.Fatal(err)
		}
		known = append(known, h)
	}
	v := Verify(read("certificate.json"), read("frame.csv"), read("log.jsonl"), known)
	if v.Result != Holds {
		t.Errorf("%+v", v.Steps)
	}
}

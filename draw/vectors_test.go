package draw

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"testing"
)

// vectorFile is testdata/draw/vectors.json, which both languages' programs are held
// to. Those with a source are others'; the rest were made here and frozen.
type vectorFile struct {
	Sources   map[string]string `json:"sources"`
	HMAC      []keyed           `json:"hmac"`
	HKDF      []derived         `json:"hkdf"`
	Merkle    []tree            `json:"merkle"`
	Canonical []rewritten       `json:"canonical"`
	Refused   []refused         `json:"refused"`
	Stream    []numbers         `json:"stream"`
	Ticket    []ticketed        `json:"ticket"`
	Commit    []committed       `json:"commit"`
	Divisor   []divided         `json:"divisor"`
	Round     []rounded         `json:"round"`
	Pareto    []odds            `json:"pareto"`
	Assign    []assigned        `json:"assign"`
	Tour      []toured          `json:"tour"`
	Decimal   []decimal         `json:"decimal"`
}

type (
	keyed   struct{ Key, Data, MAC string }
	derived struct{ IKM, Salt, Info, PRK, OKM string }
	tree    struct {
		Leaves []string
		Root   string
	}
	rewritten struct{ Text, Canonical string }
	refused   struct {
		Text string
		Code string
		Args []string `json:",omitempty"`
	}
	numbers struct {
		Key   string
		Below []uint64 // arguments
		Gives []uint64
		Big   string // an argument, after the others
		Then  string
	}
	ticketed  struct{ Key, ID, Ticket string }
	committed struct{ Ceremony, Role, Secret, Commit string }
	divided   struct {
		Weights []uint64
		Min     int64
		N       int64
		Neyman  bool
		Gives   []int64
	}
	rounded struct {
		Key     string
		Weights []uint64
		N       int64
		Gives   []int64
	}
	odds     struct{ Ticket, A, D, Score string }
	assigned struct {
		Items  []string
		Teams  []TeamRule
		Barred []Barred `json:",omitempty"`
		Key    string
		Gives  Assignment
	}
	toured struct {
		X, Y    []int64 // the depot first
		Detour  int64
		Percent int64
		Moves   int64
		Key     string
		Best    int64
		Budget  int64
		Tour    []int
		Length  int64
	}
	decimal struct{ A, B, Gives string }
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readVectors(t *testing.T) *vectorFile {
	t.Helper()
	file := filepath.Join(vectors, "vectors.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v vectorFile
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	if *update {
		fill(t, &v)
		b := bytes.Buffer{}
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &v
}

// fill computes what is ours to freeze.
func fill(t *testing.T, v *vectorFile) {
	for i := range v.Stream {
		s := &v.Stream[i]
		s.Gives, s.Then = stream(t, s)
	}
	for i := range v.Ticket {
		k := Key(unhex(t, v.Ticket[i].Key))
		ticket := k.Ticket(v.Ticket[i].ID)
		v.Ticket[i].Ticket = hex.EncodeToString(ticket[:])
	}
	for i := range v.Commit {
		c := &v.Commit[i]
		c.Commit = Commit(c.Ceremony, c.Role, Secret(unhex(t, c.Secret))).String()
	}
	for i := range v.Round {
		v.Round[i].Gives = round(t, &v.Round[i])
	}
	for i := range v.Pareto {
		v.Pareto[i].Score = oddsOf(t, &v.Pareto[i])
	}
	for i := range v.Assign {
		v.Assign[i].Gives = *assign(t, &v.Assign[i])
	}
	for i := range v.Tour {
		v.Tour[i] = tour(t, v.Tour[i])
	}
}

func stream(t *testing.T, n *numbers) (gives []uint64, then string) {
	s := NewStream(Key(unhex(t, n.Key)))
	for _, m := range n.Below {
		gives = append(gives, s.Below(m))
	}
	m, ok := new(big.Int).SetString(n.Big, 10)
	if !ok {
		t.Fatal(n.Big)
	}
	return gives, s.BelowBig(m).String()
}

func cellsOf(weights []uint64, least int64) []Cell {
	cells := make([]Cell, len(weights))
	for i, w := range weights {
		cells[i] = Cell{Stratum: fmt.Sprintf("S%02d", i), Weight: w, Min: least, Max: 1_000_000}
	}
	return cells
}

func round(t *testing.T, r *rounded) []int64 {
	got, err := Round(cellsOf(r.Weights, 0), r.N, NewStream(Key(unhex(t, r.Key))))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func number(t *testing.T, text string) uint64 {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok || !n.IsUint64() {
		t.Fatal(text)
	}
	return n.Uint64()
}

func oddsOf(t *testing.T, o *odds) string {
	return score(Ticket(unhex(t, o.Ticket)), number(t, o.A), number(t, o.D)).Text(16)
}

func assign(t *testing.T, a *assigned) *Assignment {
	done, err := Assign(a.Items, a.Teams, a.Barred, NewStream(Key(unhex(t, a.Key))))
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func tour(t *testing.T, v toured) toured {
	var places []point
	for i := range v.X {
		places = append(places, point{v.X[i], v.Y[i]})
	}
	d := distances(places, v.Detour)
	v.Tour, v.Best, v.Budget = drawRoute(d, &RoutesPlan{BudgetPercent: v.Percent, Moves: v.Moves}, Key(unhex(t, v.Key)))
	v.Length = tourLength(d, v.Tour)
	return v
}

func equal(t *testing.T, what string, have, want any) {
	t.Helper()
	if h, w := fmt.Sprint(have), fmt.Sprint(want); h != w {
		t.Errorf("%s is %s, want %s", what, h, w)
	}
}

func TestVectorsOfOthers(t *testing.T) {
	v := readVectors(t)
	for _, c := range v.HMAC {
		mac := hmac.New(sha256.New, unhex(t, c.Key))
		mac.Write(unhex(t, c.Data))
		equal(t, "HMAC", hex.EncodeToString(mac.Sum(nil)), c.MAC)
	}
	for _, c := range v.HKDF {
		prk, err := hkdf.Extract(sha256.New, unhex(t, c.IKM), unhex(t, c.Salt))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "PRK", hex.EncodeToString(prk), c.PRK)
		okm, err := hkdf.Expand(sha256.New, prk, string(unhex(t, c.Info)), len(c.OKM)/2)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "OKM", hex.EncodeToString(okm), c.OKM)
	}
	for _, c := range v.Merkle {
		var leaves []Hash
		for _, leaf := range c.Leaves {
			leaves = append(leaves, leafHash(unhex(t, leaf)))
		}
		equal(t, "root", root(leaves), c.Root)
		for at := range leaves {
			have, ok := rootOfPath(leaves[at], at, len(leaves), path(leaves, at))
			if !ok || have.String() != c.Root {
				t.Errorf("the path of leaf %d of %d leads elsewhere", at, len(leaves))
			}
		}
	}
	for _, c := range v.Divisor {
		got, err := Divisor(cellsOf(c.Weights, c.Min), c.N, c.Neyman)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "allocation", got, c.Gives)
	}
	for _, c := range v.Canonical {
		tree, err := parseJSON([]byte(c.Text))
		if err != nil {
			t.Fatalf("%s: %v", c.Text, err)
		}
		equal(t, "canonical form", string(canonical(nil, tree)), c.Canonical)
	}
}

func TestVectorsOfOurs(t *testing.T) {
	v := readVectors(t)
	for _, c := range v.Refused {
		_, err := parseJSON([]byte(c.Text))
		p := ProblemOf(err)
		if p == nil {
			t.Errorf("%q is read", c.Text)
			continue
		}
		equal(t, c.Text, fmt.Sprint(p.Code, p.Args), fmt.Sprint(c.Code, c.Args))
	}
	for i := range v.Stream {
		gives, then := stream(t, &v.Stream[i])
		equal(t, "stream", gives, v.Stream[i].Gives)
		equal(t, "stream", then, v.Stream[i].Then)
	}
	for _, c := range v.Ticket {
		k := Key(unhex(t, c.Key))
		ticket := k.Ticket(c.ID)
		equal(t, "ticket", hex.EncodeToString(ticket[:]), c.Ticket)
	}
	for _, c := range v.Commit {
		equal(t, "commitment", Commit(c.Ceremony, c.Role, Secret(unhex(t, c.Secret))), c.Commit)
	}
	for i := range v.Round {
		equal(t, "rounding", round(t, &v.Round[i]), v.Round[i].Gives)
	}
	for i := range v.Pareto {
		equal(t, "score", oddsOf(t, &v.Pareto[i]), v.Pareto[i].Score)
	}
	for i := range v.Assign {
		equal(t, "assignment", *assign(t, &v.Assign[i]), v.Assign[i].Gives)
	}
	for i := range v.Tour {
		equal(t, "tour", tour(t, v.Tour[i]), v.Tour[i])
	}
	for _, c := range v.Decimal {
		equal(t, c.A+"/"+c.B, millionths(number(t, c.A), number(t, c.B)), c.Gives)
	}
	if len(v.Refused) < 15 || len(v.Tour) < 3 || len(v.Assign) < 3 || len(v.Pareto) < 5 {
		t.Error("there are too few vectors")
	}
}

package draw

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Person is somebody, or a door, on a roster. The key is a place in the official
// register, such as a page and a line, not a name: names are written in many ways.
type Person struct {
	Key        string
	Late       bool // added after the roster's code was told
	Attributes []Attribute
}

// Roster is who can be drawn at a site, sorted by key.
type Roster struct{ People []Person }

// ReadRoster reads a table (CSV) with the column key, and late (1 or 0) as need be. All
// other columns are attributes.
func ReadRoster(file []byte) (*Roster, error) {
	people, err := readPeople(file, "key")
	if err != nil {
		return nil, err
	}
	return NewRoster(people)
}

// ReadRosters reads a table with the rosters of several units, whose ids are in the
// column unit.
func ReadRosters(file []byte) (map[string]*Roster, error) {
	people, err := readPeople(file, "unit", "key")
	if err != nil {
		return nil, err
	}
	units := map[string][]Person{}
	for _, p := range people {
		unit := p.Attribute("unit")
		p.Attributes = slices.DeleteFunc(p.Attributes, func(a Attribute) bool { return a.Key == "unit" })
		units[unit] = append(units[unit], p)
	}
	rosters := map[string]*Roster{}
	for unit, people := range units {
		if rosters[unit], err = NewRoster(people); err != nil {
			return nil, err
		}
	}
	return rosters, nil
}

// Attribute is what a person has under a name, or nothing.
func (p *Person) Attribute(name string) string { return attribute(p.Attributes, name) }

// readPeople reads the rows of a table that has some columns.
func readPeople(file []byte, columns ...string) (people []Person, err error) {
	if !utf8.Valid(file) {
		return nil, problem("not-utf8")
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte(bom))))
	header, err := r.Read()
	if err != nil {
		return nil, tableProblem(err)
	}
	for _, name := range columns {
		if !slices.Contains(header, name) {
			return nil, problem("frame-no-column", name)
		}
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return people, nil
		}
		if err != nil {
			return nil, tableProblem(err)
		}
		line, _ := r.FieldPos(0)
		var p Person
		for i, text := range record {
			if err := p.set(header[i], text, line); err != nil {
				return nil, err
			}
		}
		people = append(people, p)
	}
}

func (p *Person) set(name, text string, line int) error {
	switch {
	case strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }),
		name == "late" && text != "0" && text != "1":
		return problem("frame-value", strconv.Itoa(line), name)
	case name == "key" && !isID(text):
		return problem("frame-row-id", strconv.Itoa(line), text)
	case name == "key":
		p.Key = text
	case name == "late":
		p.Late = text == "1"
	case text != "":
		p.Attributes = append(p.Attributes, Attribute{name, text})
	}
	return nil
}

// NewRoster sorts and checks people.
func NewRoster(people []Person) (*Roster, error) {
	sorted := slices.Clone(people)
	slices.SortFunc(sorted, func(a, b Person) int { return strings.Compare(a.Key, b.Key) })
	for i := range sorted {
		p := &sorted[i]
		slices.SortFunc(p.Attributes, func(a, b Attribute) int { return strings.Compare(a.Key, b.Key) })
		if !isID(p.Key) || i > 0 && p.Key == sorted[i-1].Key {
			return nil, problem("roster-key", p.Key)
		}
	}
	return &Roster{sorted}, nil
}

// AppendRoster writes a roster as a table, which ReadRoster reads back.
func AppendRoster(dst []byte, r *Roster) []byte {
	keys, late := map[string]bool{}, false
	for i := range r.People {
		late = late || r.People[i].Late
		for _, a := range r.People[i].Attributes {
			keys[a.Key] = true
		}
	}
	extra := slices.Sorted(maps.Keys(keys))
	header := append([]string{"key"}, extra...)
	if late {
		header = append(header, "late")
	}
	b := bytes.NewBuffer(dst)
	w := csv.NewWriter(b)
	_ = w.Write(header) // a buffer takes all
	for i := range r.People {
		p := &r.People[i]
		record := []string{p.Key}
		for _, key := range extra {
			record = append(record, attribute(p.Attributes, key))
		}
		switch {
		case late && p.Late:
			record = append(record, "1")
		case late:
			record = append(record, "0")
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.Bytes()
}

// Root is the root of the people's tree, those left out who came late.
func (r *Roster) Root() Hash {
	var leaves []Hash
	for i := range r.People {
		if p := &r.People[i]; !p.Late {
			leaves = append(leaves, leafHash(appendAttributes(appendLP(nil, p.Key), p.Attributes)))
		}
	}
	return root(leaves)
}

// codeLetters is how many letters a roster's code has.
const codeLetters = 12

// Code is what is read to the duty desk: twelve letters that stand for the roster of
// a site as it is.
func (r *Roster) Code(site string) string {
	hash := r.Root()
	hash = sum(tag("roster", []byte(site), hash[:]))
	return grouped(code(hash[:])[:codeLetters])
}

// ParseRosterCode reads a roster's code as people say it, and gives it in its one form.
func ParseRosterCode(text string) (string, error) {
	plain := plainLetters(text)
	if len(plain) != codeLetters || strings.Trim(plain, letters) != "" {
		return "", problem("roster-code-form", text)
	}
	return grouped(plain), nil
}

// Size is how many people are on the roster, those left out who came late.
func (r *Roster) Size() (n int) {
	for i := range r.People {
		if !r.People[i].Late {
			n++
		}
	}
	return n
}

// Chosen is a person in the order in which people are asked.
type Chosen struct {
	Rank   int    `json:"rank"` // from 1
	Key    string `json:"key"`
	Ticket string `json:"ticket"`
	Late   int64  `json:"late"` // 1: added after the code was told, and after all others
}

// Order puts all people of a roster in the order in which they are asked. The order
// does not depend on the roster as a whole: a name more, less, or written in another
// way changes nothing for the others.
func (r *Roster) Order(site string, key Key) []Chosen {
	type ticketed struct {
		*Person
		ticket Ticket
	}
	drawn := newTickets(&key)
	list := make([]ticketed, len(r.People))
	for i := range r.People {
		list[i] = ticketed{&r.People[i], drawn.of(site + "/" + r.People[i].Key)}
	}
	slices.SortFunc(list, func(a, b ticketed) int {
		if a.Late != b.Late {
			if b.Late {
				return -1
			}
			return 1
		}
		if c := bytes.Compare(a.ticket[:], b.ticket[:]); c != 0 {
			return c
		}
		return strings.Compare(a.Key, b.Key)
	})
	chosen := make([]Chosen, len(list))
	for i, p := range list {
		chosen[i] = Chosen{Rank: i + 1, Key: p.Key, Ticket: hex.EncodeToString(p.ticket[:])}
		if p.Late {
			chosen[i].Late = 1
		}
	}
	return chosen
}

// Within chooses one of the people behind a door, whom the interviewer has listed
// men first, then women, the oldest first (Kish 1949): a number from 1 to n.
func Within(site, door string, n int, key Key) int {
	best, chosen := Ticket{}, 0
	for i := 1; i <= n; i++ {
		t := key.Ticket(site + "/" + door + "/" + strconv.Itoa(i))
		if chosen == 0 || bytes.Compare(t[:], best[:]) < 0 {
			best, chosen = t, i
		}
	}
	return chosen
}

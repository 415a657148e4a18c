package template

import (
	"strings"
	"unicode/utf8"

	"sansuiji/server/intake"
)

// verb is what an instruction does.
type verb int

const (
	put   verb = iota // {{name}}
	each              // {{#each name}}
	given             // {{#if name}}
	unless
	otherwise
	over   // {{/…}}
	insert // {{> name}}
)

// instruction is what stands between braces, and what became of it.
type instruction struct {
	verb   verb
	ends   verb   // of over: what it ends
	called string // the name as it was written
	raw    string // with its braces
	at     Where
	seq    int   // in the order of the part
	rPr    *node // how its letters look

	place    *Place
	list     *List
	block    *Block
	up       int // how many loops outside of the innermost the name is
	builtin  builtin
	says     bool // the number of the item's source goes with it
	noSource bool // of a loop: {{source}} is in it
	not      bool
	rest     []*node // of a choice, what stands after else
	pPr      *node   // of a block: the paragraph that it stood in
	width    float64 // of a block, in millimetres
}

// builtin are places of every loop.
type builtin int

const (
	offered builtin = iota
	itemNumber
	itemSource
)

// markerMax is how many characters an instruction has at most.
const markerMax = 120

// span is an instruction in a text, by bytes; open: its end was not found.
type span struct {
	from, to int
	open     bool
}

// spans finds what stands between double braces, of which Chinese keyboards write wide ones.
func spans(s string) (list []span) {
	for i := 0; i < len(s); {
		size := braces(s[i:], "{", "｛")
		if size == 0 {
			i++
			continue
		}
		end := i + size
		found := 0
		for end < len(s) && utf8.RuneCountInString(s[i:end]) < markerMax {
			if braces(s[end:], "{", "｛") > 0 || s[end] == gapByte {
				break
			}
			if found = braces(s[end:], "}", "｝"); found > 0 {
				break
			}
			_, n := utf8.DecodeRuneInString(s[end:])
			end += n
		}
		list = append(list, span{i, end + found, found == 0})
		i = end + found
	}
	return list
}

// gapByte stands in a paragraph's text for what is no text, such as a picture or a tab.
const gapByte = 0x1F

// braces says how many bytes two braces take that a text begins with; none: 0.
func braces(s, narrow, wide string) int {
	size := 0
	for range 2 {
		switch {
		case strings.HasPrefix(s[size:], narrow):
			size += len(narrow)
		case strings.HasPrefix(s[size:], wide):
			size += len(wide)
		default:
			return 0
		}
	}
	return size
}

// read reads an instruction with its braces.
func readInstruction(raw string) *instruction {
	in := &instruction{raw: raw}
	text := strings.Map(func(r rune) rune {
		switch r {
		case '｛', '｝', '{', '}':
			return -1
		case '＃':
			return '#'
		case '／':
			return '/'
		case '＞':
			return '>'
		}
		return r
	}, raw)
	text = strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(text, ">"):
		in.verb, in.called = insert, strings.TrimSpace(text[1:])
	case strings.HasPrefix(text, "/"):
		in.verb, in.ends, in.called = over, put, strings.TrimSpace(text[1:])
		if v, rest := verbOf(in.called); v != put && rest == "" {
			in.ends = v
		}
	case strings.HasPrefix(text, "#"):
		in.verb, in.called = verbOf(strings.TrimSpace(text[1:]))
	default:
		in.called = text
		if v, rest := verbOf(text); v == otherwise && rest == "" {
			in.verb = otherwise
		}
	}
	return in
}

// verbOf reads the word that an instruction begins with; put: it begins with none.
func verbOf(s string) (verb, string) {
	for _, w := range []struct {
		verb verb
		word string
	}{
		{each, "each"},
		{each, "逐條"},
		{each, "逐条"},
		{unless, "unless"},
		{unless, "如無"},
		{unless, "如无"},
		{given, "if"},
		{given, "如有"},
		{otherwise, "else"},
		{otherwise, "否則"},
		{otherwise, "否则"},
	} {
		rest, found := cutFold(s, w.word)
		letter := w.word[0] < utf8.RuneSelf
		if found && (!letter || rest == "" || strings.TrimSpace(rest) != rest) {
			return w.verb, strings.TrimSpace(rest)
		}
	}
	return put, s
}

func cutFold(s, word string) (string, bool) {
	if len(s) < len(word) || !strings.EqualFold(s[:len(word)], word) {
		return s, false
	}
	return s[len(word):], true
}

// Is says whether a name was meant: width, case, spaces and simplified characters are all
// one.
func (n Name) Is(said string) bool {
	key := intake.Fold(said)
	return key != "" && (key == intake.Fold(n.En) || key == intake.Fold(n.Zh))
}

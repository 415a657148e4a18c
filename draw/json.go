package draw

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSON here is RFC 8785's, of objects, arrays, strings and integers only: keys are
// ASCII and occur once, integers are at most 2^53-1 in size. Anything else is
// refused, since two programs might read it in two ways.

// integerMax is the largest integer that every program reads the same: 2^53-1.
const integerMax = 1<<53 - 1

// depthMax bounds how deep values are nested.
const depthMax = 32

// value is a string, an int64, a []value or an object.
type value any

type object []member

type member struct {
	key   string
	value value
}

// parseJSON reads one value. Its problems say where, as line and column.
func parseJSON(text []byte) (value, error) {
	p := parser{text: text}
	if !utf8.Valid(text) {
		return nil, problem("not-utf8")
	}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(text) {
		return nil, p.fail("json-more")
	}
	return v, nil
}

type parser struct {
	text []byte
	at   int
}

func (p *parser) fail(code string, args ...string) error {
	before := p.text[:min(p.at, len(p.text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return problem(code, append([]string{strconv.Itoa(line), strconv.Itoa(column)}, args...)...)
}

func (p *parser) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// next passes over spaces and gives the byte that follows; 0 at the end.
func (p *parser) next() byte {
	if p.space(); p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) value(depth int) (value, error) {
	if depth > depthMax {
		return nil, p.fail("json-deep")
	}
	switch c := p.next(); {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '"':
		return p.string()
	case c == '-' || c >= '0' && c <= '9':
		return p.integer()
	}
	return nil, p.fail("json-value")
}

func (p *parser) object(depth int) (value, error) {
	o := object{}
	p.at++
	if p.next() == '}' {
		p.at++
		return o, nil
	}
	for {
		if p.next() != '"' {
			return nil, p.fail("json-key")
		}
		start := p.at
		key, err := p.string()
		if err != nil {
			return nil, err
		}
		if !isASCII(key) {
			p.at = start
			return nil, p.fail("json-key-ascii", key)
		}
		if slices.ContainsFunc(o, func(m member) bool { return m.key == key }) {
			p.at = start
			return nil, p.fail("json-key-twice", key)
		}
		if p.next() != ':' {
			return nil, p.fail("json-colon")
		}
		p.at++
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o = append(o, member{key, v})
		switch p.next() {
		case ',':
			p.at++
		case '}':
			p.at++
			return o, nil
		default:
			return nil, p.fail("json-comma")
		}
	}
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

func (p *parser) array(depth int) (value, error) {
	list := []value{}
	p.at++
	if p.next() == ']' {
		p.at++
		return list, nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		switch p.next() {
		case ',':
			p.at++
		case ']':
			p.at++
			return list, nil
		default:
			return nil, p.fail("json-comma")
		}
	}
}

// string reads a string; p.at is at its quotation mark.
func (p *parser) string() (string, error) {
	start := p.at
	for p.at++; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			var s string
			if json.Unmarshal(p.text[start:p.at], &s) != nil || strings.ContainsRune(s, utf8.RuneError) {
				p.at = start
				return "", p.fail("json-string")
			}
			return s, nil
		case c == '\\':
			p.at++
		case c < 0x20:
			return "", p.fail("json-string")
		}
	}
	p.at = start
	return "", p.fail("json-string")
}

func (p *parser) integer() (value, error) {
	start := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.0123456789eE", p.text[p.at]) >= 0 {
		p.at++
	}
	text := string(p.text[start:p.at])
	n, ok := parseInteger(text)
	if !ok {
		p.at = start
		return nil, p.fail("json-integer", text)
	}
	return n, nil
}

// parseInteger reads a decimal integer of at most 2^53-1 in size, without a plus
// sign and without needless zeros.
func parseInteger(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > integerMax || n < -integerMax || strconv.FormatInt(n, 10) != text {
		return 0, false
	}
	return n, true
}

// canonical appends a value as RFC 8785 has it.
func canonical(dst []byte, v value) []byte {
	switch v := v.(type) {
	case string:
		return appendString(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case []value:
		dst = append(dst, '[')
		for i := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = canonical(dst, v[i])
		}
		return append(dst, ']')
	case object:
		sorted := slices.SortedFunc(slices.Values(v), func(a, b member) int { return strings.Compare(a.key, b.key) })
		dst = append(dst, '{')
		for i := range sorted {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, sorted[i].key), ':')
			dst = canonical(dst, sorted[i].value)
		}
		return append(dst, '}')
	}
	panic("draw: no such value")
}

// appendString quotes a string as RFC 8785, §3.2.2.2, has it.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, `\b`...)
		case '\t':
			dst = append(dst, `\t`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\f':
			dst = append(dst, `\f`...)
		case '\r':
			dst = append(dst, `\r`...)
		default:
			if c < 0x20 {
				dst = append(dst, `\u00`...)
				dst = append(dst, hex[c>>4], hex[c&15])
			} else {
				dst = append(dst, c)
			}
		}
	}
	return append(dst, '"')
}

// Canonical is a document as RFC 8785 has it: what its hash is of.
func Canonical(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic("draw: " + err.Error()) // our own types
	}
	tree, err := parseJSON(text)
	if err != nil {
		panic("draw: " + err.Error())
	}
	return canonical(nil, tree)
}

// Decode reads a document that must be of v's form to the letter: another key, or
// one in capitals, is refused.
func Decode(text []byte, v any) error {
	tree, err := parseJSON(text)
	if err != nil {
		return err
	}
	return decodeValue(tree, v)
}

func decodeValue(tree value, v any) error {
	want := canonical(nil, tree)
	d := json.NewDecoder(bytes.NewReader(want))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return problem("json-form", formOf(err))
	}
	have := Canonical(v)
	if !bytes.Equal(have, want) {
		at := 0
		for at < min(len(have), len(want)) && have[at] == want[at] {
			at++
		}
		return problem("json-form", string(bytes.ToValidUTF8(want[max(0, at-30):min(len(want), at+30)], nil)))
	}
	return nil
}

// formOf is what a decoder's complaint names.
func formOf(err error) string {
	text := strings.TrimPrefix(err.Error(), "json: ")
	if p := ProblemOf(err); p != nil {
		text = p.Error()
	}
	return text
}

// at finds a member of an object.
func (o object) at(key string) (value, bool) {
	for i := range o {
		if o[i].key == key {
			return o[i].value, true
		}
	}
	return nil, false
}

package jsonline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"sansuiji/syncengine/changeset"
)

// parser reads JSON that is known to be valid, and more strictly than package
// json does: each key once and in its exact spelling, none unknown.
type parser struct{ *json.Decoder }

func (p parser) text() (string, error) {
	t, err := p.Token()
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", errors.New("not a string")
	}
	return s, nil
}

func (p parser) bool() (bool, error) {
	t, err := p.Token()
	if err != nil {
		return false, err
	}
	b, ok := t.(bool)
	if !ok {
		return false, errors.New("neither true nor false")
	}
	return b, nil
}

func (p parser) object(member func(key string) error) error {
	t, err := p.Token()
	if err != nil {
		return err
	}
	return p.members(t, member)
}

// members reads an object whose first token has been read.
func (p parser) members(first json.Token, member func(key string) error) error {
	if first != json.Delim('{') {
		return errors.New("not an object")
	}
	for p.More() {
		key, err := p.text()
		if err != nil {
			return err
		}
		if err := member(key); err != nil {
			return err
		}
	}
	_, err := p.Token()
	return err
}

func (p parser) array(item func() error) error {
	t, err := p.Token()
	if err != nil {
		return err
	}
	return p.items(t, item)
}

// items reads an array whose first token has been read.
func (p parser) items(first json.Token, item func() error) error {
	if first != json.Delim('[') {
		return errors.New("not an array")
	}
	columns := changeset.DefaultLimits().Columns
	for n := 0; p.More(); n++ {
		if n == columns {
			return fmt.Errorf("more than %d columns", columns)
		}
		if err := item(); err != nil {
			return err
		}
	}
	_, err := p.Token()
	return err
}

// soundText says whether valid JSON is UTF-8 with whole surrogate pairs. Package
// json would put U+FFFD in the place of what is not.
func soundText(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	for {
		i := bytes.IndexByte(b, '\\')
		if i < 0 {
			return true
		}
		b = b[i:]
		switch high := escaped(b); {
		case high < 0:
			b = b[2:]
		case high < 0xd800 || high > 0xdfff:
			b = b[6:]
		default:
			low := escaped(b[6:])
			if high > 0xdbff || low < 0xdc00 || low > 0xdfff {
				return false
			}
			b = b[12:]
		}
	}
}

// escaped is the number of the \u escape at the front of b, or -1.
func escaped(b []byte) int64 {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseInt(string(b[2:6]), 16, 32)
	if err != nil {
		return -1
	}
	return n
}

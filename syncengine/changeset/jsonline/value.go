package jsonline

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"sansuiji/syncengine/changeset"
)

// record reads null or one value per column.
func (p parser) record() (row []changeset.Value, err error) {
	t, err := p.Token()
	if err != nil || t == nil {
		return nil, err
	}
	row = []changeset.Value{}
	err = p.items(t, func() error {
		v, err := p.value()
		row = append(row, v)
		return err
	})
	return row, err
}

func (p parser) value() (v changeset.Value, err error) {
	t, err := p.Token()
	if err != nil || t == nil {
		return v, err
	}
	members := 0
	err = p.members(t, func(key string) (err error) {
		if members++; members > 1 {
			return errors.New("value with two keys")
		}
		v, err = p.typed(key)
		return err
	})
	if err == nil && members == 0 {
		err = errors.New("value without a key")
	}
	return v, err
}

// typed reads what stands under the one key of a value.
func (p parser) typed(key string) (v changeset.Value, err error) {
	switch key {
	case "i":
		return p.integer()
	case "r":
		b, err := p.hex()
		if err == nil && len(b) != 8 {
			err = fmt.Errorf("real of %d bytes", len(b))
		}
		if err != nil {
			return v, err
		}
		v, _, err = changeset.ReadValue(append([]byte{byte(changeset.Real)}, b...))
		return v, err
	case "t":
		s, err := p.text()
		return changeset.TextValue(s), err
	case "tx":
		b, err := p.hex()
		return changeset.Value{Kind: changeset.Text, Bytes: b}, err
	case "b":
		b, err := p.hex()
		return changeset.BlobValue(b), err
	case "n":
		null, err := p.bool()
		if err == nil && !null {
			err = errors.New("n is false")
		}
		return changeset.NullValue(), err
	default:
		return v, fmt.Errorf("unknown type %q", key)
	}
}

func (p parser) integer() (v changeset.Value, err error) {
	s, err := p.text()
	if err != nil {
		return v, err
	}
	i, err := strconv.ParseInt(s, 10, 64)
	if err == nil && strconv.FormatInt(i, 10) != s {
		err = fmt.Errorf("integer %q is not in its shortest form", s)
	}
	return changeset.Int(i), err
}

func (p parser) hex() ([]byte, error) {
	s, err := p.text()
	if err != nil {
		return nil, err
	}
	return hex.DecodeString(s)
}

package packing

import (
	"encoding/binary"
	"testing"

	"sansuiji/schema"
)

func FuzzUnpack(f *testing.F) {
	for seed := range uint64(30) {
		a := newAuthor(2000 + seed)
		a.write(20)
		entries, place := a.run(17, 20, int(seed%2)*BeforeMax)
		body, err := Pack(entries, schema.NewCatalogue(), place)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
		f.Add(uncompressed(f, body))
	}
	catalogue := schema.NewCatalogue()
	a := newAuthor(1)
	a.write(17)
	_, place := a.run(17, 17, BeforeMax)
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, err := Unpack(body, catalogue, place)
		if err == nil {
			again(t, entries, catalogue, place)
		} else if !typed(err) {
			t.Fatal(err)
		}
	})
}

func FuzzPack(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, []byte{18, 0, 23, 5, 0, 255})
	}
	f.Fuzz(func(t *testing.T, seed uint64, changesetBytes []byte) {
		catalogue := schema.NewCatalogue()
		a := newAuthor(seed)
		a.write(2)
		a.append(changesetBytes)
		a.write(1)
		entries, place := a.run(1, 4, BeforeMax)
		again(t, entries, catalogue, place)
	})
}

// uncompressed is the same run with its sections as they are, so that a changed
// byte gets further than DEFLATE.
func uncompressed(t testing.TB, body []byte) []byte {
	t.Helper()
	f, err := readFront(body)
	if err != nil {
		t.Fatal(err)
	}
	control, text, bits, err := f.sections()
	if err != nil {
		t.Fatal(err)
	}
	flags := f.flags &^ (flagControl | flagText)
	b := binary.AppendUvarint([]byte{formatVersion, flags}, f.seq)
	b = binary.AppendUvarint(b, uint64(f.count))
	if flags&flagChanges != 0 {
		b = binary.AppendUvarint(b, uint64(f.changes))
	}
	if flags&flagSchema != 0 {
		b = binary.AppendUvarint(b, uint64(f.version))
	}
	b = appendSizes(b, len(control), 0, false)
	b = appendSizes(b, len(text), 0, false)
	return append(append(append(b, control...), text...), bits...)
}

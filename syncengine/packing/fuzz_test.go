package packing

import (
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

package changeset_test

import (
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"sansuiji/syncengine/changeset"
)

// benchmarkInput is an inspection's kind of data: rows of ten columns under a key
// of 16 bytes, two columns changed in each.
func benchmarkInput(f changeset.Format, n int) []byte {
	w := changeset.NewWriter(f)
	w.Table("finding", []byte{1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	old, now := make([]changeset.Value, 10), make([]changeset.Value, 10)
	for i := range n {
		key := changeset.BlobValue(binary.BigEndian.AppendUint64(make([]byte, 8), uint64(i)))
		old[3], now[3] = changeset.TextValue("要補修"), changeset.TextValue("補修済")
		old[9], now[9] = changeset.Int(int64(i)), changeset.Int(int64(i+1))
		var err error
		if f == changeset.Changeset {
			old[0] = key
			err = w.Update(false, old, now)
		} else {
			now[0] = key
			err = w.Update(false, nil, now)
		}
		if err != nil {
			panic(err)
		}
	}
	return w.Bytes()
}

func BenchmarkReader(b *testing.B) {
	for _, f := range []changeset.Format{changeset.Changeset, changeset.Patchset} {
		b.Run(f.String(), func(b *testing.B) {
			const n = 10_000
			input := benchmarkInput(f, n)
			b.SetBytes(int64(len(input)))
			b.ReportAllocs()
			for b.Loop() {
				if got := count(b, input); got != n {
					b.Fatalf("%d changes", got)
				}
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "changes/s")
		})
	}
}

// BenchmarkReaderOfOne is the common push: one small changeset of its own.
func BenchmarkReaderOfOne(b *testing.B) {
	input := benchmarkInput(changeset.Changeset, 1)
	b.ReportAllocs()
	for b.Loop() {
		count(b, input)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changesets/s")
}

func count(b *testing.B, input []byte) (n int) {
	r := changeset.NewReader(input, changeset.Limits{})
	for {
		_, err := r.Next()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
}

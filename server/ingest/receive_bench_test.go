package ingest_test

import (
	"fmt"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/ingest/ingesttest"
)

// BenchmarkAPushOfOneEntry measures what the checkpoint and its proof cost a push, in
// a history of some length.
func BenchmarkAPushOfOneEntry(b *testing.B) {
	for _, witnessed := range []bool{false, true} {
		b.Run(fmt.Sprintf("witnessed %v", witnessed), func(b *testing.B) {
			w := ingesttest.New(b)
			a, _, id := w.Shared()
			for i := range 700 {
				a.Save(ingesttest.SetCell(id, "title", "甲", fmt.Sprint(i)))
			}
			a.Push()
			size, newest := w.Position(), ""
			for i := 0; b.Loop(); i++ {
				a.Save(ingesttest.SetCell(id, "title", "甲", fmt.Sprint("乙", i)))
				d := ingest.Delivery{Push: a.Take(), Carrier: a.ID}
				var err error
				if witnessed {
					d.Sizes, d.Checkpoint = []uint64{size}, newest
					var r schema.Receipt
					r, err = w.Service.Receive(b.Context(), d)
					size, newest = w.Position(), r.Witness.Checkpoint
				} else {
					_, err = w.Service.Push(b.Context(), d.Push)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package evidence_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"sansuiji/server/report/evidence"
)

var update = flag.Bool("update", false, "make the sample anew")

// sample is a file that the check in the browser is tested with, and that later programs must
// read.
func sample() string {
	return filepath.Join("..", "..", "..", "testdata", "evidence", "sample.zip")
}

func TestTheSampleHolds(t *testing.T) {
	if *update {
		r := full(t)
		r.must(os.MkdirAll(filepath.Dir(sample()), 0o750))
		r.must(os.WriteFile(sample(), r.packed(inspection()), 0o600))
	}
	b, err := os.ReadFile(sample())
	if err != nil {
		t.Fatal(err)
	}
	if report := verified(t, b, evidence.Options{}); report.Result != evidence.Holds {
		t.Error(told(report))
	}
}

package report_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report"
	"sansuiji/server/report/official"
)

// aged makes a file of a folder older than it is.
func (o *office) aged(name string, body string) {
	o.Helper()
	path := filepath.Join(o.jobs.Folder, name)
	if body != "" {
		o.must(os.WriteFile(path, []byte(body), 0o600))
	}
	old := time.Now().Add(-2 * time.Hour)
	o.must(os.Chtimes(path, old, old))
}

func TestOldFilesAreLetGoAndCanBeMadeAgain(t *testing.T) {
	o := full(t)
	order := report.Order{Request: official.Request{Kind: report.Visits}, Format: report.XLSX}
	make1 := func() report.Job {
		j, err := o.jobs.Start(t.Context(), o.Campaign, order, "老錢")
		o.must(err)
		return o.settled(j.ID)
	}
	stop := o.runUntil()
	first := make1()
	stop()
	o.aged(first.Hash, "")
	o.aged("incoming-123", "half of a file")
	o.aged("notes.txt", "somebody else's")
	o.must(os.WriteFile(filepath.Join(o.jobs.Folder, "incoming-456"), []byte("of another server"), 0o600))
	o.Now = o.Now.Add(100 * 24 * time.Hour)
	o.jobs.Keep = 90 * 24 * time.Hour
	stop = o.runUntil()
	defer stop()
	again := make1()
	files, err := os.ReadDir(o.jobs.Folder)
	o.must(err)
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	want := []string{again.Hash, "incoming-456", "notes.txt"}
	slices.Sort(want)
	if fmt.Sprint(names) != fmt.Sprint(want) || first.Hash != again.Hash {
		t.Errorf("%q, not %q", names, want)
	}
	if info, err := os.Stat(filepath.Join(o.jobs.Folder, again.Hash)); err != nil || time.Since(info.ModTime()) > time.Hour {
		t.Error("the old file is still there")
	}
	j, err := o.jobs.Find(t.Context(), o.Campaign, o.jobID(first.ID))
	if err != nil || j.State != report.Expired {
		t.Errorf("%+v, %v", j, err)
	}
	if _, _, err := o.jobs.Open(t.Context(), o.Campaign, o.jobID(first.ID)); schema.FaultCode(err) != schema.FaultNotFound {
		t.Error(err)
	}
	f, _, err := o.jobs.Open(t.Context(), o.Campaign, o.jobID(again.ID))
	o.must(err)
	defer func() { _ = f.Close() }()
	if b, err := io.ReadAll(f); err != nil || !bytes.Equal(b, o.printed(order.Request, order.Format)) {
		t.Error("the file that was made again differs")
	}
}

package evidence_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"sansuiji/server/report/evidence"
	"sansuiji/server/report/official"
	"sansuiji/syncengine/chain"
)

func inspection() official.Request { return official.Request{Kind: official.Inspection} }

// told is a report as people read it.
func told(r *evidence.Report) string {
	var b strings.Builder
	for i := range r.Steps {
		s := &r.Steps[i]
		fmt.Fprintln(&b, s.Result, s.Name)
		for _, said := range s.Said {
			fmt.Fprintln(&b, "   ", said.En)
		}
		for k := range s.Faults {
			fmt.Fprintln(&b, "   !", s.Faults[k].Where().En, s.Faults[k].Said.En)
		}
	}
	return b.String()
}

// members are the files of an archive, as any program reads it.
func members(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(f.Name, err)
		}
	}
	return all
}

func TestAFileAsHeadquartersPackedItHolds(t *testing.T) {
	r := full(t)
	b := r.packed(inspection())
	report := verified(t, b, evidence.Options{})
	if report.Result != evidence.Holds {
		t.Fatal(told(report))
	}
	t.Log(told(report))
	if share := report.Share; share == nil || share.Device == 0 || share.Office == 0 {
		t.Errorf("%+v", share)
	}
	all := members(t, b)
	for _, name := range []string{
		"README.txt", "verify.html", "report.docx", "report.pdf", "sources.json", "photos.json", "rows/finding.csv",
		"draws/1/certificate.json", "draws/1/frame.csv", "draws/log.jsonl", "history/checkpoint",
	} {
		if len(all[name]) == 0 {
			t.Errorf("there is no %s", name)
		}
	}
	photos := 0
	for name := range all {
		if strings.HasPrefix(name, "photos/") {
			photos++
		}
	}
	if photos != 4 || !bytes.Contains(all["photos.json"], []byte(`"missing":"phone"`)) {
		t.Errorf("%d photos, want 4 and two that have not arrived", photos)
	}
	if csv := all["rows/attachment.csv"]; !bytes.HasPrefix(csv, []byte("\uFEFF標識,")) || !bytes.Contains(csv, []byte("'=公示欄")) {
		t.Errorf("a table that a spreadsheet takes for formulas:\n%s", csv)
	}
}

func TestTheSameStateGivesTheSameFile(t *testing.T) {
	r := full(t)
	if first := r.packed(inspection()); !bytes.Equal(first, r.packed(inspection())) {
		t.Error("the file differs")
	}
}

func TestTheKeyIsHeldAgainstTheOneThatAPersonKnows(t *testing.T) {
	r := full(t)
	b := r.packed(inspection())
	key := verified(t, b, evidence.Options{}).Manifest.Key
	if report := verified(t, b, evidence.Options{Key: key}); report.Result != evidence.Holds {
		t.Error(told(report))
	}
	if report := verified(t, b, evidence.Options{Key: key + "x"}); report.Result != evidence.Fails {
		t.Error("another key holds")
	}
}

// TestWhatNoReportShowsIsNowhere looks for what people said and who they are, and for what
// nobody accepted, in the bytes of every member and every entry.
func TestWhatNoReportShowsIsNowhere(t *testing.T) {
	r := full(t)
	for _, request := range []official.Request{
		inspection(), {Kind: official.Feedback, Unit: "V1"}, {Kind: official.VisitSheet, Visit: r.Visits[0].String()},
	} {
		b := r.packed(request)
		if report := verified(t, b, evidence.Options{}); report.Result != evidence.Holds {
			t.Errorf("%s: %s", request.Kind, told(report))
		}
		all := members(t, b)
		for name, body := range all {
			if strings.HasPrefix(name, "rows/interview") || strings.HasPrefix(name, "rows/roster") {
				t.Errorf("%s: there is %s", request.Kind, name)
			}
			for _, secret := range []string{"匿名代號九", "密封的話", "尚未審核的事"} {
				if bytes.Contains(body, []byte(secret)) {
					t.Errorf("%s: %s says %s", request.Kind, name, secret)
				}
			}
		}
		for _, e := range entriesOf(t, all) {
			if bytes.Contains(e, []byte("匿名代號九")) || bytes.Contains(e, []byte("尚未審核的事")) {
				t.Errorf("%s: an entry tells what the report does not", request.Kind)
			}
		}
	}
	letter := members(t, r.packed(official.Request{Kind: official.Feedback, Unit: "V1"}))
	if bytes.Contains(letter["rows/finding.json"], []byte("第2季度")) {
		t.Error("a letter to one unit has findings at another")
	}
}

// TestEveryFlippedByteIsNamed flips bytes everywhere: in members, in their headers, in the
// directory and the ending. Each is found, and its place is told exactly.
func TestEveryFlippedByteIsNamed(t *testing.T) {
	r := full(t)
	clean := r.packed(inspection())
	random := rand.New(rand.NewPCG(1, 2))
	offsets := []int{}
	for range 220 {
		offsets = append(offsets, random.IntN(len(clean)))
	}
	for i := range 80 { // where structure is dense: the beginning, the manifest, the end
		offsets = append(offsets, i*3, len(clean)-1-i*7)
	}
	exact, places := 0, placesOf(t, clean)
	for _, at := range offsets {
		b := bytes.Clone(clean)
		b[at] ^= byte(1 + random.IntN(255))
		report := verified(t, b, evidence.Options{})
		if report.Result == evidence.Holds {
			t.Fatalf("byte %d of %d: not found", at, len(clean))
		}
		if names(report, at, places) {
			exact++
		} else {
			t.Logf("byte %d of %d: %s", at, len(clean), told(report))
		}
	}
	if exact < len(offsets) {
		t.Errorf("%d of %d were named exactly", exact, len(offsets))
	}
}

// placesOf is where the bytes of each member begin.
func placesOf(t testing.TB, b []byte) map[string]int64 {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]int64{}
	for _, f := range z.File {
		if places[f.Name], err = f.DataOffset(); err != nil {
			t.Fatal(err)
		}
	}
	return places
}

// names says whether the first fault is at a place of the archive.
func names(report *evidence.Report, at int, places map[string]int64) bool {
	for i := range report.Steps {
		for _, f := range report.Steps[i].Faults {
			return f.Offset >= 0 && places[f.Member]+f.Offset == int64(at)
		}
	}
	return false
}

func TestAFileThatIsCutOrGrewFails(t *testing.T) {
	r := full(t)
	clean := r.packed(inspection())
	for _, b := range [][]byte{
		clean[:len(clean)-1], clean[:len(clean)/2], clean[:100],
		{},
		append(bytes.Clone(clean), 0),
		append([]byte{0}, clean...), append(bytes.Clone(clean[:5000]), clean[4999:]...), []byte("PK\x03\x04"),
	} {
		if report := verified(t, b, evidence.Options{}); report.Result == evidence.Holds {
			t.Errorf("a file of %d bytes holds: %s", len(b), told(report))
		}
	}
}

// TestWhereAFileWasCutIsTold cuts a file anywhere after its manifest: every fault is at the
// place where it ends.
func TestWhereAFileWasCutIsTold(t *testing.T) {
	r := full(t)
	clean := r.packed(inspection())
	places := placesOf(t, clean)
	random, from := rand.New(rand.NewPCG(3, 4)), int(places["README.txt"])
	for n := range 60 {
		size := from + random.IntN(len(clean)-from)
		if n%2 == 0 {
			size = len(clean) - 1 - n*40 // in the directory, and just before
		}
		report, faults := verified(t, clean[:size], evidence.Options{}), 0
		for i := range report.Steps {
			for _, f := range report.Steps[i].Faults {
				faults++
				if f.Member == "" && f.Offset != int64(size) || f.Member != "" && max(int64(size), places[f.Member]) != places[f.Member]+f.Offset {
					t.Errorf("cut at %d: %s", size, told(report))
				}
			}
		}
		if report.Result != evidence.Fails || faults == 0 || faults > 4 {
			t.Errorf("cut at %d: %d faults, %s", size, faults, told(report))
		}
	}
}

func TestWhatCellsRestOnIsSaidInNumbers(t *testing.T) {
	report := evidence.Report{Result: evidence.Holds, Share: &evidence.Share{
		Device: 1204, Import: 58_914, From: "2026-11-20", To: "2026-11-20",
	}}
	word, said := report.Verdict()
	const want = "Of 60,118 cells with a value: 1,204 are proved by signed entries of devices; 58,914 come from headquarters’ import " +
		"(or other large entry) of 2026-11-20, which is here as a hash, and rest on headquarters’ signature only."
	if word != evidence.Word("holds-mostly") || len(said) != 2 || said[1].En != want {
		t.Errorf("%s %q", word.En, said)
	}
	report.Share = &evidence.Share{Device: 7, Withheld: 7}
	if word, _ = report.Verdict(); word != evidence.Word("holds-partly") {
		t.Errorf("%s", word.En)
	}
	report.Share = &evidence.Share{Device: 7, Office: 2}
	if word, said = report.Verdict(); word.Zh != "成立" ||
		said[1].Zh != "有值的 9 個欄目中：7 個由設備簽名的條目證明；2 個由總部自己的條目證明，其上只有總部的簽名。" {
		t.Errorf("%s %q", word.Zh, said)
	}
}

// entriesOf are the bytes of the entries that a file has.
func entriesOf(t testing.TB, all map[string][]byte) (list [][]byte) {
	t.Helper()
	for line := range bytes.Lines(all["history/entries.jsonl"]) {
		var e struct {
			Entry []byte `json:"entry"`
		}
		unmarshal(t, line, &e)
		if e.Entry != nil {
			if _, err := chain.Parse(e.Entry); err != nil {
				t.Fatal(err)
			}
			list = append(list, e.Entry)
		}
	}
	return list
}

func TestAFileThatIsWantedNoLongerIsNotMade(t *testing.T) {
	r := full(t)
	r.progress = func(done int) error {
		if done == 2 {
			return io.ErrClosedPipe
		}
		return nil
	}
	var b bytes.Buffer
	if err := r.pack(&b, inspection()); !errors.Is(err, io.ErrClosedPipe) || b.Len() > 0 {
		t.Errorf("error %v after %d bytes", err, b.Len())
	}
}

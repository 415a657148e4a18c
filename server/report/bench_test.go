package report_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sansuiji/server/report"
	"sansuiji/server/review"
)

// counter counts the bytes it is given.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// BenchmarkAWorkbookOf50000Findings reports the peak of the heap in use and the
// size of the workbook besides the time.
func BenchmarkAWorkbookOf50000Findings(b *testing.B) { benchmarkWorkbook(b, 50_000, 100) }

// BenchmarkAWorkbookOf500000Findings wants the heap to stay as it is with fewer.
func BenchmarkAWorkbookOf500000Findings(b *testing.B) {
	if testing.Short() {
		b.Skip("takes minutes")
	}
	benchmarkWorkbook(b, 500_000, 300)
}

func benchmarkWorkbook(b *testing.B, findings, megabytes int) {
	f := newFixture(b)
	const portion = 10_000
	for i := 0; i < findings; i += portion {
		f.insert(b, manyFindings(i, min(i+portion, findings))...)
	}
	var size counter
	told := 0
	peak := peakHeap(func() {
		for b.Loop() {
			size = 0
			if _, err := f.printer.Make(
				b.Context(), f.campaign, order(review.FindingFilter{}, "zh"), &size, func(at report.Stage) error {
					told = max(told, at.Done)
					return nil
				},
			); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/report")
	b.ReportMetric(float64(size)/1e6, "MB-written")
	b.ReportMetric(float64(peak)/1e6, "MB-heap")
	if peak > uint64(megabytes)*1e6 {
		b.Errorf("the heap grew by %d MB, more than %d", peak/1e6, megabytes)
	}
	if told < findings-1000 {
		b.Errorf("progress was told up to row %d", told)
	}
}

func manyFindings(from, to int) (rows []row) {
	for i := from; i < to; i++ {
		rows = append(rows, finding(fmt.Sprint("第", i, "條發現"), cells{
			"detail":      fmt.Sprint("現場查看", i, "號檔案,", strings.Repeat("記錄不全,簽字缺失。", i%12)),
			"problem_id":  id("problem"),
			"recorded_at": at(9, i%600), "severity": "minor", "inspector_id": id("inspector"),
			"latitude_e7": 300000000 + i, "longitude_e7": -1700000000 - i, "accuracy_m": i % 40,
		}))
	}
	return rows
}

// peakHeap is the most heap in use while do runs, beyond what was before.
func peakHeap(do func()) uint64 {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				runtime.ReadMemStats(&now)
				peak.Store(max(peak.Load(), now.HeapInuse))
			}
		}
	}()
	do()
	close(stop)
	<-stopped
	return peak.Load() - min(peak.Load(), before.HeapInuse)
}

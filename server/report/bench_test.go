package report_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

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
func BenchmarkAWorkbookOf50000Findings(b *testing.B) {
	const findings = 50_000
	var rows []row
	for i := range findings {
		rows = append(rows, finding(fmt.Sprint("第", i, "條發現"), cells{
			"detail":      fmt.Sprint("現場查看", i, "號檔案,", strings.Repeat("記錄不全,簽字缺失。", i%12)),
			"problem_id":  id("problem"),
			"recorded_at": at(9, i%600), "severity": "minor", "inspector_id": id("inspector"),
			"latitude_e7": 300000000 + i, "longitude_e7": -1700000000 - i, "accuracy_m": i % 40,
		}))
	}
	f := newFixture(b, rows...)
	var size counter
	peak := peakHeap(func() {
		for b.Loop() {
			size = 0
			if err := f.service.Workbook(
				b.Context(), f.campaign, review.FindingFilter{}, "zh", &size,
			); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/report")
	b.ReportMetric(float64(size)/1e6, "MB-written")
	b.ReportMetric(float64(peak)/1e6, "MB-heap")
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

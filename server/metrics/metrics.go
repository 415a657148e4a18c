// Package metrics tells what a Prometheus asks: what this process has done since it began,
// and how the campaigns stand. Campaigns have their ids as labels; sansuiji_campaign_info
// says what people call them. Figures of a process are added up over all servers of a
// database; those of the database are the same from each.
package metrics

import (
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"sansuiji/schema"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what a process does.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	pushes   *prometheus.CounterVec
	entries  *prometheus.CounterVec
	pushing  prometheus.Histogram
	merging  prometheus.Histogram
	pulls    *prometheus.CounterVec
	rows     *prometheus.CounterVec
	pulling  prometheus.Histogram
}

// seconds are the buckets of times: a phone in the field gives up after a minute.
func seconds() []float64 {
	return []float64{0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60}
}

// New counts from nothing, for a program of a version.
func New(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counter("http_requests_total", "Answers over HTTP.", "method", "route", "status"),
		pushes:   counter("pushes_total", "Pushes of devices, by result: accepted, or the code of the problem.", "campaign", "result"),
		entries:  counter("entries_total", "Entries that devices pushed, by outcome.", "campaign", "outcome"),
		pushing:  times("push_seconds", "From a push's arrival until it is durable and answered."),
		merging:  times("merge_seconds", "One merge into a campaign, with its wait in the line and its commit."),
		pulls:    counter("pulls_total", "Pulls of devices, by result: answered, or the code of the problem.", "campaign", "result"),
		rows:     counter("pull_rows_total", "Rows that devices pulled.", "campaign"),
		pulling:  times("pull_seconds", "Reading one page of a pull."),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "sansuiji_build_info", Help: "1; the labels say which program this is.",
		ConstLabels: prometheus.Labels{"version": version, "schema": strconv.Itoa(schema.Version)},
	})
	build.Set(1)
	m.registry.MustRegister(build, m.requests, m.pushes, m.entries, m.pushing, m.merging, m.pulls, m.rows, m.pulling,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sansuiji_" + name, Help: help}, labels)
}

func times(name, help string) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Name: "sansuiji_" + name, Help: help, Buckets: seconds()})
}

// Answered counts an answer. route is the pattern that a path was found by, of which there
// are few; "": none.
func (m *Metrics) Answered(method, route string, status int) {
	m.requests.WithLabelValues(known(method), route, strconv.Itoa(status)).Inc()
}

// known keeps strange methods from becoming labels.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// Pushed counts a push that began then, and what became of its entries.
func (m *Metrics) Pushed(campaign schema.CampaignID, began time.Time, receipt *schema.Receipt, err error) {
	id := campaign.String()
	m.pushing.Observe(time.Since(began).Seconds())
	m.pushes.WithLabelValues(id, result("accepted", err)).Inc()
	if err != nil {
		return
	}
	for i := range receipt.Entries {
		m.entries.WithLabelValues(id, string(receipt.Entries[i].Outcome)).Inc()
	}
}

// Pulled counts a page that was read from then on.
func (m *Metrics) Pulled(campaign schema.CampaignID, began time.Time, rows int, err error) {
	id := campaign.String()
	m.pulling.Observe(time.Since(began).Seconds())
	m.pulls.WithLabelValues(id, result("answered", err)).Inc()
	m.rows.WithLabelValues(id).Add(float64(rows))
}

// result is a word for what came of a request: of the list of problems, if it failed.
func result(good string, err error) string {
	if err == nil {
		return good
	}
	if code := schema.FaultCode(err); code != "" {
		return code
	}
	return schema.FaultInternal
}

// Handler answers with all figures, those of the database too.
func (m *Metrics) Handler(d *Database, log *slog.Logger) http.Handler {
	all := prometheus.NewRegistry()
	all.MustRegister(d)
	return promhttp.HandlerFor(prometheus.Gatherers{m.registry, all}, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), ErrorHandling: promhttp.ContinueOnError,
	})
}

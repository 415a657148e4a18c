package metrics

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/prometheus/client_golang/prometheus"
)

// Database tells how the campaigns stand, and the disk. It reads at each question.
type Database struct {
	Store  store.Store
	Now    func() time.Time
	Folder string // of the data
	File   string // of the database, in a folder; "": it is PostgreSQL's
	Log    *slog.Logger
}

// readMax is how long the database may take: a Prometheus waits ten seconds.
const readMax = 8 * time.Second

// figure is a number of each campaign, or of all of them together.
type figure struct {
	name, help string
	labels     []string // "campaign" first, if it is one of each
	query      string   // the labels' values and the number
}

func (f *figure) desc() *prometheus.Desc { return describe(f.name, f.help, f.labels...) }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("sansuiji_"+name, help, labels, nil)
}

// silentAfter is after what time a phone that says nothing is counted as silent.
const silentAfter = 24 * time.Hour

// standing are the phones of a campaign that may push, as device d.
const standing = `FROM device d WHERE d.campaign_no = s.no AND d.inspector_id IS NOT NULL AND d.revoked_at IS NULL`

// unmerged are the entries of a campaign with an outcome, as u. SQLite takes the index of
// those that are in no row only if the query says so in its words, and asks it for no more.
const unmerged = `FROM history u WHERE u.campaign_no = s.no AND u.outcome <> 'merged' AND u.outcome = `

// undecided leaves out the entries h that a person decided to leave as they are.
const undecided = ` AND NOT EXISTS (SELECT 1 FROM event e WHERE e.campaign_no = h.campaign_no AND e.kind = 'set_aside' AND e.body = h.hash)`

// figures are all that is read. now is in milliseconds.
func figures(now int64) []figure { return slices.Concat(ofEntries(), ofPhones(now), ofOffice(now)) }

// each is a number of each campaign s.
func each(name, help, number string) figure {
	return figure{name, help, []string{"campaign"}, "SELECT s.campaign_id, " + number + " FROM campaign_state s"}
}

// count is how many rows of each campaign s there are.
func count(name, help, from string) figure { return each(name, help, "(SELECT count(*) "+from+")") }

func ofEntries() []figure {
	return []figure{
		each("entries", "Entries in the history.", "s.position"),
		each("entries_backed_up", "Entries of the history that a confirmed backup has.", "s.backed_up"),
		each("last_backup_timestamp_seconds", "When the last backup was confirmed, Unix time; 0: never.",
			"coalesce((SELECT max(e.happened_at) FROM event e WHERE e.campaign_no = s.no AND e.kind = 'backed_up'), 0) / 1000"),
		count("conflicts_open", "Conflicts that wait for a person.",
			"FROM conflict c WHERE c.campaign_no = s.no AND c.state = 'open'"),
		count("quarantine_open", "Quarantined entries that wait for a person.",
			"FROM history h WHERE h.campaign_no = s.no AND h.position IN (SELECT u.position "+unmerged+"'quarantined')"+undecided),
		count("aside_open", "What continues no chain and waits for a person.",
			"FROM aside h WHERE h.campaign_no = s.no"+undecided),
		count("held", "Entries that wait for a row.", unmerged+"'held'"),
	}
}

func ofPhones(now int64) []figure {
	heard := strconv.FormatInt(now-silentAfter.Milliseconds(), 10)
	return []figure{
		count("phones", "Phones that may push.", standing),
		count("phones_silent", "Phones that have not been heard of for a day.", standing+
			` AND NOT EXISTS (SELECT 1 FROM device_contact o WHERE o.campaign_no = d.campaign_no AND o.device_id = d.id
			AND o.seen_at > `+heard+`) AND NOT EXISTS (SELECT 1 FROM author a JOIN history h ON h.campaign_no = a.campaign_no
			AND h.author = a.no AND h.seq = a.seq WHERE a.campaign_no = d.campaign_no AND a.device_id = d.id AND h.received_at > `+heard+`)`),
		each("phones_unsent_entries", "Entries that phones said they have not sent yet.",
			"coalesce((SELECT sum(o.unsent) FROM device_contact o WHERE o.campaign_no = s.no AND o.wiped_at IS NULL), 0)"),
		count("attachments_stored", "Attachments whose bytes are here.", "FROM blob b WHERE b.campaign_no = s.no"),
		count("attachments_missing", "Attachments whose bytes have not arrived.",
			`FROM attachment a WHERE a.campaign_no = s.no AND a.withdrawn_at IS NULL AND NOT EXISTS
			(SELECT 1 FROM blob b WHERE b.campaign_no = a.campaign_no AND b.hash = a.hash)`),
	}
}

func ofOffice(now int64) []figure {
	return []figure{
		each("campaign_ends_timestamp_seconds", "When the campaign ends, Unix time; 0: that is not said.",
			"coalesce((SELECT max(c.ends_at) FROM campaign c WHERE c.campaign_no = s.no), 0) / 1000"),
		{
			"campaign_info", "1; the labels say what people call a campaign.",
			[]string{"campaign", "code"},
			`SELECT s.campaign_id, coalesce((SELECT max(c.code) FROM campaign c WHERE c.campaign_no = s.no), ''), 1
			FROM campaign_state s`,
		},
		{
			"report_jobs", "Reports, by state.",
			[]string{"campaign", "state"},
			`SELECT s.campaign_id, j.state, count(*) FROM report_job j JOIN campaign_state s ON s.no = j.campaign_no
			GROUP BY s.campaign_id, j.state`,
		},
		{
			"sessions", "Browsers that are signed in at headquarters.", nil,
			"SELECT count(*) FROM session WHERE expires_at > " + strconv.FormatInt(now, 10),
		},
		{
			"webhook_deliveries_waiting", "What other programs are still to be told.", nil,
			"SELECT count(*) FROM webhook_delivery WHERE done_at IS NULL AND next_at IS NOT NULL",
		},
	}
}

// measures are the figures that no query of both engines gives.
type measures struct{ up, bytes, free, size *prometheus.Desc }

func newMeasures() measures {
	return measures{
		up:    describe("database_up", "1 if the database could be read, else 0."),
		bytes: describe("database_bytes", "Size of the database."),
		free:  describe("data_free_bytes", "Room on the disk of the data folder."),
		size:  describe("data_size_bytes", "Size of the disk of the data folder."),
	}
}

// Describe lists the figures.
func (d *Database) Describe(out chan<- *prometheus.Desc) {
	for _, f := range figures(0) {
		out <- f.desc()
	}
	m := newMeasures()
	for _, desc := range []*prometheus.Desc{m.up, m.bytes, m.free, m.size} {
		out <- desc
	}
}

// teller tells a number with the values of its labels.
type teller func(desc *prometheus.Desc, number float64, labels ...string)

// Collect reads the figures. Where the database cannot be read, that is what it tells.
func (d *Database) Collect(out chan<- prometheus.Metric) {
	tell := func(desc *prometheus.Desc, number float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, number, labels...)
	}
	m := newMeasures()
	d.disk(m, tell)
	ctx, cancel := context.WithTimeout(context.Background(), readMax)
	defer cancel()
	err := d.Store.Look(ctx, func(q store.Queryer) error {
		size, err := d.bytes(ctx, q)
		if err != nil {
			return fmt.Errorf("measure the database: %w", err)
		}
		tell(m.bytes, size)
		for _, f := range figures(d.Now().UnixMilli()) {
			if err := f.read(ctx, q, tell); err != nil {
				return fmt.Errorf("count %s: %w", f.name, err)
			}
		}
		return nil
	})
	if err != nil {
		d.Log.Error("the figures cannot be read", "error", err)
		tell(m.up, 0)
		return
	}
	tell(m.up, 1)
}

func (d *Database) disk(m measures, tell teller) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(d.Folder, &disk); err != nil {
		d.Log.Error("look how full the disk is", "error", err)
		return
	}
	tell(m.free, float64(disk.Bavail)*float64(disk.Bsize))
	tell(m.size, float64(disk.Blocks)*float64(disk.Bsize))
}

// bytes is how large the database is, SQLite's log with it.
func (d *Database) bytes(ctx context.Context, q store.Queryer) (size float64, err error) {
	if d.Store.Engine() == schema.OnPostgres {
		err = q.QueryRowContext(ctx, "SELECT pg_database_size(current_database())").Scan(&size)
		return size, err
	}
	for _, part := range []string{d.File, d.File + "-wal"} {
		if info, err := os.Stat(part); err == nil {
			size += float64(info.Size())
		}
	}
	return size, nil
}

func (f *figure) read(ctx context.Context, q store.Queryer, tell teller) error {
	_, err := store.List(ctx, q, func(row store.Scanner) (none struct{}, err error) {
		var number float64
		var campaign []byte
		labels := make([]string, len(f.labels))
		into := make([]any, 0, len(labels)+1)
		for i := range labels {
			into = append(into, &labels[i])
		}
		if len(labels) > 0 {
			into[0] = &campaign
		}
		if err := row.Scan(append(into, &number)...); err != nil {
			return none, err
		}
		if len(labels) > 0 {
			id, err := schema.IDFromBytes[schema.CampaignID](campaign)
			if err != nil {
				return none, err
			}
			labels[0] = id.String()
		}
		tell(f.desc(), number, labels...)
		return none, nil
	}, f.query)
	return err
}

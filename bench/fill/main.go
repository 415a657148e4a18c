// Command fill makes a device that records many findings and sends them, so that
// others have something to pull. It prints how long the pull of another device on
// this machine takes, as what a phone's browser is held against.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sansuiji/device"
	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

func main() {
	server := flag.String("server", "", "headquarters' `address`")
	code := flag.String("code", "", "enrolment `code` of the device that records")
	other := flag.String("other", "", "enrolment `code` of the device that pulls; empty: none does")
	rows := flag.Int("rows", 50_000, "how many findings")
	flag.Parse()
	if err := run(context.Background(), *server, *code, *other, *rows); err != nil {
		fmt.Fprintln(os.Stderr, "fill:", err)
		os.Exit(1)
	}
}

// rowsAtOnce is how many findings one entry has.
const rowsAtOnce = 1000

func run(ctx context.Context, server, code, other string, rows int) (err error) {
	folder, err := os.MkdirTemp("", "sansuiji-fill-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	d, err := enrolled(ctx, filepath.Join(folder, "fill.db"), server, code)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if _, err := d.Sync(ctx); err != nil {
		return err
	}
	if err := record(d, rows); err != nil {
		return err
	}
	if _, err := d.Push(ctx); err != nil || other == "" {
		return err
	}
	return timePull(ctx, filepath.Join(folder, "pull.db"), server, other)
}

// timePull prints how many milliseconds a new device needs to pull everything.
func timePull(ctx context.Context, file, server, code string) (err error) {
	d, err := enrolled(ctx, file, server, code)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	begun := time.Now()
	pulled, err := d.Pull(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%d rows in %d ms\n", pulled, time.Since(begun).Milliseconds())
	return nil
}

func enrolled(ctx context.Context, file, server, code string) (*device.Device, error) {
	way, err := device.NewHTTP(server)
	if err != nil {
		return nil, err
	}
	d, err := device.Open(file, device.Settings{Transport: way, Now: time.Now, Random: rand.Reader})
	if err != nil {
		return nil, err
	}
	_, err = d.Enrol(ctx, device.Enrolling{Code: code, Name: "測量", Key: device.P256})
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

var errNoVisit = errors.New("the device holds no visit")

// record saves findings of the device's visits.
func record(d *device.Device, rows int) error {
	var visits []schema.RowID
	if err := d.Each("visit", func(row []changeset.Value) error {
		visits = append(visits, schema.RowID(row[0].Bytes))
		return nil
	}); err != nil {
		return err
	}
	if len(visits) == 0 {
		return errNoVisit
	}
	for done := 0; done < rows; done += rowsAtOnce {
		if _, err := d.Save(func(s *device.Saving) error {
			for i := done; i < min(done+rowsAtOnce, rows); i++ {
				if err := put(s, visits[i%len(visits)], i); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func put(s *device.Saving, visit schema.RowID, n int) error {
	id, err := s.NewID()
	if err != nil {
		return err
	}
	return s.Put("finding", id, edit.Cells{
		"visit_id": edit.ID(visit), "title": edit.Text(fmt.Sprintf("第%d項帳目公開不及時", n)),
		"detail":   edit.Text("公示欄內容停留在上半年,村民反映看不到最近三個月的收支明細。"),
		"severity": edit.Text(schema.Severities()[n%4].Code), "inspector_id": edit.ID(s.Who.Inspector),
		"recorded_at": edit.Int(s.At), "latitude_e7": edit.Int(300000000),
		"longitude_e7": edit.Int(-1700000000), "accuracy_m": edit.Int(12),
	})
}

// Command crew is the teams of a story: phones without screens that record and sync, so that
// headquarters has something to review.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
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

type flags struct {
	server, folder, codes string
	findings, conflicts   int
	more                  bool
}

func main() {
	var f flags
	flag.StringVar(&f.server, "server", "", "headquarters' `address`")
	flag.StringVar(&f.folder, "folder", "", "where the phones' files are")
	flag.StringVar(&f.codes, "codes", "", "enrolment codes (JSON): of two colleagues, and of a stranger to their team")
	flag.IntVar(&f.findings, "findings", 100, "how many they record")
	flag.IntVar(&f.conflicts, "conflicts", 10, "in how many the colleagues disagree")
	flag.BoolVar(&f.more, "more", false, "the first one records one more")
	flag.Parse()
	if err := run(context.Background(), &f); err != nil {
		fmt.Fprintln(os.Stderr, "crew:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, f *flags) error {
	if f.more {
		return oneMore(ctx, f)
	}
	var codes [3]string
	if err := json.Unmarshal([]byte(f.codes), &codes); err != nil {
		return fmt.Errorf("read codes: %w", err)
	}
	var phones [3]*device.Device
	for i, code := range codes {
		d, err := f.enrolled(ctx, i, code)
		if err != nil {
			return fmt.Errorf("enrol phone %d: %w", i, err)
		}
		defer func() { _ = d.Close() }()
		phones[i] = d
	}
	ids, err := record(phones[0], f.findings)
	if err != nil {
		return err
	}
	for _, d := range phones[:2] {
		if _, err := d.Sync(ctx); err != nil {
			return err
		}
	}
	if err := disagree(ctx, phones[:2], ids[:f.conflicts]); err != nil {
		return err
	}
	return stray(ctx, phones[0], phones[2])
}

// enrolled is a phone that holds what it may.
func (f *flags) enrolled(ctx context.Context, n int, code string) (*device.Device, error) {
	d, err := f.open(n)
	if err != nil {
		return nil, err
	}
	if _, err := d.Enrol(ctx, device.Enrolling{Code: code, Name: "無屏手機", Key: device.P256}); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	_, err = d.Sync(ctx)
	return d, err
}

func (f *flags) open(n int) (*device.Device, error) {
	way, err := device.NewHTTP(f.server)
	if err != nil {
		return nil, err
	}
	return device.Open(filepath.Join(f.folder, fmt.Sprintf("phone%d.db", n)),
		device.Settings{Transport: way, Now: time.Now, Random: rand.Reader})
}

func visitsOf(d *device.Device) (visits []schema.RowID, err error) {
	err = d.Each("visit", func(row []changeset.Value) error {
		visits = append(visits, schema.RowID(row[0].Bytes))
		return nil
	})
	if err == nil && len(visits) == 0 {
		err = errors.New("the phone holds no visit")
	}
	return visits, err
}

// record saves findings at the phone's visits, one entry each.
func record(d *device.Device, count int) (ids []schema.RowID, err error) {
	visits, err := visitsOf(d)
	if err != nil {
		return nil, err
	}
	for n := range count {
		if _, err := d.Save(func(s *device.Saving) error {
			id, err := put(s, visits[n%len(visits)], n)
			ids = append(ids, id)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func put(s *device.Saving, visit schema.RowID, n int) (schema.RowID, error) {
	id, err := s.NewID()
	if err != nil {
		return id, err
	}
	topics, severities := schema.Topics(), schema.Severities()
	return id, s.Put("finding", id, edit.Cells{
		"visit_id": edit.ID(visit), "title": edit.Text(fmt.Sprintf("公示欄更新不及時（%03d）", n)),
		"detail":   edit.Text("收支明細停在上半年，村民反映看不到最近三個月的公示。"),
		"severity": edit.Text(severities[n%len(severities)].Code), "status": edit.Text("submitted"),
		"topic": edit.Text(topics[n%len(topics)].Code), "inspector_id": edit.ID(s.Who.Inspector),
		"recorded_at": edit.Int(s.At), "latitude_e7": edit.Int(300012345 + int64(n)*900),
		"longitude_e7": edit.Int(-1699987654), "accuracy_m": edit.Int(12),
	})
}

// disagree lets each of two colleagues write another detail, unseen by the other.
func disagree(ctx context.Context, phones []*device.Device, ids []schema.RowID) error {
	for i, d := range phones {
		for _, id := range ids {
			if _, err := d.Save(func(s *device.Saving) error {
				return s.Put("finding", id, edit.Cells{"detail": edit.Text(fmt.Sprintf("收支明細停在%d月。", 5+i))})
			}); err != nil {
				return err
			}
		}
	}
	for _, d := range phones {
		if _, err := d.Push(ctx); err != nil {
			return err
		}
	}
	return nil
}

// stray lets a stranger write where the team alone may.
func stray(ctx context.Context, member, stranger *device.Device) error {
	visits, err := visitsOf(member)
	if err != nil {
		return err
	}
	if _, err := stranger.Save(func(s *device.Saving) error {
		_, err := put(s, visits[0], 900)
		return err
	}); err != nil {
		return err
	}
	_, err = stranger.Push(ctx)
	return err
}

func oneMore(ctx context.Context, f *flags) error {
	d, err := f.open(0)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if _, err := record(d, 1); err != nil {
		return err
	}
	_, err = d.Push(ctx)
	return err
}

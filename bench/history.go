package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/history"
)

const (
	verifyName    = "verify history file"
	verifyEntries = 1_000_000
	verifyGroup   = 20 // entries under one seal
	verifyPhones  = 40
)

// verifying measures the check of a history file of a million entries on disk,
// in entries per second of the clock, on all cores.
func verifying(rounds int) (f figure, err error) {
	file, err := os.CreateTemp("", "sansuiji-bench-history-")
	if err != nil {
		return figure{}, err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	out := bufio.NewWriterSize(file, 1<<20)
	if err := errors.Join(writeHistory(out, verifyEntries), out.Flush()); err != nil {
		return figure{}, err
	}
	var speeds []float64
	for range rounds {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return figure{}, err
		}
		runtime.GC()
		before := time.Now()
		report, err := history.Verify(history.NewReader(file), history.Options{
			Catalogue: schema.NewCatalogue(), File: true, Workers: runtime.GOMAXPROCS(0),
		})
		if err != nil {
			return figure{}, err
		}
		if report.Fault != nil || report.Entries != verifyEntries {
			return figure{}, fmt.Errorf("checked %d entries: %w", report.Entries, report.Fault)
		}
		speeds = append(speeds, verifyEntries/time.Since(before).Seconds())
	}
	return figure{name: verifyName, value: median(speeds), unit: "entries/s"}, nil
}

// annals write a made-up history: one entry of headquarters that enrols the
// phones, then pushes of theirs in turn.
type annals struct {
	*history.Writer
	campaign schema.CampaignID
	position uint64
	clocks   map[schema.DeviceID]clock.Time
}

func writeHistory(to io.Writer, entries int) error {
	hq, e := newPhone(), edit.New(schema.NewCatalogue())
	phones := make([]*phone, verifyPhones)
	hq.enrol(e)
	for i := range phones {
		phones[i] = newPhone()
		phones[i].enrol(e)
	}
	w, err := history.NewWriter(to, schema.CampaignID{1}, hq.key)
	if err != nil {
		return err
	}
	a := annals{Writer: w, campaign: schema.CampaignID{1}, clocks: map[schema.DeviceID]clock.Time{}}
	enrolment, err := e.Bytes()
	if err != nil {
		return err
	}
	if err := a.push(hq, enrolment, 1); err != nil {
		return err
	}
	row := schema.NewRowID()
	for i := 0; a.position < uint64(entries); i++ {
		p := phones[i%len(phones)]
		e := edit.New(schema.NewCatalogue())
		update(e, row, i)
		changes, err := e.Bytes()
		if err != nil {
			return err
		}
		if err := a.push(p, changes, min(verifyGroup, entries-int(a.position))); err != nil {
			return err
		}
	}
	signed, err := a.SignCheckpoint(schema.Epoch{1}, a.position)
	if err != nil {
		return err
	}
	return a.Close(signed)
}

func newPhone() *phone {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return &phone{id: schema.DeviceID(schema.NewRowID()), key: key}
}

// enrol adds the phone's row, and begins its chain in the campaign of annals.
func (p *phone) enrol(e *edit.Builder) {
	spki, err := x509.MarshalPKIXPublicKey(p.key.Public())
	if err != nil {
		panic(err)
	}
	p.head.Hash = chain.Genesis(schema.CampaignID{1}, p.id, spki)
	e.Insert("device", schema.RowID(p.id), edit.Cells{
		"name": edit.Text("機"), "public_key": edit.Bytes(spki),
	})
}

// push writes some entries of a phone with the same changes, and their seal.
func (a *annals) push(p *phone, changes []byte, entries int) error {
	for range entries {
		p.seal(a.campaign, changes)
	}
	push := p.push(a.campaign)
	seq := p.head.Seq - uint64(len(push.Entries))
	for i, b := range push.Entries {
		e, err := chain.Parse(b)
		if err != nil {
			return err
		}
		a.position++
		a.clocks[p.id] = max(e.Clock, a.clocks[p.id]+1)
		if err := a.Record(&history.Record{
			Position: a.position, Epoch: schema.Epoch{1}, Device: p.id, Seq: seq + uint64(i) + 1,
			ReceivedAt: e.WallAt, Clock: a.clocks[p.id], Entry: b,
		}); err != nil {
			return err
		}
	}
	return a.Seal(&history.Seal{Device: p.id, Seq: p.head.Seq, Signature: push.Signature})
}

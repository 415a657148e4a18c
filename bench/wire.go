package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/packing"
)

// wiring measures the body of a push, signature and all, in bytes per change,
// against the plain form as devices send it: CBOR and gzip.
func wiring(rounds int, only string) error {
	for _, s := range []struct {
		changes, pushes int
		pulls           float64 // before an entry: the seldomer, the longer a device was away
	}{{1, 1000, 0.5}, {100, 10, 0.05}, {1000, 2, 0.005}} {
		name := fmt.Sprintf("wire bytes per change, push of %d", s.changes)
		if !strings.Contains(name, only) {
			continue
		}
		var packed, plain []float64
		for round := range rounds {
			device := newInspecting(uint64(round), s.pulls)
			ours, theirs, err := device.weigh(s.changes, s.pushes)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			packed, plain = append(packed, ours), append(plain, theirs)
		}
		figure{name, median(packed), "bytes", median(plain)}.print()
	}
	return packingSpeed(rounds, only)
}

// weigh makes pushes of one-change entries and says how many bytes a change has.
func (s *inspecting) weigh(changes, pushes int) (packed, plain float64, err error) {
	entries := s.entries(packing.BeforeMax + changes*pushes)
	for i := range pushes {
		from := packing.BeforeMax + i*changes
		run, place := s.run(entries, from, from+changes)
		ours, err := s.pack(run, place)
		if err != nil {
			return 0, 0, err
		}
		theirs, err := plainBody(place, run)
		if err != nil {
			return 0, 0, err
		}
		packed, plain = packed+float64(ours), plain+float64(theirs)
	}
	total := float64(changes * pushes)
	return packed / total, plain / total, nil
}

func (s *inspecting) entries(count int) [][]byte {
	entries := make([][]byte, count)
	for i := range entries {
		entries[i] = s.next()
	}
	return entries
}

// run is some of the device's first entries and where they stand.
func (s *inspecting) run(entries [][]byte, from, to int) ([][]byte, packing.Place) {
	return entries[from:to], packing.Place{
		Campaign: s.head.Campaign, Device: s.head.Device, Previous: chain.HashBytes(entries[from-1]),
		Before: entries[max(0, from-packing.BeforeMax):from],
	}
}

// pack is the size of the packed body, which must give the run back.
func (s *inspecting) pack(run [][]byte, place packing.Place) (int, error) {
	packed, err := packing.Pack(run, s.catalogue, place)
	if err != nil {
		return 0, err
	}
	body := packing.Body{Signature: make([]byte, signatureSize), Packed: packed}
	b, err := body.Bytes()
	if err != nil {
		return 0, err
	}
	back, err := packing.Unpack(packed, s.catalogue, place)
	if err != nil {
		return 0, err
	}
	for i := range run {
		if !bytes.Equal(run[i], back[i]) {
			return 0, fmt.Errorf("entry %d came back as another", i)
		}
	}
	return len(b), nil
}

const signatureSize = 64

// plainBody is the size of the plain form.
func plainBody(place packing.Place, run [][]byte) (int, error) {
	body, err := cbor.Marshal(map[string]any{
		"campaign_id": place.Campaign.String(), "device_id": place.Device.String(), "entries": run,
	})
	if err != nil {
		return 0, err
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err = w.Write(body)
	if err = errors.Join(err, w.Close()); err != nil {
		return 0, err
	}
	// A signature does not compress; it has a name of its own in the map.
	return min(b.Len(), len(body)) + len("signature") + 3 + signatureSize, nil
}

// packingSpeed measures how fast runs of a thousand one-change entries are
// packed and unpacked, their hashes and all, against hashing alone.
func packingSpeed(rounds int, only string) error {
	const changes = 1000
	device := newInspecting(1, 0.005)
	entries := device.entries(packing.BeforeMax + changes)
	run, place := device.run(entries, packing.BeforeMax, len(entries))
	body, err := packing.Pack(run, device.catalogue, place)
	if err != nil {
		return err
	}
	hash := func() error {
		for _, b := range run {
			_ = chain.HashBytes(b)
		}
		return nil
	}
	for _, m := range []struct {
		name string
		do   func() error
	}{
		{"unpack one-change entries", func() error { return unpack(body, device.catalogue, place) }},
		{"pack one-change entries", func() error { return pack(run, device.catalogue, place) }},
	} {
		if !strings.Contains(m.name, only) {
			continue
		}
		var ours, theirs []float64
		for range rounds {
			speed, err := perSecond(changes, m.do)
			if err != nil {
				return err
			}
			bare, err := perSecond(changes, hash)
			if err != nil {
				return err
			}
			ours, theirs = append(ours, speed), append(theirs, bare)
		}
		figure{m.name, median(ours), "entries/s CPU", median(theirs)}.print()
	}
	return nil
}

func unpack(body []byte, catalogue *schema.Catalogue, place packing.Place) error {
	_, err := packing.Unpack(body, catalogue, place)
	return err
}

func pack(run [][]byte, catalogue *schema.Catalogue, place packing.Place) error {
	_, err := packing.Pack(run, catalogue, place)
	return err
}

// perSecond repeats something that does a number of things for a while.
func perSecond(things int, do func() error) (float64, error) {
	const while = 300 * time.Millisecond
	before, done := cpuTime(), 0
	for cpuTime()-before < while {
		if err := do(); err != nil {
			return 0, err
		}
		done += things
	}
	return float64(done) / (cpuTime() - before).Seconds(), nil
}

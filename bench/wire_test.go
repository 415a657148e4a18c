package main

import "testing"

func TestAPushIsAsSmallAsPromised(t *testing.T) {
	for _, c := range []struct {
		changes, pushes int
		pulls, most     float64
	}{{1, 500, 0.5, 120}, {100, 5, 0.05, 48}, {1000, 1, 0.005, 40}} {
		packed, plain, err := newInspecting(1, c.pulls).weigh(c.changes, c.pushes)
		if err != nil {
			t.Fatal(err)
		}
		if packed > c.most || packed > plain/2 {
			t.Errorf("push of %d: %.1f bytes per change, plain %.1f", c.changes, packed, plain)
		}
	}
}

package mapfile

import (
	"testing"
)

// The numbers are those of the format's specification, and of its own implementation.
func TestTilesAreNumberedAlongTheCurve(t *testing.T) {
	for _, c := range []struct {
		zoom, x, y int
		want       uint64
	}{
		{0, 0, 0, 0},
		{1, 0, 0, 1},
		{1, 0, 1, 2},
		{1, 1, 1, 3},
		{1, 1, 0, 4},
		{2, 0, 0, 5},
		{12, 3423, 1763, 19078479},
	} {
		if got := tileID(c.zoom, c.x, c.y); got != c.want {
			t.Errorf("%d/%d/%d: %d, want %d", c.zoom, c.x, c.y, got, c.want)
		}
	}
}

func TestWhatATileDoesNotShowIsCutAway(t *testing.T) {
	line := Feature{Shape: Line}
	parts := line.cut([]spot{{-1000, 10}, {1000, 10}, {1000, -9000}, {2000, -9000}, {2000, 50}}, 0, 0)
	if len(parts) != 2 || parts[0][0] != (spot{lowest, 10}) || len(parts[0]) != 3 || parts[1][1] != (spot{2000, 50}) {
		t.Errorf("line: %v", parts)
	}
	area := Feature{Shape: Area}
	around := []spot{{-9000, -9000}, {9000, -9000}, {9000, 9000}, {-9000, 9000}}
	if parts := area.cut(around, 0, 0); len(parts) != 1 || len(parts[0]) != 4 {
		t.Errorf("area around the tile: %v", parts)
	}
	if parts := area.cut([]spot{{-900, -900}, {-500, -900}, {-500, -500}}, 0, 0); len(parts) != 0 {
		t.Errorf("area elsewhere: %v", parts)
	}
}

func TestGeometryIsWrittenAsCommands(t *testing.T) {
	// The specification's own examples, §4.3.5.
	for _, c := range []struct {
		shape Geometry
		part  []spot
		want  []uint64
	}{
		{Dot, []spot{{25, 17}}, []uint64{9, 50, 34}},
		{Line, []spot{{2, 2}, {2, 10}, {10, 10}}, []uint64{9, 4, 4, 18, 0, 16, 16, 0}},
		{Area, []spot{{3, 6}, {8, 12}, {20, 34}}, []uint64{9, 6, 12, 18, 10, 12, 24, 44, 15}},
		{Line, []spot{{2, 2}, {2.1, 1.9}}, nil},
	} {
		got := geometry(c.shape, [][]spot{c.part})
		if len(got) != len(c.want) {
			t.Errorf("%v: %v, want %v", c.part, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%v: %v, want %v", c.part, got, c.want)
				break
			}
		}
	}
}

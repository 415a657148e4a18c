package sim

import "time"

// World is the true time, which only the script moves.
type World struct{ now time.Time }

// NewWorld begins at a time.
func NewWorld(at time.Time) *World { return &World{at} }

// Pass lets time pass.
func (w *World) Pass(d time.Duration) { w.now = w.now.Add(d) }

// Now is the true time.
func (w *World) Now() time.Time { return w.now }

// ClockOf is what one actor's clock shows: right until somebody sets it.
type ClockOf struct {
	World  *World
	offset time.Duration
	frozen *time.Time
}

// ClockSettings are the words that Set knows.
func ClockSettings() []string { return []string{"ahead", "behind", "jump", "freeze", "right"} }

const tenYears = 10 * 365 * 24 * time.Hour

// Set sets the clock; false: there is no such setting.
func (c *ClockOf) Set(word string, dice uint64) bool {
	now := c.Now()
	c.frozen = nil
	switch word {
	case "ahead":
		c.offset = tenYears
	case "behind":
		c.offset = -tenYears
	case "jump":
		c.offset += time.Duration(int64(dice%(2*86400))-86400) * time.Second
	case "freeze":
		c.frozen = &now
	case "right":
		c.offset = 0
	default:
		return false
	}
	return true
}

// Now is what the clock shows.
func (c *ClockOf) Now() time.Time {
	if c.frozen != nil {
		return *c.frozen
	}
	return c.World.Now().Add(c.offset)
}

package draw

import (
	"bytes"
	"encoding/csv"
	"strconv"
)

// Weights is a table (CSV) of the units that are to be visited, for survey packages:
// stratum, its units (fpc) and how many are drawn, the probability of being drawn and
// its reciprocal, each cut off after six decimal places. A unit from the reserve has
// the probability of its stratum, or of its own size, as drawn.
func (c *Certificate) Weights() []byte {
	allotted := map[string]Allotted{}
	for _, a := range c.Allocation {
		allotted[a.Stratum] = a
	}
	replaced := map[string]Amendment{}
	for _, a := range c.Amendments {
		replaced[a.In] = a
	}
	visited := c.standing().visited
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{ // a buffer takes all
		"id", "stratum", "units", "drawn", "probability", "weight", "replaces", "reason",
	})
	for i := range c.Drawn {
		d := &c.Drawn[i]
		if visited[d.ID] == "" {
			continue
		}
		a := allotted[d.Stratum]
		_ = w.Write([]string{
			d.ID, d.Stratum, strconv.FormatInt(a.Units, 10), strconv.FormatInt(a.N, 10), d.Probability, d.Weight,
			replaced[d.ID].Out, replaced[d.ID].Reason,
		})
	}
	w.Flush()
	return b.Bytes()
}

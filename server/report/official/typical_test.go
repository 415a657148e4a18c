package official

import (
	"strings"
	"testing"
)

func TestTypicalCasesAreTheGravestAndOneOfEachCountyFirst(t *testing.T) {
	read := func(text string) (list []*finding) {
		for _, row := range strings.Fields(text) {
			f := strings.Split(row, "/")
			list = append(list, &finding{category: f[0], county: f[1], severity: f[2], title: row})
		}
		return list
	}
	for rows, want := range map[string]string{
		"": "",
		"village/東/minor village/東/critical village/西/minor": "village/東/critical village/東/minor village/西/minor",
		// One of each county, though two of the first are graver.
		"village/東/critical village/東/serious village/西/moderate village/南/minor": "village/東/critical village/西/moderate village/南/minor",
		// Fewer counties than cases: filled up in the same order.
		"village/東/minor village/東/critical village/東/serious village/東/moderate": "village/東/critical village/東/serious village/東/moderate",
		// Categories in the catalogue's order; equal severity in the inspection's.
		"school/東/minor village/西/minor school/西/minor village/東/minor": "village/西/minor village/東/minor school/東/minor school/西/minor",
	} {
		var got []string
		for _, f := range typical(read(rows), 3, findingTrait) {
			got = append(got, f.title)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("of %s\nchosen %s\nwant   %s", rows, strings.Join(got, " "), want)
		}
	}
}

package merge_test

import (
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/merge"
)

func TestAContestIsNamedAlikeByWhoeverFindsIt(t *testing.T) {
	c := schema.NewCatalogue()
	finding, verification := c.MustTable("finding"), c.MustTable("verification")
	campaign, row := schema.CampaignID{1}, schema.RowID{2}
	detail := finding.ColumnIndex("detail")
	first := merge.Write{Device: schema.DeviceID{3}, Seq: 9, Author: 7, Revision: 4, Clock: 50}
	second := merge.Write{Device: schema.DeviceID{4}, Seq: 1, Author: 2, Revision: 3, Clock: 5}
	name := merge.ContestID(campaign, finding, row, detail, []merge.Write{first, second})
	elsewhere := merge.Write{Device: first.Device, Seq: first.Seq, Author: 1, Revision: 90, Clock: 6}
	if name != merge.ContestID(campaign, finding, row, detail, []merge.Write{second, elsewhere}) {
		t.Error("the order of arrival, or another server's numbers, gave another name")
	}
	later := first
	later.Seq++
	for what, other := range map[string][16]byte{
		"campaign": merge.ContestID(schema.CampaignID{9}, finding, row, detail, []merge.Write{first}),
		"table":    merge.ContestID(campaign, verification, row, verification.ColumnIndex("note"), []merge.Write{first}),
		"row":      merge.ContestID(campaign, finding, schema.RowID{9}, detail, []merge.Write{first}),
		"column":   merge.ContestID(campaign, finding, row, finding.ColumnIndex("severity"), []merge.Write{first}),
		"write":    merge.ContestID(campaign, finding, row, detail, []merge.Write{later, second}),
		"device":   merge.ContestID(campaign, finding, row, detail, []merge.Write{second}),
	} {
		if other == name {
			t.Errorf("another %s gave the same name", what)
		}
	}
}

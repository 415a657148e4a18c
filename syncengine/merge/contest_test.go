package merge

import (
	"fmt"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
)

// at is a write of a value by a device at a clock; hq is headquarters' one.
func at(device byte, when clock.Time, value string) Write {
	return Write{
		Author: uint32(device), Device: schema.DeviceID{device}, HQ: device == hq,
		Revision: uint64(when), Clock: when, Value: changeset.TextValue(value),
	}
}

const hq = 1

// names writes a list of writes as device@clock, for people.
func names(writes []Write) string {
	list := make([]string, len(writes))
	for i, w := range writes {
		list[i] = fmt.Sprintf("%d@%d", w.Device[0], w.Clock)
	}
	return strings.Join(list, " ")
}

func TestAWriteCompetesWithThoseItsAuthorHadNotSeen(t *testing.T) {
	a, b := at(2, 10, "輕微"), at(3, 20, "嚴重")
	for _, c := range []struct {
		name      string
		rule      schema.Rule
		competing []Write
		write     Write
		knows     string // devices whose writes the author had seen
		left      string
		gone      string
		winner    string
		state     ContestState
	}{
		{"the later of two stands", schema.Review, []Write{a}, b, "", "2@10 3@20", "", "3@20", Open},
		{"also if it comes first", schema.Review, []Write{b}, a, "", "3@20 2@10", "", "3@20", Open},
		{
			"two who write one value agree", schema.Review,
			[]Write{a},
			at(3, 20, "輕微"), "", "2@10 3@20", "", "3@20", Agreed,
		},
		{
			"at one clock the higher device stands", schema.Review,
			[]Write{at(3, 10, "甲")},
			at(2, 10, "乙"), "", "3@10 2@10", "", "3@10", Open,
		},
		{
			"who has seen it supersedes it", schema.Review,
			[]Write{a},
			b, "2", "3@20", "2@10", "3@20", Superseded,
		},
		{
			"headquarters that has seen all resolves", schema.Review,
			[]Write{a, b},
			at(hq, 30, "一般"), "2 3", "1@30", "2@10 3@20", "1@30", Resolved,
		},
		{
			"headquarters that has not seen all competes", schema.Review,
			[]Write{a, b},
			at(hq, 30, "一般"), "2", "3@20 1@30", "2@10", "1@30", Open,
		},
		{
			"a third who has seen one still competes with the other", schema.Review,
			[]Write{a, b},
			at(4, 15, "較重"), "2", "3@20 4@15", "2@10", "3@20", Open,
		},
		{"once: the first stands", schema.Once, []Write{a}, b, "", "2@10 3@20", "", "2@10", Open},
		{
			"once: an earlier one that comes late stands", schema.Once,
			[]Write{b},
			a, "", "3@20 2@10", "", "2@10", Open,
		},
		{
			"once: a device that has seen it still competes", schema.Once,
			[]Write{a},
			b, "2", "2@10 3@20", "", "2@10", Open,
		},
		{
			"once: the same value agrees", schema.Once,
			[]Write{a},
			at(3, 20, "輕微"), "2", "2@10 3@20", "", "2@10", Agreed,
		},
		{
			"once: headquarters stands before all", schema.Once,
			[]Write{a},
			at(hq, 30, "一般"), "", "2@10 1@30", "", "1@30", Open,
		},
		{
			"once: a device never comes before headquarters", schema.Once,
			[]Write{at(hq, 30, "一般")},
			a, "", "1@30 2@10", "", "1@30", Open,
		},
		{
			"once: of headquarters' own the later stands", schema.Once,
			[]Write{at(hq, 30, "一般")},
			at(hq, 40, "較重"), "", "1@30 1@40", "", "1@40", Open,
		},
		{
			"once: headquarters that has seen all resolves", schema.Once,
			[]Write{a, b},
			at(hq, 30, "一般"), "2 3", "1@30", "2@10 3@20", "1@30", Resolved,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			left, gone, winner := settle(c.rule, c.competing, c.write, func(w Write) bool {
				return strings.Contains(c.knows, fmt.Sprint(w.Author))
			})
			if got := names(left); got != c.left {
				t.Errorf("competing: %s, want %s", got, c.left)
			}
			if got := names(gone); got != c.gone {
				t.Errorf("gone: %s, want %s", got, c.gone)
			}
			if got := names(left[winner : winner+1]); got != c.winner {
				t.Errorf("%s stands, want %s", got, c.winner)
			}
			if got := contestState(left, c.write); got != c.state {
				t.Errorf("state %s, want %s", got, c.state)
			}
		})
	}
}

// Whoever stands must not depend on which write arrived first.
func TestWhoStandsDoesNotDependOnTheOrderOfArrival(t *testing.T) {
	writes := []Write{
		at(hq, 20, "一般"), at(2, 20, "輕微"), at(3, 10, "嚴重"), at(4, 30, "較重"), at(3, 40, "嚴重"),
	}
	for _, rule := range []schema.Rule{schema.Review, schema.Once} {
		winners := map[string]bool{}
		permute(writes, func(order []Write) {
			var left []Write
			var winner int
			for _, w := range order {
				left, _, winner = settle(rule, left, w, func(Write) bool { return false })
			}
			winners[names(left[winner:winner+1])] = true
		})
		if len(winners) != 1 {
			t.Errorf("%s: %v stand", rule, winners)
		}
	}
}

// permute calls do with every order of the writes.
func permute(writes []Write, do func([]Write)) {
	var place func(int)
	place = func(n int) {
		if n == len(writes) {
			do(append([]Write(nil), writes...))
			return
		}
		for i := n; i < len(writes); i++ {
			writes[n], writes[i] = writes[i], writes[n]
			place(n + 1)
			writes[n], writes[i] = writes[i], writes[n]
		}
	}
	place(0)
}

func TestAContestIsNamedAlikeByWhoeverFindsIt(t *testing.T) {
	c := schema.NewCatalogue()
	finding, verification := c.MustTable("finding"), c.MustTable("verification")
	campaign, row := schema.CampaignID{1}, schema.RowID{2}
	detail := finding.ColumnIndex("detail")
	base := changeset.TextValue("帳目")
	name := ContestID(campaign, finding, row, detail, base)
	if name != ContestID(campaign, finding, row, detail, base.Clone()) {
		t.Error("the same cell and base gave two names")
	}
	for what, other := range map[string][16]byte{
		"campaign": ContestID(schema.CampaignID{9}, finding, row, detail, base),
		"table":    ContestID(campaign, verification, row, verification.ColumnIndex("note"), base),
		"row":      ContestID(campaign, finding, schema.RowID{9}, detail, base),
		"column":   ContestID(campaign, finding, row, finding.ColumnIndex("severity"), base),
		"base":     ContestID(campaign, finding, row, detail, changeset.NullValue()),
		"no base":  ContestID(campaign, finding, row, detail, changeset.Value{}),
	} {
		if other == name {
			t.Errorf("another %s gave the same name", what)
		}
	}
}

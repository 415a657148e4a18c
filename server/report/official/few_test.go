package official

import (
	"slices"
	"testing"
)

func TestWhatWouldTellOfFewerThanFivePeopleIsHidden(t *testing.T) {
	for _, c := range []struct {
		name   string
		groups []int
		want   []bool
	}{
		{"all large", []int{5, 9, 20}, []bool{false, false, false}},
		{"nobody tells nothing", []int{0, 9, 20}, []bool{false, false, false}},
		{"a small one hides the next smallest, or it follows from the sum", []int{3, 9, 20}, []bool{true, true, false}},
		{"two small ones that are few together hide a third", []int{1, 2, 20, 8}, []bool{true, true, false, true}},
		{"two small ones that are many together are enough", []int{4, 4, 20}, []bool{true, true, false}},
		{"one group alone has no other to be told from", []int{3}, []bool{true}},
		{"all are few", []int{1, 1}, []bool{true, true}},
	} {
		if got := hide(c.groups); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v hides %v, want %v", c.name, c.groups, got, c.want)
		}
	}
}

func TestAReportOfAPartDoesNotTellOfTheOthers(t *testing.T) {
	asked := []talkCount{
		{id: "a", county: "東縣", category: "village", n: 7},
		{id: "b", county: "東縣", category: "school", n: 30},
		{id: "c", county: "西縣", category: "village", n: 3},
		{id: "d", county: "南區", category: "village", n: 50},
	}
	w := &writer{facts: &facts{asked: asked}, request: &Request{}}
	for _, c := range []struct {
		name    string
		request Request
		talks   []talkCount
		want    bool
	}{
		{"the whole campaign", Request{}, asked, false},
		{"few people", Request{County: "西縣"}, asked[2:3], true},
		{"the next smallest: from it and the whole the few follow", Request{County: "東縣"}, asked[:2], true},
		{"a large county", Request{County: "南區"}, asked[3:], false},
		{"a unit in a county that is not shown", Request{Unit: "b"}, asked[1:2], true},
		{"a category", Request{Category: "village"}, asked, false},
		{"nobody was asked", Request{County: "北縣"}, nil, false},
	} {
		w.request, w.facts.talks = &c.request, c.talks
		if got := w.telling(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

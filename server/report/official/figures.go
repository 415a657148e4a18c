package official

import (
	"fmt"

	"sansuiji/server/report/paper"
)

// outcomes of verifications, in the order of the catalogue.
func (w *writer) outcomes() (codes, labels []string) {
	t := w.catalogue.MustTable("verification")
	for _, c := range t.Columns[t.ColumnIndex("outcome")].Choices {
		codes, labels = append(codes, c.Code), append(labels, w.say(c.Label.Zh, c.Label.En))
	}
	return codes, labels
}

// groupOf is the next smaller part of the scope that a unit is in: counties of the
// campaign, categories of a county, units of a category.
func (w *writer) groupOf(county, category, unit string) string {
	switch {
	case w.request.Unit != "":
		return unit
	case w.request.County != "" && w.request.Category != "":
		return unit
	case w.request.County != "":
		return w.label("unit", "category", category)
	case county == "":
		return w.say("市直", "City")
	}
	return county
}

func (w *writer) groupTitle() string {
	switch {
	case w.request.Unit != "", w.request.County != "" && w.request.Category != "":
		return w.say("單位", "Unit")
	case w.request.County != "":
		return w.say("領域", "Category")
	}
	return w.say("縣（市、區）", "County")
}

// counted are figures by group, in the order in which groups come.
type counted struct {
	names []string
	index map[string]int
	rows  [][]int
	width int
}

func newCounted(width int) *counted { return &counted{index: map[string]int{}, width: width} }

func (c *counted) add(group string, column, n int) {
	i, have := c.index[group]
	if !have {
		i = len(c.names)
		c.index[group] = i
		c.names, c.rows = append(c.names, group), append(c.rows, make([]int, c.width))
	}
	c.rows[i][column] += n
}

func (c *counted) sums() []int {
	sums := make([]int, c.width)
	for _, row := range c.rows {
		for i, n := range row {
			sums[i] += n
		}
	}
	return sums
}

func sum(values []int) (n int) {
	for _, v := range values {
		n += v
	}
	return n
}

// table prints counted figures with their sum below.
func (w *writer) table(c *counted, first string, titles []string) paper.Table {
	t := paper.Table{Columns: []paper.Column{{Title: first, Width: 40}}}
	for _, title := range append(titles, w.say("合計", "Sum")) {
		t.Columns = append(t.Columns, paper.Column{Title: title, Width: 22, Centre: true})
	}
	line := func(name string, values []int) {
		cells := []paper.Cell{paper.Plain(name)}
		for _, v := range append(append([]int(nil), values...), sum(values)) {
			cells = append(cells, paper.Plain(fmt.Sprint(v)))
		}
		t.Rows = append(t.Rows, cells)
	}
	for i, name := range c.names {
		line(name, c.rows[i])
	}
	if len(c.names) > 1 {
		line(w.say("合計", "Sum"), c.sums())
	}
	return t
}

func (c *counted) chart(title string, series []string) paper.Chart {
	chart := paper.Chart{Title: title, Series: series}
	for i, name := range c.names {
		chart.Bars = append(chart.Bars, paper.Bar{Label: name, Values: c.rows[i]})
	}
	return chart
}

// rectification is what the teams saw of known problems.
func (w *writer) rectification() {
	w.heading(2, 3, "整改查驗情況", "What was rectified")
	codes, labels := w.outcomes()
	c := newCounted(len(codes))
	for i := range w.facts.checks {
		v := &w.facts.checks[i]
		for k, code := range codes {
			if code == v.outcome && !v.commitment {
				c.add(w.groupOf(v.county, v.category, v.unit), k, 1)
			}
		}
	}
	sums := c.sums()
	n := sum(sums)
	if n == 0 {
		w.state(w.say("本範圍內尚無查驗記錄。", "Nothing has been verified in this scope yet."))
		return
	}
	text := w.sayf("共查驗已列問題%d條：", "%d listed problems were verified: ", n)
	for k := range codes {
		if k > 0 {
			text += w.say("，", ", ")
		}
		text += w.sayf("%s%d條（%s）", "%[1]s %[2]d (%[3]s)", labels[k], sums[k], percent(sums[k], n))
	}
	w.state(w.sentence(text), w.all("查驗", "verifications", "verification", n))
	w.add(w.caption("outcomes", "整改查驗結果", "Outcomes of verifications"), w.table(c, w.groupTitle(), labels))
	if len(c.names) > 1 {
		w.add(c.chart(w.say("圖1　整改查驗結果（條）", "Figure 1  Outcomes of verifications"), labels))
	}
	w.shams()
}

// shams are named one by one; of many, typical ones.
func (w *writer) shams() {
	all := w.shamList()
	if isLong(len(all)) {
		w.state(w.sayf("其中虛假整改的有%d條，典型的如下。", "%d are shams, of which these are typical. ", len(all))+w.ruleWords(othersMax),
			group(w, all, w.check, w.all("查驗", "verifications", "verification", len(all)), w.label("verification", "outcome", "sham"))...)
	} else if len(all) > 0 {
		w.state(w.say("其中虛假整改的有：", "Shams are:"))
	}
	for i, v := range printedOf(all, othersMax, checkTrait) {
		w.state(fmt.Sprintf("%d. ", i+1)+v.unit+w.say("：", ": ")+w.sentence(v.subject)+w.sentence(v.note), w.check(v))
	}
}

// interviews are the marks that stay readable, of five people at least.
func (w *writer) interviews() {
	if len(w.facts.marks) == 0 {
		return
	}
	w.heading(2, 4, "群眾訪談", "Interviews")
	if w.telling() {
		w.state(w.say("本範圍訪談人數少於5人，或據以可推算其他範圍的訪談情況，不予列示。",
			"Fewer than 5 people were interviewed here, or figures would tell what so few said elsewhere: none are given."))
		return
	}
	type question struct {
		text   string
		most   int64
		n, sum int64
	}
	var list []*question
	find := map[string]*question{}
	for i := range w.facts.marks {
		m := &w.facts.marks[i]
		q := find[m.code]
		if q == nil {
			q = &question{text: m.text, most: m.most}
			find[m.code] = q
			list = append(list, q)
		}
		q.n, q.sum = q.n+1, q.sum+m.value
	}
	t := paper.Table{Columns: []paper.Column{
		{Title: w.say("題目", "Question"), Width: 90},
		{Title: w.say("人數", "People"), Width: 20, Centre: true},
		{Title: w.say("平均分", "Mean"), Width: 26, Centre: true},
		{Title: w.say("滿分", "Of"), Width: 20, Centre: true},
	}}
	for _, q := range list {
		people, mean := w.say("少於5人", "fewer than 5"), "—"
		if q.n >= fewest {
			people, mean = fmt.Sprint(q.n), fmt.Sprintf("%.2f", float64(q.sum)/float64(q.n))
		}
		t.Rows = append(t.Rows, []paper.Cell{paper.Plain(q.text), paper.Plain(people), paper.Plain(mean), paper.Plain(fmt.Sprint(q.most))})
	}
	w.state(w.say("訪談內容密封保存，以下僅列按規定可讀的評分；不足5人的不予列示。",
		"What was said is sealed. Below are only marks that stay readable, and none of fewer than 5 people."),
		w.all("訪談評分", "marks of interviews", "interview_score", len(w.facts.marks)))
	w.add(w.caption("marks", "訪談評分", "Marks of interviews"), t)
	w.marksByGroup()
}

// marksByGroup is the mean of all marks by part of the scope.
func (w *writer) marksByGroup() {
	type group struct {
		name      string
		points, n float64
		people    int
	}
	var list []*group
	find := map[string]*group{}
	at := func(county, category, unit string) *group {
		name := w.groupOf(county, category, unit)
		if find[name] == nil {
			find[name] = &group{name: name}
			list = append(list, find[name])
		}
		return find[name]
	}
	for _, talk := range w.facts.talks {
		at(talk.county, talk.category, talk.unit).people += talk.n
	}
	for i := range w.facts.marks {
		if m := &w.facts.marks[i]; m.most > 0 {
			g := at(m.county, m.category, m.unit)
			g.points, g.n = g.points+100*float64(m.value)/float64(m.most), g.n+1
		}
	}
	if len(list) < 2 {
		return
	}
	people := make([]int, len(list))
	for i, g := range list {
		people[i] = g.people
	}
	hidden := hide(people)
	t := paper.Table{Columns: []paper.Column{
		{Title: w.groupTitle(), Width: 60},
		{Title: w.say("訪談人數", "People"), Width: 40, Centre: true},
		{Title: w.say("平均得分率", "Mean of marks"), Width: 50, Centre: true},
	}}
	for i, g := range list {
		count, mean := w.say("不予列示", "not shown"), "—"
		if !hidden[i] && g.n > 0 {
			count, mean = fmt.Sprint(g.people), fmt.Sprintf("%.1f%%", g.points/g.n)
		}
		t.Rows = append(t.Rows, []paper.Cell{paper.Plain(g.name), paper.Plain(count), paper.Plain(mean)})
	}
	w.add(w.caption("marks by part", "訪談評分分布（不足5人及可據以推算的不予列示）",
		"Marks by part (none of fewer than 5 people, nor what would tell them)"), t)
}

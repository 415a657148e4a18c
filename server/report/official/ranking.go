package official

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/report/paper"
	"sansuiji/server/scoring"
)

// ranking is 測評排名: by category what units are scored by, their ranks, and how each score
// came about.
func (w *writer) ranking() {
	f := w.facts
	pieces := []string{"關於" + strings.TrimSuffix(f.name, "核查"), "核查", w.scopeName() + "測評排名的通報"}
	if w.english {
		pieces = []string{"Ranking of " + f.name, w.scopeName()}
	}
	w.title = strings.Join(pieces, w.say("", " "))
	w.part(false)
	w.add(paper.Title{Lines: paper.SplitTitle(pieces...)})
	if w.request.To != "" {
		w.add(paper.Addressee{Text: strings.TrimRight(w.request.To, "：:") + w.say("：", ":")})
	}
	w.heading(1, 1, "計分辦法", "How units are scored")
	w.rules()
	w.heading(1, 2, "總體情況", "Overview")
	w.rankedUnits()
	w.add(paper.Annexes{Lead: w.say("附件：", "Annexes: "), Items: []string{
		"1. " + w.say("排名表", "Ranks"), "2. " + w.say("計分過程", "Workings"), "3. " + w.say("資料來源", "Sources"),
	}})
	w.closing()
	for i, a := range []annex{
		{title: w.say("排名表", "Ranks"), landscape: true, write: w.rankTables},
		{title: w.say("計分過程", "Workings"), landscape: true, write: w.workings},
		{title: w.say("資料來源", "Sources"), write: func() { w.add(w.standNote(), w.sourceList()) }},
	} {
		w.part(a.landscape)
		w.add(paper.Mark{Text: w.sayf("附件%d", "Annex %d", i+1), Title: a.title}, paper.Title{Lines: []string{a.title}})
		a.write()
	}
}

// rules are those of package scoring, and the criteria of each category.
func (w *writer) rules() {
	w.state(w.say("各項評分先折算為百分制，按規定比例去掉最高分和最低分後取平均，再按權重加權平均為總分，保留兩位小數（四捨五入）。總分相同的名次並列，其後名次空缺。"+
		"尚有指標缺分的，只列初步總分，不排名次；缺分不按零分計。訪談或會場測評票不足5份的，該項不予列示、不計入總分。",
		"Each mark is put on a scale of 100. Of a criterion's marks the highest and lowest are left out as its rule says, and the mean is its score; the total is the mean by weight, rounded to two decimals, halves up. "+
			"Equal totals share a rank, and the next ranks are left out. Where a criterion has no score, the total is preliminary and has no rank; what is missing never counts as zero. "+
			"Fewer than 5 interviews or ballots are not shown and do not count. "))
	n := 0
	for i := range w.facts.scored {
		if slices.ContainsFunc(w.facts.scored[:i], func(s Scored) bool { return s.sameCriteria(&w.facts.scored[i]) }) {
			continue
		}
		n++
		w.criteriaTable(n, i)
	}
}

// sameCriteria says whether units of two categories are scored alike.
func (s *Scored) sameCriteria(o *Scored) bool {
	return slices.Equal(s.Sheet.Criteria, o.Sheet.Criteria)
}

// criteriaTable is the nth table: the criteria of a category, and of those scored alike.
func (w *writer) criteriaTable(n, first int) {
	s := &w.facts.scored[first]
	var names []string
	for i := range w.facts.scored {
		if s.sameCriteria(&w.facts.scored[i]) {
			names = append(names, w.label("unit", "category", w.facts.scored[i].Category))
		}
	}
	t := paper.Table{Small: true, Columns: []paper.Column{
		{Title: w.say("編號", "Code"), Width: 16, Centre: true},
		{Title: w.say("指標", "Criterion"), Width: 52},
		{Title: w.say("權重", "Weight"), Width: 15, Centre: true},
		{Title: w.say("占比", "Share"), Width: 17, Centre: true},
		{Title: w.say("滿分", "Of"), Width: 14, Centre: true},
		{Title: w.say("分數來源", "Marks from"), Width: 28},
		{Title: w.say("兩端各去掉", "Trimmed"), Width: 20, Centre: true},
	}}
	for k := range s.Sheet.Criteria {
		c := &s.Sheet.Criteria[k]
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Plain(c.Code), w.with(c.Title, w.of("測評指標", "Criterion", &s.criteria[k])), paper.Plain(strconv.FormatInt(c.Weight, 10)),
			paper.Plain(percent(int(c.Weight), int(s.Sheet.Weights))), paper.Plain(strconv.FormatInt(c.MarkMax, 10)),
			paper.Plain(w.label("criterion", "source", string(c.Source))), paper.Plain(fmt.Sprintf("%d%%", c.Trim)),
		})
	}
	w.add(paper.Caption{Text: w.sayf("表%d　測評指標（%s）", "Table %d  Criteria (%s)", n, strings.Join(names, w.say("、", ", ")))}, t)
}

// rankedUnits say of each category how many units are ranked, and which come first.
func (w *writer) rankedUnits() {
	for i := range w.facts.scored {
		s := &w.facts.scored[i]
		ranked, first := 0, []string{}
		for k := range s.Sheet.Rows {
			r := &s.Sheet.Rows[k]
			if r.Rank > 0 {
				ranked++
			}
			if r.Rank > 0 && r.Rank <= 3 {
				first = append(first, w.sayf("%s（%s分，第%d名）", "%s (%s, rank %d)", r.Name, r.Total, r.Rank))
			}
		}
		text := w.sayf("%s領域：參評單位%d個，已有名次%d個", "%s: %d units are scored, %d of them ranked", w.label("unit", "category", s.Category), len(s.Sheet.Rows), ranked)
		if pending := len(s.Sheet.Rows) - ranked; pending > 0 {
			text += w.sayf("，%d個缺分待補", ", %d still lack scores", pending)
		}
		if len(first) > 0 {
			text += w.say("。前列單位：", ". First are ") + strings.Join(first, w.say("、", ", "))
		}
		w.state(w.sentence(text), w.all("評分", "marks", "mark", s.markCount()))
	}
	if len(w.facts.scored) == 0 {
		w.state(w.say("本範圍內沒有可計分的單位或指標。", "There are no units or no criteria in this scope."))
	}
}

// markCount is how many marks of people the scores rest on.
func (s *Scored) markCount() (n int) {
	for i := range s.Units {
		for k := range s.Sheet.Criteria {
			n += len(s.given[[2]string{s.Sheet.Criteria[k].ID, s.Units[i].ID}])
		}
	}
	return n
}

// rankTables are the ranks of each category with every figure.
func (w *writer) rankTables() {
	for i := range w.facts.scored {
		s := &w.facts.scored[i]
		t := paper.Table{Small: len(s.Sheet.Criteria) > 4, Columns: []paper.Column{
			{Title: w.say("名次", "Rank"), Width: 14, Centre: true},
			{Title: w.say("單位", "Unit"), Width: 44},
			{Title: w.say("縣（市、區）", "County"), Width: 26, Centre: true},
		}}
		for k := range s.Sheet.Criteria {
			t.Columns = append(t.Columns, paper.Column{Title: s.Sheet.Criteria[k].Title, Width: 22, Centre: true})
		}
		t.Columns = append(t.Columns, paper.Column{Title: w.say("總分", "Total"), Width: 20, Centre: true},
			paper.Column{Title: w.say("備注", "Notes"), Width: 24})
		for k := range s.Sheet.Rows {
			t.Rows = append(t.Rows, w.rankRow(&s.Sheet.Rows[k]))
		}
		w.add(paper.Heading{Level: 2, Text: w.sayf("（%s）%s領域", "(%s) %s", numeral(w.english, i+1), w.label("unit", "category", s.Category))}, t)
	}
	if len(w.facts.scored) == 0 {
		w.state(w.say("本範圍內沒有可計分的單位或指標。", "There are no units or no criteria in this scope."))
	}
}

func numeral(english bool, n int) string {
	if english {
		return strconv.Itoa(n)
	}
	return string([]rune("一二三四五六七八九十")[n-1])
}

func (w *writer) rankRow(r *scoring.ScoreRow) []paper.Cell {
	rank, note, total := strconv.Itoa(r.Rank), "", r.Total
	if r.Rank == 0 {
		rank, note = "—", w.say("缺分，初步總分", "preliminary")
	}
	if total == "" {
		total, note = "—", w.say("尚無分數", "no scores")
	}
	cells := []paper.Cell{paper.Plain(rank), paper.Plain(r.Name), paper.Plain(r.County)}
	for i := range r.Figures {
		cells = append(cells, paper.Plain(w.figure(&r.Figures[i])))
	}
	return append(cells, paper.Plain(total), paper.Plain(note))
}

// figure is a score, or why there is none.
func (w *writer) figure(f *scoring.Figure) string {
	switch f.Missing {
	case "few":
		return w.say("不足5份", "fewer than 5")
	case "none":
		return w.say("缺", "missing")
	}
	return f.Score
}

// workings are how each unit's scores came about.
func (w *writer) workings() {
	w.add(paper.Paragraph{Small: true, Runs: []paper.Run{{Text: w.say(
		"分值為百分制折算後的分數；「去掉」為按比例不計的最高分和最低分。訪談和會場測評票只列份數，不列各份分值。",
		"Marks are on a scale of 100. Interviews and ballots are counted only, not listed.")}}})
	for i := range w.facts.scored {
		s := &w.facts.scored[i]
		w.add(paper.Heading{Level: 2, Text: w.sayf("（%s）%s領域", "(%s) %s", numeral(w.english, i+1), w.label("unit", "category", s.Category))})
		unscored := []string{}
		for k := range s.Units {
			if s.Units[k].Total == "" {
				unscored = append(unscored, s.Units[k].Name)
				continue
			}
			w.working(s, k)
		}
		if len(unscored) > 0 {
			w.state(w.sayf("尚無分數的單位%d個：%s。", "%d units have no scores yet: %s. ", len(unscored), strings.Join(unscored, w.say("、", ", "))))
		}
	}
}

func (w *writer) working(s *Scored, n int) {
	u, r := &s.Units[n], &s.Sheet.Rows[n]
	place := w.sayf("第%d名", "rank %d", r.Rank)
	if r.Rank == 0 {
		place = w.say("未排名", "no rank")
	}
	w.add(paper.Heading{Level: 3, Text: fmt.Sprintf("%d. %s", n+1, u.Name) + w.sayf("（%s，%s）", " (%s, %s)", u.County, place)})
	t := paper.Table{Small: true, Columns: []paper.Column{
		{Title: w.say("指標", "Criterion"), Width: 44},
		{Title: w.say("權重", "Weight"), Width: 13, Centre: true},
		{Title: w.say("評分（百分制）", "Marks (of 100)"), Width: 82},
		{Title: w.say("份數", "Count"), Width: 13, Centre: true},
		{Title: w.say("去掉", "Trimmed"), Width: 13, Centre: true},
		{Title: w.say("合計", "Sum"), Width: 24, Centre: true},
		{Title: w.say("得分", "Score"), Width: 18, Centre: true},
		{Title: w.say("得分×權重", "Score × weight"), Width: 26, Centre: true},
	}}
	for i := range u.Figures {
		f := &u.Figures[i]
		cells := []paper.Cell{paper.Plain(f.Criterion.Code + " " + f.Criterion.Title), paper.Plain(strconv.FormatInt(f.Criterion.Weight, 10))}
		if f.Missing != "" {
			for _, text := range []string{w.figure(&f.Figure), "", "", "", "—", ""} {
				cells = append(cells, paper.Plain(text))
			}
			t.Rows = append(t.Rows, cells)
			continue
		}
		cells = append(cells, w.with(MarkWords(f, w.english), w.restsOn(s, f, u.ID)...), paper.Plain(strconv.Itoa(f.Count)), paper.Plain(strconv.Itoa(f.Count-f.Kept)),
			paper.Plain(f.Sum), paper.Plain(f.Score), paper.Plain(f.Part))
		t.Rows = append(t.Rows, cells)
	}
	total := u.Total
	if total == "" {
		total = "—"
	}
	kind := w.say("總分", "Total")
	if !u.Complete {
		kind = w.say("初步總分（缺分項未計）", "Preliminary total (what is missing is left out)")
	}
	w.add(t)
	w.state(w.sayf("%s：%s ÷ %d ＝ %s", "%s: %s ÷ %d = %s", kind, u.Parts, u.Weights, total))
}

// MarkWords are the marks of a figure, or how many there are where each is somebody's secret.
func MarkWords(f *scoring.FigureWorking, english bool) string {
	if f.Criterion.Source == scoring.Interview || f.Criterion.Source == scoring.Ballot {
		if english {
			return fmt.Sprintf("%d ballots or interviews, not listed", f.Count)
		}
		return fmt.Sprintf("共%d份，不列各份分值", f.Count)
	}
	var parts []string
	for i := range f.Sources {
		m := &f.Sources[i]
		text := m.Score
		if m.Label != "" && f.Criterion.Source != scoring.Leader { // who gave it stays at headquarters
			text = m.Label + " " + m.Score
		}
		if m.Count > 1 {
			text += fmt.Sprintf("×%d", m.Count)
		}
		if m.Trimmed > 0 {
			text += say(english, "（去掉）", " (left out)")
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, say(english, "；", "; "))
}

func say(english bool, zh, en string) string {
	if english {
		return en
	}
	return zh
}

// restsOn are the rows that a figure is made of, or their sum where each is a secret.
func (w *writer) restsOn(s *Scored, f *scoring.FigureWorking, unit string) (list []source) {
	switch f.Criterion.Source {
	case scoring.Visit, scoring.Leader:
		for i := range s.given[[2]string{f.Criterion.ID, unit}] {
			mark := w.of("評分", "Mark", &s.given[[2]string{f.Criterion.ID, unit}][i])
			if f.Criterion.Source == scoring.Leader {
				mark.who = w.say("領導", "a leader")
			}
			list = append(list, mark)
		}
	case scoring.Ballot:
		for i := range s.given[[2]string{"", unit}] {
			list = append(list, w.of("測評票箱", "Ballot box", &s.given[[2]string{"", unit}][i]))
		}
	case scoring.Rectified:
		for i := range w.facts.checks {
			if v := &w.facts.checks[i]; v.unitID == unit && !v.commitment {
				list = append(list, w.check(v))
			}
		}
	case scoring.Interview:
		list = append(list, w.all("訪談評分", "marks of interviews", "interview_score", f.Count))
	case scoring.Answers:
		list = append(list, w.all("答題", "answers", "answer", f.Count))
	}
	return list
}

// ScoredLabel is the name of a category's ranking.
func ScoredLabel(category string) schema.Label {
	for _, c := range schema.Categories() {
		if c.Code == category {
			return schema.Label{Zh: c.Label.Zh + "測評排名", En: "Ranks, " + c.Label.En}
		}
	}
	return schema.Label{Zh: category, En: category}
}

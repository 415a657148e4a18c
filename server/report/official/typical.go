package official

import (
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/report/paper"
)

// An office sends out ten to thirty pages. A list of more rows than somebody reads is counted
// in tables and told by typical cases; the whole of it is a workbook that is attached.
const (
	listedMax = 40  // rows of a list that is printed whole
	citedMax  = 10  // rows that a statement about many names one by one
	shotsMax  = 30  // photos, one of each case, where not all are printed
	casesMax  = 3   // problems of a category
	othersMax = 2   // achievements, and shams
	wordsMax  = 160 // characters of a case
)

func isLong(rows int) bool { return rows > listedMax }

// trait is what typical cases are chosen by.
type trait struct{ category, county, severity string }

// typical chooses up to so many rows of each category: the gravest first and one of each
// county, then those that are left, in the same order.
func typical[T any](rows []T, most int, of func(T) trait) (chosen []T) {
	rank := func(choices []schema.Choice, code string) int {
		return slices.IndexFunc(choices, func(c schema.Choice) bool { return c.Code == code })
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b T) int {
		x, y := of(a), of(b)
		if byCategory := rank(schema.Categories(), x.category) - rank(schema.Categories(), y.category); byCategory != 0 {
			return byCategory
		}
		return rank(schema.Severities(), y.severity) - rank(schema.Severities(), x.severity)
	})
	taken, n, counties := make([]bool, len(rows)), map[string]int{}, map[[2]string]bool{}
	for _, again := range []bool{false, true} {
		for i := range rows {
			t := of(rows[i])
			place := [2]string{t.category, t.county}
			if taken[i] || n[t.category] == most || counties[place] && !again {
				continue
			}
			taken[i], counties[place] = true, true
			n[t.category]++
		}
	}
	for i := range rows {
		if taken[i] {
			chosen = append(chosen, rows[i])
		}
	}
	return chosen
}

// printedOf are the rows of a list that a document prints: all, or typical ones.
func printedOf[T any](rows []T, most int, of func(T) trait) []T {
	if !isLong(len(rows)) {
		return rows
	}
	return typical(rows, most, of)
}

func findingTrait(f *finding) trait { return trait{f.category, f.county, f.severity} }

// achievementTrait has no severity: an achievement is not more or less grave.
func achievementTrait(f *finding) trait { return trait{category: f.category, county: f.county} }

func checkTrait(v *verification) trait { return trait{v.category, v.county, v.severity} }

// unconcluded are the problems that belong to no conclusion.
func (w *writer) unconcluded() []*finding {
	return chosen(w.facts.finds, func(f *finding) bool { return f.kind != "achievement" && !w.isConcluded(f.conclusion) })
}

func (w *writer) shamList() []*verification {
	return chosen(w.facts.checks, func(v *verification) bool { return v.outcome == "sham" && !v.commitment })
}

// isAbridged says whether the document leaves rows to its workbooks.
func (w *writer) isAbridged() bool {
	return w.request.Kind == Inspection && isLong(max(len(w.unconcluded()), len(w.findingsOf("", true)), len(w.findingsOf("", false))))
}

// orderWords say how achievements were chosen.
func (w *writer) orderWords(most int) string {
	return w.sayf("選取規則：每個領域至多%d例，按核查順序，每個縣（市、區）先取一例，不足時再按同樣次序補足。",
		"How they were chosen: up to %d of each category in the order of the inspection, one of each county first, then the next in the same order. ", most)
}

// ruleWords say how what is more or less grave was chosen.
func (w *writer) ruleWords(most int) string {
	return w.sayf("選取規則：每個領域至多%d例，先取程度較重的，同等程度按核查順序，每個縣（市、區）先取一例，不足時再按同樣次序補足。",
		"How they were chosen: up to %d of each category, the gravest first and in the order of the inspection, one of each county first, then the next in the same order. ", most)
}

// caseItem is a finding among typical ones: a long detail is cut, and says so.
func (w *writer) caseItem(n int, f *finding) paper.Paragraph {
	short := *f
	if text := []rune(f.detail); len(text) > wordsMax {
		short.detail = strings.TrimSpace(string(text[:wordsMax])) + w.say("……（下略，全文見所附電子表格）", " … (cut; the attached workbook has it whole)")
	}
	return w.item(n, &short, true)
}

// cases prints typical findings by category, each with how many the category has.
func (w *writer) cases(rows []*finding, most int, of func(*finding) trait) {
	all := map[string]int{}
	for _, f := range rows {
		all[f.category]++
	}
	category, n := "", 0
	for i, f := range typical(rows, most, of) {
		if i == 0 || f.category != category {
			category, n = f.category, 0
			w.add(paper.Heading{Level: 3, Text: w.sayf("%s（共%d條）", "%s (%d in all)", w.label("unit", "category", category), all[category])})
		}
		n++
		w.add(w.caseItem(n, f))
	}
}

// spread counts problems in tables: by category, by topic, and by part of the scope.
func (w *writer) spread(rows []*finding) {
	var labels []string
	for _, c := range schema.Severities() {
		labels = append(labels, w.say(c.Label.Zh, c.Label.En))
	}
	labels = append(labels, w.say("未定", "Not given"))
	column := func(f *finding) int {
		if i := slices.IndexFunc(schema.Severities(), func(c schema.Choice) bool { return c.Code == f.severity }); i >= 0 {
			return i
		}
		return len(labels) - 1
	}
	for _, table := range []struct {
		name, zh, en, first string
		of                  func(*finding) string
	}{
		{"categories", "問題的領域和程度", "Problems by category and severity", w.say("領域", "Category"), func(f *finding) string {
			return w.label("unit", "category", f.category)
		}},
		{"topics", "問題的類別和程度", "Problems by topic and severity", w.say("類別", "Topic"), func(f *finding) string {
			if f.topic == "" {
				return w.say("未填", "Not given")
			}
			return w.label("finding", "topic", f.topic)
		}},
		{"places", "問題的分布和程度", "Problems by part and severity", w.groupTitle(), func(f *finding) string {
			return w.groupOf(f.county, f.category, f.unit)
		}},
	} {
		c := newCounted(len(labels))
		for _, f := range rows {
			c.add(table.of(f), column(f), 1)
		}
		if len(c.names) <= listedMax {
			w.add(w.caption(table.name, table.zh, table.en), w.table(c, table.first, labels))
		}
	}
}

// caption numbers a table: the first to be named is the first.
func (w *writer) caption(name, zh, en string) paper.Caption {
	n, have := w.tables[name]
	if !have {
		n = len(w.tables) + 1
		w.tables[name] = n
	}
	return paper.Caption{Text: w.sayf("表%d　%s", "Table %d  %s", n, w.say(zh, en))}
}

// workbook is a list that is attached as one.
type workbook struct {
	zh, en string // as kinds of workbooks are called
	rows   int
	note   string
}

// fileOf is the workbook's name: that of the same state and scope.
func (w *writer) fileOf(b *workbook) string {
	name := w.say(b.zh, b.en)
	for _, part := range []string{w.request.County, w.label("unit", "category", w.request.Category), w.request.Unit} {
		if part != "" {
			name += "-" + part
		}
	}
	return Stand{Position: w.facts.stand.position, At: w.facts.stand.at}.FileName(name) + ".xlsx"
}

func (w *writer) bookWords(b *workbook) string {
	return w.sayf("電子表格「%s」，共%d行", "workbook “%s”, %d rows", w.fileOf(b), b.rows) + b.note
}

// problemBook is 附件1 where there are many problems; nil: it is printed. The workbook has what
// was accepted.
func (w *writer) problemBook() *workbook {
	problems := w.findingsOf("", false)
	if w.request.Kind != Inspection || !isLong(len(problems)) {
		return nil
	}
	b := &workbook{zh: "問題清單", en: "Problem list"}
	for _, f := range problems {
		if f.review == "accepted" {
			b.rows++
		}
	}
	if pending := len(problems) - b.rows; pending > 0 {
		b.note = w.sayf("，待審核的%d條未列入", "; %d that are not reviewed are not in it", pending)
	}
	return b
}

// achievementBook is where all achievements are, if they are many.
func (w *writer) achievementBook() *workbook {
	n := len(chosen(w.facts.finds, func(f *finding) bool { return f.kind == "achievement" && f.review == "accepted" }))
	if w.request.Kind != Inspection || !isLong(len(w.findingsOf("", true))) {
		return nil
	}
	return &workbook{zh: "核查情況", en: "Findings and verifications", rows: n, note: w.sayf(
		"（類型篩選為「%s」、審核狀態為「%s」）", " (filtered: %s, %s)",
		w.label("finding", "kind", "achievement"), w.label("finding", "review_state", "accepted"))}
}

// ledgerBook is 附件2 where the ledger is long.
func (w *writer) ledgerBook() *workbook {
	if w.request.Kind != Inspection || !isLong(len(w.facts.ledger)) {
		return nil
	}
	return &workbook{zh: "整改臺賬", en: "Ledger", rows: len(w.facts.ledger)}
}

// elsewhere says that a list is a workbook, in place of its table.
func (w *writer) elsewhere(b *workbook) {
	w.state(w.sentence(w.say("全部內容見", "All of it is in the ") + w.bookWords(b)))
}

package official

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report/paper"
)

// feedback is 反饋意見 to one unit.
func (w *writer) feedback() {
	f := w.facts
	v := &f.visits[0]
	pieces := []string{"關於" + v.unit, "實地核查情況的反饋意見"}
	if w.english {
		pieces = []string{"Feedback to " + v.unit}
	}
	w.title = pieces[0] + pieces[len(pieces)-1]
	if len(pieces) == 1 {
		w.title = pieces[0]
	}
	w.numberPhotos()
	w.part(false)
	w.add(paper.Title{Lines: paper.SplitTitle(pieces...)})
	to := w.request.To
	if to == "" {
		to = v.unit
	}
	w.add(paper.Addressee{Text: to + w.say("：", ":")})
	for i := range f.visits {
		one := &f.visits[i]
		w.state(w.sayf("根據%s安排，%s於%s對你單位進行了實地核查。現將有關情況反饋如下。",
			"In the course of %s, %s visited you on %s. This is what was found.", f.name, one.team, w.visitDay(one)),
			w.of("實地核查", "Visit", &one.row))
	}
	w.heading(1, 1, "主要成效", "Achievements")
	w.achievements()
	w.heading(1, 2, "存在問題", "Problems")
	w.ownProblems()
	w.heading(1, 3, "整改查驗情況", "What was rectified")
	w.ownChecks()
	w.heading(1, 4, "整改要求", "What is to be done")
	w.ownDuties()
	w.closing()
	if len(w.shots) > 0 && !w.request.Plain {
		w.part(false)
		w.add(paper.Mark{Text: w.say("附件1", "Annex 1")}, paper.Title{Lines: []string{w.say("現場照片", "Photos")}})
		w.photoPages()
	}
	w.part(false)
	w.add(paper.Title{Lines: []string{w.say("資料來源", "Sources")}},
		w.standNote(), w.sourceList())
}

func (w *writer) visitDay(v *visit) string {
	switch {
	case v.arrived > 0:
		return w.day(v.arrived)
	case v.planned > 0:
		return w.day(v.planned)
	}
	return w.say("日前", "a day not recorded")
}

func (w *writer) ownProblems() {
	n := 0
	for i := range w.facts.finds {
		if f := &w.facts.finds[i]; f.kind != "achievement" {
			n++
			w.add(w.item(n, f, false))
		}
	}
	if n == 0 {
		w.state(w.say("核查未發現已採納的新問題。", "No new problems were accepted."))
	}
}

func (w *writer) ownChecks() {
	for i := range w.facts.checks {
		v := &w.facts.checks[i]
		w.state(fmt.Sprintf("%d. ", i+1)+v.subject+w.say("：", ": ")+w.sentence(w.label("verification", "outcome", v.outcome))+w.sentence(v.note), w.check(v))
	}
	if len(w.facts.checks) == 0 {
		w.state(w.say("尚無查驗記錄。", "Nothing has been verified yet."))
	}
}

// ownDuties are what the ledger still wants.
func (w *writer) ownDuties() {
	n := 0
	for i := range w.facts.ledger {
		l := &w.facts.ledger[i]
		if l.state == "closed" {
			continue
		}
		n++
		text := fmt.Sprintf("%d. ", n) + w.sentence(l.problem) + w.say("整改措施：", "Measure: ") + w.sentence(l.measure)
		if l.due > 0 {
			text += w.sayf("請於%s前完成。", "Due on %s. ", w.day(l.due))
		}
		w.state(text, w.of("整改臺賬", "Ledger", &l.row))
	}
	w.state(w.say("對本次反饋的問題，請建立臺賬、明確責任人和時限，整改完成後報請核實銷號；對弄虛作假的，將依規處理。",
		"Please put these problems into your ledger with somebody who answers for each and a deadline, and report them when they are done. Shams will be dealt with by the rules."))
}

// visitSheet is 實地核查單: one page as it was read and signed.
func (w *writer) visitSheet() {
	v := &w.facts.visits[0]
	w.title = w.say("實地核查單", "Visit sheet") + " " + v.unit
	w.part(false)
	w.add(paper.Title{Lines: []string{w.say("實地核查單", "Visit sheet")}})
	facts := paper.Table{Small: true, Columns: []paper.Column{
		{Title: w.say("被查單位", "Unit"), Width: 40},
		{Title: w.say("核查組", "Team"), Width: 30},
		{Title: w.say("到達", "Arrived"), Width: 34, Centre: true},
		{Title: w.say("離開", "Left"), Width: 34, Centre: true},
		{Title: w.say("定位", "Place"), Width: 36},
	}}
	facts.Rows = append(facts.Rows, []paper.Cell{
		w.with(v.unit+"\n"+v.county+v.township, w.of("實地核查", "Visit", &v.row)), paper.Plain(v.team), paper.Plain(w.minute(v.arrived)),
		paper.Plain(w.minute(v.left)), paper.Plain(placeWords(v)),
	})
	w.add(facts)
	w.sheetChecks()
	w.sheetFindings()
	w.sheetAnswers()
	w.signs()
	w.part(false)
	w.add(paper.Title{Lines: []string{w.say("資料來源", "Sources")}}, w.standNote(), w.sourceList())
}

func placeWords(v *visit) string {
	if v.latitude == nil || v.longitude == nil {
		return "—"
	}
	text := fmt.Sprintf("%.5f, %.5f", float64(*v.latitude)/1e7, float64(*v.longitude)/1e7)
	if v.accuracy != nil {
		text += fmt.Sprintf(" ±%d m", *v.accuracy)
	}
	return text
}

func (w *writer) sheetChecks() {
	t := paper.Table{Small: true, Columns: []paper.Column{
		{Title: w.say("序號", "No."), Width: 10, Centre: true},
		{Title: w.say("查驗事項", "Verified"), Width: 66},
		{Title: w.say("結果", "Outcome"), Width: 22, Centre: true},
		{Title: w.say("說明", "Note"), Width: 58},
	}}
	for i := range w.facts.checks {
		c := &w.facts.checks[i]
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Plain(strconv.Itoa(i + 1)), w.with(c.subject, w.check(c)), paper.Plain(w.label("verification", "outcome", c.outcome)), paper.Plain(c.note),
		})
	}
	if len(t.Rows) > 0 {
		w.add(t)
	}
}

func (w *writer) sheetFindings() {
	t := paper.Table{Small: true, Columns: []paper.Column{
		{Title: w.say("序號", "No."), Width: 10, Centre: true},
		{Title: w.say("類型", "Kind"), Width: 16, Centre: true},
		{Title: w.say("發現", "Finding"), Width: 112},
		{Title: w.say("程度", "Severity"), Width: 18, Centre: true},
	}}
	for i := range w.facts.finds {
		f := &w.facts.finds[i]
		text := f.title
		if f.detail != "" && f.detail != f.title {
			text += "\n" + f.detail
		}
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Plain(strconv.Itoa(i + 1)), paper.Plain(w.label("finding", "kind", f.kind)), w.with(text+w.flags(f), w.find(f)),
			paper.Plain(w.label("finding", "severity", f.severity)),
		})
	}
	if len(t.Rows) > 0 {
		w.add(t)
	}
}

func (w *writer) sheetAnswers() {
	t := paper.Table{Small: true, Columns: []paper.Column{
		{Title: w.say("題號", "Code"), Width: 14, Centre: true},
		{Title: w.say("題目", "Question"), Width: 84},
		{Title: w.say("答案", "Answer"), Width: 28, Centre: true},
		{Title: w.say("說明", "Note"), Width: 30},
	}}
	for i := range w.facts.answers {
		a := &w.facts.answers[i]
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Plain(a.code), w.with(a.text, w.of("答題", "Answer", &a.row)), paper.Plain(w.answerWords(a)), paper.Plain(a.note),
		})
	}
	if len(t.Rows) > 0 {
		w.add(t)
	}
}

// answerWords is an answer as people say it.
func (w *writer) answerWords(a *answer) string {
	if a.kind == "yesno" {
		switch a.value {
		case "yes":
			return w.say("是", "yes")
		case "no":
			return w.say("否", "no")
		}
	}
	return a.value
}

// signs are what was read, as it was read, and who signed.
func (w *writer) signs() {
	for i := range w.facts.signs {
		s := &w.facts.signs[i]
		w.add(paper.Box{Title: w.say("所讀的核查情況", "What was read"), Text: s.summary})
		words := []string{w.say("簽認：", "Sign-off: ") + w.label("signoff", "result", s.result) + fmt.Sprintf("〔%d〕", w.number(w.of("簽認", "Sign-off", &s.row)))}
		for _, line := range []struct{ zh, en, text string }{
			{"姓名：", "Name: ", s.name},
			{"職務：", "Duty: ", s.duty},
			{"原因：", "Reason: ", s.reason},
			{"時間：", "When: ", w.minute(s.at)},
			{"經辦人：", "Inspector: ", s.who},
		} {
			if line.text != "" {
				words = append(words, w.say(line.zh, line.en)+line.text)
			}
		}
		w.add(paper.Signature{Picture: w.signaturePicture(s), Words: words})
	}
	if len(w.facts.signs) == 0 {
		w.state(w.say("本次核查尚未簽認。", "Nobody has signed yet."))
	}
}

func (w *writer) signaturePicture(s *signoff) paper.Picture {
	for _, photos := range [][]photo{w.facts.photos[s.id], w.facts.photos[s.visitID]} {
		for i := range photos {
			if p := &photos[i]; p.id == s.attachment {
				return w.shown(p, w.say("簽名", "Signature"))
			}
		}
	}
	return paper.Picture{Missing: w.say("（無簽名）", "(no signature)")}
}

// progress is 整改進展通報: how the ledger stands, what was done in a week, what is late.
func (w *writer) progress() {
	from, until := w.week()
	pieces := []string{w.scopeName() + "整改進展通報"}
	if w.english {
		pieces = []string{"Progress of rectification " + w.scopeName()}
	}
	w.title = pieces[0]
	under := w.sayf("%s至%s", "%s to %s", w.day(from), w.day(until-1))
	if w.request.Issue != "" {
		under = w.sayf("第%s期　", "No. %s  ", w.request.Issue) + under
	}
	w.part(false)
	w.add(paper.Title{Lines: pieces, Under: under})
	w.heading(1, 1, "總體進展", "How the ledger stands")
	w.ledgerFigures()
	thisWeek := func(s *shownFile) bool { return s.at >= from && s.at < until }
	w.numberShown(thisWeek)
	w.heading(1, 2, "本期進展", "What was done")
	w.weekActs(from, until)
	w.heading(1, 3, "逾期未銷號", "Overdue")
	w.overdue()
	w.heading(1, 4, "現場查驗不實", "Shams")
	before := len(w.parts[len(w.parts)-1].Blocks)
	w.shams()
	if len(w.parts[len(w.parts)-1].Blocks) == before {
		w.state(w.say("未發現虛假整改。", "No shams were seen."))
	}
	w.closing()
	w.weekEvidence(thisWeek)
	w.part(false)
	w.add(paper.Title{Lines: []string{w.say("資料來源", "Sources")}},
		w.standNote(), w.sourceList())
}

// weekEvidence are the pages of what units have shown.
func (w *writer) weekEvidence(takes func(*shownFile) bool) {
	if !slices.ContainsFunc(w.facts.shown, func(s shownFile) bool { return takes(&s) }) {
		return
	}
	w.part(false)
	w.add(paper.Title{Lines: []string{w.say("整改佐證", "Evidence")}})
	w.shownFiles(takes)
	if len(w.shots) > 0 && !w.request.Plain {
		w.photoPages()
	}
}

// week is the seven days that end with a day, Unix milliseconds; the end is not in it.
func (w *writer) week() (from, until int64) {
	day := time.UnixMilli(w.facts.stand.at).In(schema.Zone())
	if at, err := time.ParseInLocation(time.DateOnly, w.request.Until, schema.Zone()); err == nil {
		day = at
	}
	end := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, schema.Zone())
	return end.AddDate(0, 0, -7).UnixMilli(), end.UnixMilli()
}

func (w *writer) ledgerFigures() {
	t := w.catalogue.MustTable("ledger_entry")
	choices := t.Columns[t.ColumnIndex("state")].Choices
	var labels []string
	for _, c := range choices {
		labels = append(labels, w.say(c.Label.Zh, c.Label.En))
	}
	counts := newCounted(len(choices))
	for i := range w.facts.ledger {
		l := &w.facts.ledger[i]
		for k, c := range choices {
			if c.Code == l.state {
				counts.add(w.groupOf(l.county, l.category, l.unit), k, 1)
			}
		}
	}
	sums := counts.sums()
	text := w.sayf("臺賬共%d條", "The ledger has %d entries", sum(sums))
	for k := range labels {
		text += w.sayf("，%s%d條（%s）", ", %s %d (%s)", labels[k], sums[k], percent(sums[k], sum(sums)))
	}
	w.state(w.sentence(text), w.all("整改臺賬", "ledger", "ledger_entry", sum(sums)))
	if len(counts.names) > 0 {
		w.add(paper.Caption{Text: w.say("表1　臺賬狀態", "Table 1  States of the ledger")}, w.table(counts, w.groupTitle(), labels))
	}
	if len(counts.names) > 1 {
		chart := counts.chart(w.say("圖1　臺賬狀態（條）", "Figure 1  States of the ledger"), labels)
		chart.Tones = []int{2, 5, 1, 0} // what is closed is green
		w.add(chart)
	}
}

func (w *writer) weekActs(from, until int64) {
	n := 0
	for i := range w.facts.acts {
		a := &w.facts.acts[i]
		if a.at < from || a.at >= until {
			continue
		}
		n++
		w.state(fmt.Sprintf("%d. ", n)+w.date(a.at)+w.say("　", " ")+a.unit+w.say("：", ": ")+w.sentence(a.problem)+
			w.label("ledger_act", "kind", a.kind)+w.say("。", ". ")+w.sentence(a.text)+w.shownWith(a.id), w.of("臺賬記錄", "Act", &a.row))
	}
	if n == 0 {
		w.state(w.say("本期沒有臺賬記錄。", "Nothing was recorded in these days."))
	}
}

// shownWith is what was shown with an act.
func (w *writer) shownWith(act string) string {
	if words := w.evidenceWords(act); words != "" {
		return w.sayf("（佐證：%s）", " (evidence: %s)", words)
	}
	return ""
}

func (w *writer) overdue() {
	t := paper.Table{Columns: []paper.Column{
		{Title: w.say("序號", "No."), Width: 10, Centre: true},
		{Title: w.say("單位", "Unit"), Width: 30},
		{Title: w.say("問題", "Problem"), Width: 62},
		{Title: w.say("責任人", "Person"), Width: 18, Centre: true},
		{Title: w.say("時限", "Due"), Width: 22, Centre: true},
		{Title: w.say("狀態", "State"), Width: 18, Centre: true},
	}}
	for _, l := range w.overdueLines() {
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Plain(strconv.Itoa(len(t.Rows) + 1)), paper.Plain(l.unit), w.with(l.problem, w.of("整改臺賬", "Ledger", &l.row)),
			paper.Plain(l.person), paper.Plain(w.date(l.due)), paper.Plain(w.label("ledger_entry", "state", l.state)),
		})
	}
	w.tableOr(t, w.say("沒有逾期未銷號的條目。", "No entry is overdue."))
}

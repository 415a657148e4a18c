package official

import (
	"fmt"
	"strings"

	"sansuiji/server/report/paper"
)

// longEnough is how many findings make a document long enough for a table of contents.
const longEnough = 40

// inspection is 核查情況報告.
func (w *writer) inspection() {
	f := w.facts
	// A campaign's name mostly ends with what was done.
	pieces := []string{"關於" + strings.TrimSuffix(f.name, "核查"), "核查", w.scopeName() + "情況的報告"}
	if w.english {
		pieces = []string{"Report on " + f.name, w.scopeName()}
	}
	w.title = strings.Join(pieces, w.say("", " "))
	if len(f.finds)+len(f.checks) >= longEnough {
		w.part(false)
		w.add(paper.Contents{Title: w.say("目　錄", "Contents")})
	}
	w.part(false)
	w.add(paper.Title{Lines: paper.SplitTitle(pieces...)})
	if w.request.To != "" {
		w.add(paper.Addressee{Text: strings.TrimRight(w.request.To, "：:") + w.say("：", ":")})
	}
	w.numberPhotos()
	w.heading(1, 1, "基本情況", "What was done")
	w.basics()
	w.heading(1, 2, "主要成效", "Achievements")
	w.achievements()
	w.heading(1, 3, "存在問題", "Problems")
	w.commonProblems()
	w.individualProblems()
	w.rectification()
	w.interviews()
	w.heading(1, 4, "整改建議", "What should be done")
	w.suggestions()
	w.annexList()
	w.closing()
	w.annexes()
}

// basics say when, who, and how chance was asked.
func (w *writer) basics() {
	f := w.facts
	when := w.say("按計劃", "as planned")
	if f.starts > 0 && f.ends > 0 {
		when = w.sayf("自%s至%s", "from %s to %s", w.day(f.starts), w.day(f.ends))
	}
	arrived, over := 0, 0
	for i := range f.visits {
		switch f.visits[i].status {
		case "left", "closed":
			over++
			arrived++
		case "arrived":
			arrived++
		}
	}
	w.heading(2, 1, "總體安排", "Course")
	w.state(w.sayf("%s（批次代碼%s）%s開展，抽調核查人員%d人，編為%d個核查組。本報告範圍內登記被查單位%d個，應查%d個，已到場%d個，其中已完成%d個。",
		"%s (code %s) was held %s by %d inspectors in %d teams. Of %d units in the scope of this report %d were to be visited; teams have been at %d and have left %d. ",
		f.name, f.code, when, f.people, f.teams, f.units, len(f.visits), arrived, over),
		w.all("實地核查", "visits", "visit", len(f.visits)))
	problems, achievements := 0, 0
	for i := range f.finds {
		if f.finds[i].kind == "achievement" {
			achievements++
		} else {
			problems++
		}
	}
	w.state(w.sayf("各核查組對照問題清單、整改臺賬和書記項目清單查驗%d條次，採納發現%d條，其中成效%d條、問題%d條；留存照片%d張。%s",
		"Teams verified %d entries of problem lists, ledgers and commitments. %d findings were accepted: %d achievements and %d problems; %d photos were kept. %s",
		len(f.checks), len(f.finds), achievements, problems, w.taken(), w.talkWords()),
		w.all("發現", "findings", "finding", len(f.finds)), w.all("查驗", "verifications", "verification", len(f.checks)))
	w.heading(2, 2, "「三隨機」抽取", "Draws")
	w.drawWords()
}

// talkWords count interviews, if there are enough of them.
func (w *writer) talkWords() string {
	n := 0
	for _, t := range w.facts.talks {
		n += t.n
	}
	switch {
	case n == 0:
		return ""
	case n < fewest, w.telling():
		return w.say("訪談人數少於5人，不予列示。", "Fewer than 5 people were interviewed; no figure is given. ")
	}
	return w.sayf("共訪談%d人。", "%d people were interviewed. ", n)
}

// drawWords tell of every draw: also of those that do not count, for who repeats a draw
// until it suits is seen by them.
func (w *writer) drawWords() {
	told := 0
	for i := range w.facts.draws {
		d := &w.facts.draws[i]
		if text := w.drawSentence(d); text != "" {
			w.state(text, w.of("抽取", "Draw", &d.row))
			told++
		}
	}
	if told == 0 {
		w.state(w.say("本批次沒有已完成的抽取記錄。", "There is no finished draw in this campaign."))
	}
}

func (w *writer) drawSentence(d *drawn) string {
	c := &d.certificate
	head := w.sayf("第%d次抽取（憑證編號%s）", "Draw %d (certificate %s)", c.Plan.Seq, c.Plan.Ceremony())
	switch {
	case d.sealed:
		return head + w.say("已經完成，結果按規定密封，本文不予列示。", " is done; its outcome is sealed and not given here. ")
	case d.state == "void":
		return head + w.sayf("作廢，原因：%s。憑證摘要%s。", " is void: %s. Hash of the certificate: %s. ", w.sentence(c.Reason), groups(c.Hash().String()))
	case d.state != "done":
		return ""
	}
	chosen, reserves := 0, 0
	for k := range c.Drawn {
		if c.Drawn[k].Reserve == 0 {
			chosen++
		} else {
			reserves++
		}
	}
	published := ""
	if len(c.Published) > 0 {
		published = w.sayf("方案摘要先於%s在%s公布，", "the plan's hash was published first (%s, %s), ", localTime(c.Published[0].At), c.Published[0].Where)
	}
	what := w.sayf("從%d個單位的抽樣框（可抽%d個）中抽中%d個、備選%d個", "%[3]d units and %[4]d in reserve from a frame of %[1]d (%[2]d eligible)",
		c.Plan.Frame.N, c.Plan.Frame.Eligible, chosen, reserves)
	if c.Plan.Sites != nil {
		what = w.sayf("為%d個單位的訪談對象抽取生成密鑰", "keys for drawing people at %d units", c.Plan.Frame.N)
	}
	return head + w.sayf("：%s於%s由%d人公開擲骰%d次，%s。憑證摘要%s，任何人可據憑證和抽樣框文件重算核對（見抽取憑證附件）。",
		": %sthen dice were thrown (%s; %d people, %d throws): %s. Hash of the certificate: %s. Anybody can compute it again from the certificate and the frame. ",
		published, localTime(c.ThrownAt), len(c.Plan.Public.People), len(c.Throws), what, groups(c.Hash().String()))
}

// groups splits a hash so that it can be read out.
func groups(hash string) string {
	const size = 8
	var parts []string
	for len(hash) > size {
		parts, hash = append(parts, hash[:size]), hash[size:]
	}
	return strings.Join(append(parts, hash), " ")
}

// item is a finding in a list.
func (w *writer) item(n int, f *finding, unit bool) paper.Paragraph {
	text := fmt.Sprintf("%d. ", n)
	if unit {
		text += f.unit + w.say("：", ": ")
	}
	text += w.sentence(f.title)
	if detail := strings.TrimSpace(f.detail); detail != "" && detail != strings.TrimSpace(f.title) {
		text += w.sentence(detail)
	}
	text += w.flags(f)
	if shots := w.shotNumbers(f.id); shots != "" {
		text += w.sayf("（見%s）", "(see %s)", shots)
	}
	return paper.Paragraph{Runs: w.with(text, w.find(f))}
}

// flags say what is not settled about a finding.
func (w *writer) flags(f *finding) (text string) {
	if f.review == "pending" {
		text += w.say("〔待審核〕", " [not reviewed yet]")
	}
	if f.disputed {
		text += w.say("〔有衝突待裁定〕", " [a conflict is open]")
	}
	return text
}

func (w *writer) achievements() {
	all := w.findingsOf("", true)
	if book := w.achievementBook(); book != nil {
		w.state(w.sayf("採納成效%d條，典型的如下。", "%d achievements were accepted, of which these are typical. ", len(all))+w.orderWords(othersMax)+
			w.sentence(w.say("全部見", "All are in the ")+w.bookWords(book)),
			group(w, all, w.find, w.all("發現", "findings", "finding", len(all)), w.label("finding", "kind", "achievement"))...)
		w.cases(all, othersMax, achievementTrait)
		return
	}
	for i, f := range all {
		w.add(w.item(i+1, f, true))
	}
	if len(all) == 0 {
		w.state(w.say("本範圍內沒有已採納的成效記錄。", "No achievements were accepted in this scope."))
	}
}

// concluded are the findings of a conclusion.
func (w *writer) concluded(id string) (list []*finding) {
	for i := range w.facts.finds {
		if f := &w.facts.finds[i]; f.conclusion == id && f.kind != "achievement" {
			list = append(list, f)
		}
	}
	return list
}

// narrowed says whether the document is about a part of the campaign.
func (w *writer) narrowed() bool {
	return w.request.County != "" || w.request.Category != "" || w.request.Unit != ""
}

// conclusions writes the conclusions of a reach that concern the scope, and says how many.
func (w *writer) conclusions(reach string) (n int) {
	for i := range w.facts.concluded {
		c := &w.facts.concluded[i]
		findings := w.concluded(c.id)
		if c.reach != reach || (len(findings) == 0 && w.narrowed()) {
			continue
		}
		n++
		text := fmt.Sprintf("%d. ", n) + w.sentence(c.title) + w.sentence(c.detail)
		if units := unitsOf(findings); len(units) > 0 {
			text += w.sayf("涉及%s。", "Units: %s. ", w.join(units))
		}
		if c.basis != "" {
			text += w.say("依據：", "Basis: ") + w.sentence(c.basis)
		}
		rests := group(w, findings, w.find, w.all("發現", "findings", "finding", len(findings)),
			w.sayf("歸納問題%d", "conclusion %d", c.number))
		w.state(text, append([]source{w.of("歸納問題", "Conclusion", &c.row)}, rests...)...)
	}
	return n
}

func unitsOf(findings []*finding) (units []string) {
	seen := map[string]bool{}
	for _, f := range findings {
		if !seen[f.unitID] {
			seen[f.unitID] = true
			units = append(units, f.unit)
		}
	}
	return units
}

// join lists names, the first few and how many there are.
func (w *writer) join(names []string) string {
	const most = 6
	if len(names) <= most {
		return strings.Join(names, w.say("、", ", "))
	}
	return w.sayf("%s等%d個單位", "%s and others, %d in all", strings.Join(names[:most], w.say("、", ", ")), len(names))
}

func (w *writer) commonProblems() {
	w.heading(2, 1, "共性問題", "Common problems")
	if w.conclusions("common") == 0 {
		w.state(w.say("尚未歸納出共性問題。", "No common problems have been concluded yet."))
	}
}

// individualProblems are those that were concluded, and by unit those that were not.
func (w *writer) individualProblems() {
	w.heading(2, 2, "個性問題", "Individual problems")
	n := w.conclusions("individual")
	all := w.unconcluded()
	if isLong(len(all)) && w.request.Kind == Inspection {
		w.typicalProblems(all)
		return
	}
	unit, k := "", 0
	for _, f := range all {
		if f.unitID != unit {
			unit, k = f.unitID, 0
			w.add(paper.Heading{Level: 3, Text: f.unit})
		}
		k++
		n++
		w.add(w.item(k, f, false))
	}
	if n == 0 {
		w.state(w.say("本範圍內沒有已採納的個性問題。", "No individual problems were accepted in this scope."))
	}
}

// typicalProblems counts many problems and tells of some.
func (w *writer) typicalProblems(all []*finding) {
	text := w.sayf("未歸納的個性問題%d條，涉及%d個單位，分布如下表。", "%d problems at %d units belong to no conclusion; the tables count them. ", len(all), len(unitsOf(all)))
	if book := w.problemBook(); book != nil {
		text += w.sentence(w.say("全部問題見", "All problems are in the ") + w.bookWords(book))
	}
	w.state(text, group(w, all, w.find, w.all("發現", "findings", "finding", len(all)), w.say("個性問題", "individual problems"))...)
	w.spread(all)
	w.state(w.say("典型案例如下。", "These are typical. ") + w.ruleWords(casesMax))
	w.cases(all, casesMax, findingTrait)
}

func (w *writer) isConcluded(id string) bool {
	for i := range w.facts.concluded {
		if w.facts.concluded[i].id == id {
			return true
		}
	}
	return false
}

// suggestions are those of conclusions, then the problems that a sham was seen of.
func (w *writer) suggestions() {
	n := 0
	for i := range w.facts.concluded {
		c := &w.facts.concluded[i]
		if c.suggestion == "" || (w.narrowed() && len(w.concluded(c.id)) == 0) {
			continue
		}
		n++
		w.state(fmt.Sprintf("%d. ", n)+w.sentence(c.suggestion), w.of("歸納問題", "Conclusion", &c.row))
	}
	for _, after := range []struct{ outcome, zh, en string }{
		{"sham", "對虛假整改的問題（%s），責令重新整改並查明責任。", "Problems whose rectification was a sham (%s) are to be rectified anew, and who answers for it is to be found out. "},
		{"not", "對未整改的問題（%s），明確時限，逐條督辦。", "Problems that were not rectified (%s) get deadlines and are followed one by one. "},
	} {
		units := map[string]bool{}
		checks := chosen(w.facts.checks, func(v *verification) bool { return v.outcome == after.outcome && !v.commitment })
		for _, v := range checks {
			units[v.unitID] = true
		}
		if len(checks) > 0 {
			n++
			count := w.sayf("%d個單位%d條", "%d units, %d problems", len(units), len(checks))
			w.state(fmt.Sprintf("%d. ", n)+w.sayf(after.zh, after.en, count),
				group(w, checks, w.check, w.all("查驗", "verifications", "verification", len(checks)), w.label("verification", "outcome", after.outcome))...)
		}
	}
	if n == 0 {
		w.state(w.say("請各責任單位對照整改臺賬，按時限完成整改。", "Responsible units are to keep to the deadlines of their ledgers."))
	}
}

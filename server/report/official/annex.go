package official

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report/paper"
)

// numberPhotos numbers the photos of findings and verifications, in their order.
func (w *writer) numberPhotos() {
	take := func(id, unit, subject string) {
		for _, p := range w.facts.photos[id] {
			if p.kind != "signature" {
				w.shots = append(w.shots, shot{p, len(w.shots) + 1, unit, subject})
			}
		}
	}
	if w.isAbridged() {
		w.numberCases(take)
		return
	}
	for i := range w.facts.finds {
		take(w.facts.finds[i].id, w.facts.finds[i].unit, w.facts.finds[i].title)
	}
	for i := range w.facts.checks {
		take(w.facts.checks[i].id, w.facts.checks[i].unit, w.facts.checks[i].subject)
	}
	if w.request.Kind == Inspection && w.ledgerBook() == nil {
		w.numberShown(func(*shownFile) bool { return true })
	}
}

// numberCases numbers a photo of each case that is printed.
func (w *writer) numberCases(take func(id, unit, subject string)) {
	one := func(id, unit, subject string) {
		before := len(w.shots)
		if before < shotsMax {
			take(id, unit, subject)
		}
		w.shots = w.shots[:min(len(w.shots), before+1)]
	}
	for _, f := range printedOf(w.unconcluded(), casesMax, findingTrait) {
		one(f.id, f.unit, f.title)
	}
	for _, f := range printedOf(w.findingsOf("", true), othersMax, achievementTrait) {
		one(f.id, f.unit, f.title)
	}
	for _, v := range printedOf(w.shamList(), othersMax, checkTrait) {
		one(v.id, v.unit, v.subject)
	}
}

// shotNumbers are the photos of a row: 照1、照2.
func (w *writer) shotNumbers(id string) string {
	var names []string
	for _, p := range w.facts.photos[id] {
		for i := range w.shots {
			if w.shots[i].id == p.id {
				names = append(names, w.sayf("照%d", "photo %d", w.shots[i].number))
			}
		}
	}
	return strings.Join(names, w.say("、", ", "))
}

// annex is one of what is attached.
type annex struct {
	title     string
	landscape bool
	write     func()
	book      *workbook // that it is, instead of pages
}

func (w *writer) annexes() {
	for i, a := range w.attached() {
		if a.book != nil {
			continue
		}
		w.part(a.landscape)
		w.add(paper.Mark{Text: w.sayf("附件%d", "Annex %d", i+1), Title: a.title}, paper.Title{Lines: []string{a.title}})
		a.write()
	}
}

func (w *writer) attached() []annex {
	list := []annex{
		{title: w.say("問題清單", "Problems found"), landscape: true, write: w.problemTable, book: w.problemBook()},
		{title: w.say("整改臺賬", "Ledger"), landscape: true, write: w.ledgerTable, book: w.ledgerBook()},
	}
	if book := w.achievementBook(); book != nil {
		list = append(list, annex{title: w.say("成效清單", "Achievements"), book: book})
	}
	list = append(list, annex{title: w.say("抽取憑證", "Certificates of the draws"), write: w.certificates})
	if len(w.shots) > 0 && !w.request.Plain {
		list = append(list, annex{title: w.say("現場照片", "Photos"), write: w.photoPages})
	}
	return append(list, annex{title: w.say("資料來源", "Sources"), write: func() {
		w.add(w.standNote(), w.sourceList())
	}})
}

func (w *writer) annexList() {
	a := paper.Annexes{Lead: w.say("附件：", "Annexes: ")}
	for i, one := range w.attached() {
		item := fmt.Sprintf("%d. %s", i+1, one.title)
		if one.book != nil {
			item += w.sayf("（%s）", " (%s)", w.bookWords(one.book))
		}
		a.Items = append(a.Items, item)
	}
	w.add(a)
}

// problemTable is 附件1: what was found, with its evidence.
func (w *writer) problemTable() {
	if book := w.problemBook(); book != nil {
		w.elsewhere(book)
		return
	}
	t := paper.Table{Columns: []paper.Column{
		{Title: w.say("序號", "No."), Width: 10, Centre: true},
		{Title: w.say("黨組織", "Unit"), Width: 28},
		{Title: w.say("類別", "Topic"), Width: 18, Centre: true},
		{Title: w.say("共性/個性", "Reach"), Width: 14, Centre: true},
		{Title: w.say("問題描述", "What was found"), Width: 84},
		{Title: w.say("依據", "Basis"), Width: 28},
		{Title: w.say("程度", "Severity"), Width: 13, Centre: true},
		{Title: w.say("發現日期", "Found on"), Width: 25, Centre: true},
		{Title: w.say("佐證編號", "Evidence"), Width: 20},
	}}
	for i := range w.facts.finds {
		f := &w.facts.finds[i]
		if f.kind == "achievement" {
			continue
		}
		reach, basis := "", f.problem
		for k := range w.facts.concluded {
			if c := &w.facts.concluded[k]; c.id == f.conclusion {
				reach, basis = w.label("conclusion", "reach", c.reach), c.basis
			}
		}
		topic := f.topic
		if topic == "" {
			topic = w.label("unit", "category", f.category)
		}
		text := f.title
		if f.detail != "" && f.detail != f.title {
			text += "\n" + f.detail
		}
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Plain(strconv.Itoa(len(t.Rows) + 1)), paper.Plain(f.unit), paper.Plain(topic), paper.Plain(reach),
			w.with(text+w.flags(f), w.find(f)), paper.Plain(basis), paper.Plain(w.label("finding", "severity", f.severity)),
			paper.Plain(w.date(f.at)), paper.Plain(w.shotNumbers(f.id)),
		})
	}
	w.tableOr(t, w.say("本範圍內沒有已採納的問題。", "No problems were accepted in this scope."))
}

func (w *writer) tableOr(t paper.Table, none string) {
	if len(t.Rows) == 0 {
		w.state(none)
		return
	}
	w.add(t)
}

// ledgerTable is 附件2: what is done about problems.
func (w *writer) ledgerTable() {
	if book := w.ledgerBook(); book != nil {
		w.elsewhere(book)
		return
	}
	t := paper.Table{Small: true, Columns: []paper.Column{
		{Title: w.say("序號", "No."), Width: 8, Centre: true},
		{Title: w.say("問題", "Problem"), Width: 30},
		{Title: w.say("整改措施", "Measure"), Width: 33},
		{Title: w.say("整改目標", "Goal"), Width: 22},
		{Title: w.say("責任單位", "Unit"), Width: 20},
		{Title: w.say("責任領導", "Leader"), Width: 20, Centre: true},
		{Title: w.say("責任人", "Person"), Width: 13, Centre: true},
		{Title: w.say("時限", "Due"), Width: 21, Centre: true},
		{Title: w.say("完成情況", "Progress"), Width: 24},
		{Title: w.say("佐證", "Evidence"), Width: 10},
		{Title: w.say("復核人", "Checked by"), Width: 16, Centre: true},
		{Title: w.say("銷號", "Closed"), Width: 9, Centre: true},
		{Title: w.say("銷號日期", "Closed on"), Width: 21, Centre: true},
		{Title: w.say("備注", "Notes"), Width: 16},
	}}
	for i := range w.facts.ledger {
		l := &w.facts.ledger[i]
		closed := w.say("否", "no")
		if l.state == "closed" {
			closed = w.say("是", "yes")
		}
		progress := l.progress
		if progress == "" {
			progress = w.label("ledger_entry", "state", l.state)
		}
		responsible := l.responsible
		if responsible == "" {
			responsible = l.unit
		}
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Plain(strconv.Itoa(i + 1)), w.with(l.problem, w.of("整改臺賬", "Ledger", &l.row)), paper.Plain(l.measure),
			paper.Plain(l.goal), paper.Plain(responsible), paper.Plain(l.leader), paper.Plain(l.person), paper.Plain(w.date(l.due)),
			paper.Plain(progress), paper.Plain(w.evidenceWords(l.id)), paper.Plain(l.checker), paper.Plain(closed),
			paper.Plain(w.date(l.closed)), paper.Plain(w.seen(l.problemID)),
		})
	}
	w.tableOr(t, w.say("本範圍內沒有整改臺賬。", "There is no ledger in this scope."))
	w.shownFiles(func(*shownFile) bool { return true })
}

// seen is what a team saw of a problem last.
func (w *writer) seen(problem string) (text string) {
	for i := range w.facts.checks {
		if v := &w.facts.checks[i]; v.problemID == problem && problem != "" {
			text = w.say("查驗：", "Seen: ") + w.label("verification", "outcome", v.outcome)
		}
	}
	return text
}

// certificates are 附件3: what anybody needs to check the draws.
func (w *writer) certificates() {
	told := 0
	for i := range w.facts.draws {
		d := &w.facts.draws[i]
		if d.state != "done" && d.state != "void" || d.sealed {
			continue
		}
		told++
		c := &d.certificate
		words := []string{
			w.say("憑證編號：", "Certificate: ") + c.Plan.Ceremony(),
			w.say("用途和範圍：", "Purpose and scope: ") + c.Plan.Purpose + " / " + c.Plan.Scope,
			w.say("狀態：", "State: ") + w.label("draw", "state", d.state) + reasonOf(c.Reason),
			w.say("擲骰時間：", "Dice thrown: ") + localTime(c.ThrownAt),
			w.say("憑證摘要：", "Hash of the certificate: ") + groups(c.Hash().String()),
			w.say("方案摘要：", "Hash of the plan: ") + groups(c.PlanHash.String()),
			w.say("抽樣框文件摘要（SHA-256）：", "SHA-256 of the frame: ") + groups(c.Plan.Frame.SHA256.String()),
		}
		for _, p := range c.Published {
			words = append(words, w.sayf("方案公布：%s，%s", "Plan published: %s, %s", p.Where, localTime(p.At)))
		}
		for _, a := range c.Amendments {
			words = append(words, w.sayf("替換：%s → %s，%s，%s，批准人%s", "Replaced: %s by %s, %s, %s, approved by %s", a.Out, a.In, a.Reason, localTime(a.At), a.Approver))
		}
		w.add(paper.Code{Text: c.Hash().String(), Words: words})
	}
	if told == 0 {
		w.state(w.say("本批次沒有可列示的抽取憑證。", "There is no certificate to show."))
		return
	}
	w.add(paper.Paragraph{Small: true, Runs: []paper.Run{{Text: w.say(
		"二維碼為憑證摘要。核對方法：取得憑證文件和抽樣框文件，用核驗程序（verify.html 或 sansuiji verify）重算，結果應與摘要一致。",
		"The code holds the certificate's hash. To check it, take the certificate and the frame and compute the draw again with verify.html or sansuiji verify: the hash must be the same.")}}})
}

func reasonOf(reason string) string {
	if reason == "" {
		return ""
	}
	return "（" + reason + "）"
}

// localTime is a time of a certificate in the campaign's zone.
func localTime(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return at.In(schema.Zone()).Format("2006-01-02 15:04")
}

// photoPages show the photos with their numbers.
func (w *writer) photoPages() {
	if w.isAbridged() {
		w.state(w.sayf("典型案例各列一張照片，至多%d張，其餘照片在證據包中。",
			"A photo of each typical case, %d at most; the evidence file has the others.", shotsMax))
	}
	var list []paper.Picture
	for i := range w.shots {
		list = append(list, w.picture(&w.shots[i]))
	}
	w.add(paper.Photos{List: list})
}

func (w *writer) picture(s *shot) paper.Picture {
	caption := w.sayf("照%d　%s", "Photo %d  %s", s.number, s.unit) + w.say("：", ": ") + s.subject
	if s.caption != "" {
		caption += w.say("。", ". ") + s.caption
	}
	return w.shown(&s.photo, caption+"\n"+s.who+" "+w.minute(s.at)+w.say(" 佐證", " evidence ")+s.hash[:min(8, len(s.hash))])
}

// shown is a photo, or who still has it.
func (w *writer) shown(p *photo, caption string) paper.Picture {
	pic := paper.Picture{Hash: p.hash, MediaType: p.mediaType, Width: p.width, Height: p.height, Caption: caption}
	if !p.there {
		pic.Missing = w.whoHas(p)
	}
	if p.marks != "" {
		pic.Hash += "#" + p.marks
	}
	return pic
}

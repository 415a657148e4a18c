package official

import (
	"sansuiji/schema"
	"sansuiji/server/report/template"
)

// of is a place in a loop over items of a type.
func of[T any](en, zh string, value func(T) string) template.Place {
	return template.Place{Name: template.Name{En: en, Zh: zh}, Value: func(at any) string { return value(at.(T)) }}
}

// says is a place that states something about an item.
func says[T any](en, zh string, value func(T) string) template.Place {
	p := of(en, zh, value)
	p.Says = true
	return p
}

// list is a loop over rows, each with its source.
func loop[T any](w *writer, en, zh string, scope *template.Scope, items func(at any) []T, rests func(T) source) template.List {
	return template.List{
		Name: template.Name{En: en, Zh: zh}, Of: scope,
		Items: func(at any) (list []any) {
			for _, item := range items(at) {
				list = append(list, item)
			}
			return list
		},
		Refs: func(item any) []int { return []int{w.number(rests(item.(T)))} },
	}
}

// chosen are pointers to the rows that fit.
func chosen[T any](rows []T, fits func(*T) bool) (list []*T) {
	for i := range rows {
		if fits(&rows[i]) {
			list = append(list, &rows[i])
		}
	}
	return list
}

func (w *writer) findingScope() *template.Scope {
	return &template.Scope{
		Places: []template.Place{
			of("unit", "單位", func(f *finding) string { return f.unit }),
			of("county", "縣", func(f *finding) string { return f.county }),
			of("category", "領域", func(f *finding) string { return w.label("unit", "category", f.category) }),
			of("team", "核查組", func(f *finding) string { return f.team }),
			of("kind", "類型", func(f *finding) string { return w.label("finding", "kind", f.kind) }),
			says("title", "要點", func(f *finding) string { return f.title }),
			says("detail", "詳情", func(f *finding) string { return f.detail }),
			about(says("text", "全文", func(f *finding) string { return w.findingText(f) }), "要點、詳情和未定事項的標註", "Title, detail and what is not settled"),
			of("severity", "程度", func(f *finding) string { return w.label("finding", "severity", f.severity) }),
			of("topic", "類別", func(f *finding) string { return f.topic }),
			of("problem", "對應問題", func(f *finding) string { return f.problem }),
			of("responsible", "責任單位", func(f *finding) string { return f.responsible }),
			of("due", "時限", func(f *finding) string { return w.date(f.due) }),
			of("date", "發現日期", func(f *finding) string { return w.date(f.at) }),
			of("who", "經辦人", func(f *finding) string { return f.who }),
			about(of("photo numbers", "照片編號", func(f *finding) string { return w.shotNumbers(f.id) }), "如「照1、照2」", "Such as photo 1, photo 2"),
			about(of("flags", "標註", func(f *finding) string { return w.flags(f) }), "如「待審核」；沒有則為空", "Such as [not reviewed yet]; mostly empty"),
		},
		Blocks: []template.Block{photosOf(w, func(f *finding) string { return f.id })},
	}
}

func (w *writer) findingText(f *finding) string {
	text := w.sentence(f.title)
	if f.detail != "" && f.detail != f.title {
		text += w.sentence(f.detail)
	}
	return text + w.flags(f)
}

func (w *writer) findingLoop(en, zh string, items func(at any) []*finding) template.List {
	return loop(w, en, zh, w.findingScope(), items, w.find)
}

// findingLists are the findings of the document's scope.
func (w *writer) findingLists() []template.List {
	return []template.List{
		w.findingLoop("findings", "發現", func(any) []*finding { return chosen(w.facts.finds, func(*finding) bool { return true }) }),
		w.findingLoop("achievements", "成效", func(any) []*finding { return w.findingsOf("", true) }),
		w.findingLoop("problems", "問題", func(any) []*finding { return w.findingsOf("", false) }),
	}
}

// caseLists are the cases that the program's own document tells of: all where there are few.
func (w *writer) caseLists() []template.List {
	achievements := w.findingLoop("typical achievements", "典型成效", func(any) []*finding {
		return printedOf(w.findingsOf("", true), othersMax, achievementTrait)
	})
	problems := w.findingLoop("typical problems", "典型問題", func(any) []*finding {
		return printedOf(w.findingsOf("", false), casesMax, findingTrait)
	})
	for _, l := range []*template.List{&achievements, &problems} {
		l.About = schema.Label{
			Zh: "不超過40條時是全部；更多時每個領域取幾例，先重後輕，每縣先取一例",
			En: "All where there are no more than 40; else some of each category, the gravest first, one of each county first",
		}
	}
	return []template.List{achievements, problems}
}

func (w *writer) checkScope() *template.Scope {
	return &template.Scope{
		Places: []template.Place{
			of("unit", "單位", func(v *verification) string { return v.unit }),
			of("county", "縣", func(v *verification) string { return v.county }),
			of("category", "領域", func(v *verification) string { return w.label("unit", "category", v.category) }),
			says("subject", "事項", func(v *verification) string { return v.subject }),
			says("outcome", "結果", func(v *verification) string { return w.label("verification", "outcome", v.outcome) }),
			says("note", "說明", func(v *verification) string { return v.note }),
			about(says("text", "全文", func(v *verification) string {
				return v.subject + w.say("：", ": ") + w.sentence(w.label("verification", "outcome", v.outcome)) + w.sentence(v.note)
			}), "事項、結果和說明", "Subject, outcome and note"),
			of("date", "查驗日期", func(v *verification) string { return w.date(v.at) }),
			of("who", "經辦人", func(v *verification) string { return v.who }),
			of("photo numbers", "照片編號", func(v *verification) string { return w.shotNumbers(v.id) }),
		},
		Blocks: []template.Block{photosOf(w, func(v *verification) string { return v.id })},
	}
}

func (w *writer) checkLoop(en, zh string, items func(at any) []*verification) template.List {
	return loop(w, en, zh, w.checkScope(), items, w.check)
}

// checkList are the verifications of one outcome, or all.
func (w *writer) checkList(en, zh, outcome string) template.List {
	return w.checkLoop(en, zh, func(any) []*verification {
		return chosen(w.facts.checks, func(v *verification) bool { return outcome == "" || v.outcome == outcome && !v.commitment })
	})
}

func conclusionList(w *writer, en, zh, reach string) template.List {
	scope := &template.Scope{
		Places: []template.Place{
			says("title", "要點", func(c *conclusion) string { return c.title }),
			says("detail", "詳情", func(c *conclusion) string { return c.detail }),
			of("basis", "依據", func(c *conclusion) string { return c.basis }),
			says("suggestion", "建議", func(c *conclusion) string { return c.suggestion }),
			of("severity", "程度", func(c *conclusion) string { return w.label("conclusion", "severity", c.severity) }),
			of("units", "涉及單位", func(c *conclusion) string { return w.join(unitsOf(w.concluded(c.id))) }),
		},
		Lists: []template.List{w.findingLoop("findings", "發現", func(at any) []*finding { return w.concluded(at.(*conclusion).id) })},
	}
	return loop(w, en, zh, scope, func(any) []*conclusion {
		return chosen(w.facts.concluded, func(c *conclusion) bool {
			return c.reach == reach && (!w.narrowed() || len(w.concluded(c.id)) > 0)
		})
	}, func(c *conclusion) source { return w.of("歸納問題", "Conclusion", &c.row) })
}

// visitList are the visits with what was found at each.
func (w *writer) visitList() template.List {
	scope := &template.Scope{
		Places: []template.Place{
			of("unit", "單位", func(v *visit) string { return v.unit }),
			of("unit.code", "單位代碼", func(v *visit) string { return v.code }),
			of("county", "縣", func(v *visit) string { return v.county }),
			of("township", "鄉鎮", func(v *visit) string { return v.township }),
			of("category", "領域", func(v *visit) string { return w.label("unit", "category", v.category) }),
			of("secretary", "書記", func(v *visit) string { return v.secretary }),
			of("team", "核查組", func(v *visit) string { return v.team }),
			of("status", "狀態", func(v *visit) string { return w.label("visit", "status", v.status) }),
			says("day", "核查日期", w.visitDay),
			says("arrived at", "到達時間", func(v *visit) string { return w.minute(v.arrived) }),
			of("left at", "離開時間", func(v *visit) string { return w.minute(v.left) }),
		},
		Lists: []template.List{
			w.findingLoop("findings", "發現", func(at any) []*finding {
				return chosen(w.facts.finds, func(f *finding) bool { return f.visitID == at.(*visit).id })
			}),
			w.findingLoop("achievements", "成效", func(at any) []*finding { return w.findingsOf(at.(*visit).id, true) }),
			w.findingLoop("problems", "問題", func(at any) []*finding { return w.findingsOf(at.(*visit).id, false) }),
			w.checkLoop("verifications", "查驗", func(at any) []*verification {
				return chosen(w.facts.checks, func(v *verification) bool { return v.visitID == at.(*visit).id })
			}),
			w.ledgerLoop("ledger", "臺賬", func(at any) []*ledgerLine {
				return chosen(w.facts.ledger, func(l *ledgerLine) bool { return l.unitID == at.(*visit).unitID })
			}),
		},
	}
	return loop(w, "visits", "核查", scope, func(any) []*visit {
		return chosen(w.facts.visits, func(*visit) bool { return true })
	}, func(v *visit) source { return w.of("實地核查", "Visit", &v.row) })
}

func (w *writer) ledgerLoop(en, zh string, items func(at any) []*ledgerLine) template.List {
	scope := &template.Scope{Places: []template.Place{
		of("unit", "單位", func(l *ledgerLine) string { return l.unit }),
		of("county", "縣", func(l *ledgerLine) string { return l.county }),
		of("category", "領域", func(l *ledgerLine) string { return w.label("unit", "category", l.category) }),
		says("problem", "問題", func(l *ledgerLine) string { return l.problem }),
		says("measure", "措施", func(l *ledgerLine) string { return l.measure }),
		of("goal", "目標", func(l *ledgerLine) string { return l.goal }),
		of("responsible", "責任單位", func(l *ledgerLine) string { return l.responsible }),
		of("leader", "責任領導", func(l *ledgerLine) string { return l.leader }),
		of("person", "責任人", func(l *ledgerLine) string { return l.person }),
		of("due", "時限", func(l *ledgerLine) string { return w.date(l.due) }),
		of("progress", "完成情況", func(l *ledgerLine) string { return l.progress }),
		of("state", "狀態", func(l *ledgerLine) string { return w.label("ledger_entry", "state", l.state) }),
		of("checked by", "復核人", func(l *ledgerLine) string { return l.checker }),
		of("closed on", "銷號日期", func(l *ledgerLine) string { return w.date(l.closed) }),
		about(of("evidence", "佐證", func(l *ledgerLine) string { return w.evidenceWords(l.id) }), "照片編號和文件名", "Numbers of photos and names of files"),
		of("seen", "查驗結果", func(l *ledgerLine) string { return w.seen(l.problemID) }),
	}}
	return loop(w, en, zh, scope, items, func(l *ledgerLine) source { return w.of("整改臺賬", "Ledger", &l.row) })
}

func (w *writer) ledgerList(en, zh string, fits func(*ledgerLine) bool) template.List {
	return w.ledgerLoop(en, zh, func(any) []*ledgerLine { return chosen(w.facts.ledger, fits) })
}

// drawList tells of every draw, as the program's own report does.
func (w *writer) drawList() template.List {
	scope := &template.Scope{Places: []template.Place{
		about(says("text", "說明", func(d *drawn) string { return w.drawSentence(d) }), "一句話，帶憑證摘要", "A sentence with the certificate's hash"),
	}}
	return loop(w, "draws", "抽取", scope, func(any) []*drawn {
		return chosen(w.facts.draws, func(d *drawn) bool { return w.drawSentence(d) != "" })
	}, func(d *drawn) source { return w.of("抽取", "Draw", &d.row) })
}

func (w *writer) answerList() template.List {
	scope := &template.Scope{Places: []template.Place{
		of("code", "題號", func(a *answer) string { return a.code }),
		says("question", "題目", func(a *answer) string { return a.text }),
		says("answer", "答案", w.answerWords),
		of("note", "說明", func(a *answer) string { return a.note }),
	}}
	return loop(w, "answers", "答題", scope, func(any) []*answer {
		return chosen(w.facts.answers, func(*answer) bool { return true })
	}, func(a *answer) source { return w.of("答題", "Answer", &a.row) })
}

func (w *writer) signList() template.List {
	scope := &template.Scope{Places: []template.Place{
		says("result", "結果", func(s *signoff) string { return w.label("signoff", "result", s.result) }),
		says("what was read", "所讀情況", func(s *signoff) string { return s.summary }),
		of("name", "姓名", func(s *signoff) string { return s.name }),
		of("duty", "職務", func(s *signoff) string { return s.duty }),
		of("reason", "原因", func(s *signoff) string { return s.reason }),
		of("time", "時間", func(s *signoff) string { return w.minute(s.at) }),
		of("who", "經辦人", func(s *signoff) string { return s.who }),
	}}
	return loop(w, "signatures", "簽認", scope, func(any) []*signoff {
		return chosen(w.facts.signs, func(*signoff) bool { return true })
	}, func(s *signoff) source { return w.of("簽認", "Sign-off", &s.row) })
}

// actList are what was done in the bulletin's week.
func (w *writer) actList() template.List {
	scope := &template.Scope{Places: []template.Place{
		of("date", "日期", func(a *act) string { return w.date(a.at) }),
		of("unit", "單位", func(a *act) string { return a.unit }),
		of("county", "縣", func(a *act) string { return a.county }),
		of("problem", "問題", func(a *act) string { return a.problem }),
		of("measure", "措施", func(a *act) string { return a.measure }),
		says("kind", "事項", func(a *act) string { return w.label("ledger_act", "kind", a.kind) }),
		says("text", "內容", func(a *act) string { return a.text }),
		about(of("evidence", "佐證", func(a *act) string { return w.evidenceWords(a.id) }), "照片編號和文件名", "Numbers of photos and names of files"),
		of("who", "經辦人", func(a *act) string { return a.who }),
	}}
	return loop(w, "acts", "本期進展", scope, func(any) []*act {
		from, until := w.week()
		return chosen(w.facts.acts, func(a *act) bool { return a.at >= from && a.at < until })
	}, func(a *act) source { return w.of("臺賬記錄", "Act", &a.row) })
}

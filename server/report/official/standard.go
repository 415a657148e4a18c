package official

import (
	"sansuiji/schema"
	"sansuiji/server/report/paper"
)

// Standard is a template of a kind of document to begin with: the program's own document,
// as far as words go, with places in the wording of its language. It is always the same.
func Standard(kind string, english bool) *paper.Document {
	s := &standard{writer{english: english, request: &Request{Kind: kind}}}
	s.part(false)
	switch kind {
	case Inspection:
		s.inspection()
	case Feedback:
		s.feedback()
	case VisitSheet:
		s.visit()
	case Progress:
		s.progress()
	case Ranking:
		s.ranking()
	}
	title := s.say("模板", "Template")
	for _, k := range Kinds() {
		if k.Code == kind {
			title = s.say(k.Label.Zh+"模板", k.Label.En+" template")
		}
	}
	return &paper.Document{Title: title, English: english, Parts: s.parts}
}

// StandardName is the name of the file, without its ending.
func StandardName(kind schema.Choice, english bool) string {
	if english {
		return kind.Label.En + " template"
	}
	return kind.Label.Zh + "模板"
}

// standard writes templates.
type standard struct{ writer }

func (s *standard) body(zh, en string) { s.add(paper.Text(s.say(zh, en))) }

// head is a title and whom it is to.
func (s *standard) head() {
	s.add(paper.Title{Lines: []string{s.say("{{標題}}", "{{title}}")}})
	s.body("{{#如有 主送機關}}", "{{#if to}}")
	s.add(paper.Addressee{Text: s.say("{{主送機關}}：", "{{to}}:")})
	s.body("{{/如有}}", "{{/if}}")
}

func (s *standard) sign() {
	s.add(paper.Closing{Who: s.say("{{署名}}", "{{from}}"), When: s.say("{{日期}}", "{{date}}")})
}

// annex begins pages with a title.
func (s *standard) annex(n int, landscape bool, zh, en, block string) {
	s.part(landscape)
	if n > 0 {
		s.add(paper.Mark{Text: s.sayf("附件%d", "Annex %d", n)})
	}
	s.add(paper.Title{Lines: []string{s.say(zh, en)}})
	if block != "" {
		s.body(block, block)
	}
}

func (s *standard) sources(n int) {
	s.annex(n, false, "資料來源", "Sources", s.say("{{> 資料來源}}", "{{> sources}}"))
}

// each writes an item of a list, or that there is none.
func (s *standard) each(zh, en, itemZh, itemEn, noneZh, noneEn string) {
	s.body("{{#如有 "+zh+"}}", "{{#if "+en+"}}")
	s.body("{{#逐條 "+zh+"}}", "{{#each "+en+"}}")
	s.body(itemZh, itemEn)
	s.body("{{/逐條}}", "{{/each}}")
	s.body("{{否則}}", "{{else}}")
	s.body(noneZh, noneEn)
	s.body("{{/如有}}", "{{/if}}")
}

// row is a table that repeats its row for each item of a list.
func (s *standard) row(zh, en string, columns []paper.Column, placesZh, placesEn []string) {
	names, begin, end := placesZh, "{{#逐條 "+zh+"}}", "{{/逐條}}"
	if s.english {
		names, begin, end = placesEn, "{{#each "+en+"}}", "{{/each}}"
	}
	var cells []paper.Cell
	for i, name := range names {
		text := "{{" + name + "}}"
		if i == 0 {
			text = begin + text
		}
		if i == len(names)-1 {
			text += end
		}
		cells = append(cells, paper.Plain(text))
	}
	s.add(paper.Table{Columns: columns, Rows: [][]paper.Cell{cells}})
}

func (s *standard) inspection() {
	s.head()
	s.heading(1, 1, "基本情況", "What was done")
	s.body("{{核查批次}}（批次代碼{{批次代碼}}）{{#如有 核查時間}}自{{核查時間}}{{/如有}}開展，抽調核查人員{{核查人員數}}人，編為{{核查組數}}個核查組，應查單位{{應查單位數}}個，已到場{{到場單位數}}個，其中已完成{{完成單位數}}個。",
		"{{campaign.name}} (code {{campaign.code}}) was held{{#if period}} from {{period}}{{/if}} by {{inspectors}} inspectors in {{teams}} teams. {{visits}} units were to be visited; teams have been at {{arrived}} and have left {{finished}}.")
	s.body("各核查組對照問題清單、整改臺賬和書記項目清單查驗{{查驗數}}條，採納發現{{發現數}}條，其中成效{{成效數}}條、問題{{問題數}}條；留存照片{{照片數}}張。{{訪談說明}}",
		"Teams verified {{verifications}} listed problems. {{findings}} findings were accepted: {{achievements}} achievements and {{problems}} problems; {{photos}} photos were kept. {{interviews}}")
	s.each("抽取", "draws", "{{說明}}", "{{text}}", "本批次沒有已完成的抽取記錄。", "There is no finished draw in this campaign.")
	s.heading(1, 2, "主要成效", "Achievements")
	s.each("典型成效", "typical achievements",
		"{{序號}}. {{單位}}：{{全文}}{{#如有 照片編號}}（見{{照片編號}}）{{/如有}}", "{{number}}. {{unit}}: {{text}}{{#if photo numbers}} (see {{photo numbers}}){{/if}}",
		"本範圍內沒有已採納的成效記錄。", "No achievements were accepted in this scope.")
	s.heading(1, 3, "存在問題", "Problems")
	s.heading(2, 1, "共性問題", "Common problems")
	s.body("{{> 共性問題}}", "{{> common problems}}")
	s.heading(2, 2, "個性問題", "Individual problems")
	s.body("{{> 個性問題}}", "{{> individual problems}}")
	s.heading(2, 3, "整改查驗情況", "What was rectified")
	s.body("{{> 整改查驗情況}}", "{{> rectification}}")
	s.body("{{#如有 訪談說明}}", "{{#if interviews}}")
	s.heading(2, 4, "群眾訪談", "Interviews")
	s.body("{{> 群眾訪談}}", "{{> interviews}}")
	s.body("{{/如有}}", "{{/if}}")
	s.heading(1, 4, "整改建議", "What should be done")
	s.body("{{> 整改建議}}", "{{> suggestions}}")
	s.sign()
	s.annex(1, true, "問題清單", "Problems found", s.say("{{> 問題清單}}", "{{> problem list}}"))
	s.annex(2, true, "整改臺賬", "Ledger", s.say("{{> 整改臺賬}}", "{{> ledger}}"))
	s.annex(3, false, "抽取憑證", "Certificates of the draws", s.say("{{> 抽取憑證}}", "{{> certificates}}"))
	s.annex(4, false, "現場照片", "Photos", s.say("{{> 現場照片}}", "{{> photos}}"))
	s.sources(5)
}

func (s *standard) feedback() {
	s.add(paper.Title{Lines: []string{s.say("{{標題}}", "{{title}}")}})
	s.body("{{#如有 主送機關}}", "{{#if to}}")
	s.add(paper.Addressee{Text: s.say("{{主送機關}}：", "{{to}}:")})
	s.body("{{否則}}", "{{else}}")
	s.add(paper.Addressee{Text: s.say("{{單位}}：", "{{unit}}:")})
	s.body("{{/如有}}", "{{/if}}")
	s.body("根據{{核查批次}}安排，{{核查組}}於{{核查日期}}對你單位進行了實地核查。現將有關情況反饋如下。",
		"In the course of {{campaign.name}}, {{team}} visited you on {{day}}. This is what was found.")
	s.heading(1, 1, "主要成效", "Achievements")
	s.each("成效", "achievements", "{{序號}}. {{全文}}", "{{number}}. {{text}}", "暫無已採納的成效記錄。", "No achievements were accepted.")
	s.heading(1, 2, "存在問題", "Problems")
	s.each("問題", "problems", "{{序號}}. {{全文}}{{#如有 照片編號}}（見{{照片編號}}）{{/如有}}", "{{number}}. {{text}}{{#if photo numbers}} (see {{photo numbers}}){{/if}}",
		"核查未發現已採納的新問題。", "No new problems were accepted.")
	s.heading(1, 3, "整改查驗情況", "What was rectified")
	s.each("查驗", "verifications", "{{序號}}. {{全文}}", "{{number}}. {{text}}", "尚無查驗記錄。", "Nothing has been verified yet.")
	s.heading(1, 4, "整改要求", "What is to be done")
	s.each("整改要求", "duties", "{{序號}}. {{問題}}。整改措施：{{措施}}。{{#如有 時限}}請於{{時限}}前完成。{{/如有}}",
		"{{number}}. {{problem}}. Measure: {{measure}}. {{#if due}}Due on {{due}}.{{/if}}", "臺賬沒有未銷號的條目。", "Nothing is open in the ledger.")
	s.body("對本次反饋的問題，請建立臺賬、明確責任人和時限，整改完成後報請核實銷號；對弄虛作假的，將依規處理。",
		"Please put these problems into your ledger with somebody who answers for each and a deadline, and report them when they are done. Shams will be dealt with by the rules.")
	s.sign()
	s.annex(1, false, "現場照片", "Photos", s.say("{{> 現場照片}}", "{{> photos}}"))
	s.sources(0)
}

func (s *standard) visit() {
	s.add(paper.Title{Lines: []string{s.say("實地核查單", "Visit sheet")}})
	s.add(paper.Table{Columns: []paper.Column{
		{Title: s.say("被查單位", "Unit"), Width: 40},
		{Title: s.say("核查組", "Team"), Width: 30},
		{Title: s.say("到達", "Arrived"), Width: 34, Centre: true},
		{Title: s.say("離開", "Left"), Width: 34, Centre: true},
		{Title: s.say("定位", "Place"), Width: 36},
	}, Rows: [][]paper.Cell{{
		paper.Plain(s.say("{{單位}}", "{{unit}}") + "\n" + s.say("{{縣}}{{鄉鎮}}", "{{county}} {{township}}")), paper.Plain(s.say("{{核查組}}", "{{team}}")),
		paper.Plain(s.say("{{到達時間}}", "{{arrived at}}")), paper.Plain(s.say("{{離開時間}}", "{{left at}}")), paper.Plain(s.say("{{定位}}", "{{place}}")),
	}}})
	s.body("{{> 查驗表}}", "{{> verifications}}")
	s.body("{{> 發現表}}", "{{> findings}}")
	s.body("{{> 答題表}}", "{{> answers}}")
	s.body("{{> 簽認}}", "{{> signatures}}")
	s.sources(0)
}

func (s *standard) progress() {
	s.add(paper.Title{Lines: []string{s.say("{{標題}}", "{{title}}")}, Under: s.say(
		"{{#如有 期號}}第{{期號}}期　{{/如有}}{{起始日期}}至{{截止日期}}", "{{#if issue}}No. {{issue}}  {{/if}}{{week from}} to {{week until}}")})
	s.heading(1, 1, "總體進展", "How the ledger stands")
	s.body("{{> 總體進展}}", "{{> figures}}")
	s.heading(1, 2, "本期進展", "What was done")
	s.each("本期進展", "acts", "{{序號}}. {{日期}}　{{單位}}：{{問題}}。{{事項}}。{{內容}}{{#如有 佐證}}（佐證：{{佐證}}）{{/如有}}",
		"{{number}}. {{date}} {{unit}}: {{problem}}. {{kind}}. {{text}}{{#if evidence}} (evidence: {{evidence}}){{/if}}",
		"本期沒有臺賬記錄。", "Nothing was recorded in these days.")
	s.heading(1, 3, "逾期未銷號", "Overdue")
	s.body("{{#如有 逾期}}", "{{#if overdue}}")
	s.row("逾期", "overdue", []paper.Column{
		{Title: s.say("序號", "No."), Width: 12, Centre: true},
		{Title: s.say("單位", "Unit"), Width: 30},
		{Title: s.say("問題", "Problem"), Width: 60},
		{Title: s.say("責任人", "Person"), Width: 18, Centre: true},
		{Title: s.say("時限", "Due"), Width: 24, Centre: true},
		{Title: s.say("狀態", "State"), Width: 18, Centre: true},
	}, []string{"序號", "單位", "問題", "責任人", "時限", "狀態"}, []string{"number", "unit", "problem", "person", "due", "state"})
	s.body("{{否則}}", "{{else}}")
	s.body("沒有逾期未銷號的條目。", "No entry is overdue.")
	s.body("{{/如有}}", "{{/if}}")
	s.heading(1, 4, "現場查驗不實", "Shams")
	s.each("虛假整改", "shams", "{{序號}}. {{單位}}：{{全文}}", "{{number}}. {{unit}}: {{text}}", "未發現虛假整改。", "No shams were seen.")
	s.sign()
	s.body("{{#如有 佐證數}}", "{{#if evidence files}}")
	s.add(paper.Break{}, paper.Title{Lines: []string{s.say("整改佐證", "Evidence")}})
	s.body("{{> 整改佐證}}", "{{> evidence}}")
	s.body("{{/如有}}", "{{/if}}")
	s.sources(0)
}

func (s *standard) ranking() {
	s.head()
	s.heading(1, 1, "計分辦法", "How units are scored")
	s.body("{{> 計分辦法}}", "{{> rules}}")
	s.heading(1, 2, "總體情況", "Overview")
	s.body("{{> 總體情況}}", "{{> overview}}")
	s.sign()
	s.annex(1, true, "排名表", "Ranks", s.say("{{> 排名表}}", "{{> ranks}}"))
	s.annex(2, true, "計分過程", "Workings", s.say("{{> 計分過程}}", "{{> workings}}"))
	s.sources(3)
}

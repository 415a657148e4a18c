package official

import (
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/report/template"
)

// top is a place at the top of a template.
func top(en, zh string, value func() string) template.Place {
	return template.Place{Name: template.Name{En: en, Zh: zh}, Value: func(any) string { return value() }}
}

func about(p template.Place, zh, en string) template.Place {
	p.About = schema.Label{Zh: zh, En: en}
	return p
}

// places are those of every kind of document.
func (w *writer) places() []template.Place {
	return []template.Place{
		top("title", "標題", func() string { return w.title }),
		top("campaign.name", "核查批次", func() string { return w.facts.name }),
		top("campaign.code", "批次代碼", func() string { return w.facts.code }),
		top("city", "城市", func() string { return w.facts.city }),
		about(top("period", "核查時間", w.period), "如「2026年9月1日至9月30日」", "Such as 1 September 2026 to 30 September 2026"),
		about(top("date", "日期", func() string { return w.day(w.facts.stand.at) }), "數據截止日，不是打印日", "Day of the data, not of the printing"),
		top("to", "主送機關", func() string { return w.request.To }),
		about(top("from", "署名", func() string { return w.from() }), "", ""),
		about(top("scope", "範圍", func() string { return w.scopeName() }), "縣、領域或單位；全批次為空", "County, category or unit; empty: the whole campaign"),
		about(top("position", "歷史位置", func() string { return fmt.Sprint(w.facts.stand.position) }), "數據截至歷史第幾條", "Of the history that the data shows"),
		about(top("stand", "數據說明", func() string { return w.standWords() }), "一句話說明數據截至何時", "A sentence on which state is shown"),
	}
}

func (w *writer) period() string {
	f := w.facts
	if f.starts == 0 || f.ends == 0 {
		return ""
	}
	return w.sayf("%s至%s", "%s to %s", w.day(f.starts), w.day(f.ends))
}

// count is a figure with the rows that it sums as its source.
func (w *writer) count(en, zh, sourceZh, sourceEn, table string, n func() int) template.Place {
	p := top(en, zh, func() string { return fmt.Sprint(n()) })
	p.Refs = func(any) []int { return []int{w.number(w.all(sourceZh, sourceEn, table, n()))} }
	return p
}

// countPlaces are figures of what was done and found.
func (w *writer) countPlaces() []template.Place {
	finds := func(achievement bool) func() int {
		return func() int { return len(w.findingsOf("", achievement)) }
	}
	outcome := func(code string) func() int {
		return func() (n int) {
			for i := range w.facts.checks {
				if v := &w.facts.checks[i]; !v.commitment && (code == "" || v.outcome == code) {
					n++
				}
			}
			return n
		}
	}
	check := func(en, zh, code string) template.Place {
		return w.count(en, zh, "查驗", "verifications", "verification", outcome(code))
	}
	list := []template.Place{
		top("teams", "核查組數", func() string { return fmt.Sprint(w.facts.teams) }),
		top("inspectors", "核查人員數", func() string { return fmt.Sprint(w.facts.people) }),
		top("units", "登記單位數", func() string { return fmt.Sprint(w.facts.units) }),
		w.count("visits", "應查單位數", "實地核查", "visits", "visit", func() int { return len(w.facts.visits) }),
		w.count("arrived", "到場單位數", "實地核查", "visits", "visit", func() int { return w.visitsIn("arrived", "left", "closed") }),
		w.count("finished", "完成單位數", "實地核查", "visits", "visit", func() int { return w.visitsIn("left", "closed") }),
		w.count("findings", "發現數", "發現", "findings", "finding", func() int { return len(w.facts.finds) }),
		w.count("achievements", "成效數", "發現", "findings", "finding", finds(true)),
		w.count("problems", "問題數", "發現", "findings", "finding", finds(false)),
		top("photos", "照片數", func() string { return fmt.Sprint(w.taken()) }),
		about(top("interviews", "訪談說明", func() string { return w.talkWords() }), "一句話；不足5人的不列數字", "A sentence; no figure about fewer than 5 people"),
		check("verifications", "查驗數", ""),
	}
	t := schema.NewCatalogue().MustTable("verification")
	for _, c := range t.Columns[t.ColumnIndex("outcome")].Choices {
		list = append(list, check("verified."+c.Code, c.Label.Zh+"數", c.Code))
	}
	return list
}

func (w *writer) visitsIn(states ...string) (n int) {
	for i := range w.facts.visits {
		for _, s := range states {
			if w.facts.visits[i].status == s {
				n++
			}
		}
	}
	return n
}

// findingsOf are the achievements or the problems, of one visit or of all.
func (w *writer) findingsOf(visit string, achievement bool) (list []*finding) {
	for i := range w.facts.finds {
		if f := &w.facts.finds[i]; (visit == "" || f.visitID == visit) && (f.kind == "achievement") == achievement {
			list = append(list, f)
		}
	}
	return list
}

// unitPlaces are of documents about one unit or visit: the first visit counts.
func (w *writer) unitPlaces() []template.Place {
	of := func(en, zh string, value func(*visit) string) template.Place {
		p := top(en, zh, func() string {
			if len(w.facts.visits) == 0 {
				return ""
			}
			return value(&w.facts.visits[0])
		})
		return p
	}
	arrived := of("arrived at", "到達時間", func(v *visit) string { return w.minute(v.arrived) })
	day := of("day", "核查日期", w.visitDay)
	for _, p := range []*template.Place{&arrived, &day} {
		p.Refs = func(any) []int { return []int{w.number(w.of("實地核查", "Visit", &w.facts.visits[0].row))} }
	}
	return []template.Place{
		of("unit", "單位", func(v *visit) string { return v.unit }),
		of("unit.code", "單位代碼", func(v *visit) string { return v.code }),
		of("county", "縣", func(v *visit) string { return v.county }),
		of("township", "鄉鎮", func(v *visit) string { return v.township }),
		of("category", "領域", func(v *visit) string { return w.label("unit", "category", v.category) }),
		of("secretary", "書記", func(v *visit) string { return v.secretary }),
		of("team", "核查組", func(v *visit) string { return v.team }),
		day, arrived,
		of("left at", "離開時間", func(v *visit) string { return w.minute(v.left) }),
		of("place", "定位", placeWords),
	}
}

func (w *writer) ledgerCount(en, zh, state string) template.Place {
	return w.count(en, zh, "整改臺賬", "ledger", "ledger_entry", func() (n int) {
		for i := range w.facts.ledger {
			if state == "" || w.facts.ledger[i].state == state {
				n++
			}
		}
		return n
	})
}

// isOverdue says whether an entry was to be closed before the week's last day.
func (w *writer) isOverdue(l *ledgerLine) bool {
	_, until := w.week()
	return l.state != "closed" && l.due != 0 && l.due < schema.DayStart(until, -1)
}

func (w *writer) overdueLines() (list []*ledgerLine) {
	for i := range w.facts.ledger {
		if l := &w.facts.ledger[i]; w.isOverdue(l) {
			list = append(list, l)
		}
	}
	return list
}

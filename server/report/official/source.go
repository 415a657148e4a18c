package official

import (
	"fmt"
	"strconv"

	"sansuiji/server/report/paper"
)

// source is what a statement rests on.
type source struct {
	zh, en   string // what it is
	id       string
	who      string
	at       int64
	position int64
	rows     []string // that a sum counts, where they are not all of their kind
}

// of is a row as a source.
func (w *writer) of(zh, en string, r *row) source {
	return source{zh: zh, en: en, id: r.id, who: r.who, at: r.at, position: w.facts.positionOf(r.revision)}
}

// What tells sums from rows.
const (
	sumZh   = "匯總："
	sumEn   = "Sum: "
	sumSign = " × "
)

// all is all rows of a kind, as far as they are in the document, as a source: of sums.
func (w *writer) all(zh, en, table string, n int) source {
	return source{
		zh: w.say(sumZh, "") + zh, en: sumEn + en, id: fmt.Sprintf("%s%s%d", table, sumSign, n),
		who: w.say("系統計算", "computed"), at: w.facts.stand.at, position: w.facts.stand.position,
	}
}

// group is a part of the rows of a kind: one by one where they are few, else as a source of sums
// with the part's name.
func group[T any](w *writer, rows []*T, each func(*T) source, of source, name string) []source {
	var list []source
	for _, r := range rows {
		list = append(list, each(r))
	}
	if len(rows) <= citedMax {
		return list
	}
	for i := range list {
		of.rows = append(of.rows, list[i].id)
	}
	of.zh, of.en = of.zh+w.say("（", " (")+name+w.say("）", ")"), of.en+" ("+name+")"
	return []source{of}
}

func (w *writer) find(f *finding) source { return w.of("發現", "Finding", &f.row) }

func (w *writer) check(v *verification) source { return w.of("查驗", "Verification", &v.row) }

// number is a source's; the first to ask for it gives it.
func (w *writer) number(s source) int {
	key := s.zh + s.id
	if n, have := w.numbers[key]; have {
		return n
	}
	w.sources = append(w.sources, s)
	w.numbers[key] = len(w.sources)
	return len(w.sources)
}

// sourceList prints what the numbers stand for.
func (w *writer) sourceList() paper.Table {
	t := paper.Table{Small: true, Anchors: true, Columns: []paper.Column{
		{Title: w.say("編號", "No."), Width: 10, Centre: true},
		{Title: w.say("種類", "Kind"), Width: 21},
		{Title: w.say("標識", "Id"), Width: 74},
		{Title: w.say("經辦人", "Who"), Width: 20},
		{Title: w.say("時間", "When"), Width: 31},
		{Title: w.say("歷史位置", "Position"), Width: 16, Centre: true},
	}}
	for i, s := range w.sources {
		position := ""
		if s.position > 0 {
			position = strconv.FormatInt(s.position, 10)
		}
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Plain(strconv.Itoa(i + 1)), paper.Plain(w.say(s.zh, s.en)), paper.Plain(s.id),
			paper.Plain(s.who), paper.Plain(w.minute(s.at)), paper.Plain(position),
		})
	}
	return t
}

// standNote is standWords in small letters.
func (w *writer) standNote() paper.Paragraph {
	return paper.Paragraph{Small: true, Runs: []paper.Run{{Text: w.standWords()}}}
}

// standWords say which state a document shows.
func (w *writer) standWords() string {
	return w.sayf("本文所示為截至歷史第%d條（%s）的數據，紀元%s。正文中的小號數字為資料來源編號。",
		"This shows the data as of position %d of the history (%s), epoch %s. Small numbers are those of sources.",
		w.facts.stand.position, w.minute(w.facts.stand.at), w.facts.stand.epoch)
}

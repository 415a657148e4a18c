package template

import (
	"sansuiji/schema"
	"sansuiji/server/report/paper"
)

// Listed is all that can be named in templates of a kind, as a document to read and to copy
// from. It is made of what Fill looks names up in.
func Listed(title string, scope *Scope, english bool) *paper.Document {
	l := &lister{english: english}
	l.add(paper.Title{Lines: []string{title}})
	l.rules()
	l.head(1, "一、位置", "1. Places")
	l.places(scope, nil)
	l.head(1, "二、循環", "2. Loops")
	l.lists(scope, "")
	l.head(1, "三、整塊內容", "3. Blocks")
	l.blocks(scope)
	return &paper.Document{Title: title, English: english, Parts: []paper.Part{{Blocks: l.all}}}
}

type lister struct {
	english bool
	all     []paper.Block
}

func (l *lister) add(b ...paper.Block) { l.all = append(l.all, b...) }

func (l *lister) say(zh, en string) string {
	if l.english {
		return en
	}
	return zh
}

func (l *lister) label(s schema.Label) string { return l.say(s.Zh, s.En) }

func (l *lister) head(level int, zh, en string) {
	l.add(paper.Heading{Level: level, Text: l.say(zh, en)})
}

// rules say how templates are written.
func (l *lister) rules() {
	for _, r := range []schema.Label{
		{
			Zh: "在 Word 或 WPS 中編輯模板，把下列名稱連同雙花括號寫在要填入內容的地方。中英文名稱、繁簡體、全角半角括號都可以用；字體、字號、顏色以模板中的為準。",
			En: "Edit the template in Word or WPS and write these names with their double braces where something is to be put in. Chinese and English names, traditional and simplified characters, wide and narrow braces are all the same. Letters look as they do in the template.",
		},
		{
			Zh: "循環跨多個段落時，開始和結束各佔一段；在同一段內可寫在行文中；表格要逐行重複時，開始寫在一行第一格的最前面，結束寫在最後一格的最後面。整塊內容獨佔一段，只能在正文中。",
			En: "A loop over several paragraphs begins and ends in paragraphs of its own; within one paragraph it may stand in the text; to repeat rows of a table it begins as the first thing in a row's first cell and ends as the last in its last cell. A block stands alone in a paragraph of the body.",
		},
		{Zh: "「{{#如有 名稱}}…{{否則}}…{{/如有}}」：有內容時用前一段，沒有時用後一段；「{{#如無 名稱}}」相反。", En: "{{#if name}} … {{else}} … {{/if}} takes the first part if there is something under the name, else the second; {{#unless name}} the other way round."},
		{Zh: "每條陳述的來源編號由程序自動加在段末；要放在別處，在循環內寫「{{來源}}」。", En: "The number of a statement's source is added at the end of its paragraph; to have it elsewhere, write {{source}} in the loop."},
	} {
		l.add(paper.Text(l.label(r)))
	}
}

func (l *lister) table(columns ...string) *paper.Table {
	t := &paper.Table{}
	for i, title := range columns {
		t.Columns = append(t.Columns, paper.Column{Title: title, Width: []float64{44, 44, 68}[i]})
	}
	return t
}

func (l *lister) row(t *paper.Table, before string, n Name, about schema.Label, after string) {
	t.Rows = append(t.Rows, []paper.Cell{
		paper.Plain("{{" + before + n.Zh + "}}"), paper.Plain("{{" + before + n.En + "}}"), paper.Plain(l.label(about) + after),
	})
}

func (l *lister) places(s *Scope, list *List) {
	t := l.table(l.say("中文名稱", "Chinese"), l.say("英文名稱", "English"), l.say("說明", "What it is"))
	if list != nil {
		l.row(t, "", numberName(), schema.Label{Zh: "第幾條", En: "Which item it is"}, "")
		if list.Refs != nil {
			l.row(t, "", sourceName(), schema.Label{Zh: "來源編號", En: "Number of its source"}, "")
		}
	}
	for i := range s.Places {
		l.row(t, "", s.Places[i].Name, s.Places[i].About, "")
	}
	if list != nil {
		for i := range s.Blocks {
			l.row(t, "> ", s.Blocks[i].Name, s.Blocks[i].About, "")
		}
	}
	l.add(*t)
}

func (l *lister) lists(s *Scope, within string) {
	for i := range s.Lists {
		list := &s.Lists[i]
		name := l.say("{{#逐條 "+list.Name.Zh+"}} … {{/逐條}}", "{{#each "+list.Name.En+"}} … {{/each}}")
		if within != "" {
			name += l.say("（在「"+within+"」之內）", " (within “"+within+"”)")
		}
		l.add(paper.Heading{Level: 2, Text: name},
			paper.Paragraph{Small: true, Runs: []paper.Run{{Text: l.say("英文：{{#each "+list.Name.En+"}}", "Chinese: {{#逐條 "+list.Name.Zh+"}}")}}})
		if about := l.label(list.About); about != "" {
			l.add(paper.Paragraph{Small: true, Runs: []paper.Run{{Text: about}}})
		}
		if within == "" {
			l.places(list.Of, list)
		} else {
			l.add(paper.Text(l.say("位置與外層同名循環相同。", "Its places are those of the loop of that name outside.")))
		}
		if within == "" {
			l.lists(list.Of, l.say(list.Name.Zh, list.Name.En))
		}
	}
	if len(s.Lists) == 0 && within == "" {
		l.add(paper.Text(l.say("這種文件沒有循環。", "This kind of document has no loops.")))
	}
}

func (l *lister) blocks(s *Scope) {
	t := l.table(l.say("中文名稱", "Chinese"), l.say("英文名稱", "English"), l.say("說明", "What it is"))
	for i := range s.Blocks {
		l.row(t, "> ", s.Blocks[i].Name, s.Blocks[i].About, "")
	}
	l.add(*t)
}

package official

import (
	"context"
	"strconv"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report/paper"
	"sansuiji/server/report/template"
	"sansuiji/server/store"
)

// Wording is what an office's template of a kind of document draws from: one state of a
// campaign. It says no more than the program's own document: sources, small groups and
// what is sealed are as there.
type Wording struct {
	Made  // the document has no parts: the template has
	Scope *template.Scope
}

// Words reads what a template can name, from one state of a campaign.
func Words(ctx context.Context, v store.View, catalogue *schema.Catalogue, request *Request) (*Wording, error) {
	if err := request.Check(); err != nil {
		return nil, err
	}
	f, err := read(ctx, v, request)
	if err != nil {
		return nil, err
	}
	w := newWriter(f, catalogue, request)
	w.own() // for its title, and for the numbers of its photos
	title, shots := w.title, w.shots
	w = newWriter(f, catalogue, request)
	w.title, w.shots = title, shots
	if request.Kind == VisitSheet { // which shows none by itself
		w.numberPhotos()
	}
	doc := &paper.Document{
		Title: title, Author: w.from(), Made: time.UnixMilli(f.stand.at), English: w.english, Look: request.Look,
	}
	return &Wording{Made{Document: doc, Position: f.stand.position, Name: w.fileName()}, w.scope(request.Kind)}, nil
}

// Vocabulary is what templates of a kind of document can name. Its values are not there.
func Vocabulary(kind string) *template.Scope { return (*writer)(nil).scope(kind) }

// scope is what can be named at the top of a template. The writer may be nil as long as
// nothing is asked for.
func (w *writer) scope(kind string) *template.Scope {
	s := &template.Scope{Places: w.places(), Blocks: []template.Block{w.wholeBlock(), w.sourcesBlock()}}
	switch kind {
	case Inspection:
		w.inspectionScope(s)
	case Feedback:
		w.feedbackScope(s)
	case VisitSheet:
		w.visitScope(s)
	case Progress:
		w.progressScope(s)
	case Ranking:
		s.Blocks = append(s.Blocks,
			w.block("rules", "計分辦法", func() { w.rules() }), w.block("overview", "總體情況", func() { w.rankedUnits() }),
			w.block("ranks", "排名表", func() { w.rankTables() }), w.block("workings", "計分過程", func() { w.workings() }))
	}
	return s
}

func (w *writer) inspectionScope(s *template.Scope) {
	s.Places = append(s.Places, w.countPlaces()...)
	s.Lists = append(append(w.findingLists(), w.caseLists()...),
		conclusionList(w, "common problems", "共性問題", "common"),
		conclusionList(w, "individual problems", "個性問題", "individual"),
		w.checkList("verifications", "查驗", ""), w.checkList("shams", "虛假整改", "sham"),
		w.visitList(), w.ledgerList("ledger", "臺賬", func(*ledgerLine) bool { return true }), w.drawList())
	s.Blocks = append(s.Blocks,
		w.block("course", "總體安排", func() { w.basics() }),
		w.block("draws", "抽取情況", func() { w.drawWords() }),
		w.block("achievements", "主要成效", func() { w.achievements() }),
		w.block("common problems", "共性問題", func() { w.commonProblems() }),
		w.block("individual problems", "個性問題", func() { w.individualProblems() }),
		w.block("rectification", "整改查驗情況", func() { w.rectification() }),
		w.block("interviews", "群眾訪談", func() { w.interviews() }),
		w.block("suggestions", "整改建議", func() { w.suggestions() }),
		w.wide(w.block("problem list", "問題清單", func() { w.problemTable() })),
		w.wide(w.block("ledger", "整改臺賬", func() { w.ledgerTable() })),
		w.block("certificates", "抽取憑證", func() { w.certificates() }),
		w.photosBlock())
}

func (w *writer) feedbackScope(s *template.Scope) {
	s.Places = append(s.Places, w.unitPlaces()...)
	s.Places = append(s.Places, w.countPlaces()...)
	s.Lists = append(w.findingLists(), w.checkList("verifications", "查驗", ""), w.visitList(),
		w.ledgerList("duties", "整改要求", func(l *ledgerLine) bool { return l.state != "closed" }),
		w.ledgerList("ledger", "臺賬", func(*ledgerLine) bool { return true }))
	s.Blocks = append(s.Blocks,
		w.block("achievements", "主要成效", func() { w.achievements() }),
		w.block("problems", "存在問題", func() { w.ownProblems() }),
		w.block("verifications", "整改查驗情況", func() { w.ownChecks() }),
		w.block("duties", "整改要求", func() { w.ownDuties() }),
		w.photosBlock())
}

func (w *writer) visitScope(s *template.Scope) {
	s.Places = append(s.Places, w.unitPlaces()...)
	s.Lists = append(w.findingLists(), w.checkList("verifications", "查驗", ""), w.answerList(), w.signList())
	s.Blocks = append(s.Blocks,
		w.block("verifications", "查驗表", func() { w.sheetChecks() }),
		w.block("findings", "發現表", func() { w.sheetFindings() }),
		w.block("answers", "答題表", func() { w.sheetAnswers() }),
		w.block("signatures", "簽認", func() { w.signs() }),
		w.photosBlock())
}

func (w *writer) progressScope(s *template.Scope) {
	s.Places = append(s.Places,
		about(top("issue", "期號", func() string { return w.request.Issue }), "", ""),
		about(top("week from", "起始日期", func() string { from, _ := w.week(); return w.day(from) }), "七天的第一天", "First of the seven days"),
		about(top("week until", "截止日期", func() string { _, until := w.week(); return w.day(until - 1) }), "七天的最後一天", "Last of the seven days"),
		about(w.ledgerCount("entries", "臺賬條數", ""), "", ""), w.ledgerCount("closed", "已銷號條數", "closed"),
		w.count("overdue", "逾期條數", "整改臺賬", "ledger", "ledger_entry", func() int { return len(w.overdueLines()) }))
	s.Places = append(s.Places, top("evidence files", "佐證數", func() string {
		return strconv.Itoa(len(chosen(w.facts.shown, w.inWeek)))
	}))
	s.Lists = append(s.Lists, w.actList(),
		w.ledgerList("overdue", "逾期", func(l *ledgerLine) bool { return w.isOverdue(l) }),
		w.ledgerList("ledger", "臺賬", func(*ledgerLine) bool { return true }), w.checkList("shams", "虛假整改", "sham"))
	s.Blocks = append(s.Blocks,
		w.block("figures", "總體進展", func() { w.ledgerFigures() }),
		w.block("acts", "本期進展", func() { from, until := w.week(); w.weekActs(from, until) }),
		w.block("overdue", "逾期未銷號", w.overdue),
		w.block("shams", "現場查驗不實", func() { w.shams() }),
		w.block("evidence", "整改佐證", func() { w.weekFiles() }))
}

// inWeek says whether evidence was shown in the bulletin's week.
func (w *writer) inWeek(s *shownFile) bool {
	from, until := w.week()
	return s.at >= from && s.at < until
}

// weekFiles are what units have shown in the week, and the pictures of it.
func (w *writer) weekFiles() {
	w.shownFiles(w.inWeek)
	if len(w.shots) > 0 && !w.request.Plain {
		w.photoPages()
	}
}

// block is a part of the program's own document. Its headings are the template's affair.
func (w *writer) block(en, zh string, write func()) template.Block {
	return template.Block{Name: template.Name{En: en, Zh: zh}, Make: func(any) []paper.Block {
		return unnumbered(w.captured(write))
	}}
}

// wide says that a block has many columns.
func (w *writer) wide(b template.Block) template.Block {
	b.About = schema.Label{Zh: "列數多，宜放在橫向的節中", En: "Has many columns: put it in a landscape section"}
	return b
}

// captured is what is written, without being part of the document.
func (w *writer) captured(write func()) (blocks []paper.Block) {
	parts := w.parts
	w.parts = []paper.Part{{}}
	write()
	for i := range w.parts {
		if i > 0 && len(blocks) > 0 {
			blocks = append(blocks, paper.Break{})
		}
		blocks = append(blocks, w.parts[i].Blocks...)
	}
	w.parts = parts
	return blocks
}

// unnumbered leaves out numbered headings, but not those of units.
func unnumbered(blocks []paper.Block) (kept []paper.Block) {
	for _, b := range blocks {
		if h, is := b.(paper.Heading); !is || h.Level > 2 {
			kept = append(kept, b)
		}
	}
	return kept
}

// wholeBlock is the program's own document, without its table of contents.
func (w *writer) wholeBlock() template.Block {
	return template.Block{
		Name:  template.Name{En: "document", Zh: "全文"},
		About: schema.Label{Zh: "程序自己的整份文件，不含目錄", En: "The program's own document, without its table of contents"},
		Make: func(any) (kept []paper.Block) {
			shots, title := w.shots, w.title
			w.shots = nil
			blocks := w.captured(w.own)
			w.shots, w.title = shots, title
			for _, b := range blocks {
				if _, is := b.(paper.Contents); !is {
					kept = append(kept, b)
				}
			}
			return kept
		},
	}
}

func (w *writer) sourcesBlock() template.Block {
	return template.Block{
		Name: template.Name{En: "sources", Zh: "資料來源"}, Sources: true,
		About: schema.Label{Zh: "來源編號對照表，附數據截止說明", En: "What the small numbers stand for, and which state is shown"},
		Make:  func(any) []paper.Block { return []paper.Block{w.standNote(), w.sourceList()} },
	}
}

func (w *writer) photosBlock() template.Block {
	return template.Block{
		Name: template.Name{En: "photos", Zh: "現場照片"}, About: schema.Label{Zh: "全部照片，一行兩張", En: "All photos, two in a row"},
		Make: func(any) []paper.Block {
			if len(w.shots) == 0 || w.request.Plain {
				return nil
			}
			return w.captured(w.photoPages)
		},
	}
}

// photosOf are the photos of one row.
func photosOf[T any](w *writer, id func(T) string) template.Block {
	return template.Block{
		Name: template.Name{En: "photos", Zh: "照片"}, About: schema.Label{Zh: "這一條的照片", En: "The photos of this item"},
		Make: func(at any) []paper.Block {
			var list []paper.Picture
			for _, p := range w.facts.photos[id(at.(T))] {
				for i := range w.shots {
					if w.shots[i].id == p.id && !w.request.Plain {
						list = append(list, w.picture(&w.shots[i]))
					}
				}
			}
			if len(list) == 0 {
				return nil
			}
			return []paper.Block{paper.Photos{List: list}}
		},
	}
}

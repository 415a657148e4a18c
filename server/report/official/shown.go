package official

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sansuiji/server/report/paper"
	"sansuiji/server/store"
)

// shownFile is evidence that a responsible unit shows for its progress.
type shownFile struct {
	row
	act, entry, unit, problem string
	hash, mediaType, name     string
	caption                   string
	size                      int64
	width, height             int
	there                     bool
}

// isPicture says that a document can show it.
func (f *shownFile) isPicture() bool {
	return f.mediaType == "image/jpeg" || f.mediaType == "image/png"
}

// shown reads the evidence of the ledger. Its pictures are photos of the act and of the
// entry.
func (r *reader) shown(ctx context.Context) error {
	if !slices.Contains([]string{Inspection, Progress}, r.request.Kind) {
		return nil
	}
	where, args, err := r.scope()
	if err != nil {
		return err
	}
	f := r.facts
	if f.shown, err = store.List(ctx, r, scanShown, selectShown+where+` ORDER BY a.done_at, a.id, e.id`, args...); err != nil {
		return err
	}
	for i := range f.shown {
		s := &f.shown[i]
		if !s.isPicture() {
			continue
		}
		p := photo{
			row: s.row, kind: evidenceKind, hash: s.hash, mediaType: s.mediaType, caption: s.name,
			width: s.width, height: s.height, there: s.there,
		}
		if s.caption != "" {
			p.caption += "，" + s.caption
		}
		f.photos[s.entry] = append(f.photos[s.entry], p)
		f.photos[s.act] = append(f.photos[s.act], p)
	}
	return nil
}

// evidenceKind tells pictures of the ledger from those that teams took.
const evidenceKind = "evidence"

const selectShown = `SELECT e.id, a.id, l.id, u.name, p.title, e.hash, e.media_type, e.name, coalesce(e.caption, ''), e.size,
		coalesce(b.width, 0), coalesce(b.height, 0), b.hash IS NOT NULL, a.author, a.done_at, e._revision
	FROM evidence e
	JOIN ledger_act a ON a.campaign_no = e.campaign_no AND a.id = e.ledger_act_id
	JOIN ledger_entry l ON l.campaign_no = a.campaign_no AND l.id = a.ledger_entry_id
	JOIN problem p ON p.campaign_no = l.campaign_no AND p.id = l.problem_id
	JOIN unit u ON u.campaign_no = p.campaign_no AND u.id = p.unit_id
	LEFT JOIN blob b ON b.campaign_no = e.campaign_no AND b.hash = e.hash
	WHERE e.campaign_no = $1`

func scanShown(row store.Scanner) (s shownFile, err error) {
	var id, act, entry, hash []byte
	err = row.Scan(&id, &act, &entry, &s.unit, &s.problem, &hash, &s.mediaType, &s.name, &s.caption, &s.size,
		&s.width, &s.height, &s.there, &s.who, &s.at, &s.revision)
	s.id, s.act, s.entry, s.hash = idText(id), idText(act), idText(entry), hex.EncodeToString(hash)
	return s, err
}

// evidenceWords are the evidence of an act or an entry: pictures by their number, other
// files by their name.
func (w *writer) evidenceWords(id string) string {
	var words []string
	if numbers := w.shotNumbers(id); numbers != "" {
		words = append(words, numbers)
	}
	for i := range w.facts.shown {
		if s := &w.facts.shown[i]; (s.act == id || s.entry == id) && (!s.isPicture() || w.request.Plain) {
			words = append(words, s.name)
		}
	}
	return strings.Join(words, w.say("、", ", "))
}

// shownFiles lists the evidence of acts that some condition takes.
func (w *writer) shownFiles(takes func(*shownFile) bool) {
	t := paper.Table{Small: true, Columns: []paper.Column{
		{Title: w.say("序號", "No."), Width: 10, Centre: true},
		{Title: w.say("單位", "Unit"), Width: 26},
		{Title: w.say("文件", "File"), Width: 46},
		{Title: w.say("照片編號", "Photo"), Width: 18, Centre: true},
		{Title: w.say("字節數", "Bytes"), Width: 18, Centre: true},
		{Title: w.say("摘要（SHA-256前16位）", "SHA-256, 16 digits"), Width: 50, Centre: true},
		{Title: w.say("提交人", "Shown by"), Width: 22},
		{Title: w.say("時間", "When"), Width: 24, Centre: true},
	}}
	const digits = 16
	for i := range w.facts.shown {
		s := &w.facts.shown[i]
		if !takes(s) {
			continue
		}
		name := s.name
		if !s.there {
			name += w.say("（總部無此文件）", " (not at headquarters)")
		}
		t.Rows = append(t.Rows, []paper.Cell{
			paper.Plain(strconv.Itoa(len(t.Rows) + 1)), paper.Plain(s.unit), w.with(name, w.of("整改佐證", "Evidence", &s.row)),
			paper.Plain(w.shotNumberOf(s.id)), paper.Plain(strconv.FormatInt(s.size, 10)), paper.Plain(s.hash[:min(digits, len(s.hash))]),
			paper.Plain(s.who), paper.Plain(w.date(s.at)),
		})
	}
	if len(t.Rows) == 0 {
		return
	}
	w.add(paper.Caption{Text: w.say("整改佐證文件", "Evidence that units show")}, t)
}

func (w *writer) shotNumberOf(id string) string {
	for i := range w.shots {
		if w.shots[i].id == id {
			return w.sayf("照%d", "photo %d", w.shots[i].number)
		}
	}
	return ""
}

// numberShown numbers the pictures of the evidence that some condition takes.
func (w *writer) numberShown(takes func(*shownFile) bool) {
	for i := range w.facts.shown {
		s := &w.facts.shown[i]
		if !takes(s) || !s.isPicture() {
			continue
		}
		for _, p := range w.facts.photos[s.act] {
			if p.id == s.id {
				w.shots = append(w.shots, shot{p, len(w.shots) + 1, s.unit, s.problem})
			}
		}
	}
}

// taken is how many photos teams took of what the document is about.
func (w *writer) taken() (n int) {
	for _, id := range append(idsOf(w.facts.finds, func(f *finding) *row { return &f.row }),
		idsOf(w.facts.checks, func(v *verification) *row { return &v.row })...) {
		for _, p := range w.facts.photos[id] {
			if p.kind != "signature" {
				n++
			}
		}
	}
	return n
}

// whoHas says why a picture is not there, and who has it.
func (w *writer) whoHas(p *photo) string {
	who := p.who
	if p.kind == evidenceKind {
		return fmt.Sprintf(w.say("總部沒有此佐證文件，\n由%s提交", "Headquarters does not have this file:\n%s had shown it"), who)
	}
	if who == "" {
		who = w.say("核查人員", "its inspector")
	}
	return w.sayf("此照片尚未傳到總部，\n仍在%s的手機上", "This photo has not arrived yet:\nthe phone of %s still has it", who)
}

package template

import (
	"path"
	"slices"
	"strings"
)

const (
	wordSpace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	relSpace  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	mainType  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

const (
	typesName  = "[Content_Types].xml"
	stylesKind = mainType + "styles+xml"
)

// look finds the document and refuses what a template is not to have: macros, objects, and
// whatever a program would fetch from elsewhere.
func (t *Template) look() (wrong Mistakes) {
	t.types = map[string]string{}
	if types := t.parts[typesName]; types != nil {
		for _, n := range types.root().children {
			t.types[strings.TrimPrefix(n.attr("PartName"), "/")+dotted(n.attr("Extension"))] = n.attr("ContentType")
		}
	}
	for _, name := range t.names() {
		wrong = append(wrong, t.lookAt(name)...)
	}
	if len(wrong) > 0 {
		return wrong
	}
	return t.findMain()
}

func dotted(extension string) string {
	if extension == "" {
		return ""
	}
	return "." + strings.ToLower(extension)
}

// names are those of all files, in the order of the package.
func (t *Template) names() (names []string) {
	for _, f := range t.zip.File {
		names = append(names, f.Name)
	}
	return names
}

// typeOf is a file's content type.
func (t *Template) typeOf(name string) string {
	if kind := t.types[name]; kind != "" {
		return kind
	}
	return t.types[strings.ToLower(path.Ext(name))]
}

func (t *Template) lookAt(name string) Mistakes {
	key := strings.ToLower(name + " " + t.typeOf(name))
	for _, bad := range []string{"vbaproject", "vbadata", "macroenabled", "activex", "customui", "keymapcustomizations"} {
		if strings.Contains(key, bad) {
			return ofFile(Macros, name, "文件帶有宏或控件（%[1]s），不能用作模板。請另存為不含宏的「Word 文檔（.docx）」。",
				"The file has macros or controls (%[1]s) and cannot be a template. Save it as Word document (.docx) without macros.", shorten(name))
		}
	}
	if strings.Contains(key, "/embeddings/") || strings.Contains(key, "oleobject") || strings.Contains(key, "afchunk") {
		return ofFile(Objects, name, "文件帶有嵌入對象（%[1]s），不能用作模板。請刪去對象，或改為圖片粘貼。",
			"The file has an embedded object (%[1]s) and cannot be a template. Take it out, or paste it as a picture.", shorten(name))
	}
	switch {
	case t.parts[name] == nil:
		return nil
	case strings.HasSuffix(strings.ToLower(name), ".rels"):
		return t.lookAtLinks(name)
	}
	return lookAtPart(name, t.parts[name])
}

// lookAtLinks refuses what leads out of the file.
func (t *Template) lookAtLinks(name string) (wrong Mistakes) {
	t.parts[name].walk(func(n *node) bool {
		target := n.attr("Target")
		if !strings.EqualFold(n.attr("TargetMode"), "External") && !strings.Contains(target, ":") && !strings.HasPrefix(target, `\\`) {
			return true
		}
		wrong = append(wrong, ofFile(External, target,
			"文件引用外部內容（%[1]s）。為安全起見，模板不得引用文件以外的內容，本系統也不讀取：請取消超鏈接、鏈接的圖片或附加的模板。",
			"The file refers to something outside (%[1]s). For safety a template refers to nothing outside of itself, and nothing is fetched: remove the hyperlink, linked picture or attached template.",
			shorten(target))...)
		return true
	})
	return wrong
}

// lookAtPart refuses elements that bring in other content, and fields that do.
func lookAtPart(name string, part *node) (wrong Mistakes) {
	part.walk(func(n *node) bool {
		local := n.local()
		switch local {
		case "altChunk", "subDoc", "object", "control", "OLEObject", "mailMerge", "attachedTemplate":
			wrong = append(wrong, ofFile(Objects, local, "%[2]s 中有嵌入或鏈接的內容（%[1]s），不能用作模板。請刪去後再上傳。",
				"%[2]s has embedded or linked content (%[1]s) and cannot be a template. Take it out and upload it again.", local, shorten(name))...)
		case "fldSimple":
			wrong = append(wrong, lookAtField(localAttr(n, "instr"))...)
		}
		return true
	})
	return append(wrong, lookAtFields(part)...)
}

// local is an element's name without its prefix.
func (n *node) local() string { return n.name[strings.LastIndexByte(n.name, ':')+1:] }

func localAttr(n *node, local string) string {
	for _, a := range n.attrs {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// lookAtFields reads the fields that are written in pieces. What another field computes
// is no part of a field's instruction here, so that no name can be put together.
func lookAtFields(part *node) (wrong Mistakes) {
	var fields []string // those that are open
	part.walk(func(n *node) bool {
		switch n.local() { // whatever prefix the file gives to Word's names
		case "fldChar":
			switch {
			case localAttr(n, "fldCharType") == "begin":
				fields = append(fields, "")
			case len(fields) == 0:
			case localAttr(n, "fldCharType") == "end":
				wrong = append(wrong, lookAtField(fields[len(fields)-1])...)
				fields = fields[:len(fields)-1]
			}
		case "instrText", "delInstrText":
			if len(fields) == 0 {
				fields = append(fields, "")
			}
			fields[len(fields)-1] += n.ownText()
		}
		return true
	})
	for _, f := range fields {
		wrong = append(wrong, lookAtField(f)...)
	}
	return wrong
}

// ownText is the text directly in an element.
func (n *node) ownText() (s string) {
	for _, c := range n.children {
		if c.kind == text {
			s += c.said
		}
	}
	return s
}

// lookAtField lets fields pass that show something of the document itself.
func lookAtField(instruction string) Mistakes {
	words := strings.Fields(instruction)
	if len(words) == 0 {
		return nil
	}
	first := strings.ToUpper(words[0])
	known := []string{
		"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "TOC", "PAGEREF", "REF", "NOTEREF", "SEQ", "STYLEREF", "TC", "SYMBOL", "EQ",
		"DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "TITLE", "SUBJECT", "AUTHOR", "KEYWORDS", "ADVANCE",
	}
	local := first == "HYPERLINK" && len(words) > 1 && strings.EqualFold(words[1], `\l`)
	if slices.Contains(known, first) || local {
		return nil
	}
	return ofFile(Field, first, "文件中有域「%[1]s」，它可能引用外部內容或執行命令，不能用作模板。請按 Ctrl+Shift+F9 把域變為文字。",
		"The file has a field “%[1]s”, which may fetch or run something, and cannot be a template. Turn the field into text with Ctrl+Shift+F9.", shorten(first))
}

// findMain finds the document. Strict documents and those of other programs have other
// names in them.
func (t *Template) findMain() Mistakes {
	if rels := t.parts["_rels/.rels"]; rels != nil {
		for _, r := range rels.root().children {
			if strings.HasSuffix(r.attr("Type"), "/officeDocument") {
				t.main = strings.TrimPrefix(path.Clean("/"+r.attr("Target")), "/")
			}
		}
	}
	part := t.parts[t.main]
	if part == nil || !strings.HasPrefix(t.typeOf(t.main), mainType+"document.main") || t.styles() == "" {
		return ofFile(NotDocument, "", "這不是 Word 文檔，或是其他類型（.dotx、.odt、表格等）。請另存為「Word 文檔（.docx）」再上傳。",
			"This is no Word document, or of another kind (.dotx, .odt, a workbook). Save it as Word document (.docx) and upload that.")
	}
	root := part.root()
	for prefix, space := range spaces() {
		if have := root.attr("xmlns:" + prefix); have != space && (have != "" || prefix == "w") {
			return ofFile(NotDocument, "", "這是「嚴格 Open XML」文檔或由其他程序生成，無法使用。請在 Word 或 WPS 中另存為普通的「Word 文檔（.docx）」。",
				"This is a Strict Open XML document or another program's, which cannot be used. Save it as plain Word document (.docx) in Word or WPS.")
		}
	}
	if root.name != "w:document" || root.child("w:body") == nil {
		return broken(t.main)
	}
	return nil
}

// spaces are the prefixes that blocks are written with.
func spaces() map[string]string {
	const drawing = "http://schemas.openxmlformats.org/drawingml/2006/"
	return map[string]string{
		"w": wordSpace, "r": relSpace, "wp": drawing + "wordprocessingDrawing", "a": drawing + "main", "pic": drawing + "picture", "c": drawing + "chart",
	}
}

// styles is the name of the part that has the styles.
func (t *Template) styles() string {
	for _, name := range t.names() {
		if t.typeOf(name) == stylesKind && t.parts[name] != nil && t.parts[name].root().name == "w:styles" {
			return name
		}
	}
	return ""
}

// filledParts are the parts that places are looked for in: the document first, then
// headers, footers and notes in the order of the package.
func (t *Template) filledParts() (parts []partOf) {
	parts = []partOf{{t.main, InBody, 0}}
	count := map[string]int{}
	for _, name := range t.names() {
		for _, k := range []struct{ kind, part string }{
			{"header", InHeader}, {"footer", InFooter}, {"footnotes", InNotes}, {"endnotes", InNotes},
		} {
			if t.typeOf(name) == mainType+k.kind+"+xml" && t.parts[name] != nil {
				count[k.part]++
				parts = append(parts, partOf{name, k.part, count[k.part]})
			}
		}
	}
	return parts
}

type partOf struct {
	name, part string
	number     int
}

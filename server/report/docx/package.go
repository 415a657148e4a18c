package docx

import (
	"time"
)

// relation is a relationship of the document's.
type relation struct{ id, kind, target string }

const (
	relBase     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	packageBase = "http://schemas.openxmlformats.org/package/2006/"
	mainType    = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	chartType   = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
)

func (p *printer) contentTypes() {
	p.raw(`<Types xmlns="` + packageBase + `content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>`)
	for _, kind := range []struct{ extension, mediaType string }{{"jpeg", "image/jpeg"}, {"png", "image/png"}} {
		if p.has(kind.extension) {
			p.f(`<Default Extension="%s" ContentType="%s"/>`, kind.extension, kind.mediaType)
		}
	}
	override := func(part, contentType string) {
		p.f(`<Override PartName="%s" ContentType="%s"/>`, part, contentType)
	}
	override("/word/document.xml", mainType+"document.main+xml")
	override("/word/styles.xml", mainType+"styles+xml")
	override("/word/settings.xml", mainType+"settings+xml")
	override("/word/fontTable.xml", mainType+"fontTable+xml")
	override("/word/footer1.xml", mainType+"footer+xml")
	override("/word/footer2.xml", mainType+"footer+xml")
	for _, r := range p.rels {
		if r.kind == "chart" {
			override("/word/"+r.target, chartType)
		}
	}
	override("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
	override("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml")
	p.raw(`</Types>`)
}

// has says whether a picture of a format is in the document.
func (p *printer) has(extension string) bool {
	for _, pic := range p.order {
		if pic.extension == extension {
			return true
		}
	}
	return false
}

func (p *printer) packageRels() {
	p.raw(`<Relationships xmlns="` + packageBase + `relationships">` +
		`<Relationship Id="rId1" Type="` + relBase + `officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="` + packageBase + `relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
		`<Relationship Id="rId3" Type="` + relBase + `extended-properties" Target="docProps/app.xml"/>` +
		`</Relationships>`)
}

func (p *printer) documentRels() {
	p.raw(`<Relationships xmlns="` + packageBase + `relationships">`)
	for _, r := range p.rels {
		p.f(`<Relationship Id="%s" Type="%s%s" Target="%s"/>`, r.id, relBase, r.kind, r.target)
	}
	p.raw(`</Relationships>`)
}

func (p *printer) core() {
	at := p.doc.Made.UTC().Format(time.RFC3339)
	p.raw(`<cp:coreProperties xmlns:cp="` + packageBase + `metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"` +
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	p.raw(`<dc:title>` + escape(p.doc.Title) + `</dc:title><dc:creator>` + escape(p.doc.Author) + `</dc:creator>`)
	p.f(`<dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created>`, at)
	p.f(`<dcterms:modified xsi:type="dcterms:W3CDTF">%s</dcterms:modified>`, at)
	p.raw(`</cp:coreProperties>`)
}

func (p *printer) app() {
	p.raw(`<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">` +
		`<Application>Sansuiji</Application></Properties>`)
}

func (p *printer) settings() {
	p.raw(`<w:settings xmlns:w="` + wordSpace + `">` +
		`<w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>` +
		`<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>` +
		`<w:drawingGridVerticalSpacing w:val="156"/><w:characterSpacingControl w:val="compressPunctuation"/>` +
		`<w:compat><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>` +
		`<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/>` +
		`<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>` +
		`</w:compat></w:settings>`)
}

// fontTable names stand-ins for fonts that not every computer has.
func (p *printer) fontTable() {
	p.raw(`<w:fonts xmlns:w="` + wordSpace + `">`)
	seen := map[string]bool{}
	for _, font := range []struct{ name, other string }{
		{p.look.TitleFont, "宋体"},
		{p.look.BodyFont, "仿宋"},
		{p.look.FirstFont, "SimHei"},
		{p.look.SecondFont, "楷体"},
		{p.look.NumberFont, "SimSun"},
	} {
		if seen[font.name] {
			continue
		}
		seen[font.name] = true
		p.raw(`<w:font w:name="` + escape(font.name) + `">`)
		if font.other != font.name {
			p.raw(`<w:altName w:val="` + font.other + `"/>`)
		}
		p.raw(`<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>`)
	}
	p.raw(`<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/>` +
		`<w:pitch w:val="variable"/></w:font></w:fonts>`)
}

// footer is the page number — 1 —, outside, one character in.
func (p *printer) footer(even bool) {
	place := `<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>`
	if even {
		place = `<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>`
	}
	run := func(content string) string {
		return `<w:r><w:rPr><w:rStyle w:val="PageNumber"/></w:rPr>` + content + `</w:r>`
	}
	p.raw(`<w:ftr xmlns:w="` + wordSpace + `"><w:p><w:pPr><w:pStyle w:val="Footer"/>` + place + `</w:pPr>` +
		run(`<w:t xml:space="preserve">— </w:t>`) +
		run(`<w:fldChar w:fldCharType="begin"/>`) + run(`<w:instrText xml:space="preserve"> PAGE </w:instrText>`) +
		run(`<w:fldChar w:fldCharType="separate"/>`) + run(`<w:t>1</w:t>`) + run(`<w:fldChar w:fldCharType="end"/>`) +
		run(`<w:t xml:space="preserve"> —</w:t>`) + `</w:p></w:ftr>`)
}

package docx

import (
	"fmt"

	"sansuiji/server/report/paper"
)

// chartPlace puts the next chart into the text.
func (p *printer) chartPlace(c *paper.Chart) {
	p.drawings++
	p.charted++ // they come in the order in which they were surveyed
	p.raw(pictureBegin + `<w:keepNext/>` + pictureEnd)
	p.f(`<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="Chart %d"`,
		emu(p.width()-6), emu(paper.ChartHeight(c)), p.drawings, p.drawings)
	p.raw(` descr="` + escape(c.Title) + `"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">`)
	p.f(`<c:chart r:id="%s"/>`, p.chartID(p.charted))
	p.raw(`</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`)
	p.line("Caption", c.Title)
}

// chart is a chart of lying bars that Word draws.
func (p *printer) chart(c *paper.Chart) {
	p.raw(`<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
		` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><c:roundedCorners val="0"/><c:chart>` +
		`<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/><c:varyColors val="0"/>`)
	for i := range c.Series {
		p.series(c, i)
	}
	p.raw(`<c:gapWidth val="60"/><c:overlap val="100"/><c:axId val="1"/><c:axId val="2"/></c:barChart>` +
		`<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>` +
		`<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>` + line("7F7F7F") +
		`<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>` +
		`<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="b"/>` +
		`<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1"/><c:crosses val="autoZero"/>` +
		`<c:crossBetween val="between"/></c:valAx></c:plotArea>`)
	if len(c.Series) > 1 {
		p.raw(`<c:legend><c:legendPos val="t"/><c:overlay val="0"/></c:legend>`)
	}
	p.raw(`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000">` +
		`<a:solidFill><a:srgbClr val="000000"/></a:solidFill><a:latin typeface="Times New Roman"/><a:ea typeface="` + escape(p.look.BodyFont) +
		`"/></a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr></c:chartSpace>`)
}

func line(colour string) string {
	return `<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="` + colour + `"/></a:solidFill></a:ln></c:spPr>`
}

func (p *printer) series(c *paper.Chart, i int) {
	ink := c.Ink(i)
	p.f(`<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx><c:strRef><c:f>Sheet1!$%c$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>`, i, i, 'B'+i)
	p.raw(escape(c.Series[i]) + `</c:v></c:pt></c:strCache></c:strRef></c:tx>`)
	p.f(`<c:spPr><a:solidFill><a:srgbClr val="%s"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>`, ink.Fill)
	p.dataLabels(c, i, ink)
	p.f(`<c:cat><c:strRef><c:f>Sheet1!$A$2:$A$%d</c:f><c:strCache><c:ptCount val="%d"/>`, len(c.Bars)+1, len(c.Bars))
	for k := range c.Bars {
		p.f(`<c:pt idx="%d"><c:v>`, k)
		p.raw(escape(c.Bars[k].Label) + `</c:v></c:pt>`)
	}
	p.f(`</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!$%c$2:$%c$%d</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="%d"/>`,
		'B'+i, 'B'+i, len(c.Bars)+1, len(c.Bars))
	for k := range c.Bars {
		p.f(`<c:pt idx="%d"><c:v>%d</c:v></c:pt>`, k, c.Bars[k].Values[i])
	}
	p.raw(`</c:numCache></c:numRef></c:val></c:ser>`)
}

// dataLabels print each number in its bar; a nought has none.
func (p *printer) dataLabels(c *paper.Chart, i int, ink paper.Ink) {
	p.raw(`<c:dLbls>`)
	for k := range c.Bars {
		if c.Bars[k].Values[i] == 0 {
			p.raw(fmt.Sprintf(`<c:dLbl><c:idx val="%d"/><c:delete val="1"/></c:dLbl>`, k))
		}
	}
	p.raw(`<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900"><a:solidFill><a:srgbClr val="` +
		ink.Letters + `"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>` +
		`<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`)
}

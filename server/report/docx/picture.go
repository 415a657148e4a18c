package docx

import (
	"archive/zip"
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // photos
	_ "image/png"  // signatures and codes
	"io"

	"sansuiji/server/report/paper"
)

// picture is a file of pictures in the package.
type picture struct {
	hash, id      string
	extension     string
	width, height int
	bytes         []byte // of what is made here; else it is opened by its hash
}

// survey looks at all pictures and charts before anything is written: the first file of
// the package says what formats there are. A picture that cannot be read is missing.
func (p *printer) survey(ctx context.Context) error {
	p.rels = []relation{
		{"rIdStyles", "styles", "styles.xml"},
		{"rIdSettings", "settings", "settings.xml"},
		{"rIdFonts", "fontTable", "fontTable.xml"},
		{"rIdFooter1", "footer", "footer1.xml"},
		{"rIdFooter2", "footer", "footer2.xml"},
	}
	for i := range p.doc.Parts {
		for _, b := range p.doc.Parts[i].Blocks {
			if err := p.surveyBlock(ctx, b); err != nil {
				return err
			}
		}
	}
	for i := range p.charts {
		p.rels = append(p.rels, relation{p.chartID(i + 1), "chart", p.chartTarget(i + 1)})
	}
	return nil
}

func (p *printer) chartID(n int) string     { return fmt.Sprintf("rId%sChart%d", p.guest, n) }
func (p *printer) chartTarget(n int) string { return fmt.Sprintf("charts/%schart%d.xml", p.guest, n) }

func (p *printer) surveyBlock(ctx context.Context, b paper.Block) error {
	switch b := b.(type) {
	case paper.Photos:
		for k := range b.List {
			if err := p.inspect(ctx, &b.List[k]); err != nil {
				return err
			}
		}
	case paper.Signature:
		return p.inspect(ctx, &b.Picture)
	case paper.Code:
		code, err := paper.CodePNG(b.Text)
		if err != nil {
			return err
		}
		p.add(&picture{hash: "code " + b.Text, extension: "png", bytes: code})
	case paper.Chart:
		p.charts = append(p.charts, b)
	case paper.Table:
		p.anchored = p.anchored || b.Anchors
	}
	return nil
}

// inspect finds out what a picture is, if it is there.
func (p *printer) inspect(ctx context.Context, pic *paper.Picture) error {
	if pic.Missing != "" || pic.Hash == "" || p.pictures[pic.Hash] != nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := p.printing.Pictures.Open(ctx, pic.Hash, false)
	if err != nil {
		return nil // a box will say so
	}
	defer func() { _ = f.Close() }()
	config, format, err := image.DecodeConfig(f)
	if err != nil || (format != "jpeg" && format != "png") {
		return nil
	}
	p.add(&picture{hash: pic.Hash, extension: format, width: config.Width, height: config.Height})
	return nil
}

func (p *printer) add(pic *picture) {
	if p.pictures[pic.hash] != nil {
		return
	}
	p.order = append(p.order, pic)
	pic.id = fmt.Sprintf("rId%sPicture%d", p.guest, len(p.order))
	p.pictures[pic.hash] = pic
	p.rels = append(p.rels, relation{pic.id, "image", p.target(len(p.order)-1, pic)})
}

func (p *printer) target(i int, pic *picture) string {
	return fmt.Sprintf("media/%spicture%d.%s", p.guest, i+1, pic.extension)
}

// media copies the pictures into the package. They are as small as they get already.
func (p *printer) media(ctx context.Context) error {
	for i, pic := range p.order {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.copy(ctx, "word/"+p.target(i, pic), pic); err != nil {
			return fmt.Errorf("copy picture %s: %w", pic.hash, err)
		}
		if err := p.printing.Step(i + 1); err != nil {
			return err
		}
	}
	return nil
}

func (p *printer) copy(ctx context.Context, name string, pic *picture) error {
	w, err := p.create(name, zip.Store)
	if err != nil {
		return err
	}
	if pic.bytes != nil {
		_, err = w.Write(pic.bytes)
		return err
	}
	f, err := p.printing.Pictures.Open(ctx, pic.hash, false)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	_, err = io.Copy(w, f)
	return err
}

// picture prints a picture within a frame, in millimetres, or a box that says why not.
func (p *printer) picture(pic *paper.Picture, most, mostHigh float64) {
	have := p.pictures[pic.Hash]
	if have == nil || pic.Missing != "" {
		p.missing(pic)
		return
	}
	w, h := paper.Fit(have.width, have.height, most, mostHigh)
	p.drawing(have.id, pic.Caption, w, h)
}

// missing stands where a picture would.
func (p *printer) missing(pic *paper.Picture) {
	side := func(name string) string {
		return `<w:` + name + ` w:val="dashed" w:sz="6" w:space="12" w:color="7F7F7F"/>`
	}
	p.raw(`<w:p><w:pPr><w:pStyle w:val="TableText"/><w:pBdr>` + side("top") + side("left") + side("bottom") + side("right") +
		`</w:pBdr><w:spacing w:before="240" w:after="240" w:line="310" w:lineRule="exact"/><w:ind w:left="300" w:right="300" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr><w:r>`)
	p.say(paper.WhyMissing(pic, p.doc.English))
	p.raw(`</w:r></w:p>`)
}

func (p *printer) codePicture(text string) {
	p.drawing(p.pictures["code "+text].id, text, paper.CodeSize, paper.CodeSize)
}

// drawing is a picture in a paragraph of its own, as high as it is.
func (p *printer) drawing(id, caption string, w, h float64) {
	p.drawings++
	p.raw(pictureBegin + pictureEnd)
	p.f(`<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="Picture %d"`, emu(w), emu(h), p.drawings, p.drawings)
	p.raw(` descr="` + escape(caption) + `"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">`)
	p.f(`<pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="Picture %d"/><pic:cNvPicPr/></pic:nvPicPr>`, p.drawings, p.drawings)
	p.f(`<pic:blipFill><a:blip r:embed="%s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`, id)
	p.f(`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>`, emu(w), emu(h))
	p.raw(`</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`)
}

// pictureBegin and pictureEnd stand around what a drawing's paragraph begins with. In a
// table nothing keeps with what follows: whole pages would.
const (
	pictureBegin = `<w:p><w:pPr><w:pStyle w:val="TableText"/>`
	pictureEnd   = `<w:spacing w:before="60" w:after="60" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/></w:pPr><w:r><w:drawing>`
)

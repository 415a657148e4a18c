package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // photos
	_ "image/png"  // signatures
	"io"

	"sansuiji/server/report/font"
	"sansuiji/server/report/paper"
)

// picture is a picture in the file.
type picture struct {
	object        int
	name          string // among the resources
	width, height int
}

// pixelsMax bounds what is decoded.
const pixelsMax = 50_000_000

// take puts a picture into the file, once; nil if it cannot be read.
func (pr *printer) take(pic *paper.Picture) *picture {
	if pic.Missing != "" || pic.Hash == "" {
		return nil
	}
	if pr.file == nil { // only counted
		return &picture{width: pic.Width, height: pic.Height}
	}
	if have, known := pr.pictures[pic.Hash]; known {
		return have
	}
	have := pr.read(pic.Hash)
	pr.pictures[pic.Hash] = have
	if have != nil {
		pr.order = append(pr.order, have)
		have.name = fmt.Sprintf("P%d", len(pr.order))
	}
	return have
}

func (pr *printer) read(hash string) *picture {
	f, err := pr.printing.Pictures.Open(pr.ctx, hash, true)
	if err != nil {
		return nil // a box will say so
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || config.Width < 1 || config.Height < 1 || config.Width > pixelsMax/config.Height {
		return nil
	}
	p := &picture{width: config.Width, height: config.Height}
	space := map[color.Model]string{color.YCbCrModel: "DeviceRGB", color.GrayModel: "DeviceGray"}[config.ColorModel]
	if format == "jpeg" && space != "" {
		p.object = pr.file.reserve()
		pr.file.stream(p.object, p.dictionary(space)+"/Filter/DCTDecode", b)
		return p
	}
	m, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	p.object = pr.file.reserve()
	pr.file.packed(p.object, p.dictionary("DeviceRGB"), onWhite(m))
	return p
}

func (p *picture) dictionary(space string) string {
	return fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%s/BitsPerComponent 8", p.width, p.height, space)
}

// onWhite is a picture's colours on white paper.
func onWhite(m image.Image) []byte {
	b := m.Bounds()
	out := make([]byte, 0, 3*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			red, green, blue, alpha := m.At(x, y).RGBA()
			white := 0xFFFF - alpha
			out = append(out, byte((red+white)>>8), byte((green+white)>>8), byte((blue+white)>>8))
		}
	}
	return out
}

// show prints a picture with its corner at x, y.
func (pr *printer) show(p *picture, x, y, w, h float64) {
	if pr.file == nil {
		return
	}
	pr.page.f("q %s 0 0 %s %s %s cm /%s Do Q\n", number(w), number(h), number(x), number(pr.page.height-y-h), p.name)
}

// missingHigh is how high the box is that stands for a picture, in points.
const missingHigh = 25 * mm

// frame is a picture as it will be printed, or what stands for it.
type frame struct {
	picture *picture
	w, h    float64
	why     []row
}

func noteStyle() style {
	return style{font: font.Song, size: paper.TableSize, line: paper.TableLine, align: centred}
}

// frame fits a picture into a frame, in points.
func (pr *printer) frame(pic *paper.Picture, w, h float64) (fr frame) {
	if fr.picture = pr.take(pic); fr.picture != nil {
		fr.w, fr.h = paper.Fit(fr.picture.width, fr.picture.height, w, h)
		if pr.file != nil && pic.Width > 0 && pic.Height > 0 {
			fr.w, fr.h = paper.Fit(pic.Width, pic.Height, w, h) // as counted
		}
	} else {
		s := noteStyle()
		for _, p := range paragraphs(pr.fonts.letters([]paper.Run{{Text: paper.WhyMissing(pic, pr.doc.English)}}, &s)) {
			fr.why = append(fr.why, pr.set(p, &s, w-6*mm)...)
		}
		fr.w, fr.h = w, max(min(missingHigh, h), float64(len(fr.why))*s.line+4*mm)
	}
	pr.steps++
	if pr.file != nil {
		pr.fail(pr.printing.Step(pr.steps))
	}
	return fr
}

func (pr *printer) drawFrame(fr *frame, x, y float64) {
	if fr.picture != nil {
		pr.show(fr.picture, x, y, fr.w, fr.h)
		return
	}
	pr.page.f("q 0.5 w [3 3] 0 d ")
	pr.page.rect(x, y, fr.w, fr.h, "S")
	pr.page.f("Q ")
	s := noteStyle()
	y += (fr.h - float64(len(fr.why))*s.line) / 2
	for i := range fr.why {
		pr.put(&fr.why[i], &s, false, x+3*mm, fr.w-6*mm, y)
		y += s.line
	}
}

// photos stand two in a row.
func (pr *printer) photos(list []paper.Picture) {
	s := style{font: font.Song, size: paper.TableSize, line: paper.TableLine}
	half := pr.width / 2
	for i := 0; i < len(list); i += 2 {
		var frames []frame
		var captions [][]row
		picturesHigh, high := 0.0, 0.0
		for k := i; k < min(i+2, len(list)); k++ {
			frames = append(frames, pr.frame(&list[k], paper.PhotoWidth*mm, paper.PhotoHeight*mm))
			var caption []row
			for _, p := range paragraphs(pr.fonts.letters([]paper.Run{{Text: list[k].Caption}}, &s)) {
				caption = append(caption, pr.set(p, &s, half-4*mm)...)
			}
			captions = append(captions, caption)
			picturesHigh = max(picturesHigh, frames[k-i].h)
		}
		for _, caption := range captions {
			high = max(high, picturesHigh+3+float64(len(caption))*s.line)
		}
		pr.need(high + 8)
		for k := range frames {
			x := pr.left + float64(k)*half
			pr.drawFrame(&frames[k], x+(half-frames[k].w)/2, pr.y+(picturesHigh-frames[k].h)/2)
			for n := range captions[k] {
				pr.put(&captions[k][n], &s, false, x+2*mm, half-4*mm, pr.y+picturesHigh+3+float64(n)*s.line)
			}
		}
		pr.y += high + 8
	}
}

func (pr *printer) signature(sign *paper.Signature) {
	fr := pr.frame(&sign.Picture, paper.SignatureWidth*mm, paper.SignatureHeight*mm)
	pr.beside(paper.SignatureWidth*mm, fr.h, sign.Words, func(x, y float64) { pr.drawFrame(&fr, x, y) })
}

func (pr *printer) code(c paper.Code) {
	rows, err := paper.CodeModules(c.Text)
	if pr.fail(err) {
		return
	}
	const size = paper.CodeSize * mm
	pr.beside(size, size, c.Words, func(x, y float64) {
		module := size / float64(len(rows))
		for i, line := range rows {
			for k := 0; k < len(line); k++ {
				start := k
				for k < len(line) && line[k] {
					k++
				}
				if k > start {
					pr.page.rect(x+float64(start)*module, y+float64(i)*module, float64(k-start)*module, module, "f")
				}
			}
		}
	})
}

// beside prints something with words to its right.
func (pr *printer) beside(width, height float64, words []string, draw func(x, y float64)) {
	s := style{font: font.Song, size: paper.TableSize, line: paper.TableLine}
	var lines []row
	for _, w := range words {
		for _, p := range paragraphs(pr.fonts.letters([]paper.Run{{Text: w}}, &s)) {
			lines = append(lines, pr.set(p, &s, pr.width-width-6*mm)...)
		}
	}
	high := max(height, float64(len(lines))*s.line)
	pr.need(high)
	draw(pr.left, pr.y+(high-height)/2)
	y := pr.y + (high-float64(len(lines))*s.line)/2
	for i := range lines {
		pr.put(&lines[i], &s, false, pr.left+width+6*mm, pr.width-width-6*mm, y)
		y += s.line
	}
	pr.y += high + 6
}

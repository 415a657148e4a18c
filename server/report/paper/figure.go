package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	qr "github.com/piglig/go-qr"
)

// Ink is the colour of a series, and of letters on it. They can be told apart in grey.
type Ink struct{ Fill, Letters string }

// Inks are the colours of a chart's series, in their order.
func Inks() []Ink {
	return []Ink{
		{"2E6B4F", "FFFFFF"},
		{"8DB89C", "000000"},
		{"D9D9D9", "000000"},
		{"B03A2E", "FFFFFF"},
		{"5B7DB1", "FFFFFF"},
		{"E3C16F", "000000"},
	}
}

// Ink is the colour of a series.
func (c *Chart) Ink(series int) Ink {
	if series < len(c.Tones) {
		series = c.Tones[series]
	}
	return Inks()[series%len(Inks())]
}

// ChartHeight is how high a chart is, in millimetres.
func ChartHeight(c *Chart) float64 { return min(16+8*float64(len(c.Bars)), 190) }

// quiet is the empty edge of a QR code in modules; readers want it.
const quiet = 4

// CodeModules makes a QR code: whether each module is dark, the empty edge included.
func CodeModules(text string) ([][]bool, error) {
	code, err := qr.EncodeText(text, qr.Medium)
	if err != nil {
		return nil, fmt.Errorf("make QR code: %w", err)
	}
	size := code.Size() + 2*quiet
	rows := make([][]bool, size)
	for y := range rows {
		rows[y] = make([]bool, size)
		for x := quiet; x < size-quiet; x++ {
			rows[y][x] = y >= quiet && y < size-quiet && code.Module(x-quiet, y-quiet)
		}
	}
	return rows, nil
}

// CodePNG is a QR code as a picture.
func CodePNG(text string) ([]byte, error) {
	rows, err := CodeModules(text)
	if err != nil {
		return nil, err
	}
	const scale = 8
	m := image.NewPaletted(image.Rect(0, 0, len(rows)*scale, len(rows)*scale), color.Palette{color.White, color.Black})
	for y := range len(rows) * scale {
		for x := range len(rows) * scale {
			if rows[y/scale][x/scale] {
				m.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	err = png.Encode(&b, m)
	return b.Bytes(), err
}

// WhyMissing is what stands in a picture's place.
func WhyMissing(p *Picture, english bool) string {
	switch {
	case p.Missing != "":
		return p.Missing
	case english:
		return "This picture cannot be read at headquarters."
	}
	return "此圖在總部無法讀取。"
}

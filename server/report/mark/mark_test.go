package mark_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"testing"

	"sansuiji/server/report/mark"
)

const some = `[{"kind":"arrow","from":[1000,9000],"to":[5000,5000]},{"kind":"box","from":[5200,3000],"to":[9000,6000]},
	{"kind":"text","at":[6000,2500],"text":"牆體開裂𠮷⚠"},{"kind":"text","at":[9900,9990],"text":"右下角也寫得下"},
	{"kind":"spray"},{"kind":"box","from":[1,2]},7,{"kind":"text","at":["x",1],"text":"no"}]`

func sheet(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.Gray{0x80}), image.Point{}, draw.Src)
	return m
}

func TestMarksAreWhereThePhoneHasThemAndWhatIsNoneIsLeftOut(t *testing.T) {
	marks := mark.Read(some)
	if len(marks) != 4 {
		t.Fatalf("%+v", marks)
	}
	m := sheet(1000, 750)
	(&mark.Pen{}).Draw(m, marks)
	if file := os.Getenv("MARKS_PNG"); file != "" {
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	red, grey := color.RGBA{0xE0, 0x20, 0x20, 0xFF}, color.RGBA{0x80, 0x80, 0x80, 0xFF}
	for _, c := range []struct {
		what string
		x, y int
		want color.RGBA
	}{
		{"the box's upper edge", 700, 225, red},
		{"its middle", 700, 350, grey},
		{"the arrow's head", 485, 390, red},
		{"its line", 300, 525, red},
		{"beside it", 300, 600, grey},
	} {
		if got := m.RGBAAt(c.x, c.y); got != c.want {
			t.Errorf("%s is %v, not %v", c.what, got, c.want)
		}
	}
	again := sheet(1000, 750)
	(&mark.Pen{}).Draw(again, marks)
	if !bytes.Equal(m.Pix, again.Pix) {
		t.Error("the same marks give another picture")
	}
}

func TestOddMarksDoNoHarm(t *testing.T) {
	for _, text := range []string{
		"", "null", "{}", "[[]]", `[{"kind":"arrow","from":[0,0],"to":[0,0]}]`, `[{"kind":"box","from":[-5e9,1e300],"to":[3,4]}]`,
		`[{"kind":"text","at":[0,0],"text":"\u0000\uD800"}]`, `[{"kind":"text","at":[0,0],"text":1}]`,
	} {
		m := sheet(3, 2)
		(&mark.Pen{}).Draw(m, mark.Read(text))
	}
}

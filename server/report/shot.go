package report

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/report/mark"

	"github.com/xuri/excelize/v2"
	"golang.org/x/image/draw"
)

const (
	// picturesMax is how many photos a workbook shows: they wait in memory until it is
	// written. All have their numbers.
	picturesMax = 2000
	// picturesRow is how many of a row's photos are shown.
	picturesRow = 3
	// pictureWide and pictureHigh are what a photo takes at most; pictureHigh is in points,
	// the width in pixels of Excel's (96 to the inch).
	pictureWide = 96
	pictureHigh = 54
	// picturesWide is how wide their column is, in digits.
	picturesWide = picturesRow*(pictureWide+4)/7 + 1
	// pictureFine is how many pixels of the file one of Excel's has: they are printed, too.
	pictureFine = 2
	pictureLook = 70 // quality of the JPEG
)

// shot is a photo of a row.
type shot struct {
	hash    schema.BlobHash
	marks   string
	holder  string // who took it, and has it until it has arrived
	there   bool
	picture bool
}

// number is what a photo goes by in lists and documents.
func (s *shot) number() string {
	const digits = 8
	return s.hash.String()[:digits]
}

// shotNumbers name a row's photos, of which some are shown; nil for none.
func (b *book) shotNumbers(shots []shot, shown int) any {
	if len(shots) == 0 {
		return nil
	}
	var names []string
	visible := 0
	for i := range shots {
		s := &shots[i]
		name := s.number()
		switch {
		case !s.there && s.holder == "":
			name += b.say(schema.Label{Zh: "（未到總部）", En: " (not here)"})
		case !s.there:
			name += fmt.Sprintf(b.say(schema.Label{Zh: "（未到，在%s手機上）", En: " (still on %s's phone)"}), s.holder)
		case s.picture:
			visible++
		}
		names = append(names, name)
	}
	text := strings.Join(names, "\n")
	if shown < visible && !b.order.Plain {
		text += "\n" + fmt.Sprintf(b.say(schema.Label{Zh: "（附圖%d張，共%d張）", En: "(%d of %d shown)"}), shown, visible)
	}
	return text
}

// show puts a row's first photos into their column, as far as there is room, and says how
// many they were.
func (s *sheet) show(ctx context.Context, shots []shot) (n int, err error) {
	at := 0
	for i := range s.columns {
		if s.columns[i].kind == photoViews {
			at = i + 1
		}
	}
	if at == 0 || s.book.order.Plain || s.book.printer.Photos == nil {
		return 0, nil
	}
	for i := range shots {
		if n == picturesRow || s.book.pictures == 0 {
			break
		}
		if !shots[i].there || !shots[i].picture {
			continue
		}
		small, err := s.book.small(ctx, &shots[i])
		if err != nil {
			return n, err
		}
		if small == nil {
			continue
		}
		if err := s.place(at, n, small, &shots[i]); err != nil {
			return n, err
		}
		n++
		s.book.pictures--
	}
	return n, nil
}

// place puts a picture over the newest row's cell; it moves with the cell.
func (s *sheet) place(column, n int, file []byte, one *shot) error {
	cell, err := excelize.CoordinatesToCellName(column, s.rows+1)
	if err != nil {
		return err
	}
	return s.book.file.AddPictureFromBytes(s.name, cell, &excelize.Picture{
		Extension: ".jpg", File: file,
		Format: &excelize.GraphicOptions{
			AltText: one.number(), OffsetX: 2 + n*(pictureWide+4), OffsetY: 1, Positioning: "oneCell",
			ScaleX: 1.0 / pictureFine, ScaleY: 1.0 / pictureFine, LockAspectRatio: true,
		},
	})
}

// small is a photo as small as a workbook has it, with its marks; nil: it cannot be read.
func (b *book) small(ctx context.Context, one *shot) ([]byte, error) {
	f, err := b.printer.Photos.Thumbnail(ctx, b.campaign, one.hash)
	if err != nil {
		return nil, ctx.Err()
	}
	defer func() { _ = f.Close() }()
	m, _, err := image.Decode(f)
	if err != nil {
		return nil, ctx.Err()
	}
	const pixelsHigh = pictureHigh * 96 / 72
	size := m.Bounds()
	scale := min(float64(pictureFine*pictureWide)/float64(size.Dx()), float64(pictureFine*pixelsHigh)/float64(size.Dy()), 1)
	small := image.NewRGBA(image.Rect(0, 0, max(int(float64(size.Dx())*scale), 1), max(int(float64(size.Dy())*scale), 1)))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), m, size, draw.Src, nil)
	b.pen.Draw(small, mark.Read(one.marks))
	var out bytes.Buffer
	err = jpeg.Encode(&out, small, &jpeg.Options{Quality: pictureLook})
	return out.Bytes(), err
}

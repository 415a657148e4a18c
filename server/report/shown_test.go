package report_test

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/report"
	"sansuiji/server/report/official"
	"sansuiji/syncengine/edit"
)

func TestEvidenceOfTheLedgerIsInDocuments(t *testing.T) {
	o := busy(t)
	for kind, wanted := range map[string][]string{
		official.Inspection: {"整改佐證文件", "橋1.jpg", "合同.txt", "橋2.jpg，修復後", "丟失.jpg（總部無此文件）"},
		official.Progress:   {"（佐證：照1、照2、照3、合同.txt）", "整改佐證文件", "橋1.jpg，修復後"},
	} {
		for _, format := range []string{report.DOCX, report.PDF} {
			raw := o.printed(official.Request{Kind: kind}, format)
			o.keep(kind+"."+format, raw)
			text := ""
			if format == report.DOCX {
				text = textOf(unzip(t, raw))
			} else {
				text = pdfText(t, raw)
			}
			text = squeezed(text)
			for _, want := range append(wanted, "總部沒有此佐證文件，由村黨總支提交") {
				if !strings.Contains(text, squeezed(want)) && format == report.DOCX {
					t.Errorf("%s as %s does not say %s", kind, format, want)
				}
			}
		}
	}
}

func TestMarksAreDrawnOnACopyAndThePhotoStaysAsItIs(t *testing.T) {
	o := newOffice(t)
	o.findings(1, 0, texts)
	hash := o.take(o.photo(5))
	var id schema.RowID
	o.Write(func(b *edit.Builder) {
		id = attachment(b, o.Visits[0], schema.NaturalRowID("finding 0"), "finding", "photo", hash, o.People[0])
	})
	o.Write(func(b *edit.Builder) {
		b.Update("attachment", id, edit.Cells{}, edit.Cells{"marks": edit.Text(`[{"kind":"box","from":[2000,2000],"to":[8000,8000]}]`)})
	})
	request := official.Request{Kind: official.Inspection}
	raw := o.printed(request, report.DOCX)
	o.keep("marks.docx", raw)
	o.keep("marks.pdf", o.printed(request, report.PDF))
	marked := unzip(t, raw)["word/media/picture1.jpeg"]
	m, format, err := image.Decode(strings.NewReader(marked))
	if err != nil || format != "jpeg" {
		t.Fatalf("%s, %v", format, err)
	}
	at := color.RGBAModel.Convert(m.At(m.Bounds().Dx()/2, m.Bounds().Dy()/5)).(color.RGBA)
	if at.R < 180 || at.G > 100 || at.B > 100 {
		t.Errorf("the box's edge is %v", at)
	}
	if !bytes.Equal(raw, o.printed(request, report.DOCX)) {
		t.Error("the same marks give another file")
	}
	f, _, err := o.photos.Open(t.Context(), o.Campaign, hash)
	o.must(err)
	defer func() { _ = f.Close() }()
	if whole, err := io.ReadAll(f); err != nil || !bytes.Equal(whole, o.photo(5)) {
		t.Error("the photo has changed")
	}
	book, _ := o.book(report.Findings, "zh")
	pictures, err := book.GetPictures("發現", "Z2")
	if err != nil || len(pictures) != 1 {
		t.Fatalf("%d pictures, %v", len(pictures), err)
	}
	small, _, err := image.Decode(bytes.NewReader(pictures[0].File))
	o.must(err)
	at = color.RGBAModel.Convert(small.At(small.Bounds().Dx()/2, small.Bounds().Dy()/5)).(color.RGBA)
	if at.R < 150 || at.G > 130 {
		t.Errorf("the box's edge in the workbook is %v", at)
	}
}

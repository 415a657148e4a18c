package paper

// Look is what offices choose differently. The zero value of a field means GB/T 9704-2012.
type Look struct {
	LinePoints float64 `json:"line_pt,omitempty" minimum:"0" maximum:"40" doc:"Pitch of the lines of the body; 0: 28.95"`
	TitleFont  string  `json:"title_font,omitempty" maxLength:"60"`
	BodyFont   string  `json:"body_font,omitempty" maxLength:"60"`
	FirstFont  string  `json:"first_font,omitempty" maxLength:"60" doc:"Of headings 一、"`
	SecondFont string  `json:"second_font,omitempty" maxLength:"60" doc:"Of headings （一）"`
	NumberFont string  `json:"number_font,omitempty" maxLength:"60" doc:"Of page numbers"`
	BoldThird  bool    `json:"bold_third,omitempty" doc:"Headings 1. are bold"`
}

// Whole is the look with what it leaves open filled in.
func (l Look) Whole() Look {
	for _, f := range []struct {
		field    *string
		standard string
	}{
		{&l.TitleFont, "方正小标宋简体"},
		{&l.BodyFont, "仿宋_GB2312"},
		{&l.FirstFont, "黑体"},
		{&l.SecondFont, "楷体_GB2312"},
		{&l.NumberFont, "宋体"},
	} {
		if *f.field == "" {
			*f.field = f.standard
		}
	}
	if l.LinePoints < 20 {
		l.LinePoints = linePoints
	}
	return l
}

// linePoints lets 22 lines stand in 225 mm; twentieths of a point, as DOCX counts.
const linePoints = 28.95

// The type area of GB/T 9704-2012: A4 with these margins, in millimetres.
const (
	PageWidth  = 210.0
	PageHeight = 297.0
	MarginTop  = 37.0
	MarginLeft = 28.0 // where the pages are bound
	AreaWidth  = 156.0
	AreaHeight = 225.0
)

// Sizes of letters in points.
const (
	TitleSize   = 22.0 // 二號
	BodySize    = 16.0 // 三號
	NumberSize  = 14.0 // 四號
	CaptionSize = 12.0 // 小四
	TableSize   = 10.5 // 五號
	SmallSize   = 9.0  // 小五
	TitleLine   = 35.0
	TableLine   = 15.5
	SmallLine   = 12.5
	// Pitch is what is added between characters of the body: 28 of 16 points in 156 mm.
	Pitch = -0.25
)

// Sizes of pictures at most, in millimetres.
const (
	PhotoWidth      = 73.0
	PhotoHeight     = 55.0
	SignatureWidth  = 60.0
	SignatureHeight = 25.0
	CodeSize        = 32.0
)

// Fit scales a picture into a frame, in millimetres; a size that is not known fills it.
func Fit(width, height int, most, mostHigh float64) (w, h float64) {
	if width < 1 || height < 1 {
		return most, mostHigh
	}
	scale := min(most/float64(width), mostHigh/float64(height))
	return float64(width) * scale, float64(height) * scale
}

package packing

import (
	"unicode/utf8"
)

// Texts are written in a form of one or two bytes a Chinese character, where
// UTF-8 has three: below 0x80 a byte is a place in commonLetters; 0x80 to 0xfe is
// the upper byte of 0x8000 + a place in textRanges; 0xff comes before any other
// character in three bytes.
const textEscape = 0xff

// commonLetters are the characters of one byte: digits and signs, then the
// characters that were most frequent in the catalogue's words when this format
// was made. They belong to the format and never change with the catalogue.
const commonLetters = "0123456789 .,:%-/()+\n" +
	"。已請內查容，人部總員整會用時新理的記重間不備存完改核處設原始保名度應登目碼組位試單器更錄；務回後或有服次" +
	"被使批無繫聯題一上了作問在對提數發自過交修動取地定審待成未本法稱號行表驗（）仍他停分可性按撤操條求現管結變責"

// textRange is a run of characters, from first up to but not including end.
type textRange struct{ first, end, place rune }

// textRanges lists the characters of two bytes, 0x7f00 of them: Chinese, the
// punctuation of Chinese and of the West, full-width forms, other scripts.
func textRanges() [4]textRange {
	return [4]textRange{
		{first: 0x4e00, end: 0xa000, place: 0},
		{first: 0x2000, end: 0x3100, place: 0x5200},
		{first: 0xff00, end: 0x10000, place: 0x6300},
		{first: 0, end: 0x1b00, place: 0x6400},
	}
}

// letters finds its way in commonLetters.
type letters struct {
	from  [common + 1]uint16 // where in commonLetters a code's character is
	codes map[rune]byte      // made when it is first needed
}

// common is the number of commonLetters.
const common = 0x80

func newLetters() *letters {
	l, code := &letters{}, 0
	for from := range commonLetters {
		l.from[code] = uint16(from)
		code++
	}
	l.from[code] = uint16(len(commonLetters))
	return l
}

// at is the character of a code below common.
func (l *letters) at(code byte) string { return commonLetters[l.from[code]:l.from[code+1]] }

func (l *letters) fill() {
	l.codes = make(map[rune]byte, common)
	for _, c := range commonLetters {
		l.codes[c] = byte(len(l.codes))
	}
}

// appendCode appends the written form of a text of valid UTF-8.
func (l *letters) appendCode(b, text []byte) []byte {
	if l.codes == nil {
		l.fill()
	}
	for len(text) > 0 {
		c, n := utf8.DecodeRune(text)
		text = text[n:]
		if code, is := l.codes[c]; is {
			b = append(b, code)
		} else {
			b = appendWide(b, c)
		}
	}
	return b
}

func appendWide(b []byte, c rune) []byte {
	for _, r := range textRanges() {
		if c >= r.first && c < r.end {
			place := c - r.first + r.place
			return append(b, byte(0x80|place>>8), byte(place))
		}
	}
	return append(b, textEscape, byte(c>>16), byte(c>>8), byte(c))
}

// appendText appends a text of size bytes in UTF-8 from the front of code and
// says how much of code it took; ok is false if there is no such text.
func (l *letters) appendText(b, code []byte, size int) (text []byte, taken int, ok bool) {
	end := len(b) + size
	for len(b) < end {
		rest := code[taken:]
		switch {
		case len(rest) == 0:
			return b, taken, false
		case rest[0] < common:
			b = append(b, l.at(rest[0])...)
			taken++
			continue
		case rest[0] != textEscape && len(rest) > 1:
			b = utf8.AppendRune(b, wideAt(rune(rest[0]&0x7f)<<8|rune(rest[1])))
			taken += 2
			continue
		case rest[0] != textEscape || len(rest) < 4:
			return b, taken, false
		}
		c := rune(rest[1])<<16 | rune(rest[2])<<8 | rune(rest[3])
		if !utf8.ValidRune(c) {
			return b, taken, false
		}
		b = utf8.AppendRune(b, c)
		taken += 4
	}
	return b, taken, len(b) == end
}

// wideAt is the character at a place below 0x7f00.
func wideAt(place rune) rune {
	ranges := textRanges()
	if place < ranges[1].place {
		return place + ranges[0].first
	}
	i := len(ranges) - 1
	for place < ranges[i].place {
		i--
	}
	return place - ranges[i].place + ranges[i].first
}

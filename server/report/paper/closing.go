package paper

import "unicode"

// Indents are how far the signature and the date stand from the right, in hundredths of a
// character: the date begins two characters after the signature (GB/T 9704-2012, 7.3.5.2).
func (c Closing) Indents() (who, when int) {
	w, d := CharactersWide(c.Who), CharactersWide(c.When)
	if d > w {
		return 400 + d - w, 200
	}
	return 200, max(w-d, 0)
}

// CharactersWide is how wide a text is, in hundredths of a character.
func CharactersWide(text string) (width int) {
	for _, r := range text {
		if r < 0x2000 || unicode.In(r, unicode.Latin) {
			width += 50
		} else {
			width += 100
		}
	}
	return width
}

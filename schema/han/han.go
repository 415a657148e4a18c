// Package han knows which Chinese characters are one when people look for something:
// traditional and simplified ones, and variants. It converts no texts, for it merges what
// simplification has merged (後 and 后, 幹 and 干).
//
// classes.json has the classes, of Unicode's Unihan database (UAX #38) and of some pairs
// that it leaves out. The field app reads the same file. It is made anew by
// bzcat /usr/share/unicode/Unihan_Variants.txt.bz2 | go run schema/han/unihan.go
// of Debian's package unicode-data.
package han

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
)

//go:embed classes.json
var classesFile []byte

// table is who is in a class with whom; the first member stands for the class.
var table = sync.OnceValue(func() map[rune][]rune {
	var rows []string
	if err := json.Unmarshal(classesFile, &rows); err != nil {
		panic("han: classes.json: " + err.Error())
	}
	classes := map[rune][]rune{}
	for _, row := range rows {
		for class := range strings.FieldsSeq(row) {
			members := []rune(class)
			for _, r := range members {
				classes[r] = members
			}
		}
	}
	return classes
})

// Fold is the character that stands for all that are one with it.
func Fold(r rune) rune {
	if members := table()[r]; members != nil {
		return members[0]
	}
	return r
}

// Text is a text with each of its characters folded. It has as many characters as before.
func Text(text string) string { return strings.Map(Fold, text) }

// Others are the characters beside it that fold to what it folds to.
func Others(r rune) (list []rune) {
	for _, one := range table()[r] {
		if one != r {
			list = append(list, one)
		}
	}
	return list
}

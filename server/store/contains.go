package store

import (
	"strings"

	"sansuiji/schema/han"
)

// Contains is an SQL condition that one of some columns has a text in it as it stands, wildcards
// included. The case of Latin letters makes no difference (SQLite's LIKE ignores it and
// PostgreSQL's does not; lower makes them agree), nor do characters that are one (see package
// han). placeholder takes an argument of the query and gives its name.
func Contains(text string, placeholder func(any) string, columns ...string) string {
	literal := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(han.Text(text))
	before, after := folding(text, placeholder) // first: SQLite takes arguments in the order of the text
	p := placeholder("%" + literal + "%")
	var likes []string
	for _, column := range columns {
		likes = append(likes, before+"lower("+column+")"+after+" LIKE lower("+p+`) ESCAPE '\'`)
	}
	return "(" + strings.Join(likes, " OR ") + ")"
}

// folding stands around a column: it folds the characters that a text has, and no others.
func folding(text string, placeholder func(any) string) (before, after string) {
	done := map[rune]bool{}
	for _, r := range text {
		to := han.Fold(r)
		if done[to] {
			continue
		}
		done[to] = true
		for _, other := range han.Others(to) {
			before += "replace("
			after += ", " + placeholder(string(other)) + ", " + placeholder(string(to)) + ")"
		}
	}
	return before, after
}

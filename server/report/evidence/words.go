package evidence

import (
	_ "embed"
	"encoding/json"
	"strings"

	"sansuiji/schema"
)

//go:embed words.json
var wordsText []byte

// wordsBy are the sentences of words.json, which web/apps/evidence has too: both checks say
// the same.
var wordsBy = func() (w map[string]schema.Label) {
	if err := json.Unmarshal(wordsText, &w); err != nil {
		panic("evidence: words.json: " + err.Error())
	}
	return w
}()

// Word is a sentence, with what is put into its places: names and values in turn.
func Word(code string, pairs ...string) schema.Label {
	l, ok := wordsBy[code]
	if !ok {
		panic("evidence: no words for " + code)
	}
	named := make([]string, len(pairs))
	for i := range pairs {
		if named[i] = pairs[i]; i%2 == 0 {
			named[i] = "{" + pairs[i] + "}"
		}
	}
	r := strings.NewReplacer(named...)
	return schema.Label{Zh: r.Replace(l.Zh), En: r.Replace(l.En)}
}

// Limits are what no check of a file proves.
func Limits() []schema.Label {
	return []schema.Label{Word("limit-document"), Word("limit-history"), Word("limit-truth")}
}

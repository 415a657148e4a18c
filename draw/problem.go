package draw

import (
	_ "embed"
	"encoding/json"
	"errors"
	"strings"
)

// Problem is what is wrong with an input, and where: a code of words.json and what
// its sentence names. Both languages' programs give the same code and names.
type Problem struct {
	Code  string   `json:"code"`
	Args  []string `json:"args,omitempty"`
	Cause *Problem `json:"cause,omitempty"`
}

func problem(code string, args ...string) error { return &Problem{Code: code, Args: args} }

func (p *Problem) Error() string {
	text := strings.TrimSuffix(p.Code+": "+strings.Join(p.Args, ", "), ": ")
	if p.Cause != nil {
		text += ": " + p.Cause.Error()
	}
	return text
}

// ProblemOf is the problem in an error's chain; nil if there is none.
func ProblemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return nil
}

//go:embed words.json
var wordsText []byte

// words are the sentences by code and language. The text of words.json is shared
// with web/packages/draw.
var words = func() (w map[string]map[string]string) {
	if err := json.Unmarshal(wordsText, &w); err != nil {
		panic("draw: words.json: " + err.Error())
	}
	return w
}()

// Say says in a language, "zh" or "en", what a code and what it names mean.
func Say(language, code string, args ...string) string {
	text, ok := words[code][language]
	if !ok {
		return strings.Join(append([]string{code}, args...), " ")
	}
	var pairs []string
	for i, arg := range args {
		pairs = append(pairs, "{"+string(rune('0'+i))+"}", arg)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Say says the problem in a language, "zh" or "en".
func (p *Problem) Say(language string) string {
	text := Say(language, p.Code, p.Args...)
	if p.Cause != nil {
		text += Say(language, "colon") + p.Cause.Say(language)
	}
	return text
}

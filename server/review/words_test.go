package review

import (
	"strings"
	"testing"
)

func TestATextIsCutIntoPairsOfHanAndWordsOfLatin(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "",
		"帳目公開":              "帐目 目公 公开 开", // a character of each class stands for it
		"账目公开":              "帐目 目公 公开 开",
		"村":                 "村",
		"三會一課2024年第3期":      "三会 会一 一課 課 2024 年第 第 3 期",
		"Ａ０１２ No.7 café":    "a012 no 7 café",
		"，。！ ":              "",
		"賬目/帳目":             "帐目 目 帐目 目",
		"１２㎡":               "12m2",
		"O'Neil 村委會（b）\x00": "o neil 村委 委会 会 b",
	} {
		if got := strings.Join(words(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsLookedForIsFoundTogetherWhereItHasNoSpaces(t *testing.T) {
	for search, want := range map[string]string{
		"帳目公開 路燈":    "帐目+目公+公开 路灯",
		"村":          "村",
		"a 村":        "a 村",
		"2024年":      "2024+年",
		"課2024":      "課+2024",
		" \"*( OR -": "or",
	} {
		var got []string
		for _, p := range phrases(search) {
			got = append(got, strings.Join(p, "+"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", search, got, want)
		}
	}
}

func TestALongTextIsKeptAsFarAsItIsCounted(t *testing.T) {
	if n := len(document(strings.Repeat("村民", wordsMax), "x")); n != wordsMax {
		t.Errorf("%d words", n)
	}
	if w := words(strings.Repeat("é", 500)); len(w) != 1 || len(w[0]) != wordMax {
		t.Errorf("%q", w)
	}
}

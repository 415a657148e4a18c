package campaign

import (
	"fmt"
	"strings"

	"sansuiji/syncengine/edit"
)

// questionText is a question as offices write them.
type questionText struct {
	category string // empty: of all
	kind     string
	text     string
	options  string // for one of several, parted by 、
}

// checkQuestions are asked at units: common ones 同題共答, then those of categories 加試題.
func checkQuestions() []questionText {
	return []questionText{
		{"", "yesno", "「三會一課」記錄與到會人員簽名是否一致", ""},
		{"", "yesno", "黨務、村（居）務、財務公開是否在三個月以內更新", ""},
		{"", "choice", "問題清單的公示情況", "已公示且可查、公示內容不全、未公示"},
		{"", "scale", "現場台賬與實際情況相符程度", ""},
		{"", "number", "隨機詢問的黨員中能說出本單位主要問題的人數", ""},
		{"village", "yesno", "村級活動場所工作日是否開放", ""},
		{"village", "choice", "村集體經濟收入台賬", "賬實相符、部分不符、無台賬"},
		{"village", "number", "現場抽看的公益性崗位在崗人數", ""},
		{"community", "yesno", "網格員能否指出所管網格的重點人員", ""},
		{"community", "scale", "居民服務大廳一次辦結情況", ""},
		{"department", "yesno", "服務窗口是否落實首問負責", ""},
		{"department", "choice", "涉企檢查備案情況", "全部備案、部分備案、未備案"},
		{"soe", "yesno", "「三重一大」事項是否先經黨組織前置研究", ""},
		{"hospital", "yesno", "收費公示與系統收費項目是否一致", ""},
		{"hospital", "scale", "患者投訴辦結情況", ""},
		{"school", "yesno", "食堂留樣與陪餐記錄是否齊全", ""},
		{"school", "number", "現場詢問的教師中知曉師德投訴渠道的人數", ""},
	}
}

// interviewQuestions are asked of people who were drawn.
func interviewQuestions() []questionText {
	return []questionText{
		{"", "scale", "您對這裡黨組織的工作滿意嗎", ""},
		{"", "scale", "您反映的問題有人管、有結果嗎", ""},
		{"", "yesno", "您知道公示的問題清單嗎", ""},
		{"", "choice", "您最希望先解決哪一方面的問題", "用水用電、道路出行、看病上學、環境衛生、辦事服務、其他"},
		{"", "text", "這一年裡您身邊發生了什麼變化", ""},
		{"", "text", "還有什麼話想對核查組說", ""},
	}
}

// scaleMax is the highest mark.
const scaleMax = 5

func (g *generator) questions() {
	g.asked("C", "check", checkQuestions())
	g.asked("I", "interview", interviewQuestions())
}

// asked adds the questions of one usage, whose codes begin with a letter.
func (g *generator) asked(letter, usage string, list []questionText) {
	for i, q := range list {
		cells := edit.Cells{
			"code": edit.Text(fmt.Sprintf("%s%02d", letter, i+1)), "usage": edit.Text(usage),
			"position": edit.Int(int64(i + 1)), "text": edit.Text(q.text), "kind": edit.Text(q.kind),
		}
		if q.category != "" {
			cells["category"] = edit.Text(q.category)
		}
		switch q.kind {
		case "choice":
			cells["options"] = edit.Text(strings.ReplaceAll(q.options, "、", "\n"))
		case "scale":
			cells["scale_max"], cells["readable"] = edit.Int(scaleMax), edit.Int(1)
		}
		if q.kind != "text" {
			cells["required"] = edit.Int(1)
		}
		g.add("question", g.id(), cells)
	}
}

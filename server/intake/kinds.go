package intake

import (
	"sansuiji/schema"
)

// numberMax is the highest count or running number.
const numberMax = 1_000_000_000

func unitKind(catalogue *schema.Catalogue) *Kind {
	d := describer{catalogue.MustTable("unit")}
	return &Kind{
		Name: "units", Label: d.table.Label, table: d.table.Name, plan: planUnits,
		Fields: []Field{
			d.field("code", text(shortText), "CUN-0001", "代碼", "編碼", "單位編碼", "單位編號", "編號", "機構代碼",
				"組織機構代碼", "統一社會信用代碼", "unit code").required(),
			d.field("name", text(shortText), "某鎮某村", "名稱", "單位", "被查單位", "被核查單位", "單位全稱", "村社名稱",
				"黨組織名稱", "unit", "unit name").required(),
			d.choice("category", "村", categoryWords(), "類別", "類型", "單位類別", "單位類型", "所屬領域", "領域類別").required(),
			d.field("county", text(shortText), "某縣", "縣區", "縣", "區縣", "所屬縣區", "所在縣區", "所屬縣", "district"),
			d.field("township", text(shortText), "某鎮", "鄉鎮", "街道", "鎮街", "鄉", "所屬鄉鎮", "所在鄉鎮", "town"),
			d.field("members", integer(0, numberMax), "36", "黨員數", "黨員總數", "黨員", "members"),
			d.field("secretary", text(shortText), "張某", "書記姓名", "黨組織書記", "支部書記", "黨支部書記", "負責人"),
			d.field("phone", text(shortText), "0000-1234567", "電話", "聯繫電話", "聯繫方式", "手機", "phone"),
			d.field("latitude_e7", degrees(90), "30.1234567", "北緯", "lat"),
			d.field("longitude_e7", degrees(180), "115.1234567", "東經", "lng", "lon"),
		},
	}
}

func categoryWords() map[string]string {
	return map[string]string{
		"行政村": "village", "農村": "village", "建制村": "village", "村黨組織": "village",
		"居委會": "community", "城市社區": "community", "黨政機關": "department", "機關單位": "department", "市直機關": "department",
		"國企": "soe", "企業": "soe", "公立醫院": "hospital", "衛生院": "hospital", "中小學": "school", "學校黨組織": "school",
	}
}

// unitFields name the unit that a row belongs to.
func unitFields() []Field {
	unit := unitLabel()
	return []Field{
		{
			Name: "unit_code", Label: schema.Label{Zh: "單位代碼", En: "Unit code"}, Required: true, Or: "unit", Example: "CUN-0001",
			Words: []string{"單位編碼", "單位編號", "被查單位代碼", "機構代碼", "統一社會信用代碼"}, read: text(shortText),
		},
		{
			Name: "unit", Label: unit, Required: true, Or: "unit_code", Example: "某鎮某村",
			Words: []string{"單位", "單位名稱", "被核查單位", "單位全稱", "名稱", "村社名稱", "黨組織名稱", "unit name"}, read: text(shortText),
		},
	}
}

func unitLabel() schema.Label { return schema.Label{Zh: "被查單位", En: "unit"} }

func problemKind(catalogue *schema.Catalogue) *Kind {
	d := describer{catalogue.MustTable("problem")}
	return &Kind{
		Name: "problems", Label: d.table.Label, table: d.table.Name, plan: planProblems,
		Fields: append(
			unitFields(),
			d.field("number", integer(0, numberMax), "1", "問題序號", "問題編號", "編號", "no"),
			d.field("title", text(longText), "黨務公開不及時", "問題清單", "存在問題", "問題名稱", "問題描述", "主要問題",
				"突出問題", "問題內容", "title").required(),
			d.field("detail", text(longText), "近三個月未更新公示欄", "表現", "具體問題", "問題表現", "詳細情況", "表現形式"),
			d.choice("source", "自己找", map[string]string{
				"自查": "self", "單位自查": "self", "上級點名": "superior", "上級反饋": "superior",
				"群眾反映": "public", "群眾": "public",
			}, "問題來源", "查擺方式", "發現途徑"),
			d.choice("reach", "個性", map[string]string{"共性問題": "common", "個性問題": "individual"},
				"共性或個性", "問題性質", "問題類型"),
			d.choice("severity", "一般", map[string]string{"較嚴重": "serious", "特別嚴重": "critical", "輕": "minor", "重": "serious"},
				"嚴重程度", "問題程度"),
		),
	}
}

func ledgerKind(catalogue *schema.Catalogue) *Kind {
	d := describer{catalogue.MustTable("ledger_entry")}
	return &Kind{
		Name: "ledger", Label: d.table.Label, table: d.table.Name, plan: planLedger,
		Fields: append(
			unitFields(),
			Field{
				Name: "number", Label: schema.Label{Zh: "問題序號", En: "Problem number"}, Required: true, Or: "problem", Example: "1",
				Words: []string{"序號", "問題編號", "編號", "no"}, read: integer(0, numberMax),
			},
			Field{
				Name: "problem", Label: problemLabel(), Required: true, Or: "number", Example: "黨務公開不及時", read: text(longText),
				Words: []string{"問題清單", "存在問題", "問題名稱", "問題描述", "主要問題", "突出問題", "問題內容"},
			},
			d.field("measure", text(longText), "每月更新公示欄", "措施", "具體措施", "整改舉措", "整改內容"),
			d.field("goal", text(longText), "公開內容當月上欄", "目標", "整改成效目標"),
			d.field("responsible_unit", text(shortText), "某村黨支部", "牽頭單位", "責任部門", "整改單位", "整改責任單位"),
			d.field("responsible_leader", text(shortText), "李某", "牽頭領導", "分管領導", "包抓領導"),
			d.field("responsible_person", text(shortText), "張某", "具體責任人", "整改責任人", "負責人", "直接責任人"),
			d.field("due_at", date, "2026-11-25", "時限", "完成時限", "整改期限", "完成時間", "期限", "計劃完成時間"),
			d.field("progress", text(longText), "已更新三期", "進展情況", "整改進展", "整改情況", "進展", "整改成效", "整改完成情況"),
			d.choice("state", "未完成", map[string]string{
				"進行中": "open", "推進中": "open", "整改中": "open", "正在整改": "open",
				"已完成": "claimed", "完成": "claimed", "已整改": "claimed", "銷號": "closed",
			}, "整改狀態", "銷號情況", "完成狀態"),
		),
	}
}

func problemLabel() schema.Label { return schema.Label{Zh: "問題", En: "problem"} }

func commitmentKind(catalogue *schema.Catalogue) *Kind {
	d := describer{catalogue.MustTable("commitment")}
	return &Kind{
		Name: "commitments", Label: d.table.Label, table: d.table.Name, plan: planCommitments,
		Fields: append(
			unitFields(),
			d.field("number", integer(0, numberMax), "1", "項目序號", "項目編號", "編號", "no"),
			d.field("title", text(longText), "村級活動場所改造", "書記項目", "項目", "承諾事項", "書記項目名稱", "title").required(),
			d.field("goal", text(longText), "年底前投入使用", "目標", "項目目標", "預期成效"),
			d.field("due_at", date, "2026-11-25", "時限", "完成時間", "計劃完成時間", "期限"),
			d.field("progress", text(longText), "主體已完工", "進展情況", "完成情況", "項目進展", "推進情況"),
		),
	}
}

func questionKind(catalogue *schema.Catalogue) *Kind {
	d := describer{catalogue.MustTable("question")}
	return &Kind{
		Name: "questions", Label: d.table.Label, table: d.table.Name, plan: planQuestions,
		Fields: []Field{
			d.field("code", text(shortText), "C01", "編號", "代碼", "題目編號", "序號").required(),
			d.choice("usage", "現場核查", map[string]string{"核查": "check", "現場": "check", "訪談": "interview"}, "使用場合", "環節").required(),
			d.field("category", questionCategory(), "", "領域", "適用領域", "類別", "單位類別"),
			d.field("position", integer(0, numberMax), "1", "排序", "次序"),
			d.field("text", text(longText), "公示欄是否在三個月以內更新", "問題", "題幹", "內容", "題目內容").required(),
			d.field("hint", text(longText), "看公示欄日期", "說明", "備註", "填寫說明"),
			d.choice("kind", "是否", map[string]string{
				"是非": "yesno", "判斷": "yesno", "是非題": "yesno", "選擇": "choice", "單選題": "choice",
				"打分": "scale", "評分題": "scale", "數值": "number", "填空": "text", "簡答": "text", "問答": "text",
			}, "類型", "題目類型"),
			d.field("options", lines, "", "選項", "可選項", "備選項"),
			d.field("scale_max", integer(2, 100), "", "滿分", "最高分值"),
			d.field("readable", flag(), "否", "評分可讀"),
			d.field("required", flag(), "是", "是否必答", "必填"),
		},
	}
}

// questionCategory reads a category, or that a question is for all of them.
func questionCategory() reader {
	const common = "common"
	list := append([]schema.Choice{{Code: common, Label: schema.Label{Zh: "共答題", En: "Common"}}}, schema.Categories()...)
	words := categoryWords()
	words["共答"], words["通用"], words["全部"], words["所有"] = common, common, common, common
	return optional(choice(list, words), common)
}

func peopleKind(catalogue *schema.Catalogue) *Kind {
	team, person := describer{catalogue.MustTable("team")}, describer{catalogue.MustTable("inspector")}
	member := describer{catalogue.MustTable("team_member")}
	name := team.field("name", text(shortText), "第一核查組", "組名", "小組名稱", "組別名稱")
	name.Name, name.Label = "team", schema.Label{Zh: "核查組名稱", En: "Team name"}
	return &Kind{
		Name: "people", Label: person.table.Label, table: member.table.Name, plan: planPeople,
		Fields: []Field{
			team.field("number", ordinal, "1", "組別", "核查組", "小組", "組", "核查組號", "team").required(),
			name,
			person.field("name", text(shortText), "王某", "人員姓名", "核查人員", "名字", "成員").required(),
			person.field("organisation", text(shortText), "某市某局", "單位", "所在單位", "單位及職務", "派出單位"),
			member.choice("role", "組長", map[string]string{"負責人": "leader", "成員": "member", "核查員": "member", "聯絡員": "member"},
				"組內職務", "組內分工", "身份", "角色"),
		},
	}
}

package schema

// questionTable has what is asked at units and in interviews: common questions 同題共答,
// and those of a category 加試題.
func questionTable() *Table {
	return &Table{
		Name: "question", Label: Label{"題目", "Question"}, Since: 5,
		Scope: ScopeRule{Kind: ByCampaign}, Writer: HQOnly,
		Columns: []Column{
			col("code", Text, HQ, "題號", "Code").required(),
			col("usage", Text, HQ, "用途", "Asked").required().choices([]Choice{
				choice("check", "現場核查", "At the unit"), choice("interview", "群眾訪談", "In interviews"),
			}),
			col("category", Text, HQ, "領域（空為共答題）", "Category (none: common)").choices(Categories()),
			col("position", Integer, HQ, "順序", "Order"),
			col("text", Text, HQ, "題目", "Question").required(),
			col("hint", Text, HQ, "提示", "Hint"),
			col("kind", Text, HQ, "題型", "Kind").defaults("yesno").choices([]Choice{
				choice("yesno", "是否", "Yes or no"), choice("choice", "單選", "One of several"),
				choice("scale", "評分", "Scale"), choice("number", "數字", "Number"), choice("text", "文字", "Words"),
			}),
			col("options", Text, HQ, "選項（每行一個）", "Options, one to a line"),
			col("scale_max", Integer, HQ, "最高分", "Highest mark"),
			col("readable", Integer, HQ, "密封後評分仍可讀", "Its mark stays readable").defaults(int64(0)),
			col("required", Integer, HQ, "必答", "Must be answered").defaults(int64(0)),
			col("withdrawn_at", Integer, HQ, "停用時間", "Withdrawn"),
		},
	}
}

// answerTable has the answers at a unit; a row's id is UUIDv5 of the visit's and the
// question's.
func answerTable() *Table {
	return &Table{
		Name: "answer", Label: Label{"答題", "Answer"}, Since: 5,
		Scope: ScopeRule{ByParent, "visit_id", "visit"}, Writer: TeamMembers,
		Columns: []Column{
			col("visit_id", ID, Once, "實地核查", "Visit").required(),
			col("question_id", ID, Once, "題目", "Question").required(),
			col("value", Text, Review, "答案", "Answer"),
			col("note", Text, Latest, "說明", "Note"),
			col("inspector_id", ID, Latest, "填寫人", "Inspector"),
			col("answered_at", Integer, Latest, "時間", "Answered"),
		},
	}
}

// interviewTable has talks with people. What was said and who said it is in sealed, an
// age file to campaign.seal_to; nobody without that key reads it, phones neither.
func interviewTable() *Table {
	return &Table{
		Name: "interview", Label: Label{"訪談", "Interview"}, Since: 5,
		Scope: ScopeRule{ByParent, "visit_id", "visit"}, Writer: TeamMembers,
		Columns: []Column{
			col("visit_id", ID, Once, "實地核查", "Visit").required(),
			col("code", Text, Once, "匿名代號", "Code").required(),
			col("drawn", Integer, Once, "抽取產生", "Drawn by chance").defaults(int64(0)),
			col("consent", Text, Once, "同意", "Consent").required().choices([]Choice{
				choice("given", "同意", "Given"), choice("no-sound", "同意，不錄音", "Given, without sound"),
				choice("refused", "拒絕", "Refused"),
			}),
			col("consent_at", Integer, Once, "同意時間", "Consent given").required(),
			col("ended_at", Integer, Once, "結束時間", "Ended"),
			col("sealed", Bytes, Once, "密封內容", "Sealed content"),
			col("sealed_to", Text, Once, "密封公鑰", "Sealed to"),
			col("inspector_id", ID, Once, "訪談人", "Interviewer"),
			col("withdrawn_at", Integer, Latest, "撤回時間", "Withdrawn"),
			col("withdrawn_reason", Text, Latest, "撤回原因", "Reason for withdrawal"),
		},
	}
}

// interviewScoreTable has the marks that stay readable; a row's id is UUIDv5 of the
// interview's and the question's.
func interviewScoreTable() *Table {
	return &Table{
		Name: "interview_score", Label: Label{"訪談評分", "Mark of an interview"}, Since: 5,
		Scope: ScopeRule{ByParent, "interview_id", "interview"}, Writer: TeamMembers,
		Columns: []Column{
			col("interview_id", ID, Once, "訪談", "Interview").required(),
			col("question_id", ID, Once, "題目", "Question").required(),
			col("value", Integer, Once, "評分", "Mark").required(),
		},
	}
}

// signoffTable has what a unit's representative read at the end of a visit, and whether
// it was signed.
func signoffTable() *Table {
	return &Table{
		Name: "signoff", Label: Label{"簽認", "Sign-off"}, Since: 5,
		Scope: ScopeRule{ByParent, "visit_id", "visit"}, Writer: TeamMembers,
		Columns: []Column{
			col("visit_id", ID, Once, "實地核查", "Visit").required(),
			col("result", Text, Once, "結果", "Result").required().choices([]Choice{
				choice("signed", "已簽字", "Signed"), choice("refused", "拒絕簽字", "Refused to sign"),
				choice("absent", "無人在場", "Nobody was there"),
			}),
			col("summary", Text, Once, "所讀的核查情況", "What was read").required(),
			col("name", Text, Once, "簽字人", "Who signed"),
			col("duty", Text, Once, "職務", "Duty"),
			col("reason", Text, Once, "原因", "Reason"),
			col("attachment_id", ID, Once, "簽名", "Signature"),
			col("signed_at", Integer, Once, "時間", "Signed").required(),
			col("inspector_id", ID, Once, "經辦人", "Inspector"),
		},
	}
}

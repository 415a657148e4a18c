package schema

// criterionTable has what units are scored by 測評指標. Weights are parts of the sum of
// all weights of a category's criteria.
func criterionTable() *Table {
	return &Table{
		Name: "criterion", Label: Label{"測評指標", "Criterion"}, Since: 6,
		Scope: ScopeRule{Kind: ByHQ}, Writer: HQOnly,
		Columns: []Column{
			col("code", Text, HQ, "編號", "Code").required(),
			col("title", Text, HQ, "指標", "Criterion").required(),
			col("category", Text, HQ, "領域（空為共用）", "Category (none: all)").choices(Categories()),
			col("position", Integer, HQ, "順序", "Order"),
			col("weight", Integer, HQ, "權重", "Weight").required(),
			col("mark_max", Integer, HQ, "滿分", "Highest mark").defaults(int64(100)),
			col("source", Text, HQ, "分數來源", "Where marks come from").required().choices([]Choice{
				choice("visit", "實地核查評分", "Marks of the visit"),
				choice("leader", "領導評分", "Marks of leaders"),
				choice("interview", "群眾訪談評分", "Marks of interviews"),
				choice("ballot", "會場測評票", "Ballots in the hall"),
				choice("rectified", "整改查驗率", "Share of problems rectified"),
				choice("answers", "現場核查答題", "Answers at the unit"),
			}),
			col("question_id", ID, HQ, "題目", "Question"),
			col("trim_percent", Integer, HQ, "去掉最高最低（各百分之幾）", "Trimmed at each end (percent)").defaults(int64(0)),
			col("withdrawn_at", Integer, HQ, "停用時間", "Withdrawn"),
		},
	}
}

// markTable has the marks that people give: hundredths of a point. A row's id is UUIDv5
// of the criterion's, the unit's and who gave it.
func markTable() *Table {
	return &Table{
		Name: "mark", Label: Label{"評分", "Mark"}, Since: 6,
		Scope: ScopeRule{Kind: ByHQ}, Writer: HQOnly,
		Columns: []Column{
			col("criterion_id", ID, HQ, "測評指標", "Criterion").required(),
			col("unit_id", ID, HQ, "被查單位", "Unit").required(),
			col("value", Integer, HQ, "分數（百分之一分）", "Mark (hundredths)"),
			col("given_by", Text, HQ, "評分人", "Given by").required(),
			col("given_at", Integer, HQ, "時間", "Given").required(),
			col("note", Text, HQ, "說明", "Note"),
		},
	}
}

// ballotBoxTable has votes held in a hall. The ballots themselves are no rows that sync:
// the order of the history would tell who voted when. result: how often each mark was
// given, by criterion (JSON); hash: SHA-256 of the sorted ballots.
func ballotBoxTable() *Table {
	return &Table{
		Name: "ballot_box", Label: Label{"測評票箱", "Ballot box"}, Since: 6,
		Scope: ScopeRule{Kind: ByHQ}, Writer: HQOnly,
		Columns: []Column{
			col("unit_id", ID, HQ, "被測評單位", "Unit").required(),
			col("title", Text, HQ, "會議", "Meeting").required(),
			col("tickets", Integer, HQ, "發票數", "Tickets").required(),
			col("opened_at", Integer, HQ, "開始時間", "Opened").required(),
			col("opened_by", Text, HQ, "經辦人", "Opened by").required(),
			col("closed_at", Integer, HQ, "結束時間", "Closed"),
			col("closed_by", Text, HQ, "結束經辦人", "Closed by"),
			col("ballots", Integer, HQ, "收回票數", "Ballots"),
			col("result", Text, HQ, "結果", "Result"),
			col("hash", Bytes, HQ, "票集摘要", "Hash of the ballots"),
		},
	}
}

package schema

// LedgerStates are the states of a ledger entry, in the order they come.
func LedgerStates() []Choice {
	return []Choice{
		choice("open", "未完成", "Open"), choice("claimed", "已報完成", "Claimed done"),
		choice("checked", "已核實", "Checked"), choice("closed", "已銷號", "Closed out"),
	}
}

// ledgerStepTable has the steps 施工圖 by which a measure is carried out.
func ledgerStepTable() *Table {
	return &Table{
		Name: "ledger_step", Label: Label{"整改步驟", "Step of a ledger entry"}, Since: 6,
		Scope: ScopeRule{ByParent, "ledger_entry_id", "ledger_entry"}, Writer: HQOnly,
		Columns: []Column{
			col("ledger_entry_id", ID, HQ, "臺賬條目", "Ledger entry").required(),
			col("position", Integer, HQ, "順序", "Order").required(),
			col("text", Text, HQ, "步驟", "Step").required(),
			col("due_at", Integer, HQ, "時限", "Due"),
			col("done_at", Integer, HQ, "完成時間", "Done"),
			col("withdrawn_at", Integer, HQ, "撤回時間", "Withdrawn"),
		},
	}
}

// ledgerActTable has what was done about a ledger entry, by whom: what its history is.
func ledgerActTable() *Table {
	return &Table{
		Name: "ledger_act", Label: Label{"臺賬記錄", "Act on a ledger entry"}, Since: 6,
		Scope: ScopeRule{ByParent, "ledger_entry_id", "ledger_entry"}, Writer: HQOnly,
		Columns: []Column{
			col("ledger_entry_id", ID, HQ, "臺賬條目", "Ledger entry").required(),
			col("kind", Text, HQ, "類別", "Kind").required().choices([]Choice{
				choice("progress", "填報進展", "Progress"), choice("claimed", "報請銷號", "Claimed done"),
				choice("checked", "核實屬實", "Checked"), choice("rejected", "核實不實，退回", "Sent back"),
				choice("closed", "銷號", "Closed out"), choice("reopened", "重新開啟", "Reopened"),
				choice("changed", "調整臺賬", "Changed"),
			}),
			col("text", Text, HQ, "內容", "Text"),
			col("visit_id", ID, HQ, "核實所依的核查", "Visit it rests on"),
			col("author", Text, HQ, "經辦人", "By whom").required(),
			col("done_at", Integer, HQ, "時間", "When").required(),
		},
	}
}

// evidenceTable has what a responsible unit shows for its progress; the bytes are named
// by their SHA-256 and lie beside those of attachments.
func evidenceTable() *Table {
	return &Table{
		Name: "evidence", Label: Label{"整改佐證", "Evidence of progress"}, Since: 6,
		Scope: ScopeRule{ByParent, "ledger_act_id", "ledger_act"}, Writer: HQOnly,
		Columns: []Column{
			col("ledger_act_id", ID, HQ, "臺賬記錄", "Act").required(),
			col("hash", Bytes, HQ, "內容摘要", "Hash of the bytes").required(),
			col("size", Integer, HQ, "字節數", "Size in bytes").required(),
			col("media_type", Text, HQ, "格式", "Media type").required(),
			col("name", Text, HQ, "文件名", "File name").required(),
			col("caption", Text, HQ, "說明", "Caption"),
		},
	}
}

// conclusionTable has what headquarters points out in the end: common problems, each of
// several findings, and individual ones.
func conclusionTable() *Table {
	return &Table{
		Name: "conclusion", Label: Label{"歸納問題", "Conclusion"}, Since: 6,
		Scope: ScopeRule{Kind: ByHQ}, Writer: HQOnly,
		Columns: []Column{
			col("number", Integer, HQ, "序號", "Number").required(),
			col("reach", Text, HQ, "共性/個性", "Reach").required().choices([]Choice{
				choice("common", "共性", "Common"), choice("individual", "個性", "Individual"),
			}),
			col("title", Text, HQ, "問題", "Problem").required(),
			col("detail", Text, HQ, "具體表現", "Detail"),
			col("basis", Text, HQ, "依據", "What it offends against"),
			col("suggestion", Text, HQ, "整改建議", "Suggestion"),
			col("severity", Text, HQ, "程度", "Severity").choices(Severities()),
			col("author", Text, HQ, "經辦人", "By whom").required(),
			col("made_at", Integer, HQ, "時間", "Made").required(),
			col("withdrawn_at", Integer, HQ, "撤回時間", "Withdrawn"),
		},
	}
}

// unsealingTable has who asked to open a sealed interview, why, and who else agreed.
func unsealingTable() *Table {
	return &Table{
		Name: "unsealing", Label: Label{"密件開啟", "Opening of sealed data"}, Since: 6,
		Scope: ScopeRule{Kind: ByHQ}, Writer: HQOnly,
		Columns: []Column{
			col("interview_id", ID, HQ, "訪談", "Interview").required(),
			col("part", Text, HQ, "開啟範圍", "What").required().choices([]Choice{
				choice("talk", "談話內容", "What was said"), choice("identity", "受訪人身份", "Who said it"),
			}),
			col("reason", Text, HQ, "事由", "Reason").required(),
			col("asked_by", Text, HQ, "申請人", "Asked by").required(),
			col("asked_at", Integer, HQ, "申請時間", "Asked").required(),
			col("decided_by", Text, HQ, "批准人", "Decided by"),
			col("decided_at", Integer, HQ, "批准時間", "Decided"),
			col("refused", Integer, HQ, "不予批准", "Refused"),
			col("opened_at", Integer, HQ, "開啟時間", "Opened"),
		},
	}
}

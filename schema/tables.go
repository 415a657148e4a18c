package schema

import "slices"

// tables lists the synced tables. Tables and columns are only ever appended, each
// with the schema version that brought it, and columns with a default: their
// places are on the wire and in the stores.
func tables() []*Table {
	return []*Table{
		campaignTable(), teamTable(), inspectorTable(), teamMemberTable(), deviceTable(),
		unitTable(), problemTable(), ledgerEntryTable(), commitmentTable(),
		visitTable(), verificationTable(), findingTable(), commentTable(), reviewTable(),
		eventTable(), drawTable(), siteTable(), rosterTable(), rosterPersonTable(), openingTable(),
		householdTable(), contactTable(), mirrorTable(), deskCallTable(), attachmentTable(),
		questionTable(), answerTable(), interviewTable(), interviewScoreTable(), signoffTable(),
		ledgerStepTable(), ledgerActTable(), evidenceTable(), conclusionTable(), unsealingTable(),
		criterionTable(), markTable(), ballotBoxTable(),
	}
}

func col(name string, typ Type, rule Rule, zh, en string) Column {
	return Column{Name: name, Type: typ, Rule: rule, Label: Label{zh, en}}
}

func (c Column) required() Column { c.Required = true; return c }

func (c Column) defaults(v any) Column { c.Default, c.Required = v, true; return c }

func (c Column) since(version int) Column { c.Since = version; return c }

func (c Column) choices(list []Choice) Column { c.Choices = list; return c }

func choice(code, zh, en string) Choice { return Choice{code, Label{zh, en}} }

func campaignTable() *Table {
	return &Table{
		Name: "campaign", Label: Label{"核查批次", "Campaign"},
		Scope: ScopeRule{Kind: ByCampaign}, Writer: HQOnly,
		Columns: []Column{
			col("code", Text, HQ, "批次代碼", "Code").required(),
			col("name", Text, HQ, "名稱", "Name").required(),
			col("city", Text, HQ, "城市", "City"),
			col("starts_at", Integer, HQ, "開始時間", "Starts"),
			col("ends_at", Integer, HQ, "結束時間", "Ends"),
			col("archived_at", Integer, HQ, "歸檔時間", "Archived").since(2),
			col("seal_to", Text, HQ, "訪談密封公鑰", "Interviews are sealed to").since(5),
		},
	}
}

func teamTable() *Table {
	return &Table{
		Name: "team", Label: Label{"核查組", "Team"},
		Scope: ScopeRule{Kind: ByCampaign}, Writer: HQOnly,
		Columns: []Column{
			col("number", Integer, HQ, "組號", "Number").required(),
			col("name", Text, HQ, "名稱", "Name").required(),
		},
	}
}

func inspectorTable() *Table {
	return &Table{
		Name: "inspector", Label: Label{"核查人員", "Inspector"},
		Scope: ScopeRule{Kind: ByCampaign}, Writer: HQOnly,
		Columns: []Column{
			col("name", Text, HQ, "姓名", "Name").required(),
			col("organisation", Text, HQ, "工作單位", "Organisation"),
		},
	}
}

func teamMemberTable() *Table {
	return &Table{
		Name: "team_member", Label: Label{"組員", "Team member"},
		Scope: ScopeRule{Kind: ByCampaign}, Writer: HQOnly,
		Columns: []Column{
			col("team_id", ID, HQ, "核查組", "Team").required(),
			col("inspector_id", ID, HQ, "核查人員", "Inspector").required(),
			col("role", Text, HQ, "職責", "Role").defaults("member").choices([]Choice{
				choice("leader", "組長", "Leader"), choice("member", "組員", "Member"),
			}),
			col("left_at", Integer, HQ, "離組時間", "Left"),
		},
	}
}

func deviceTable() *Table {
	return &Table{
		Name: "device", Label: Label{"設備", "Device"},
		Scope: ScopeRule{Kind: ByCampaign}, Writer: HQOnly,
		Columns: []Column{
			col("inspector_id", ID, HQ, "使用人", "Inspector"),
			col("name", Text, HQ, "名稱", "Name").required(),
			col("public_key", Bytes, HQ, "公鑰", "Public key").required(),
			col("enrolled_at", Integer, HQ, "登記時間", "Enrolled"),
			col("revoked_at", Integer, HQ, "停用時間", "Revoked"),
			col("wipe_ordered_at", Integer, HQ, "遠程清除指令時間", "Wipe ordered").since(6),
		},
	}
}

// Categories are the kinds of unit.
func Categories() []Choice {
	return []Choice{
		choice("village", "村", "Village"),
		choice("community", "社區", "Community"),
		choice("department", "機關", "Department"),
		choice("soe", "國有企業", "State-owned enterprise"),
		choice("hospital", "醫院", "Hospital"),
		choice("school", "學校", "School"),
	}
}

func unitTable() *Table {
	return &Table{
		Name: "unit", Label: Label{"被查單位", "Unit"},
		Scope: ScopeRule{Kind: ByTeam, Column: "team_id"}, Writer: HQOnly,
		Columns: []Column{
			col("code", Text, HQ, "單位代碼", "Code").required(),
			col("name", Text, HQ, "單位名稱", "Name").required(),
			col("category", Text, HQ, "領域", "Category").required().choices(Categories()),
			col("county", Text, HQ, "縣（市、區）", "County"),
			col("township", Text, HQ, "鄉鎮（街道）", "Township"),
			col("members", Integer, HQ, "黨員人數", "Party members"),
			col("secretary", Text, HQ, "書記", "Secretary"),
			col("latitude_e7", Integer, HQ, "緯度", "Latitude"),
			col("longitude_e7", Integer, HQ, "經度", "Longitude"),
			col("team_id", ID, HQ, "核查組", "Team"),
			col("phone", Text, HQ, "聯繫電話", "Telephone").since(6),
		},
	}
}

// Severities are the grades of a problem, mildest first.
func Severities() []Choice {
	return []Choice{
		choice("minor", "輕微", "Minor"),
		choice("moderate", "一般", "Moderate"),
		choice("serious", "較重", "Serious"),
		choice("critical", "嚴重", "Critical"),
	}
}

// Topics are what a finding is about.
func Topics() []Choice {
	return []Choice{
		choice("politics", "政治建設", "Political work"),
		choice("organisation", "組織建設", "Organisation"),
		choice("members", "黨員教育管理", "Members"),
		choice("governance", "基層治理", "Local governance"),
		choice("service", "服務群眾", "Service to the public"),
		choice("conduct", "作風與廉潔", "Conduct and integrity"),
		choice("funds", "資金與項目", "Funds and projects"),
		choice("records", "臺賬資料", "Records"),
		choice("other", "其他", "Other"),
	}
}

func problemTable() *Table {
	return &Table{
		Name: "problem", Label: Label{"問題清單", "Problem"},
		Scope: ScopeRule{ByParent, "unit_id", "unit"}, Writer: HQOnly,
		Columns: []Column{
			col("unit_id", ID, HQ, "被查單位", "Unit").required(),
			col("number", Integer, HQ, "序號", "Number"),
			col("title", Text, HQ, "問題", "Problem").required(),
			col("detail", Text, HQ, "具體表現", "Detail"),
			col("source", Text, HQ, "來源", "Source").choices([]Choice{
				choice("self", "自己找", "Found by the unit"),
				choice("superior", "上級點", "Named by superiors"),
				choice("public", "群眾提", "Raised by the public"),
			}),
			col("reach", Text, HQ, "共性/個性", "Reach").choices([]Choice{
				choice("common", "共性", "Common"), choice("individual", "個性", "Individual"),
			}),
			col("severity", Text, HQ, "程度", "Severity").choices(Severities()),
		},
	}
}

func ledgerEntryTable() *Table {
	return &Table{
		Name: "ledger_entry", Label: Label{"整改臺賬", "Ledger entry"},
		Scope: ScopeRule{ByParent, "problem_id", "problem"}, Writer: HQOnly,
		Columns: []Column{
			col("problem_id", ID, HQ, "問題", "Problem").required(),
			col("measure", Text, HQ, "整改措施", "Measure"),
			col("goal", Text, HQ, "整改目標", "Goal"),
			col("responsible_unit", Text, HQ, "責任單位", "Responsible unit"),
			col("responsible_leader", Text, HQ, "責任領導", "Responsible leader"),
			col("responsible_person", Text, HQ, "責任人", "Responsible person"),
			col("due_at", Integer, HQ, "整改時限", "Due"),
			col("progress", Text, HQ, "完成情況", "Progress"),
			col("state", Text, HQ, "狀態", "State").defaults("open").choices(LedgerStates()),
			col("finding_id", ID, HQ, "來源發現", "Finding it comes from").since(6),
			col("conclusion_id", ID, HQ, "來源歸納問題", "Conclusion it comes from").since(6),
			col("claimed_at", Integer, HQ, "報請銷號時間", "Claimed").since(6),
			col("checked_by", Text, HQ, "核實人", "Checked by").since(6),
			col("checked_at", Integer, HQ, "核實時間", "Checked").since(6),
			col("closed_by", Text, HQ, "銷號人", "Closed out by").since(6),
			col("closed_at", Integer, HQ, "銷號時間", "Closed out").since(6),
			col("reopened", Integer, HQ, "重新開啟次數", "Times reopened").since(6),
		},
	}
}

func commitmentTable() *Table {
	return &Table{
		Name: "commitment", Label: Label{"書記項目", "Commitment"},
		Scope: ScopeRule{ByParent, "unit_id", "unit"}, Writer: HQOnly,
		Columns: []Column{
			col("unit_id", ID, HQ, "被查單位", "Unit").required(),
			col("number", Integer, HQ, "序號", "Number"),
			col("title", Text, HQ, "項目名稱", "Project").required(),
			col("goal", Text, HQ, "預期目標", "Goal"),
			col("due_at", Integer, HQ, "完成時限", "Due"),
			col("progress", Text, HQ, "進展", "Progress"),
		},
	}
}

func visitTable() *Table {
	return &Table{
		Name: "visit", Label: Label{"實地核查", "Visit"},
		Scope: ScopeRule{Kind: ByTeam, Column: "team_id"}, Writer: TeamMembers,
		Columns: []Column{
			col("team_id", ID, HQ, "核查組", "Team").required(),
			col("unit_id", ID, HQ, "被查單位", "Unit").required(),
			col("sequence", Integer, HQ, "順序", "Order"),
			col("planned_at", Integer, HQ, "計劃時間", "Planned"),
			col("status", Text, Furthest, "進度", "Status").defaults("planned").choices([]Choice{
				choice("planned", "待查", "Planned"), choice("arrived", "已到達", "Arrived"),
				choice("left", "已離開", "Left"), choice("closed", "已結束", "Closed"),
			}),
			col("arrived_at", Integer, Latest, "到達時間", "Arrived"),
			col("left_at", Integer, Latest, "離開時間", "Left"),
			col("note", Text, Latest, "備註", "Note"),
			col("arrived_latitude_e7", Integer, Latest, "到達緯度", "Latitude at arrival").since(6),
			col("arrived_longitude_e7", Integer, Latest, "到達經度", "Longitude at arrival").since(6),
			col("arrived_accuracy_m", Integer, Latest, "到達定位精度（米）", "Accuracy at arrival (m)").since(6),
		},
	}
}

func verificationTable() *Table {
	return &Table{
		Name: "verification", Label: Label{"查驗", "Verification"},
		Scope: ScopeRule{ByParent, "visit_id", "visit"}, Writer: TeamMembers,
		Columns: slices.Concat([]Column{
			col("visit_id", ID, Once, "實地核查", "Visit").required(),
			col("problem_id", ID, Once, "問題", "Problem"),
			col("commitment_id", ID, Once, "書記項目", "Commitment"),
			col("outcome", Text, Review, "查驗結果", "Outcome").choices([]Choice{
				choice("rectified", "已整改", "Rectified"),
				choice("partly", "部分整改", "Partly rectified"),
				choice("not", "未整改", "Not rectified"),
				choice("sham", "虛假整改", "Sham rectification"),
			}),
			col("note", Text, Review, "查驗說明", "Note"),
			col("inspector_id", ID, Latest, "查驗人", "Inspector"),
			col("verified_at", Integer, Latest, "查驗時間", "Verified"),
		}, placeColumns(Latest), []Column{
			col("withdrawn_at", Integer, Latest, "撤回時間", "Withdrawn").since(3),
			col("withdrawn_reason", Text, Latest, "撤回原因", "Reason for withdrawal").since(3),
		}),
	}
}

// placeColumns say where something was recorded: WGS 84 degrees times ten
// million, and the radius of uncertainty in metres.
func placeColumns(rule Rule) []Column {
	return []Column{
		col("latitude_e7", Integer, rule, "緯度", "Latitude"),
		col("longitude_e7", Integer, rule, "經度", "Longitude"),
		col("accuracy_m", Integer, rule, "定位精度（米）", "Accuracy (m)"),
	}
}

func findingTable() *Table {
	columns := []Column{
		col("visit_id", ID, Once, "實地核查", "Visit").required(),
		col("problem_id", ID, Latest, "所屬問題", "Problem"),
		col("kind", Text, Review, "類型", "Kind").defaults("problem").choices([]Choice{
			choice("problem", "問題", "Problem"), choice("achievement", "成效", "Achievement"),
		}),
		col("title", Text, Latest, "標題", "Title").required(),
		col("detail", Text, Review, "詳細描述", "Detail"),
		col("severity", Text, Review, "程度", "Severity").choices(Severities()),
		col("status", Text, Furthest, "填報狀態", "Status").defaults("draft").choices([]Choice{
			choice("draft", "草稿", "Draft"), choice("submitted", "已提交", "Submitted"),
		}),
		col("inspector_id", ID, Once, "記錄人", "Inspector"),
		col("recorded_at", Integer, Once, "記錄時間", "Recorded"),
	}
	columns = append(columns, placeColumns(Once)...)
	columns = append(columns,
		col("withdrawn_at", Integer, Latest, "撤回時間", "Withdrawn"),
		col("withdrawn_reason", Text, Latest, "撤回原因", "Reason for withdrawal"),
		col("review_state", Text, HQ, "審核狀態", "Review").defaults("pending").choices([]Choice{
			choice("pending", "待審核", "Pending"), choice("accepted", "已採納", "Accepted"),
			choice("returned", "已退回", "Returned"),
		}),
		col("review_note", Text, HQ, "審核意見", "Review note"),
		col("topic", Text, Latest, "問題類別", "Topic").since(6).choices(Topics()),
		col("responsible_unit", Text, Latest, "建議責任單位", "Responsible unit suggested").since(6),
		col("due_at", Integer, Latest, "建議整改時限", "Deadline suggested").since(6),
		col("conclusion_id", ID, HQ, "歸納問題", "Conclusion").since(6),
	)
	return &Table{
		Name: "finding", Label: Label{"發現", "Finding"},
		Scope: ScopeRule{ByParent, "visit_id", "visit"}, Writer: TeamMembers,
		Columns: columns,
	}
}

func commentTable() *Table {
	return &Table{
		Name: "comment", Label: Label{"批注", "Comment"},
		Scope:  ScopeRule{ByParent, "finding_id", "finding"},
		Writer: AuthorOnly, Author: "inspector_id",
		Columns: []Column{
			col("finding_id", ID, Once, "發現", "Finding").required(),
			col("inspector_id", ID, Once, "作者", "Author"),
			col("author", Text, Once, "署名", "Signed"),
			col("body", Text, Latest, "內容", "Text").required(),
			col("written_at", Integer, Once, "時間", "Written"),
			col("withdrawn_at", Integer, Latest, "撤回時間", "Withdrawn"),
		},
	}
}

// attachmentTable has what was taken along beside words. The row syncs at once; its bytes
// follow by themselves, see server/photo, and are named by their SHA-256.
func attachmentTable() *Table {
	return &Table{
		Name: "attachment", Label: Label{"佐證", "Attachment"}, Since: 5,
		Scope: ScopeRule{ByParent, "visit_id", "visit"}, Writer: TeamMembers,
		Columns: slices.Concat([]Column{
			col("visit_id", ID, Once, "實地核查", "Visit").required(),
			col("subject_table", Text, Once, "對象", "Subject").required(),
			col("subject_id", ID, Once, "對象編號", "Subject id").required(),
			col("kind", Text, Once, "類型", "Kind").required().choices([]Choice{
				choice("photo", "照片", "Photo"), choice("sound", "錄音", "Sound"),
				choice("signature", "簽名", "Signature"), choice("page", "登記冊頁", "Page of a register"),
			}),
			col("hash", Bytes, Once, "內容摘要", "Hash of the bytes").required(),
			col("size", Integer, Once, "字節數", "Size in bytes").required(),
			col("media_type", Text, Once, "格式", "Media type").required(),
			col("width", Integer, Once, "寬（像素）", "Width in pixels"),
			col("height", Integer, Once, "高（像素）", "Height in pixels"),
			col("duration_ms", Integer, Once, "時長（毫秒）", "Length in milliseconds"),
			col("original_hash", Bytes, Once, "原件摘要", "Hash of the original"),
			col("original_size", Integer, Once, "原件字節數", "Size of the original"),
			col("source", Text, Once, "取得方式", "Taken with").choices([]Choice{
				choice("camera", "現場拍攝", "Camera"), choice("gallery", "相冊選取", "Gallery"),
				choice("recorder", "現場錄音", "Recorder"), choice("screen", "屏幕書寫", "Screen"),
			}),
			col("taken_at", Integer, Once, "時間", "Taken").required(),
			col("caption", Text, Latest, "說明", "Caption"),
			col("marks", Text, Latest, "標注", "Marks"),
			col("inspector_id", ID, Once, "取得人", "Taken by"),
		}, placeColumns(Once), []Column{
			col("withdrawn_at", Integer, Latest, "撤回時間", "Withdrawn"),
			col("withdrawn_reason", Text, Latest, "撤回原因", "Reason for withdrawal"),
		}),
	}
}

func reviewTable() *Table {
	return &Table{
		Name: "review", Label: Label{"審核", "Review"},
		Scope: ScopeRule{Kind: ByTeam, Column: "team_id"}, Writer: HQOnly,
		Columns: []Column{
			col("team_id", ID, HQ, "核查組", "Team"),
			col("subject_table", Text, HQ, "對象", "Subject").required(),
			col("subject_id", ID, HQ, "對象編號", "Subject id").required(),
			col("column_name", Text, HQ, "欄目", "Column"),
			col("decision", Text, HQ, "決定", "Decision").required().choices([]Choice{
				choice("accepted", "採納", "Accepted"), choice("returned", "退回", "Returned"),
				choice("resolved", "衝突裁定", "Conflict resolved"),
				choice("edited", "修改", "Edited"),
			}),
			col("note", Text, HQ, "意見", "Note"),
			col("reviewer", Text, HQ, "審核人", "Reviewer").required(),
			col("decided_at", Integer, HQ, "時間", "Decided"),
		},
	}
}

// eventTable holds what happened at headquarters beside changes of rows: each an
// entry of its chain, so that the history has it too.
func eventTable() *Table {
	return &Table{
		Name: "event", Label: Label{"事件", "Event"}, Since: 2,
		Scope: ScopeRule{Kind: ByHQ}, Writer: HQOnly,
		Columns: []Column{
			col("kind", Text, HQ, "類別", "Kind").required().choices([]Choice{
				choice(EventRestored, "從備份恢復", "Restored from a backup"),
				choice(EventUpgraded, "升級數據版本", "Schema upgraded"),
				choice(EventBackedUp, "備份已確認", "Backup confirmed"),
				choice(EventFacts, "舊紀元見聞", "What devices saw of an epoch that ended"),
				choice(EventReleased, "重新合併待處理條目", "Quarantined entry merged anew"),
				choice(EventExported, "導出報告", "Report exported"),
				choice(EventEnvelopes, "打印開啟碼信封", "Unlock codes printed for envelopes"),
				choice(EventImported, "導入表格", "Table imported"),
				choice(EventWiped, "設備已清除", "Device wiped"),
				choice(EventAudited, "審計日誌存證", "Head of the audit log"),
				choice(EventSetAside, "待處理條目留存不併", "Unmerged entry set aside"),
			}),
			col("actor", Text, HQ, "經辦人", "By whom"),
			col("detail", Text, HQ, "說明", "Detail"),
			col("position", Integer, HQ, "歷史位置", "Position"),
			col("body", Bytes, HQ, "內容", "Body"),
			col("happened_at", Integer, HQ, "時間", "Happened").required(),
		},
	}
}

// What can happen at headquarters beside changes of rows.
const (
	// EventRestored: a backup took the place of the state; a new epoch begins.
	EventRestored = "restored"
	// EventUpgraded: entries of a newer schema version can be merged from here on.
	EventUpgraded = "upgraded"
	// EventBackedUp: a backup holds the history up to the position.
	EventBackedUp = "backed_up"
	// EventFacts: the body says what a state of an epoch that ended had of devices.
	EventFacts = "facts"
	// EventReleased: a person lets the quarantined entry at the position be merged.
	EventReleased = "released"
	// EventExported: a person took a report out.
	EventExported = "exported"
	// EventEnvelopes: a person printed the unlock codes of a draw's sites.
	EventEnvelopes = "envelopes"
	// EventImported: a person imported a table; the detail is the kind, the file's name and
	// how many rows it has, brought and changed.
	EventImported = "imported"
	// EventWiped: a device says that it has wiped itself as it was told.
	EventWiped = "wiped"
	// EventAudited: the body is the head of the audit log then (JSON: position, hash).
	EventAudited = "audited"
	// EventSetAside: a person decided that an entry stays unmerged; the body is its hash, the
	// detail the reason.
	EventSetAside = "set_aside"
)

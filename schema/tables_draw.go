package schema

// drawTable holds the ceremonies of draws, step by step: each step is an entry of
// headquarters' chain, so the history proves that a plan was there before the dice.
func drawTable() *Table {
	return &Table{
		Name: "draw", Label: Label{"抽取", "Draw"}, Since: 4,
		Scope: ScopeRule{Kind: ByHQ}, Writer: HQOnly,
		Columns: []Column{
			col("seq", Integer, HQ, "序號", "Number").required(),
			col("purpose", Text, HQ, "用途", "Purpose").required(),
			col("scope", Text, HQ, "範圍", "Scope").required(),
			col("state", Text, HQ, "狀態", "State").required().choices([]Choice{
				choice(DrawPlanned, "待承諾", "Waits for commitments"),
				choice(DrawPublished, "已公布", "Published"),
				choice(DrawThrown, "已擲骰", "Dice thrown"),
				choice(DrawDone, "已抽取", "Drawn"),
				choice(DrawVoid, "已作廢", "Void"),
			}),
			col("frame", Bytes, HQ, "抽樣框", "Frame").required(),
			col("ceremony", Bytes, HQ, "抽取憑證", "Certificate, as far as it goes").required(),
			col("hash", Bytes, HQ, "憑證摘要", "Hash of the certificate"),
			col("sealed", Integer, HQ, "出發前密封", "Sealed until departure").defaults(int64(0)),
			col("made_by", Text, HQ, "經辦人", "By whom").required(),
			col("made_at", Integer, HQ, "時間", "Made").required(),
			col("stops", Integer, HQ, "逐站告知", "One stop at a time").defaults(int64(0)).since(5),
		},
	}
}

// States of a draw.
const (
	DrawPlanned   = "planned"
	DrawPublished = "published"
	DrawThrown    = "thrown"
	DrawDone      = "done"
	DrawVoid      = "void"
)

// siteTable tells a team's phones what they need to draw people at a unit with no
// network: see package draw. Headquarters writes it when the ceremony is over.
func siteTable() *Table {
	return &Table{
		Name: "site", Label: Label{"抽訪點", "Site"}, Since: 5,
		Scope: ScopeRule{ByParent, "unit_id", "unit"}, Writer: HQOnly,
		Columns: []Column{
			col("unit_id", ID, HQ, "被查單位", "Unit").required(),
			col("draw_id", ID, HQ, "抽取", "Draw").required(),
			col("site", Text, HQ, "現場編號", "Site id").required(),
			col("n", Integer, HQ, "應訪人數", "People to be asked").required(),
			col("modes", Text, HQ, "允許的開啟方式", "Ways in which it may be opened").required(),
			col("plan_hash", Bytes, HQ, "方案摘要", "Hash of the plan").required(),
			col("throws", Text, HQ, "擲骰結果", "Dice of the ceremony").required(),
			col("place", Integer, HQ, "樹中位置", "Place in the tree").required(),
			col("places", Integer, HQ, "樹中總數", "Sites in the tree").required(),
			col("path", Bytes, HQ, "樹中路徑", "Path in the tree").required(),
			col("sealed", Bytes, HQ, "密封的現場密鑰", "Sealed key").required(),
			col("key", Bytes, HQ, "現場密鑰（允許現場擲骰時）", "Key, where dice may be thrown on the spot"),
		},
	}
}

// rosterTable has one list of people for each unit; its id is UUIDv5 of the unit's.
func rosterTable() *Table {
	return &Table{
		Name: "roster", Label: Label{"名冊", "Roster"}, Since: 5,
		Scope: ScopeRule{ByParent, "unit_id", "unit"}, Writer: TeamMembers,
		Columns: []Column{
			col("unit_id", ID, Once, "被查單位", "Unit").required(),
			col("kind", Text, Latest, "來源", "Source").defaults("register").choices([]Choice{
				choice("committed", "總部事先給定", "Given by headquarters beforehand"),
				choice("register", "現場抄錄登記冊", "Copied from the register"),
				choice("doors", "現場編門號", "Doors numbered on the spot"),
			}),
			col("official", Integer, Latest, "登記冊人數（戶數）", "Size of the register"),
			col("note", Text, Latest, "說明", "Note"),
		},
	}
}

// rosterPersonTable has the people of a roster, or its doors; a row's id is UUIDv5 of
// the roster's and the key.
func rosterPersonTable() *Table {
	return &Table{
		Name: "roster_person", Label: Label{"名冊人員", "Person on a roster"}, Since: 5,
		Scope: ScopeRule{ByParent, "roster_id", "roster"}, Writer: TeamMembers,
		Columns: []Column{
			col("roster_id", ID, Once, "名冊", "Roster").required(),
			col("key", Text, Once, "登記冊頁–行（門號）", "Page and line, or door").required(),
			col("name", Text, Latest, "姓名", "Name"),
			col("note", Text, Latest, "備註", "Note"),
			col("withdrawn_at", Integer, Latest, "撤回時間", "Withdrawn"),
		},
	}
}

// openingTable says how a site was opened: the roster as its code was told, and then
// the key. Nothing in it changes once it is there.
func openingTable() *Table {
	return &Table{
		Name: "opening", Label: Label{"名冊開啟", "Opening of a site"}, Since: 5,
		Scope: ScopeRule{ByParent, "roster_id", "roster"}, Writer: TeamMembers,
		Columns: []Column{
			col("roster_id", ID, Once, "名冊", "Roster").required(),
			col("site_id", ID, Once, "抽訪點", "Site").required(),
			col("people", Text, Once, "報碼時的名冊", "Roster as its code was told").required(),
			col("size", Integer, Once, "名冊人數", "People on it").required(),
			col("official", Integer, Once, "登記冊人數（戶數）", "Size of the register"),
			col("root", Bytes, Once, "名冊根摘要", "Root of the roster").required(),
			col("code", Text, Once, "名冊碼", "Roster code").required(),
			col("told_at", Integer, Once, "報碼時間", "Code told").required(),
			col("told_to", Text, Latest, "記錄人（值班員、見證人）", "Told to"),
			col("mode", Text, Once, "開啟方式", "Way of opening").choices([]Choice{
				choice("desk", "值班席給碼", "The duty desk told the code"),
				choice("envelope", "拆封見證", "An envelope was opened"),
				choice("local", "現場擲骰", "Dice thrown on the spot"),
			}),
			col("opened_at", Integer, Once, "開啟時間", "Opened"),
			col("key", Bytes, Once, "現場密鑰", "Key of the site"),
			col("throws", Text, Once, "現場骰子", "Dice of the village"),
			col("inspector_id", ID, Once, "經辦人", "Inspector"),
		},
	}
}

// householdTable says how many people live behind a door that was drawn, from which
// follows who of them is asked; a row's id is UUIDv5 of the opening's and the door.
func householdTable() *Table {
	return &Table{
		Name: "household", Label: Label{"戶內抽取", "Household"}, Since: 5,
		Scope: ScopeRule{ByParent, "opening_id", "opening"}, Writer: TeamMembers,
		Columns: []Column{
			col("opening_id", ID, Once, "名冊開啟", "Opening").required(),
			col("key", Text, Once, "門號", "Door").required(),
			col("people", Integer, Once, "戶內人數", "People behind the door").required(),
			col("chosen", Integer, Once, "抽中第幾人", "Number of the one chosen").required(),
			col("who", Text, Latest, "受訪人", "Who that is"),
			col("listed_at", Integer, Once, "登記時間", "Listed").required(),
			col("inspector_id", ID, Once, "登記人", "Inspector"),
		},
	}
}

// contactTable has each attempt to ask somebody, with AAPOR's dispositions.
func contactTable() *Table {
	return &Table{
		Name: "contact", Label: Label{"訪談接觸", "Contact"}, Since: 5,
		Scope: ScopeRule{ByParent, "opening_id", "opening"}, Writer: TeamMembers,
		Columns: []Column{
			col("opening_id", ID, Once, "名冊開啟", "Opening").required(),
			col("key", Text, Once, "登記冊頁–行（門號）", "Page and line, or door").required(),
			col("result", Text, Once, "結果", "Result").required().choices([]Choice{
				choice("completed", "完成訪談", "Completed"),
				choice("refusal", "拒訪", "Refusal"),
				choice("non-contact", "無人應答", "Non-contact"),
				choice("other", "其他原因未訪", "Other reason"),
				choice("unknown", "情況不明", "Unknown"),
				choice("not-eligible", "不屬訪談對象（查無此人、遷出、亡故）", "Not eligible (nobody of that name, moved, deceased)"),
			}),
			col("contacted_at", Integer, Once, "時間", "When").required(),
			col("note", Text, Latest, "說明", "Note"),
			col("inspector_id", ID, Once, "訪談人", "Inspector"),
			col("withdrawn_at", Integer, Latest, "撤回時間", "Withdrawn"),
			col("withdrawn_reason", Text, Latest, "撤回原因", "Reason for withdrawal"),
		},
	}
}

// mirrorTable is what a witness's phone read off another phone's screen: the head of
// its chain at that time. A chain that arrives without it was made anew.
func mirrorTable() *Table {
	return &Table{
		Name: "mirror", Label: Label{"見證備份", "Mirror"}, Since: 5,
		Scope: ScopeRule{Kind: ByTeam, Column: "team_id"}, Writer: TeamMembers,
		Columns: []Column{
			col("team_id", ID, Once, "核查組", "Team").required(),
			col("device_id", ID, Once, "被見證設備", "Device that was read").required(),
			col("seq", Integer, Once, "鏈上序號", "Sequence number").required(),
			col("head", Bytes, Once, "鏈頭摘要", "Head of its chain").required(),
			col("site", Text, Once, "現場編號", "Site id"),
			col("code", Text, Once, "名冊碼", "Roster code"),
			col("contacts", Integer, Once, "已有接觸次數", "Contacts so far"),
			col("text", Text, Once, "掃到的原文", "The text as it was read").required(),
			col("scanned_at", Integer, Once, "掃碼時間", "Scanned").required(),
			col("inspector_id", ID, Once, "見證人", "Inspector"),
		},
	}
}

// deskCallTable is the duty desk's book: which roster code was told before which
// unlock code.
func deskCallTable() *Table {
	return &Table{
		Name: "desk_call", Label: Label{"值班登記", "Desk call"}, Since: 5,
		Scope: ScopeRule{Kind: ByHQ}, Writer: HQOnly,
		Columns: []Column{
			col("site_id", ID, HQ, "抽訪點", "Site").required(),
			col("code", Text, HQ, "名冊碼", "Roster code").required(),
			col("caller", Text, HQ, "來電人", "Caller").required(),
			col("told_by", Text, HQ, "值班員", "On duty").required(),
			col("told_at", Integer, HQ, "時間", "When").required(),
		},
	}
}

package campaign

// The texts are Chinese, as the people who use the system write.

// problemTexts are the problems of each category.
func problemTexts() map[string][]problemText {
	return map[string][]problemText{
		"village":    append(villageDuties(), villageLife()...),
		"community":  communityProblems(),
		"department": departmentProblems(),
		"soe":        companyProblems(),
		"hospital":   hospitalProblems(),
		"school":     schoolProblems(),
	}
}

// commonProblems are those that any unit may have, word for word.
func commonProblems() []problemText {
	return []problemText{
		{
			party, "moderate", "「三會一課」記錄不規範",
			"部分會議記錄只有議題和簽到，缺少討論過程和表決結果，個別黨課沒有講稿留存。",
			"對照原始材料補正近一年記錄，明確專人記錄、書記審簽，每季度互查一次。",
			"記錄要素齊全、可追溯，季度抽查合格率達到百分之百。",
		},
		{
			money, "minor", "黨費收繳臺賬更新不及時",
			"黨費繳納基數未按年度重新核定，部分月份由他人代繳且無說明，臺賬與銀行回單不能逐筆對應。",
			"重新核定繳納基數並公示，逐筆核對回單，代繳情況補充書面說明。",
			"臺賬與回單逐筆相符，每月末完成收繳並公示。",
		},
		{
			files, "moderate", "整改臺賬填報與實際進度脫節",
			"臺賬中標註「已完成」的事項缺少照片、合同、驗收單等佐證，完成時間與材料日期前後不一。",
			"逐條重新核對整改事項，沒有佐證的恢復為「整改中」，補齊佐證後再行銷號。",
			"每一條已完成事項都有對應佐證，責任人可當場說明。",
		},
	}
}

// lastingMeasures are the second measure against a problem, with its goal: what
// keeps it from coming back.
func lastingMeasures() map[subject][2]string {
	return map[subject][2]string{
		party:  {"修訂組織生活制度，納入書記抓黨建述職內容。", "制度上牆、執行有記錄，同類問題不再出現。"},
		living: {"建立群眾訴求登記、辦理、回訪臺賬，每月公示辦理結果。", "訴求辦理時限不超過十五天，回訪滿意率九成以上。"},
		money:  {"完善財務審批和公開制度，每季度由監督人員審核簽字。", "收支憑證手續齊全，季度公開不漏項。"},
		works:  {"建立項目和設施責任清單，落實責任人、經費和定期巡查。", "每個項目、設施都有責任人和巡查記錄。"},
		files:  {"統一檔案目錄和歸檔時限，指定專人保管。", "資料在事項辦結後三十日內歸檔，查閱有登記。"},
	}
}

// progressTexts are what units report, by the state of the ledger entry.
func progressTexts() map[string][]string {
	return map[string][]string{
		"open": {
			"已明確責任人和時限，正在推進。", "整改方案已報上級審定，待批覆後實施。",
			"已完成摸底排查，下一步按清單逐項落實。", "正在對照清單逐項核對。",
		},
		"claimed": {
			"已按措施整改到位，申請驗收。", "主要措施已落實，佐證材料已上報。",
			"已完成，待上級實地核驗。",
		},
		"closed": {"經上級驗收合格，已銷號。", "已完成並公示，群眾無異議，予以銷號。"},
	}
}

// commitmentProgress is what secretaries report of their projects.
func commitmentProgress() []string {
	return []string{
		"方案已經論證通過，進入實施階段。", "總體進度約三成。", "總體進度過半，按計劃推進。",
		"主體工作已完成，正在收尾。", "資金未全部到位，進度慢於計劃。", "已完成，待驗收。",
	}
}

// commitmentTexts are the commitments of each category, two or more each.
func commitmentTexts() map[string][]commitmentText {
	return map[string][]commitmentText{
		"village": {
			{"硬化{組}組通組道路{米}米", "解決{多}戶村民雨天出行難，年內通車並明確管護人。"},
			{"整治{組}組主灌渠{米}米", "恢復下游{大}畝農田灌溉，明年春耕前通水。"},
			{"建設村級養老互助點", "為{多}名獨居、高齡老人提供午餐和日間照料。"},
			{"盤活閒置校舍發展鄉村加工點", "引進加工項目，帶動{多}名村民就近務工，村集體年增收{萬}萬元。"},
			{"安裝太陽能路燈{多}盞", "實現主幹道和{幾}個村民小組夜間照明全覆蓋。"},
			{"改造村衛生室", "配齊常備藥，實現慢性病用藥不出村。"},
			{"推行積分制管理", "參與農戶超過{大}戶，人居環境評比每月公示。"},
		},
		"community": {
			{"加裝電動車充電樁{多}處", "覆蓋{幾}個老舊小區，消除飛線充電。"},
			{"開辦社區老年食堂", "每日為{多}名老年人供餐，自負盈虧、賬目公開。"},
			{"打造「一刻鐘」便民服務圈", "引入維修、理髮、代辦等{幾}類服務。"},
			{"改造社區口袋公園", "盤活邊角地{米}平方米，增設座椅和健身器材。"},
		},
		"department": {
			{"高頻事項「一窗通辦」", "整合{多}個高頻事項，平均辦理時限壓縮三分之一。"},
			{"聯繫村(社區)幫扶行動", "班子成員每人聯繫{少}個村，每季度解決一件具體困難。"},
			{"基層報表減負", "向基層收取的報表壓減到{幾}張以內，不再重複收取數據。"},
		},
		"soe": {
			{"老舊設施更新改造", "完成{米}米老舊管線和{幾}處站點改造，事故搶修時間縮短一半。"},
			{"應收賬款清收", "收回逾期賬款{萬}萬元，建立客戶信用檔案。"},
			{"青年技能人才培養", "培養{多}名持證技能骨幹，開展師徒結對。"},
		},
		"hospital": {
			{"門診「一站式」服務中心", "掛號、繳費、取報告集中辦理，候診時間縮短三分之一。"},
			{"專家下鄉坐診", "每月安排{幾}名專家到鄉鎮坐診，年服務{大}人次以上。"},
			{"病區適老化改造", "完成{多}間病房扶手、地面和呼叫設施改造。"},
		},
		"school": {
			{"改善學生午休條件", "為{大}名學生配備可躺式座椅或午休床位。"},
			{"食堂明廚亮灶", "操作間視頻向家長開放，家長陪餐每周不少於{少}次。"},
			{"課後服務提質", "開設{多}門興趣課程，學生參與率達到九成。"},
		},
	}
}

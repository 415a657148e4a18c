package schema

// The codes of faults of the ledger, of scores and of ballots.
const (
	FaultLedgerState    = "ledger-state"
	FaultSecondPerson   = "second-person-wanted"
	FaultReasonWanted   = "reason-wanted"
	FaultInLedger       = "ledger-entry-there"
	FaultEvidenceKind   = "evidence-kind"
	FaultEvidenceSize   = "evidence-too-large"
	FaultTicketUnknown  = "ballot-ticket-unknown"
	FaultTicketUsed     = "ballot-ticket-used"
	FaultBoxClosed      = "ballot-box-closed"
	FaultBoxUsed        = "ballot-box-used"
	FaultNoCriteria     = "ballot-no-criteria"
	FaultCriterionTaken = "criterion-taken"
	FaultCriterionUsed  = "criterion-used"
)

func ledgerFaults() []Fault {
	return []Fault{
		fault(FaultLedgerState, 409, "這條臺賬現在不能這樣辦", "That cannot be done with this ledger entry now",
			"請刷新後看它辦到哪一步。", "Refresh and see how far it is."),
		fault(FaultSecondPerson, 409, "這一步要由另一個人來辦", "Somebody else has to do this",
			"報請的人不能核實，核實的人和報請的人不能銷號。請換一個賬號。",
			"Who claimed cannot check, and who claimed or checked cannot close out. Let another person do it."),
		fault(FaultReasonWanted, 422, "請寫明情況或原因", "Please say why",
			"退回、重新開啟、填報都要寫文字；核實可以寫文字，也可以選所依的核查。",
			"Reports, rejections and reopening need words; a check needs words or the visit that it rests on."),
		fault(FaultInLedger, 409, "已經在臺賬裡", "It is in the ledger already",
			"請在臺賬中查找它。", "Look for it in the ledger."),
		fault(FaultEvidenceKind, 415, "只收照片（JPEG、PNG）和 PDF", "Only photos (JPEG, PNG) and PDF are taken",
			"請轉換格式後再傳；已填的文字還在。", "Convert the file and upload it again; what you wrote is still there."),
		fault(FaultEvidenceSize, 413, "文件是空的，或超過 20 MB", "The file is empty, or larger than 20 MB",
			"請壓縮或分成幾個文件再傳；已填的文字還在。", "Make it smaller or split it; what you wrote is still there."),
		fault(FaultTicketUnknown, 404, "沒有這張測評票", "There is no such ticket",
			"請重新掃描票上的二維碼；仍不行請找工作人員換一張。", "Scan the ticket again; if it persists, ask for another one."),
		fault(FaultTicketUsed, 409, "這張測評票已經投過", "This ticket was used already",
			"一張票只能投一次。如果不是您投的，請馬上告訴工作人員。", "A ticket votes once. If that was not you, tell the staff at once."),
		fault(FaultBoxClosed, 409, "票箱已經關閉", "The ballot box is closed",
			"投票已結束，不再收票。", "Voting is over."),
		fault(FaultBoxUsed, 409, "已經有人投票，不能換票", "Somebody has voted; tickets cannot be replaced",
			"請用已印的票；缺票請另開一個票箱。", "Use the tickets that were printed, or open another box."),
		fault(FaultNoCriteria, 422, "沒有可投票的指標", "There is nothing to vote about",
			"請先在「測評指標」裡為這個領域設置來源為「會場測評票」的指標。",
			"First add criteria of this category whose marks come from ballots."),
		fault(FaultCriterionTaken, 409, "這個編號的指標已經有了", "There is a criterion of that code",
			"請換一個編號。", "Choose another code."),
		fault(FaultCriterionUsed, 409, "已經有分數或票箱，滿分、來源、領域和題目不能再改", "There are marks or ballots: highest mark, source, category and question stay",
			"請停用這個指標，另加一個；已有的分數不會丟。", "Withdraw it and add another one; the marks stay."),
	}
}

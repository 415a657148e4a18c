package schema

import (
	"errors"
	"slices"
)

// Fault is one kind of trouble a person or a client can meet: what happened and
// what to do, in both languages. On the wire it is a problem document (RFC 9457)
// whose type is "urn:sansuiji:problem:" and the code.
type Fault struct {
	Code   string `json:"code"`
	Status int    `json:"status"` // HTTP status; 0 for reasons that only stand in receipts
	Title  Label  `json:"title"`
	Advice Label  `json:"advice"`
}

// FaultError is a Fault that happened. Detail is for people who look deeper; it
// is never translated and never holds a secret.
type FaultError struct {
	Code   string
	Detail string
	Err    error
}

func (e *FaultError) Error() string {
	text := e.Code
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *FaultError) Unwrap() error { return e.Err }

// NewFault says that a fault of the list happened.
func NewFault(code, detail string) error { return &FaultError{Code: code, Detail: detail} }

// FaultCode is the code of the fault in err's chain, or "".
func FaultCode(err error) string {
	var fault *FaultError
	if errors.As(err, &fault) {
		return fault.Code
	}
	return ""
}

// The codes of faults that stop a whole request.
const (
	FaultBadRequest        = "bad-request"
	FaultTooLarge          = "too-large"
	FaultUnauthorised      = "unauthorised"
	FaultForbidden         = "forbidden"
	FaultNotFound          = "not-found"
	FaultMethod            = "method-not-allowed"
	FaultUnsupportedMedia  = "unsupported-media-type"
	FaultNotAcceptable     = "not-acceptable"
	FaultTooMany           = "too-many-attempts"
	FaultGuessed           = "login-guessed"
	FaultInternal          = "internal"
	FaultBusy              = "busy"
	FaultDiskFull          = "disk-full"
	FaultCrossSite         = "cross-site"
	FaultEnrolmentUnknown  = "enrolment-code-unknown"
	FaultEnrolmentExpired  = "enrolment-code-expired"
	FaultEnrolmentUsed     = "enrolment-code-used"
	FaultKeyUnusable       = "key-unusable"
	FaultAssertion         = "assertion-refused"
	FaultAssertionClock    = "assertion-clock"
	FaultDeviceRevoked     = "device-revoked"
	FaultSignature         = "signature-wrong"
	FaultChainBroken       = "chain-broken"
	FaultFork              = "chain-forked"
	FaultGap               = "chain-gap"
	FaultPlainWanted       = "push-plain-wanted"
	FaultWrongCampaign     = "wrong-campaign"
	FaultNotYourChain      = "not-your-chain"
	FaultCursorAhead       = "cursor-ahead"
	FaultScope             = "scope-refused"
	FaultLogin             = "login-refused"
	FaultStale             = "row-changed-meanwhile"
	FaultConflictClosed    = "conflict-closed"
	FaultValue             = "value-refused"
	FaultVersionUnreadable = "schema-version-unreadable"
	FaultDraw              = "draw-refused"
	FaultDrawOpen          = "draw-open"
	FaultDrawState         = "draw-not-there-yet"
	FaultDrawSealed        = "draw-sealed"
	FaultDrawTwice         = "draw-twice"
	FaultDeskCode          = "desk-code-other"
	FaultRosterTaken       = "roster-taken"
	FaultAccountTaken      = "account-taken"
	FaultLastAdmin         = "last-admin"
	FaultCodeWanted        = "second-factor-wanted"
	FaultCodeWrong         = "second-factor-wrong"
	FaultCodeInUse         = "second-factor-in-use"
	FaultPassword          = "password-wrong"
	FaultPasswordWeak      = "password-weak"
	FaultQuestionTaken     = "question-taken"
	FaultQuestionAnswered  = "question-answered"
	FaultCampaignTaken     = "campaign-taken"
	FaultSealKey           = "seal-key-unusable"
	FaultImportFile        = "import-file-unreadable"
	FaultImportSize        = "import-file-too-large"
	FaultImportMistakes    = "import-has-mistakes"
	FaultBlobUnknown       = "attachment-unknown"
	FaultBlobHash          = "attachment-hash"
	FaultBlobSize          = "attachment-size"
)

// The reasons for which an entry is quarantined.
const (
	ReasonMalformed     = "changeset-malformed"
	ReasonPatchset      = "changeset-is-patchset"
	ReasonDelete        = "row-deleted"
	ReasonUnknownTable  = "table-unknown"
	ReasonColumns       = "columns-unknown"
	ReasonVersion       = "schema-version-unknown"
	ReasonNotWritable   = "table-not-writable"
	ReasonHQColumn      = "column-of-headquarters"
	ReasonOutOfScope    = "row-out-of-scope"
	ReasonNotAuthor     = "not-the-author"
	ReasonBadValue      = "value-refused-in-row"
	ReasonKeyChange     = "key-unusable-in-row"
	ReasonDeviceRevoked = "device-was-revoked"
)

// Faults lists every fault once: what stops a request, then why an entry is
// quarantined.
func Faults() []Fault {
	return slices.Concat(requestFaults(), peopleFaults(), importFaults(), ledgerFaults(), officeFaults(), syncFaults(), carryFaults(), reviewFaults(), quarantineReasons())
}

func fault(code string, status int, zh, en, adviceZh, adviceEn string) Fault {
	return Fault{code, status, Label{zh, en}, Label{adviceZh, adviceEn}}
}

func requestFaults() []Fault {
	return []Fault{
		fault(FaultBadRequest, 400, "請求內容無法讀取", "The request cannot be read",
			"請更新應用後重試；仍不行請把詳情發給管理員。",
			"Update the app and try again; if it persists, send the details to your administrator."),
		fault(FaultTooLarge, 413, "一次發送的內容太大", "Too much was sent at once",
			"應用會自動分批重發，無需操作。", "The app sends it again in smaller parts; nothing to do."),
		fault(FaultUnauthorised, 401, "尚未登錄或登錄已過期", "Not signed in, or the sign-in has expired",
			"請重新登錄。", "Sign in again."),
		fault(FaultForbidden, 403, "沒有權限", "Not allowed",
			"如確需使用，請聯繫管理員授權。", "Ask your administrator if you need this."),
		fault(FaultNotFound, 404, "沒有找到", "Not found",
			"請檢查地址，或返回上一頁刷新。", "Check the address, or go back and refresh."),
		fault(FaultMethod, 405, "此地址不支持這種操作", "This address does not take that method",
			"請查看接口文檔 /api/openapi.json。", "See the description at /api/openapi.json."),
		fault(FaultUnsupportedMedia, 415, "不支持的內容格式", "That content type is not taken",
			"請使用 application/json 或 application/cbor。", "Send application/json or application/cbor."),
		fault(FaultNotAcceptable, 406, "無法按要求的格式回答", "Cannot answer in the format asked for",
			"請接受 application/json 或 application/cbor。", "Accept application/json or application/cbor."),
		fault(FaultTooMany, 429, "嘗試次數過多", "Too many attempts",
			"請稍候幾分鐘再試。", "Wait a few minutes and try again."),
		fault(FaultGuessed, 429, "這個用戶名正被人猜密碼", "Somebody is guessing the password of this login",
			"請在以前登錄過的瀏覽器上登錄；沒有的話，約一小時後再試，並告知管理員。",
			"Sign in at a browser that you signed in at before; without one, try again in an hour, and tell your administrator."),
		fault(FaultInternal, 500, "服務器出錯", "The server failed",
			"記錄仍在手機上，稍後會自動重試；請告知管理員。",
			"Records are still on the phone and will be sent again; tell your administrator."),
		fault(FaultBusy, 503, "服務器繁忙", "The server is busy",
			"稍後會自動重試。", "It will be tried again by itself."),
		fault(FaultDiskFull, 507, "服務器磁盤已滿", "The server's disk is full",
			"記錄仍在手機上，稍後會自動重試；請通知管理員清理服務器磁盤。",
			"Records are still on the phone and will be sent again; tell your administrator to make room on the server."),
		fault(FaultCrossSite, 403, "請求來自其他網站，已拒絕", "The request came from another site",
			"請直接在本系統頁面操作。", "Use this system's own pages."),
		fault(FaultLogin, 401, "用戶名或密碼不對", "User name or password is wrong",
			"請檢查後重試；忘記密碼請聯繫管理員。",
			"Check and try again; ask your administrator if the password is lost."),
		fault(FaultStale, 409, "內容剛被他人改動", "Somebody changed this meanwhile",
			"已為您刷新，請看過新內容再決定。", "Look at the new content and decide again."),
		fault(FaultDraw, 422, "抽取不能這樣進行", "The draw cannot go on like this",
			"請按說明更正後再試。", "Put it right as the explanation says and try again."),
		fault(FaultDrawOpen, 409, "還有一次抽取沒有結束", "Another draw is not over",
			"請先完成或作廢它，序號才能連續。", "Finish or void it first: numbers have no gaps."),
		fault(FaultDrawTwice, 409, "這個用途和範圍已經抽取過", "That purpose and scope were drawn already",
			"請換用途或範圍；單位不能去時用替換。", "Take another purpose or scope; for a unit that cannot be visited there are replacements."),
		fault(FaultDrawState, 409, "這一步現在還不能做，或已經做過", "This step cannot be done now, or was done",
			"請刷新頁面，看抽取進行到哪一步。", "Refresh the page and see how far the draw is."),
		fault(FaultDrawSealed, 409, "結果尚未啟封", "The outcome is still sealed",
			"出發時啟封後再試。", "Open it at departure, then try again."),
		fault(FaultDeskCode, 409, "這個現場已經報過另一個名冊碼", "Another roster code was told for this site before",
			"請與對方核對名冊碼；以先報的為準。名冊若真的改過，請如實告知，不再給開啟碼。",
			"Compare the codes with the caller; the first one counts. If the roster was really changed, say so and tell no unlock code."),
		fault(FaultRosterTaken, 409, "這個單位的名冊已經在現場抄錄或開啟", "That unit's roster was begun or opened in the field",
			"請把這個單位從表格中去掉再上傳；什麼都還沒有存。",
			"Take that unit out of the table and upload it again; nothing was kept."),
		fault(FaultConflictClosed, 409, "該衝突已處理", "The conflict is already closed",
			"請刷新列表。", "Refresh the list."),
		fault(FaultValue, 422, "填寫的內容不合要求", "A value is not allowed",
			"請按詳情改正後重試。", "Correct it as the detail says and try again."),
	}
}

func importFaults() []Fault {
	return []Fault{
		fault(FaultCampaignTaken, 409, "這個批次代碼已經有了", "There is a campaign of that code",
			"請換一個代碼。", "Choose another code."),
		fault(FaultSealKey, 422, "密封公鑰無法使用", "That is no key that interviews can be sealed to",
			"請填 age 公鑰，每行一個，以 age1 開頭；私鑰不要交給服務器。",
			"Give age recipients, one to a line, each beginning with age1; never give the server a secret key."),
		fault(FaultImportFile, 422, "表格文件無法讀取", "That table cannot be read",
			"請用辦公軟件打開，另存為 .xlsx（不加密碼）或 UTF-8 的 CSV 再試。",
			"Open it in an office program, save it as .xlsx without a password or as CSV in UTF-8, and try again."),
		fault(FaultImportSize, 413, "表格太大", "That table is too large",
			"一次最多 32 MB、20 萬行、200 列，請分成幾個文件導入。",
			"At most 32 MB, 200,000 rows and 200 columns at once: import it in several files."),
		fault(FaultImportMistakes, 422, "表格中有錯，什麼都沒有導入", "The table has mistakes; nothing was imported",
			"請先預覽，按所列各行改正後再導入。", "Preview it, correct the rows that are listed, and import it again."),
	}
}

func syncFaults() []Fault {
	return []Fault{
		fault(FaultEnrolmentUnknown, 404, "登記碼不存在", "There is no such enrolment code",
			"請核對登記碼，或向總部索取新碼。", "Check the code, or ask headquarters for a new one."),
		fault(FaultEnrolmentExpired, 410, "登記碼已過期", "The enrolment code has expired",
			"請向總部索取新的登記碼。", "Ask headquarters for a new code."),
		fault(FaultEnrolmentUsed, 409, "登記碼已被使用", "The enrolment code was used already",
			"如不是您本人使用，請立即告知總部；並索取新碼。",
			"If that was not you, tell headquarters at once, and ask for a new code."),
		fault(FaultKeyUnusable, 422, "設備公鑰無法使用", "The device's public key cannot be used",
			"請更新瀏覽器後重新登記。", "Update the browser and enrol again."),
		fault(FaultAssertion, 401, "設備簽名未通過", "The device's assertion was refused",
			"請在設備上重試；仍不行請重新登記設備。", "Try again; if it persists, enrol the device anew."),
		fault(FaultAssertionClock, 401, "設備時間與服務器相差太多", "The device's clock is too far off",
			"應用會按服務器時間自動重試；請校準手機時間。",
			"The app retries with the server's time; set the phone's clock right."),
		fault(FaultDeviceRevoked, 403, "此設備已被停用", "This device was revoked",
			"設備上的記錄仍在，請聯繫總部。", "The records on it are kept; contact headquarters."),
		fault(FaultSignature, 422, "提交的簽名不對", "The signature over the push is wrong",
			"內容已另存待查；請更新應用後重試，或聯繫總部。",
			"The bytes were kept aside; update the app and try again, or contact headquarters."),
		fault(FaultChainBroken, 422, "變更鏈不連貫", "The chain of entries does not join",
			"內容已另存待查；請聯繫總部。", "The bytes were kept aside; contact headquarters."),
		fault(FaultFork, 409, "同一設備出現兩條記錄鏈", "Two chains of one device exist",
			"可能設備被複製。內容已另存待查；請停用此設備並聯繫總部。",
			"The device may have been copied. The bytes were kept aside; stop using it and contact headquarters."),
		fault(FaultGap, 409, "中間缺少變更條目", "Entries are missing in between",
			"應用會從缺少處重發，無需操作。", "The app sends again from the gap; nothing to do."),
		fault(FaultPlainWanted, 409, "需要完整格式的提交", "The plain form of the push is wanted",
			"應用會自動改用完整格式重發，無需操作。", "The app sends it again in the plain form; nothing to do."),
		fault(FaultWrongCampaign, 422, "內容屬於其他批次", "The content belongs to another campaign",
			"請在對應批次的應用中同步。", "Sync it with its own campaign."),
		fault(FaultNotYourChain, 422, "批次內混有不同設備的條目", "A push mixes entries of several devices",
			"請每次只提交一個設備的條目。", "Send one device's entries at a time."),
		fault(FaultCursorAhead, 409, "設備比服務器更新", "The device is ahead of the server",
			"服務器可能恢復過備份。應用會先上傳、再從頭下載，記錄不會丟失。",
			"The server may have been restored. The app pushes, then pulls from zero; nothing is lost."),
		fault(FaultScope, 403, "不能下載該範圍的數據", "That scope is not yours to pull",
			"應用會按最新分工重新下載。", "The app pulls again by the current assignment."),
		fault(FaultBlobUnknown, 409, "總部還沒有這份佐證的記錄", "Headquarters has no record of this attachment yet",
			"記錄先行，內容隨後：同步之後會自動再傳。", "The record goes first and its bytes after it: they are sent again after the next sync."),
		fault(FaultBlobHash, 422, "傳來的內容與摘要不符", "The bytes that arrived are not those of the hash",
			"傳輸途中有損壞，會自動重傳。", "They were damaged on the way and are sent again."),
		fault(FaultBlobSize, 413, "佐證的大小與記錄不符，或超過 32 MB", "The attachment's size is not that of its record, or above 32 MB",
			"請重新拍攝或壓縮後再記錄。", "Take it anew, or smaller."),
		fault(FaultVersionUnreadable, 422, "數據版本不受支持", "That schema version is not known here",
			"請更新應用或聯繫總部升級服務器。", "Update the app, or ask headquarters to upgrade."),
	}
}

func quarantineReasons() []Fault {
	const zh, en = "總部人員會處理，原始內容已完整保存。", "Headquarters will decide; the original is kept whole."
	reason := func(code, titleZh, titleEn string) Fault {
		return fault(code, 0, titleZh, titleEn, zh, en)
	}
	return []Fault{
		reason(ReasonMalformed, "變更內容無法讀取", "The changeset cannot be read"),
		reason(ReasonPatchset, "提交了補丁集而非變更集", "A patchset was sent instead of a changeset"),
		reason(ReasonDelete, "刪除了行（應撤回而非刪除）", "A row was deleted (withdraw it instead)"),
		reason(ReasonUnknownTable, "含有未知的表", "It writes a table that is not known"),
		reason(ReasonColumns, "欄目數與表結構不符", "Its columns do not fit the table"),
		reason(ReasonVersion, "數據版本比服務器新", "Its schema version is newer than the server's"),
		reason(ReasonNotWritable, "修改了只有總部可改的表", "It writes a table only headquarters may write"),
		reason(ReasonHQColumn, "修改了只有總部可改的欄目", "It writes a column only headquarters may write"),
		reason(ReasonOutOfScope, "修改了不屬於本組的行", "It writes a row outside the team's scope"),
		reason(ReasonNotAuthor, "修改了他人署名的內容", "It changes what somebody else signed"),
		reason(ReasonBadValue, "含有不允許的值", "It holds a value that is not allowed"),
		reason(ReasonKeyChange, "行的主鍵無法使用", "A row's key cannot be used"),
		reason(ReasonDeviceRevoked, "設備停用後提交", "It came after the device was revoked"),
	}
}

package schema

// The codes of faults of sealed data, of tokens and of who is told of what happens.
const (
	FaultOwnRequest  = "own-request"
	FaultNotAgreed   = "unsealing-not-agreed"
	FaultTokenScope  = "token-scope"
	FaultTokenDenied = "token-not-for-this"
	FaultWebhookURL  = "webhook-url"
	FaultTemplate    = "template-unusable"
)

func officeFaults() []Fault {
	return []Fault{
		fault(FaultOwnRequest, 409, "不能批准自己的申請", "You cannot agree to your own request",
			"開啟密件要兩個人：請另一位有權限的人批准。", "Opening what is sealed takes two people: let somebody else decide."),
		fault(FaultNotAgreed, 409, "這次開啟還沒有獲批，或已過期", "This opening is not agreed yet, or too long ago",
			"批准後二十四小時內可以開啟；過期請重新申請。", "It can be opened for a day after somebody has agreed; after that, ask again."),
		fault(FaultTokenScope, 403, "這個令牌沒有這項權限", "The token does not have this scope",
			"請另建一個勾選了所需權限的令牌。", "Make a token with the scope that is needed."),
		fault(FaultTokenDenied, 403, "這件事只能由人登錄後辦理", "Only a person who is signed in can do this",
			"請在瀏覽器中登錄後操作。", "Sign in with a browser."),
		fault(FaultTemplate, 422, "這份模板不能用", "This template cannot be used",
			"模板已停用、不是這種文件的模板，或其中有錯：請另選一份，或改正後重新上傳。", "It was withdrawn, is of another kind of document, or has mistakes: choose another, or correct it and upload it again."),
		fault(FaultWebhookURL, 422, "這個通知地址不能用", "This address cannot be told anything",
			"請填 http 或 https 開頭的完整網址，不能指向本機。", "Give a whole address that begins with http or https and is not this machine's."),
	}
}

func peopleFaults() []Fault {
	return []Fault{
		fault(FaultAccountTaken, 409, "這個用戶名已經有人用", "That user name is taken",
			"請換一個用戶名。", "Choose another one."),
		fault(FaultLastAdmin, 409, "不能沒有管理員", "There must be an administrator",
			"請先讓另一個人成為管理員。", "Make somebody else an administrator first."),
		fault(FaultCodeWanted, 401, "請輸入驗證器上的動態碼", "Enter the code of your authenticator",
			"打開手機上的驗證器，輸入六位動態碼；手機不在身邊可用一個恢復碼。",
			"Open the authenticator on your phone and enter its six digits; without the phone, use a recovery code."),
		fault(FaultCodeWrong, 422, "動態碼不對，或已經用過", "The code is wrong, or was used already",
			"請等驗證器顯示下一個動態碼再輸入；一直不對請核對手機時間，或請管理員重置。",
			"Wait for the authenticator's next code; if none is taken, check the phone's clock or ask your administrator to reset it."),
		fault(FaultCodeInUse, 409, "驗證器的設置已變", "The authenticator is set up already, or no longer",
			"請刷新頁面，重新開始設置。", "Refresh the page and begin again."),
		fault(FaultPassword, 422, "現在的密碼不對", "Your present password is wrong",
			"請檢查後重試；忘記密碼請聯繫管理員。",
			"Check and try again; ask your administrator if the password is lost."),
		fault(FaultPasswordWeak, 422, "新密碼太容易被猜到", "The new password is too easy to guess",
			"至少 10 個字符，不含用戶名，不與舊密碼相同，不要只重複少數幾個字符。",
			"At least 10 characters, without your user name, not the old one, and not a few characters again and again."),
		fault(FaultQuestionTaken, 409, "這個題號已經有了", "There is a question of that code",
			"請換一個題號。", "Choose another code."),
		fault(FaultQuestionAnswered, 409, "已經有人作答，題型、用途和最高分不能再改", "It was answered: its kind, usage and highest mark stay",
			"請停用這道題，另加一道新題；已有的答案不會丟。",
			"Withdraw it and add another one; the answers stay."),
	}
}

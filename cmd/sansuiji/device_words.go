package main

import (
	"fmt"
	"strings"

	"sansuiji/schema"
)

// words are what people read, in one language.
type words struct{ english bool }

// wordsIn are the words of a language: English for "en…", else Chinese.
func wordsIn(lang string) words { return words{strings.HasPrefix(strings.ToLower(lang), "en")} }

// langOf finds --lang before the flags are read: their errors are words too.
func langOf(args []string) string {
	for i, arg := range args {
		name, value, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if name != "lang" || !strings.HasPrefix(arg, "-") {
			continue
		}
		if given {
			return value
		}
		if i+1 < len(args) {
			return args[i+1]
		}
	}
	return "zh"
}

func (w words) of(l schema.Label) string {
	if w.english {
		return l.En
	}
	return l.Zh
}

func (w words) say(word string) string {
	l, ok := deviceWords()[word]
	if !ok {
		panic("no words for " + word)
	}
	return w.of(l)
}

func (w words) sayf(word string, args ...any) string { return fmt.Sprintf(w.say(word), args...) }

// reason says why an entry is in quarantine.
func (w words) reason(code string) string {
	for _, f := range schema.Faults() {
		if f.Code == code {
			return w.of(f.Title)
		}
	}
	return code
}

// deviceWords are those of "sansuiji device" that stand nowhere else. What
// headquarters refuses is said in the words of schema.Faults.
func deviceWords() map[string]schema.Label {
	return map[string]schema.Label{
		"usage": {Zh: deviceUsageZh, En: deviceUsageEn},

		"no-file":      {Zh: "請用 --file 指定設備文件", En: "name the device's file with --file"},
		"enrol-needs":  {Zh: "登記需要 --server 和 --code；--key 為 p256 或 ed25519", En: "enrolling needs --server and --code; --key is p256 or ed25519"},
		"put-needs":    {Zh: "用法：put --file F 表 [編號] 欄目=值…", En: "usage: put --file F TABLE [ID] column=value…"},
		"export-needs": {Zh: "請指定要寫入的離線包文件", En: "name the bundle to write"},
		"import-needs": {Zh: "請指定要讀取的離線包文件", En: "name the bundle to read"},
		"no-table":     {Zh: "沒有表 %q，可用：%s", En: "no table %q; there are: %s"},
		"no-column":    {Zh: "%q：應為 欄目=值；%s 的欄目有：%s", En: "%q: want column=value; %s has: %s"},
		"no-choice":    {Zh: "不能是 %q，可選：%s", En: "%q is none of: %s"},
		"required":     {Zh: "必填", En: "must not be empty"},
		"want-integer": {Zh: "%q 不是整數", En: "%q is no integer"},
		"want-time":    {Zh: "%q 不是時間（毫秒數，或如 2026-11-25T08:00:00+08:00）", En: "%q is no time (milliseconds, or like 2026-11-25T08:00:00+08:00)"},

		"offline":      {Zh: "連不上總部。記錄都在，稍後再試。", En: "Headquarters does not answer. Everything is kept; try again later."},
		"refused":      {Zh: "總部拒絕了請求", En: "Headquarters refused"},
		"not-enrolled": {Zh: "設備尚未登記", En: "The device is not enrolled"},
		"full":         {Zh: "存儲空間已滿，這次沒有保存", En: "The storage is full; nothing was saved this time"},
		"newer":        {Zh: "設備文件由較新的程序寫成，請更新程序", En: "A newer program wrote the device's file; update this one"},
		"failed":       {Zh: "沒有完成", En: "It did not work"},

		"enrolled": {Zh: "%s（%s），%s，設備 %s", En: "%s (%s), %s, device %s"},
		"pushed":   {Zh: "已上傳 %d 條，代同事上傳 %d 條", En: "pushed %d entries, and %d of colleagues"},
		"pulled":   {Zh: "已下載 %d 行", En: "pulled %d rows"},
		"synced":   {Zh: "已上傳 %d 條，代同事上傳 %d 條，下載 %d 行", En: "pushed %d entries and %d of colleagues, pulled %d rows"},
		"exported": {Zh: "%d 條已寫入 %s", En: "%d entries written to %s"},
		"imported": {Zh: "收下 %d 條，其中 %d 條簽名待總部核驗", En: "took %d entries, of which headquarters must verify %d"},

		"alarm-rolled-back":  {Zh: "總部的數據被退回到從前而未聲明", En: "headquarters' data went back in time and it did not say so"},
		"alarm-forked":       {Zh: "總部的歷史與本機見過的不同", En: "headquarters' history is another than this device has seen"},
		"alarm-unverifiable": {Zh: "總部一再拿不出歷史未變的證明", En: "headquarters keeps failing to prove that its history is unchanged"},

		"status-alarm":      {Zh: "警報（%s）：%s（%s）。請告知管理員並保管好設備；查清後用 status --clear-alarm 解除。", En: "ALARM (%s): %s (%s). Tell your administrator and keep the device; once it is explained: status --clear-alarm."},
		"status-notice":     {Zh: "通知（%s）：總部已從備份恢復至第 %d 條，缺本機見過的 %d 條；各設備會自動補傳。知悉後用 status --clear-notice 消除。", En: "NOTICE (%s): headquarters was restored from a backup at entry %d and lacked %d that this device had seen; devices send theirs again by themselves. Once read: status --clear-notice."},
		"status-entries":    {Zh: "變更：待上傳 %d，已合併 %d，暫掛 %d，待處理 %d；已備份至第 %d 條", En: "entries: %d waiting, %d merged, %d held, %d quarantined; backed up to %d"},
		"status-disputed":   {Zh: "與他人填寫不同，總部裁定中：%d 條", En: "differ from a colleague's, headquarters decides: %d"},
		"status-carried":    {Zh: "代同事攜帶：待上傳 %d，總部不收 %d，已送達 %d", En: "carried for colleagues: %d waiting, %d refused, %d delivered"},
		"status-no-contact": {Zh: "尚未聯繫過總部", En: "no contact with headquarters yet"},
		"status-contact":    {Zh: "上次聯繫總部：%s（%s）", En: "last contact with headquarters: %s (%s)"},
		"status-failure":    {Zh: "上次同步（%s）沒有完成：%s", En: "the last sync (%s) did not come to its end: %s"},
		"status-checkpoint": {Zh: "總部歷史憑據：%d 條（%s）", En: "checkpoint of headquarters' history: %d entries (%s)"},
	}
}

const deviceUsageZh = `用法：sansuiji device 動作 --file 文件 [選項]

  enrol   登記：--server 地址 --code 登記碼 [--name 名稱] [--key p256|ed25519]
  put     保存一行：表 [編號] 欄目=值…（空值清除；inspector_id=me 為本人）
  push    上傳
  pull    下載
  sync    先上傳、再下載
  status  狀態；--clear-alarm 解除警報，--clear-notice 消除通知
  export  導出離線包，由同事帶回：離線包文件
  import  收下同事的離線包：離線包文件

選項：--json 輸出 JSON；--lang en 英文；--server 更換總部地址
退出碼：0 完成，1 被拒絕或失敗，2 用法不對，3 沒有網絡
`

const deviceUsageEn = `usage: sansuiji device VERB --file FILE [FLAGS]

  enrol   enrol: --server URL --code CODE [--name NAME] [--key p256|ed25519]
  put     save one row: TABLE [ID] column=value… (empty clears; inspector_id=me is oneself)
  push    send what waits
  pull    fetch what is new
  sync    push, then pull
  status  how the device stands; --clear-alarm ends an alarm, --clear-notice a notice
  export  write a bundle for a colleague to carry: BUNDLE
  import  take a colleague's bundle: BUNDLE

flags: --json prints JSON; --lang en; --server changes headquarters' address
exit: 0 done, 1 refused or failed, 2 wrong usage, 3 no network
`

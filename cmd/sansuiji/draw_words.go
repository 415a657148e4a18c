package main

import (
	"errors"
	"os"

	"sansuiji/draw"
	"sansuiji/schema"
)

// sayDrawError says what went wrong in a person's language.
func sayDrawError(w words, err error) string {
	language := "zh"
	if w.english {
		language = "en"
	}
	if p := draw.ProblemOf(err); p != nil {
		return p.Say(language)
	}
	var path *os.PathError
	switch {
	case errors.Is(err, os.ErrExist):
		return drawWord(w, "exists") + err.Error()
	case errors.As(err, &path) && errors.Is(err, os.ErrNotExist):
		return drawWord(w, "no-file") + path.Path
	}
	return err.Error()
}

func drawWord(w words, word string) string {
	l, ok := drawWords()[word]
	if !ok {
		l, ok = drawFlagWords()[word]
	}
	if !ok {
		panic("no words for " + word)
	}
	return w.of(l)
}

// drawWords are those of "sansuiji draw"; what is wrong with an input stands in
// package draw.
func drawWords() map[string]schema.Label {
	return map[string]schema.Label{
		"usage": {Zh: `用法：sansuiji draw 動作 [選項]，依次為

  sites    生成現場密鑰（訪談抽取用）：--sites 現場編號 --ask 人數 --modes 方式 --campaign 核查批次 --out 密鑰
  plan     凍結抽樣框、寫成方案：--frame 抽樣框 --settings 設定 [--log 日誌] --out 方案
  commit   一方生成密數並承諾：--plan 方案 --role 職責 --secret 密數文件
  dice     記下骰子：--plan 方案 --published 地點,時間,佐證 … --throw 人=讀數 … --out 過程
  stop     擲骰之前停止（接著揭開並作廢）：--plan 方案 --out 過程
  reveal   揭開密數：--ceremony 過程 --secret 密數文件
  run      抽取：--ceremony 過程 --frame 抽樣框 [--log 日誌] --out 抽取憑證
  void     作廢（仍須揭開並公開）：同 run，另加 --reason 理由
  replace  用下一個備選替換：--certificate 抽取憑證 --stratum 層 --unit 單位 --reason 代碼 --evidence 佐證 --approver 批准人
  weights  入樣概率與權重表：--certificate 抽取憑證 [--out 文件]

核驗：sansuiji verify 抽取憑證 --frame 抽樣框 [--log 日誌] [--known 摘要]
選項：--lang en 英文。退出碼：0 完成，1 被拒絕，2 用法不對
`, En: `usage: sansuiji draw STEP [OPTIONS], one after another

  sites    make the keys of sites (for drawing people): --sites FILE --ask N --modes M --campaign ID --out KEYS
  plan     freeze the frame and write the plan: --frame FRAME --settings SETTINGS [--log LOG] --out PLAN
  commit   make somebody's secret and commit to it: --plan PLAN --role ROLE --secret FILE
  dice     write down the dice: --plan PLAN --published WHERE,TIME,EVIDENCE … --throw PERSON=DIGITS … --out CEREMONY
  stop     end it before the dice (then reveal and void): --plan PLAN --out CEREMONY
  reveal   open a secret: --ceremony CEREMONY --secret FILE
  run      draw: --ceremony CEREMONY --frame FRAME [--log LOG] --out CERTIFICATE
  void     void it, opened all the same: as run, with --reason REASON
  replace  put the next in reserve in a unit's place: --certificate CERTIFICATE --stratum STRATUM --unit ID
           --reason CODE --evidence HASH --approver PERSON
  weights  the table of probabilities and weights: --certificate CERTIFICATE [--out FILE]

verify: sansuiji verify CERTIFICATE --frame FRAME [--log LOG] [--known HASH]
options: --lang zh for Chinese. Exit codes: 0 done, 1 refused, 2 wrong usage
`},
		"sites":   {Zh: "%d 個現場的密鑰，根摘要 %s：寫入設定的 sites", En: "keys of %d sites, root %s: put it into the settings as sites"},
		"needs":   {Zh: "缺少 %s\n", En: "%s is missing\n"},
		"exists":  {Zh: "文件已經存在，不覆蓋：", En: "the file is there and is not overwritten: "},
		"no-file": {Zh: "找不到文件：", En: "no such file: "},
		"planned": {
			Zh: "方案 %s：%d 個單位，可抽 %d 個，抽樣框根摘要 %s",
			En: "plan %s: %d units, %d of them can be drawn, root of the frame %s",
		},
		"excluded-many": {Zh: "注意：%[2]d 個單位中排除了 %[1]d 個，超過一成", En: "note: %d of %d units are left out, more than a tenth"},
		"committed":     {Zh: "「%s」的承諾 %s", En: "commitment of “%s”: %s"},
		"publish":       {Zh: "請公布方案摘要，擲骰之前不可再改：%s", En: "publish the plan's hash, nothing may change before the dice: %s"},
		"thrown":        {Zh: "骰子已記下，等待 %d 方揭開密數", En: "the dice are written down; %d secrets are to be opened"},
		"stopped":       {Zh: "已停止，等待 %d 方揭開密數，然後作廢", En: "stopped; %d secrets are to be opened, then void it"},
		"revealed":      {Zh: "「%s」已揭開（%d / %d）", En: "“%s” is open (%d of %d)"},
		"feasible":      {Zh: "可行的分配共 %s 種", En: "%s assignments were possible"},
		"few":           {Zh: "注意：可行的分配只有 %s 種，可以猜到", En: "note: there are only %s assignments, they can be guessed"},
		"void":          {Zh: "已作廢：%s", En: "void: %s"},
		"certificate":   {Zh: "請立即公布抽取憑證摘要 %s", En: "publish the certificate's hash at once: %s"},
		"replaced":      {Zh: "「%s」由「%s」替換；請公布摘要 %s", En: "“%s” is replaced by “%s”; publish the hash %s"},
	}
}

// drawFlagWords say what the flags are.
func drawFlagWords() map[string]schema.Label {
	return map[string]schema.Label{
		"flag-frame":       {Zh: "抽樣框`文件`（CSV 或 JSON 行）", En: "`file` of the frame (CSV or JSON lines)"},
		"flag-settings":    {Zh: "設定`文件`", En: "`file` of what people decided"},
		"flag-plan":        {Zh: "方案`文件`", En: "`file` of the plan"},
		"flag-ceremony":    {Zh: "過程`文件`", En: "`file` of the ceremony"},
		"flag-certificate": {Zh: "抽取憑證`文件`", En: "`file` of the certificate"},
		"flag-secret":      {Zh: "密數`文件`", En: "`file` of a secret"},
		"flag-role":        {Zh: "持密數者的`職責`", En: "`role` of who holds the secret"},
		"flag-log":         {Zh: "日誌`文件`", En: "`file` of the log"},
		"flag-out":         {Zh: "寫入的`文件`", En: "`file` to write"},
		"flag-reason":      {Zh: "`理由`", En: "`reason`"},
		"flag-at":          {Zh: "`時間`，如 2026-11-20T01:00:00Z；缺省為現在", En: "`time` as in 2026-11-20T01:00:00Z; now if left out"},
		"flag-stratum":     {Zh: "`層`", En: "`stratum`"},
		"flag-unit":        {Zh: "被替換`單位`的編號", En: "`id` of the unit that is replaced"},
		"flag-evidence":    {Zh: "佐證的`摘要`", En: "`hash` of the evidence"},
		"flag-approver":    {Zh: "批准`人`（不得為組長）", En: "`person` who approves, no leader of a team"},
		"flag-published":   {Zh: "公布的`地點,時間,佐證`，可多次", En: "`WHERE,TIME,EVIDENCE` of a publication; may be given more than once"},
		"flag-throw":       {Zh: "`人=讀數`，按方案的次序，可多次", En: "`PERSON=DIGITS` in the plan's order; may be given more than once"},
		"flag-sites":       {Zh: "現場編號`文件`，每行一個", En: "`file` of the sites' ids, one to a line"},
		"flag-ask":         {Zh: "每個現場應訪的`人數`", En: "`number` of people to be asked at each site"},
		"flag-modes":       {Zh: "允許的開啟`方式`：desk、envelope、local，以逗號相隔", En: "`modes` in which keys may be opened: desk, envelope, local, with commas"},
		"flag-campaign":    {Zh: "核查批次`編號`", En: "`id` of the campaign"},
		"flag-roster":      {Zh: "名冊`文件`（CSV）", En: "`file` of the roster (CSV)"},
		"flag-known":       {Zh: "從公布處抄得的`摘要`，可多次", En: "`hash` from where it was published; may be given more than once"},
	}
}

package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/syncengine/translog"
)

// verifyWord is a sentence of "sansuiji verify" and "sansuiji fsck".
func verifyWord(w words, word string) string {
	l, ok := verifyWords()[word]
	if !ok {
		l, ok = fsckWords()[word]
	}
	if !ok {
		panic("no words for " + word)
	}
	return w.of(l)
}

func verifyWords() map[string]schema.Label {
	return map[string]schema.Label{
		"usage": {Zh: `用法：sansuiji verify 抽取憑證 --frame 抽樣框 [--log 日誌] [--known 摘要]…
      sansuiji verify site 現場記錄 --certificate 抽取憑證 --roster 名冊 [--known 摘要]…
      sansuiji verify evidence 證據包 [--key 總部公鑰]
      sansuiji verify history 歷史文件|- [--key 總部公鑰] [--checkpoint 文件]…
      sansuiji verify history --data 文件夾 | --database 網址 [--campaign 編號]

選項：--lang en 英文。退出碼：0 成立，1 不成立，2 無法判定或用法不對
`, En: `usage: sansuiji verify CERTIFICATE --frame FILE [--log FILE] [--known HASH]…
       sansuiji verify site RECORD --certificate FILE --roster FILE [--known HASH]…
       sansuiji verify evidence FILE [--key KEY]
       sansuiji verify history FILE|- [--key KEY] [--checkpoint FILE]…
       sansuiji verify history --data DIR | --database URL [--campaign CODE]

options: --lang zh for Chinese. Exit codes: 0 it holds, 1 it does not, 2 it could not tell, or wrong usage
`},
		"flag-lang": {Zh: "文字的`語言`：zh 或 en（缺省 zh）", En: "`language` of messages: zh or en (default zh)"},
		"flag-key":  {Zh: "從別處得到的總部`公鑰`", En: "headquarters' `key`, from somewhere else than the file"},
		"flag-checkpoint": {
			Zh: "設備保存的已簽名檢查點`文件`，可多次",
			En: "`file` with a signed checkpoint that a device kept; may be given more than once",
		},
		"flag-data":     {Zh: "不核驗文件，核驗這個`文件夾`的數據庫", En: "`folder` of a database to check instead of a file"},
		"flag-campaign": {Zh: "數據庫中核查批次的`編號`（代碼或 id）；只有一個批次時不必給", En: "`code` or id of the campaign in the database; not needed if there is one only"},
		"want-lang":     {Zh: "只有 zh 和 en", En: "want zh or en"},
		"want-key":      {Zh: "公鑰是空的", En: "the key is empty"},
		"want-hash": {
			Zh: "摘要應為 64 位十六進制數字（可以帶空格，但要加引號）",
			En: "a hash has 64 hexadecimal digits (spaces are allowed, between quotation marks)",
		},
		"one-of":      {Zh: "要麼給一個文件，要麼用 --data 或 --database", En: "name one file, or --data, or --database"},
		"hash":        {Zh: "抽取憑證的摘要", En: "hash of the certificate:"},
		"site-only":   {Zh: "只核驗了這個現場。抽樣框與抽取本身另用 sansuiji verify 抽取憑證 --frame 核驗", En: "Only this site was verified. The frame and the draw itself: sansuiji verify CERTIFICATE --frame FILE"},
		"not-proven":  {Zh: "不可信：%s", En: "NOT PROVEN: %s"},
		"counted":     {Zh: "批次 %s：%d 個條目，%d 個設備簽名", En: "campaign %s: %d entries, %d signatures of devices"},
		"key":         {Zh: "總部公鑰 %s", En: "headquarters' key %s"},
		"root":        {Zh: "樹根 %d %s", En: "root %d %s"},
		"cannot-tell": {Zh: "無法判定：%d 個檢查點不屬於此歷史中的任何紀元", En: "CANNOT TELL: %d checkpoints are of no epoch of this history"},
		"proven":      {Zh: "可信：與設備簽名及 %d 個檢查點一致", En: "PROVEN: as devices signed it, and as %d checkpoints have it"},
		"key-own": {
			Zh: "· 沒有核對：公鑰取自歷史本身。請與從別處得到的核對（--key），否則整份歷史可以是另造的",
			En: "· Not compared: the key is the one that the history itself names. Compare it with one from elsewhere (--key): else all of it could be made up",
		},
		"kept-none": {
			Zh: "· 沒有核對：沒有給出手機保存的檢查點（--checkpoint），此後的條目有沒有被截去看不出來",
			En: "· Not compared: without a checkpoint that a phone kept (--checkpoint) nobody sees whether later entries were cut off",
		},
		"rows-not": {
			Zh: "· 沒有核對：表中各行是否與歷史相符，用 sansuiji fsck",
			En: "· Not compared: whether the rows are what the history gives; sansuiji fsck does that",
		},
	}
}

// fsckWords are those of "sansuiji fsck" alone.
func fsckWords() map[string]schema.Label {
	return map[string]schema.Label{
		"differs": {Zh: "不符", En: "DIFFERS"},
		"compared": {
			Zh: "批次 %s：重放 %d 個條目，核對 %d 個簽名、%d 行、%d 個欄目、%d 個衝突：%s",
			En: "campaign %s: %d entries replayed, %d signatures, %d rows, %d cells, %d conflicts compared: %s",
		},
		"clean":     {Zh: "相符", En: "clean"},
		"not-clean": {Zh: "不符", En: "NOT CLEAN"},
		"nothing":   {Zh: "數據庫裡沒有核查批次，沒有可核對的", En: "there is no campaign in the database: nothing was compared"},
		"log": {
			Zh: "審計日誌：核對 %d 行、歷史中的 %d 個末端：%s",
			En: "audit log: %d lines, %d heads in the histories compared: %s",
		},
		"log-bad": {Zh: "不符 審計日誌第 %d 行被改動或已不在", En: "DIFFERS audit log, line %d: it was changed, or is gone"},
		"log-made-up": {
			Zh: "· 審計日誌第 %d 至 %d 行：所指的批次從未有過。舊版本記這種請求時漏存了批次；按所記網址補上後哈希相符，什麼也沒有缺少，請求都未成功",
			En: "· Audit log, lines %d to %d are about campaigns that there never were. Earlier versions left the campaign out; with it, as the address in the line has it, they have their own hash: nothing is missing, and nothing was done or given",
		},
		"damaged": {Zh: "損壞", En: "DAMAGED"},
		"missing": {Zh: "缺失", En: "MISSING"},
		"photos":  {Zh: "讀取 %d 個附件，%d 個損壞或缺失", En: "%d attachments read, %d damaged or missing"},
	}
}

// verifyFlags are the flags of something that is verified, in a person's language.
type verifyFlags struct {
	*flag.FlagSet
	words words
}

func newVerifyFlags(name string, w words) *verifyFlags {
	f := &verifyFlags{flag.NewFlagSet(name, flag.ContinueOnError), w}
	f.Func("lang", verifyWord(w, "flag-lang"), func(text string) error {
		if text != "zh" && text != "en" {
			return errors.New(verifyWord(w, "want-lang"))
		}
		return nil
	})
	return f
}

// keyVar reads headquarters' key. One that is empty is not taken for none: a script whose
// variable is not set would compare nothing.
func (f *verifyFlags) keyVar(key *string) {
	f.Func("key", verifyWord(f.words, "flag-key"), func(text string) error {
		if *key = strings.TrimSpace(text); *key == "" {
			return errors.New(verifyWord(f.words, "want-key"))
		}
		return nil
	})
}

// knownVar reads hashes as people write them down.
func (f *verifyFlags) knownVar(known *[]draw.Hash) {
	f.Func("known", drawWord(f.words, "flag-known"), func(text string) error {
		var h draw.Hash
		text = strings.ToLower(strings.Join(strings.Fields(text), ""))
		if err := h.UnmarshalText([]byte(text)); err != nil {
			return errors.New(verifyWord(f.words, "want-hash"))
		}
		*known = append(*known, h)
		return nil
	})
}

// keptVar reads files with checkpoints that devices kept.
func (f *verifyFlags) keptVar(kept *[]string) {
	f.Func("checkpoint", verifyWord(f.words, "flag-checkpoint"), func(file string) error {
		b, err := os.ReadFile(file)
		if err == nil && len(b) > translog.CheckpointMax {
			err = fmt.Errorf("%s has %d bytes", file, len(b))
		}
		*kept = append(*kept, string(b))
		return err
	})
}

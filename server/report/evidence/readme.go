package evidence

import (
	"fmt"
	"time"

	"sansuiji/schema"
)

// readme tells people what the file is, in both languages.
func (c *Content) readme() []byte {
	m := &c.manifest
	at := time.UnixMilli(m.At).In(schema.Zone()).Format("2006-01-02 15:04")
	return []byte(fmt.Sprintf(readmeText, m.Report.Title, m.Name, m.Code, m.Position, at, m.Epoch,
		m.Report.Title, m.Name, m.Code, m.Position, at, m.Epoch))
}

const readmeText = `證據包：%s
批次：%s（%s）
所示狀態：歷史第 %d 條（%s，UTC+8），紀元 %s

這個 ZIP 文件是上述報告的全部來源。請保留原文件，不要重新壓縮。

  report.docx、report.pdf   報告
  verify.html               核驗頁：用瀏覽器打開（不需聯網），把整個 ZIP 拖進去
  sources.json              報告中小號數字所指：種類、標識、經辦人、時間、歷史位置
  rows/                     報告用到的各表：.csv 供閱讀，.json 為精確值及各欄目最後寫入的歷史位置
  photos/、photos.json      照片原件，以內容的 SHA-256 命名；未傳到總部的註明在誰的手機上
  draws/                    抽取憑證、抽樣框和抽取日誌，可重算
  history/                  寫入這些數據的變更條目、在歷史中的證明、總部簽名的檢查點、設備簽名
  manifest.json             清單：每個文件的大小和 SHA-256
  manifest.note             總部對清單的簽名

也可以用命令核驗：sansuiji verify evidence 文件名 [--key 總部公鑰]
總部公鑰請從別處（如公告、設備）取得並核對，不要只信本文件所寫。

不在其中的：訪談內容、受訪人、名冊、密封的抽取結果。含有這些或報告以外數據的變更條目只給出摘要和證明。

----

Evidence: %s
Campaign: %s (%s)
State: position %d of the history (%s, UTC+8), epoch %s

This ZIP file has all sources of that report. Keep it as it is; do not pack it anew.

  report.docx, report.pdf   the report
  verify.html               checks the file: open it in a browser (no network needed) and drop the whole ZIP in
  sources.json              what the report's small numbers stand for: kind, id, who, when, position of the history
  rows/                     the tables that the report used: .csv to be read; .json has exact values, and at which
                            position of the history each was written last
  photos/, photos.json      photos, named by the SHA-256 of their bytes; those that have not arrived, with whose
                            phone has them
  draws/                    certificates, frames and the log of the draws, which anybody can draw again
  history/                  the entries that wrote the data, proofs that they are in the history, headquarters'
                            signed checkpoint, signatures of devices
  manifest.json             size and SHA-256 of every member
  manifest.note             headquarters' signature over the manifest

Or on the command line: sansuiji verify evidence FILE [--key KEY]
Get headquarters' key from somewhere else (an announcement, a device) and compare it: do not trust this file alone.

Not in it: what was said in interviews and by whom, rosters, sealed draws. Of entries that hold such things, or data
that the report does not show, there are only hashes and proofs.
`

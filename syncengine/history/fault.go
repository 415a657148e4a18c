package history

import (
	"fmt"
	"strings"

	"sansuiji/schema"
)

// Code says what is wrong with a history.
type Code string

// The codes.
const (
	LineMalformed     Code = "line-malformed"
	LineMisplaced     Code = "line-misplaced"
	FileEnds          Code = "file-ends"
	PositionWrong     Code = "position-wrong"
	EpochWrong        Code = "epoch-wrong"
	EntryMalformed    Code = "entry-malformed"
	EntryDiffers      Code = "entry-differs"
	HashDiffers       Code = "hash-differs"
	LeafDiffers       Code = "leaf-differs"
	ClockWrong        Code = "clock-wrong"
	DeviceUnknown     Code = "device-unknown"
	ChainBroken       Code = "chain-broken"
	KeyMissing        Code = "key-missing"
	KeyOther          Code = "key-other"
	SealMisplaced     Code = "seal-misplaced"
	SealWrong         Code = "seal-wrong"
	SealMissing       Code = "seal-missing"
	CheckpointWrong   Code = "checkpoint-wrong"
	CheckpointDiffers Code = "checkpoint-differs"
	PageWrong         Code = "page-wrong"
	PageDiffers       Code = "page-differs"
	KeptDiffers       Code = "kept-differs"
	KeptAhead         Code = "kept-ahead"
	StoredDiffers     Code = "stored-differs"
)

// words are what a code means to a person.
func words() map[Code]schema.Label {
	return map[Code]schema.Label{
		LineMalformed:     {Zh: "此行不合規定寫法", En: "the line is not in the one form it has"},
		LineMisplaced:     {Zh: "此行不應出現在這裡", En: "a line that does not belong here"},
		FileEnds:          {Zh: "文件在此中斷，缺少結尾", En: "the file ends here, before its end"},
		PositionWrong:     {Zh: "位置不連續", En: "the position does not follow the one before"},
		EpochWrong:        {Zh: "紀元不對", En: "the epoch is wrong"},
		EntryMalformed:    {Zh: "變更條目無法讀取", En: "the entry cannot be read"},
		EntryDiffers:      {Zh: "變更條目與所標批次、設備或序號不符", En: "the entry is of another campaign, device or seq"},
		HashDiffers:       {Zh: "保存的摘要與變更條目不符", En: "the kept hash is not that of the entry"},
		LeafDiffers:       {Zh: "葉摘要與記錄不符", En: "the leaf is not that of the record"},
		ClockWrong:        {Zh: "生效時鐘與規則不符", En: "the effective clock is not what the rule gives"},
		DeviceUnknown:     {Zh: "此前沒有登記這個設備", En: "nothing before it enrols the device"},
		ChainBroken:       {Zh: "設備的變更鏈不連貫", En: "the device's chain does not join"},
		KeyMissing:        {Zh: "首個條目沒有寫明總部公鑰", En: "the first entry does not name headquarters' key"},
		KeyOther:          {Zh: "總部公鑰與指定的不同", En: "headquarters' key is another than the given one"},
		SealMisplaced:     {Zh: "設備簽名不在所簽條目之後", En: "a seal that does not follow what it seals"},
		SealWrong:         {Zh: "設備簽名不符，條目不是設備所簽", En: "the device's signature does not verify"},
		SealMissing:       {Zh: "設備最後的條目沒有簽名", En: "the device's newest entries are under no signature"},
		CheckpointWrong:   {Zh: "檢查點無法讀取或總部簽名不符", En: "the checkpoint cannot be read or is not headquarters'"},
		CheckpointDiffers: {Zh: "檢查點與其前的記錄不符", En: "the checkpoint is not that of the records before it"},
		PageWrong:         {Zh: "簽頁無法讀取或總部簽名不符", En: "the page cannot be read or is not headquarters'"},
		PageDiffers:       {Zh: "簽頁所簽的各行與文件不符", En: "the page was signed over other lines"},
		KeptDiffers:       {Zh: "與設備保存的檢查點不符，歷史被改寫", En: "a device kept another checkpoint: the history was rewritten"},
		KeptAhead:         {Zh: "短於設備保存的檢查點，歷史被截短", En: "a device kept a longer checkpoint: the history was cut"},
		StoredDiffers:     {Zh: "數據庫保存的內容與歷史不符", En: "what the database keeps beside the history differs"},
	}
}

// Fault is the first thing that is wrong with a history, and where. What a
// signature covers shows itself only at the signature: then the fault is
// somewhere from FromLine to Line, and from FromPosition to Position. Where it is
// plain, the two are the same. Line 0 is no file, position 0 no record.
type Fault struct {
	Code                   Code
	FromLine, Line         int
	FromPosition, Position uint64
	Device                 schema.DeviceID // zero: of no device
	Seq                    uint64
	Detail                 string // for people who look deeper
}

func (f *Fault) Error() string { return f.Words(true) }

// Words say the fault in English, or in Chinese.
func (f *Fault) Words(english bool) string {
	label, pick := words()[f.Code], func(zh, en string) string {
		if english {
			return en
		}
		return zh
	}
	var where []string
	if f.Position > 0 {
		where = append(where, pick("位置 ", "position ")+span(f.FromPosition, f.Position))
	}
	if f.Device != (schema.DeviceID{}) {
		where = append(where, fmt.Sprintf(pick("設備 %s 序號 %d", "device %s seq %d"), f.Device, f.Seq))
	}
	if f.Line > 0 {
		where = append(where, pick("第 ", "line ")+span(uint64(f.FromLine), uint64(f.Line))+pick(" 行", ""))
	}
	text := pick(label.Zh, label.En)
	if len(where) > 0 {
		text = strings.Join(where, pick("，", ", ")) + pick("：", ": ") + text
	}
	if f.Detail != "" {
		text += pick("（", " (") + f.Detail + pick("）", ")")
	}
	return text
}

func span(from, to uint64) string {
	if from == to || from == 0 {
		return fmt.Sprint(to)
	}
	return fmt.Sprintf("%d–%d", from, to)
}

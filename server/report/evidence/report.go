package evidence

import (
	"fmt"

	"sansuiji/schema"
)

// Results of a step, and of all of them.
const (
	Holds   = "holds"
	Fails   = "fails"
	Unknown = "unknown" // it cannot be decided with what is there
)

// Report is what a check came to.
type Report struct {
	Result   string
	Steps    []Step
	Manifest *Manifest // nil: it cannot be read
}

// Step is one thing that was checked.
type Step struct {
	Name   string
	Result string
	Said   []schema.Label // what was found, in words
	Faults []Fault        // the first of them
}

// Fault is one thing that is wrong, and where.
type Fault struct {
	Member string // "": the archive's structure
	Offset int64  // in the member, or in the archive; -1: not known
	Said   schema.Label
}

// faultsMax is how many faults of a step are told.
const faultsMax = 20

// Names of the steps, in their order.
const (
	StepArchive    = "archive"
	StepManifest   = "manifest"
	StepMembers    = "members"
	StepCheckpoint = "checkpoint"
	StepEntries    = "entries"
	StepCells      = "cells"
	StepSignatures = "signatures"
	StepSources    = "sources"
	StepPhotos     = "photos"
	StepDraws      = "draws"
)

// Titles are the steps in words.
func Titles() map[string]schema.Label {
	return map[string]schema.Label{
		StepArchive:    {Zh: "ZIP 結構", En: "Structure of the archive"},
		StepManifest:   {Zh: "清單及總部簽名", En: "Manifest and headquarters' signature"},
		StepMembers:    {Zh: "各文件的字節", En: "Bytes of every member"},
		StepCheckpoint: {Zh: "總部的檢查點", En: "Headquarters' checkpoint"},
		StepEntries:    {Zh: "變更條目在歷史中", En: "Entries are in the history"},
		StepCells:      {Zh: "數據出自變更條目", En: "Data are as entries wrote them"},
		StepSignatures: {Zh: "設備簽名", En: "Signatures of devices"},
		StepSources:    {Zh: "報告的來源編號", En: "Sources of the report"},
		StepPhotos:     {Zh: "照片", En: "Photos"},
		StepDraws:      {Zh: "抽取重算", En: "Draws, drawn again"},
	}
}

// Limits are what no check of a file proves.
func Limits() []schema.Label {
	return []schema.Label{
		{
			Zh: "未證明：報告（DOCX、PDF）的文字由這些數據寫成。證明的是總部把它們與這些數據一併簽名。",
			En: "Not proved: that the words of the report (DOCX, PDF) follow from these data. Proved is that headquarters signed them together.",
		},
		{
			Zh: "未證明：此後、或在未附的條目中沒有改動過。某欄目「出自條目」是指所示條目寫了這個值；合併結果以總部歷史為準。",
			En: "Not proved: that no other entry changed a cell. That a cell is “as written” means that the entry shown wrote this value; what stands is decided by headquarters' history.",
		},
		{
			Zh: "未證明：記錄的事屬實、照片所攝為所述之事、設備時鐘準確。",
			En: "Not proved: that what was recorded is so, that photos show what they are said to, and that clocks of devices were right.",
		},
	}
}

func both(zh, en string, args ...any) schema.Label {
	return schema.Label{Zh: fmt.Sprintf(zh, args...), En: fmt.Sprintf(en, args...)}
}

// say adds a sentence.
func (s *Step) say(zh, en string, args ...any) { s.Said = append(s.Said, both(zh, en, args...)) }

// fault adds a fault of a member; offset -1 is not known.
func (s *Step) fault(member string, offset int64, said schema.Label) {
	s.Result = Fails
	if len(s.Faults) < faultsMax {
		s.Faults = append(s.Faults, Fault{member, offset, said})
	}
}

// Where says where a fault is, in words.
func (f *Fault) Where() schema.Label {
	name := schema.Label{Zh: f.Member, En: f.Member}
	if f.Member == "" {
		name = Titles()[StepArchive]
	}
	if f.Offset < 0 {
		return name
	}
	return both(name.Zh+" 第 %[1]d 字節", name.En+", byte %[1]d", f.Offset)
}

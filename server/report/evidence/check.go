package evidence

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// aside are members that what is proved does not rest on: if they are damaged, the rest can
// be checked all the same.
func aside(path string) bool {
	return strings.HasPrefix(path, "photos/") || strings.HasPrefix(path, "report.") ||
		strings.HasSuffix(path, ".csv") && strings.HasPrefix(path, "rows/") ||
		path == "README.txt" || path == "verify.html"
}

// means checks what the file's bytes mean, if they are there.
func (v *verifier) means() {
	steps := []struct {
		name  string
		check func(*Step) error
	}{
		{StepCheckpoint, v.checkCheckpoint},
		{StepEntries, v.checkEntries},
		{StepCells, v.checkCells},
		{StepSignatures, v.checkSignatures},
		{StepSources, v.checkSources},
		{StepPhotos, v.checkPhotos},
		{StepDraws, v.checkDraws},
	}
	whole := v.manifest != nil
	for path := range v.damaged {
		whole = whole && aside(path)
	}
	for i, step := range steps {
		if !whole {
			v.report.Steps = append(v.report.Steps, Step{Name: step.name, Result: Unknown})
			continue
		}
		v.step(step.name, func(s *Step) error {
			if i == 0 {
				if member, err := v.load(); err != nil {
					whole = false
					s.fault(member, -1, both("不合規定寫法：%v", "not as it should be: %v", err))
					return nil
				}
			}
			return step.check(s)
		})
	}
	if whole {
		v.report.Share = v.share()
	}
}

func (v *verifier) checkCheckpoint(s *Step) error {
	m := v.manifest
	text, err := v.text(checkpointPath)
	if err != nil {
		return err
	}
	c, err := translog.OpenCheckpoint(string(text), m.Campaign, v.key)
	if err != nil {
		s.fault(checkpointPath, -1, both("總部簽名不成立：%v", "headquarters' signature does not verify: %v", err))
		return nil
	}
	if c.Size != m.Position || c.Root.String() != m.Root || c.Epoch != m.Epoch {
		s.fault(checkpointPath, -1, both("與清單不是同一狀態", "it is of another state than the manifest"))
		return nil
	}
	s.say("總部簽名：歷史前 %d 條，樹根 %s", "Headquarters signed %d entries, root %s", c.Size, c.Root)
	return nil
}

// checkEntries wants every entry to be in the log of the checkpoint.
func (v *verifier) checkEntries(s *Step) error {
	root, err := tlog.ParseHash(v.manifest.Root)
	if err != nil {
		return err
	}
	tree, open := translog.Tree{Size: v.manifest.Position, Root: root}, 0
	for i, e := range v.entries {
		if err := v.checkEntry(e, tree); err != nil {
			s.fault(entriesPath, -1, both("第 %d 行（位置 %d）：%v", "line %d (position %d): %v", i+1, e.Position, err))
			continue
		}
		if e.said != nil {
			open++
		}
	}
	s.say("%d 個條目經證明在此檢查點的歷史中：%d 個附全文，%d 個只有摘要（還含有本文件以外的數據）",
		"%d entries are proved to be in the history of the checkpoint: %d are here in full, of %d there is only the hash (they hold data that is not in this file)",
		len(v.entries), open, len(v.entries)-open)
	v.sayFirst(s)
	return nil
}

func (v *verifier) checkEntry(e *entry, tree translog.Tree) error {
	effective, err := strconv.ParseUint(e.Clock, 10, 64)
	if err != nil {
		return err
	}
	leaf := translog.Leaf{
		Position: e.Position, Epoch: e.Epoch, ReceivedAt: e.ReceivedAt,
		Clock: clock.Time(effective), Entry: chain.Hash(e.Hash),
	}
	proof := make([]tlog.Hash, len(e.Proof))
	for i, b := range e.Proof {
		if len(b) != tlog.HashSize {
			return errLine
		}
		proof[i] = tlog.Hash(b)
	}
	if err := translog.CheckInclusion(tree, e.Position, leaf.Hash(), proof); err != nil || e.Entry == nil {
		return err
	}
	if chain.HashBytes(e.Entry) != leaf.Entry {
		return fmt.Errorf("%w: hash", errLine)
	}
	said, err := chain.Parse(e.Entry)
	if err != nil {
		return err
	}
	if said.Campaign != v.manifest.Campaign || said.Device != e.Device || said.Seq != e.Seq {
		return fmt.Errorf("%w: device or seq", errLine)
	}
	e.said, e.changes = &said, map[ref]change{}
	return eachChange(said.Changeset, func(c *changeset.Change, id schema.RowID) {
		e.changes[ref{c.Table.Name, id}] = change{c.Op, slices.Clone(c.New)}
	})
}

// sayFirst says whether the campaign's first entry names the key.
func (v *verifier) sayFirst(s *Step) {
	device := hqDevice(v.key)
	e := v.byPosition[1]
	if e == nil || e.said == nil {
		s.say("文件中沒有歷史第 1 條，未能核對它所寫的總部公鑰", "Position 1 of the history is not in the file: that it names this key could not be checked")
		return
	}
	c, have := e.changes[ref{"device", schema.RowID(e.Device)}]
	spki, err := x509.MarshalPKIXPublicKey(v.key)
	const keyColumn = 3 // of device: id, inspector_id, name, public_key
	if err != nil || !have || e.Device != device || len(c.new) <= keyColumn || !bytes.Equal(c.new[keyColumn].Bytes, spki) {
		s.fault(entriesPath, -1, both("歷史第 1 條寫的不是這個總部公鑰", "position 1 of the history names another key of headquarters"))
		return
	}
	s.say("歷史第 1 條寫明這個總部公鑰", "Position 1 of the history names this key of headquarters")
}

// hqDevice is headquarters' id as a device, which follows from its key.
func hqDevice(key ed25519.PublicKey) schema.DeviceID {
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return schema.DeviceID{}
	}
	sum := sha256.Sum256(append([]byte("sansuiji/device/1\n"), spki...))
	id := schema.DeviceID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return id
}

// checkCells looks for each value in the entry that is said to have written it.
func (v *verifier) checkCells(s *Step) error {
	proved, withheld, nobody := 0, 0, 0
	for _, t := range v.tables {
		for _, r := range t.Rows {
			for i := range r.values {
				switch at := r.Positions[i]; {
				case at == 0 && r.values[i].Kind == changeset.Null:
					nobody++
				case at == 0:
					withheld++
				case v.byPosition[at] == nil:
					s.fault(rowsPath(t.Table), -1, both("行 %s 欄目「%s」：沒有歷史第 %d 條", "row %s, column %[4]s: there is no position %[3]d",
						r.ID, t.Columns[i].Label.Zh, at, t.Columns[i].Label.En))
				case v.byPosition[at].said == nil:
					withheld++
				case !v.wrote(v.byPosition[at], r, i):
					s.fault(rowsPath(t.Table), -1, both("行 %[1]s 欄目「%[2]s」：歷史第 %[3]d 條寫的不是這個值",
						"row %[1]s, column %[4]s: position %[3]d wrote another value", r.ID, t.Columns[i].Label.Zh, at, t.Columns[i].Label.En))
				default:
					r.proved[i] = true
					proved++
				}
			}
		}
	}
	s.say("%d 行、%d 個欄目：%d 個值在所示條目中逐字查到；%d 個值的條目只有摘要或未註明，不能在此查對；%d 個從未填寫",
		"%d rows, %d cells: %d values stand word by word in the entries shown; of %d the entry is here as a hash only, or none is named, and they cannot be checked; %d were never filled in",
		len(v.rowsBy), proved+withheld+nobody, proved, withheld, nobody)
	return nil
}

// wrote says whether an entry wrote the value of a cell.
func (v *verifier) wrote(e *entry, r *tableRow, i int) bool {
	c, have := e.changes[ref{r.head.Table, r.ID}]
	if !have || 1+i >= len(c.new) {
		return false
	}
	if r.files[i] == "" {
		return c.new[1+i].Equal(r.values[i])
	}
	text, err := v.text(r.files[i])
	return err == nil && c.new[1+i].Kind == changeset.Blob && bytes.Equal(text, c.new[1+i].Bytes)
}

// cell is a row's value in a column, and whether an entry in the file proves it.
func (r *tableRow) cell(name string) (value changeset.Value, proved bool) {
	for i := range r.head.Columns {
		if r.head.Columns[i].Name == name {
			return r.values[i], r.proved[i]
		}
	}
	return changeset.NullValue(), false
}

// checkSignatures checks devices' signatures, with keys that entries of headquarters name.
func (v *verifier) checkSignatures(s *Step) error {
	for i := range v.seals {
		seal := &v.seals[i]
		head := v.byTurn[deviceTurn{seal.Device, seal.Seq}]
		row := v.rowsBy[ref{"device", schema.RowID(seal.Device)}]
		if head == nil || head.said == nil || row == nil {
			s.fault(sealsPath, -1, both("第 %d 行：沒有所簽的條目或設備", "line %d: the entry or the device is not there", i+1))
			continue
		}
		spki, proved := row.cell("public_key")
		if !proved {
			continue
		}
		key, err := chain.ParseKey(spki.Bytes)
		if err == nil {
			err = chain.VerifyHead(key, v.manifest.Campaign, seal.Device, chain.Head{Seq: seal.Seq, Hash: chain.Hash(head.Hash)}, seal.Signature)
		}
		if err != nil {
			s.fault(sealsPath, -1, both("第 %d 行：設備簽名不成立：%v", "line %d: the device's signature does not verify: %v", i+1, err))
			continue
		}
		v.follow(head)
	}
	signed, open, devices := 0, 0, map[schema.DeviceID]bool{}
	for _, e := range v.entries {
		if e.said != nil {
			open++
		}
		if e.signed {
			signed++
			devices[e.Device] = true
		}
	}
	s.say("附全文的 %d 個條目中，%d 個由 %d 個設備的簽名證明", "Of %d entries in full, %d are under signatures of %d devices", open, signed, len(devices))
	if signed < open {
		s.say("其餘 %d 個的設備簽名要經未附的條目才能查對，這裡只證明總部收下了它們",
			"To check the signatures over the other %d takes entries that are not here: of them only headquarters' acceptance is proved", open-signed)
	}
	return nil
}

// follow goes back along a chain from an entry that is signed.
func (v *verifier) follow(e *entry) {
	for e != nil && e.said != nil && !e.signed {
		e.signed = true
		before := v.byTurn[deviceTurn{e.Device, e.Seq - 1}]
		if before == nil || !bytes.Equal(before.Hash, e.said.Previous[:]) {
			return
		}
		e = before
	}
}

// checkSources wants a row behind every number.
func (v *verifier) checkSources(s *Step) error {
	single, sums, part, hidden := 0, 0, 0, 0
	for i := range v.sources {
		one := &v.sources[i]
		ids := one.Rows
		switch {
		case one.Number != i+1:
			s.fault(sourcesPath, -1, both("編號 %d 不連續", "number %d does not follow the one before", one.Number))
		case one.Withheld:
			hidden++
			continue
		case one.Sum && len(one.Rows) != one.Count:
			part++
		case one.Sum:
			sums++
		default:
			single++
			ids = []string{one.ID}
		}
		for _, text := range ids {
			id, err := schema.ParseID[schema.RowID](text)
			if err != nil || v.rowsBy[ref{one.Table, id}] == nil {
				s.fault(sourcesPath, -1, both("編號 %d 所指的行 %s 不在文件中", "number %d: row %s is not in the file", one.Number, text))
			}
		}
	}
	s.say("%d 個編號：%d 個指一行數據，%d 個為匯總且所計各行都在文件中，%d 個匯總的各行未全附；%d 個按規定不附數據（密封的抽取、訪談、票箱）",
		"%d numbers: %d stand for a row; %d for a sum of rows that are all here, %d for one of rows that are not; the data of %d is not given (sealed draws, interviews, ballot boxes)",
		len(v.sources), single, sums, part, hidden)
	return nil
}

// checkPhotos wants photos to be those that rows name.
func (v *verifier) checkPhotos(s *Step) error {
	there, phone, damaged, proved := 0, 0, 0, 0
	for i := range v.pictures {
		p := &v.pictures[i]
		row := v.rowsBy[ref{"attachment", p.Attachment}]
		if row == nil {
			s.fault(photosPath, -1, both("照片 %s 沒有對應的行", "photo %s has no row", p.Hash))
			continue
		}
		hash, isProved := row.cell("hash")
		subject, _ := row.cell("subject_id")
		if hex.EncodeToString(hash.Bytes) != p.Hash || !bytes.Equal(subject.Bytes, p.Subject[:]) {
			s.fault(photosPath, -1, both("照片 %s 與行 %s 不符", "photo %s is not that of row %s", p.Hash, p.Attachment))
			continue
		}
		switch {
		case p.Path == "" && p.Missing == "phone":
			phone++
		case p.Path == "":
			damaged++
		case v.byPath[p.Path] == nil || !strings.HasPrefix(p.Path, "photos/"+p.Hash):
			s.fault(photosPath, -1, both("照片文件 %s 不在", "there is no photo %s", p.Path))
		default:
			there++
			if isProved {
				proved++
			}
		}
	}
	v.checkNames(s)
	s.say("%d 張在文件中，其中 %d 張的摘要由所附條目寫明；%d 張尚未傳到總部（仍在手機上），%d 張在總部的文件已損壞",
		"%d are here, and of %d an entry in the file names the hash; %d have not arrived (phones have them still); headquarters' files of %d are damaged",
		there, proved, phone, damaged)
	return nil
}

// checkNames wants each photo to be named by the hash of its bytes.
func (v *verifier) checkNames(s *Step) {
	for i := range v.manifest.Members {
		one := &v.manifest.Members[i]
		if name, isPhoto := strings.CutPrefix(one.Path, "photos/"); isPhoto && !strings.HasPrefix(name, one.SHA256+".") {
			s.fault(one.Path, -1, both("不是以內容的摘要命名", "it is not named by the hash of its bytes"))
		}
	}
}

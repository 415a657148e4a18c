package evidence

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/translog"
)

// Options say what a file is held against.
type Options struct {
	// Key is what translog.KeyText must say of headquarters' key; "" takes the one that the
	// file names.
	Key string
}

// verifier is a check under way.
type verifier struct {
	Options
	archive
	report   Report
	manifest *Manifest
	key      ed25519.PublicKey
	members  []placed
	byPath   map[string]*placed
	damaged  map[string]bool
	loaded
}

// Verify checks a file: its bytes, and then what they prove. The error says that it cannot be
// read at all.
func Verify(r io.ReaderAt, size int64, o Options) (*Report, error) {
	v := &verifier{
		Options: o, archive: archive{r, size}, byPath: map[string]*placed{}, damaged: map[string]bool{},
	}
	archived := &Step{Name: StepArchive, Result: Holds}
	v.step(StepManifest, v.checkManifest)
	if v.manifest != nil {
		v.step(StepMembers, func(s *Step) error { return v.checkMembers(s, archived) })
	} else {
		archived.Result = Unknown
	}
	v.report.Steps = append([]Step{*archived}, v.report.Steps...)
	if err := v.unreadable(); err != nil {
		return nil, err
	}
	v.means()
	v.conclude()
	return &v.report, nil
}

// failure is why a file could not be read.
type failure struct{ error }

func (v *verifier) unreadable() error {
	var first [1]byte
	if _, err := v.r.ReadAt(first[:], 0); err != nil && v.size > 0 {
		return failure{fmt.Errorf("read evidence: %w", err)}
	}
	return nil
}

// step does a step. An error is a fault whose place is not known.
func (v *verifier) step(name string, check func(*Step) error) {
	s := &Step{Name: name, Result: Holds}
	if err := check(s); err != nil {
		s.fault("", -1, both("無法讀取：%v", "cannot be read: %v", err))
	}
	v.report.Steps = append(v.report.Steps, *s)
}

// conclude is the worst of all steps.
func (v *verifier) conclude() {
	v.report.Result, v.report.Manifest = Holds, v.manifest
	for i := range v.report.Steps {
		switch r := v.report.Steps[i].Result; {
		case r == Fails:
			v.report.Result = Fails
		case r == Unknown && v.report.Result == Holds:
			v.report.Result = Unknown
		}
	}
}

// checkManifest finds the manifest, and wants headquarters' signature over it.
func (v *verifier) checkManifest(s *Step) error {
	var found []placed
	for _, byDirectory := range []bool{true, false} {
		list, err := v.first(byDirectory)
		if err != nil {
			continue
		}
		if found == nil {
			found = list
		}
		if err := v.trust(list); err == nil {
			v.sayKey(s)
			return nil
		}
	}
	if found == nil {
		s.fault("", -1, both("不是證據包，或者開頭和結尾都已損壞", "this is no evidence file, or both its beginning and its end are damaged"))
		return nil
	}
	v.blame(s, found)
	v.manifest = nil // what was mended to find the byte is not what is there
	return nil
}

// trust reads a manifest and checks its note.
func (v *verifier) trust(list []placed) error {
	text, err := v.read(list[0].data(), list[0].size)
	if err != nil {
		return err
	}
	note, err := v.read(list[1].data(), list[1].size)
	if err != nil {
		return err
	}
	if err := v.trusted(text, note); err != nil {
		return err
	}
	v.members = list
	return nil
}

// trusted checks a manifest's note, and takes the manifest if it is headquarters'.
func (v *verifier) trusted(text, note []byte) error {
	m, err := parseManifest(text)
	if err != nil {
		return err
	}
	key, err := parseKey(m.Key, m.Campaign)
	if err != nil {
		return err
	}
	signed, err := translog.OpenNote(NoteName(m.Campaign), string(note), key)
	if err != nil {
		return err
	}
	if signed != noteText(m, text) {
		return errManifest
	}
	v.manifest, v.key = m, key
	return nil
}

// parseKey reads what translog.KeyText writes of a campaign's key.
func parseKey(text string, campaign schema.CampaignID) (ed25519.PublicKey, error) {
	const prefix = 1 // the key's type
	parts := strings.SplitN(text, "+", 3)
	b, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(parts) != 3 || len(b) != prefix+ed25519.PublicKeySize {
		return nil, fmt.Errorf("%w: key", errManifest)
	}
	key := ed25519.PublicKey(b[prefix:])
	if translog.KeyText(campaign, key) != text {
		return nil, fmt.Errorf("%w: key", errManifest)
	}
	return key, nil
}

func (v *verifier) sayKey(s *Step) {
	m := v.manifest
	s.say("%s", "%s", m.Report.Title)
	s.say("批次 %s（%s），歷史第 %d 條，共 %d 個文件", "campaign %s (%s), position %d, %d members",
		m.Name, m.Code, m.Position, len(m.Members))
	switch v.Key {
	case "":
		s.say("由此密鑰簽名：%s。請與從別處得到的總部公鑰核對。",
			"Signed by %s. Compare it with headquarters' key from somewhere else.", m.Key)
	case m.Key:
		s.say("由您給出的總部公鑰簽名", "Signed by the key that you gave")
	default:
		s.fault(manifestPath, -1, both("由另一個密鑰簽名：%s", "signed by another key: %s", m.Key))
	}
}

// blame finds the byte of manifest or note without whose change the signature would verify.
func (v *verifier) blame(s *Step, list []placed) {
	text, err := v.read(list[0].data(), list[0].size)
	note, err2 := v.read(list[1].data(), list[1].size)
	if err != nil || err2 != nil {
		s.fault(manifestPath, -1, both("文件在此中斷", "the file ends here"))
		return
	}
	for i, b := range [][]byte{text, note} {
		have := crc32.ChecksumIEEE(b)
		if have == list[i].crc {
			continue
		}
		var found int64
		if locate(int64(len(b)), have, list[i].crc, func(at int64, change byte) bool {
			b[at] ^= change
			err := v.trusted(text, note)
			b[at] ^= change
			found = at
			return err == nil
		}) {
			s.fault(list[i].path, found, both("字節被改動（ZIP 第 %d 字節）", "the byte was changed (byte %d of the ZIP)", list[i].data()+found))
			return
		}
		s.fault(list[i].path, -1, both("已損壞", "it is damaged"))
		return
	}
	s.fault(notePath, -1, both("總部對清單的簽名不成立", "headquarters' signature over the manifest does not verify"))
}

// checkMembers reads every member and the structure around it: there is no other byte.
func (v *verifier) checkMembers(s, archived *Step) error {
	for i := range v.manifest.Members {
		one := &v.manifest.Members[i]
		v.members = append(v.members, placed{path: one.Path, size: one.Size})
	}
	directory := place(v.members)
	at, cut := stampOf(v.manifest.At), 0
	var central []byte
	for i := range v.members {
		p := &v.members[i]
		v.byPath[p.path] = p
		if p.offset >= v.size { // it is told once where the file ends
			cut++
			v.damaged[p.path], s.Result = true, Fails
			continue
		}
		if err := v.checkMember(s, archived, p, i, at); err != nil {
			return err
		}
		central = append(central, p.central(at)...)
	}
	v.checkStructure(archived, directory, cut, append(central, closing(len(v.members), int64(len(central)), directory)...))
	s.say("共 %d 個文件，%d 字節", "%d members, %d bytes", len(v.members), directory)
	if s.Result == Holds {
		s.say("每個字節都與總部打包時相同", "Every byte is as headquarters packed it")
	}
	return nil
}

// checkMember checks the bytes of a member, and its header.
func (v *verifier) checkMember(s, archived *Step, p *placed, i int, at stamp) error {
	part := v.part(p)
	sum, crc := sha256.New(), crc32.NewIEEE()
	if _, err := io.Copy(io.MultiWriter(sum, crc), part); err != nil {
		return err
	}
	p.crc = crc.Sum32()
	stored := p.crc
	if h, err := v.read(p.offset, localSize); err == nil {
		stored = binary.LittleEndian.Uint32(h[14:])
	}
	const beside = 2 // manifest and note were checked by the signature
	if i >= beside {
		want, _ := hex.DecodeString(v.manifest.Members[i-beside].SHA256)
		if [sha256.Size]byte(want) != [sha256.Size]byte(sum.Sum(nil)) {
			v.damaged[p.path] = true
			v.tellDamage(s, p, part, stored, [sha256.Size]byte(want))
			p.crc = stored
		}
	}
	if differs, err := v.compare(p.offset, p.local(at)); err != nil || differs >= 0 {
		archived.fault("", differs, both("「%s」的文件頭被改動", "the header of %s was changed", p.path))
	}
	return nil
}

func (v *verifier) tellDamage(s *Step, p *placed, part *io.SectionReader, stored uint32, want [sha256.Size]byte) {
	switch f, ok := locateIn(part, p.crc, stored, want); {
	case part.Size() < p.size:
		s.fault(p.path, part.Size(), both("文件在此中斷", "the file ends here"))
	case ok:
		s.fault(p.path, f.at, both("字節被改動：是 %02x，應為 %02x（ZIP 第 %d 字節）",
			"the byte was changed: it is %02x and must be %02x (byte %d of the ZIP)", f.is, f.must, p.data()+f.at))
	default:
		s.fault(p.path, -1, both("內容被改動，SHA-256 應為 %x", "it was changed; its SHA-256 must be %x", want))
	}
}

// checkStructure wants the directory and the ending to follow from the members, unless the
// file ends before them, and some members with them.
func (v *verifier) checkStructure(s *Step, directory int64, cut int, must []byte) {
	if v.size <= directory {
		s.fault("", v.size, Word("cut", "count", grouped(cut)))
		return
	}
	if differs, err := v.compare(directory, must); err != nil || differs >= 0 {
		s.fault("", differs, both("ZIP 目錄被改動", "the directory of the ZIP was changed"))
	}
	if want := directory + int64(len(must)); v.size != want {
		s.fault("", min(v.size, want), both("文件長 %d 字節，應為 %d 字節", "the file has %d bytes and must have %d", v.size, want))
	}
	if s.Result == Holds {
		s.say("沒有清單以外的字節", "There is no byte beside what the manifest says")
	}
}

package evidence

import (
	"bytes"

	"sansuiji/draw"
	"sansuiji/schema"
)

// checkDraws draws again what the file has of draws.
func (v *verifier) checkDraws(s *Step) error {
	var list []*tableRow
	for _, t := range v.tables {
		if t.Table == "draw" {
			list = t.Rows
		}
	}
	if len(list) == 0 {
		s.say("報告沒有引用已公開的抽取", "The report names no open draw")
		return nil
	}
	log, err := v.text(drawLogPath)
	if err != nil {
		return err
	}
	for _, r := range list {
		if err := v.redraw(s, r, log); err != nil {
			return err
		}
	}
	return nil
}

// redraw draws one again.
func (v *verifier) redraw(s *Step, r *tableRow, log []byte) error {
	var files [2][]byte
	for i, name := range []string{"ceremony", "frame"} {
		text, err := v.text(r.fileOf(name))
		if err != nil {
			return err
		}
		files[i] = text
	}
	if !bytes.Contains(log, append(bytes.Clone(files[0]), '\n')) {
		log = nil
	}
	found, path := draw.Verify(files[0], files[1], log, nil), r.fileOf("ceremony")
	switch found.Result {
	case draw.Holds:
		s.say("%s：從頭重算，結果相同；憑證摘要 %s", "%s: drawn again from the beginning, with the same outcome; hash of the certificate %s", path, found.Hash)
	case draw.Unknown:
		if s.Result == Holds {
			s.Result = Unknown
		}
		s.say("%s：憑現有文件不能下結論", "%s: what is here does not suffice to decide", path)
	default:
		s.fault(path, -1, problemOf(found))
	}
	return nil
}

// problemOf is what does not hold of a draw.
func problemOf(found *draw.Verification) schema.Label {
	for i := range found.Steps {
		if p := found.Steps[i].Problem; p != nil {
			return schema.Label{Zh: p.Say("zh"), En: p.Say("en")}
		}
	}
	return both("不成立", "it does not hold")
}

// fileOf is the member that a column's bytes are.
func (r *tableRow) fileOf(name string) string {
	for i := range r.head.Columns {
		if r.head.Columns[i].Name == name {
			return r.files[i]
		}
	}
	return ""
}

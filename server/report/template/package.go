package template

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Limits of a file.
const (
	// Max is the size of a template in bytes.
	Max      = 10 << 20
	wholeMax = 64 << 20 // unpacked
	xmlMax   = 32 << 20 // of it XML, which is kept in memory
	nodesMax = 400_000  // elements and texts of all parts
	filesMax = 2000
	nameMax  = 200
)

// Template is a file that was read and is not dangerous. Whether its places are known is
// what Check says.
type Template struct {
	zip   *zip.Reader
	parts map[string]*node // of XML, by name
	types map[string]string
	main  string // name of the document
}

// Read reads a template. The error is Mistakes.
func Read(b []byte) (*Template, error) {
	switch {
	case len(b) > Max:
		return nil, ofFile(TooLarge, "", "模板最大10 MB。請壓縮其中的圖片後再上傳。", "A template has 10 MB at most. Make its pictures smaller and upload it again.")
	case bytes.HasPrefix(b, []byte("\xD0\xCF\x11\xE0")):
		return nil, ofFile(OldDocument, "", "這是舊格式（.doc）或加了密碼的文件。請取消密碼，另存為「Word 文檔（.docx）」再上傳。",
			"This is an old .doc or has a password. Take the password off, save it as Word document (.docx) and upload that.")
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, ofFile(NotDocument, "", "這不是 Word 文檔。請在 Word 或 WPS 中另存為「Word 文檔（.docx）」再上傳。",
			"This is no Word document. Save it as Word document (.docx) in Word or WPS and upload that.")
	}
	t := &Template{zip: z, parts: map[string]*node{}}
	if wrong := t.unpack(); len(wrong) > 0 {
		return nil, wrong
	}
	if wrong := t.look(); len(wrong) > 0 {
		return nil, wrong.tidy()
	}
	return t, nil
}

// unpack reads the parts of XML within the limits, whatever their sizes are said to be.
func (t *Template) unpack() Mistakes {
	if len(t.zip.File) > filesMax {
		return ofFile(TooLarge, "", "文件中的部件太多，不像是文檔。", "The file has too many parts for a document.")
	}
	seen, left, nodes, inXML := map[string]bool{}, int64(wholeMax), nodesMax, 0
	for _, f := range t.zip.File {
		key := strings.ToLower(f.Name)
		if !sound(f.Name) || seen[key] || f.Flags&1 != 0 {
			return broken(f.Name)
		}
		seen[key] = true
		n, content, err := unpackOne(f, left)
		if isXML(f.Name) {
			inXML += len(content)
		}
		if left -= n; left <= 0 || inXML > xmlMax {
			return ofFile(TooLarge, "", "文件解壓後超過64 MB，已停止讀取。請刪去大圖片後再上傳。",
				"Unpacked, the file has more than 64 MB; reading it was stopped. Take large pictures out and upload it again.")
		}
		if err != nil {
			return broken(f.Name)
		}
		if content == nil {
			continue
		}
		if t.parts[f.Name], err = parse(content, &nodes); err != nil {
			return broken(f.Name)
		}
	}
	return nil
}

func broken(name string) Mistakes {
	return ofFile(Broken, name, "文件中的 %[1]s 無法讀取。請在 Word 或 WPS 中打開，另存為新的 .docx 再上傳。",
		"%[1]s in the file cannot be read. Open it in Word or WPS, save it as a new .docx and upload that.", shorten(name))
}

func shorten(name string) string {
	r := []rune(strings.ToValidUTF8(name, "?"))
	return string(r[:min(len(r), 60)])
}

// sound says whether a name is one of a file in a package.
func sound(name string) bool {
	return len(name) <= nameMax && !strings.HasPrefix(name, "/") && !strings.ContainsAny(name, "\\:\x00") &&
		path.Clean(name) == strings.TrimSuffix(name, "/") && !strings.HasPrefix(name, "..")
}

// unpackOne counts a file's bytes, and gives those of XML.
func unpackOne(f *zip.File, left int64) (int64, []byte, error) {
	if strings.HasSuffix(f.Name, "/") {
		return 0, nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = r.Close() }() // it was read
	if !isXML(f.Name) {
		n, err := io.Copy(io.Discard, io.LimitReader(r, left))
		return n, nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, min(left, partMax+1)))
	if err == nil && len(content) > partMax {
		err = fmt.Errorf("a part of more than %d bytes", partMax)
	}
	return int64(len(content)), content, err
}

func isXML(name string) bool {
	return slices.Contains([]string{".xml", ".rels"}, strings.ToLower(path.Ext(name)))
}

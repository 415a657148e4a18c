package intake

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// decode makes text of a file: UTF-8 where it is valid, UTF-16 where a mark says so, else
// GB18030, which has GBK and GB 2312 in it.
func decode(file []byte) (string, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xfe")), bytes.HasPrefix(file, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case utf8.Valid(file):
		return readable(strings.TrimPrefix(string(file), "\ufeff"))
	default:
		from = simplifiedchinese.GB18030
	}
	text, err := from.NewDecoder().Bytes(file)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return "", unreadable("neither UTF-8 nor GB18030")
	}
	return readable(string(text))
}

// readable refuses what is no text at all.
func readable(text string) (string, error) {
	if strings.ContainsRune(text, 0) {
		return "", unreadable("not a table: it has NUL bytes")
	}
	return text, nil
}

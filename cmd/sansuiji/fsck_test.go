package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestFsckSpeaksBothLanguagesAndReadsTheAuditLog(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	id := d.saveFinding()
	d.push()
	p.send(p.hq(request{path: "/api/hq/audit.csv"})) // is noted
	p.stop()
	for _, c := range []struct {
		sql  string
		lang string
		code int
		want []string
	}{
		{`UPDATE finding SET title = title WHERE id = $1`, "zh", 0, []string{"個衝突：相符\n", "審計日誌：核對 ", "個末端：相符\n"}},
		{
			`UPDATE audit SET actor = 'somebody' WHERE position = 1 AND length($1) = 16`, "zh", 1,
			[]string{"個衝突：相符\n", "不符 審計日誌第 1 行", "個末端：不符\n"},
		},
		{
			`DELETE FROM audit WHERE position = 1 AND length($1) = 16`, "en", 1,
			[]string{"compared: clean\n", "DIFFERS audit log, line 1", "compared: NOT CLEAN\n"},
		},
		{
			`UPDATE finding SET title = '一切正常' WHERE id = $1`, "zh", 1,
			[]string{"不符 finding " + id.String() + " 的 title：現為 一切正常；按歷史應為 ", "個衝突：不符\n"},
		},
	} {
		data := t.TempDir()
		must(t, os.CopyFS(data, os.DirFS(p.data)))
		tamper(t, data, c.sql, id)
		var out bytes.Buffer
		code := run([]string{"fsck", "--data", data, "--lang", c.lang}, nil, &out, &out)
		if code != c.code {
			t.Errorf("%s: exit %d, want %d", c.sql, code, c.code)
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: does not say %q\n%s", c.sql, want, &out)
			}
		}
	}
	var out bytes.Buffer
	if code := run([]string{"fsck", "--data", p.data, "--lang", "fr"}, nil, &out, &out); code != 2 {
		t.Errorf("exit %d\n%s", code, &out)
	}
}

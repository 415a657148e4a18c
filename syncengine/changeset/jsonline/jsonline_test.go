package jsonline_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/changeset/jsonline"

	"github.com/google/go-cmp/cmp"
)

// dump is the lines of a changeset.
func dump(t *testing.T, input []byte) string {
	t.Helper()
	var (
		d   jsonline.Dumper
		out []byte
	)
	r := changeset.NewReader(input, changeset.Limits{})
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return string(out)
		}
		if err != nil {
			t.Fatal(err)
		}
		out = d.Append(out, c)
	}
}

// encode makes a changeset of lines.
func encode(lines string) ([]byte, error) {
	var e jsonline.Encoder
	for line := range strings.Lines(lines) {
		if err := e.Line([]byte(line)); err != nil {
			return e.Bytes(), err
		}
	}
	return e.Bytes(), nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sample is a changeset with every operation, kind of value and extra key.
func sample(t *testing.T) []byte {
	t.Helper()
	w := changeset.NewWriter(changeset.Changeset)
	w.Table("点検", []byte{1, 0, 0, 0, 0, 0})
	must(t, w.Insert(true, []changeset.Value{
		changeset.Int(math.MinInt64),
		changeset.RealValue(1.5),
		changeset.TextValue("<文字> \"\\\x00\n\u2028\U0001f6e0"),
		{Kind: changeset.Text, Bytes: []byte("\x80\xff")},
		changeset.BlobValue([]byte("\x00\xff")),
		changeset.NullValue(),
	}))
	w.Table("pair", []byte{2, 1})
	key := []changeset.Value{changeset.Int(1), changeset.TextValue("")}
	must(t, w.Update(false, key, make([]changeset.Value, 2)))
	w.Table("x\xff", []byte{1})
	must(t, w.Delete(false, key[:1]))
	again := &changeset.Table{Name: "x\xff", PK: []byte{1}, Format: changeset.Changeset}
	must(t, w.Append(changeset.Change{Table: again, Op: changeset.Delete, Old: key[:1]}))
	return w.Bytes()
}

const sampleLines = `{"table":"点検","op":"INSERT","indirect":true,` +
	`"pk":[true,false,false,false,false,false],"format":"changeset","old":null,` +
	`"new":[{"i":"-9223372036854775808"},{"r":"3ff8000000000000"},` +
	`{"t":"<文字> \"\\\u0000\u000a` + "\u2028\U0001f6e0" + `"},{"tx":"80ff"},{"b":"00ff"},{"n":true}]}
{"table":"pair","op":"UPDATE","indirect":false,"pk":[true,true],"format":"changeset",` +
	`"old":[{"i":"1"},{"t":""}],"new":[null,null],"pk_flags":[2,1]}
{"table":"x�","op":"DELETE","indirect":false,"pk":[true],"format":"changeset",` +
	`"old":[{"i":"1"}],"new":null,"table_bytes":"78ff"}
{"table":"x�","op":"DELETE","indirect":false,"pk":[true],"format":"changeset",` +
	`"old":[{"i":"1"}],"new":null,"table_bytes":"78ff","header":true}
`

func TestAChangesetIsShownAsLinesAndMadeFromThem(t *testing.T) {
	input := sample(t)
	lines := dump(t, input)
	if diff := cmp.Diff(sampleLines, lines); diff != "" {
		t.Error(diff)
	}
	got, err := encode(lines)
	if err != nil || !bytes.Equal(got, input) {
		t.Errorf("got  %q, %v\nwant %q", got, err, input)
	}
}

func TestAPatchsetKeepsItsFormat(t *testing.T) {
	w := changeset.NewWriter(changeset.Patchset)
	w.Table("span", []byte{1, 2, 0})
	key := []changeset.Value{changeset.Int(1), changeset.Int(2), {}}
	must(t, w.Update(false, nil, key))
	must(t, w.Delete(false, key))
	lines := dump(t, w.Bytes())
	if strings.Contains(lines, "pk_flags") || strings.Contains(lines, "header") {
		t.Errorf("keys that nothing needs: %s", lines)
	}
	got, err := encode(lines)
	if err != nil || !bytes.Equal(got, w.Bytes()) {
		t.Errorf("got  %q, %v\nwant %q", got, err, w.Bytes())
	}
}

func TestALineMayBeWrittenInAnotherWay(t *testing.T) {
	_, err := encode(` { "new":null, "old":[ {"t":"\u6587\ud83d\ude00\/"} ], "format":"changeset",
		"pk":[true],"indirect":false, "op":"DELETE" , "table":"\u0074"}`[1:])
	if err == nil {
		t.Fatal("a change over two lines")
	}
	got, err := encode(` { "new":null, "old":[ {"t":"\u6587\ud83d\ude00\/"} ], "format":"changeset",` +
		`"pk":[true],"indirect":false, "op":"DELETE" , "table":"\u0074"}` + "\r\n")
	if want := "T\x01\x01t\x00\x09\x00\x03\x08文😀/"; err != nil || string(got) != want {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAMalformedLineIsAnErrorAndAddsNothing(t *testing.T) {
	line := func(from, to string) string {
		const good = `{"table":"t","op":"INSERT","indirect":false,"pk":[true],` +
			`"format":"changeset","old":null,"new":[{"i":"1"}]}`
		if !strings.Contains(good, from) {
			t.Fatalf("no %s", from)
		}
		return strings.Replace(good, from, to, 1)
	}
	first := line("INSERT", "INSERT")
	want, err := encode(first)
	must(t, err)
	for _, bad := range []string{
		"", "{", "null", "[]", "{}", first + first, "\xef\xbb\xbf" + first,
		line(`"t"`, `"\ud800"`), line(`"t"`, `"\ude00\ud83d"`), line(`"t"`, `"\ud83d\u0041"`),
		line(`"t"`, "\"\xff\""), line(`"t"`, "\"\x01\""), line(`"t"`, `"\u0000"`), line(`"t"`, `7`),
		line(`"op":"INSERT",`, ``), line(`"INSERT"`, `"insert"`), line(`"INSERT"`, `null`),
		line(`"op"`, `"OP"`), line(`"op"`, `"table":"u","op"`), line(`"op"`, `"more":1,"op"`),
		line(`false`, `0`), line(`false`, `null`), line(`[true]`, `[1]`), line(`[true]`, `[]`),
		line(`[true]`, `[false]`), line(`[true]`, `true`), line(`[true]`, `[true,false]`),
		line(`"changeset"`, `"patch"`), line(`"changeset"`, `"patchset"`),
		line(`null`, `[{"i":"1"}]`), line(`[{"i":"1"}]`, `null`), line(`[{"i":"1"}]`, `{}`),
		line(`{"i":"1"}`, `1`), line(`{"i":"1"}`, `null`), line(`{"i":"1"}`, `{}`),
		line(`{"i":"1"}`, `{"i":"1","t":"1"}`), line(`{"i":"1"}`, `{"j":"1"}`),
		line(`{"i":"1"}`, `{"n":true}`), line(`{"i":"1"}`, `{"n":false}`),
		line(`"1"`, `1`), line(`"1"`, `"01"`), line(`"1"`, `"+1"`), line(`"1"`, `"1.0"`),
		line(`"1"`, `""`), line(`"1"`, `"9223372036854775808"`), line(`"1"`, `null`),
		line(`{"i":"1"}`, `{"r":"3ff80000000000"}`), line(`{"i":"1"}`, `{"r":"7ff8000000000000"}`),
		line(`{"i":"1"}`, `{"b":"0"}`), line(`{"i":"1"}`, `{"b":"0g"}`), line(`{"i":"1"}`, `{"tx":1}`),
		line(`}]}`, `}],"pk_flags":[0]}`), line(`}]}`, `}],"pk_flags":[256]}`),
		line(`}]}`, `}],"pk_flags":[]}`), line(`}]}`, `}],"pk_flags":[1.5]}`),
		line(`}]}`, `}],"pk_flags":["1"]}`), line(`}]}`, `}],"table_bytes":"75"}`),
		line(`}]}`, `}],"table_bytes":"7"}`), line(`}]}`, `}],"header":1}`),
	} {
		var e jsonline.Encoder
		must(t, e.Line([]byte(first)))
		if err := e.Line([]byte(bad)); !errors.Is(err, jsonline.ErrMalformed) {
			t.Errorf("%s: %v", bad, err)
		}
		if !bytes.Equal(e.Bytes(), want) {
			t.Errorf("%s: left %q", bad, e.Bytes())
		}
	}
}

func TestALineIsWithinTheLimitsOfAReader(t *testing.T) {
	limits := changeset.DefaultLimits()
	columns := limits.Columns
	line := func(n int) string {
		pk := strings.Repeat(",false", n-1)
		row := strings.Repeat(`,{"n":true}`, n-1)
		return `{"table":"t","op":"INSERT","indirect":false,"pk":[true` + pk +
			`],"format":"changeset","old":null,"new":[{"i":"1"}` + row + `]}`
	}
	if _, err := encode(line(columns)); err != nil {
		t.Error(err)
	}
	if _, err := encode(line(columns + 1)); !errors.Is(err, jsonline.ErrMalformed) {
		t.Errorf("one column more: %v", err)
	}
	name := strings.Repeat("n", limits.Name)
	if _, err := encode(strings.Replace(line(1), `"t"`, `"`+name+`"`, 1)); err != nil {
		t.Errorf("longest name: %v", err)
	}
	for from, to := range map[string]string{
		`"t"`:     `"n` + name + `"`,
		`"i":"1"`: `"t":"n` + strings.Repeat("n", limits.Value) + `"`,
	} {
		_, err := encode(strings.Replace(line(1), from, to, 1))
		if !errors.Is(err, jsonline.ErrMalformed) {
			t.Errorf("%s above its limit: %v", from, err)
		}
	}
}

// FuzzJSONLines: no lines make the encoder panic; what it accepts is a changeset
// that shows as lines and comes back from them.
func FuzzJSONLines(f *testing.F) {
	f.Add(sampleLines)
	f.Add(`{"table":"t","op":"UPDATE","indirect":false,"pk":[true,false],"format":"patchset",` +
		`"old":null,"new":[{"i":"1"},{"r":"fff0000000000000"}],"header":true}`)
	f.Add(`{"table":"\ud800\udc00","op":"DELETE","indirect":false,"pk":[true,false],` +
		`"format":"patchset","old":[{"b":"00"},null],"new":null,"pk_flags":[9,0]}`)
	f.Fuzz(func(t *testing.T, lines string) {
		made, err := encode(lines)
		if err != nil && !errors.Is(err, jsonline.ErrMalformed) {
			t.Fatalf("got %v", err)
		}
		if len(made) > len(lines) {
			t.Fatalf("%d bytes out of %d", len(made), len(lines))
		}
		again, err := encode(dump(t, made))
		if err != nil || !bytes.Equal(again, made) {
			t.Fatalf("got  %q, %v\nwant %q", again, err, made)
		}
	})
}

func BenchmarkDump(b *testing.B) {
	w := changeset.NewWriter(changeset.Changeset)
	w.Table("span", []byte{1, 0})
	row := []changeset.Value{changeset.Int(1), changeset.TextValue("要補修")}
	if err := w.Insert(false, row); err != nil {
		b.Fatal(err)
	}
	c, err := changeset.NewReader(w.Bytes(), changeset.Limits{}).Next()
	if err != nil {
		b.Fatal(err)
	}
	var (
		d    jsonline.Dumper
		line []byte
	)
	for b.Loop() {
		line = d.Append(line[:0], c)
	}
}

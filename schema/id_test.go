package schema_test

import (
	"encoding"
	"encoding/hex"
	"strings"
	"testing"

	"sansuiji/schema"
)

const idText = "019f2c4e-5a00-7c31-8b1d-0123456789ab"

func TestTextIsAnIDOnlyInItsFormOf36Characters(t *testing.T) {
	id, err := schema.ParseID[schema.RowID](idText)
	if err != nil || id.String() != idText {
		t.Errorf("%s, %v", id, err)
	}
	if upper, err := schema.ParseID[schema.RowID](strings.ToUpper(idText)); err != nil || upper != id {
		t.Errorf("upper case: %s, %v", upper, err)
	}
	for name, text := range map[string]string{
		"empty":         "",
		"no dashes":     strings.ReplaceAll(idText, "-", ""),
		"in braces":     "{" + idText + "}",
		"a URN":         "urn:uuid:" + idText,
		"one too short": idText[:35],
		"one too long":  idText + "0",
		"not hex":       "g" + idText[1:],
		"other dashes":  strings.Replace(idText, "-", "_", 1),
		"36 characters": strings.Repeat("f", 36),
		"Chinese":       strings.Repeat("編", 12),
		"very long":     strings.Repeat("0", 1<<20),
	} {
		if id, err := schema.ParseID[schema.RowID](text); err == nil || id != (schema.RowID{}) {
			t.Errorf("%s: %s, %v", name, id, err)
		} else if len(err.Error()) > 300 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
	}
}

func TestBytesAreAnIDOnlyIf16(t *testing.T) {
	for n := range 40 {
		id, err := schema.IDFromBytes[schema.TeamID](make([]byte, n))
		if (err == nil) != (n == 16) || id != (schema.TeamID{}) {
			t.Errorf("%d bytes: %s, %v", n, id, err)
		}
	}
}

func TestEveryKindOfIDIsWrittenTheSameWay(t *testing.T) {
	raw, err := hex.DecodeString(strings.ReplaceAll(idText, "-", ""))
	must(t, err)
	b := [16]byte(raw)
	campaign, device, row := schema.CampaignID(b), schema.DeviceID(b), schema.RowID(b)
	team, epoch := schema.TeamID(b), schema.Epoch(b)
	for kind, id := range map[string]interface {
		String() string
		encoding.TextMarshaler
		encoding.TextUnmarshaler
	}{"campaign": &campaign, "device": &device, "row": &row, "team": &team, "epoch": &epoch} {
		text, err := id.MarshalText()
		if err != nil || string(text) != idText || id.String() != idText {
			t.Errorf("%s: %s, %s, %v", kind, id, text, err)
		}
		const other = "00000000-0000-4000-8000-000000000001"
		if err := id.UnmarshalText([]byte(other)); err != nil || id.String() != other {
			t.Errorf("%s read as %s, %v", kind, id, err)
		}
		if err := id.UnmarshalText([]byte("{" + other + "}")); err == nil {
			t.Errorf("%s read from braces", kind)
		}
	}
}

// The vectors hold for ever: phones that never met must name a row alike.
func TestANaturalKeyGivesTheSameIDForEver(t *testing.T) {
	visit, err := schema.ParseID[schema.RowID](idText)
	must(t, err)
	problem := schema.RowID{15: 1}
	for _, c := range []struct {
		table string
		parts []schema.RowID
		want  string
	}{
		{"verification", []schema.RowID{visit, problem}, "33c52018-6f13-5e2f-81fa-ab684f83056d"},
		{"verification", []schema.RowID{problem, visit}, "edcb321c-2854-5f84-b483-766b50c8b805"},
		{"team_member", []schema.RowID{visit, problem}, "3dc6594d-3389-5692-a96b-535245ee4dcc"},
		{"verification", nil, "23a21040-2b9d-576d-be31-5f8659a7994f"},
	} {
		got := schema.NaturalRowID(c.table, c.parts...)
		if got.String() != c.want {
			t.Errorf("%s %v: %s, want %s", c.table, c.parts, got, c.want)
		}
	}
}

func TestAPersonOnARosterHasTheSameIDForEver(t *testing.T) {
	roster, err := schema.ParseID[schema.RowID](idText)
	must(t, err)
	if have := schema.NaturalKeyID("roster_person", roster, "3-12"); have.String() != "ccabfa94-c839-50fa-b5bf-d5362e5ceb9d" {
		t.Errorf("%s", have)
	}
	if schema.NaturalKeyID("roster_person", roster, "3-1") == schema.NaturalKeyID("roster_person", roster, "3-12") {
		t.Error("two people have one id")
	}
}

func TestRowsBornLaterHaveHigherIDs(t *testing.T) {
	last := schema.NewRowID()
	for range 1000 {
		next := schema.NewRowID()
		if next.String() <= last.String() || next.String()[14] != '7' {
			t.Fatalf("%s after %s", next, last)
		}
		last = next
	}
}

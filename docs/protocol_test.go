package docs_test

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the generated sections of PROTOCOL.md")

const protocolFile = "PROTOCOL.md"

func TestTheProtocolPageSaysWhatTheProgramDoes(t *testing.T) {
	sections := map[string]string{
		"limits": limits(), "problems": problems(), "reasons": reasons(),
		"example": example(t), "catalogue": catalogue(), "pairs": pairs(t),
	}
	text, err := os.ReadFile(protocolFile)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for name, want := range sections {
		before, have, after := cut(t, page, name)
		if *update {
			page = before + want + after
		} else if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("section %s is stale; run `go test ./docs -update` (-want +have):\n%s", name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(protocolFile, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// cut finds a generated section between its markers.
func cut(t *testing.T, page, name string) (before, have, after string) {
	t.Helper()
	from, to := "<!-- generated: "+name+" -->\n", "<!-- end: "+name+" -->"
	start := strings.Index(page, from)
	end := strings.Index(page, to)
	if start < 0 || end < start {
		t.Fatalf("%s has no section %s", protocolFile, name)
	}
	start += len(from)
	return page[:start], page[start:end], page[end:]
}

// limits are those that a client can run into.
func limits() string {
	changes := changeset.DefaultLimits()
	var b strings.Builder
	b.WriteString("| what | at most |\n|---|---:|\n")
	for _, l := range []struct {
		what string
		most int64
	}{
		{"body of a request, unpacked, in bytes", mobileapi.BodyMax},
		{"entries in one push", mobileapi.EntriesMax},
		{"canonical bytes of one entry", chain.EntryMax},
		{"heads in one entry", chain.HeadsMax},
		{"changes in one changeset", int64(changes.Changes)},
		{"table headers in one changeset", int64(changes.Tables)},
		{"bytes of a table name", int64(changes.Name)},
		{"milliseconds a clock may be ahead and keep its time", clock.AheadMax.Milliseconds()},
	} {
		fmt.Fprintf(&b, "| %s | %d |\n", l.what, l.most)
	}
	return b.String()
}

func problems() string {
	var b strings.Builder
	b.WriteString("| code | status | what happened | advice to the person |\n|---|---:|---|---|\n")
	for _, f := range schema.Faults() {
		if f.Status != 0 {
			fmt.Fprintf(&b, "| `%s` | %d | %s | %s |\n", f.Code, f.Status, both(f.Title), both(f.Advice))
		}
	}
	return b.String()
}

func reasons() string {
	var b strings.Builder
	b.WriteString("| code | what is wrong |\n|---|---|\n")
	for _, f := range schema.Faults() {
		if f.Status == 0 {
			fmt.Fprintf(&b, "| `%s` | %s |\n", f.Code, both(f.Title))
		}
	}
	return b.String()
}

// pairs is the table that syncengine/merge holds against the engine and the model.
func pairs(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../testdata/merge/pairs.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func both(l schema.Label) string { return l.En + "<br>" + l.Zh }

// catalogue lists every table with its columns.
func catalogue() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Schema version %d.\n", schema.Version)
	for _, t := range schema.NewCatalogue().Tables {
		fmt.Fprintf(&b, "\n### %s\n\n%s %s. Scope %s. Writer %s. Since version %d.\n\n",
			t.Name, t.Label.En, t.Label.Zh, scopeWords(t), writerWords(t), t.Since)
		b.WriteString("| # | column | type | rule | required | default | choices | label | since |\n")
		b.WriteString("|---:|---|---|---|---|---|---|---|---:|\n")
		for i := range t.Columns {
			c := &t.Columns[i]
			fmt.Fprintf(&b, "| %d | `%s` | %s | `%s` | %s | %s | %s | %s %s | %d |\n", 1+i, c.Name, c.Type,
				c.Rule, yes(c.Required), defaultWords(c), choiceWords(c), c.Label.En, c.Label.Zh, c.Since)
		}
	}
	return b.String()
}

func scopeWords(t *schema.Table) string {
	switch t.Scope.Kind {
	case schema.ByHQ:
		return "headquarters alone"
	case schema.ByCampaign:
		return "`campaign`"
	case schema.ByTeam:
		return "`" + t.Scope.Column + "`"
	case schema.ByParent:
		return "`" + t.Scope.Column + "` → `" + t.Scope.Parent + "`"
	}
	return string(t.Scope.Kind)
}

func writerWords(t *schema.Table) string {
	if t.Writer == schema.AuthorOnly {
		return "`author(" + t.Author + ")`"
	}
	return "`" + string(t.Writer) + "`"
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func defaultWords(c *schema.Column) string {
	if c.Default == nil {
		return ""
	}
	return fmt.Sprintf("`%v`", c.Default)
}

func choiceWords(c *schema.Column) string {
	codes := make([]string, len(c.Choices))
	for i, choice := range c.Choices {
		codes[i] = fmt.Sprintf("`%s` %s", choice.Code, choice.Label.Zh)
	}
	return strings.Join(codes, ", ")
}

// vector is an entry of the vectors that Go and TypeScript share.
type vector struct {
	Campaign, Device, Previous, Clock, Epoch, Changeset, Canonical, Hash string

	Seq, Revision uint64
	WallAt        int64 `json:"wall_at"`
	Schema        int
	Heads         []struct {
		Device string
		Seq    uint64
	}
	Genesis string `json:"genesis_of_key_0102"`
	Signed  string `json:"signed_head_bytes"`
}

// example shows an entry byte by byte, and a changeset of our own tables.
func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../testdata/chain/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	v := &vectors[1]
	var b strings.Builder
	fmt.Fprintf(&b, "An entry of device `%s` in campaign `%s`: seq %d, clock %s, wall %d, schema %d, "+
		"seen epoch `%s` and revision %d, %d heads, a changeset of 16 bytes.\n\n",
		v.Device, v.Campaign, v.Seq, v.Clock, v.WallAt, v.Schema, v.Epoch, v.Revision, len(v.Heads))
	b.WriteString("```\n" + entryLines(t, v) + "```\n\n")
	fmt.Fprintf(&b, "Its hash:\n\n```\n%s\n```\n\n", v.Hash)
	fmt.Fprintf(&b, "The head's bytes, which are signed if it is the last of a push:\n\n```\n%s\n```\n\n",
		wrap(v.Signed))
	fmt.Fprintf(&b, "The genesis hash of that campaign and device for a public key of the two bytes `0102` "+
		"(no real key, but enough to compare):\n\n```\n%s\n```\n\n", v.Genesis)
	b.WriteString(exampleChangeset(t))
	return b.String()
}

// entryLines cuts canonical bytes into their fields.
func entryLines(t *testing.T, v *vector) string {
	t.Helper()
	fields := []struct {
		name string
		size int
	}{
		{"domain", 17},
		{"campaign", 16},
		{"device", 16},
		{"seq", 8},
		{"previous", 32},
		{"clock", 8},
		{"wall", 8},
		{"schema", 4},
		{"seen.epoch", 16},
		{"seen.revision", 8},
		{"n", 2},
	}
	for range v.Heads {
		fields = append(fields, []struct {
			name string
			size int
		}{{"head device", 16}, {"head seq", 8}}...)
	}
	var b strings.Builder
	rest, at := v.Canonical, 0
	for _, f := range fields {
		fmt.Fprintf(&b, "%4d  %-14s %s\n", at, f.name, rest[:2*f.size])
		rest, at = rest[2*f.size:], at+f.size
	}
	fmt.Fprintf(&b, "%4d  %-14s %s\n%4d  %-14s %s\n", at, "length", rest[:8], at+4, "changeset", rest[8:])
	if rest[8:] != v.Changeset {
		t.Fatalf("the fields do not end at the changeset: %s", rest)
	}
	return b.String()
}

// exampleChangeset is a verification and a comment, as a client writes them.
func exampleChangeset(t *testing.T) string {
	t.Helper()
	visit, problem := fill(0x10), fill(0x20)
	row := schema.NaturalRowID("verification", visit, problem)
	insert := edit.New(schema.NewCatalogue())
	insert.Insert("comment", fill(0x50), edit.Cells{
		"finding_id": edit.ID(fill(0x30)), "inspector_id": edit.ID(fill(0x40)), "author": edit.Text("張三"),
		"body": edit.Text("已拍照"), "written_at": edit.Int(1_790_000_000_000),
	})
	change := edit.New(schema.NewCatalogue())
	change.Update("verification", row, edit.Cells{"outcome": edit.Text("not")},
		edit.Cells{"outcome": edit.Text("partly")})
	var b strings.Builder
	fmt.Fprintf(&b, "The natural id of the `verification` of visit `%s` and problem `%s`:\n\n", visit, problem)
	fmt.Fprintf(&b, "```\n%s\n```\n\n", row)
	b.WriteString("A changeset that changes that verification's `outcome` from `not` to `partly`:\n\n")
	fmt.Fprintf(&b, "```\n%s\n```\n\n", hexOf(t, change))
	fmt.Fprintf(&b, "A changeset that inserts a comment `%s` on finding `%s`, by inspector `%s`, 張三, ",
		fill(0x50), fill(0x30), fill(0x40))
	fmt.Fprintf(&b, "at 1790000000000:\n\n```\n%s\n```\n", hexOf(t, insert))
	return b.String()
}

func fill(first byte) schema.RowID {
	var id schema.RowID
	for i := range id {
		id[i] = first + byte(i)
	}
	return id
}

func hexOf(t *testing.T, b *edit.Builder) string {
	t.Helper()
	raw, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return wrap(hex.EncodeToString(raw))
}

// wrap breaks hex into lines of 32 bytes.
func wrap(text string) string {
	const width = 64
	var lines []string
	for len(text) > width {
		lines, text = append(lines, text[:width]), text[width:]
	}
	return strings.Join(append(lines, text), "\n")
}

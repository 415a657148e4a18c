package translog_test

import (
	"errors"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/translog"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func testCampaign() schema.CampaignID { return id[schema.CampaignID](1) }

// checkpointOf is a checkpoint of leaves in the first epoch.
func checkpointOf(leaves []tlog.Hash) translog.Checkpoint {
	return translog.Checkpoint{
		Campaign: testCampaign(), Tree: treeOf(leaves), Epoch: id[schema.Epoch](0x80),
		Revision: uint64(len(leaves)) * 3,
	}
}

func TestACheckpointIsReadAsItWasWritten(t *testing.T) {
	c := checkpointOf(leavesOf(1, 7))
	for _, extra := range [][]string{nil, {"witnessed by — nobody"}, {"a", "b"}} {
		c.Extra = extra
		read, err := translog.ParseCheckpoint(c.Format())
		must(t, err)
		if diff := cmp.Diff(c, read); diff != "" {
			t.Error(diff)
		}
	}
}

func TestACheckpointInAnotherFormIsRefused(t *testing.T) {
	c := checkpointOf(leavesOf(1, 7))
	c.Began = 3
	text := c.Format()
	for _, change := range [][2]string{
		{"\n7\n", "\n07\n"},
		{"\n7\n", "\n+7\n"},
		{"\n7\n", "\n9007199254740992\n"},
		{"\n7\n", "\n2\n"},
		{"sansuiji/", "sansuiji/ "},
		{"sansuiji/0102", "sansuiji/010"},
		{"epoch 8081", "epoch  8081"},
		{"epoch 80818283-8485-8687-8889-8a", "epoch 80818283-8485-8687-8889-8A"},
		{"epoch-began 3", "epoch-began -3"},
		{"revision 21\n", "revision 21"},
		{"revision 21\n", "revision 21\n\n"},
		{"revision 21\n", "revision 21\n" + strings.Repeat("x\n", 17)},
		{"revision 21\n", "revision 21\n" + strings.Repeat("x", translog.CheckpointMax) + "\n"},
		{"revision 21\n", "revision 21\nx\ty\n"},
		{"revision 21\n", "revision 21\n\xff\n"},
		{"revision 21\n", ""},
		{"=\n", "\n"},
		{"=\n", "\r=\n"},
	} {
		bad := strings.Replace(text, change[0], change[1], 1)
		if bad == text {
			t.Fatalf("%q is not in the checkpoint", change[0])
		}
		if _, err := translog.ParseCheckpoint(bad); !errors.Is(err, translog.ErrMalformed) {
			t.Errorf("%q for %q: %v", change[1], change[0], err)
		}
	}
}

// TestASignedCheckpointIsASignedNote reads it with the package of the Go
// checksum database and its own form of keys.
func TestASignedCheckpointIsASignedNote(t *testing.T) {
	c, key := checkpointOf(leavesOf(1, 7)), testKey(1)
	signed, err := c.Sign(key)
	must(t, err)
	verifier, err := note.NewVerifier(translog.KeyText(c.Campaign, publicOf(key)))
	must(t, err)
	n, err := note.Open([]byte(signed), note.VerifierList(verifier))
	must(t, err)
	if n.Text != c.Format() {
		t.Errorf("signed %q, want %q", n.Text, c.Format())
	}
	tree, err := tlog.ParseTree([]byte(strings.Replace(n.Text, translog.Origin(c.Campaign), "go.sum database tree", 1)))
	must(t, err)
	if tree.N != 7 || tree.Hash != c.Root {
		t.Errorf("read as tree %+v, want %+v", tree, c.Tree)
	}
}

func TestOnlyHeadquartersSignatureOpensACheckpoint(t *testing.T) {
	c, key := checkpointOf(leavesOf(1, 7)), testKey(1)
	signed, err := c.Sign(key)
	must(t, err)
	text, signature, _ := strings.Cut(signed, "\n\n")
	foreign := "— hub.example AAAAAAAA\n"
	cases := []struct {
		name   string
		signed string
		want   error
	}{
		{"as it is", signed, nil},
		{"countersigned", signed + foreign, nil},
		{"size changed", strings.Replace(signed, "\n7\n", "\n8\n", 1), translog.ErrSignature},
		{"no signature", text + "\n\n", translog.ErrMalformed},
		{"a foreign signature alone", text + "\n\n" + foreign, translog.ErrSignature},
		{"signed twice", signed + signature, translog.ErrMalformed},
		{"stray bits in the signature", strings.Replace(signed, "=\n", "==\n", 3), translog.ErrMalformed},
		{"a line end in the signature", strings.Replace(signed, "=\n", "\r=\n", 3), translog.ErrMalformed},
		{"too long", signed + strings.Repeat(foreign, 1000), translog.ErrMalformed},
		{"too many", signed + countersigned(20), translog.ErrMalformed},
	}
	for _, k := range cases {
		_, err := translog.OpenCheckpoint(k.signed, c.Campaign, publicOf(key))
		if !errors.Is(err, k.want) {
			t.Errorf("%s: %v, want %v", k.name, err, k.want)
		}
	}
	if _, err := translog.OpenCheckpoint(signed, c.Campaign, publicOf(testKey(2))); !errors.Is(err, translog.ErrSignature) {
		t.Errorf("another key: %v", err)
	}
	if _, err := translog.OpenCheckpoint(signed, id[schema.CampaignID](2), publicOf(key)); !errors.Is(err, translog.ErrSignature) {
		t.Errorf("another campaign: %v", err)
	}
}

// countersigned is n lines of other signers.
func countersigned(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("— hub" + string(rune('a'+i)) + " AAAAAAAA\n")
	}
	return b.String()
}

func FuzzCheckpoint(f *testing.F) {
	c, key := checkpointOf(leavesOf(1, 7)), testKey(1)
	c.Extra = []string{"one more"}
	signed, err := c.Sign(key)
	must(f, err)
	f.Add(c.Format())
	f.Add(signed)
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := translog.ParseCheckpoint(text); err == nil && c.Format() != text {
			t.Fatalf("accepted %q, which is not canonical", text)
		}
		c, err := translog.OpenCheckpoint(text, testCampaign(), publicOf(key))
		if err == nil && !strings.HasPrefix(text, c.Format()) {
			t.Fatalf("opened %q, which is not canonical", text)
		}
	})
}

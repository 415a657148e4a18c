package evidence

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/translog"
)

// Format is the form of files that this package writes and reads.
const Format = "sansuiji/evidence/1"

// Manifest says what is in a file, and which state of the campaign it is of.
type Manifest struct {
	Format   string            `json:"format"`
	Campaign schema.CampaignID `json:"campaign"`
	Code     string            `json:"code"`
	Name     string            `json:"name"`
	Report   About             `json:"report"`
	Position uint64            `json:"position"` // of the newest entry that the report shows
	At       int64             `json:"at"`       // when headquarters took it in, Unix milliseconds
	Epoch    schema.Epoch      `json:"epoch"`
	Root     string            `json:"root"` // of the log at the position, base64
	Key      string            `json:"key"`  // headquarters', as people compare it
	Members  []Member          `json:"members"`
}

// About says which report a file is of.
type About struct {
	Title    string          `json:"title"`
	Language string          `json:"language"`
	Request  json.RawMessage `json:"request"` // as it was asked for
}

// Member is a file in the archive beside the manifest and its note, in the order of paths.
type Member struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// encode writes the manifest in its one form: a member to a line, so that people read it.
func (m *Manifest) encode() ([]byte, error) {
	head := *m
	head.Members = []Member{}
	text, err := json.Marshal(&head)
	if err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	b := append(bytes.TrimSuffix(text, []byte("]}")), '\n')
	for i := range m.Members {
		line, err := json.Marshal(&m.Members[i])
		if err != nil {
			return nil, fmt.Errorf("write manifest: %w", err)
		}
		b = append(b, line...)
		if i < len(m.Members)-1 {
			b = append(b, ',')
		}
		b = append(b, '\n')
	}
	return append(b, "]}\n"...), nil
}

var errManifest = errors.New("not in the one form a manifest has")

// parseManifest reads what encode writes, and nothing else.
func parseManifest(b []byte) (*Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, err
	}
	again, err := m.encode()
	if err != nil || !bytes.Equal(again, b) {
		return nil, errors.Join(errManifest, err)
	}
	if m.Format != Format {
		return nil, fmt.Errorf("%w: format %.40q", errManifest, m.Format)
	}
	return &m, m.check()
}

// check refuses members that no file has.
func (m *Manifest) check() error {
	if len(m.Members) > membersMax {
		return fmt.Errorf("%w: %d members", errManifest, len(m.Members))
	}
	for i, one := range m.Members {
		hash, err := hex.DecodeString(one.SHA256)
		if err != nil || len(hash) != sha256.Size || one.Size < 0 || one.Size > memberMax ||
			one.Path == "" || len(one.Path) > pathMax || i > 0 && one.Path <= m.Members[i-1].Path {
			return fmt.Errorf("%w: member %.40q", errManifest, one.Path)
		}
	}
	return nil
}

// NoteName is the name under which manifests are signed.
func NoteName(campaign schema.CampaignID) string { return "sansuiji/evidence/" + campaign.String() }

// noteText is what headquarters signs of a manifest: the name, the position, and the SHA-256
// of the manifest's bytes in base64, a line each.
func noteText(m *Manifest, manifest []byte) string {
	sum := sha256.Sum256(manifest)
	return fmt.Sprintf("%s\n%d\n%s\n", NoteName(m.Campaign), m.Position, base64.StdEncoding.EncodeToString(sum[:]))
}

// sign makes the manifest's note.
func (m *Manifest) sign(manifest []byte, key crypto.Signer) (string, error) {
	return translog.SignNote(NoteName(m.Campaign), noteText(m, manifest), key)
}

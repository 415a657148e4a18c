package translog

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"sansuiji/schema"

	"golang.org/x/mod/sumdb/note"
)

// ErrSignature says that a note is not signed by the key that it must be.
var ErrSignature = errors.New("signature does not verify")

// algEd25519 is the type of a plain Ed25519 key in signed notes (C2SP).
const algEd25519 = 1

// signaturesMax is how many signatures a note may carry; others than
// headquarters' may countersign.
const signaturesMax = 16

// noteKey is an Ed25519 key under a name, as signed notes want it.
type noteKey struct {
	name   string
	public ed25519.PublicKey
	signer crypto.Signer // nil: verifies only
}

func (k noteKey) Name() string { return k.name }

// KeyHash is the first four bytes of the SHA-256 over name, line feed, key type
// and key.
func (k noteKey) KeyHash() uint32 {
	b := append([]byte(k.name), '\n', algEd25519)
	sum := sha256.Sum256(append(b, k.public...))
	return binary.BigEndian.Uint32(sum[:4])
}

func (k noteKey) Sign(message []byte) ([]byte, error) {
	return k.signer.Sign(nil, message, crypto.Hash(0))
}

func (k noteKey) Verify(message, sig []byte) bool {
	return len(sig) == ed25519.SignatureSize && ed25519.Verify(k.public, message, sig)
}

// KeyText is a key with its name as one line of text (C2SP signed-note, vkey):
// what a person compares, or pins.
func KeyText(campaign schema.CampaignID, key ed25519.PublicKey) string {
	k := noteKey{name: Origin(campaign), public: key}
	return fmt.Sprintf("%s+%08x+%s", k.name, k.KeyHash(),
		base64.StdEncoding.EncodeToString(append([]byte{algEd25519}, key...)))
}

// SignNote signs a text that ends in a line feed under a name (C2SP
// signed-note). The key is Ed25519.
func SignNote(name, text string, key crypto.Signer) (string, error) {
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("sign note of %s: the key is a %T", name, key.Public())
	}
	signed, err := note.Sign(&note.Note{Text: text}, noteKey{name, public, key})
	if err != nil {
		return "", fmt.Errorf("sign note of %s: %w", name, err)
	}
	return string(signed), nil
}

// OpenNote checks that a note is signed by a key under a name and gives its
// text. Signatures of others are not looked at, but all must be written in the
// one form they have.
func OpenNote(name, signed string, key ed25519.PublicKey) (string, error) {
	text, err := openNote(name, signed, key)
	if err != nil {
		return "", fmt.Errorf("open note of %s: %w", name, err)
	}
	return text, nil
}

func openNote(name, signed string, key ed25519.PublicKey) (string, error) {
	if len(signed) > CheckpointMax || len(key) != ed25519.PublicKeySize {
		return "", fmt.Errorf("%w: %d bytes, key of %d", ErrMalformed, len(signed), len(key))
	}
	k := noteKey{name: name, public: key}
	n, err := note.Open([]byte(signed), note.VerifierList(k))
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified), errors.As(err, &invalid):
		return "", fmt.Errorf("%w: %w", ErrSignature, err)
	case err != nil:
		return "", fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return n.Text, k.checkLines(strings.TrimPrefix(signed, n.Text+"\n"))
}

// checkLines refuses repeated lines, a second signature of the key, and base64
// in another form, which package note lets pass.
func (k noteKey) checkLines(block string) error {
	lines := strings.Split(strings.TrimSuffix(block, "\n"), "\n")
	if len(lines) > signaturesMax {
		return fmt.Errorf("%w: %d signatures", ErrMalformed, len(lines))
	}
	seen, own := map[string]bool{}, 0
	for _, line := range lines {
		at := strings.LastIndexByte(line, ' ')
		b, err := AppendBase64(nil, []byte(line[at+1:]))
		if err != nil || seen[line] {
			return fmt.Errorf("%w: signature %.60q", ErrMalformed, line)
		}
		seen[line] = true
		if line[:at] == "— "+k.name && binary.BigEndian.Uint32(b) == k.KeyHash() {
			own++
		}
	}
	if own != 1 {
		return fmt.Errorf("%w: %d signatures of %s", ErrMalformed, own, k.name)
	}
	return nil
}

// Sign makes the signed checkpoint with headquarters' key, which is Ed25519.
func (c *Checkpoint) Sign(key crypto.Signer) (string, error) {
	return SignNote(Origin(c.Campaign), c.Format(), key)
}

// ReadCheckpoint reads a signed checkpoint that was opened before, as who keeps it
// does. The signature is not looked at again.
func ReadCheckpoint(signed string) (Checkpoint, error) {
	end := strings.LastIndex(signed, "\n\n")
	return ParseCheckpoint(signed[:end+1])
}

// OpenCheckpoint checks a signed checkpoint of a campaign and reads it.
func OpenCheckpoint(
	signed string, campaign schema.CampaignID, key ed25519.PublicKey,
) (Checkpoint, error) {
	text, err := OpenNote(Origin(campaign), signed, key)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := ParseCheckpoint(text)
	if err == nil && c.Campaign != campaign {
		err = fmt.Errorf("read checkpoint: %w: of campaign %s", ErrMalformed, c.Campaign)
	}
	return c, err
}

package draw

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A site is where people are drawn in the field, with no network. Its key is made at
// headquarters before the dice are thrown, and goes along sealed: it is opened when the
// roster is there and its code is known to somebody else.

// SiteKey is a site's secret: 32 random bytes.
type SiteKey = Hash

// Modes in which a site's key is opened, the strongest first.
const (
	Desk     = "desk"     // the duty desk writes the roster's code down, then tells the unlock code
	Envelope = "envelope" // a witness opens an envelope when the roster's code is on paper
	Local    = "local"    // neither: the key is on the phone, and dice are thrown in the village
)

var modes = []string{Desk, Envelope, Local}

// siteLeaf is a site's bytes in the tree that a plan names.
func siteLeaf(site string, key SiteKey) []byte { return tag("sitekey", []byte(site), key[:]) }

// SiteSecret is a site with its key.
type SiteSecret struct {
	Site string  `json:"site"`
	Key  SiteKey `json:"key"`
}

// NewSitesPlan is what a plan says of sites where so many people are asked, and each
// one's proof that it is in it. Sites and modes must be sorted.
func NewSitesPlan(secrets []SiteSecret, ask int64, modes ...string) (*SitesPlan, []Proof, error) {
	leaves := make([]Hash, len(secrets))
	for i, s := range secrets {
		if !isID(s.Site) || i > 0 && s.Site <= secrets[i-1].Site {
			return nil, nil, problem("site-id", s.Site)
		}
		leaves[i] = leafHash(siteLeaf(s.Site, s.Key))
	}
	proofs := make([]Proof, len(secrets))
	for i := range proofs {
		proofs[i] = Proof{i, len(leaves), path(leaves, i)}
	}
	return &SitesPlan{Root: root(leaves), N: int64(len(leaves)), Ask: ask, Modes: modes}, proofs, nil
}

// HoldsSite says whether a proof leads from a site's key to a root.
func (p *Proof) HoldsSite(site string, key SiteKey, sites Hash) bool {
	have, ok := rootOfPath(leafHash(siteLeaf(site, key)), p.At, p.N, p.Path)
	return ok && have == sites
}

// Unlockable is a site with its key, and what opens it once it is sealed.
type Unlockable struct {
	SiteSecret
	Unlock [UnlockSize]byte
}

// NewSites makes the keys of sites, sorted, from randomness.
func NewSites(sites []string, random io.Reader) ([]Unlockable, error) {
	list := make([]Unlockable, len(sites))
	for i, site := range slices.Sorted(slices.Values(sites)) {
		u := &list[i]
		u.Site = site
		for _, b := range [][]byte{u.Key[:], u.Unlock[:]} {
			if _, err := io.ReadFull(random, b); err != nil {
				return nil, fmt.Errorf("make key of site: %w", err)
			}
		}
	}
	return list, nil
}

// Secrets are the keys alone, as a plan wants them.
func Secrets(list []Unlockable) []SiteSecret {
	secrets := make([]SiteSecret, len(list))
	for i := range list {
		secrets[i] = list[i].SiteSecret
	}
	return secrets
}

// UnlockSize is how many random bytes an unlock code stands for.
const UnlockSize = 10

// letters are Crockford's: nobody takes one for another when it is read aloud.
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// UnlockCode is an unlock secret for people: four groups of four letters, and one
// more that finds slips.
func UnlockCode(secret [UnlockSize]byte) string {
	text := code(secret[:])
	return grouped(text) + "-" + string(letters[checkOf(text)])
}

// ParseUnlock reads an unlock code as people write it: in small letters, with spaces,
// O for 0, I and L for 1.
func ParseUnlock(text string) (secret [UnlockSize]byte, err error) {
	plain := plainLetters(text)
	if len(plain) != 17 || strings.Trim(plain, letters) != "" || letters[checkOf(plain[:16])] != plain[16] {
		return secret, problem("unlock-code")
	}
	for i := range 16 {
		v := strings.IndexByte(letters, plain[i])
		for bit := range 5 {
			if v>>(4-bit)&1 == 1 {
				secret[(5*i+bit)/8] |= 1 << (7 - (5*i+bit)%8)
			}
		}
	}
	return secret, nil
}

// plainLetters are letters as people write them: in capitals, without spaces and hyphens,
// those that are none taken for the ones they look like.
func plainLetters(text string) string {
	return strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(text))
}

// checkOf is the letters as a polynomial over the field of 32 elements (x^5+x^2+1), at
// its generator: it finds every wrong letter, and every two that changed places.
func checkOf(text string) (sum int) {
	for i := range len(text) {
		if sum <<= 1; sum > 31 {
			sum ^= 0b100101
		}
		sum ^= strings.IndexByte(letters, text[i])
	}
	return sum
}

// code is bytes in letters, five bits each, cut off at whole letters.
func code(b []byte) string {
	var text strings.Builder
	for i := 0; i+5 <= 8*len(b); i += 5 {
		v := 0
		for bit := i; bit < i+5; bit++ {
			v = v<<1 | int(b[bit/8]>>(7-bit%8)&1)
		}
		text.WriteByte(letters[v])
	}
	return text.String()
}

func grouped(text string) string {
	var groups []string
	for part := range slices.Chunk([]byte(text), 4) {
		groups = append(groups, string(part))
	}
	return strings.Join(groups, "-")
}

// unlocker seals with a key that an unlock secret gives. It seals one message only,
// so that its nonce may be zero.
func unlocker(campaign, site string, unlock [UnlockSize]byte) (gcm cipher.AEAD, context []byte) {
	context = tag("unlock", []byte(campaign), []byte(site))
	key, err := hkdf.Key(sha256.New, unlock[:], context, string(tag("key", []byte("unlock"), []byte(site))), 32)
	if err != nil {
		panic("draw: " + err.Error()) // 32 bytes are not too many
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("draw: " + err.Error()) // the key has the right size
	}
	if gcm, err = cipher.NewGCM(block); err != nil {
		panic("draw: " + err.Error()) // so has the block
	}
	return gcm, context
}

// Seal seals a site's key (AES-256-GCM): what the phone carries.
func Seal(campaign, site string, unlock [UnlockSize]byte, key SiteKey) []byte {
	gcm, context := unlocker(campaign, site, unlock)
	return gcm.Seal(nil, make([]byte, gcm.NonceSize()), key[:], context)
}

// Open opens a sealed site's key.
func Open(campaign, site string, unlock [UnlockSize]byte, sealed []byte) (key SiteKey, err error) {
	gcm, context := unlocker(campaign, site, unlock)
	b, err := gcm.Open(nil, make([]byte, gcm.NonceSize()), sealed, context)
	if err != nil || len(b) != len(key) {
		return key, problem("unlock-other", site)
	}
	return SiteKey(b), nil
}

// SiteDraw draws at one site. throws are those of its ceremony; local is the dice of
// the village, in the mode of that name.
func SiteDraw(planHash Hash, site string, key SiteKey, throws, local []Throw) Key {
	parts := [][]byte{[]byte(site), key[:], publicBytes(throws)}
	if len(local) > 0 {
		parts = append(parts, publicBytes(local))
	}
	b, err := hkdf.Key(sha256.New, tag("site", parts...), planHash[:], string(tag("key", []byte("interview"), []byte(site))), 32)
	if err != nil {
		panic("draw: " + err.Error()) // 32 bytes are not too many
	}
	return Key(b)
}

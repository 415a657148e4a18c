package draw

import (
	"crypto/hkdf"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
)

// Secret is what somebody holds until the dice have fallen: 32 random bytes.
type Secret = Hash

// Commit is the hash of a secret that a role holds for a ceremony. It tells nothing
// of the secret, and no other secret has it.
func Commit(ceremony, role string, secret Secret) Hash {
	return sum(tag("commit", []byte(ceremony), []byte(role), secret[:]))
}

// Reveal is a secret, opened.
type Reveal struct {
	Role   string `json:"role"`
	Secret Secret `json:"secret"`
}

// Throw is what a person's dice show, a digit each: 0 to 9, a die of ten sides; or 1
// to the number of sides.
type Throw struct {
	By     string `json:"by"`
	Digits string `json:"digits"`
}

// checkReveals wants every secret, in the plan's order.
func (p *Plan) checkReveals(reveals []Reveal) error {
	if len(reveals) != len(p.Commitments) {
		return problem("reveals-number", strconv.Itoa(len(reveals)), strconv.Itoa(len(p.Commitments)))
	}
	for i, r := range reveals {
		c := p.Commitments[i]
		if r.Role != c.Role {
			return problem("reveals-role", r.Role, c.Role)
		}
		if Commit(p.Ceremony(), r.Role, r.Secret) != c.Commit {
			return problem("reveals-other", r.Role)
		}
	}
	return nil
}

// checkThrows wants everybody's dice, in the plan's order.
func (p *Plan) checkThrows(throws []Throw) error {
	if len(throws) != len(p.Public.People) {
		return problem("throws-number", strconv.Itoa(len(throws)), strconv.Itoa(len(p.Public.People)))
	}
	for i, t := range throws {
		if t.By != p.Public.People[i] {
			return problem("throws-person", t.By, p.Public.People[i])
		}
		if int64(len(t.Digits)) != p.Public.Throws {
			return problem("throws-digits", t.By, strconv.Itoa(len(t.Digits)), strconv.FormatInt(p.Public.Throws, 10))
		}
		if at := strings.IndexFunc(t.Digits, func(c rune) bool { return !p.Public.shows(c) }); at >= 0 {
			return problem("throws-digit", t.By, strconv.Itoa(at+1))
		}
	}
	return nil
}

// shows says whether a die can show a digit.
func (p *PublicPlan) shows(c rune) bool {
	if p.Sides == 10 {
		return c >= '0' && c <= '9'
	}
	return c >= '1' && c <= '0'+rune(p.Sides)
}

// Seed is what chance and the secrets came to.
type Seed struct {
	master [32]byte
}

// NewSeed puts a plan's secrets and dice together.
func NewSeed(p *Plan, reveals []Reveal, throws []Throw) (*Seed, error) {
	if err := p.checkReveals(reveals); err != nil {
		return nil, err
	}
	if err := p.checkThrows(throws); err != nil {
		return nil, err
	}
	var parts [][]byte
	for i := range reveals {
		parts = append(parts, reveals[i].Secret[:])
	}
	parts = append(parts, publicBytes(throws))
	salt := p.Hash()
	master, err := hkdf.Extract(sha256.New, tag("seed", parts...), salt[:])
	if err != nil {
		panic("draw: " + err.Error()) // only of a hash that is not approved
	}
	return &Seed{[32]byte(master)}, nil
}

// publicBytes is P: each person's name and digits.
func publicBytes(throws []Throw) []byte {
	var b []byte
	for _, t := range throws {
		b = appendLP(appendLP(b, t.By), t.Digits)
	}
	return slices.Clip(b)
}

// Key is the key of a purpose in a scope.
func (s *Seed) Key(purpose, scope string) Key {
	b, err := hkdf.Expand(sha256.New, s.master[:], string(tag("key", []byte(purpose), []byte(scope))), 32)
	if err != nil {
		panic("draw: " + err.Error()) // 32 bytes are not too many
	}
	return Key(b)
}

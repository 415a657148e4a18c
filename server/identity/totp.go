package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"time"
)

// The codes of an authenticator (RFC 6238): six digits of HMAC-SHA-1 over the number of
// the half minute, which is what every authenticator app knows.
const (
	totpStep   = 30 * time.Second
	totpModulo = 1_000_000
	// totpSkew is by how many steps a phone's clock may be off.
	totpSkew   = 1
	totpSecret = 20
)

// authenticator is what an account keeps of one: the secret, and the newest step whose
// code was used, so that no code is taken twice.
type authenticator struct {
	secret []byte
	used   int64
}

func newAuthenticator() authenticator {
	a := authenticator{secret: make([]byte, totpSecret)}
	_, _ = rand.Read(a.secret) // never fails
	return a
}

// code is that of a step (RFC 4226 §5.3).
func (a authenticator) code(step int64) string {
	mac := hmac.New(sha1.New, a.secret)
	_, _ = mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step))) // never fails
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[from:])&0x7fffffff%totpModulo)
}

// step finds that of a code about now, if it is later than any that was used.
func (a authenticator) step(code string, now time.Time) (int64, bool) {
	present := now.Unix() / int64(totpStep.Seconds())
	for step := present - totpSkew; step <= present+totpSkew; step++ {
		if step > a.used && hmac.Equal([]byte(a.code(step)), []byte(code)) {
			return step, true
		}
	}
	return 0, false
}

// text is the secret as people type it into an app.
func (a authenticator) text() string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(a.secret)
}

// uri is what an app reads as a QR code.
func (a authenticator) uri(login string) string {
	return "otpauth://totp/Sansuiji:" + url.PathEscape(login) + "?" + url.Values{
		"secret": {a.text()}, "issuer": {"Sansuiji"},
	}.Encode()
}

package identity

import (
	"testing"
	"time"
)

func TestCodesAreThoseOfRFC6238(t *testing.T) {
	a := authenticator{secret: []byte("12345678901234567890")}
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := a.code(at / 30); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

func TestACodeIsTakenOnceAndOnlyAboutItsTime(t *testing.T) {
	a, now := newAuthenticator(), time.Unix(1_790_000_010, 0)
	present := now.Unix() / 30
	for off, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		if step, ok := a.step(a.code(present+off), now); ok != want || (ok && step != present+off) {
			t.Errorf("a code %d steps off is taken: %v, as of %d", off, ok, step)
		}
	}
	a.used = present
	for _, code := range []string{a.code(present), a.code(present - 1), "", "1234567"} {
		if _, ok := a.step(code, now); ok {
			t.Errorf("%q is taken after it was used", code)
		}
	}
	if _, ok := a.step(a.code(present+1), now.Add(totpStep)); !ok {
		t.Error("the next code is not taken")
	}
}

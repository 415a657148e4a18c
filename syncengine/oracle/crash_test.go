package oracle

import "testing"

func TestACrashIsARejectionAndTheNextRequestWorks(t *testing.T) {
	o, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := o.child.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	got, err := o.Iterate([]byte("T"))
	if err != nil || got.Accepted || got.Code != -1 {
		t.Errorf("after a crash: %+v, %v", got, err)
	}
	got, err = o.Iterate(nil)
	if err != nil || !got.Accepted {
		t.Errorf("after a restart: %+v, %v", got, err)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

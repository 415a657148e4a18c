//go:build !failpoints

package main

import (
	"bytes"
	"reflect"
	"testing"
)

func TestTheProgramThatPeopleRunFailsNowhereOnPurpose(t *testing.T) {
	t.Setenv("SANSUIJI_FAILPOINT", "store.ready:1")
	t.Setenv("SANSUIJI_SYNCHRONOUS", "OFF")
	t.Setenv("SANSUIJI_CHECKPOINT", "1")
	options, err := storeOptions()
	must(t, err)
	if !reflect.ValueOf(options).IsZero() {
		t.Errorf("options %+v", options)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"describe", "failpoints"}, nil, &out, &errs); code != 2 || out.Len() > 0 {
		t.Errorf("exit %d, %s", code, &out)
	}
}

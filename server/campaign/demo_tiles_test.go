package campaign_test

import (
	"bytes"
	"testing"

	"sansuiji/server/campaign"
)

func TestTheCitysMapIsSmallAndTheSameEachTime(t *testing.T) {
	var first, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &again} {
		if err := campaign.Demo(7, noon).Map().Write(w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("the same seed drew another map")
	}
	if first.Len() < 50_000 || first.Len() > 2_000_000 {
		t.Errorf("%d bytes", first.Len())
	}
	t.Logf("%d bytes", first.Len())
}

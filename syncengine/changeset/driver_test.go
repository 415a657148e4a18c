package changeset

import (
	"testing"
	"time"
)

func TestValuesGoToADriverAndBack(t *testing.T) {
	for _, v := range []Value{
		NullValue(), Int(-1), RealValue(0.5), TextValue(""), TextValue("三"), BlobValue([]byte{0}), BlobValue(nil),
	} {
		if back := ValueOf(v.Any()); !back.Equal(v) {
			t.Errorf("%+v became %+v", v, back)
		}
	}
}

func TestATypeThatIsNoCellIsNotTakenForNull(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a time passed for a cell")
		}
	}()
	ValueOf(time.Time{})
}

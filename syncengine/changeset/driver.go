package changeset

import "fmt"

// ValueOf is a cell that a database driver read: nil, int64, float64, string or
// []byte, which it aliases. Any other type is a mistake in the schema, and panics.
func ValueOf(v any) Value {
	switch x := v.(type) {
	case nil:
		return NullValue()
	case int64:
		return Int(x)
	case float64:
		return RealValue(x)
	case string:
		return TextValue(x)
	case []byte:
		return BlobValue(x)
	default:
		panic(fmt.Sprintf("changeset: the driver gave %T", v))
	}
}

// Any is the value as a database driver takes it: nil, int64, float64, string or
// []byte, never nil for the empty blob, which drivers take for NULL.
func (v Value) Any() any {
	switch v.Kind {
	case Integer:
		return v.Int64()
	case Real:
		return v.Float64()
	case Text:
		return string(v.Bytes)
	case Blob:
		if v.Bytes == nil {
			return []byte{}
		}
		return v.Bytes
	case Null, Absent:
	}
	return nil
}

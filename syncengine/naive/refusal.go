package naive

import (
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// refusal finds the first thing that an entry must never do, whatever rows there
// are.
func refusal(e *Entry) string {
	for i := range e.Changes {
		c := &e.Changes[i]
		switch {
		case c.Table.Writer == schema.HQOnly && !e.HQ:
			return schema.ReasonNotWritable
		case c.Op == changeset.Delete:
			return schema.ReasonDelete
		}
		for k := range c.Table.Columns {
			if reason := refusedCell(e, c, k); reason != "" {
				return reason
			}
		}
	}
	return ""
}

func refusedCell(e *Entry, c *Change, column int) string {
	col, v := &c.Table.Columns[column], c.Cells[column]
	switch {
	case v.Kind == changeset.Absent:
		return ""
	case col.Rule == schema.HQ && !e.HQ && (c.Op == changeset.Update || !v.Equal(edit.Default(col))):
		return schema.ReasonHQColumn
	case !fits(col, v):
		return schema.ReasonBadValue
	}
	return ""
}

// fits says whether a column can hold a value.
func fits(col *schema.Column, v changeset.Value) bool {
	if v.Kind == changeset.Null {
		return !col.Required
	}
	switch col.Type {
	case schema.ID:
		return v.Kind == changeset.Blob && len(v.Bytes) == 16
	case schema.Bytes:
		return v.Kind == changeset.Blob
	case schema.Integer:
		return v.Kind == changeset.Integer
	case schema.Text:
		return v.Kind == changeset.Text && utf8.Valid(v.Bytes) &&
			(len(col.Choices) == 0 || place(col.Choices, v) >= 0)
	}
	return false
}

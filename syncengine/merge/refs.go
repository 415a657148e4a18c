package merge

import (
	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
)

// Refs adds the rows that Decide will look at for a changeset: those that it
// changes, and the parents of those that it inserts. A view may fetch them all at
// once. What cannot be read adds nothing: Decide will say so.
func Refs(
	refs []RowRef, catalogue *schema.Catalogue, r *changeset.Reader, version int, bytes []byte,
) []RowRef {
	r.Reset(bytes)
	var wire *changeset.Table
	var t, parent *schema.Table
	at := 0 // of the parent's id in a row
	for {
		c, err := r.Next()
		if err != nil {
			return refs
		}
		if c.Table != wire {
			wire = c.Table
			t, parent = tableOf(catalogue, c.Table, version)
			if parent != nil {
				at = 1 + t.ColumnIndex(t.Scope.Column)
			}
		}
		if t == nil {
			continue
		}
		key := c.Old
		if c.Op == changeset.Insert {
			key = c.New
		}
		refs = addRef(refs, t, key[0])
		if parent != nil && c.New != nil && at < len(c.New) {
			refs = addRef(refs, parent, c.New[at])
		}
	}
}

func tableOf(
	catalogue *schema.Catalogue, wire *changeset.Table, version int,
) (t, parent *schema.Table) {
	t, ok := catalogue.Table(wire.Name, version)
	if !ok || len(wire.PK) != t.Width(version) {
		return nil, nil
	}
	if t.Scope.Kind == schema.ByParent {
		parent = catalogue.MustTable(t.Scope.Parent)
	}
	return t, parent
}

func addRef(refs []RowRef, t *schema.Table, id changeset.Value) []RowRef {
	if id.Kind != changeset.Blob || len(id.Bytes) != 16 {
		return refs
	}
	ref := RowRef{t, schema.RowID(id.Bytes)}
	if len(refs) > 0 && refs[len(refs)-1] == ref {
		return refs
	}
	return append(refs, ref)
}

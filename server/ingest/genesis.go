package ingest

import (
	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
)

// firstKey is the public key that a campaign's first entry names for its own
// author, headquarters; nil if it names none.
func firstKey(catalogue *schema.Catalogue, e *chain.Entry) []byte {
	device := catalogue.MustTable("device")
	c, err := changeset.NewReader(e.Changeset, changeset.Limits{}).Next()
	if err != nil || c.Table.Name != device.Name || c.Op != changeset.Insert ||
		string(c.New[0].Bytes) != string(e.Device[:]) {
		return nil
	}
	at := 1 + device.ColumnIndex("public_key")
	if at >= len(c.New) {
		return nil
	}
	return c.New[at].Bytes
}

package intake

import (
	"bytes"
	"encoding/csv"
)

// Template is a table with a kind's columns and one example row that a person writes over:
// CSV in UTF-8 with a mark, by which office programs know it.
func Template(kind string) ([]byte, error) {
	k, err := KindOf(kind)
	if err != nil {
		return nil, err
	}
	names, example := make([]string, len(k.Fields)), make([]string, len(k.Fields))
	for i := range k.Fields {
		names[i], example[i] = k.Fields[i].Label.Zh, k.Fields[i].Example
	}
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	err = w.WriteAll([][]string{names, example})
	return b.Bytes(), err
}

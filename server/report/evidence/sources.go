package evidence

import (
	"bytes"
	"context"
	"encoding/json"

	"sansuiji/schema"
)

const sourcesPath = "sources.json"

// sourceLine is what a number in the report stands for, one to a line in sources.json.
type sourceLine struct {
	Number   int          `json:"number"`
	Kind     schema.Label `json:"kind"`
	Table    string       `json:"table"`
	ID       string       `json:"id,omitempty"`       // of the row
	Rows     []string     `json:"rows,omitempty"`     // that it is made of, as far as they are known
	Sum      bool         `json:"sum,omitempty"`      // it is made of many rows
	Count    int          `json:"count,omitempty"`    // of how many
	Withheld bool         `json:"withheld,omitempty"` // its rows are sealed, or of people who were asked
	Who      string       `json:"who"`
	At       int64        `json:"at"`
	Position int64        `json:"position"`
}

// writeSources writes what the report's numbers stand for.
func (g *gathering) writeSources(context.Context) error {
	var b bytes.Buffer
	b.WriteString("{\"sources\":[\n")
	list := g.made.Used.Sources
	for i := range list {
		s := &list[i]
		text, err := json.Marshal(&sourceLine{
			Number: s.Number, Kind: s.Kind, Table: s.Table, ID: s.ID, Rows: s.Rows, Sum: s.ID == "", Count: s.Count,
			Withheld: s.Hidden, Who: s.Who, At: s.At, Position: s.Position,
		})
		if err != nil {
			return err
		}
		b.Write(text)
		if i < len(list)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]}\n")
	g.content.add(sourcesPath, b.Bytes())
	return nil
}

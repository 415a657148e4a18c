package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sansuiji/device"
	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// runPut saves one row: TABLE [ID] column=value…, in one entry. Without an ID
// the row has its natural one, or is new. It prints the row's id.
func runPut(_ context.Context, c *deviceCommand, d *device.Device) error {
	args := c.flags.Args()
	if len(args) == 0 {
		return fmt.Errorf("%s: %w", c.words.say("put-needs"), errUsage)
	}
	table, ok := d.Catalogue.Table(args[0], d.Catalogue.Version)
	if !ok {
		return fmt.Errorf("%s: %w", c.words.sayf("no-table", args[0], tableNames(d.Catalogue)), errUsage)
	}
	who, err := d.Identity()
	if err != nil {
		return err
	}
	row, cells, err := c.readRow(table, args[1:], &who)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	seq, err := d.Save(func(s *device.Saving) error {
		if row == (schema.RowID{}) {
			if row, err = s.NewID(); err != nil {
				return err
			}
		}
		return s.Put(table.Name, row, cells)
	})
	if err != nil {
		return err
	}
	if c.json {
		return c.print(map[string]any{"id": row, "seq": seq}, "")
	}
	_, err = fmt.Fprintln(c.stdout, row)
	return err
}

func tableNames(c *schema.Catalogue) string {
	tables := c.OnDevices()
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	return strings.Join(names, ", ")
}

// readRow reads the arguments after the table; the zero id stands for a new row.
func (c *deviceCommand) readRow(
	t *schema.Table, args []string, who *device.Identity,
) (row schema.RowID, cells edit.Cells, err error) {
	named := len(args) > 0 && !strings.Contains(args[0], "=")
	if named {
		if row, err = schema.ParseID[schema.RowID](args[0]); err != nil {
			return row, nil, err
		}
		args = args[1:]
	}
	cells = edit.Cells{}
	for _, arg := range args {
		name, text, ok := strings.Cut(arg, "=")
		i := t.ColumnIndex(name)
		if !ok || i < 0 {
			return row, nil, fmt.Errorf("%s", c.words.sayf("no-column", arg, t.Name, columnNames(t)))
		}
		if cells[name], err = c.readValue(&t.Columns[i], text, who); err != nil {
			return row, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(cells) == 0 {
		return row, nil, fmt.Errorf("%s", c.words.say("put-needs"))
	}
	if !named {
		row, _ = device.NaturalID(t.Name, cells)
	}
	return row, cells, nil
}

func columnNames(t *schema.Table) string {
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = t.Columns[i].Name
	}
	return strings.Join(names, ", ")
}

// me stands for the device's inspector where an inspector's id is wanted.
const me = "me"

// readValue reads a value as its column holds it; an empty text is no value.
func (c *deviceCommand) readValue(
	col *schema.Column, text string, who *device.Identity,
) (changeset.Value, error) {
	if text == "" {
		if col.Required {
			return changeset.Value{}, fmt.Errorf("%s", c.words.say("required"))
		}
		return changeset.NullValue(), nil
	}
	switch col.Type {
	case schema.ID:
		if text == me && col.Name == "inspector_id" {
			return edit.ID(who.Inspector), nil
		}
		id, err := schema.ParseID[schema.RowID](text)
		return edit.ID(id), err
	case schema.Integer:
		return c.readInteger(col, text)
	case schema.Bytes:
		b, err := hex.DecodeString(text)
		return edit.Bytes(b), err
	case schema.Text:
	}
	return edit.Text(text), c.checkChoice(col, text)
}

// readInteger reads a number; of a time also RFC 3339.
func (c *deviceCommand) readInteger(col *schema.Column, text string) (changeset.Value, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return edit.Int(n), nil
	}
	if !strings.HasSuffix(col.Name, "_at") {
		return changeset.Value{}, fmt.Errorf("%s", c.words.sayf("want-integer", text))
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return changeset.Value{}, fmt.Errorf("%s", c.words.sayf("want-time", text))
	}
	return edit.Int(at.UnixMilli()), nil
}

// checkChoice refuses a text that is none of the column's choices, and names them.
func (c *deviceCommand) checkChoice(col *schema.Column, text string) error {
	if len(col.Choices) == 0 {
		return nil
	}
	choices := make([]string, len(col.Choices))
	for i, choice := range col.Choices {
		if choice.Code == text {
			return nil
		}
		choices[i] = choice.Code + " " + c.words.of(choice.Label)
	}
	return fmt.Errorf("%s", c.words.sayf("no-choice", text, strings.Join(choices, ", ")))
}

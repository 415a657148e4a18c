package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/intake"
)

// mapField reads FIELD=COLUMN.
func (c *importCommand) mapField(text string) error {
	field, column, found := strings.Cut(text, "=")
	n, err := strconv.Atoi(column)
	if !found || err != nil {
		return errors.New("want FIELD=COLUMN, such as name=3")
	}
	if c.request.Mapping == nil {
		c.request.Mapping = map[string]int{}
	}
	c.request.Mapping[field] = n
	return nil
}

// say prints a line in the person's language.
func (c *importCommand) say(zh, en string, args ...any) {
	fmt.Fprintf(c.stdout, c.words.of(schema.Label{Zh: zh, En: en})+"\n", args...)
}

// print shows a preview.
func (c *importCommand) print(p *intake.ImportPreview) {
	c.say("工作表「%s」，表頭在第 %s 行", "sheet %q, headed by row %s", p.Sheet, numbersOf(p.HeaderRows))
	for _, m := range p.Mapping {
		if m.Column > 0 {
			c.say("  第 %d 列「%s」→ %s（%s）", "  column %d %q → %s (%s)", m.Column, m.Header, c.words.of(m.Label), m.Field)
		}
	}
	for _, h := range p.Unused {
		c.say("  第 %d 列「%s」不導入", "  column %d %q is not imported", h.Column, h.Header)
	}
	c.say("數據 %d 行，跳過 %d 行，空行 %d", "%d rows of data, %d skipped, %d blank", p.Rows, p.Skipped, p.Blank)
	c.say("新增 %d，更新 %d，未變 %d；批次中另有 %d 條不在表內，保持不動",
		"%d new, %d changed, %d unchanged; %d that only the campaign has stay as they are",
		p.Inserts, p.UpdateCount, p.Unchanged, p.Absent)
	for _, u := range p.Updates {
		for _, change := range u.Changes {
			c.say("  第 %d 行 %s：%s「%s」→「%s」", "  row %d %s: %s %q → %q",
				u.Row, u.Key, c.words.of(change.Label), change.Before, change.After)
		}
	}
	c.more(p.UpdateCount - len(p.Updates))
	for _, m := range p.Problems {
		c.say("錯 第 %d 行「%s」列「%s」：%s", "WRONG row %d, %s, %q: %s", m.Row, m.Column, m.Value, c.words.of(m.Say))
	}
	c.more(p.ProblemCount - len(p.Problems))
}

func (c *importCommand) more(n int) {
	if n > 0 {
		c.say("  另有 %d 條", "  and %d more", n)
	}
}

func numbersOf(list []int) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}

// explain words what people can do something about.
func (w words) explain(err error) string {
	code := schema.FaultCode(err)
	for _, f := range schema.Faults() {
		if f.Code == code {
			return w.of(f.Title) + " " + w.of(f.Advice) + " (" + err.Error() + ")"
		}
	}
	return err.Error()
}

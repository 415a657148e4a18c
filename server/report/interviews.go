package report

import (
	"context"

	"sansuiji/schema"
	"sansuiji/server/report/official"
	"sansuiji/server/store"
)

// interviews are the marks that stay readable, by unit and question: nobody who was asked
// is in it, nor figures about so few that they would tell what somebody said.
func (b *book) interviews() listing {
	return listing{
		title: schema.Label{Zh: "訪談評分", En: "Marks of interviews"},
		columns: append(b.unitColumns(),
			b.of("question", "code", text), b.of("question", "text", text).as("題目", "Question"),
			named("訪談人數", "People", count), named("平均分", "Mean", text), named("滿分", "Of", count), rowID()),
		rows: &fixed{read: b.readInterviews},
	}
}

func (b *book) readInterviews(ctx context.Context, v store.View) (rows [][]any, err error) {
	list, err := official.AskedOf(ctx, v)
	if err != nil {
		return nil, err
	}
	for i := range list {
		a := &list[i]
		f := &b.filter
		if f.County != "" && f.County != a.County || f.Category != "" && f.Category != a.Category ||
			f.Unit != "" && f.Unit != a.UnitID || f.Team != "" && f.Team != a.TeamID {
			continue
		}
		people, mean := any(b.say(schema.Label{Zh: "不予列示", En: "not shown"})), any(nil)
		if a.Shown {
			people, mean = int64(a.People), a.Mean
		}
		rows = append(rows, []any{
			a.County, a.Township, a.Unit, a.UnitCode, b.choice(schema.Categories(), a.Category),
			a.Code, a.Text, people, mean, a.Most, a.UnitID + "/" + a.Code,
		})
	}
	return rows, nil
}

package postgres

import (
	"context"
	"errors"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Explained are the plans of statements as a database runs them, by their texts.
// It stands inside the package because the texts do.
func Explained(
	ctx context.Context, url string, statements []*store.Statement,
) (plans map[string]string, err error) {
	s, err := Open(ctx, url, schema.NewCatalogue())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	pooled, c, err := s.take(ctx, s.writers, "BEGIN")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.undo(ctx), pooled.Close()) }()
	plans = map[string]string{}
	for _, statement := range statements {
		text := statementText(statement)
		prepared, err := c.prepare(ctx, text)
		if err != nil {
			return nil, err
		}
		nulls := strings.TrimSuffix(strings.Repeat("NULL, ", len(prepared.description.ParamOIDs)), ", ")
		explain := "EXPLAIN EXECUTE " + prepared.name + " (" + nulls + ")"
		result := c.raw.ExecParams(ctx, explain, nil, nil, nil, nil).Read()
		if result.Err != nil {
			return nil, result.Err
		}
		for _, row := range result.Rows {
			plans[text] += string(row[0]) + "\n"
		}
	}
	return plans, nil
}

func TestAStatementSaysWhatItDoes(t *testing.T) {
	keys := []store.Field{{Name: "id", Type: schema.ID}}
	fields := []store.Field{{Name: "a", Type: schema.Integer}, {Name: "b", Type: schema.Text}}
	const two = "unnest($2::uuid[], $3::bigint[], $4::text[]) AS r(c0, c1, c2)"
	const insert = "INSERT INTO x (campaign_no, id, a, b) SELECT $1::bigint, r.* FROM " + two
	for verb, want := range map[store.Verb]string{
		store.Select: "SELECT t.id, t.a, t.b, r.place FROM (SELECT $1::bigint AS campaign_no, r.* FROM " +
			"unnest($2::uuid[]) WITH ORDINALITY AS r(c0, place) OFFSET 0) AS r JOIN x AS t ON " +
			"t.campaign_no = r.campaign_no AND t.id = r.c0",
		store.Insert: insert,
		store.Add:    insert + " ON CONFLICT DO NOTHING",
		store.Put: insert +
			" ON CONFLICT (campaign_no, id) DO UPDATE SET a = excluded.a, b = excluded.b",
		store.Update: "UPDATE x AS t SET a = r.c1, b = r.c2 FROM (SELECT $1::bigint AS campaign_no, r.* FROM " +
			two + " OFFSET 0) AS r WHERE t.campaign_no = r.campaign_no AND t.id = r.c0",
		store.Delete: "DELETE FROM x AS t USING (SELECT $1::bigint AS campaign_no, r.* FROM " +
			"unnest($2::uuid[]) AS r(c0) OFFSET 0) AS r WHERE t.campaign_no = r.campaign_no AND t.id = r.c0",
	} {
		got := statementText(&store.Statement{Verb: verb, Table: "x", Keys: keys, Fields: fields})
		if got != want {
			t.Errorf("verb %d:\n%s\nwant\n%s", verb, got, want)
		}
	}
}

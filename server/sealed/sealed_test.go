package sealed_test

import (
	"bytes"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/sealed"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/syncengine/edit"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t, TestOpeningTakesTwoPeopleAndIsWrittenDown, TestOnlyWhoAskedReadsAndNotForLong)
}

var (
	wang = sealed.Person{Login: "wang", Name: "王芳"}
	also = sealed.Person{Login: "wang2", Name: "王芳"} // another person of the same name
	li   = sealed.Person{Login: "li", Name: "李強"}
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantFault(t *testing.T, err error, code string) {
	t.Helper()
	if schema.FaultCode(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

// desk is a world with one sealed interview.
func desk(t *testing.T) (*ingesttest.World, *sealed.Service, schema.RowID) {
	t.Helper()
	w, id := ingesttest.New(t), schema.NewRowID()
	p := w.Enrol(0)
	p.Pull()
	p.Save(func(b *edit.Builder) {
		b.Insert("interview", id, edit.Cells{
			"visit_id": edit.ID(w.Visits[0]), "code": edit.Text("K3PQ7Z"), "consent": edit.Text("given"), "consent_at": edit.Int(1),
			"sealed": edit.Bytes([]byte("age…")), "sealed_to": edit.Text("age1x"),
		})
	})
	p.Push()
	return w, &sealed.Service{Ingest: w.Service}, id
}

func TestOpeningTakesTwoPeopleAndIsWrittenDown(t *testing.T) {
	w, s, interview := desk(t)
	id, err := s.Ask(t.Context(), w.Campaign, interview, sealed.Request{Part: "identity", Reason: "核對線索", By: wang})
	must(t, err)
	_, err = s.Content(t.Context(), w.Campaign, id, wang)
	wantFault(t, err, schema.FaultNotAgreed)
	wantFault(t, s.Decide(t.Context(), w.Campaign, id, sealed.Decision{By: wang}), schema.FaultOwnRequest)
	must(t, s.Decide(t.Context(), w.Campaign, id, sealed.Decision{By: also}))
	wantFault(t, s.Decide(t.Context(), w.Campaign, id, sealed.Decision{By: li, Refused: true}), schema.FaultStale)
	w.Now = w.Now.Add(time.Minute)
	for range 2 {
		body, err := s.Content(t.Context(), w.Campaign, id, wang)
		if err != nil || !bytes.Equal(body, []byte("age…")) {
			t.Fatalf("%q, %v", body, err)
		}
	}
	list, err := s.Interviews(t.Context(), w.Campaign)
	must(t, err)
	u := list[0].Unsealings[0]
	if u.AskedBy != "王芳（wang）" || u.DecidedBy != "王芳（wang2）" || u.OpenedAt == nil || *u.OpenedAt != w.Now.UnixMilli() || u.Refused {
		t.Errorf("%+v", u)
	}
	w.Check()
}

func TestOnlyWhoAskedReadsAndNotForLong(t *testing.T) {
	w, s, interview := desk(t)
	ask := func() schema.RowID {
		id, err := s.Ask(t.Context(), w.Campaign, interview, sealed.Request{Part: "talk", Reason: "覆核", By: wang})
		must(t, err)
		return id
	}
	_, err := s.Ask(t.Context(), w.Campaign, interview, sealed.Request{Part: "talk", Reason: " \t", By: wang})
	wantFault(t, err, schema.FaultBadRequest)
	_, err = s.Ask(t.Context(), w.Campaign, schema.NewRowID(), sealed.Request{Part: "talk", Reason: "覆核", By: wang})
	wantFault(t, err, schema.FaultNotFound)
	refused, agreed := ask(), ask()
	must(t, s.Decide(t.Context(), w.Campaign, refused, sealed.Decision{By: li, Refused: true}))
	must(t, s.Decide(t.Context(), w.Campaign, agreed, sealed.Decision{By: li}))
	_, err = s.Content(t.Context(), w.Campaign, refused, wang)
	wantFault(t, err, schema.FaultNotAgreed)
	for _, other := range []sealed.Person{li, also} {
		_, err = s.Content(t.Context(), w.Campaign, agreed, other)
		wantFault(t, err, schema.FaultForbidden)
	}
	w.Now = w.Now.Add(24 * time.Hour)
	_, err = s.Content(t.Context(), w.Campaign, agreed, wang)
	wantFault(t, err, schema.FaultNotAgreed)
	wantFault(t, s.Decide(t.Context(), w.Campaign, schema.NewRowID(), sealed.Decision{By: li}), schema.FaultNotFound)
}

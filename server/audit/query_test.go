package audit_test

import (
	"sansuiji/server/store"
)

// exec changes the saga's database behind the program's back.
func (s *saga) exec(query string) {
	s.w.T.Helper()
	must(s.w.T, s.w.Store.Office(s.w.T.Context(), func(q store.Queryer) error {
		_, err := q.ExecContext(s.w.T.Context(), query)
		return err
	}))
}

// query reads the texts of a query's first column; its argument is the campaign.
func (s *saga) query(query string) (texts []string) {
	s.w.T.Helper()
	must(s.w.T, s.w.Store.Read(s.w.T.Context(), s.w.Campaign, func(v store.View) error {
		var err error
		texts, err = store.List(s.w.T.Context(), v, func(row store.Scanner) (text string, err error) {
			return text, row.Scan(&text)
		}, query, v.CampaignNo)
		return err
	}))
	return texts
}

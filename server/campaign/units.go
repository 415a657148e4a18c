package campaign

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// FoundUnit is a unit that somebody looks for.
type FoundUnit struct {
	ID       string `json:"id" format:"uuid"`
	Code     string `json:"code"`
	Name     string `json:"name"`
	Category string `json:"category"`
	County   string `json:"county"`
}

// foundMax is how many units are found at once: whoever sees more says more.
const foundMax = 20

// FindUnits finds units whose code, name or county has some words, as they stand.
func (s *Service) FindUnits(ctx context.Context, campaign schema.CampaignID, words string) (list []FoundUnit, err error) {
	if !utf8.ValidString(words) || strings.ContainsRune(words, 0) {
		return nil, schema.NewFault(schema.FaultValue, "q")
	}
	conditions, args := []string{"campaign_no = $1"}, []any{nil} // the number comes with the view
	placeholder := func(arg any) string {
		args = append(args, arg)
		return "$" + strconv.Itoa(len(args))
	}
	for word := range strings.FieldsSeq(words) {
		conditions = append(conditions, store.Contains(word, placeholder, "code", "name", "county"))
	}
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		args[0] = v.CampaignNo
		list, err = store.List(ctx, v, func(row store.Scanner) (u FoundUnit, err error) {
			var id []byte
			err = row.Scan(&id, &u.Code, &u.Name, &u.Category, &u.County)
			if err == nil {
				u.ID = uuid.UUID(id).String()
			}
			return u, err
		}, `SELECT id, code, name, category, coalesce(county, '') FROM unit WHERE `+strings.Join(conditions, " AND ")+
			fmt.Sprintf(" ORDER BY code LIMIT %d", foundMax), args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find units: %w", err)
	}
	return list, nil
}

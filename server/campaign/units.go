package campaign

import (
	"context"
	"fmt"
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
	conditions, args := []string{"campaign_no = $1"}, []any{}
	for _, word := range strings.Fields(words) {
		args = append(args, word)
		conditions = append(conditions, "("+like(len(args)+1)+")")
	}
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = store.List(ctx, v, func(row store.Scanner) (u FoundUnit, err error) {
			var id []byte
			err = row.Scan(&id, &u.Code, &u.Name, &u.Category, &u.County)
			if err == nil {
				u.ID = uuid.UUID(id).String()
			}
			return u, err
		}, `SELECT id, code, name, category, coalesce(county, '') FROM unit WHERE `+strings.Join(conditions, " AND ")+
			fmt.Sprintf(" ORDER BY code LIMIT %d", foundMax), append([]any{v.CampaignNo}, args...)...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find units: %w", err)
	}
	return list, nil
}

// like wants a word in one of a unit's columns. No character of it has a meaning of its own.
func like(argument int) string {
	const one = "replace(%[2]s, $%[1]d, '') <> %[2]s"
	return fmt.Sprintf(one, argument, "code") + " OR " + fmt.Sprintf(one, argument, "name") + " OR " +
		fmt.Sprintf(one, argument, "coalesce(county, '')")
}

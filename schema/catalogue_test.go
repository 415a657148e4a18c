package schema

import (
	"fmt"
	"testing"
)

func TestATableWithMoreColumnsThanStoresTellApartIsRefused(t *testing.T) {
	wide := &Table{Name: "wide", Scope: ScopeRule{Kind: ByCampaign}}
	for i := range columnsMax + 1 {
		wide.Columns = append(wide.Columns, Column{Name: fmt.Sprint("c", i), Type: Text, Rule: Latest})
	}
	c := &Catalogue{Tables: []*Table{wide}, byName: map[string]*Table{"wide": wide}}
	if err := c.check(); err == nil {
		t.Error("65 columns were accepted")
	}
	wide.Columns = wide.Columns[:columnsMax]
	if err := c.check(); err != nil {
		t.Errorf("64 columns: %v", err)
	}
}

package report

import (
	"context"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/report/official"
	"sansuiji/server/store"
)

// Kinds of workbooks.
const (
	Findings    = "findings"    // 發現和查驗, as the console lists them
	Problems    = "problems"    // 問題清單
	Ledger      = "ledger"      // 整改臺賬
	Visits      = "visits"      // 實地核查
	Interviews  = "interviews"  // 訪談評分, nobody by name
	Commitments = "commitments" // 書記項目清單
)

// books are the kinds of workbooks, in the order people look for them.
func books() []schema.Choice {
	return []schema.Choice{
		{Code: Findings, Label: schema.Label{Zh: "核查情況", En: "Findings and verifications"}},
		{Code: Problems, Label: schema.Label{Zh: "問題清單", En: "Problem list"}},
		{Code: Ledger, Label: schema.Label{Zh: "整改臺賬", En: "Ledger"}},
		{Code: Visits, Label: schema.Label{Zh: "實地核查", En: "Visits"}},
		{Code: Interviews, Label: schema.Label{Zh: "訪談評分", En: "Marks of interviews"}},
		{Code: Commitments, Label: schema.Label{Zh: "書記項目清單", En: "Commitments"}},
	}
}

// Kinds are all kinds of files, documents first.
func Kinds() []schema.Choice { return slices.Concat(official.Kinds(), books()) }

func isKind(list []schema.Choice, kind string) bool {
	return slices.ContainsFunc(list, func(c schema.Choice) bool { return c.Code == kind })
}

// listings are the lists of a workbook, in the order of their sheets.
func (b *book) listings(ctx context.Context, v store.View) ([]listing, error) {
	switch b.order.Kind {
	case Problems:
		return []listing{b.newProblems(), b.listedProblems()}, nil
	case Ledger:
		return []listing{b.ledger(), b.ledgerSteps(), b.ledgerActs()}, nil
	case Visits:
		return []listing{b.visits()}, nil
	case Interviews:
		return []listing{b.interviews()}, nil
	case Commitments:
		return []listing{b.commitments()}, nil
	case official.Ranking:
		return b.scores(ctx, v)
	}
	return []listing{b.findings(), b.verifications()}, nil
}

package report_test

import (
	"testing"

	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t, map[string]func(*testing.T){
		"a workbook says what the campaign holds":                   TestAWorkbookSaysWhatTheCampaignHolds,
		"text comes back as it was written":                         TestTextComesBackAsItWasWritten,
		"a text that looks like a formula stays text when edited":   TestATextThatLooksLikeAFormulaStaysTextWhenEdited,
		"characters that xml forbids become replacement characters": TestCharactersThatXMLForbidsBecomeReplacementCharacters,
		"nothing of a text too long for a cell is lost":             TestNothingOfATextTooLongForACellIsLost,
		"moments are dates where excel knows the year":              TestMomentsAreDatesWhereExcelKnowsTheYear,
		"every list has a frozen header and a filter":               TestEveryListHasAFrozenHeaderAndAFilter,
		"an empty campaign has a workbook too":                      TestAnEmptyCampaignHasAWorkbookToo,
		"a report that cannot be made writes nothing":               TestAReportThatCannotBeMadeWritesNothing,
	})
}

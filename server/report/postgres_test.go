package report_test

import (
	"testing"

	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t,
		TestAWorkbookSaysWhatTheCampaignHolds,
		TestTextComesBackAsItWasWritten,
		TestATextThatLooksLikeAFormulaStaysTextWhenEdited,
		TestCharactersThatXMLForbidsBecomeReplacementCharacters,
		TestNothingOfATextTooLongForACellIsLost,
		TestMomentsAreDatesWhereExcelKnowsTheYear,
		TestEveryListHasAFrozenHeaderAndAFilter,
		TestAnEmptyCampaignHasAWorkbookToo,
		TestAReportThatCannotBeMadeWritesNothing,
		TestEveryKindIsPrintedInEveryFormatAndLanguage,
		TestNothingSealedAndNobodyWhoWasAskedIsInADocument,
		TestTheSameStateGivesTheSameBytes,
		TestAJobMakesTheFileThatTheCommandLineMakes,
		TestAJobIsCancelledResumedOrFails,
		TestTheProgramsOwnTemplatesAreFilled,
		TestVersionsAreKeptUsedAndWithdrawn,
		TestATemplateWithMistakesIsNotKept,
		TestEveryWorkbookIsTheSameFromTheSameStateAndHasItsCheckpoint,
		TestPhotosAreInTheirRowsAndMissingOnesAreNamed,
		TestNobodyWhoWasAskedIsInAWorkbook,
		TestAListGoesOnInFurtherSheets,
		TestAWorkbookTellsProgressAndCanBeCancelled,
		TestARankingShowsHowEachScoreCameAbout,
		TestEvidenceOfTheLedgerIsInDocuments,
		TestOldFilesAreLetGoAndCanBeMadeAgain,
	)
}

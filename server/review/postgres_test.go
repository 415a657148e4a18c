package review_test

import (
	"testing"

	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t,
		TestAConflictShowsBothSidesAndWhatStands,
		TestAReviewerKeepsOneSideOrTheOtherOrNeither,
		TestAConflictAboutAnyTypeOfColumnIsSettledWithAValueThatItShows,
		TestAResolutionThatWasNotThoughtThroughIsRefused,
		TestADeviceThatHasSeenAllClosesAConflictToo,
		TestTheListOfFindingsIsNarrowedByEachFilter,
		TestAFindingTellsWhoWroteWhatAndWhen,
		TestADecisionReachesThePhoneThatRecordedTheFinding,
		TestADecisionThatWasNotThoughtThroughIsRefused,
		TestSearchFindsTextAsItStands,
		TestWhatWasNotMergedIsShownWithItsReasonAndContent,
		TestAnEntryOfAnyShapeCanBeLookedAt,
		TestAnOverviewCountsHowFarACampaignIs,
		TestAVisitShowsWhatItsTeamRecorded,
		TestASearchFindsWordsOfAllThatBelongsToAFinding,
		TestASearchFollowsWhatChanges,
		TestAHistoryIsWholeWhereTheIndexIsBehind,
		TestManyAreDecidedInOneEntryAndWhatChangedIsLeftOut,
		TestWhatATeamCorrectsComesBackWithWhatItChanged,
		TestARemarkOfHeadquartersReachesTheTeamAndIsTakenBack,
		TestFindingsAreGatheredToAConclusionAndSetFree,
		TestADecisionAboutAConflictIsTakenBackAndMadeAnew,
		TestOfManyConflictsOfAColumnTheLatestIsKept,
		TestAnEntryIsReleasedAfterWhatWasInItsWayIsMended,
		TestTheDashboardTellsWhereTeamsAreAndWhoIsSilent,
		TestAFindingCountsOnTheDayOfItsVisitWheneverItArrives,
		TestAVisitThatNobodySaidTheArrivalOfBeganWithItsFirstFinding,
		TestWhoWatchesIsToldWhenTheCampaignMoves,
		TestASelectionIsItsOwnersAlone,
	)
}

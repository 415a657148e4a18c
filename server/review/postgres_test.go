package review_test

import (
	"testing"

	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t, map[string]func(*testing.T){
		"a conflict shows both sides and what stands":                               TestAConflictShowsBothSidesAndWhatStands,
		"a reviewer keeps one side or the other or neither":                         TestAReviewerKeepsOneSideOrTheOtherOrNeither,
		"a conflict about any type of column is settled with a value that it shows": TestAConflictAboutAnyTypeOfColumnIsSettledWithAValueThatItShows,
		"a resolution that was not thought through is refused":                      TestAResolutionThatWasNotThoughtThroughIsRefused,
		"a device that has seen all closes a conflict too":                          TestADeviceThatHasSeenAllClosesAConflictToo,
		"the list of findings is narrowed by each filter":                           TestTheListOfFindingsIsNarrowedByEachFilter,
		"a finding tells who wrote what and when":                                   TestAFindingTellsWhoWroteWhatAndWhen,
		"a decision reaches the phone that recorded the finding":                    TestADecisionReachesThePhoneThatRecordedTheFinding,
		"a decision that was not thought through is refused":                        TestADecisionThatWasNotThoughtThroughIsRefused,
		"search finds text as it stands":                                            TestSearchFindsTextAsItStands,
		"what was not merged is shown with its reason and content":                  TestWhatWasNotMergedIsShownWithItsReasonAndContent,
		"an entry of any shape can be looked at":                                    TestAnEntryOfAnyShapeCanBeLookedAt,
		"an overview counts how far a campaign is":                                  TestAnOverviewCountsHowFarACampaignIs,
	})
}

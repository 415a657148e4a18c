package ingest_test

import (
	"testing"

	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t,
		TestAFindingReachesHeadquartersAndTheOtherPhone,
		TestTwoPhonesThatDisagreeUnseenOpenAConflictThatHeadquartersCloses,
		TestWhoHasSeenTheOtherValueMayChangeItWithoutAConflict,
		TestSeeingAValueCountsNotHavingTheSameBase,
		TestEachRuleDecidesBetweenUnseenWrites,
		TestTwoPeopleWhoFillInTheSameVerificationMeetInOneRow,
		TestAnUpdateOfARowThatHasNotArrivedIsHeldUntilItDoes,
		TestWhatCannotBeMergedIsQuarantinedWholeAndItsNeighboursAreNot,
		TestOnlyTheAuthorChangesAComment,
		TestChainsAreKeptWhole,
		TestADatabaseThatDoesNotAnswerIsNoRefusal,
		TestARowThatChangesTeamsLeavesTheOldOneWithItsChildren,
		TestPagesOfAPullAddUpToTheWhole,
		TestACursorOfAnotherLifeIsRefused,
		TestAHeldEntryDoesNotUndoItsDevicesLaterWrites,
		TestAScopeThatIsNotTheDevicesIsRefused,
		TestTheOrderInWhichPhonesArriveDoesNotMatter,
		TestAnEntryThatIsSentAgainIsToldHowManyOfItsConflictsAreOpen,
		TestWhoWroteFirstHearsOfAConflictByTheNextPull,
	)
}

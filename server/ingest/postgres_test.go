package ingest_test

import (
	"testing"

	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t, map[string]func(*testing.T){
		"a finding reaches headquarters and the other phone":                       TestAFindingReachesHeadquartersAndTheOtherPhone,
		"two phones that disagree unseen open a conflict that headquarters closes": TestTwoPhonesThatDisagreeUnseenOpenAConflictThatHeadquartersCloses,
		"who has seen the other value may change it without a conflict":            TestWhoHasSeenTheOtherValueMayChangeItWithoutAConflict,
		"seeing a value counts not having the same base":                           TestSeeingAValueCountsNotHavingTheSameBase,
		"each rule decides between unseen writes":                                  TestEachRuleDecidesBetweenUnseenWrites,
		"two people who fill in the same verification meet in one row":             TestTwoPeopleWhoFillInTheSameVerificationMeetInOneRow,
		"an update of a row that has not arrived is held until it does":            TestAnUpdateOfARowThatHasNotArrivedIsHeldUntilItDoes,
		"what cannot be merged is quarantined whole and its neighbours are not":    TestWhatCannotBeMergedIsQuarantinedWholeAndItsNeighboursAreNot,
		"only the author changes a comment":                                        TestOnlyTheAuthorChangesAComment,
		"chains are kept whole":                                                    TestChainsAreKeptWhole,
		"a database that does not answer is no refusal":                            TestADatabaseThatDoesNotAnswerIsNoRefusal,
		"a row that changes teams leaves the old one with its children":            TestARowThatChangesTeamsLeavesTheOldOneWithItsChildren,
		"pages of a pull add up to the whole":                                      TestPagesOfAPullAddUpToTheWhole,
		"a cursor of another life is refused":                                      TestACursorOfAnotherLifeIsRefused,
		"a held entry does not undo its devices later writes":                      TestAHeldEntryDoesNotUndoItsDevicesLaterWrites,
		"a scope that is not the devices is refused":                               TestAScopeThatIsNotTheDevicesIsRefused,
		"the order in which phones arrive does not matter":                         TestTheOrderInWhichPhonesArriveDoesNotMatter,
	})
}

package evidence_test

import (
	"testing"

	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t,
		TestAFileAsHeadquartersPackedItHolds,
		TestTheSameStateGivesTheSameFile,
		TestWhatNoReportShowsIsNowhere,
		TestRowsThatPeopleDisagreeAboutAreProvedToo,
		TestACampaignWithoutAHistoryHasNoEvidence,
	)
}

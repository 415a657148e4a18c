package audit_test

import (
	"testing"

	"sansuiji/server/store/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

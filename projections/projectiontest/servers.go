package projectiontest

import (
	"os"
	"strings"
	"testing"
)

const (
	// EnvPostgres and EnvMySQL name the variables with the data source names of
	// servers on which tests may make databases of their own.
	EnvPostgres = "TTPSTREAM_POSTGRES"
	EnvMySQL    = "TTPSTREAM_MYSQL"
	// EnvRequire names the variable with the services whose absence is a
	// failure, separated by commas: postgres, mysql.
	EnvRequire = "TTPSTREAM_REQUIRE"
)

// Postgres returns the data source name of a PostgreSQL server. Without one the
// test is skipped, or fails when TTPSTREAM_REQUIRE asks for it.
func Postgres(tb testing.TB) (dsn string) {
	tb.Helper()
	return server(tb, "postgres", "PostgreSQL", EnvPostgres)
}

// MySQL returns that of a MySQL or MariaDB server.
func MySQL(tb testing.TB) (dsn string) {
	tb.Helper()
	return server(tb, "mysql", "MySQL or MariaDB", EnvMySQL)
}

func server(tb testing.TB, service, what, env string) string {
	tb.Helper()
	if dsn := os.Getenv(env); dsn != "" {
		return dsn
	}
	why := "no " + what + ": " + env + " is not set (projections/projectiontest/databases.sh start)"
	for required := range strings.SplitSeq(os.Getenv(EnvRequire), ",") {
		if strings.TrimSpace(required) == service {
			tb.Fatalf("%s is required (%s=%s) and missing: %s", service, EnvRequire, os.Getenv(EnvRequire), why)
		}
	}
	tb.Skipf("SKIPPED %s: %s", tb.Name(), why)
	return ""
}

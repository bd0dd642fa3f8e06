package projectiontest

import (
	"context"
	"database/sql/driver"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections"
)

// Open opens a database: the same at every call, as several programs do and as
// one does that is started again. wrap, if not nil, is to be put around the
// driver's connector. The caller closes the store.
type Open func(tb testing.TB, wrap func(driver.Connector) driver.Connector) projections.Store

// New makes an empty database that nobody else uses.
type New func(tb testing.TB) Open

// patience bounds everything that a test waits for.
const patience = 2 * time.Minute

// Run runs the suite as subtests.
func Run(t *testing.T, fresh New) {
	for _, c := range []struct {
		name string
		test func(*testing.T, New)
	}{
		{"EmptyStore", testEmptyStore},
		{"Tag", testTag},
		{"Evidence", testEvidence},
		{"Copies", testCopies},
		{"Floor", testFloor},
		{"Supersession", testSupersession},
		{"Retraction", testRetraction},
		{"RetractionBounds", testRetractionBounds},
		{"LargeRetraction", testLargeRetraction},
		{"Purge", testPurge},
		{"Positions", testPositions},
		{"Zombie", testZombie},
		{"WrittenOnce", testWrittenOnce},
		{"Rules", testRules},
		{"RuleStates", testRuleStates},
		{"Rollups", testRollups},
		{"Links", testLinks},
		{"IdentityAlone", testIdentityAlone},
		{"TacticsAndSensors", testTacticsAndSensors},
		{"Pages", testPages},
		{"BadQuestions", testBadQuestions},
		{"CrashAnywhere", testCrashAnywhere},
		{"LostAnswers", testLostAnswers},
		{"AnyOrder", testAnyOrder},
		{"ModelAgrees", testModelAgrees},
		{"ConcurrentOwners", testConcurrentOwners},
		{"RivalOwners", testRivalOwners},
		{"ReadersDoNotWait", testReadersDoNotWait},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, fresh)
		})
	}
}

// open opens a new database for a test that opens it once.
func open(tb testing.TB, fresh New) projections.Store {
	tb.Helper()
	return opened(tb, fresh(tb))
}

// opened opens a database and closes it when the test ends.
func opened(tb testing.TB, open Open) projections.Store {
	tb.Helper()
	store := open(tb, nil)
	tb.Cleanup(func() {
		if err := store.Close(); err != nil {
			tb.Errorf("closing: %v", err)
		}
	})
	return store
}

func bounded(tb testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	tb.Cleanup(cancel)
	return ctx
}

func must[T any](tb testing.TB) func(value T, err error) T {
	return func(value T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return value
	}
}

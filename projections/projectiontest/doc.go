// Package projectiontest is the conformance suite of ledgers: every dialect of
// every store passes it before it is one.
//
//	func TestSQLite(t *testing.T) {
//		projectiontest.Run(t, func(tb testing.TB) projectiontest.Open {
//			dsn := "sqlite:" + filepath.Join(tb.TempDir(), "ledger.db")
//			return func(tb testing.TB, wrap func(driver.Connector) driver.Connector) projections.Store {
//				…
//			}
//		})
//	}
//
// It checks a store in three ways. Cases say what is expected of a few records.
// Properties draw logs at random (tags of several versions, copies, conflicts,
// retractions of every kind), cut them into batches at random, deliver them in
// any order, break the connection between any two statements, and compare with
// a [Model], which is as slow and plain as can be, and with a recount. Races let
// several owners work at the same time, and one that is no longer owner.
//
// The records are real ones: bytes of ttp.tagged and ttp.rule.history that go
// through [projections.DecodeEntry].
package projectiontest

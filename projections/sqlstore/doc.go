// Package sqlstore keeps ledgers (see package projections) in SQL databases.
//
//	store, err := sqlstore.Open(ctx, "sqlite:/var/lib/ttpstream/ledger.db", sqlstore.Options{})
//
// # One store, several dialects
//
// All logic is common. What databases disagree about is the dialect interface,
// one file each: how to connect, begin, lock a row and add to one, how to pass
// a uuid, which errors pass by themselves. Migrations are numbered alike and
// written once per dialect, in migrations/DIALECT. package projectiontest holds
// every dialect to the same behaviour; its databases.sh starts the servers.
//
// SQLite is one file and one writer. PostgreSQL and MySQL or MariaDB let owners
// of different partitions write at the same time, at READ COMMITTED. Where a
// database has its own opinion on equal texts or on the spelling of JSON, it is
// not asked: keys are compared byte by byte, evidence is returned as it came.
//
// # A transaction
//
// Write takes the rows of projection_offset of its sources first, in order,
// and compares epoch and offset: from there on nobody else writes these
// partitions. Then tags, then rollups in the order of their keys, then the
// offsets. Rows of ttp_tag belong to one partition and so to one owner; rows of
// rollups are shared by all, and taking them in one order keeps transactions
// from waiting for each other in a circle.
//
// A rollup's row is by how often, first and last: it is added to, so that
// transactions commute. Where a tag is taken out that was the first or the
// last, the bound is looked up by an index of ttp_tag that begins with the key
// of the row, after the row is locked.
//
// Identities and campaigns have no rows of their own but for tags without an
// attacker: a question sums up over the links of attackers, so no link can be
// late for a sum.
//
// # What an attacker could do to it
//
// Nothing that was read is ever part of a statement. Ids that no index takes
// are stored as their hash. All answers are bounded.
package sqlstore

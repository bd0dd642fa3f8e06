// Package projections holds what is made of ttp.tagged. Here is the smallest
// of its ledgers, the [Picture]: the one that `scan` prints when it has read
// its input to the end.
//
// The topic holds tags one by one; a person wants to know which techniques
// were seen, how sure that is, who did it and what they typed. A Picture is
// the fold that answers this: a pure function of a set of tags, with no clock,
// no store and no client.
//
//	picture := projections.NewPicture()
//	for tag := range tags {
//		picture.Add(tag)
//	}
//	report := picture.Report(catalogue, intake, projections.ReportOptions{})
//	err := projections.RenderText(os.Stdout, report, projections.TextOptions{Width: 120})
//
// Three things are promised.
//
// The order of arrival does not matter. Partitions are read in parallel, so
// order differs from run to run; the report must not. Everything that is
// counted is a sum, a minimum, a maximum or a set, every ranking ends in a
// comparison of content, and Pictures of parts of a topic can be merged.
//
// Memory is bounded, because the attacker decides how many addresses, sessions
// and distinct commands there are. Distinct counts are exact up to a bound and
// then say "at least" ([Count]). Lists that could grow without end (attackers,
// matched tokens, techniques) keep the entries that come first in an order of
// their content, with complete counts: which ones they are still does not
// depend on arrival, and that some are missing is said.
//
// What the attacker wrote stays data. Tokens, addresses and file names go
// through the package printable on their way to a terminal or to JSON.
//
// Two matters are left to the caller. A tag counts as often as it is added:
// who reads a topic that may hold identical copies of one uuid (after a crash)
// drops them first. And versions of one rule do not supersede each other here:
// the caller adds the tags of the rule set that it means.
package projections

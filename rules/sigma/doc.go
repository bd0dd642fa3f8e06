// Package sigma reads Sigma, version 2.1 of the specification, as it is: rules,
// correlations, filters, and texts of several documents with actions. What it
// returns is data; package rules makes rules of it that differ in nothing from
// native ones, and package detection compiles the detections of both.
//
// A construct that cannot be honoured is refused by name, with its place,
// never ignored. What tools of Sigma accept although the specification
// discourages it is accepted too, with a warning: rules of others should run
// as they are. Keys that the specification does not have are an author's own.
//
// # What becomes of a rule
//
//   - Its techniques are its tags attack.tNNNN. An id that the configured
//     ATT&CK release has retired becomes its successor, and a warning says so;
//     one without successor, or unknown, is a warning and no technique. A rule
//     without any loads, matches, and publishes no tag.
//   - The tactic is the first of the rule's tactic tags that holds the
//     technique in the release, else the catalogue's first. defense-evasion,
//     which ATT&CK v19 split, stands for both of its halves.
//   - Confidence comes from level and status ([Confidence]).
//   - Its version is rule_version, which is ours, else modified or date as
//     YYYYMMDD, else 1. Two edits on one day need a rule_version.
//   - Without an id it is called after its title, and a warning says so.
//
// # Which events it judges
//
// Routing by log source is correctness, not speed: a rule about what must not
// be there matches every event that has no such field. A rule judges events of
// its own log source only ([Views]): JSON events that are said to be of it,
// with their fields as they are, and facts to which a [Pipeline] maps the names
// of Sigma's taxonomy:
//
//	linux/process_creation, process_creation, linux/auditd, linux → commands
//	webserver, proxy, apache, nginx                               → HTTP requests
//
// Log lines of OpenCanary (application/opencanary) have the names that its
// rules use, as have most generic JSON sources: they are judged as they are.
//
// testdata/pipelines.golden is the table of all fields. A field that is not in
// it is one that the sensor cannot know: it stays absent, so that null and
// exists: false hold of it and nothing else does.
//
// # Filters
//
// A filter is published like a rule, under its own id, and applies to the
// rules of the set that it names by id or by name, or to any, provided that
// its log source covers theirs. Events must then meet the filter's condition
// too: to leave events out it says `not selection`, as the tools of Sigma read
// it, and a filter that negates nothing gets a warning. It comes and goes
// without new versions of the rules, as value lists do. One that cannot be used
// is left out; the rules go on without it.
//
// # Correlations
//
// A correlation refers to rules and to other correlations by id or name: first
// in its own text, then in the whole set. Rules in its own text that it refers
// to say nothing for themselves unless it has `generate: true`; rules that are
// published by themselves go on speaking. What it asks for is a
// [window.Spec], which package window evaluates. Of a correlation that feeds
// another only the values it groups by are known, so the other groups by
// those.
package sigma

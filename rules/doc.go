// Package rules is the judge: rule texts in, findings out. It is pure: no
// Kafka, no SQL, no clock of its own.
//
// The way of a rule, which is also the reading order of the package:
//
//	Parse      a published text → Unit (rules, value lists), or every problem in it
//	LoadFS     the same for a directory
//	NewSet     units and states → Set: immutable, named by its revision
//	Holder     the set in force, swapped in one step
//	Set.Judge  an event → findings, each with its confidence and its reasons
//
// Everything that can be wrong with a rule is found by Parse, or by NewSet if
// it depends on a value list that is published by itself. A rule that cannot
// be used is left out of the set and named; the others go on. Judging cannot
// fail; a panic in one rule, which is a bug, costs that rule's finding and is
// reported (Scratch.Failures).
//
// # The native format
//
//	rule_id: R0015                  # [A-Za-z0-9][A-Za-z0-9._-]*, at most 128
//	rule_version: 1                 # whole, from 1, up with every change
//	name: suid_search
//	description: …
//	attack_release: enterprise-v19.1
//	applies_to: [{source_kind: command}]
//	match: {…}                      # see package detection
//	emits:
//	  - {tactic: TA0007, technique_id: T1083, confidence: 0.85}
//	  - {tactic: TA0004, technique_id: T1548, sub_technique_id: T1548.001, confidence: 0.95}
//	evidence_fields: [matched_tokens]
//	tests:
//	  - {given: {command: "find / -perm -u=s"}, tags: [T1083, T1548.001]}
//	  - {given: {command: "find . -name x"}, tags: []}
//
// `pattern: RE` in place of match is short for `match: {pattern: RE}`: RE2
// expressions on the raw text of the event, which is the field `command` of
// source kind command; kinds without a raw text refuse it. Inside match,
// pattern is a selection like any other.
//
// Optional: level, status, author, license, date, modified, references,
// falsepositives, tags; confidence_reason in an emit; name and source_kind in a
// test.
//
// A value list is a document of its own, published under list/NAME:
//
//	list: shells
//	list_version: 1                 # 1 if left out
//	values: [sh, bash, dash]
//
// and used as `cmd.name|expand: '%shells%'`. Changing a list changes the rules
// that use it, without a new version of theirs.
//
// # Sigma
//
// A document with a detection is a Sigma rule, one with a correlation or a
// filter is that; package sigma says how they are read. They stand beside
// native rules in one set and are judged by one engine: a Sigma rule has a view
// of each sort of events it is for, with the names of its fields translated, and
// holds when it holds in one. Filters are added to the rules they are about
// when the set is made. Correlations resolve what they refer to at the same
// time; Set.Correlate says what an event means for them, package window keeps
// the count, Set.Chain and Set.Fire say what a window means.
package rules

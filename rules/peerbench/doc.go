// Command peerbench measures the rule engine beside others on one machine, in
// one run, on the same events and the same rules, and checks that they agree.
// It is a module of its own, so that peers stay out of the project's go.mod.
//
//	go run . -sigma RULES.tar.gz -commands COMMANDS.txt -rsigma PATH
//
// It prints two tables in Markdown.
//
// # All Sigma rules, JSON in, matches out
//
// Programs are run as people run them: a file of JSON events in, matches as
// JSON lines out, on one core. What is reported is the processor time of a run
// with events less that of a run without any, so that neither reading the rules
// nor a busy machine counts; reading the rules is a figure of its own, and so
// is the most memory held. The library sigma-go is called in process, rule by
// rule, on a part of the events: it takes about ten milliseconds for each.
// Rules are those that ttpstream loads; what it refuses by name (value lists
// that are not published) is left out for everyone. Events are process
// creations made of real shell commands. "routed" says that rules for other
// log sources are left aside.
//
// # Regular expressions on shell commands
//
// n rules of one expression each, made of words of the commands: package regexp
// one after the other against the index.
//
// # Agreement
//
// Before anything is timed, each peer's matches are compared with ours, event
// by event and rule by rule. A difference is printed, and fails the run unless
// the rule is one that the peer cannot express (sigma-go: modifiers it lacks).
package main

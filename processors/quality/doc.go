// Package quality measures a rule pack: what it finds of what attackers do,
// and what it says about what everybody does. It is pure: cases in, figures
// out. The files and the rules come from the caller.
//
// # Cases
//
// A [Case] is one labelled thing: a test of an attack technique, a harmless
// command, a message. It holds one or more events and the techniques that a
// judge ought to name; none for a harmless one. A [Set] holds the cases of one
// kind and source. So a new kind of evidence needs a reader and nothing else.
//
// # Figures
//
// For labelled cases, at a confidence: exact recall, the share of cases of
// which some tag names a wanted technique as labelled (T1059.004); parent
// recall, the same without the sub-technique (T1059); precision in pairs, of
// all distinct (case, technique named) the share that is right. A label is
// one of several truths about a command (a reverse shell is also a connection),
// so precision is a lower bound, and recall is what to read.
//
// For harmless cases: the share with any tag, and tags per 1,000 cases.
// Both always at 0.3, where tags begin to be written, and at 0.6, where they
// begin to claim something by themselves.
//
// # Held out
//
// A pack that is tuned on a sample scores well on it and nowhere else. Every
// set is divided by a hash of the case's name: a third is held out, its figures
// are shown beside those of the rest, and its misses are not listed, so that
// nobody reads them while writing rules.
package quality

// Package detection compiles what a rule looks for, in the language of Sigma's
// detections, to a [match.Expr].
//
// A detection is a map of named selections and a condition over their names:
//
//	selection:
//	  cmd.name: [curl, wget]           # one of the values
//	  cmd.args|contains|all: [-O, /tmp] # each of the values
//	filter:
//	  - cmd.args: --help               # one of the maps
//	  - cmd.operands|cidr: 10.0.0.0/8
//	condition: selection and not filter
//
// Entries of a map must all hold, values of an entry and maps of a list are
// alternatives. A list of plain texts, keywords, is searched in the whole raw
// text. Without regard to case, with the wildcards * and ?, unless modifiers
// say otherwise. null is a field without a value or not there; ” an empty
// value. Several conditions in a list are alternatives; the condition may be
// left out when there is one selection.
//
// Modifiers: contains, startswith, endswith, all, cased, re (with i, m, s),
// exists, lt, lte, gt, gte, cidr, neq, expand. What Sigma has beyond these is
// refused by name, never ignored.
//
// # Value lists
//
// With expand, %name% in a value stands for each value of the list of that
// name. A list is published by itself and changes by itself, so a detection
// that uses one is checked when it is parsed and compiled when the lists are
// known, again for every new version of a list.
package detection

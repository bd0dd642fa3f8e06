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
// say otherwise. null is a field without a value or not there; an empty text an
// empty value. Several conditions in a list are alternatives; the condition may be
// left out when there is one selection.
//
// # Modifiers
//
//	contains startswith endswith    part of the value; also behind re and fieldref
//	all neq cased                   each of the values; none of them; with regard to case
//	exists                          true or false: whether the field is there at all
//	re (i m s)                      an RE2 expression, found anywhere in the value
//	windash                         dashes of options in all the forms that Windows takes
//	wide utf16le utf16be utf16      the value in UTF-16, the last with a byte order mark
//	base64 base64offset             the value in Base64, or what is the same of it at each place
//	lt lte gt gte                   numbers
//	minute hour day week month year a part of a date, alone or before a comparison
//	cidr                            a network, IPv4 or IPv6
//	fieldref                        the value of another field
//	expand                          %name% in a value is each value of a list
//
// They are chained in any order that means something; what another order would
// mean is refused by name, never guessed. Sigma's own expressions with
// lookaround or backreferences are refused: RE2 runs in linear time and has
// neither.
//
// # Views
//
// A detection speaks in the names of its author. A [View] says what those are
// in the events at hand: other fields, several, a program as it was called in
// place of its image's path, a value known beforehand, or nothing at all. What
// is known beforehand is decided when the detection is compiled, so that a view
// in which it can never hold costs nothing.
//
// # Value lists
//
// With expand, %name% in a value stands for each value of the list of that
// name. A list is published by itself and changes by itself, so a detection
// that uses one is checked when it is parsed and compiled when the lists are
// known, again for every new version of a list.
package detection

// Package screen matches many regular expressions against a text at little
// more than the price of reading it once.
//
// Most expressions cannot match without one of a few words: `\b(verify|confirm)
// your (account|password)` needs verify or confirm. Those words are found by
// taking the expression apart; one automaton looks for all words of all
// expressions in one pass; an expression is run only where one of its words
// stands, over the neighbourhood of that place. An expression of which no words
// can be told is run over the whole text.
//
// # What is promised
//
// An expression that is said to match does. One that matches within [Reach]
// bytes of its words is found; a match that is longer than that may not be. An
// expression with ^ or $ is run over the whole text when one of its words is
// there. Texts are expected in lower case where the expressions are. Time is
// linear in the text, whatever it is: expressions are RE2's.
package screen

// Package printable makes text that an attacker wrote safe to put before a
// person: on a terminal, in a log, in a file that somebody will print.
//
// A honeypot's findings quote commands, URLs and client names, so the attacker
// writes on our terminal. An escape sequence could retitle the window, move
// the cursor over what stands above or colour a finding away; a bidirectional
// override could show a command reversed; stacked combining marks could paint
// over the lines around them; a newline could forge a row of a table. [Text]
// turns all of these into visible escapes, and what it returns is one line
// whose [Width] is known, so that a table stays a table.
//
// JSON needs another treatment, because a reader must get back what was
// written: [JSON] spells the dangerous characters as \uXXXX, which encoding/json
// does for some of them only.
//
// Neither hides anything. A backslash stays as it is, so the letters \x1b and
// the character they stand for look the same on a terminal; JSON tells them
// apart.
package printable

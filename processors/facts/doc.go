// Package facts lifts events to the flat facts that rules judge. It is
// pure: no Kafka, no clock, no state between two events.
//
// # A command is what would run
//
// [LiftCommand] reads a shell line with a real shell grammar, because rules
// that search text cannot tell `wget http://x` from `echo "wget http://x"`.
// Each simple command that would run becomes one scope: those of pipelines,
// lists, loops, conditions and function bodies, of $(…), backticks and <(…),
// of sh -c, eval and su -c, of here-documents and pipes that feed a shell, of
// find -exec and xargs, of ssh HOST, docker exec, kubectl exec, nsenter and
// their kin, of crontab and at, and those that program text given to Python,
// Perl, awk and others calls (system, popen, subprocess, backticks). Wrappers (sudo, nohup, env, busybox …) are peeled off,
// quotes and backslashes removed, variables set in the line put in, and
// base64, hex, octal and $IFS layers opened. What is merely echoed is an
// argument of echo and nothing more.
//
// The lifter evaluates no program. It follows text where the result is
// certain (echo, printf, cat, base64 -d, xxd -r and a few more, over pipes,
// variables, substitutions and files that the line itself writes) and leaves
// everything else as written: an unknown `$x` stays `$x`.
//
// A bare assignment or redirection is a simple command without a name. It is
// given the name ":", the shell's own spelling of the same thing.
//
// A line that is no shell (garbage, Windows, half a here-document) is read by
// the grammar as far as it goes; the rest goes through a tokeniser that knows
// words, quotes, separators and redirections. `command.parse` says "fallback"
// and the event weighs less. Plain lines, most of what bots send, go to the
// tokeniser at once: a test holds it to the grammar there.
//
// # A request is what an application reads
//
// [LiftHTTP] takes a request apart as a server does (path, fields of query and
// form, names and texts of JSON, texts and attributes of XML, parts and files of
// a multipart body, headers, cookies), decodes each part up to three layers, and
// looks at each alone. Forms of attack are tables of patterns by what they play
// on (httpfiles.go, httpsql.go, httpscripts.go, httpcommands.go, httpcode.go,
// httpprotocol.go); rules weigh the traits that come of it. Names in XML, text
// that reads as prose and headers that every browser sends are no attack.
//
// # The others
//
// [LiftEmail] and its parts, [LiftCanary], [LiftIntel], [LiftBehaviour] and
// [LiftIdentity] put what the records say side by side: what contradicts what,
// how many signs of one sort there are, how sure a provider is. Whatever is not
// there gives no fact and no error.
//
// # Bounds
//
// The attacker writes the line. At most 64 KiB of it are examined, and at most
// 256 KiB of text in all, decoded and substituted text included; there are at
// most 256 scopes of 256 arguments, four layers of decoding and 16 of nested
// scripts. `command.truncated` says that a bound was met. Time is linear in
// the text examined. Facts are valid UTF-8: each run of invalid bytes, also of
// a decoded layer, is one U+FFFD.
//
// # Secrets
//
// Lifting also finds the secret words of a command and lists them in
// match.Event.Secrets: the values, and where the line spells a value in
// another way (quoted, escaped, encoded, in pieces) those spellings too. [Mask]
// and [Excerpt] take them out of whatever is shown. Where a bound keeps the
// lifter from examining everything, the list holds the empty text, which masks
// all. So evidence must use [Mask] or [Excerpt] and no replacement of its own.
//
// # Extending
//
// One program is one entry of one table: wrappers (wrappers.go), programs that
// run other commands (runners.go, commandinner.go), interpreters
// (commandcode.go), programs whose output is known (filters.go), programs that
// write files or fetch (filetools.go), programs whose operands are files
// (commandfiles.go), clients and where their arguments name the peer
// (commandnet.go), programs that take secrets (secrettools.go).
package facts

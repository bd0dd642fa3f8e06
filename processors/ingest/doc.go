// Package ingest is the front door: it reads what sensors write and publishes
// it as facts, keyed by attacker.
//
// # What it promises
//
//   - No line is lost and none is counted twice: every line read is published
//     as facts, or refused with a reason as a dead letter that says where it
//     stood, or blank. [Report.Check] holds the numbers to that.
//   - The same line gives the same ids, however often and in whatever wrapping
//     it comes. So reading again does no harm, and everything here that must
//     choose between reading twice and losing something reads twice.
//   - What a line becomes depends on the lines before it in its file, and on
//     nothing else ([Decoder]). A file that is read again gives the same
//     records, byte for byte; so does one that is gone on with at an offset,
//     because what its earlier lines taught is learnt again.
//   - Attackers write the input. A line of 50 MB, broken JSON, NUL bytes, a
//     clock in 1970: none of it stops the line after it, and memory is bounded
//     whatever comes.
//   - A mail leaves nothing of its text and nobody's address but the domains:
//     what becomes of it is said in package email. A mail that is refused
//     leaves a dead letter without payload.
//   - A password goes to the topic of logins, in its one field, and in dead
//     letters, which hold the line as it was; nowhere else. With
//     [Options].HashPasswords not even there.
//
// # How it is built
//
// A [Source] knows one format, one file each ([Sources] lists them): it
// detects it and makes decoders, which are pure. Most are a sensor (sensor.go):
// one JSON object a record, a function that says which objects are its own and
// one that makes facts of them. A format of JSON that is not here is a
// [Mapping], by configuration. [Auto] asks all of them (auto.go).
//
// An [Ingester] reads files and standard input to their end (open.go), or
// follows a file as it grows (follow.go over tail.go), reads a foreign topic
// (topic.go), and hands facts to a [Sink] (kafka.go). A [Receiver] takes
// webhooks over HTTP, an [SMTPCapture] mail over SMTP. What cuts an input into
// records is seen by its first bytes (frame.go): lines of a log, values of a
// document of JSON, a mail, the mails of a mailbox.
//
// A record is one line of the report whether it makes one fact or several. One
// that only wraps records, such as a provider's answer about many addresses, is
// as many as it wraps.
//
// # A log that rotates
//
// Following goes by the file's first bytes, not by its name or inode: a name
// moves, an inode is used again. A checkpoint says which file, and up to where
// everything is acknowledged; it is written after that, so a process killed at
// any moment reads some lines again and misses none. What is lost: what was
// rotated away and removed, or moved to another directory, while nobody was
// reading. A warning says so.
package ingest

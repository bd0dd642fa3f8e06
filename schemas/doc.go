// Package schemas holds everything that travels: facts, tags, evidence, rule
// records, their codecs and their ids. It is the ground floor and imports
// nothing of ours.
//
// Three promises are made here and kept for ever, because ids are built on
// them:
//
//   - An event's id is a function of what the sensor wrote ([EventID]) and a
//     tag's id of six fields ([TagID]). Ingesting or replaying twice gives
//     the same ids, so everything downstream can be idempotent on them.
//   - A tag's bytes are a function of its event, its rule version and the rule
//     state in force. Nothing that arrives later or depends on who processed
//     the event goes into a tag: run ids, source coordinates and trace context
//     travel as Kafka headers.
//   - Evidence has no field for a password, a mail body or a recipient's
//     address. What cannot be written cannot leak.
//
// Decoding never fails. A codec error stops a goka processor, so [Codec]
// returns a [*Malformed] in place of the record and the callback turns it into
// a dead letter. Unknown fields are ignored: producers may be newer than we
// are.
//
// Every record has a Validate method; the codec calls it when it decodes. What
// a codec returns as its record type is therefore valid.
package schemas

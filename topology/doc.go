// Package topology is the map of ttpstream: every topic with its key and policy, every role with what it reads
// and writes, and the one place where settings for Kafka clients are chosen.
//
// # Why one package
//
// A stream processor is wrong in ways no unit of it can see: two producers that hash a key differently, a topic
// somebody's tool made with seven days of retention, a consumer that starts at the newest record. Each of those
// is a setting, so settings live here and nowhere else, and other rooms get finished things: a [Producer], a
// [Reader], an [Inbox], options for a goka processor ([ProcessorOptions]). Clients of Kafka are imported in
// this package and below it only; imports_test.go holds everybody to that.
//
// # What it promises
//
//   - A record is published only when every in-sync replica has it ([Producer], and the producer inside
//     [ProcessorOptions]).
//   - A key is in one partition, whoever wrote it: goka, sarama and franz-go are given one hash, and a test
//     compares them.
//   - An input is done only when everything before it is done. goka alone does not give that; see ordered.go
//     for the loss it has and the cure.
//   - Nothing is skipped silently. A group whose next offset is no longer in the log stops with a sentence, and
//     so do a Reader and an Inbox.
//   - A broker that disagrees with the map is refused before anything runs ([Admin.Verify]), with the topic,
//     the setting, what it is, what it should be, and what to do about it.
//
// # Where to look
//
// topics.go is the list of topics, roles.go the list of edges on one screen, cluster.go the configuration,
// sarama.go and kgo.go the settings with a reason for each departure from the default. Tests of other packages
// want topologytest, which runs the same test on the embedded broker and on a real Apache Kafka.
package topology

// Package broker is the Kafka broker inside the program: kfake, franz-go's
// broker for tests, held to what a broker with data must keep. In memory it
// serves scan and the tests; on a directory it serves up.
//
// # Promises
//
// With a data directory, when the process is killed at any moment (kill -9,
// out of memory, a panic elsewhere in the program), also while it starts,
// compacts or closes: every acknowledged record is there, at its offset, once,
// and with it every acknowledged commit, topic and setting. A record whose
// acknowledgement was lost is not stored again when an idempotent producer
// sends it again. Offsets are never given out twice. A transaction that the
// kill interrupted is aborted, and its producer fenced: it has to begin anew,
// as after a time-out. Its records do not become visible, with one exception:
// if the kill came while a commit was being written to several partitions, and
// was therefore not acknowledged, some of them may have it.
//
// Without SyncWrites, a loss of power may take what the operating system had
// not yet written, some seconds' worth, acknowledged or not. What is left is
// consistent: logs end at a whole batch, and none ends before where it ended
// at the last start; the offsets of what is missing below that are skipped.
// Those of later records that are missing are given out again. With SyncWrites every batch and commit is synced before it
// is acknowledged, and survives that too, as far as the disk keeps what it
// said it had and the file system keeps the name of a new file with the file's
// own sync (ext4, XFS and Btrfs do). kfake does not look at the result of
// fsync; a disk that fails only there is not noticed.
//
// A write that fails, a full disk above all, stops the broker before the
// acknowledgement goes out; see [Broker.Done]. Damage that a kill cannot have
// caused, a bad checksum with good batches behind it, refuses the start with
// [ErrDamaged]: kfake would cut off the rest of the file.
//
// Not promised: a consumer group deleted with DeleteGroups may be there again
// after a kill, with its offsets, and a record may be read before it is synced.
//
// # How it is done
//
// kfake appends each batch to its segment before it acknowledges, which a kill
// does not undo. The rest is this package's: at each start, before kfake opens
// the directory, recovery reads every batch and brings the directory into the
// state in which a clean close would have left it. It cuts off torn ends,
// derives indexes and the sequence numbers of producers from the log, writes
// the abort markers that are missing, and summarises each partition in a
// snapshot that kfake then believes instead of replaying the log in its own
// way (all of it in memory, and with the faults that kfake_test.go shows). The
// price is reading the data once more at start: 0.2 s for 300 MB.
//
// The listener stands between the network and kfake. It accepts connections
// from this machine only, hangs up on what is no Kafka client, refuses batches
// whose content does not match their header, and can cut every connection at
// once, which is how an acknowledgement is kept from going out.
//
// # Compaction and retention
//
// kfake's own cleaner rewrites partitions in place, loses them to a kill in
// the middle, and applies retention on the same timer; it never runs here.
// Topics are thinned at start only, so a broker that should shrink has to be
// started again.
//
// A partition of a topic with cleanup.policy=compact is compacted when at least
// [Options.CompactMinBytes] were written since the last time, and as much as
// what was compacted then. Each segment is written anew beside the old one,
// synced, and renamed over it, from the oldest on. Offsets, the start and the
// end of the log stay; between records there are gaps, as on Apache Kafka. The
// last batch, and what is younger than min.compaction.lag.ms, stays and
// supersedes nothing. A tombstone stays for delete.retention.ms after the first
// compaction that met it, so whoever was off for a week still sees it. One
// compaction holds at most two million keys (about 100 MB); more are done at
// the next start. A record without a key is superseded by nothing, and a batch
// that cannot be read stays as it is.
//
// For a topic with retention.ms, whole segments go whose file and whose records
// are both older, never the last one: up to [Options.SegmentBytes] per
// partition stay for longer. A topic that does not set retention.ms keeps its
// records for ever, unlike on Apache Kafka (seven days). retention.bytes is
// not honoured.
//
// DeleteRecords works in memory, where it gives back the segments that it
// empties: what passes through does not add up (256 MB through, 4 MB kept: the
// heap grew by 7 MB). On a directory it is refused with POLICY_VIOLATION, for
// the new start would not survive a kill; so are changes of the broker's own
// settings.
package broker

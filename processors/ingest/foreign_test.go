package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/processors/ingest"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// session returns the lines of one Cowrie session, of which only the first
// says which protocol it is.
func session(id string, commands ...string) (lines []string) {
	event := func(n int, kind, rest string) string {
		return fmt.Sprintf(`{"eventid":"cowrie.%s","session":"%s","src_ip":"198.51.100.7","sensor":"s","timestamp":"2026-03-01T00:00:%02d.000000Z"%s}`, kind, id, n, rest)
	}
	lines = append(lines, event(0, "session.connect", `,"protocol":"telnet","src_port":1,"dst_port":23,"dst_ip":"192.0.2.1"`))
	for i, command := range commands {
		lines = append(lines, event(i+1, "command.input", fmt.Sprintf(`,"input":%q`, command)))
	}
	return lines
}

// What another program writes to a topic is published as if it had been
// read from its log, also by a process that starts in the middle of a session.
func TestForeignTopicIsRead(t *testing.T) {
	t.Parallel()
	topologytest.OnBrokers(t, func(t *testing.T, ours topology.Cluster) {
		topologytest.Provision(t, ours)
		foreign := topology.Topic{Name: "attacker.http"} // any topic that is there and that nobody else writes
		theirs := topologytest.Producer(t, ours)
		write := func(lines ...string) {
			t.Helper()
			for _, l := range lines {
				if _, err := theirs.ProduceSync(t.Context(), topology.Message{Topic: foreign, Key: "k", Value: []byte(l)}); err != nil {
					t.Fatal(err)
				}
			}
		}
		lines := session("abcdef012345", "uname -a", "id")
		write(lines[:2]...)
		write("{broken")
		first := commandsUntil(t, ours, foreign, 1)
		write(lines[2:]...)
		second := commandsUntil(t, ours, foreign, 2) // another process of the same group
		got := append(first[:1:1], second[1:]...)
		want := []string{"telnet uname -a", "telnet id"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("commands (-want +got):\n%s", diff)
		}
	})
}

// commandsUntil runs an ingester on the foreign topic until the topic of
// commands holds n of them, and returns them.
func commandsUntil(t *testing.T, c topology.Cluster, foreign topology.Topic, n int) (commands []string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ingester, err := ingest.New(ingest.Options{Sink: ingest.NewSink(c, topologytest.Producer(t, c)), Format: ingest.Cowrie{}})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- ingester.FollowTopic(ctx, ingest.ForeignTopic{Cluster: c, Topic: foreign.Name, Group: "cowrie"})
	}()
	reader, err := topology.NewReader(ctx, c, topology.AttackerCommand, topology.From{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for len(commands) < n {
		records, err := reader.Poll(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			fact, err := schemas.Decode[schemas.CommandEvent](record.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(record.Headers[0].Value), "kafka/"+foreign.Name+"/") {
				t.Errorf("source %s", record.Headers[0].Value)
			}
			commands = append(commands, fact.Protocol+" "+fact.Command)
		}
	}
	untilCommitted(t, c, foreign)
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	return commands
}

// untilCommitted asks the broker until the group has read all there is.
func untilCommitted(t *testing.T, c topology.Cluster, foreign topology.Topic) {
	t.Helper()
	admin := topologytest.Admin(t, c)
	ends, err := admin.Ends(t.Context(), foreign)
	if err != nil {
		t.Fatal(err)
	}
	for done := false; !done; {
		committed, err := admin.Committed(t.Context(), topology.Group{Name: "cowrie"})
		if err != nil {
			t.Fatal(err)
		}
		done = true
		for partition, end := range ends {
			done = done && committed[foreign.Name][partition] >= end
		}
	}
}

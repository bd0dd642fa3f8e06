package main

import (
	"bufio"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/topology"
)

// chaos is one kill test: a log that grows, and the dice.
type chaos struct {
	t      *testing.T
	rng    *rand.Rand
	kills  int
	events int
	// chunk is how many lines the log grows by in each life.
	chunk int
	path  string
	log   *os.File
	from  *sensorLog
	lines int
	want  expected
}

// The short form of the kill tests runs with the others; TTPSTREAM_KILLS sets
// how often is killed in the long one. TTPSTREAM_SEED repeats the choices of a
// run, not its timing.
const (
	shortKills  = 2
	shortEvents = 20_000
	longEvents  = 100_000
)

func newChaos(t *testing.T) *chaos {
	seed := envNumber(t, "TTPSTREAM_SEED", time.Now().UnixNano())
	c := &chaos{t: t, kills: int(envNumber(t, "TTPSTREAM_KILLS", 0)), events: longEvents}
	if c.kills == 0 {
		c.kills, c.events = shortKills, shortEvents
	}
	t.Logf("TTPSTREAM_SEED=%d TTPSTREAM_KILLS=%d, %d events", seed, c.kills, c.events)
	c.rng = rand.New(rand.NewPCG(uint64(seed), 1))
	c.chunk = c.events / (c.kills + 1)
	c.from = newSensorLog(uint64(seed))
	c.path = filepath.Join(t.TempDir(), "cowrie.json")

	whole := filepath.Join(t.TempDir(), "whole.json")
	c.write(whole, newSensorLog(uint64(seed)), c.events)
	c.want = undisturbed(t, whole)
	var err error
	if c.log, err = os.Create(c.path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.log.Close() })
	return c
}

func envNumber(t testing.TB, name string, unset int64) int64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return unset
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

func (c *chaos) write(path string, from *sensorLog, lines int) {
	c.t.Helper()
	file, err := os.Create(path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer file.Close()
	appendLines(c.t, file, from, lines)
}

func appendLines(t testing.TB, file *os.File, from *sensorLog, lines int) {
	t.Helper()
	w := bufio.NewWriterSize(file, 1<<16) // a flush in the middle of a line is what a sensor does
	for range lines {
		w.Write(from.line())
		w.WriteByte('\n')
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}

// grow lets the sensor write on.
func (c *chaos) grow(lines int) {
	c.t.Helper()
	lines = min(lines, c.events-c.lines)
	appendLines(c.t, c.log, c.from, lines)
	c.lines += lines
}

// moment is the random part of a kill's time; there is nothing to wait for but
// time.
func (c *chaos) moment(most time.Duration) {
	<-time.After(time.Duration(c.rng.Int64N(int64(most))))
}

// factTopics are those that a Cowrie log fills.
var factTopics = []topology.Topic{topology.AttackerCommand, topology.AttackerAuth, topology.AttackerSession, topology.AttackerTransfer}

// stage is what a kill waits for: something that moves while events flow, and
// how much of it one line makes.
type stage struct {
	name    string
	topics  []topology.Topic
	perLine float64
}

func (c *chaos) stages() []stage {
	tags := float64(len(c.want.tags)) / float64(c.events)
	return []stage{
		{"facts", factTopics, 1},
		{"candidates", []topology.Topic{topology.Candidate}, tags},
		{"tags", []topology.Topic{topology.Tagged}, tags},
	}
}

// underWay grows the log by a chunk and returns when a random part of it has
// come to the stage, while the victims live.
func (c *chaos) underWay(ctx context.Context, admin *topology.Admin, at stage, victims ...*child) {
	c.t.Helper()
	base := records(ctx, c.t, admin, at.topics...)
	share := 0.05 + 0.85*c.rng.Float64()
	target := base + int64(share*at.perLine*float64(c.chunk))
	c.grow(c.chunk)
	began := time.Now()
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := ask(patient, func() (bool, error) {
		for _, victim := range victims {
			if !victim.alive() {
				c.t.Fatalf("it ended by itself with code %d:\n%s", victim.code, victim.stderr())
			}
		}
		return records(ctx, c.t, admin, at.topics...) >= target, nil
	})
	if err != nil {
		c.t.Fatalf("%s do not come to %d: %v\n%s", at.name, target, err, stderrOf(victims))
	}
	c.moment(30 * time.Millisecond)
	c.t.Logf("kill at %s %d → %d (%.0f %% of a chunk), %s after the chunk came",
		at.name, base, records(ctx, c.t, admin, at.topics...), 100*share, time.Since(began).Round(time.Millisecond))
}

func stderrOf(children []*child) string {
	var all []string
	for _, c := range children {
		all = append(all, strings.Join(c.command.Args, " ")+"\n"+c.stderr())
	}
	return strings.Join(all, "\n")
}

// published returns when the checkpoint says that the whole log is published.
func (c *chaos) published(ctx context.Context, checkpoint string) {
	c.t.Helper()
	info, err := c.log.Stat()
	if err != nil {
		c.t.Fatal(err)
	}
	err = ask(ctx, func() (bool, error) {
		raw, err := os.ReadFile(checkpoint)
		if os.IsNotExist(err) {
			return false, nil
		}
		var at struct {
			Offset int64 `json:"offset"`
		}
		if err == nil {
			err = json.Unmarshal(raw, &at)
		}
		return at.Offset == info.Size(), err
	})
	if err != nil {
		c.t.Fatalf("the log is not published to its end: %v", err)
	}
}

// harmless is a rule that matches nothing: it changes the revision and no tag.
const harmless = `rule_id: X9001
rule_version: 1
name: matches_nothing
description: Changes the revision, and no tag.
attack_release: enterprise-v19.1
applies_to: [{source_kind: command}]
match:
  selection:
    cmd.name: no-such-command-9001
  condition: selection
emits:
  - {tactic: TA0007, technique_id: T1083, confidence: 0.5}
evidence_fields: [matched_tokens]
tests:
  - {given: {command: "no-such-command-9001"}, tags: [T1083]}
  - {given: {command: "ls"}, tags: []}
`

func writeTemp(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	writeFileText(t, path, text)
	return path
}

func writeFileText(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestKillUp kills the one process that is everything, at random times while
// events flow: nothing is lost, and nothing is there twice but as identical
// copies.
func TestKillUp(t *testing.T) {
	t.Parallel()
	c := newChaos(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	data := filepath.Join(t.TempDir(), "data")
	rules := writeTemp(t, "harmless.yaml", harmless)
	up := func(life int) *child {
		args := []string{"up", "--data", data, "--port", "0", "--follow", c.path}
		if life > c.kills/2 {
			args = append(args, "--rules", rules) // from here on another revision judges
		}
		return startChild(t, nil, args...)
	}
	for life := range c.kills {
		if life%3 == 2 { // killed while it starts, too
			victim := up(life)
			c.moment(2 * time.Second)
			victim.kill()
			t.Logf("killed %s after its start", time.Since(victim.began).Round(time.Millisecond))
		}
		victim := up(life)
		_, admin := embeddedCluster(ctx, t, victim)
		stages := c.stages()
		c.underWay(ctx, admin, stages[c.rng.IntN(len(stages))], victim)
		victim.kill()
		if life == c.kills/2 {
			if err := os.RemoveAll(filepath.Join(data, "tables")); err != nil {
				t.Fatal(err)
			}
			t.Log("the gate's local table is gone")
		}
	}
	last := up(c.kills)
	cluster, admin := embeddedCluster(ctx, t, last)
	c.grow(c.events)
	c.published(ctx, filepath.Join(data, "ingest.json"))
	drained(ctx, t, admin)
	readLedger(t, cluster).check(c.want, c.lines)
	upAnswering(ctx, last, data).holds(ctx, t, c.want)
	last.interrupt()
	if code := last.wait(ctx); code != exitDone {
		t.Errorf("it ended with code %d:\n%s", code, last.stderr())
	}
	recount(ctx, t, filepath.Join(data, "ledger.db"), c.want)
}

// embeddedCluster connects to the broker of an up.
func embeddedCluster(ctx context.Context, t testing.TB, up *child) (topology.Cluster, *topology.Admin) {
	t.Helper()
	addr, _, _ := strings.Cut(up.must(ctx, "Kafka broker on "), ",")
	cluster := topology.Cluster{Brokers: []string{addr}, Partitions: 4, ReplicationFactor: 1, FactRetention: topology.Forever}
	admin, err := topology.NewAdmin(cluster)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(admin.Close)
	return cluster, admin
}

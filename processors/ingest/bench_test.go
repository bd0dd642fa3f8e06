package ingest

import (
	"bytes"
	"context"
	"testing"

	"github.com/ttpstream/ttpstream/topology"
)

// nowhere takes everything.
type nowhere struct{}

func (nowhere) CheckSize(topology.Message) error                { return nil }
func (nowhere) Publish(context.Context, topology.Message) error { return nil }
func (nowhere) Flush(context.Context) error                     { return nil }

// BenchmarkDecode is a line of Cowrie's to a fact, one core.
func BenchmarkDecode(b *testing.B) {
	lines := testLines(b)
	d := Cowrie{}.NewDecoder()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		_, _ = d.Decode(lines[n%len(lines)])
		n++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}

// BenchmarkLearn is a line of what is behind a checkpoint.
func BenchmarkLearn(b *testing.B) {
	lines := testLines(b)
	d := Cowrie{}.NewDecoder()
	n := 0
	for b.Loop() {
		d.Learn(lines[n%len(lines)])
		n++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}

// BenchmarkReader is a file to messages, up to the broker's client.
func BenchmarkReader(b *testing.B) {
	const copies = 100
	text := bytes.Repeat(joined(testLines(b)), copies)
	i, err := New(Options{Sink: nowhere{}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if err := i.Reader(b.Context(), "f", bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(i.Report().Lines)/b.Elapsed().Seconds(), "lines/s")
}

package main

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkScan measures the whole of scan with the built-in pack: reading,
// lifting, judging, the gate, the picture. The log is synthetic, two fifths of
// it commands, and makes 0.6 tags per event; the public samples that we know make
// 0.4.
func BenchmarkScan(b *testing.B) {
	const events = 200_000
	path := filepath.Join(b.TempDir(), "cowrie.json")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	log, out := newSensorLog(1), bufio.NewWriter(file)
	log.dull = 8
	for range events {
		if _, err := out.Write(append(log.line(), '\n')); err != nil {
			b.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		program := &Program{Stdin: nil, Stdout: io.Discard, Stderr: io.Discard}
		if code := program.Run(b.Context(), []string{"scan", path}); code != 0 {
			b.Fatalf("exit code %d", code)
		}
	}
	b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

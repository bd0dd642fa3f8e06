package rules

import (
	"runtime"
	"testing"
)

// BenchmarkLoadSigmaHQ parses and compiles every rule of SigmaHQ, from text to
// what the engine is built of.
func BenchmarkLoadSigmaHQ(b *testing.B) {
	files := sigmaHQ(b)
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var kept []*Unit
	for b.Loop() {
		kept = make([]*Unit, 0, len(files))
		for _, f := range files {
			if unit, _ := Parse(f.name, f.text, Options{}); unit != nil {
				kept = append(kept, unit)
			}
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB-kept")
	b.ReportMetric(float64(len(kept)), "rules")
	runtime.KeepAlive(kept)
}

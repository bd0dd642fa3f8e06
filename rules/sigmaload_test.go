package rules

import (
	"runtime"
	"testing"
)

// BenchmarkSigmaHQSet makes a set, with its engine, of all parsed rules of
// SigmaHQ.
func BenchmarkSigmaHQSet(b *testing.B) {
	var units []*Unit
	for _, f := range sigmaHQ(b) {
		if unit, _ := Parse(f.name, f.text, Options{}); unit != nil {
			units = append(units, unit)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		NewSet(units, nil, 0)
	}
}

// BenchmarkReplaceOne replaces one rule of SigmaHQ by another version of it.
func BenchmarkReplaceOne(b *testing.B) {
	var units []*Unit
	files := sigmaHQ(b)
	for _, f := range files {
		if unit, _ := Parse(f.name, f.text, Options{}); unit != nil {
			units = append(units, unit)
		}
	}
	set, _ := NewSet(units, nil, 0)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f := files[i%len(files)]
		unit, _ := Parse(f.name, append([]byte("rule_version: 30000000\n"), f.text...), Options{})
		set, _ = set.With(Change{Put: []*Unit{unit}, Revision: int64(i)})
	}
}

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

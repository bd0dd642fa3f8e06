package window

import (
	"encoding/binary"
	"testing"
	"time"
)

// A key that sees five matches a minute over buckets of five minutes, as
// failures of one attacker do; one of every few completes a bucket.
func BenchmarkAdd(b *testing.B) {
	for _, c := range []struct {
		name string
		spec Spec
	}{
		{"event_count", Spec{Type: EventCount, Timespan: 5 * time.Minute, Rules: 1, Bounds: []Bound{{"gte", 30}}}},
		{"value_count", Spec{Type: ValueCount, Timespan: 5 * time.Minute, Rules: 1, Bounds: []Bound{{"gte", 10}}}},
		{"temporal", Spec{Type: Temporal, Timespan: 5 * time.Minute, Rules: 4}},
		{"temporal_ordered", Spec{Type: TemporalOrdered, Timespan: 5 * time.Minute, Rules: 4}},
	} {
		b.Run(c.name, func(b *testing.B) {
			e, err := New(&c.spec)
			if err != nil {
				b.Fatal(err)
			}
			const keys = 1 << 10
			values := []string{"root", "admin", "ubuntu", "test", "oracle", "pi", "git", "www", "ftp", "guest", "user"}
			states := make([]State, keys)
			var hits []Hit
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s := &states[i%keys]
				m := Match{Time: int64(i/keys) * 12_000, Place: i * 7 % 4, Value: values[i*13/keys%len(values)]}
				binary.LittleEndian.PutUint64(m.ID[:], uint64(i))
				if hits = e.Add(s, m, hits[:0]); len(s.Buckets) > 8 {
					s.Evict(m.Time - 10*60_000)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "matches/s")
		})
	}
}

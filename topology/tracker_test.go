package topology

import (
	"context"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"
)

// Whatever the gaps between offsets and the order of completion, a mark is never beyond a message that is not
// done, and when all are done it is behind the last.
func TestTrackerMarksTheContiguousPrefix(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		gaps := rapid.SliceOfN(rapid.Int64Range(1, 5), 1, 300).Draw(t, "gaps")
		offsets := make([]int64, len(gaps))
		at := rapid.Int64Range(0, 1<<40).Draw(t, "first")
		for i, g := range gaps {
			offsets[i] = at
			at += g
		}
		order := rapid.Permutation(offsets).Draw(t, "order")

		tr := newTracker(len(offsets), 1<<30)
		for _, o := range offsets {
			if !tr.add(t.Context(), o, 1) {
				t.Fatal("no room for what fits")
			}
		}
		done := make(map[int64]bool)
		mark := offsets[0]
		for _, o := range order {
			next, moved := tr.complete(o)
			done[o] = true
			want := prefix(offsets, done)
			if moved != (want != mark) || moved && next != want {
				t.Fatalf("after %d: moved %v to %d, want %d (was %d)", o, moved, next, want, mark)
			}
			mark = want
			if _, again := tr.complete(o); again {
				t.Fatalf("completing %d twice moved the mark", o)
			}
		}
		if n, bytes := tr.held(); n != 0 || bytes != 0 {
			t.Fatalf("holds %d messages, %d bytes after all are done", n, bytes)
		}
	})
}

// prefix is the obvious, slow answer: one behind the last of the leading messages that are done.
func prefix(offsets []int64, done map[int64]bool) int64 {
	next := offsets[0]
	for _, o := range offsets {
		if !done[o] {
			break
		}
		next = o + 1
	}
	return next
}

func TestTrackerIgnoresWhatItNeverHandedOut(t *testing.T) {
	t.Parallel()
	tr := newTracker(10, 1000)
	tr.add(t.Context(), 5, 1)
	tr.add(t.Context(), 9, 1)
	for _, o := range []int64{-1, 0, 4, 6, 8, 10} {
		if next, moved := tr.complete(o); moved {
			t.Errorf("completing %d, which was never handed out, moved the mark to %d", o, next)
		}
	}
	tr.add(t.Context(), 9, 1) // handed out again
	if next, _ := tr.complete(5); next != 6 {
		t.Errorf("mark %d, want 6", next)
	}
	if next, _ := tr.complete(9); next != 10 {
		t.Errorf("mark %d, want 10", next)
	}
}

// A message that never gets done holds the ones behind it back once the bound is reached, by number or by
// bytes, and its completion lets them go on.
func TestTrackerBoundsWhatIsInFlight(t *testing.T) {
	for name, bound := range map[string]struct {
		messages int
		bytes    int64
		fit      int64 // how many of ten bytes each fit
	}{
		"messages": {messages: 100, bytes: 1 << 30, fit: 100},
		"bytes":    {messages: 1 << 20, bytes: 255, fit: 25},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := newTracker(bound.messages, bound.bytes)
				for o := range bound.fit {
					tr.add(t.Context(), o, 10)
				}
				added := make(chan bool, 1)
				go func() { added <- tr.add(t.Context(), bound.fit, 10) }()
				synctest.Wait()
				if len(added) != 0 {
					t.Fatal("there was room beyond the bound")
				}
				tr.complete(0)
				synctest.Wait()
				if len(added) != 1 || !<-added {
					t.Fatal("no room after the first was done")
				}
				ctx, cancel := context.WithCancel(t.Context())
				go func() { added <- tr.add(ctx, bound.fit+1, 10) }()
				synctest.Wait()
				cancel()
				synctest.Wait()
				if len(added) != 1 || <-added {
					t.Fatal("the end of the session did not end the wait")
				}
			})
		})
	}
}

// A message larger than the bound still goes through, alone.
func TestTrackerLetsOneThroughWhateverItsSize(t *testing.T) {
	t.Parallel()
	tr := newTracker(10, 5)
	if !tr.add(t.Context(), 0, 1000) {
		t.Error("a large message was held back although nothing was in flight")
	}
}

func BenchmarkTracker(b *testing.B) {
	tr := newTracker(1<<15, 1<<30)
	for b.Loop() {
		for o := tr.last + 1; o%1024 != 1023; o++ {
			tr.add(b.Context(), o, 300)
			tr.complete(o)
		}
		tr.add(b.Context(), tr.last+1, 300)
		tr.complete(tr.last)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/message")
}

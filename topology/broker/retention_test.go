package broker

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// retentionDir returns a closed directory of topics that keep their records
// for an hour or longer, six segments of one record in each.
func retentionDir(t testing.TB) string {
	dir := t.TempDir()
	b := start(t, Options{DataDir: dir})
	for _, s := range []string{"short retention.ms=3600000", "ever retention.ms=-1", "unsaid compression.type=producer", "compact cleanup.policy=compact"} {
		name, setting, _ := strings.Cut(s, " ")
		createTopic(t, b.Addrs(), name, 1, "segment.bytes=100", setting)
	}
	cl := client(t, b.Addrs())
	for i := range 6 {
		for _, topic := range []string{"short", "ever", "unsaid", "compact"} {
			produce(t, cl, []*kgo.Record{record(topic, strconv.Itoa(i), strings.Repeat("v", 100))})
		}
	}
	mustClose(t, b)
	return dir
}

// at are options with which it is so much later.
func at(dir string, later time.Duration) Options {
	return Options{DataDir: dir, CompactMinBytes: -1, now: func() time.Time { return time.Now().Add(later) }}
}

func TestRetentionDeletesWholeOldSegments(t *testing.T) {
	t.Parallel()
	dir := retentionDir(t)
	for _, step := range []struct {
		later time.Duration
		start int64
	}{{59 * time.Minute, 0}, {61 * time.Minute, 5}} {
		b := start(t, at(dir, step.later))
		cl := client(t, b.Addrs())
		for topic, want := range map[string]int64{"short": step.start, "ever": 0, "unsaid": 0, "compact": 0} {
			s, e := bounds(t, cl, topic, 0)
			if got := len(readAll(t, cl, topic, 0)); s != want || e != 6 || got != int(e-s) {
				t.Errorf("after %v, %s is [%d,%d) with %d records, want [%d,6)", step.later, topic, s, e, got, want)
			}
		}
		mustClose(t, b)
	}
}

// A crash anywhere leaves the old log or the new one, and never a log whose
// first records are missing above its start.
func TestRetentionSurvivesCrashes(t *testing.T) {
	t.Parallel()
	dir := retentionDir(t)
	moved := false
	for n := int64(1); ; n++ {
		crashed := image(t, dir)
		o := at(crashed, 2*time.Hour)
		o.step, _ = crashAt(n)
		err := recoverDir(t, o)
		if err == nil {
			break
		}
		if !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
		b := start(t, at(crashed, 0))
		cl := client(t, b.Addrs())
		s, e := bounds(t, cl, "short", 0)
		if got := len(readAll(t, cl, "short", 0)); s != 0 && s != 5 || e != 6 || got != int(e-s) {
			t.Errorf("after crash %d the log is [%d,%d) with %d records", n, s, e, got)
		}
		moved = moved || s == 5
		mustClose(t, b)
	}
	if !moved {
		t.Error("no crash fell after the start of the log had moved")
	}
}

// Records that bear the time of long ago are as old as their file.
func TestRetentionCountsFromArrival(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := start(t, Options{DataDir: dir})
	createTopic(t, b.Addrs(), "t", 1, "segment.bytes=50", "retention.ms=3600000")
	cl := client(t, b.Addrs())
	for range 3 {
		r := record("t", "a", "of 2019")
		r.Timestamp = time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)
		produce(t, cl, []*kgo.Record{r})
	}
	mustClose(t, b)
	b = start(t, Options{DataDir: dir})
	if s, _ := bounds(t, client(t, b.Addrs()), "t", 0); s != 0 {
		t.Errorf("the log starts at %d, want 0", s)
	}
}

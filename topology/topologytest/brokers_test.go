package topologytest

import (
	"fmt"
	"strings"
	"testing"
)

// recorder is a test that only notes how it ended.
type recorder struct {
	testing.TB
	ended string
}

type ending struct{}

func (r *recorder) Helper()      {}
func (r *recorder) Name() string { return "TestX" }
func (r *recorder) Skipf(format string, args ...any) {
	r.ended = "skip: " + fmt.Sprintf(format, args...)
	panic(ending{})
}
func (r *recorder) Fatalf(format string, args ...any) {
	r.ended = "fail: " + fmt.Sprintf(format, args...)
	panic(ending{})
}

// Without a Kafka a test says that it was skipped, by name; where Kafka was promised it fails.
func TestKafkaMissing(t *testing.T) {
	for require, want := range map[string]string{
		"":               "skip: SKIPPED TestX: no Apache Kafka",
		"postgres":       "skip: SKIPPED TestX",
		"postgres,kafka": "fail: kafka is required (TTPSTREAM_REQUIRE=postgres,kafka)",
	} {
		t.Setenv(EnvKafka, "")
		t.Setenv(EnvRequire, require)
		r := &recorder{TB: t}
		func() {
			defer func() {
				if got := recover(); got != (ending{}) {
					t.Fatalf("it did not end: %v", got)
				}
			}()
			Kafka(r)
		}()
		if !strings.HasPrefix(r.ended, want) {
			t.Errorf("%s=%q: %q, want %q", EnvRequire, require, r.ended, want)
		}
	}
}

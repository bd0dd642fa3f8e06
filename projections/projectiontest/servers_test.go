package projectiontest

import (
	"fmt"
	"runtime"
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

// Without a server a test says that it was skipped, by name; where the server
// was promised it fails.
func TestServersMissing(t *testing.T) {
	t.Setenv(EnvPostgres, "")
	t.Setenv(EnvMySQL, "")
	for _, c := range []struct {
		require string
		ask     func(testing.TB) string
		want    string
	}{
		{"", Postgres, "skip: SKIPPED TestX: no PostgreSQL"},
		{"kafka,mysql", Postgres, "skip: SKIPPED TestX"},
		{"kafka, postgres", Postgres, "fail: postgres is required (TTPSTREAM_REQUIRE=kafka, postgres)"},
		{"", MySQL, "skip: SKIPPED TestX: no MySQL or MariaDB"},
		{"mysql", MySQL, "fail: mysql is required"},
	} {
		t.Setenv(EnvRequire, c.require)
		r := &recorder{TB: t}
		func() {
			defer func() {
				if got := recover(); got != (ending{}) {
					t.Fatalf("it did not end: %v", got)
				}
			}()
			c.ask(r)
		}()
		if !strings.HasPrefix(r.ended, c.want) {
			t.Errorf("%s=%q: %q, want %q", EnvRequire, c.require, r.ended, c.want)
		}
	}
	t.Setenv(EnvPostgres, "postgres://u@h/d")
	if got := Postgres(t); got != "postgres://u@h/d" {
		t.Errorf("got %q", got)
	}
}

// What an iteration asked to have cleaned up is, before the test ends, last
// first, also when it ends early.
func TestIterationCleansUp(t *testing.T) {
	t.Parallel()
	var order []int
	done := make(chan struct{})
	go func() {
		defer close(done)
		iterate(t, func(tb testing.TB) {
			tb.Cleanup(func() { order = append(order, 1) })
			tb.Cleanup(func() { order = append(order, 2) })
			if first, second := tb.TempDir(), tb.TempDir(); first == second {
				t.Error("one directory twice")
			}
			runtime.Goexit() // as FailNow does
		})
	}()
	<-done
	if fmt.Sprint(order) != "[2 1]" {
		t.Errorf("cleaned up %v", order)
	}
}

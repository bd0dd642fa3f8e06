package broker

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// A broker that cannot write stops before it acknowledges what it did not
// write. kfake alone would answer an error, but remember the batch's sequence
// number, and acknowledge the batch as a duplicate when it is sent again.
func TestFullDiskStopsTheBroker(t *testing.T) {
	t.Parallel()
	const limit = 40_000
	for name, fill := range map[string]func(context.Context, *kgo.Client, int) error{
		"by records": func(ctx context.Context, cl *kgo.Client, n int) error {
			return cl.ProduceSync(ctx, record("t", "k", strings.Repeat("v", 1000)+fmt.Sprint(n))).FirstErr()
		},
		"by commits": func(ctx context.Context, cl *kgo.Client, n int) error {
			return tryCommit(ctx, cl, "g", "t", 0, int64(n))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			c := startChild(t, dir, fmt.Sprintf("%s=%d", childLimit, limit))
			addr, ok := c.says("ready")
			if !ok {
				t.Fatal("no start")
			}
			addrs := []string{addr}
			createTopic(t, addrs, "t", 1)
			cl := client(t, addrs, kgo.AllowIdempotentProduceCancellation())
			ctx, stop := context.WithCancel(testContext(t))
			go func() {
				defer stop() // what has no answer by now gets none
				if why, ok := c.says("done:"); !ok || !strings.Contains(why, "file too large") {
					t.Errorf("the broker stopped for %q", why)
				}
			}()
			acked := 0
			for n := 1; fill(ctx, cl, n) == nil; n++ {
				acked = n
			}
			<-ctx.Done()
			c.stdin.Close()
			if how, ok := c.says("closed:"); !ok || !strings.Contains(how, "file too large") {
				t.Errorf("Close = %q, want why it had stopped", how)
			}
			c.kill()

			b := start(t, Options{DataDir: dir})
			after := client(t, b.Addrs())
			if name == "by commits" {
				if got := committed(t, after, "g", "t", 0); got != int64(acked) && got != int64(acked+1) {
					t.Errorf("committed offset = %d, want %d", got, acked)
				}
				return
			}
			got := readAll(t, after, "t", 0)
			if len(got) < acked || len(got) > acked+1 || acked < 10 {
				t.Errorf("%d records, want the %d that were acknowledged", len(got), acked)
			}
		})
	}
}

func TestOtherProcessHoldsTheDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := startChild(t, dir)
	if _, ok := c.says("ready"); !ok {
		t.Fatal("no start")
	}
	_, err := Start(t.Context(), Options{DataDir: dir})
	if want := fmt.Sprintf("process %d", c.cmd.Process.Pid); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Start = %v, want it to name %s", err, want)
	}
	c.kill()
	start(t, Options{DataDir: dir}) // a lock dies with its process
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
}

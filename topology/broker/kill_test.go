package broker

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// TestKills kills a broker again and again while clients that outlive it
// produce and commit, at random moments of its running and of its start, and
// checks that what was acknowledged is there: every record at its offset, once;
// of compacted topics the last of each key; the committed offsets.
//
// TTPSTREAM_KILLS sets how often, TTPSTREAM_SEED repeats the choices of a run
// (not its timing).
func TestKills(t *testing.T) {
	t.Parallel()
	kills := envInt(t, "TTPSTREAM_KILLS", 20)
	seed := uint64(envInt(t, "TTPSTREAM_SEED", int(time.Now().UnixNano())))
	t.Logf("TTPSTREAM_SEED=%d, %d kills", seed, kills)
	rng := rand.New(rand.NewPCG(seed, 0))

	dir, port := t.TempDir(), freePort(t)
	addrs := []string{"127.0.0.1:" + strconv.Itoa(port)}
	env := childPort + "=" + strconv.Itoa(port)
	c := startChild(t, dir, env)
	if _, ok := c.says("ready"); !ok {
		t.Fatal("the first start failed")
	}
	createTopic(t, addrs, "facts", 4)
	createTopic(t, addrs, "table", 2, "cleanup.policy=compact")

	l := newLedger()
	ctx, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for worker := range 2 {
		cl := client(t, addrs, quick()...)
		clients.Go(func() { l.produce(ctx, cl, worker) })
	}
	clients.Go(func() { l.commit(ctx, client(t, addrs, quick()...)) })
	clients.Go(func() { l.create(ctx, client(t, addrs, quick()...)) })

	// The moment is what is random here, so there is nothing to wait for but time.
	moment := func(most time.Duration) { <-time.After(time.Duration(rng.Int64N(int64(most)))) }
	inRecovery := 0
	for n := range kills {
		l.await(t, rng.IntN(20_000)) // it runs, and is killed while it does
		if n%4 == 3 {
			c.stdin.Close() // it closes, and is killed while it does
			moment(5 * time.Millisecond)
		}
		c.kill()
		l.checkEnds(t, dir)
		switch n % 3 {
		case 0: // killed while it starts, at a step of recovery
			dead := startChild(t, dir, env, fmt.Sprintf("%s=%d", childStep, 1+rng.IntN(20)))
			if _, ok := dead.says("ready"); !ok {
				inRecovery++
			}
			dead.kill()
		case 1: // killed while it starts, at any moment
			dead := startChild(t, dir, env)
			moment(20 * time.Millisecond)
			dead.kill()
		}
		c = startChild(t, dir, env)
		if _, ok := c.says("ready"); !ok {
			t.Fatalf("the start after kill %d failed", n)
		}
	}
	l.await(t, 100)
	stop()
	clients.Wait()
	l.check(t, client(t, addrs))
	t.Logf("%d records, %d commits, %d topics acknowledged; %d more kills in recovery", l.acks, l.commits, len(l.topics), inRecovery)
	if kills > 3 && inRecovery == 0 {
		t.Error("no kill fell into recovery")
	}
}

// quick makes a client that notices soon that the broker is back, and that
// never gives up on a record.
func quick() []kgo.Opt {
	return []kgo.Opt{
		kgo.RetryBackoffFn(func(int) time.Duration { return 5 * time.Millisecond }),
		kgo.MetadataMinAge(10 * time.Millisecond),
		kgo.UnknownTopicRetries(-1),
		kgo.MaxBufferedRecords(500),
	}
}

func envInt(t testing.TB, name string, unset int) int {
	t.Helper()
	s := os.Getenv(name)
	if s == "" {
		return unset
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// freePort returns a port that nobody has, below those that the system hands
// out by itself: while the broker is dead, somebody else's listener must not
// get it, nor the dialling client, which would then talk to itself.
func freePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := 15000 + rand.IntN(10000)
		ln, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err != nil {
			continue
		}
		ln.Close()
		return port
	}
	t.Fatal("no free port")
	return 0
}

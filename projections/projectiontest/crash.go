package projectiontest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology"
)

// Eventful returns logs in which everything happens: versions, copies, words of
// all kinds, a purge; rules that come and go, states that expire.
func Eventful(tb testing.TB) (tagged, history *Log) {
	tb.Helper()
	return eventful(tb), eventfulHistory(tb).Log
}

func eventful(t testing.TB) *Log {
	log := NewLog(t, topology.Tagged, 0)
	for event := range 8 {
		log.Find(Finding{Event: event, Rule: 1, Version: 1, Technique: event % 4, Step: 40 + event})
	}
	log.Find(Finding{Event: 3, Rule: 1, Version: 2, Technique: 3, Step: 80}, Finding{Event: 3, Rule: 1, Version: 2, Technique: 3, Step: 80})
	log.Add(ofRule(1, 1, 1, false)).Find(Finding{Event: 20, Rule: 1, Version: 1, Step: 50}, Finding{Event: 20, Rule: 2, Version: 1, Step: 60})
	log.Add(ofRule(2, 1, 1, true)).Add(ofID(3, "tag", Finding{Event: 20, Rule: 2, Version: 1, Step: 60}.Tag(t).UUID, false))
	log.Add(ofID(4, "attacker", Finding{Event: 2}.Attacker(), false)).Find(Finding{Event: 2, Rule: 3, Step: 70}, Finding{Event: 4, Rule: 3, Step: 70})
	return log
}

func eventfulHistory(t testing.TB) *history {
	h := newHistory(t).publish("R0001", ruleText("R0001", 1), 1).state("R0001", "disabled", 1)
	return h.publish("R0001", ruleText("R0001", 2), 2).end("expiry", "R0001", 1).remove("R0001")
}

// work claims and writes everything in small batches, as a program does.
func work(t testing.TB, store projections.Store, logs ...*Log) error {
	for _, log := range logs {
		claims, err := store.Claim(bounded(t), log.Source())
		if err != nil {
			return err
		}
		claim := claims[0]
		for next := int(max(claim.Next, 0)); next < log.Len(); next = int(claim.Next) {
			end := min(next+5, log.Len())
			if err := store.Write(bounded(t), log.Batch(claim, end)); err != nil {
				return err
			}
			claim.Next = int64(end)
		}
	}
	return nil
}

// A program that is killed between any two of its statements leaves what it
// takes to go on from, and the ledger that comes of it is that of an
// undisturbed run.
func testCrashAnywhere(t *testing.T, fresh New) {
	tagged, rules := eventful(t), eventfulHistory(t)
	want := undisturbed(t, fresh, tagged, rules.Log)
	// Side by side: a server spends most of the time on connections that come
	// and go.
	const lanes = 4
	stride := lanes * thinned(t)
	for lane := range lanes {
		t.Run(fmt.Sprint("from-", lane+1), func(t *testing.T) {
			t.Parallel()
			at, struck := lane+1+rand.IntN(stride/lanes)*lanes, true
			for ; struck; at += stride {
				iterate(t, func(tb testing.TB) { struck = crashAt(t, tb, fresh(tb), at, want, tagged, rules.Log) })
			}
			t.Logf("killed before every %dth of %d statements", stride, at-stride)
		})
	}
}

// envAll, set to anything, has servers killed before each statement too, which
// takes minutes.
const envAll = "TTPSTREAM_EVERY_STATEMENT"

// thinned returns of how many statements one is tried: a server's connections
// take long to come and go.
func thinned(t *testing.T) int {
	if strings.HasPrefix(t.Name(), "TestSQLite") || os.Getenv(envAll) != "" {
		return 1
	}
	return 8
}

// crashAt reports whether there was such a statement.
func crashAt(t *testing.T, tb testing.TB, database Open, at int, want map[string]string, tagged, rules *Log) (struck bool) {
	t.Helper()
	faults := &Faults{At: at}
	killed := database(tb, faults.Wrap)
	faults.Arm()
	err := work(tb, killed, tagged, rules)
	if struck = faults.Struck(); struck != (err != nil) || errors.Is(err, projections.ErrCorrupt) {
		t.Fatalf("statement %d: struck %v, error %v", at, struck, err)
	}
	_ = killed.Close() // it is dead
	again := opened(tb, database)
	if err := work(tb, again, tagged, rules); err != nil {
		t.Fatalf("statement %d: going on: %v", at, err)
	}
	same(t, "after a kill", want, Check(t, bounded(tb), again, tagged))
	return struck
}

// When the answer to a commit is lost, the program that tries again finds its
// batch written, and goes on.
func testLostAnswers(t *testing.T, fresh New) {
	tagged, rules := eventful(t), eventfulHistory(t)
	want := undisturbed(t, fresh, tagged, rules.Log)
	struck := true
	for at := 1; struck; at++ {
		iterate(t, func(tb testing.TB) {
			faults := &Faults{At: at, Done: true, Once: true, Only: "COMMIT"}
			store := fresh(tb)(tb, faults.Wrap)
			defer store.Close()
			faults.Arm()
			for _, log := range []*Log{tagged, rules.Log} {
				if refused, err := persistent(bounded(tb), store, log, 5); refused > 0 || err != nil {
					t.Fatalf("commit %d: refused %d times, error %v", at, refused, err)
				}
			}
			same(t, "after a lost answer", want, Check(t, bounded(tb), store, tagged))
			if struck = faults.Struck(); !struck {
				t.Logf("lost the answers to each of %d commits", at-1)
			}
		})
	}
}

func undisturbed(t *testing.T, fresh New, logs ...*Log) map[string]string {
	t.Helper()
	store := open(t, fresh)
	if err := work(t, store, logs...); err != nil {
		t.Fatal(err)
	}
	return Check(t, bounded(t), store, logs[0])
}

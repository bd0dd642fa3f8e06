package processors

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// From the acknowledged publication to the rule in force in each of three
// instances. It is measured and said, not held to a number: the machine is
// shared.
func TestARuleIsSoonInForceInEveryInstance(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		r := p.registrar()
		p.decided(topology.Rules, p.publish(ruleMessage("R1", 1, "v1")), r)
		followers := []*following{p.follower("a"), p.follower("b"), p.follower("c")}
		var took []time.Duration
		for version := 2; version <= 21; version++ {
			began := time.Now()
			p.publish(ruleMessage("R1", version, fmt.Sprintf("v%d", version)))
			for _, f := range followers {
				f.reach(t, int64(version-1))
			}
			took = append(took, time.Since(began))
			for _, f := range followers {
				if got := finds(f.Load(), fmt.Sprintf("v%d", version)); got != fmt.Sprintf("R1/%d", version) {
					t.Fatalf("in force at version %d: %q", version, got)
				}
			}
		}
		slices.Sort(took)
		t.Logf("publish to in force in all of three: p50 %v, p90 %v, max %v (of it %v gathering)",
			took[len(took)/2].Round(time.Millisecond), took[len(took)*9/10].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond), swapPause)
	})
}

// Changes that come at one moment cost one swap. A transaction makes them come
// so.
func TestChangesAtOneMomentAreOneSwap(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		f := p.follower("f")
		const rulesPublished = 30
		var batch []topology.Message
		for i := range rulesPublished {
			id := fmt.Sprintf("R%02d", i)
			batch = append(batch, historyMessage(t, &schemas.RuleHistory{
				Change: schemas.ChangeRule, Key: id, Content: ruleText(id, 1, "one"), Version: 1, Hash: strings.Repeat("0", 64),
				InboxTopic: "ttp.rules", InboxOffset: int64(i), AdmittedAt: noon,
			}))
		}
		topologytest.Transact(t, c, true, batch...)
		f.reach(t, rulesPublished-1)
		var swaps []int
		p.await(topology.RuleStatus, func(record topology.Record) bool {
			status, err := schemas.Decode[schemas.RuleStatus](record.Value)
			if err != nil {
				t.Fatal(err)
			}
			swaps = append(swaps, status.Rules)
			return status.Revision == rulesPublished-1
		})
		if !slices.Equal(swaps, []int{0, rulesPublished}) {
			t.Errorf("rules in force after each swap: %v", swaps)
		}
	})
}

// delayed is a history whose records come when they come.
type delayed chan topology.Record

func (d delayed) Poll(ctx context.Context) ([]topology.Record, error) {
	select {
	case r := <-d:
		return []topology.Record{r}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d delayed) PollFor(ctx context.Context, patience time.Duration) ([]topology.Record, error) {
	select {
	case r := <-d:
		return []topology.Record{r}, nil
	case <-time.After(patience):
		return nil, nil
	}
}

// Changes that come within twenty milliseconds of the first cost one swap, and
// nobody waits longer for a change because others follow it.
func TestChangesWithinAMomentAreOneSwap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := NewFollower(topology.Cluster{}, "f", new(rules.Holder), rules.Options{}, nil, slog.New(slog.DiscardHandler))
		f.fold = rules.NewFold(rules.Options{})
		history, began := make(delayed), time.Now()
		go func() {
			for i, at := range []time.Duration{100, 105, 119, 121, 300} {
				time.Sleep(time.Until(began.Add(at * time.Millisecond))) // the bubble's clock, not ours
				id := fmt.Sprintf("R%d", i)
				history <- topology.Record{Offset: int64(i), Value: historyMessage(t, &schemas.RuleHistory{
					Change: schemas.ChangeRule, Key: id, Content: ruleText(id, 1, "one"), Version: 1, Hash: "h",
					InboxTopic: "ttp.rules", InboxOffset: int64(i), AdmittedAt: noon,
				}).Value}
			}
		}()
		var swaps []string
		for f.Revision() < 4 {
			if err := f.batch(t.Context(), history); err != nil {
				t.Fatal(err)
			}
			swaps = append(swaps, fmt.Sprintf("%d rules at %v", f.holder.Load().Len(), time.Since(began)))
		}
		if got := strings.Join(swaps, ", "); got != "3 rules at 120ms, 4 rules at 141ms, 5 rules at 320ms" {
			t.Errorf("swaps: %s", got)
		}
	})
}

func historyMessage(t *testing.T, change *schemas.RuleHistory) topology.Message {
	t.Helper()
	raw, err := schemas.EncodeJSON(change)
	if err != nil {
		t.Fatal(err)
	}
	return topology.Message{Topic: topology.RuleHistory, Key: change.Key, Value: raw}
}

// No rules are a complete set too, and the last record of the history may be
// one that nobody ever sees.
func TestAFollowerIsReadyWhateverTheHistoryEndsWith(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		if f := p.follower("empty"); f.Revision() != -1 || f.Load().Len() != 0 {
			t.Errorf("with no history: revision %d, %d rules", f.Revision(), f.Load().Len())
		}
		p.admitByHand(ruleMessage("R1", 1, "one"))
		topologytest.Transact(t, c, true, topology.Message{Topic: topology.RuleHistory, Key: "x", Value: []byte("x")})
		if f := p.follower("committed"); f.Revision() != 0 {
			t.Errorf("behind the marker of a commit: revision %d", f.Revision())
		}
		topologytest.Transact(t, c, false, topology.Message{Topic: topology.RuleHistory, Key: "x", Value: []byte("x")})
		if f := p.follower("aborted"); f.Revision() != 0 {
			t.Errorf("behind the marker of an abort: revision %d", f.Revision())
		}
	})
}

// A rule that this version cannot read is said once, with its line, and not at
// every swap.
func TestWhatIsNotInForceIsSaidOnce(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	f := NewFollower(topology.Cluster{}, "f", new(rules.Holder), rules.Options{}, nil, slog.New(slog.NewTextHandler(&said, nil)))
	f.fold = rules.NewFold(rules.Options{})
	for offset := range int64(3) {
		change := &schemas.RuleHistory{
			Change: schemas.ChangeRule, Key: "R1", Content: "rule_id: R1\nquantum: 1\n", Version: 1 + offset, Hash: "h",
			InboxTopic: "ttp.rules", InboxOffset: offset, AdmittedAt: noon,
		}
		raw := historyMessage(t, change).Value
		f.apply(topology.Record{Topic: topology.RuleHistory.Name, Offset: offset, Value: raw})
		if err := f.swap(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(said.String(), "quantum"); n != 1 {
		t.Errorf("said %d times:\n%s", n, said.String())
	}
	if f.Revision() != 2 {
		t.Errorf("revision %d", f.Revision())
	}
}

// However much is wrong, the status fits its record and says how much it
// leaves out.
func TestAStatusFitsItsRecord(t *testing.T) {
	t.Parallel()
	var problems rules.Problems
	for range 500 {
		problems = append(problems, rules.Problem{Check: "x", Message: strings.Repeat("\x01", 5_000), Hint: strings.Repeat("\u2028", 5_000)})
	}
	for _, limit := range []int{16 << 10, 64 << 10, 1 << 20} {
		c := topology.Cluster{MaxRecordBytes: limit}
		status := &schemas.RuleStatus{Instance: "i", RuleID: shortKey(strings.Repeat("\x01", 5_000)), Problems: problemsOf(problems), At: noon}
		message, err := statusMessage(c, statusKey(status.RuleID), status)
		if err != nil {
			t.Fatalf("%d bytes: %v", limit, err)
		}
		read, err := schemas.Decode[schemas.RuleStatus](message.Value)
		if err != nil {
			t.Fatalf("%d bytes: %v", limit, err)
		}
		left := len(read.Problems)
		if left == 0 || left < maxProblems && read.Problems[left-1].Message != fmt.Sprintf("and %d more", maxProblems-left+1) {
			t.Errorf("%d bytes: %d problems, the last %q", limit, left, read.Problems[left-1].Message)
		}
	}
}

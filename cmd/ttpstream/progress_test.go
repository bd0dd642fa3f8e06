package main

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// askEvery is how often a test asks the broker how far things are. Nobody
// tells an outsider; a committed offset is a second old anyhow.
const askEvery = 20 * time.Millisecond

// records counts what topics hold, deleted records included.
func records(ctx context.Context, t testing.TB, admin *topology.Admin, topics ...topology.Topic) (total int64) {
	t.Helper()
	for _, topic := range topics {
		ends, err := admin.Ends(ctx, topic)
		if err != nil {
			t.Fatal(err)
		}
		for _, end := range ends {
			total += end
		}
	}
	return total
}

// drained returns when everything published so far is judged and through the
// gate, by the committed offsets.
func drained(ctx context.Context, t testing.TB, admin *topology.Admin) {
	t.Helper()
	for _, j := range judged {
		committed(ctx, t, admin, j.group, j.facts)
	}
	committed(ctx, t, admin, topology.GateGroup, topology.Candidate)
}

func committed(ctx context.Context, t testing.TB, admin *topology.Admin, group topology.Group, topic topology.Topic) {
	t.Helper()
	ends, err := admin.Ends(ctx, topic)
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(ends, func(_ int32, end int64) bool { return end == 0 })
	var at map[int32]int64
	err = ask(ctx, func() (bool, error) {
		all, err := admin.Committed(ctx, group)
		at = all[topic.Name]
		return reached(at, ends), err
	})
	if err != nil {
		t.Fatalf("%s has committed %v of %s, which ends at %v: %v", group.Name, at, topic.Name, ends, err)
	}
}

// inForce returns when so many instances judge by all that is admitted so far:
// what is admitted is in force a moment later only.
func inForce(ctx context.Context, t testing.TB, cluster topology.Cluster, admin *topology.Admin, instances int) {
	t.Helper()
	ends, err := admin.Ends(ctx, topology.RuleHistory)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := topology.NewReader(ctx, cluster, topology.RuleStatus, topology.From{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for judges := map[string]bool{}; len(judges) < instances; {
		records, err := reader.Poll(ctx)
		if err != nil {
			t.Fatalf("revision %d is not in force: %v", ends[0]-1, err)
		}
		for _, record := range records {
			if record.Value == nil {
				continue // a refusal that is over
			}
			status, err := schemas.Decode[schemas.RuleStatus](record.Value)
			if err != nil {
				t.Fatal(err)
			}
			if status.InboxTopic == "" && status.Revision >= ends[0]-1 {
				judges[status.Instance] = true
			}
		}
	}
}

// ask asks again and again until the answer is yes.
func ask(ctx context.Context, question func() (bool, error)) error {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		yes, err := question()
		if err != nil {
			return err
		}
		if yes {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waited in vain: %w", ctx.Err())
		}
	}
}

package api_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// heldRetractions keeps what it was given, or fails.
type heldRetractions struct {
	mu  sync.Mutex
	all []*schemas.Retraction
	err error
}

// Retract keeps it.
func (h *heldRetractions) Retract(_ context.Context, r *schemas.Retraction) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, r)
	return h.err
}

const (
	someTag      = "/tags/9a0aa46d-bb7d-55e7-97fe-34cae05efc3c/retraction"
	someAttacker = "/by-attacker/5247d971-fb5d-50b1-b0bd-52ebba1f3565/purge"
	someRule     = "/rules/R0001/retraction"
)

// What is taken back is on the topic when the answer is 200.
func TestRetractionsArePublished(t *testing.T) {
	t.Parallel()
	cluster := topologytest.Embedded(t)
	topologytest.Provision(t, cluster, topology.Retractions)
	h := newServer(t, api.Options{Ledger: newStore(t), Retractions: api.NewRetractions(topologytest.Producer(t, cluster))}).Handler()
	for _, row := range [][2]string{
		{someTag, `{"reason":"harmless"}`},
		{someAttacker, `{"reason":"asked for","restore":true}`},
		{someRule, `{"reason":"wrong","below":3}`},
		{someRule, `{"reason":"wrong","version":2.0,"from":"2026-01-01T02:00:00+02:00","to":"2026-02-01T00:00:00Z"}`},
	} {
		if w := ask(h, asking{method: "POST", path: api.Prefix + row[0], body: row[1]}); w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", row[0], w.Code, w.Body)
		}
	}
	reader, err := topology.NewReader(t.Context(), cluster, topology.Retractions, topology.From{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var got []string
	err = reader.ReadToEnd(t.Context(), func(r topology.Record) error {
		word, err := schemas.Decode[schemas.Retraction](r.Value)
		if err == nil && word.Key() != r.Key {
			err = fmt.Errorf("under %s", r.Key)
		}
		got = append(got, fmt.Sprintf("%s %s %v by %s", r.Key, word.Reason, word.Restore, word.SetBy))
		return err
	})
	want := []string{
		"tag/9a0aa46d-bb7d-55e7-97fe-34cae05efc3c harmless false by api", "attacker/5247d971-fb5d-50b1-b0bd-52ebba1f3565 asked for true by api",
		"rule/R0001/below=3 wrong false by api", "rule/R0001/version=2/from=2026-01-01T00:00:00Z/to=2026-02-01T00:00:00Z wrong false by api",
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestRetractionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	held := &heldRetractions{}
	h := newServer(t, api.Options{Ledger: newStore(t), Retractions: held}).Handler()
	for _, row := range []struct {
		path, body string
		want       int
	}{
		{someTag, `{}`, 400}, {someTag, `{"reason":""}`, 400}, {someTag, `{"reason":"x","version":1}`, 400}, {someTag, `{"reason":"x","restore":"yes"}`, 400},
		{"/tags/x/retraction", `{"reason":"x"}`, 400}, {"/tags/00000000-0000-0000-0000-000000000000/retraction", `{"reason":"x"}`, 409},
		{someRule, `{"reason":"x","version":1,"below":2}`, 400}, {someRule, `{"reason":"x","version":0}`, 400}, {someRule, `{"reason":"x","version":1.5}`, 400}, {someRule, `{"reason":"x","version":1e300}`, 400}, {someRule, `{"reason":"x","below":-1}`, 400},
		{someRule, `{"reason":"x","from":"2026-02-01T00:00:00Z","to":"2026-01-01T00:00:00Z"}`, 409}, {someRule, `{"reason":"x","from":"soon"}`, 400},
	} {
		if w := ask(h, asking{method: "POST", path: api.Prefix + row.path, body: row.body}); w.Code != row.want {
			t.Errorf("%s %s: %d, want %d: %s", row.path, row.body, w.Code, row.want, w.Body)
		}
	}
	if len(held.all) != 0 {
		t.Errorf("published: %+v", held.all)
	}
	held.err = fmt.Errorf("%w: no broker", api.ErrUnavailable)
	if w := ask(h, asking{method: "POST", path: api.Prefix + someTag, body: `{"reason":"x"}`}); w.Code != http.StatusServiceUnavailable {
		t.Errorf("without a broker: %d", w.Code)
	}
	none := newServer(t, api.Options{Ledger: newStore(t)}).Handler()
	if w := ask(none, asking{method: "POST", path: api.Prefix + someRule, body: `{"reason":"x"}`}); w.Code != http.StatusServiceUnavailable {
		t.Errorf("without Kafka: %d", w.Code)
	}
}

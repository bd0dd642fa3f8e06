package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// What an operator says is on the topic when the answer is 200.
func TestStatesArePublished(t *testing.T) {
	t.Parallel()
	cluster := topologytest.Embedded(t)
	topologytest.Provision(t, cluster, topology.RuleState)
	h := newServer(t, api.Options{Ledger: newStore(t), States: api.NewRuleStates(topologytest.Producer(t, cluster))}).Handler()
	for _, a := range []asking{
		{method: "POST", path: "/rules/R0001/state", body: `{"mode":"disabled","reason":"noisy"}`},
		{method: "POST", path: "/rules/R0002/state", body: `{"mode":"clipped","confidence_max":0.5,"expires_at":"2031-01-01T02:00:00+02:00"}`},
		{method: "DELETE", path: "/rules/R0001/state"},
	} {
		a.path = api.Prefix + a.path
		if w := ask(h, a); w.Code != http.StatusOK {
			t.Fatalf("%s %s: %d %s", a.method, a.path, w.Code, w.Body)
		}
	}
	reader, err := topology.NewReader(t.Context(), cluster, topology.RuleState, topology.From{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var got []string
	err = reader.ReadToEnd(t.Context(), func(r topology.Record) error {
		if r.Value == nil {
			got = append(got, r.Key+" cleared")
			return nil
		}
		s, err := schemas.Decode[schemas.RuleState](r.Value)
		if err != nil {
			return err
		}
		line := fmt.Sprintf("%s %s %q by %s", r.Key, s.Mode, s.Reason, s.SetBy)
		if s.ConfidenceMax != nil {
			line += fmt.Sprintf(" at most %v until %s", *s.ConfidenceMax, s.ExpiresAt)
		}
		if r.Key != s.RuleID || s.SetAt.IsZero() {
			return fmt.Errorf("%s: %+v", r.Key, s)
		}
		got = append(got, line)
		return nil
	})
	want := []string{`R0001 disabled "noisy" by api`, `R0002 clipped "" by api at most 0.5 until 2031-01-01 00:00:00 +0000 UTC`, "R0001 cleared"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// What the broker did not take is not said to be done.
func TestStatesWithoutABroker(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	down := &heldStates{err: fmt.Errorf("%w: connection to broker-7.internal refused", api.ErrUnavailable)}
	odd := &heldStates{err: errors.New("broker-7.internal is odd")}
	for name, row := range map[string]struct {
		states api.RuleStates
		status int
	}{"none": {nil, 503}, "down": {down, 503}, "odd": {odd, 500}} {
		h := newServer(t, api.Options{Ledger: store, States: row.states}).Handler()
		for _, a := range []asking{
			{method: "POST", path: api.Prefix + "/rules/R0001/state", body: `{"mode":"disabled"}`},
			{method: "DELETE", path: api.Prefix + "/rules/R0001/state"},
		} {
			w := ask(h, a)
			p := decode[api.Problem](t, w.Body.Bytes())
			if w.Code != row.status || p.Status != row.status || (w.Code == 503) != (w.Header().Get("Retry-After") != "") || containsAny(w.Body.String(), "broker-7") {
				t.Errorf("%s, %s: %d %v %s", name, a.method, w.Code, w.Header(), w.Body)
			}
		}
	}
	if len(down.states) != 1 || len(down.cleared) != 1 {
		t.Errorf("asked: %+v", down)
	}
}

// A malformed word never reaches the broker.
func TestMalformedStatesAreNotPublished(t *testing.T) {
	t.Parallel()
	states := &heldStates{}
	h := newServer(t, api.Options{Ledger: newStore(t), States: states}).Handler()
	past := schematest.Time.Format("2006-01-02T15:04:05Z")
	for _, row := range []struct {
		asking
		want int
	}{
		{asking{method: "POST", path: "/rules/R0001/state", body: `{"mode":"disabled","expires_at":"` + past + `"}`}, 409},
		{asking{method: "POST", path: "/rules/R0001/state", body: `{"mode":"clipped"}`}, 400},
		{asking{method: "POST", path: "/rules/R%200001/state", body: `{"mode":"disabled"}`}, 400},
		{asking{method: "DELETE", path: "/rules/-R/state"}, 400},
		{asking{method: "DELETE", path: "/rules/R0001/state?why=x"}, 400},
	} {
		row.path = api.Prefix + row.path
		if w := ask(h, row.asking); w.Code != row.want {
			t.Errorf("%s %s: %d %s", row.method, row.path, w.Code, w.Body)
		}
	}
	if len(states.states)+len(states.cleared) != 0 {
		t.Errorf("published: %+v", states)
	}
}

package api_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api"
)

// vitals are what a test says.
type vitals struct {
	lag   int64
	rules int
	err   error
}

// Lag returns it.
func (v vitals) Lag(context.Context) (map[string]int64, error) {
	return map[string]int64{"ttp.tagged": v.lag}, v.err
}

// Rules returns how many.
func (v vitals) Rules(context.Context) (int, int64, error) { return v.rules, 7, v.err }

// away is a ledger that cannot be reached.
type away struct{ projections.LedgerReader }

func (away) Rules(context.Context, projections.PageQuery) (projections.Page[projections.RuleSummary], error) {
	return projections.Page[projections.RuleSummary]{}, projections.ErrUnavailable
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	store := seeded(t)
	for name, row := range map[string]struct {
		o      api.Options
		status int
		want   api.Readiness
	}{
		"ledger alone": {api.Options{Ledger: store}, 200, api.Readiness{Ready: true, Rules: 1, Revision: -1, Lag: map[string]int64{}}},
		"all well":     {api.Options{Ledger: store, Vitals: vitals{lag: 3, rules: 61}}, 200, api.Readiness{Ready: true, Rules: 61, Revision: 7, Lag: map[string]int64{"ttp.tagged": 3}}},
		"no rules":     {api.Options{Ledger: store, Vitals: vitals{}}, 200, api.Readiness{Ready: true, Revision: 7, Lag: map[string]int64{"ttp.tagged": 0}}},
		"behind": {api.Options{Ledger: store, MaxLag: 100, Vitals: vitals{lag: 101, rules: 1}}, 503,
			api.Readiness{Rules: 1, Revision: 7, Lag: map[string]int64{"ttp.tagged": 101}, Reasons: []string{"the ledger is 101 records of ttp.tagged behind"}}},
		"database away": {api.Options{Ledger: away{store}}, 503, api.Readiness{Revision: -1, Lag: map[string]int64{}, Reasons: []string{"the database is not available now"}}},
		"Kafka away": {api.Options{Ledger: store, Vitals: vitals{err: errors.New("broker-7.internal refused")}}, 503,
			api.Readiness{Rules: 1, Revision: -1, Lag: map[string]int64{}, Reasons: []string{"lag: something went wrong here; the log says what", "rules: something went wrong here; the log says what"}}},
	} {
		w := ask(newServer(t, row.o).Handler(), asking{method: "GET", path: "/readyz"})
		got := decode[api.Readiness](t, w.Body.Bytes())
		if row.want.Reasons == nil {
			row.want.Reasons = []string{}
		}
		if diff := cmp.Diff(row.want, got); w.Code != row.status || diff != "" || strings.Contains(w.Body.String(), "broker-7") {
			t.Errorf("%s: %d (-want +got):\n%s", name, w.Code, diff)
		}
		if w.Code != http.StatusOK && w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v", name, w.Header())
		}
	}
}

package api_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/schemas"
)

// Names that point here are not ours, and pages of others change nothing.
func TestHome(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	local := newServer(t, api.Options{Ledger: store, Hosts: []string{"ttp.example"}, States: &heldStates{}}).Handler()
	remote := newServer(t, api.Options{Ledger: store, AllowRemote: true, Access: newAccess(t)}).Handler()
	for host, want := range map[string][2]int{
		"localhost": {200, 200}, "LOCALHOST:8080": {200, 200}, "127.0.0.1:1": {200, 200}, "[::1]:1": {200, 200}, "[::1]": {200, 200}, "127.9.9.9": {200, 200},
		"ttp.example:8080": {200, 421}, "TTP.example": {200, 421}, "evil.example": {421, 421}, "localhost.evil.example": {421, 421}, "10.0.0.1": {421, 200},
		"2130706433": {421, 421}, "0": {421, 421},
	} {
		a := asking{method: "GET", path: "/healthz", host: host}
		if got := [2]int{ask(local, a).Code, ask(remote, a).Code}; got != want {
			t.Errorf("host %s: %v, want %v", host, got, want)
		}
	}
	for name, want := range map[string]int{"cross-site": 403, "same-site": 403, "same-origin": 200, "none": 200} {
		w := ask(local, asking{method: "POST", path: api.Prefix + "/rules/R1/state", body: `{"mode":"disabled"}`, header: http.Header{"Sec-Fetch-Site": {name}}})
		if w.Code != want {
			t.Errorf("a %s page: %d, want %d: %s", name, w.Code, want, w.Body)
		}
	}
}

// Methods that a path does not have are refused with those that it has.
func TestMethods(t *testing.T) {
	t.Parallel()
	h := newServer(t, api.Options{Ledger: newStore(t)}).Handler()
	for _, row := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"POST", "/api/v1/ttp/techniques", 405, "GET, HEAD"},
		{"TRACE", "/healthz", 405, "GET, HEAD"},
		{"PUT", "/api/v1/ttp/rules/R1/state", 405, "DELETE, POST"},
		{"GET", "/api/v1/ttp/rules/R1/state", 405, "DELETE, POST"},
		{"HEAD", "/api/v1/ttp/techniques", 200, ""},
		{"GET", "/", 404, ""},
		{"GET", "/api/v1/ttp/by-session/", 404, ""},
		{"DELETE", "/nowhere", 404, ""},
	} {
		w := ask(h, asking{method: row.method, path: row.path})
		if w.Code != row.status || w.Header().Get("Allow") != row.allow || row.status >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d, allow %q", row.method, row.path, w.Code, w.Header().Get("Allow"))
		}
	}
}

// heldLedger answers when it is let go.
type heldLedger struct {
	projections.LedgerReader
	asked chan struct{}
	let   chan struct{}
}

func (l *heldLedger) Techniques(ctx context.Context, _ float64) ([]projections.TechniqueRollup, error) {
	l.asked <- struct{}{}
	select {
	case <-l.let:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// So many requests are worked on; others wait a moment and are sent away, and
// what takes too long is given up.
func TestBoundsOnWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ledger := &heldLedger{asked: make(chan struct{}), let: make(chan struct{})}
		h := newServer(t, api.Options{Ledger: ledger, MaxConcurrent: 2, RequestTimeout: 10 * time.Second, Now: time.Now}).Handler()
		var wg sync.WaitGroup
		codes := make([]int, 5)
		for i := range 2 {
			wg.Go(func() { codes[i] = get(h, "/techniques").Code })
			<-ledger.asked
		}
		began := time.Now()
		w := get(h, "/techniques")
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || time.Since(began) != 2*time.Second {
			t.Errorf("the third: %d after %v", w.Code, time.Since(began))
		}
		wg.Go(func() { codes[2] = get(h, "/techniques").Code }) // waits for the first
		synctest.Wait()
		ledger.let <- struct{}{}
		<-ledger.asked
		wg.Wait()
		if codes[0]+codes[1] != 200+503 || codes[2] != 503 {
			t.Errorf("statuses %v", codes)
		}
		if took := time.Since(began); took < 10*time.Second || took > 13*time.Second {
			t.Errorf("given up after %v", took)
		}
	})
}

// Bodies are read up to a bound.
func TestBodies(t *testing.T) {
	t.Parallel()
	h := newServer(t, api.Options{Ledger: newStore(t), States: &heldStates{}}).Handler()
	for body, want := range map[string]int{
		"": 400, " ": 400, "{": 400, "null": 400, "[]": 400, `"disabled"`: 400, `{}`: 400, `{"mode":"off"}`: 400, `{"mode":"disabled","mode":"enabled"}`: 400,
		`{"MODE":"disabled"}`: 400, `{"mode":"disabled","more":1}`: 400, "{\"mode\":\"disabled\",\"reason\":\"\xff\"}": 400,
		`{"mode":"clipped"}`: 400, `{"mode":"disabled","confidence_max":0.5}`: 400, `{"mode":"clipped","confidence_max":2}`: 400, `{"mode":"clipped","confidence_max":"0.5"}`: 400,
		`{"mode":"disabled","expires_at":"tomorrow"}`: 400, `{"mode":"disabled","expires_at":"2001-01-01T00:00:00Z"}`: 409, `{"mode":"disabled","expires_at":null}`: 400, `{"mode":"disabled","expires_at":1}`: 400,
		`{"mode":"disabled"} {}`: 400, `{"mode":null}`: 400, `{"mode":"disabled","reason":"` + strings.Repeat("x", 5000) + `"}`: 400,
		`{"mode":"disabled","reason":"` + strings.Repeat("x", 100_000) + `"}`: 413,
		strings.Repeat("[", 30_000): 400,
		`{"mode":"disabled"}`:       200, `{"mode":"clipped","confidence_max":0.5,"expires_at":"2030-01-01T00:00:00+02:00"}`: 200,
		`{"mode":"enabled"}`: 200,
	} {
		w := ask(h, asking{method: "POST", path: api.Prefix + "/rules/R1/state", body: body})
		if w.Code != want {
			t.Errorf("%.60q: %d, want %d: %.200s", body, w.Code, want, w.Body)
		}
	}
	w := ask(h, asking{method: "POST", path: api.Prefix + "/rules/R1/state", body: `mode=disabled`, header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}})
	if w.Code != http.StatusBadRequest && w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("a form: %d %s", w.Code, w.Body)
	}
}

// heldStates keeps what it was given, or fails.
type heldStates struct {
	mu      sync.Mutex
	states  []*schemas.RuleState
	cleared []string
	err     error
}

func (h *heldStates) SetState(_ context.Context, s *schemas.RuleState) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.states = append(h.states, s)
	return h.err
}

func (h *heldStates) ClearState(_ context.Context, id string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cleared = append(h.cleared, id)
	return h.err
}

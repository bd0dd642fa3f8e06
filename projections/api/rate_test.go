package api_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/schemas/schematest"
)

// An address may ask so often, whatever others do.
func TestRate(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	server := newServer(t, api.Options{Ledger: newStore(t), MaxRate: 10, Now: func() time.Time { return schematest.Time.Add(time.Duration(ahead.Load())) }})
	from := func(address string) int {
		return ask(server.Handler(), asking{method: "GET", path: "/healthz", from: address}).Code
	}
	let := func(address string) (n int) {
		for range 100 {
			if from(address) == http.StatusOK {
				n++
			}
		}
		return n
	}
	if got := let("192.0.2.1:1"); got != 20 {
		t.Errorf("%d at once", got)
	}
	if got := let("192.0.2.1:2"); got != 0 {
		t.Errorf("%d more from another port", got)
	}
	if got := let("192.0.2.2:1"); got != 20 {
		t.Errorf("%d from another address", got)
	}
	ahead.Store(int64(time.Second))
	if got := let("192.0.2.1:1"); got != 10 {
		t.Errorf("%d a second later", got)
	}
	if w := ask(server.Handler(), asking{method: "GET", path: "/healthz", from: "192.0.2.1:1"}); w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

package api

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// maxClients bounds how many clients' rates are kept. When there are more, all
// begin anew: better than that the newest are not limited, or none are served.
const maxClients = 10_000

// rates limit how often each address may ask: so many a second, twice as many
// at once. For each it keeps the time up to which it has used its share.
type rates struct {
	every time.Duration
	burst time.Duration
	now   func() time.Time

	mu   sync.Mutex
	used map[string]time.Time
}

func newRates(perSecond float64, now func() time.Time) *rates {
	every := time.Duration(float64(time.Second) / perSecond)
	return &rates{every: every, burst: 2 * time.Second, now: now, used: make(map[string]time.Time)}
}

// allow reports whether an address may ask now, and counts that it does.
func (r *rates) allow(address string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	until := r.used[address]
	if until.Before(now) {
		until = now
	}
	if until = until.Add(r.every); until.Sub(now) > max(r.burst, r.every) {
		return false
	}
	if len(r.used) >= maxClients {
		clear(r.used)
	}
	r.used[address] = until
	return true
}

// rated lets every address ask so often.
func (s *Server) rated(next http.Handler) http.Handler {
	if s.o.MaxRate == 0 {
		return next
	}
	rates := newRates(s.o.MaxRate, s.o.Now)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			address = r.RemoteAddr
		}
		if !rates.allow(address) {
			writeProblem(w, problem(http.StatusTooManyRequests, "this address asks too often"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

package api_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/topology"
)

// What one request costs, with its question to SQLite, on a small ledger.
func BenchmarkRequests(b *testing.B) {
	store := newStore(b)
	log := projectiontest.NewLog(b, topology.Tagged, 0)
	for i := range 2000 {
		log.Find(projectiontest.Finding{Event: i, Rule: 1 + i%30, Technique: i % 4, Step: 40 + i%60})
	}
	log.Write(store)
	h := newServer(b, api.Options{Ledger: store}).Handler()
	attacker := projectiontest.Finding{Event: 1}.Attacker().String()
	etag := get(h, "/techniques").Header().Get("Etag")
	for name, a := range map[string]asking{
		"techniques":     {path: "/techniques"},
		"techniques-304": {path: "/techniques", header: http.Header{"If-None-Match": {etag}}},
		"attacker":       {path: "/by-attacker/" + attacker},
		"tags-100":       {path: "/tags?attacker=" + attacker},
		"navigator":      {path: "/export/navigator"},
		"stix":           {path: "/export/stix"},
	} {
		a.method, a.path = "GET", api.Prefix+a.path
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if w := ask(h, a); w.Code != http.StatusOK && w.Code != http.StatusNotModified {
						b.Errorf("%s: %d", a.path, w.Code)
					}
				}
			})
		})
	}
}

// What an event costs that five hundred clients hear, each over a connection.
func BenchmarkLiveListeners(b *testing.B) {
	const listeners = 500
	log := newMemoryLog(b, 4)
	url, _ := serve(b, newServer(b, api.Options{Ledger: newStore(b), Tags: log}))
	ears := make([]*ear, listeners)
	for i := range ears {
		ears[i] = listen(b, url, "?min_confidence=0.3", "")
	}
	tag := projectiontest.Finding{Event: 1, Rule: 1, Step: 50}.Tag(b)
	b.ResetTimer()
	var wg sync.WaitGroup
	for _, e := range ears {
		wg.Go(func() {
			for range b.N {
				e.hear()
			}
		})
	}
	for range b.N {
		log.publish(tag)
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)*listeners/b.Elapsed().Seconds(), "events/s")
}

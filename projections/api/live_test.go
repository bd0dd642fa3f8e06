package api_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

func TestLive(t *testing.T) {
	t.Parallel()
	log := newMemoryLog(t, 3)
	log.find(projectiontest.Finding{Event: 0, Rule: 1, Step: 90}) // before anybody listens
	url, end := serve(t, newServer(t, api.Options{Ledger: newStore(t), Tags: log}))
	all, picky := listen(t, url, "", ""), listen(t, url, "?min_confidence=0.3&technique=T1059&rule=R0002", "")
	if h := all.answer.Header; h.Get("Content-Type") != "text/event-stream" || h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers: %v", h)
	}
	weak := projectiontest.Finding{Event: 1, Rule: 2, Technique: 1, Step: 40}
	strong := projectiontest.Finding{Event: 2, Rule: 1, Technique: 2, Step: 80}
	log.find(weak, strong, projectiontest.Finding{Event: 3, Rule: 2, Step: 29})
	got := all.hearTag()
	if got.UUID != strong.Tag(t).UUID || got.State != "" || got.Confidence != 0.8 || len(got.Evidence) == 0 || got.Name == "" {
		t.Errorf("heard %+v", got)
	}
	if got := picky.hearTag(); got.UUID != weak.Tag(t).UUID {
		t.Errorf("heard %+v", got)
	}
	log.publish("nonsense", schematest.Retraction(func(r *schemas.Retraction) { r.Sequence = 3 }))
	for _, e := range []*ear{all, picky} {
		if h := e.hear(); h.name != "retraction" || !strings.Contains(h.data, schematest.RuleID) {
			t.Errorf("heard %+v", h)
		}
	}
	if err := end(); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadAll(all.lines); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the end: %v", err)
	}
}

// A client that hangs up and comes back at random hears everything once, in
// the order of each attacker.
func TestLiveMissesNothing(t *testing.T) {
	t.Parallel()
	log := newMemoryLog(t, 4)
	server := newServer(t, api.Options{Ledger: newStore(t), Tags: log})
	url, _ := serve(t, server)
	const total = 400
	e := listen(t, url, "?min_confidence=0.3", "")
	published := make(chan struct{})
	go func() {
		defer close(published)
		for i := range total {
			log.find(projectiontest.Finding{Event: i, Rule: 1, Step: 50})
		}
	}()
	seen := map[uuid.UUID]bool{}
	last := map[uuid.UUID]time.Time{}
	random := rand.New(rand.NewPCG(1, 2))
	for len(seen) < total {
		if random.IntN(20) == 0 {
			e.hangUp()
			e = listen(t, url, "?min_confidence=0.3", e.lastID)
		}
		tag := e.hearTag()
		if seen[tag.UUID] || tag.CreatedAt.Before(last[tag.AttackerUUID]) {
			t.Fatalf("again or out of order: %s", tag.UUID)
		}
		seen[tag.UUID], last[tag.AttackerUUID] = true, tag.CreatedAt
	}
	<-published
	// From the very beginning, which no feed has in memory.
	other := newServer(t, api.Options{Ledger: newStore(t), Tags: log})
	url, _ = serve(t, other)
	e = listen(t, url, "?min_confidence=0.3", "0.0.0.0")
	again := map[uuid.UUID]bool{}
	for range total {
		again[e.hearTag().UUID] = true
	}
	log.find(projectiontest.Finding{Event: total, Rule: 1, Step: 50})
	if again[e.hearTag().UUID] || len(again) != total {
		t.Errorf("%d of %d heard from the log", len(again), total)
	}
}

// A client that does not read is dropped, the others do not notice, and it
// finds everything when it comes back.
func TestLiveDropsWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	log := newMemoryLog(t, 2)
	ended := make(chan string, 10)
	url, _ := serve(t, newServer(t, api.Options{
		Ledger: newStore(t), Tags: log, LivePatience: 200 * time.Millisecond, Logger: slog.New(onRequest(func(route string) { ended <- route })),
	}))
	address := strings.TrimPrefix(url, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.(*net.TCPConn).SetReadBuffer(256 << 10)
	fmt.Fprintf(conn, "GET %s/live?min_confidence=0.3 HTTP/1.1\r\nHost: localhost\r\n\r\n", api.Prefix)
	stalled := bufio.NewReaderSize(conn, 64)
	for line := ""; !strings.HasPrefix(line, "id: "); {
		if line, err = stalled.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	brisk := listen(t, url, "?min_confidence=0.3", "")
	const total = 6000
	tag := projectiontest.Finding{Event: 1, Rule: 1, Step: 50}.Tag(t, func(tag *schemas.Tag) {
		tag.Evidence = &schemas.CommandEvidence{Matched: schemas.Matched{MatchedTokens: []schemas.Token{
			{Field: "a", Text: strings.Repeat("x", 250)}, {Field: "b", Text: strings.Repeat("y", 250)}, {Field: "c", Text: strings.Repeat("z", 250)},
		}}}
	})
	for range total {
		log.publish(tag)
	}
	for range total {
		brisk.hearTag()
	}
	if route := <-ended; !strings.HasSuffix(route, "/live") {
		t.Fatalf("%s has ended", route)
	}
	// Only now the stalled one reads: what it was sent, and then the end.
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	rest, err := io.ReadAll(stalled)
	if errors.Is(err, context.DeadlineExceeded) || strings.Contains(fmt.Sprint(err), "timeout") {
		t.Fatalf("not dropped: %v", err)
	}
	got := strings.Count(string(rest), "event: tag\n")
	if got >= total {
		t.Fatalf("all %d events fitted into the connection; nothing was tested", got)
	}
	ids := strings.Split(string(rest[:strings.LastIndex(string(rest), "\n\n")]), "\nid: ")
	last, _, _ := strings.Cut(ids[len(ids)-1], "\n")
	back := listen(t, url, "?min_confidence=0.3", last)
	back.hearTag()
}

// So many may listen.
func TestLiveIsBounded(t *testing.T) {
	t.Parallel()
	log := newMemoryLog(t, 2)
	url, _ := serve(t, newServer(t, api.Options{Ledger: newStore(t), Tags: log, MaxLive: 100}))
	ears := make([]*ear, 100)
	for i := range ears {
		ears[i] = listen(t, url, "", "")
	}
	if e := listen(t, url, "", ""); e.answer.StatusCode != http.StatusServiceUnavailable || e.answer.Header.Get("Retry-After") == "" {
		t.Errorf("one more: %s", e.answer.Status)
	}
	log.find(projectiontest.Finding{Event: 1, Rule: 1, Step: 90})
	for _, e := range ears {
		e.hearTag()
	}
	if reads := log.readers(); reads != 1 {
		t.Errorf("%d readers for listeners that are all at the end", reads)
	}
}

func TestLiveRefusals(t *testing.T) {
	t.Parallel()
	log := newMemoryLog(t, 2)
	log.find(projectiontest.Finding{Event: 1, Rule: 1, Step: 90}, projectiontest.Finding{Event: 2, Rule: 1, Step: 90})
	h := newServer(t, api.Options{Ledger: newStore(t), Tags: log}).Handler()
	for id, want := range map[string]int{
		"nonsense": 400, "1": 400, "1.1.1": 400, "-1.0": 400, "01.0": 400, "1.": 400, "99999999999999999999.0": 400, strings.Repeat("0.", 9000) + "0": 400,
		"7.7": 410,
	} {
		w := ask(h, asking{method: "GET", path: api.Prefix + "/live", header: http.Header{"Last-Event-Id": {id}}})
		if w.Code != want {
			t.Errorf("id %.20s: %d, want %d: %s", id, w.Code, want, w.Body)
		}
	}
	for _, path := range []string{"/live?technique=x", "/live?min_confidence=NaN", "/live?attacker=me", "/live?what=x"} {
		if w := get(h, path); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := ask(h, asking{method: "HEAD", path: api.Prefix + "/live"}); w.Code != http.StatusOK {
		t.Errorf("HEAD: %d", w.Code)
	}
	if w := get(newServer(t, api.Options{Ledger: newStore(t)}).Handler(), "/live"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("without Kafka: %d", w.Code)
	}
	away := newMemoryLog(t, 2)
	away.err = errors.New("broker-7.internal refused")
	w := get(newServer(t, api.Options{Ledger: newStore(t), Tags: away}).Handler(), "/live")
	if w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "broker-7") {
		t.Errorf("with a broker that is away: %d %s", w.Code, w.Body)
	}
}

// The same over a broker.
func TestLiveOnABroker(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.Tagged)
		producer := topologytest.Producer(t, c)
		publish := func(event int) {
			t.Helper()
			tag := projectiontest.Finding{Event: event, Rule: 1, Step: 90}.Tag(t)
			raw, err := schemas.EncodeJSON(tag)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := producer.ProduceSync(t.Context(), topology.Message{Topic: topology.Tagged, Key: tag.Anchor().String(), Value: raw}); err != nil {
				t.Fatal(err)
			}
		}
		publish(0)
		url, _ := serve(t, newServer(t, api.Options{Ledger: newStore(t), Tags: api.NewTagLog(c)}))
		e := listen(t, url, "", "")
		publish(1)
		first := e.hearTag()
		e.hangUp()
		for i := range 20 {
			publish(2 + i)
		}
		e = listen(t, url, "", e.lastID)
		seen := map[uuid.UUID]bool{first.UUID: true}
		for range 20 {
			seen[e.hearTag().UUID] = true
		}
		if len(seen) != 21 {
			t.Errorf("%d different tags", len(seen))
		}
		old := listen(t, url, "", "0.0.0.0")
		for range 22 {
			old.hearTag()
		}
		if lost := listen(t, url, "", "1000.0.0.0"); lost.answer.StatusCode != http.StatusGone {
			t.Errorf("ahead of the log: %s", lost.answer.Status)
		}
	})
}

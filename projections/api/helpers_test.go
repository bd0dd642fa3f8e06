package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/projections/sqlstore"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
)

var update = flag.Bool("update", false, "rewrite golden files")

// patience bounds everything that a test waits for.
const patience = time.Minute

// newStore opens an empty ledger.
func newStore(tb testing.TB) projections.Store {
	tb.Helper()
	store, err := sqlstore.Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "ledger.db"), sqlstore.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := store.Close(); err != nil {
			tb.Error(err)
		}
	})
	return store
}

const ruleText = `rule_id: R0001
rule_version: %d
name: fetches_a_file
description: Fetches a file.
attack_release: enterprise-v19.1
applies_to: [{source_kind: command}]
match:
  selection: {cmd.name: wget}
  condition: selection
emits:
  - {tactic: TA0011, technique_id: T1105, confidence: 0.8}
`

func textOf(version int) (text, hash string) {
	text = fmt.Sprintf(ruleText, version)
	sum := sha256.Sum256([]byte(text))
	return text, hex.EncodeToString(sum[:])
}

// seeded returns a ledger with two versions of a clipped rule, twenty findings
// of it and of others, a superseded and a retracted one, and hostile evidence.
func seeded(tb testing.TB) projections.Store {
	tb.Helper()
	store := newStore(tb)
	history := projectiontest.NewLog(tb, topology.RuleHistory, 0)
	for version := range 2 {
		text, hash := textOf(version + 1)
		history.Add(schematest.RuleHistory(func(r *schemas.RuleHistory) {
			r.Key, r.Content, r.Version, r.Hash, r.InboxOffset = "R0001", text, int64(version+1), hash, int64(version)
		}))
	}
	state, err := schemas.EncodeJSON(schematest.RuleState(func(s *schemas.RuleState) {
		s.RuleID, s.Mode, s.ConfidenceMax, s.Reason = "R0001", schemas.ModeClipped, new(0.9), "matches <b>harmless</b> ones"
	}))
	if err != nil {
		tb.Fatal(err)
	}
	history.Add(schematest.RuleHistory(func(r *schemas.RuleHistory) {
		r.Change, r.Key, r.Content, r.Version, r.Hash = schemas.ChangeState, "R0001", string(state), 0, ""
		r.InboxTopic, r.InboxOffset = topology.RuleState.Name, 4
	}))
	history.Write(store)

	_, hash := textOf(1)
	log := projectiontest.NewLog(tb, topology.Tagged, 0)
	for i := range 20 {
		f := projectiontest.Finding{Event: i, Rule: 1 + i%3, Technique: i % 4, Step: 40 + i*3}
		log.Add(f.Tag(tb, func(t *schemas.Tag) { t.RuleHash = hash }))
	}
	log.Find(projectiontest.Finding{Event: 4, Rule: 2, Version: 2, Technique: 0, Step: 70})
	log.Add(projectiontest.Finding{Event: 21, Rule: 4, Technique: 0, Step: 95}.Tag(tb, func(t *schemas.Tag) {
		t.SessionID = "../..\u202e<script>\x1b[2J"
		t.Evidence = &schemas.CommandEvidence{Matched: schemas.Matched{MatchedTokens: []schemas.Token{
			{Field: "cmd.args", Text: "\x1b[31m\u202egpj.exe</script>", Pattern: "exe"},
		}}}
	}))
	log.Add(schematest.Retraction(func(r *schemas.Retraction) { r.RuleID, r.Version, r.Sequence = "R0003", 1, 9 }))
	log.Write(store)
	return store
}

// newServer makes a server that is closed when the test ends.
func newServer(tb testing.TB, o api.Options) *api.Server {
	tb.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return schematest.Time.Add(30 * time.Hour) }
	}
	server, err := api.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(server.Close)
	return server
}

// asking is a request that is about to be sent.
type asking struct {
	method, path, body string
	header             http.Header
	host, from         string
}

// ask sends a request to the handler, without a network.
func ask(h http.Handler, a asking) *httptest.ResponseRecorder {
	var r *http.Request
	if a.body != "" {
		r = httptest.NewRequest(a.method, "http://localhost/", strings.NewReader(a.body))
		r.Header.Set("Content-Type", "application/json")
	} else {
		r = httptest.NewRequest(a.method, "http://localhost/", nil)
	}
	path, query, _ := strings.Cut(a.path, "?")
	r.URL.RawQuery, r.RequestURI = query, a.path
	if u, err := r.URL.Parse(path); err == nil {
		r.URL.Path, r.URL.RawPath = u.Path, u.RawPath
	} else {
		r.URL.Path = path
	}
	for name, values := range a.header {
		r.Header[name] = values
	}
	if a.host != "" {
		r.Host = a.host
	}
	if a.from != "" {
		r.RemoteAddr = a.from
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// get asks for a path below the prefix.
func get(h http.Handler, path string) *httptest.ResponseRecorder {
	return ask(h, asking{method: "GET", path: api.Prefix + path})
}

func decode[T any](tb testing.TB, raw []byte) (value T) {
	tb.Helper()
	if err := json.Unmarshal(raw, &value); err != nil {
		tb.Fatalf("%v: %s", err, raw)
	}
	return value
}

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", path, diff)
	}
}

func containsAny(s string, parts ...string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
)

// The contract that is checked in is the one that is served.
func TestContract(t *testing.T) {
	t.Parallel()
	server := newServer(t, api.Options{Ledger: newStore(t)})
	contract, err := server.Contract()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "../openapi.json", contract)
	w := ask(server.Handler(), asking{method: "GET", path: "/openapi.json"})
	if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), contract) || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("served: %d %v", w.Code, w.Header())
	}
	if w = ask(server.Handler(), asking{method: "GET", path: "/openapi.json", header: http.Header{"If-None-Match": w.Header()["Etag"]}}); w.Code != http.StatusNotModified {
		t.Errorf("asked again: %d", w.Code)
	}
}

// shown returns an answer as a golden shows it.
func shown(a asking, w *httptest.ResponseRecorder) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s\n%d\n", a.method, a.path, w.Code)
	var names []string
	for name := range w.Header() {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(w.Header()[name], ", "))
	}
	b.WriteString("\n")
	if json.Indent(&b, w.Body.Bytes(), "", "  ") != nil {
		b.Write(w.Body.Bytes())
	}
	return b.Bytes()
}

// What a person sees of every route.
func TestAnswers(t *testing.T) {
	t.Parallel()
	server := newServer(t, api.Options{Ledger: seeded(t), Version: "1.2.3"})
	f := projectiontest.Finding{Event: 9, Rule: 1, Technique: 1, Step: 67}
	_, hash := textOf(1)
	_ = hash
	attacker, tag := f.Attacker().String(), f.Tag(t).UUID.String()
	for name, path := range map[string]string{
		"techniques":         "/techniques",
		"techniques-all":     "/techniques?min_confidence=0.3",
		"technique":          "/techniques/T1059?min_confidence=0.3",
		"attackers":          "/by-attacker?min_confidence=0.3&limit=3",
		"attacker":           "/by-attacker/" + attacker + "?min_confidence=0.3",
		"session":            "/by-session/session-4-0?min_confidence=0.3",
		"session-hostile":    "/by-session/" + "..%2F..%E2%80%AE%3Cscript%3E%1B%5B2J",
		"session-techniques": "/by-session/session-4-0/techniques?min_confidence=0.3",
		"days":               "/by-day?min_confidence=0.3&to=2026-04-16&days=2",
		"by-rule":            "/by-rule",
		"by-rule-one":        "/by-rule/R0001",
		"tags":               "/tags?technique=T1059&limit=2",
		"tag":                "/tags/" + tag,
		"rules":              "/rules",
		"rule":               "/rules/R0001?min_confidence=0.3",
		"navigator":          "/export/navigator?min_confidence=0.3",
		"navigator-empty":    "/export/navigator?session=nobody",
		"stix":               "/export/stix?min_confidence=0.3&session=session-4-0&tlp=green",
		"misp":               "/export/misp?min_confidence=0.3&session=session-4-0",
		"tags-both":          "/tags?session=session-4-0&rule=R0002&min_confidence=0.3",
		"tag-unknown":        "/tags/00000000-0000-4000-8000-000000000000",
		"rule-unknown":       "/rules/nobody",
		"bad-floor":          "/techniques?min_confidence=2",
		"bad-name":           "/techniques?min_confidense=0.5",
		"bad-attacker":       "/by-attacker/me",
		"bad-path":           "/nowhere",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := asking{method: "GET", path: api.Prefix + path}
			golden(t, name+".txt", shown(a, ask(server.Handler(), a)))
		})
	}
}

// The routes about the server itself.
func TestServerRoutes(t *testing.T) {
	t.Parallel()
	server := newServer(t, api.Options{Ledger: seeded(t), Version: "1.2.3"})
	for path, want := range map[string]string{
		"/healthz": `{"ok":true}`,
		"/readyz":  `{"ready":true,"reasons":[],"lag":{},"rules":1,"revision":-1}`,
	} {
		if w := ask(server.Handler(), asking{method: "GET", path: path}); w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != want {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if v := decode[api.Version](t, get(server.Handler(), "/version").Body.Bytes()); v.Version != "1.2.3" || v.AttackRelease != "enterprise-v19.1" || v.Go == "" || len(v.Releases) < 2 {
		t.Errorf("version: %+v", v)
	}
	if w := get(server.Handler(), "/techniques/T1059/groups"); w.Code != http.StatusOK || len(decode[[]api.Group](t, w.Body.Bytes())) == 0 {
		t.Errorf("groups: %d %s", w.Code, w.Body)
	}
}

package api_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/projections/api/access"
	"github.com/ttpstream/ttpstream/schemas/schematest"
)

var secret = []byte(strings.Repeat("k", access.MinSecret))

func newAccess(tb testing.TB) *access.Authenticator {
	tb.Helper()
	a, err := access.New(tb.Context(), access.Options{Secrets: [][]byte{secret}, Now: func() time.Time { return schematest.Time }})
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// token signs the claims of a caller.
func token(tb testing.TB, method jwt.SigningMethod, key any, changes jwt.MapClaims) string {
	tb.Helper()
	claims := jwt.MapClaims{"iss": "ttpstream", "aud": "ttpstream", "sub": "ada", "roles": "admin", "exp": schematest.Time.Add(time.Hour).Unix()}
	for name, value := range changes {
		claims[name] = value
	}
	text, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		tb.Fatal(err)
	}
	return "Bearer " + text
}

// callers are the kinds of callers, and what they are told before anything
// else of a request counts: of reading, and of changing. 0: they may.
func callers(tb testing.TB) map[string]struct {
	header       string
	read, change int
} {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		tb.Fatal(err)
	}
	hs := jwt.SigningMethodHS256
	return map[string]struct {
		header       string
		read, change int
	}{
		"no token":                {"", 401, 401},
		"expired":                 {token(tb, hs, secret, jwt.MapClaims{"exp": schematest.Time.Add(-time.Hour).Unix()}), 401, 401},
		"wrong audience":          {token(tb, hs, secret, jwt.MapClaims{"aud": "other"}), 401, 401},
		"alg none":                {token(tb, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil), 401, 401},
		"HS with a public key":    {token(tb, hs, public, nil), 401, 401},
		"RS without a provider":   {token(tb, jwt.SigningMethodRS256, key, nil), 401, 401},
		"signed by somebody else": {token(tb, hs, []byte(strings.Repeat("x", 32)), nil), 401, 401},
		"no role":                 {token(tb, hs, secret, jwt.MapClaims{"roles": "guest"}), 403, 403},
		"viewer":                  {token(tb, hs, secret, jwt.MapClaims{"roles": "viewer"}), 0, 403},
		"admin":                   {token(tb, hs, secret, nil), 0, 0},
	}
}

// operation is a route of the contract with samples for its parameters.
type operation struct {
	method, path string
	open         bool
	good         []asking
	bad          []asking
}

// operations makes requests, good and bad ones, for every route that the
// contract has, so that a new route is in the table at once.
func operations(tb testing.TB, server *api.Server) (all []operation) {
	tb.Helper()
	contract, err := server.Contract()
	if err != nil {
		tb.Fatal(err)
	}
	type parameter struct {
		Name, In string
		Required bool
	}
	doc := decode[struct {
		Paths map[string]map[string]struct {
			Security    []any
			Parameters  []parameter
			RequestBody *struct{}
		}
	}](tb, contract)
	sample := strings.NewReplacer("{attacker}", "5247d971-fb5d-50b1-b0bd-52ebba1f3565", "{session}", "session-4-0", "{rule}", "R0001",
		"{technique}", "T1059", "{tag}", "9a0aa46d-bb7d-55e7-97fe-34cae05efc3c", "{collection}", "f4ad4cb6-5b2d-5d4f-9f0c-0b7b8e1e6a40")
	for path, methods := range doc.Paths {
		for method, spec := range methods {
			at := sample.Replace(path)
			if strings.Contains(at, "{") {
				tb.Fatalf("%s: a parameter without a sample", path)
			}
			op := operation{method: strings.ToUpper(method), path: path, open: len(spec.Security) == 0}
			a := asking{method: op.method, path: at}
			if path == api.Prefix+"/tags" {
				a.path += "?rule=R0001"
			}
			separator := "?"
			if strings.Contains(a.path, "?") {
				separator = "&"
			}
			if spec.RequestBody != nil {
				a.body = `{"mode":"disabled"}`
				if !strings.HasSuffix(path, "/state") {
					a.body = `{"reason":"wrong"}`
				}
				for _, body := range []string{"{", `{"mode":"off"}`, strings.Repeat("x", 200_000)} {
					op.bad = append(op.bad, asking{method: op.method, path: a.path, body: body})
				}
			}
			op.good = []asking{a}
			for _, query := range []string{"nonsense=1", "%00=1", "x=%ff", "%zz"} {
				op.bad = append(op.bad, asking{method: op.method, path: a.path + separator + query, body: a.body})
			}
			all = append(all, op)
		}
	}
	slices.SortFunc(all, func(a, b operation) int {
		return cmp.Or(strings.Compare(a.path, b.path), strings.Compare(a.method, b.method))
	})
	return all
}

// Every route, asked by everybody, well and badly: who asks is checked before
// what is asked.
func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	states := &heldStates{}
	retracted := &heldRetractions{}
	server := newServer(t, api.Options{Ledger: seeded(t), Access: newAccess(t), States: states, Retractions: retracted, Tags: newMemoryLog(t, 2)})
	changed := 0
	for name, caller := range callers(t) {
		for _, op := range operations(t, server) {
			refused := caller.read
			if op.method != "GET" {
				refused = caller.change
			}
			if op.open {
				refused = 0
			}
			for _, a := range op.good {
				w := askAs(server, a, caller.header)
				if refused != 0 && w.Code != refused || refused == 0 && w.Code != http.StatusOK {
					t.Errorf("%s: %s %s: %d, want %d: %.200s", name, a.method, a.path, w.Code, cmp.Or(refused, 200), w.Body)
				}
				if w.Code == http.StatusOK && op.method != "GET" {
					changed++
				}
				if w.Code == http.StatusUnauthorized && !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer") {
					t.Errorf("%s: %s %s: %v", name, a.method, a.path, w.Header())
				}
			}
			for _, a := range op.bad {
				w := askAs(server, a, caller.header)
				if refused != 0 && w.Code != refused || refused == 0 && w.Code != http.StatusBadRequest && w.Code != http.StatusRequestEntityTooLarge {
					t.Errorf("%s: %s %.80s, badly: %d, want %d: %.200s", name, a.method, a.path, w.Code, cmp.Or(refused, 400), w.Body)
				}
			}
		}
	}
	if got := len(states.states) + len(states.cleared) + len(retracted.all); got != changed || changed == 0 {
		t.Errorf("%d changes were made, %d were answered with 200", got, changed)
	}
}

// askAs asks with an Authorization header. What would go on for ever ends at
// once.
func askAs(server *api.Server, a asking, header string) *httptest.ResponseRecorder {
	if header != "" {
		a.header = http.Header{"Authorization": {header}}
	}
	if strings.HasSuffix(a.path, "/live") {
		a.method = http.MethodHead
	}
	return ask(server.Handler(), a)
}

// heldAudit keeps entries, or fails.
type heldAudit struct {
	entries []string
	err     error
}

// Record keeps the entry.
func (h *heldAudit) Record(_ context.Context, e api.AuditEntry) error {
	h.entries = append(h.entries, fmt.Sprintf("%s %s %s %q %s %v", e.Who, e.Action, e.Target, e.Why, e.Outcome, !e.At.IsZero()))
	return h.err
}

// Every change has an entry before it is made, and no refused one has.
func TestAudit(t *testing.T) {
	t.Parallel()
	states, audit := &heldStates{}, &heldAudit{}
	server := newServer(t, api.Options{Ledger: newStore(t), Access: newAccess(t), States: states, Audit: audit})
	admin, viewer := token(t, jwt.SigningMethodHS256, secret, nil), token(t, jwt.SigningMethodHS256, secret, jwt.MapClaims{"roles": "viewer"})
	path := api.Prefix + "/rules/R1/state"
	set := asking{method: "POST", path: path, body: `{"mode":"disabled","reason":"noisy"}`}
	for _, row := range []struct {
		a      asking
		header string
		want   int
	}{
		{set, "", 401}, {set, viewer, 403}, {asking{method: "POST", path: path, body: `{"mode":"off"}`}, admin, 400}, {asking{method: "POST", path: path, body: `{"mode":"clipped"}`}, admin, 400},
		{set, admin, 200}, {asking{method: "DELETE", path: path + "?reason=fixed"}, admin, 200},
	} {
		if w := askAs(server, row.a, row.header); w.Code != row.want {
			t.Errorf("%s: %d, want %d: %s", row.a.method, w.Code, row.want, w.Body)
		}
	}
	states.err = errors.New("broken")
	askAs(server, set, admin)
	want := []string{
		`ada set-rule-state R1 "noisy" accepted true`, `ada clear-rule-state R1 "fixed" accepted true`,
		`ada set-rule-state R1 "noisy" accepted true`, `ada set-rule-state R1 "noisy" failed true`,
	}
	if diff := gocmp.Diff(want, audit.entries); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	if states.states[0].SetBy != "ada" {
		t.Errorf("set by %s", states.states[0].SetBy)
	}
	audit.err = fmt.Errorf("%w: no broker", api.ErrUnavailable)
	made := len(states.states)
	if w := askAs(server, set, admin); w.Code != http.StatusServiceUnavailable || len(states.states) != made {
		t.Errorf("without an entry: %d, %d changes", w.Code, len(states.states)-made)
	}
}

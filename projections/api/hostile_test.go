package api_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api"
)

// Whatever is asked, the answer is a client's error or nothing, never ours,
// and always JSON.
func TestHostileParameters(t *testing.T) {
	t.Parallel()
	h := newServer(t, api.Options{Ledger: seeded(t)}).Handler()
	huge := strings.Repeat("9", 5000)
	bad := []string{
		"-1", "0", "1001", huge, "1e400", "NaN", "Inf", "-Inf", "0x10", "1.5", " 1", "1 ", "", "%00", "%ff", "%", "%zz", "%c3%28", "٣", "true", "[]", "1,2",
		"';DROP TABLE ttp_tag;--", "..%2F..", "%0d%0aX: y", "\u202e", "null", "-0",
	}
	for _, name := range []string{"limit", "min_confidence", "after", "attacker", "session", "technique", "rule", "order", "from", "to", "unknown"} {
		for _, value := range bad {
			query := name + "=" + value
			if strings.ContainsAny(value, " ;\u202e٣") {
				query = name + "=" + url.QueryEscape(value)
			}
			for _, path := range []string{"/tags", "/by-attacker", "/by-day", "/rules", "/export/navigator", "/techniques"} {
				decent(t, h, path+"?"+query)
			}
			decent(t, h, "/tags?rule=R0001&"+query)
			decent(t, h, "/tags?"+query+"&"+query)
		}
	}
	for _, value := range append(bad, "%2e%2e", strings.Repeat("a/", 1000), strings.Repeat("%2F", 2000)) {
		escaped := strings.NewReplacer(" ", "%20", ";", "%3B", "'", "%27").Replace(value)
		for _, path := range []string{"/tags/", "/by-attacker/", "/by-session/", "/by-rule/", "/rules/", "/techniques/"} {
			decent(t, h, path+escaped)
		}
	}
	for _, value := range []string{"a;", "a;q", ";;;", ",", "application/json;q=", strings.Repeat("a,", 5000), "\xff", "text/html", "*/*;q=0"} {
		w := ask(h, asking{method: "GET", path: api.Prefix + "/techniques", header: http.Header{"Accept": {value}, "If-None-Match": {value}}})
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			t.Errorf("Accept %q: %d %s", value, w.Code, w.Body)
		}
	}
}

func decent(t *testing.T, h http.Handler, path string) {
	t.Helper()
	w := get(h, path)
	kind := w.Header().Get("Content-Type")
	switch {
	case !slices.Contains([]int{200, 400, 404, 409, 301, 307, 308}, w.Code):
		t.Errorf("%.100q: %d %s", path, w.Code, w.Body)
	case w.Code == http.StatusOK && kind != "application/json", w.Code >= 400 && kind != "application/problem+json":
		t.Errorf("%.100q: %d %s", path, w.Code, kind)
	case w.Header().Get("X-Content-Type-Options") != "nosniff":
		t.Errorf("%.100q: %v", path, w.Header())
	}
}

// broken is a ledger whose errors hold what nobody may see.
type broken struct {
	projections.LedgerReader
	err error
}

func (b broken) Techniques(context.Context, float64) ([]projections.TechniqueRollup, error) {
	return nil, b.err
}

func (b broken) Tag(context.Context, uuid.UUID) (*projections.TagDetail, error) { panic(b.err) }

const planted = "hunter2-planted-secret"

// Secrets that get near an answer do not get into it, nor into the log.
func TestPlantedSecrets(t *testing.T) {
	t.Parallel()
	var logged strings.Builder
	server := newServer(t, api.Options{
		Ledger: broken{newStore(t), errors.New("postgres://ttp:" + planted + "@db/ttp refused")},
		Logger: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	h := server.Handler()
	for _, a := range []asking{
		{method: "GET", path: api.Prefix + "/techniques"},
		{method: "GET", path: api.Prefix + "/tags/" + uuid.NewString()},
		{method: "GET", path: "/readyz"},
	} {
		w := ask(h, a)
		if strings.Contains(w.Body.String(), planted) || strings.Contains(w.Body.String(), "postgres") {
			t.Errorf("%s: %s", a.path, w.Body)
		}
		if a.path != "/readyz" && w.Code != http.StatusInternalServerError {
			t.Errorf("%s: %d", a.path, w.Code)
		}
	}
	logged.Reset() // what the database says is the operator's business
	for _, a := range []asking{
		{method: "GET", path: api.Prefix + "/tags?token=" + planted},
		{method: "GET", path: api.Prefix + "/tags?attacker=" + planted},
		{method: "GET", path: api.Prefix + "/by-attacker/" + planted},
		{method: "GET", path: "/" + planted},
		{method: "GET", path: api.Prefix + "/by-day", header: http.Header{"Authorization": {"Bearer " + planted}, "Cookie": {planted}}},
		{method: "POST", path: api.Prefix + "/rules/R1/state", body: `{"mode":"` + planted + `","reason":"` + planted + `"}`},
		{method: "POST", path: api.Prefix + "/rules/R1/state", body: `"` + planted + `"`},
		{method: "POST", path: api.Prefix + "/rules/R1/state", body: planted},
	} {
		if w := ask(h, a); strings.Contains(w.Body.String(), planted) {
			t.Errorf("%s %s: %s", a.method, a.path, w.Body)
		}
	}
	if !strings.Contains(logged.String(), "route=") || strings.Contains(logged.String(), planted) {
		t.Errorf("logged: %s", logged.String())
	}
}

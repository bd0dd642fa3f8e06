package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections/api"
)

// Nothing is an answer: of an empty store, and of what a full one does not
// know.
func TestEmptyAnswers(t *testing.T) {
	t.Parallel()
	empty, full := newServer(t, api.Options{Ledger: newStore(t)}), newServer(t, api.Options{Ledger: seeded(t)})
	unknown := uuid.NewString()
	for _, row := range []struct {
		path string
		want string
		// global is of everything, so a full store has something.
		global bool
	}{
		{"/techniques", "[]", true},
		{"/techniques/T9999", "[]", false},
		{"/techniques/T9999/groups", "[]", false},
		{"/by-attacker", "[]", true},
		{"/by-attacker/" + unknown, "[]", false},
		{"/by-session/nobody", "[]", false},
		{"/by-session/%00", "", false},
		{"/by-session/nobody/techniques", "[]", false},
		{"/by-day", "[]", true},
		{"/by-day?to=1999-02-01&days=400", "[]", false},
		{"/by-day?to=0001-01-01", "[]", false},
		{"/by-rule", "[]", true},
		{"/by-rule/nobody", `{"rule_id":"nobody","tags":0,"max_confidence":0,"combined_confidence":0}`, false},
		{"/tags", "[]", true},
		{"/tags?session=nobody&rule=R0001&technique=T1059", "[]", false},
		{"/tags?attacker=" + unknown, "[]", false},
		{"/tags?session=nobody", "[]", false},
		{"/tags?technique=T9999", "[]", false},
		{"/tags?rule=nobody", "[]", false},
		{"/rules", "[]", true},
	} {
		for name, server := range map[string]*api.Server{"empty": empty, "full": full} {
			w := get(server.Handler(), row.path)
			switch got := strings.TrimSpace(w.Body.String()); {
			case row.want == "":
				if w.Code != http.StatusBadRequest {
					t.Errorf("%s, %s store: %d %s", row.path, name, w.Code, got)
				}
			case w.Code != http.StatusOK:
				t.Errorf("%s, %s store: %d %s", row.path, name, w.Code, got)
			case name == "full" && row.global:
				if got == row.want {
					t.Errorf("%s: the full store has nothing", row.path)
				}
			case got != row.want:
				t.Errorf("%s, %s store: %s, want %s", row.path, name, got, row.want)
			}
		}
	}
	for _, query := range []string{"", "?attacker=" + unknown, "?session=nobody"} {
		w := get(empty.Handler(), "/export/navigator"+query)
		if layer := decode[map[string]any](t, w.Body.Bytes()); w.Code != http.StatusOK || len(layer["techniques"].([]any)) != 0 || layer["domain"] != "enterprise-attack" {
			t.Errorf("layer of %q: %d %s", query, w.Code, w.Body)
		}
	}
	for path, want := range map[string]string{
		"/export/stix?session=nobody": `"type":"bundle"`, "/export/stix": `"identity--`, "/export/misp?attacker=" + unknown: `"Attribute":[]`,
		"/export/misp": `"Tag":[]`, "/export/stix?attacker=00000000-0000-0000-0000-000000000000": `"type":"bundle"`,
		"/export/tags.csv": "uuid,created_at", "/export/tags.ndjson": "",
	} {
		if w := get(empty.Handler(), path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/tags/" + unknown, "/rules/nobody"} { // no rollups
		if w := get(full.Handler(), path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

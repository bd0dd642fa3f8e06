package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
)

const (
	taxiiTags = "/taxii2/ttp/collections/tags/"
	taxiiAll  = "/taxii2/ttp/collections/all-tags/"
	taxiiType = "application/taxii+json;version=2.1"
)

// envelope is a page as a client reads it.
type envelope struct {
	More    bool
	Next    string
	Objects []struct {
		ID         string
		Type       string
		SightingOf string `json:"sighting_of_ref"`
		Confidence int
		DateAdded  string `json:"date_added"`
	}
}

func pull(h http.Handler, path string) *httptest.ResponseRecorder {
	return ask(h, asking{method: "GET", path: path, header: http.Header{"Accept": {taxiiType}}})
}

// walked follows a collection by its pages, and returns the ids and the time
// of the last object.
func walked(t *testing.T, h http.Handler, path, query string) (ids []string, last string) {
	t.Helper()
	next := ""
	for {
		page := path + "?" + query
		if next != "" {
			page += "&next=" + url.QueryEscape(next)
		}
		w := pull(h, page)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != taxiiType {
			t.Fatalf("%s: %d %s", page, w.Code, w.Body)
		}
		e := decode[envelope](t, w.Body.Bytes())
		for _, o := range e.Objects {
			ids = append(ids, o.ID)
		}
		first, end := w.Header().Get("X-Taxii-Date-Added-First"), w.Header().Get("X-Taxii-Date-Added-Last")
		if (len(e.Objects) > 0) != (end != "") || first > end || end != "" && end < last {
			t.Errorf("%s: from %s to %s after %s", page, first, end, last)
		}
		last = max(last, end)
		if next = e.Next; !e.More {
			return ids, last
		}
	}
}

// Pulling bit by bit gives every tag once, by pages, by times and both, while
// new ones arrive.
func TestTAXIIPullsEverythingOnce(t *testing.T) {
	t.Parallel()
	log := newMemoryLog(t, 3)
	var ahead atomic.Int64
	server := newServer(t, api.Options{Ledger: newStore(t), Tags: log, Now: func() time.Time { return schematest.Time.Add(time.Duration(ahead.Load())) }})
	h := server.Handler()
	published := 0
	publish := func(n int) {
		for range n {
			log.find(projectiontest.Finding{Event: published, Rule: 1, Technique: published % 4, Step: 30 + published%70})
			published++
		}
	}
	var seen []string
	added, gone := "", map[string]bool{}
	for round := range 12 {
		publish(50 + 300*(round%2))
		ahead.Add(int64(time.Duration(200+50*round) * time.Millisecond)) // so that some are settled and others not
		if round == 11 {
			ahead.Store(int64(time.Hour))
		}
		query := "limit=" + fmt.Sprint(11+round*31)
		if added != "" {
			query += "&added_after=" + url.QueryEscape(added)
		}
		ids, last := walked(t, h, taxiiAll+"objects/", query)
		for _, id := range ids {
			if gone[id] {
				t.Fatalf("round %d: %s again", round, id)
			}
			gone[id] = true
		}
		seen, added = append(seen, ids...), max(added, last)
	}
	if len(seen) != published {
		t.Errorf("%d of %d tags", len(seen), published)
	}
	all, _ := walked(t, h, taxiiAll+"objects/", "limit=5000")
	if strings.Join(all, " ") != strings.Join(seen, " ") {
		t.Error("all at once is in another order")
	}
	likely, _ := walked(t, h, taxiiTags+"objects/", "limit=500")
	want := 0
	for i := range published {
		if 30+i%70 >= 60 {
			want++
		}
	}
	if len(likely) != want {
		t.Errorf("%d likely tags, want %d", len(likely), want)
	}
	listed, _ := walked(t, h, taxiiTags+"manifest/", "limit=500")
	if strings.Join(listed, " ") != strings.Join(likely, " ") {
		t.Error("the manifest lists others")
	}
	one, _ := walked(t, h, taxiiTags+"objects/", "limit=500&match[id]="+likely[77]+","+likely[3])
	if len(one) != 2 || one[0] != likely[3] {
		t.Errorf("matched %v", one)
	}
	if none, _ := walked(t, h, taxiiTags+"objects/", "match[type]=malware"); len(none) != 0 {
		t.Errorf("matched %v", none)
	}
}

// What was added after a time far into a long log is found without reading all
// of it.
func TestTAXIISeeks(t *testing.T) {
	t.Parallel()
	log := newMemoryLog(t, 2)
	tag := projectiontest.Finding{Event: 1, Rule: 1, Step: 90}.Tag(t)
	for range 20_000 {
		log.publish(tag)
	}
	late := projectiontest.Finding{Event: 1, Rule: 2, Step: 90}
	h := newServer(t, api.Options{Ledger: newStore(t), Tags: log}).Handler()
	for _, seconds := range []int{-10, 0, 10, 19} {
		after := schematest.Time.Add(time.Duration(seconds) * time.Second)
		w := pull(h, taxiiTags+"objects/?limit=1&added_after="+after.Format(time.RFC3339Nano))
		want := after.Add(time.Millisecond)
		if seconds < 0 {
			want = schematest.Time
		}
		if got := w.Header().Get("X-Taxii-Date-Added-First"); got != want.Format("2006-01-02T15:04:05.000000Z") {
			t.Errorf("after %s: %s, want %s: %.200s", after, got, want, w.Body)
		}
	}
	log.find(late)
	w := pull(h, taxiiTags+"objects/?added_after=2026-04-14T12:00:20.12246Z")
	if e := decode[envelope](t, w.Body.Bytes()); len(e.Objects) != 1 || e.Objects[0].ID != "sighting--"+late.Tag(t).UUID.String() {
		t.Errorf("the last: %s", w.Body)
	}
}

func TestTAXIIResources(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	log := projectiontest.NewLog(t, topology.Tagged, 0)
	strong, weak := projectiontest.Finding{Event: 1, Rule: 1, Step: 90}, projectiontest.Finding{Event: 2, Rule: 1, Step: 40}
	log.Find(strong, weak).Write(store)
	server := newServer(t, api.Options{Ledger: store, Tags: newMemoryLog(t, 2), Access: newAccess(t)})
	h := server.Handler()
	bearer := token(t, jwt.SigningMethodHS256, secret, jwt.MapClaims{"roles": "viewer"})
	sighting := func(f projectiontest.Finding) string { return "sighting--" + f.Tag(t).UUID.String() }
	for _, row := range []struct {
		path, accept string
		want         int
		has          string
	}{
		{"/taxii2/", taxiiType, 200, "/taxii2/ttp/"},
		{"/taxii2/", "", 200, "api_roots"},
		{"/taxii2/", "application/json, application/taxii+json", 200, "api_roots"},
		{"/taxii2/", "application/taxii+json;version=2.0", 406, "http_status"},
		{"/taxii2/", "text/html", 406, "http_status"},
		{"/taxii2", taxiiType, 307, ""},
		{"/taxii2/ttp/", taxiiType, 200, "versions"},
		{"/taxii2/ttp/collections/", taxiiType, 200, `"can_write":false`},
		{taxiiTags, taxiiType, 200, `"title":"tags"`},
		{"/taxii2/ttp/collections/2f1c1f9a-52c4-5b0e-8b60-6f1b1c5a9d01/", taxiiType, 200, `"title":"tags"`},
		{"/taxii2/ttp/collections/nothing/", taxiiType, 404, "no such collection"},
		{"/taxii2/ttp/collections/nothing/objects/", taxiiType, 404, "no such collection"},
		{"/taxii2/nothing/", taxiiType, 404, ""},
		{taxiiTags + "objects/", taxiiType, 200, "{}"},
		{taxiiTags + "objects/?limit=0", taxiiType, 400, "limit"},
		{taxiiTags + "objects/?limit=x", taxiiType, 400, "limit"},
		{taxiiTags + "objects/?added_after=yesterday", taxiiType, 400, "added_after"},
		{taxiiTags + "objects/?next=x", taxiiType, 400, "next"},
		{taxiiTags + "objects/?next=c1.0000000000000000.MA", taxiiType, 400, "next"},
		{taxiiTags + "objects/?unknown=x", taxiiType, 200, "{}"},
		{taxiiTags + "objects/" + sighting(strong) + "/", taxiiType, 200, "attack-pattern--"},
		{taxiiTags + "objects/" + sighting(strong) + "/versions/", taxiiType, 200, "versions"},
		{taxiiTags + "objects/" + sighting(weak) + "/", taxiiType, 404, "no such object"},
		{taxiiAll + "objects/" + sighting(weak) + "/", taxiiType, 200, "sighting"},
		{taxiiAll + "objects/malware--x/", taxiiType, 404, "no such object"},
		{taxiiAll + "objects/sighting--00000000-0000-4000-8000-000000000000/", taxiiType, 404, "no such object"},
	} {
		header := http.Header{"Authorization": {bearer}}
		if row.accept != "" {
			header.Set("Accept", row.accept)
		}
		w := ask(h, asking{method: "GET", path: row.path, header: header})
		if w.Code != row.want || !strings.Contains(w.Body.String(), row.has) {
			t.Errorf("%s as %s: %d, want %d with %s: %.300s", row.path, row.accept, w.Code, row.want, row.has, w.Body)
		}
	}
	for name, caller := range callers(t) {
		w := askAs(server, asking{method: "GET", path: "/taxii2/?%zz"}, caller.header)
		want := caller.read
		if want == 0 {
			want = http.StatusBadRequest
		}
		if w.Code != want {
			t.Errorf("%s: %d, want %d", name, w.Code, want)
		}
	}
}

// A client of the standard's committee walks a collection, page by page and
// then for what is new. It needs a Python with taxii2-client: TTPSTREAM_TAXII,
// or one in an environment under build. Without one it is skipped, or fails
// when TTPSTREAM_REQUIRE contains "taxii".
func TestTAXIIClient(t *testing.T) {
	t.Parallel()
	python := pythonWith(t, "taxii2client", "TTPSTREAM_TAXII", "taxii")
	log := newMemoryLog(t, 3)
	const total = 1500
	for i := range total {
		log.find(projectiontest.Finding{Event: i, Rule: 1, Technique: i % 4, Step: 70})
	}
	server := newServer(t, api.Options{Ledger: newStore(t), Tags: log, Access: newAccess(t)})
	url, _ := serve(t, server)
	bearer := token(t, jwt.SigningMethodHS256, secret, jwt.MapClaims{"roles": "viewer"})
	out, err := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "taxii.py"), url+"/taxii2/", bearer).CombinedOutput()
	if want := fmt.Sprintf("tags: %d objects, %d ids, 0 after the last", total, total); err != nil || !strings.Contains(string(out), want) {
		t.Errorf("%v, want %s:\n%s", err, want, out)
	}
}

// pythonWith finds a Python that has a module.
func pythonWith(t *testing.T, module, variable, service string) string {
	t.Helper()
	candidates, _ := filepath.Glob(filepath.Join("..", "..", "build", "venv-*", "bin", "python"))
	if python := os.Getenv(variable); python != "" {
		candidates = []string{python}
	}
	for _, python := range candidates {
		if exec.CommandContext(t.Context(), python, "-c", "import "+module).Run() == nil {
			return python
		}
	}
	reason := "no Python with " + module + " in " + variable + " or build/venv-*"
	for name := range strings.SplitSeq(os.Getenv("TTPSTREAM_REQUIRE"), ",") {
		if strings.TrimSpace(name) == service {
			t.Fatal(reason + ", and TTPSTREAM_REQUIRE asks for it")
		}
	}
	t.Skip("SKIPPED: " + t.Name() + ": " + reason)
	return ""
}

package api_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/topology"
)

// A rollup that a client has is not sent again until it changes.
func TestRollupsHaveStrongETags(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	log := projectiontest.NewLog(t, topology.Tagged, 0).Find(projectiontest.Finding{Event: 1, Rule: 1, Step: 80})
	log.Write(store)
	h := newServer(t, api.Options{Ledger: store}).Handler()
	attacker := projectiontest.Finding{Event: 1}.Attacker().String()
	for _, path := range []string{"/techniques", "/techniques/T1105", "/by-attacker", "/by-attacker/" + attacker, "/by-session/session-1-1",
		"/by-session/session-1-1/techniques", "/by-day", "/export/navigator"} {
		first := get(h, path)
		etag := first.Header().Get("Etag")
		if !strings.HasPrefix(etag, `"`) || first.Header().Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: ETag %s, Cache-Control %s", path, etag, first.Header().Get("Cache-Control"))
		}
		for _, validators := range []string{etag, "W/" + etag, `"other", ` + etag, "*"} {
			w := ask(h, asking{method: "GET", path: api.Prefix + path, header: http.Header{"If-None-Match": {validators}}})
			if w.Code != http.StatusNotModified || w.Body.Len() != 0 || w.Header().Get("Etag") != etag {
				t.Errorf("%s with %s: %d, %d bytes, %s", path, validators, w.Code, w.Body.Len(), w.Header().Get("Etag"))
			}
		}
		for _, validators := range []string{`"other"`, etag[:len(etag)-2] + `"`, "nonsense"} {
			if w := ask(h, asking{method: "GET", path: api.Prefix + path, header: http.Header{"If-None-Match": {validators}}}); w.Code != http.StatusOK {
				t.Errorf("%s with %s: %d", path, validators, w.Code)
			}
		}
		log.Find(projectiontest.Finding{Event: 1 + 105*log.Len(), Rule: 1, Step: 80}) // the same attacker and session
		log.Write(store)
		if w := ask(h, asking{method: "GET", path: api.Prefix + path, header: http.Header{"If-None-Match": {etag}}}); w.Code != http.StatusOK && path != "/by-day" {
			t.Errorf("%s after another tag: %d", path, w.Code)
		}
	}
}

// Following the links gives everything, once, while new tags arrive.
func TestPagesAreWalked(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	log := projectiontest.NewLog(t, topology.Tagged, 0)
	for i := range 53 {
		log.Find(projectiontest.Finding{Event: i * 5, Rule: 1, Step: 50 + i%40}) // one attacker
	}
	log.Write(store)
	h := newServer(t, api.Options{Ledger: store}).Handler()
	attacker := projectiontest.Finding{}.Attacker().String()
	for _, order := range []string{"oldest", "newest"} {
		path := api.Prefix + "/tags?min_confidence=0.3&limit=7&order=" + order + "&attacker=" + attacker
		var seen []string
		for path != "" {
			w := ask(h, asking{method: "GET", path: path})
			for _, tag := range decode[[]api.Tag](t, w.Body.Bytes()) {
				seen = append(seen, tag.CreatedAt.Format("20060102150405.000000000")+tag.UUID.String())
			}
			path = nextOf(w.Header())
			log.Find(projectiontest.Finding{Event: (100 + log.Len()) * 5, Rule: 1, Step: 60}) // later than all
			log.Write(store)
		}
		known := 53
		if order == "newest" {
			slices.Reverse(seen)
			known += 8
		}
		if len(seen) < known || !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != len(seen) {
			t.Errorf("%s: %d tags, sorted %v", order, len(seen), slices.IsSorted(seen))
		}
	}
}

// Without a filter all tags are listed, each once.
func TestAllTags(t *testing.T) {
	t.Parallel()
	store := seeded(t)
	h := newServer(t, api.Options{Ledger: store}).Handler()
	current := map[string]bool{}
	err := store.EachTag(t.Context(), func(row *projections.TagRow) error {
		if row.State == projections.StateCurrent {
			current[row.UUID.String()] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []string{"1", "3", "1000"} {
		got := map[string]bool{}
		for path := api.Prefix + "/tags?min_confidence=0.3&limit=" + limit; path != ""; {
			w := ask(h, asking{method: "GET", path: path})
			for _, tag := range decode[[]api.Tag](t, w.Body.Bytes()) {
				if got[tag.UUID.String()] {
					t.Errorf("limit %s: %s again", limit, tag.UUID)
				}
				got[tag.UUID.String()] = true
			}
			path = nextOf(w.Header())
		}
		if !maps.Equal(got, current) || len(got) == 0 {
			t.Errorf("limit %s: %d tags of %d", limit, len(got), len(current))
		}
	}
}

func nextOf(h http.Header) string {
	link, _ := strings.CutSuffix(h.Get("Link"), `>; rel="next"`)
	return strings.TrimPrefix(link, "<")
}

// A cursor of another question is refused, not followed.
func TestCursorsBelongToQuestions(t *testing.T) {
	t.Parallel()
	h := newServer(t, api.Options{Ledger: seeded(t)}).Handler()
	next := nextOf(get(h, "/tags?technique=T1059&limit=1").Header())
	if w := ask(h, asking{method: "GET", path: next}); w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", next, w.Code, w.Body)
	}
	_, after, _ := strings.Cut(next, "after=")
	after, _, _ = strings.Cut(after, "&")
	for _, path := range []string{
		"/tags?technique=T1105", "/tags?technique=T1059&min_confidence=0.5", "/tags?technique=T1059&order=oldest", "/by-attacker", "/rules", "/by-rule",
	} {
		mark := "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		w := get(h, path+mark+"after="+after)
		if w.Code != http.StatusConflict || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// What is shown unless asked otherwise is what people are to see.
func TestFloors(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	log := projectiontest.NewLog(t, topology.Tagged, 0)
	for i, step := range []int{30, 59, 60, 90} {
		log.Find(projectiontest.Finding{Event: 5 * i, Rule: 1, Step: step})
	}
	log.Write(store)
	h := newServer(t, api.Options{Ledger: store}).Handler()
	attacker := projectiontest.Finding{}.Attacker().String()
	for floor, want := range map[string]int64{"": 2, "0.3": 4, "0": 4, "0.59": 3, "0.60": 2, "0.9": 1, "1": 0} {
		query := ""
		if floor != "" {
			query = "?min_confidence=" + floor
		}
		for _, path := range []string{"/techniques", "/by-attacker", "/by-attacker/" + attacker} {
			var tags int64
			for _, row := range decode[[]api.Rollup](t, get(h, path+query).Body.Bytes()) {
				tags += row.Tags
			}
			if tags != want {
				t.Errorf("%s%s: %d tags, want %d", path, query, tags, want)
			}
		}
		path := "/tags?attacker=" + attacker + strings.Replace(query, "?", "&", 1)
		if got := len(decode[[]api.Tag](t, get(h, path).Body.Bytes())); int64(got) != want {
			t.Errorf("%s: %d tags, want %d", path, got, want)
		}
	}
	if projections.LikelyFloor != 0.6 {
		t.Error(fmt.Sprint("the default of min_confidence is spelt in its tag: 0.6, not ", projections.LikelyFloor))
	}
}

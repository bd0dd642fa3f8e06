package api_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/topology"
)

// An export has every tag that fits, once, over many pages.
func TestExports(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	log := projectiontest.NewLog(t, topology.Tagged, 0)
	const total = 2500
	for i := range total {
		log.Find(projectiontest.Finding{Event: i, Rule: 1 + i%2, Technique: i % 4, Step: 40 + i%50})
	}
	log.Write(store)
	h := newServer(t, api.Options{Ledger: store}).Handler()
	for query, want := range map[string]int{
		"?min_confidence=0.3": total, "?min_confidence=0.3&rule=R0001": total / 2, "?min_confidence=0.3&rule=R0001&technique=T1105": total / 4,
		"?rule=nobody": 0, "?attacker=00000000-0000-0000-0000-000000000000": 0, "?min_confidence=0.89": total / 50,
	} {
		w := get(h, "/export/tags.ndjson"+query)
		seen := map[string]bool{}
		for lines := bufio.NewScanner(w.Body); lines.Scan(); {
			seen[decode[api.Tag](t, lines.Bytes()).UUID.String()] = true
		}
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/x-ndjson" || len(seen) != want {
			t.Errorf("%s: %d, %d different tags, want %d", query, w.Code, len(seen), want)
		}
		w = get(h, "/export/tags.csv"+query)
		rows, err := csv.NewReader(w.Body).ReadAll()
		if err != nil || len(rows) != want+1 || rows[0][0] != "uuid" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
			t.Errorf("%s: %v, %d rows", query, err, len(rows))
		}
		for _, row := range rows[1:] {
			if !seen[row[0]] {
				t.Errorf("%s: only the table has %s", query, row[0])
			}
		}
	}
	if w := get(h, "/export/tags.csv?technique=x"); w.Code != http.StatusBadRequest {
		t.Errorf("a bad filter: %d", w.Code)
	}
}

func TestExportGolden(t *testing.T) {
	t.Parallel()
	h := newServer(t, api.Options{Ledger: seeded(t)}).Handler()
	for _, name := range []string{"tags.csv", "tags.ndjson"} {
		a := asking{method: "GET", path: api.Prefix + "/export/" + name + "?min_confidence=0.9"}
		golden(t, "export-"+name, shown(a, ask(h, a)))
	}
}

// failing gives one page and then fails.
type failing struct {
	projections.LedgerReader
	pages int
}

func (f *failing) Tags(ctx context.Context, q projections.TagQuery) (projections.Page[*projections.TagRow], error) {
	if f.pages++; f.pages > 1 {
		return projections.Page[*projections.TagRow]{}, errors.New("gone")
	}
	page, err := f.LedgerReader.Tags(ctx, q)
	page.Next = "more"
	return page, err
}

// Half an export does not look like a whole one.
func TestExportsThatFailAreCutOff(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, newServer(t, api.Options{Ledger: &failing{LedgerReader: seeded(t)}}))
	answer, err := http.Get(url + api.Prefix + "/export/tags.ndjson?rule=R0001")
	if err != nil {
		return // nothing had been sent yet
	}
	defer answer.Body.Close()
	var lines int
	scanner := bufio.NewScanner(answer.Body)
	for scanner.Scan() {
		lines++
	}
	if scanner.Err() == nil {
		t.Errorf("%d lines and an orderly end", lines)
	}
}

package api_test

import (
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// Pulling from a broker gives every tag once too.
func TestTAXIIOnABroker(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.Tagged)
		producer := topologytest.Producer(t, c)
		server := newServer(t, api.Options{Ledger: newStore(t), Tags: api.NewTagLog(c), Now: func() time.Time { return time.Now().Add(time.Minute) }})
		published, seen, added := 0, map[string]bool{}, ""
		for range 3 {
			var messages []topology.Message
			for range 40 {
				tag := projectiontest.Finding{Event: published, Rule: 1, Step: 90}.Tag(t)
				raw, err := schemas.EncodeJSON(tag)
				if err != nil {
					t.Fatal(err)
				}
				messages = append(messages, topology.Message{Topic: topology.Tagged, Key: tag.Anchor().String(), Value: raw})
				published++
			}
			if _, err := producer.ProduceSync(t.Context(), messages...); err != nil {
				t.Fatal(err)
			}
			query := "limit=17"
			if added != "" {
				query += "&added_after=" + added
			}
			ids, last := walked(t, server.Handler(), taxiiTags+"objects/", query)
			for _, id := range ids {
				if seen[id] {
					t.Errorf("%s again", id)
				}
				seen[id] = true
			}
			added = last
			// What is published in the millisecond that was read last would not
			// be settled, were the clock not a minute ahead.
			for last := time.Now().Truncate(time.Millisecond); !time.Now().After(last.Add(2 * time.Millisecond)); {
			}
		}
		if len(seen) != published {
			t.Errorf("%d of %d tags", len(seen), published)
		}
	})
}

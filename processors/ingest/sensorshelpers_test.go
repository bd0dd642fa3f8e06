package ingest

import (
	"bytes"
	"testing"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

func checkPlanted(t *testing.T, source string, fact Fact) {
	t.Helper()
	if auth, ok := fact.(*schemas.AuthEvent); ok {
		auth.Password = ""
	}
	raw, err := schemas.EncodeJSON(fact)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("Pl4nted")) || bytes.Contains(raw, []byte("planted")) {
		t.Errorf("%s: what was planted is in %s", source, raw)
	}
}

// checkFacts checks what a decoder made of a record.
func checkFacts(t *testing.T, s Source, facts []Fact, raw []byte) {
	t.Helper()
	seen := map[uuid.UUID]bool{}
	for _, fact := range facts {
		if err := fact.Validate(); err != nil {
			t.Fatalf("%s: %v", s.Name(), err)
		}
		if _, err := topicOf(fact); err != nil {
			t.Fatalf("%s: %v", s.Name(), err)
		}
		topic, _ := topicOf(fact)
		id := uuid.NewSHA1(fact.Event().EventID, []byte(topic.Name))
		if seen[id] {
			t.Fatalf("%s: two facts on %s have the id %s", s.Name(), topic.Name, fact.Event().EventID)
		}
		seen[id] = true
	}
	first := facts[0].Event().EventID
	again, err := s.NewDecoder().Decode(raw)
	if err != nil || again[0].Event().EventID != first {
		t.Fatalf("%s: another id the second time, or %v", s.Name(), err)
	}
}

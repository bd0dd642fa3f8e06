package processors

import (
	"slices"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// evidenceOf returns why a rule found something in an event, as the type that
// belongs to the event's kind.
func evidenceOf(s subject, f *rules.Finding, event *match.Event) schemas.Evidence {
	switch e := s.fact.(type) {
	case *schemas.CommandEvent:
		return commandEvidence(f, event)
	case *schemas.AuthEvent:
		return &schemas.AuthEvidence{Protocol: e.Protocol, Method: e.Method, Success: e.Success, MatchedFields: fieldNames(f.Hits)}
	case *schemas.SessionEvent:
		return &schemas.SessionEvidence{Matched: matched(f, event), Activity: e.Activity, Hassh: e.Hassh}
	case *schemas.TransferEvent:
		return &schemas.TransferEvidence{Matched: matched(f, event), Direction: e.Direction, SHA256: e.SHA256, Size: e.Size}
	case *schemas.HTTPEvent:
		return &schemas.HTTPEvidence{Matched: matched(f, event), Method: cut(e.Method, schemas.MaxTokenText), HeaderNames: matchedHeaders(f, e)}
	case *schemas.EmailEvent:
		return emailEvidence(s, f, e)
	case *schemas.CanaryEvent:
		return canaryEvidence(f, e, event)
	case *schemas.IntelEvent:
		return &schemas.IntelEvidence{
			Provider: e.Provider, Verdict: e.Verdict, Score: e.Score, Categories: cutAll(e.Categories), MalwareFamily: e.MalwareFamily, ThreatType: e.ThreatType,
		}
	case *schemas.BehaviourEvent:
		return &schemas.BehaviourEvidence{Class: e.Class, ToolGuesses: cutAll(e.ToolGuesses)}
	}
	return nil // NewTag refuses it by name
}

func commandEvidence(f *rules.Finding, event *match.Event) schemas.Evidence {
	evidence := &schemas.CommandEvidence{Matched: matched(f, event)}
	if values, ok := event.Base.Lookup("command.depth"); ok && len(values) > 0 {
		depth, _ := values[0].Float()
		evidence.DecodingDepth = int(depth)
	}
	if values, ok := event.Base.Lookup("command.parse"); ok && len(values) > 0 {
		evidence.Fallback = values[0].String() == "fallback"
	}
	return evidence
}

// matched returns the tokens that a rule matched, secrets masked.
func matched(f *rules.Finding, event *match.Event) schemas.Matched {
	var m schemas.Matched
	for _, hit := range f.Hits {
		if len(m.MatchedTokens) == schemas.MaxTokens {
			break
		}
		token := schemas.Token{
			Field:   cut(hit.Field, schemas.MaxTokenText),
			Text:    facts.Excerpt(hit.Value, event.Secrets, schemas.MaxTokenText),
			Pattern: cut(hit.Pattern, schemas.MaxTokenText),
		}
		if !slices.Contains(m.MatchedTokens, token) {
			m.MatchedTokens = append(m.MatchedTokens, token)
		}
	}
	return m
}

func fieldNames(hits []match.Hit) []string {
	var names []string
	for _, hit := range hits {
		if !slices.Contains(names, hit.Field) && len(names) < schemas.MaxTokens {
			names = append(names, cut(hit.Field, schemas.MaxTokenText))
		}
	}
	return names
}

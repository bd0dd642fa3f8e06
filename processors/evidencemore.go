package processors

import (
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// matchedHeaders names the headers whose lines a rule matched.
func matchedHeaders(f *rules.Finding, e *schemas.HTTPEvent) []string {
	var names []string
	add := func(name string) {
		if name = cut(strings.ToLower(name), schemas.MaxTokenText); !slices.Contains(names, name) && len(names) < schemas.MaxTokens {
			names = append(names, name)
		}
	}
	for _, hit := range f.Hits {
		switch hit.Field {
		case "http.user_agent":
			add("user-agent")
		case "http.referer":
			add("referer")
		case "http.headers":
			if name, _, ok := strings.Cut(hit.Value, ":"); ok {
				add(name)
			}
		}
	}
	return names
}

// emailEvidence says why a message or a part of it was tagged: by domains,
// counts and names of traits. What a rule matched that is none of those is not
// said.
func emailEvidence(s subject, f *rules.Finding, e *schemas.EmailEvent) schemas.Evidence {
	if a, ok := s.part.(*schemas.EmailAttachment); ok {
		return &schemas.AttachmentEvidence{SHA256: a.SHA256, MediaType: a.MediaType, Extension: a.Extension, Traits: cutAll(a.Traits)}
	}
	evidence := &schemas.EmailEvidence{
		FromDomain: e.FromDomain, RecipientCount: e.RecipientCount, RecipientDomains: cutAll(e.RecipientDomains), BodyFingerprint: e.BodyFingerprint,
	}
	for _, hit := range f.Hits {
		switch hit.Field {
		case "mail.traits", "attachment.traits":
			if !slices.Contains(evidence.Traits, hit.Value) {
				evidence.Traits = append(evidence.Traits, cut(hit.Value, schemas.MaxTokenText))
			}
		case "mail.header_names":
			evidence.HeaderNames = append(evidence.HeaderNames, cut(hit.Value, schemas.MaxTokenText))
		}
	}
	if len(evidence.Traits) == 0 { // a rule that counts traits
		evidence.Traits = cutAll(e.Traits)
	}
	if s.kind != schemas.KindEmailHeader {
		evidence.URLHosts = cutAll(e.URLHosts)
	}
	return evidence
}

func canaryEvidence(f *rules.Finding, e *schemas.CanaryEvent, event *match.Event) schemas.Evidence {
	if e.SourceKind == schemas.KindCanaryFingerprint {
		return &schemas.FingerprintEvidence{Matched: matched(f, event), Signals: fieldNames(f.Hits)}
	}
	return &schemas.CanaryEvidence{Matched: matched(f, event), TokenType: e.TokenType}
}

// cutAll returns at most as many texts as evidence holds, each cut to its
// bound.
func cutAll(texts []string) []string {
	var out []string
	for _, text := range texts[:min(len(texts), schemas.MaxTokens)] {
		out = append(out, cut(text, schemas.MaxTokenText))
	}
	return out
}

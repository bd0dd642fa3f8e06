package projections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// tokensOf returns what a tag's evidence shows a person, each text once: the
// tokens that matched, or where a kind of evidence has none, the few words
// that say the same. Tokens that say nothing beside the others are left out:
// those that are part of another, and those of one or two bytes, such as
// flags. At most [schemas.MaxTokens] of at most [schemas.MaxTokenText] bytes,
// as the attacker wrote them.
func tokensOf(evidence schemas.Evidence) []string {
	var tokens []string
	for _, text := range wordsOf(evidence) {
		if len(text) > schemas.MaxTokenText {
			text = strings.ToValidUTF8(text[:schemas.MaxTokenText], "")
		}
		if text != "" && len(tokens) < schemas.MaxTokens && !slices.Contains(tokens, text) {
			tokens = append(tokens, text)
		}
	}
	var telling []string
	for _, token := range tokens {
		if !slices.ContainsFunc(tokens, func(other string) bool { return outshines(other, token) }) {
			telling = append(telling, token)
		}
	}
	return telling
}

// outshines says whether a token need not be shown beside a longer one. The
// longest token of a tag is always shown.
func outshines(other, token string) bool {
	return len(other) > len(token) && (len(token) < 3 && len(other) >= 3 || strings.Contains(other, token))
}

func wordsOf(evidence schemas.Evidence) []string {
	switch e := evidence.(type) {
	case *schemas.CommandEvidence:
		return matched(&e.Matched)
	case *schemas.SessionEvidence:
		return matched(&e.Matched, e.Activity)
	case *schemas.TransferEvidence:
		return matched(&e.Matched, e.Direction)
	case *schemas.HTTPEvidence:
		return matched(&e.Matched, e.HeaderNames...)
	case *schemas.CanaryEvidence:
		return matched(&e.Matched, e.TokenType)
	case *schemas.FingerprintEvidence:
		return matched(&e.Matched, e.Signals...)
	}
	return factsOf(evidence)
}

// factsOf is for evidence that holds no tokens.
func factsOf(evidence schemas.Evidence) []string {
	switch e := evidence.(type) {
	case *schemas.AuthEvidence:
		return []string{authWords(e)}
	case *schemas.EmailEvidence:
		return either(e.Traits, e.HeaderNames, e.URLHosts, []string{e.FromDomain})
	case *schemas.AttachmentEvidence:
		return either(e.Traits, []string{e.MediaType}, []string{e.Extension})
	case *schemas.IntelEvidence:
		return append([]string{words(e.Provider, e.Verdict)}, e.MalwareFamily)
	case *schemas.BehaviourEvidence:
		return append([]string{e.Class}, e.ToolGuesses...)
	case *schemas.IdentityEvidence:
		return []string{fmt.Sprintf("%s >= %d", e.Counted, e.Threshold)}
	case *schemas.CorrelationEvidence:
		return []string{words(e.Type, e.Threshold, fmt.Sprintf("in %d s", e.TimespanSeconds))}
	}
	return nil
}

// matched returns the texts of the tokens, a token without text by the name of
// its field; without any token the words instead.
func matched(m *schemas.Matched, instead ...string) []string {
	texts := make([]string, 0, len(m.MatchedTokens))
	for _, token := range m.MatchedTokens {
		if token.Text == "" {
			token.Text = token.Field
		}
		texts = append(texts, token.Text)
	}
	return either(texts, instead)
}

func authWords(e *schemas.AuthEvidence) string {
	result := "refused"
	if e.Success {
		result = "accepted"
	}
	return words(e.Protocol, e.Method, result)
}

// either returns the first list that holds a text.
func either(lists ...[]string) []string {
	for _, list := range lists {
		if strings.Join(list, "") != "" {
			return list
		}
	}
	return nil
}

// words joins what is there by spaces.
func words(list ...string) string {
	return strings.Join(slices.DeleteFunc(list, func(s string) bool { return s == "" }), " ")
}

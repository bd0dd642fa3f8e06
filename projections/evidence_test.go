package projections_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
)

func matched(texts ...string) schemas.Matched {
	var m schemas.Matched
	for _, text := range texts {
		m.MatchedTokens = append(m.MatchedTokens, schemas.Token{Field: "field.name", Text: text})
	}
	return m
}

func TestTokensOfEveryKindOfEvidence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		evidence schemas.Evidence
		want     []string
	}{
		{&schemas.CommandEvidence{Matched: matched("wget", "-O", "http://a.example/", "wget")}, []string{"wget", "http://a.example/"}},
		{&schemas.CommandEvidence{Matched: matched("sh", "/bin/busybox sh", "echo")}, []string{"/bin/busybox sh", "echo"}},
		{&schemas.CommandEvidence{Matched: matched("w", "id")}, []string{"w", "id"}},
		{&schemas.CommandEvidence{Matched: matched("")}, []string{"field.name"}},
		{&schemas.CommandEvidence{}, nil},
		{&schemas.AuthEvidence{Protocol: "ssh", Method: "password"}, []string{"ssh password refused"}},
		{&schemas.AuthEvidence{Protocol: "telnet", Success: true}, []string{"telnet accepted"}},
		{&schemas.SessionEvidence{Activity: "client_version"}, []string{"client_version"}},
		{&schemas.SessionEvidence{Matched: matched("SSH-2.0-Go"), Activity: "client_version"}, []string{"SSH-2.0-Go"}},
		{&schemas.TransferEvidence{Direction: "download"}, []string{"download"}},
		{&schemas.HTTPEvidence{HeaderNames: []string{"X-Api", "X-Up"}}, []string{"X-Api", "X-Up"}},
		{&schemas.CanaryEvidence{TokenType: "aws_keys"}, []string{"aws_keys"}},
		{&schemas.FingerprintEvidence{Signals: []string{"webdriver"}}, []string{"webdriver"}},
		{&schemas.EmailEvidence{Traits: []string{"url.punycode"}, FromDomain: "a.example"}, []string{"url.punycode"}},
		{&schemas.EmailEvidence{FromDomain: "a.example"}, []string{"a.example"}},
		{&schemas.AttachmentEvidence{MediaType: "application/zip"}, []string{"application/zip"}},
		{&schemas.IntelEvidence{Provider: "feodo", Verdict: "c2", MalwareFamily: "Emotet"}, []string{"feodo c2", "Emotet"}},
		{&schemas.BehaviourEvidence{Class: "brute_force", ToolGuesses: []string{"hydra"}}, []string{"brute_force", "hydra"}},
		{&schemas.IdentityEvidence{Counted: "networks", Threshold: 3}, []string{"networks >= 3"}},
		{&schemas.CorrelationEvidence{Type: "event_count", Threshold: ">= 5", TimespanSeconds: 300}, []string{"event_count >= 5 in 300 s"}},
	} {
		t.Run(fmt.Sprintf("%T/%v", c.evidence, c.want), func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, projections.TokensOf(c.evidence)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Lists of evidence may be longer than what one tag adds to a Picture.
func TestTokensAreBounded(t *testing.T) {
	t.Parallel()
	e := &schemas.EmailEvidence{}
	for i := range 100 {
		e.Traits = append(e.Traits, fmt.Sprintf("%03d:%s", i, strings.Repeat("é", 1000)))
	}
	tokens := projections.TokensOf(e)
	if len(tokens) != schemas.MaxTokens {
		t.Errorf("%d tokens", len(tokens))
	}
	for _, token := range tokens {
		if len(token) > schemas.MaxTokenText || strings.ContainsRune(token, '\ufffd') {
			t.Errorf("token of %d bytes: %q", len(token), token)
		}
	}
}

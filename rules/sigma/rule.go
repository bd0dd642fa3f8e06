package sigma

import (
	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// Rule is a Sigma rule as it was published.
type Rule struct {
	Meta
	Logsource match.Logsource
	Detection *detection.Detection
	// Emits are its techniques, by technique and sub-technique, each once.
	Emits []Emit
	// Confidence is what a finding of it is worth, from level and status.
	Confidence float64
}

// Options are what documents are read against.
type Options struct {
	// Catalogue is the ATT&CK release that techniques are looked up in.
	Catalogue Catalogue
}

// ReadRule reads a document with a detection. Problems go to r; the rule is
// then not complete.
func ReadRule(r *document.Reader, doc *document.Node, opts Options) *Rule {
	meta, m := readMeta(r, doc)
	rule := &Rule{Meta: meta, Confidence: Confidence(meta.Level, meta.Status)}
	if source, ok := need(r, m, "logsource"); ok {
		rule.Logsource = readLogsource(r, source)
	}
	if d, ok := need(r, m, "detection"); ok {
		rule.Detection = readDetection(r, d)
	}
	rule.Emits = readEmits(r, m, opts.Catalogue)
	unsupported(r, m, meta)
	return rule
}

// need is Map.Need for keys without which a document is no Sigma rule.
func need(r *document.Reader, m *document.Map, key string) (*document.Node, bool) {
	n, ok := m.Get(key)
	if !ok {
		r.Errorf(m.Node, "rule/missing-key", "", "rule: %s is missing", key)
	}
	return n, ok
}

// readDetection reads a detection over a whole event: keywords look into every
// field.
func readDetection(r *document.Reader, n *document.Node) *detection.Detection {
	return detection.Parse(r, n, detection.Options{Raw: []string{match.AnyField}, Sigma: true})
}

// unsupported warns of a rule that says of itself that it cannot be used.
func unsupported(r *document.Reader, m *document.Map, meta Meta) {
	if meta.Status != "unsupported" {
		return
	}
	at, _ := m.Node.Get("status")
	r.Report(at, document.Problem{
		Severity: document.SeverityWarning, Check: "sigma/unsupported",
		Message: "the rule calls itself unsupported", Hint: "its author says that it cannot be used as it is",
	})
}

// Confidence returns what a finding of a rule of that level and status is
// worth, in steps of 0.01. The level says how bad a true finding would be, and
// authors give a high one only to what is seldom false; the status says how
// much a rule has been tried. Informational rules, which enrich and do not
// accuse, stay below the floor under which no tag is written, as do rules of
// level low that are given up.
func Confidence(level, status string) float64 {
	hundredths, ok := levelConfidence[level]
	if !ok {
		hundredths = levelConfidence[""]
	}
	percent, ok := statusPercent[status]
	if !ok {
		percent = statusPercent[""]
	}
	return float64((hundredths*percent+50)/100) / 100
}

var (
	levelConfidence = map[string]int{"critical": 90, "high": 75, "medium": 60, "": 50, "low": 40, "informational": 20}
	statusPercent   = map[string]int{"stable": 100, "test": 95, "": 95, "experimental": 85, "deprecated": 70, "unsupported": 50}
)

package rules

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
)

// maxEmits bounds the techniques of one rule.
const maxEmits = 64

// readEmits reads and sorts the techniques of a rule. catalogue is nil if the
// release is not known, which is reported already.
func readEmits(r *document.Reader, n *document.Node, catalogue Catalogue) []Emit {
	items := r.List(n, "emits")
	switch {
	case n.Kind == document.KindList && len(items) == 0:
		r.Errorf(n, "rule/value", "", "emits: the rule would say nothing")
	case len(items) > maxEmits:
		r.Errorf(n, "rule/limit", "", "emits: %d, at most %d", len(items), maxEmits)
		return nil
	}
	emits := make([]Emit, 0, len(items))
	seen := map[[2]string]int{}
	for _, item := range items {
		e := readEmit(r, item)
		if e.TechniqueID == "" {
			continue
		}
		pair := [2]string{e.TechniqueID, e.SubTechniqueID}
		if line, twice := seen[pair]; twice {
			r.Errorf(item, "rule/duplicate-emit", "", "emits: %s is there already, at line %d", e.ID(), line)
			continue
		}
		seen[pair] = item.Line
		emits = append(emits, e)
		if catalogue != nil && e.Tactic != "" {
			if err := catalogue.Check(e.Tactic, e.TechniqueID, e.SubTechniqueID); err != nil {
				attackProblem(r, item, err)
			}
		}
	}
	slices.SortFunc(emits, func(a, b Emit) int {
		return cmp.Or(cmp.Compare(a.TechniqueID, b.TechniqueID), cmp.Compare(a.SubTechniqueID, b.SubTechniqueID))
	})
	return emits
}

func readEmit(r *document.Reader, item *document.Node) Emit {
	m := r.Map(item, "emits")
	e := Emit{
		Node:           item,
		Tactic:         m.NeedText("tactic", maxShort),
		TechniqueID:    m.NeedText("technique_id", maxShort),
		SubTechniqueID: m.Text("sub_technique_id", maxShort),
		Confidence:     m.NeedFloat("confidence"),
		Reason:         m.Text("confidence_reason", maxLong),
	}
	m.Done()
	technique, hasTechnique := item.Get("technique_id")
	sub, hasSub := item.Get("sub_technique_id")
	if parent, _, isSub := strings.Cut(e.TechniqueID, "."); isSub && hasTechnique && !hasSub {
		r.Errorf(technique, "attack/parent", "write technique_id: "+parent+", sub_technique_id: "+e.TechniqueID, "technique_id is always the parent technique")
		e.TechniqueID = ""
	}
	if hasSub && e.SubTechniqueID == "" && sub.Scalar() {
		r.Errorf(sub, "rule/value", "leave it out", "sub_technique_id is empty")
	}
	if at, ok := item.Get("confidence"); ok {
		e.Confidence = checkConfidence(r, at, e.Confidence)
	}
	return e
}

// checkConfidence returns a confidence without the noise of its binary form.
func checkConfidence(r *document.Reader, at *document.Node, c float64) float64 {
	rounded := round(c)
	switch {
	case math.IsNaN(c): // reported already
	case c <= 0 || c > 1:
		r.Errorf(at, "rule/value", "", "confidence: %s is not above 0 and at most 1", at.Text)
	case math.Abs(rounded-c) > 1e-9:
		r.Errorf(at, "rule/value", "", "confidence: %s is finer than steps of 0.01", at.Text)
	default:
		return rounded
	}
	return 0
}

// round rounds to steps of 0.01, halves up.
func round(c float64) float64 { return math.Round(c*100) / 100 }

// techniqueID is how tests write a technique or sub-technique.
var techniqueID = regexp.MustCompile(`^T[0-9]{4}(\.[0-9]{3})?$`)

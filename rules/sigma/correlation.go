package sigma

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/window"
)

// Correlation is a Sigma correlation as it was published.
type Correlation struct {
	Meta
	Emits      []Emit
	Confidence float64
	// Rules are the rules it refers to, by id or name, each once.
	Rules []string
	// RuleNodes are where they stand.
	RuleNodes []*document.Node
	// GroupBy are the fields of which matches must have the same values.
	GroupBy []string
	// Aliases are, by alias and rule, the field that the alias means in the
	// rule's events.
	Aliases map[string]map[string]string
	// Fields are whose values are counted or summed.
	Fields []string
	// Generate says that the rules in the same text also speak for themselves.
	Generate bool
	// Window is what it asks for.
	Window window.Spec
}

// The limits of one correlation.
const (
	maxFields  = 16
	maxAliases = 64
)

// ReadCorrelation reads a document with a correlation. Problems go to r; the
// correlation is then not complete.
func ReadCorrelation(r *document.Reader, doc *document.Node, opts Options) *Correlation {
	meta, m := readMeta(r, doc)
	c := &Correlation{Meta: meta, Confidence: Confidence(meta.Level, meta.Status)}
	c.Emits = readEmits(r, m, opts.Catalogue)
	body, ok := need(r, m, "correlation")
	if !ok {
		return c
	}
	b := r.Map(body, "correlation")
	c.readType(r, b)
	c.readRules(r, b)
	c.readTimespan(r, b)
	c.GroupBy = c.readFields(r, b, "group-by")
	c.readCondition(r, b)
	c.readAliases(r, b)
	c.readGenerate(r, b)
	b.Done()
	c.Window.Rules = len(c.Rules)
	if len(r.Problems()) == 0 || !r.Problems().Has(document.SeverityError) {
		if err := c.Window.Validate(); err != nil {
			r.Errorf(body, "correlation/condition", "", "%s", err)
		}
	}
	return c
}

func (c *Correlation) readType(r *document.Reader, b *document.Map) {
	if _, ok := b.Need("type"); !ok {
		return
	}
	names := make([]string, 0, 8)
	for _, t := range window.Types() {
		names = append(names, string(t))
	}
	c.Window.Type = window.Type(b.OneOf("type", names...))
}

func (c *Correlation) temporal() bool {
	return c.Window.Type == window.Temporal || c.Window.Type == window.TemporalOrdered
}

func (c *Correlation) readRules(r *document.Reader, b *document.Map) {
	n, ok := b.Get("rules")
	if !ok {
		if condition, has := b.Node.Get("condition"); !has || condition.Kind != document.KindText {
			r.Errorf(b.Node, "rule/missing-key", "", "correlation: rules is missing")
		}
		return
	}
	names, any := readNames(r, n, "correlation: rules")
	if any {
		r.Errorf(n, "rule/value", "", "correlation: rules: name them")
		return
	}
	items := n.Items
	if n.Scalar() {
		items = []*document.Node{n}
	}
	for i, name := range names {
		if slices.Contains(c.Rules, name) {
			r.Errorf(items[i], "correlation/rules", "", "correlation: rule %q is there already", clip(name))
			continue
		}
		c.Rules, c.RuleNodes = append(c.Rules, name), append(c.RuleNodes, items[i])
	}
	if len(c.Rules) > window.MaxRules {
		r.Errorf(n, "rule/limit", "", "correlation: %d rules, at most %d", len(c.Rules), window.MaxRules)
	}
}

// units of a timespan. The specification has those up to d; tools know weeks,
// and months and years of the average length.
var units = map[byte]time.Duration{
	's': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour,
	'M': 2_629_746 * time.Second, 'y': 31_556_952 * time.Second,
}

func (c *Correlation) readTimespan(r *document.Reader, b *document.Map) {
	n, ok := b.Get("timespan")
	if !ok {
		if old, was := b.Get("timeframe"); was {
			r.Errorf(old, "correlation/timespan", "call it timespan", "correlation: timeframe")
			return
		}
		r.Errorf(b.Node, "rule/missing-key", "", "correlation: timespan is missing")
		return
	}
	text := n.Text
	wrong := func() {
		r.Errorf(n, "correlation/timespan", "write 30s, 5m, 2h or 1d, at most 366d", "correlation: timespan %q", clip(text))
	}
	if n.Kind != document.KindText || len(text) < 2 || units[text[len(text)-1]] == 0 {
		wrong()
		return
	}
	unit := units[text[len(text)-1]]
	count, err := strconv.ParseUint(text[:len(text)-1], 10, 31)
	if err != nil || count < 1 || count > uint64(window.MaxTimespan/unit) {
		wrong()
		return
	}
	c.Window.Timespan = time.Duration(count) * unit
}

// readFields reads the names of fields: a list, or one.
func (c *Correlation) readFields(r *document.Reader, b *document.Map, key string) []string {
	names := texts(b, key)
	n, ok := b.Node.Get(key)
	if !ok {
		return nil
	}
	if len(names) > maxFields {
		r.Errorf(n, "rule/limit", "", "%s: %d fields, at most %d", key, len(names), maxFields)
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			r.Errorf(n, "correlation/field", "", "%s: field %q is there twice", key, clip(name))
		}
	}
	return names
}

func (c *Correlation) readAliases(r *document.Reader, b *document.Map) {
	n, ok := b.Get("aliases")
	if !ok {
		return
	}
	r.Map(n, "aliases")
	if len(n.Keys) > maxAliases {
		r.Errorf(n, "rule/limit", "", "aliases: %d, at most %d", len(n.Keys), maxAliases)
		return
	}
	c.Aliases = map[string]map[string]string{}
	for i, key := range n.Keys {
		value := n.Values[i]
		r.Map(value, "aliases: "+clip(key.Text))
		fields := map[string]string{}
		for j, rule := range value.Keys {
			if !slices.Contains(c.Rules, rule.Text) {
				r.Errorf(rule, "correlation/alias", "", "alias %s: the correlation does not refer to a rule %q", clip(key.Text), clip(rule.Text))
			}
			if fields[rule.Text] = r.Text(value.Values[j], "aliases", maxShort); fields[rule.Text] == "" {
				r.Errorf(value.Values[j], "correlation/alias", "", "alias %s: want the name of a field", clip(key.Text))
			}
		}
		c.Aliases[key.Text] = fields
	}
}

func (c *Correlation) readGenerate(r *document.Reader, b *document.Map) {
	n, ok := b.Get("generate")
	if !ok {
		// The specification puts it beside the correlation, tools inside.
		if n, ok = c.Node.Get("generate"); !ok {
			return
		}
	}
	value, is := n.Bool()
	if !is {
		r.Errorf(n, "rule/kind", "", "generate: want true or false, not %s", n.Kind)
	}
	c.Generate = value
}

// Field returns what a field of the correlation is called in the events of a
// rule: what an alias says, or itself.
func (c *Correlation) Field(name string, rule int) (string, error) {
	alias, ok := c.Aliases[name]
	if !ok {
		return name, nil
	}
	if field, ok := alias[c.Rules[rule]]; ok {
		return field, nil
	}
	return "", fmt.Errorf("alias %s says nothing of rule %s", name, c.Rules[rule])
}

// Spell writes the condition as people do: "event_count gte 5 in 5m0s".
func (c *Correlation) Spell() string {
	var s strings.Builder
	s.WriteString(string(c.Window.Type))
	for _, bound := range c.Window.Bounds {
		fmt.Fprintf(&s, " %s %v", bound.Op, bound.Value)
	}
	fmt.Fprintf(&s, " in %s", c.Window.Timespan)
	return s.String()
}

package topology

import (
	"fmt"
	"slices"
	"strings"
)

// Markers around the picture in the README.
const (
	PictureBegin = "<!-- topology:begin -->"
	PictureEnd   = "<!-- topology:end -->"
)

// Picture draws the map as a Mermaid flowchart in Markdown. Rounded boxes are roles, hexagons are outside;
// cylinders are compacted topics, slanted boxes topics whose records expire, double boxes those that keep
// everything. A dotted arrow is read whole by every instance.
func Picture() string {
	var b strings.Builder
	b.WriteString("```mermaid\nflowchart LR\n")
	roles := Roles()
	for _, t := range pictured(roles) {
		fmt.Fprintf(&b, "  %s%s\n", node(t.Name), topicShape(t))
	}
	for _, r := range roles {
		if r.Class == "" {
			fmt.Fprintf(&b, "  %s%s\n", node(r.Name), roleShape(r))
		}
	}
	for class, members := range classes(roles) {
		fmt.Fprintf(&b, "  subgraph %s\n", class)
		for _, r := range members {
			fmt.Fprintf(&b, "    %s%s\n", node(r.Name), roleShape(r))
		}
		b.WriteString("  end\n")
	}
	drawn := make(map[string]bool)
	for _, r := range roles {
		arrow(&b, nodes(r.Reads), "-->", node(r.Name))
		shared := node(r.Name)
		if r.Class != "" {
			shared = r.Class
		}
		if drawn[shared] {
			continue // its class is drawn once
		}
		drawn[shared] = true
		arrow(&b, nodes(r.Follows), "-.->", shared)
		arrow(&b, shared, "-->", nodes(r.Writes))
	}
	b.WriteString("```\n")
	return b.String()
}

// WithPicture returns text with what is between the markers replaced by the picture. ok is false when the
// markers are not there.
func WithPicture(text string) (replaced string, ok bool) {
	before, rest, ok := strings.Cut(text, PictureBegin)
	if !ok {
		return text, false
	}
	_, after, ok := strings.Cut(rest, PictureEnd)
	if !ok {
		return text, false
	}
	return before + PictureBegin + "\n" + Picture() + PictureEnd + after, true
}

func arrow(b *strings.Builder, from, kind, to string) {
	if from != "" && to != "" {
		fmt.Fprintf(b, "  %s %s %s\n", from, kind, to)
	}
}

// pictured lists the topics that an edge touches, in the order of the map.
func pictured(roles []Role) []Topic {
	touched := make(map[string]bool)
	for _, r := range roles {
		for _, t := range slices.Concat(r.Reads, r.Follows, r.Writes) {
			touched[t.Name] = true
		}
	}
	return slices.DeleteFunc(Topics(), func(t Topic) bool { return !touched[t.Name] })
}

// classes yields the roles of each class, in the order of the map.
func classes(roles []Role) func(yield func(string, []Role) bool) {
	return func(yield func(string, []Role) bool) {
		for i, r := range roles {
			isFirst := r.Class != "" && !slices.ContainsFunc(roles[:i], func(o Role) bool { return o.Class == r.Class })
			if !isFirst {
				continue
			}
			members := slices.DeleteFunc(slices.Clone(roles), func(o Role) bool { return o.Class != r.Class })
			if !yield(r.Class, members) {
				return
			}
		}
	}
}

func node(name string) string { return strings.NewReplacer(".", "_", "-", "_").Replace(name) }

func nodes(topics []Topic) string {
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = node(t.Name)
	}
	return strings.Join(names, " & ")
}

func topicShape(t Topic) string {
	switch t.Policy {
	case Compact:
		return fmt.Sprintf("[(%q)]", t.Name)
	case Keep:
		return fmt.Sprintf("[[%q]]", t.Name)
	default:
		return fmt.Sprintf("[/%q/]", t.Name)
	}
}

func roleShape(r Role) string {
	switch {
	case r.Outside:
		return fmt.Sprintf("{{%q}}", r.Name)
	case r.Group.Table:
		return fmt.Sprintf("([%q])", r.Name+" (with table)")
	default:
		return fmt.Sprintf("([%q])", r.Name)
	}
}

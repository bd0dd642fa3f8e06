package sigma

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// readLogsource reads a log source. What it has beside category, product and
// service is for people (definition) or an author's own.
func readLogsource(r *document.Reader, n *document.Node) match.Logsource {
	m := r.Map(n, "logsource")
	source := match.Logsource{
		Category: lower(m, "category"), Product: lower(m, "product"), Service: lower(m, "service"),
	}
	if source == (match.Logsource{}) && n.Kind == document.KindMap {
		r.Errorf(n, "sigma/logsource", "", "logsource: want a category, a product or a service")
	}
	return source
}

func lower(m *document.Map, key string) string { return strings.ToLower(m.Text(key, maxShort)) }

// Covers reports whether every event of the second log source is one of the
// first: each part that the first names, the second names too.
func Covers(wide, narrow match.Logsource) bool {
	return covers(wide.Category, narrow.Category) && covers(wide.Product, narrow.Product) && covers(wide.Service, narrow.Service)
}

func covers(wide, narrow string) bool { return wide == "" || wide == narrow }

// Spell writes a log source as people do: linux/process_creation/.
func Spell(l match.Logsource) string {
	return l.Product + "/" + l.Category + "/" + l.Service
}

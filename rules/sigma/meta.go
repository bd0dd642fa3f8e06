package sigma

import (
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/rules/document"
)

// The longest texts, in bytes. The specification gives a title 256 characters
// and a description 65,535.
const (
	maxShort = 1 << 10
	maxLong  = 64 << 10
)

// maxVersion is the highest version: one that every reader of JSON holds.
const maxVersion = 1<<53 - 1

// Meta is what every Sigma document says about itself.
type Meta struct {
	// ID is the document's id; without one it is made of the title.
	ID string
	// Name is what correlations and filters may call it by. May be empty.
	Name        string
	Title       string
	Description string
	// Taxonomy is empty for Sigma's own.
	Taxonomy       string
	Status, Level  string
	Author         string
	License        string
	Date, Modified string
	References     []string
	FalsePositives []string
	Tags           []string
	// Version is rule_version, else modified or date as YYYYMMDD, else 1.
	Version int64
	// Node is where the document stands.
	Node *document.Node
}

// The words of the specification.
var (
	levels   = []string{"informational", "low", "medium", "high", "critical"}
	statuses = []string{"stable", "test", "experimental", "deprecated", "unsupported"}
)

// readMeta reads what all documents have in common. Keys that nobody knows are
// the author's own, as the specification allows.
func readMeta(r *document.Reader, doc *document.Node) (Meta, *document.Map) {
	m := r.Map(doc, "rule")
	meta := Meta{
		Node:           doc,
		ID:             m.Text("id", maxShort),
		Name:           m.Text("name", maxShort),
		Title:          m.NeedText("title", maxShort),
		Description:    m.Text("description", maxLong),
		Taxonomy:       m.Text("taxonomy", maxShort),
		Author:         m.Text("author", maxLong),
		License:        m.Text("license", maxShort),
		Date:           m.Text("date", maxShort),
		Modified:       m.Text("modified", maxShort),
		References:     texts(m, "references"),
		FalsePositives: texts(m, "falsepositives"),
		Tags:           texts(m, "tags"),
	}
	meta.Status = word(m, "status", statuses)
	meta.Level = word(m, "level", levels)
	if meta.Taxonomy == "sigma" {
		meta.Taxonomy = ""
	}
	meta.Version = version(r, m, meta)
	if id, there := doc.Get("id"); meta.ID == "" && meta.Title != "" && (!there || id.Scalar()) {
		meta.ID = titleID(meta.Title)
		r.Report(doc, document.Problem{
			Severity: document.SeverityWarning, Check: "sigma/no-id",
			Message: "there is no id, so it is called " + meta.ID + ", after its title",
			Hint:    "give it an id: with another title it would be another rule",
		})
	}
	return meta, m
}

// word reads one of a few words, null and nothing meaning none.
func word(m *document.Map, key string, words []string) string {
	if n, ok := m.Node.Get(key); ok && n.Kind == document.KindNull {
		return ""
	}
	return m.OneOf(key, words...)
}

// texts reads a list of texts, or one text, and leaves out empty ones.
func texts(m *document.Map, key string) []string {
	all := m.Texts(key, maxLong)
	kept := all[:0]
	for _, text := range all {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return kept
}

// namespace is that of ids made of titles.
var namespace = uuid.MustParse("5b0f6e0c-53a5-5d57-9d4c-0d8e1f3a7c21")

// titleID returns the id of a document without one.
func titleID(title string) string { return uuid.NewSHA1(namespace, []byte(title)).String() }

var dateForm = regexp.MustCompile(`^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})$`)

// version returns the version that a document has, and reports dates that are
// none.
func version(r *document.Reader, m *document.Map, meta Meta) int64 {
	modified := dateNumber(r, m, "modified", meta.Modified)
	date := dateNumber(r, m, "date", meta.Date)
	if _, own := m.Node.Get("rule_version"); own {
		return m.NeedInt("rule_version", 1, maxVersion)
	}
	switch {
	case modified > 0:
		return modified
	case date > 0:
		return date
	}
	return 1
}

// dateNumber returns a date as YYYYMMDD, 0 for none.
func dateNumber(r *document.Reader, m *document.Map, key, text string) int64 {
	if text == "" {
		return 0
	}
	at, _ := m.Node.Get(key)
	parts := dateForm.FindStringSubmatch(text)
	if parts == nil {
		r.Errorf(at, "sigma/date", "write YYYY-MM-DD", "%s: %q is no date", key, clip(text))
		return 0
	}
	year, month, day := digits(parts[1]), digits(parts[2]), digits(parts[3])
	if month < 1 || month > 12 || day < 1 || day > 31 {
		r.Errorf(at, "sigma/date", "write YYYY-MM-DD", "%s: %q is no date", key, clip(text))
		return 0
	}
	return year*10_000 + month*100 + day
}

func digits(text string) (n int64) {
	for _, c := range text {
		n = n*10 + int64(c-'0')
	}
	return n
}

// clip shortens a text for a message.
func clip(text string) string {
	if len(text) > 80 {
		return strings.ToValidUTF8(text[:80], "") + "…"
	}
	return text
}

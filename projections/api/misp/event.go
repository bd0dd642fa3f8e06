package misp

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/printable"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// File is what MISP imports.
type File struct {
	Event Event `json:"Event"`
}

// Event is one MISP event. Numbers are texts, as MISP writes them.
type Event struct {
	UUID         uuid.UUID `json:"uuid" format:"uuid"`
	Info         string    `json:"info"`
	Date         string    `json:"date"`
	Timestamp    string    `json:"timestamp"`
	Published    bool      `json:"published"`
	ThreatLevel  string    `json:"threat_level_id"`
	Analysis     string    `json:"analysis"`
	Distribution string    `json:"distribution"`
	Orgc         Org       `json:"Orgc"`
	Tags         []Tag     `json:"Tag"`
	// Attributes are in an order of their content.
	Attributes []Attribute `json:"Attribute"`
}

// Org is who made an event.
type Org struct {
	Name string    `json:"name"`
	UUID uuid.UUID `json:"uuid" format:"uuid"`
}

// Tag is a label.
type Tag struct {
	Name string `json:"name"`
}

// Attribute is one fact of an event.
type Attribute struct {
	UUID         uuid.UUID `json:"uuid" format:"uuid"`
	Type         string    `json:"type"`
	Category     string    `json:"category"`
	Value        string    `json:"value"`
	Comment      string    `json:"comment,omitempty"`
	ToIDs        bool      `json:"to_ids"`
	Distribution string    `json:"distribution"`
	Timestamp    string    `json:"timestamp"`
	FirstSeen    string    `json:"first_seen,omitempty"`
	LastSeen     string    `json:"last_seen,omitempty"`
	Tags         []Tag     `json:"Tag,omitempty"`
}

const (
	// undefined is the threat level of who does not judge it.
	undefined = "4"
	// completed is the state of the analysis: what it says is all it will.
	completed = "2"
	// ownOrg and inherit keep an event where it is imported.
	ownOrg  = "0"
	inherit = "5"
)

var (
	namespace = uuid.MustParse("5f6d2c1e-8a4b-5d3f-9c70-2e1b7a9d4c66")
	// epoch dates an event without tags.
	epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

func idOf(about ...string) uuid.UUID {
	return uuid.NewSHA1(namespace, []byte(strings.Join(about, "\n")))
}

// NewFile returns the event of a scope, such as an attacker: its techniques,
// and what the evidence of tags has that MISP knows. Techniques that the
// release does not have are left out.
func NewFile(c *attack.Catalogue, scope string, rollups []projections.TechniqueRollup, tags []*projections.TagRow) *File {
	first, last := epoch, epoch
	for i, r := range rollups {
		if i == 0 || r.FirstSeen.Before(first) {
			first = r.FirstSeen
		}
		if i == 0 || r.LastSeen.After(last) {
			last = r.LastSeen
		}
	}
	e := Event{
		UUID: idOf(scope), Info: "ttpstream: " + printable.Text(scope, ""), Date: first.Format(time.DateOnly), Timestamp: stamp(last),
		ThreatLevel: undefined, Analysis: completed, Distribution: ownOrg, Orgc: Org{"ttpstream", idOf("ttpstream")}, Tags: []Tag{}, Attributes: []Attribute{},
	}
	for _, r := range rollups {
		e.addTechnique(c, scope, r)
	}
	for _, t := range tags {
		e.addEvidence(scope, t)
	}
	slices.SortFunc(e.Tags, func(a, b Tag) int { return strings.Compare(a.Name, b.Name) })
	e.Tags = slices.Compact(e.Tags)
	slices.SortFunc(e.Attributes, func(a, b Attribute) int { return strings.Compare(a.key(), b.key()) })
	e.Attributes = slices.CompactFunc(e.Attributes, func(a, b Attribute) bool { return a.UUID == b.UUID })
	return &File{e}
}

// key orders attributes; of two that are one the later comes first.
func (a *Attribute) key() string {
	return strings.Join([]string{a.Category, a.Type, a.Value, a.UUID.String()}, "\n")
}

func stamp(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// addTechnique adds a technique under one tactic.
func (e *Event) addTechnique(c *attack.Catalogue, scope string, r projections.TechniqueRollup) {
	id := r.TechniqueID
	if r.SubTechniqueID != "" {
		id = r.SubTechniqueID
	}
	technique, ok := c.Technique(id)
	if !ok {
		return
	}
	galaxy := Tag{fmt.Sprintf(`misp-galaxy:mitre-attack-pattern="%s - %s"`, technique.Name, id)}
	e.Tags = append(e.Tags, galaxy)
	e.Attributes = append(e.Attributes, Attribute{
		UUID: idOf(scope, r.Tactic, id), Type: "text", Category: "External analysis", Value: id + " under " + r.Tactic,
		Comment:      fmt.Sprintf("%d tags, at most %.2f sure, together %.2f", r.Tags, r.MaxConfidence, r.CombinedConfidence),
		Distribution: inherit, Timestamp: stamp(r.LastSeen), FirstSeen: seen(r.FirstSeen), LastSeen: seen(r.LastSeen), Tags: []Tag{galaxy},
	})
}

func seen(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

// evidence is what MISP correlates of any kind of evidence.
type evidence struct {
	SHA256 string          `json:"sha256"`
	Tokens []schemas.Token `json:"matched_tokens"`
}

// urlFields are the facts that hold addresses.
var urlFields = []string{"cmd.urls", "transfer.url"}

// addEvidence adds hashes of files and addresses that matched, where they are
// whole: a token is cut at a bound.
func (e *Event) addEvidence(scope string, t *projections.TagRow) {
	var found evidence
	if json.Unmarshal([]byte(t.Evidence), &found) != nil {
		return
	}
	if found.SHA256 != "" {
		e.addFound(scope, t, "sha256", "Payload delivery", found.SHA256)
	}
	for _, token := range found.Tokens {
		u, err := url.Parse(token.Text)
		if slices.Contains(urlFields, token.Field) && len(token.Text) < schemas.MaxTokenText && err == nil && u.Scheme != "" && u.Host != "" {
			e.addFound(scope, t, "url", "Network activity", token.Text)
		}
	}
}

func (e *Event) addFound(scope string, t *projections.TagRow, kind, category, value string) {
	e.Attributes = append(e.Attributes, Attribute{
		UUID: idOf(scope, kind, value), Type: kind, Category: category, Value: printable.Text(value, ""),
		Comment: "rule " + printable.Text(t.RuleID, ""), Distribution: inherit, Timestamp: stamp(t.Time()),
	})
}

package stix

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/printable"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// The TLP markings that an export may have, by the ids that the standard gives
// them.
var markings = map[string]string{
	"white": "613f2e26-407d-48c7-9eca-b8e91df99dc9",
	"green": "34098fce-860f-48ae-8e50-ebd3cc5e41da",
	"amber": "f88d31f6-486f-44da-b317-01333bde0b82",
	"red":   "5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}

var (
	// ancient dates attack-patterns: MITRE's own are all newer.
	ancient = Time(time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC))
	// ours dates what is only ours and never changes.
	ours = Time(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	// marked dates the markings, as the standard does.
	marked = Time(time.Date(2017, 1, 20, 0, 0, 0, 0, time.UTC))
)

// Exporter makes objects. The zero value is of no use; see [New].
type Exporter struct {
	catalogue *attack.Catalogue
	tlp       string
	identity  string
	extension string
}

// New returns an exporter. tlp is white, green, amber or red; anything else
// means amber.
func New(c *attack.Catalogue, tlp string) *Exporter {
	if markings[tlp] == "" {
		tlp = "amber"
	}
	return &Exporter{c, tlp, idOf("identity", "ttpstream"), idOf("extension-definition", "x-ttpstream-event")}
}

// Bundle returns the sightings of techniques within a scope, such as an
// attacker, and what was observed of tags. The scope names the sightings: of
// two scopes they are two objects. Equal arguments give equal bundles. Techniques
// that the release does not have are left out.
func (e *Exporter) Bundle(scope string, rollups []projections.TechniqueRollup, tags []*projections.TagRow) *Bundle {
	objects := []*Object{e.Identity(), e.marking(), e.definition()}
	observed := make(map[string][]string) // by technique
	for _, t := range tags {
		event, data := e.observed(t)
		objects = append(objects, event, data)
		observed[t.Technique()] = append(observed[t.Technique()], data.ID)
	}
	known := make(map[string]bool)
	for _, r := range rollups {
		pattern, ok := e.Technique(techniqueOf(r))
		if !ok {
			continue
		}
		if !known[pattern.ID] {
			known[pattern.ID] = true
			objects = append(objects, pattern)
		}
		objects = append(objects, e.sighting(scope, r, pattern.ID, observed[techniqueOf(r)]))
	}
	slices.SortStableFunc(objects, func(a, b *Object) int { return strings.Compare(a.ID, b.ID) })
	objects = slices.CompactFunc(objects, func(a, b *Object) bool { return a.ID == b.ID })
	return &Bundle{Type: "bundle", ID: idOf("bundle", scope), Objects: objects}
}

func techniqueOf(r projections.TechniqueRollup) string {
	if r.SubTechniqueID != "" {
		return r.SubTechniqueID
	}
	return r.TechniqueID
}

// Identity is who says all this.
func (e *Exporter) Identity() *Object {
	return &Object{Type: "identity", SpecVersion: "2.1", ID: e.identity, Created: ours, Modified: ours, Name: "ttpstream",
		IdentityClass: "system", Description: "Tags attacker telemetry with MITRE ATT&CK techniques."}
}

func (e *Exporter) marking() *Object {
	return &Object{Type: "marking-definition", SpecVersion: "2.1", ID: "marking-definition--" + markings[e.tlp], Created: marked,
		Name: "TLP:" + strings.ToUpper(e.tlp), DefinitionType: "tlp", Definition: map[string]string{"tlp": e.tlp}}
}

func (e *Exporter) definition() *Object {
	return &Object{Type: "extension-definition", SpecVersion: "2.1", ID: e.extension, CreatedBy: e.identity, Created: ours, Modified: ours,
		Name: "ttpstream event", Description: "An event that a sensor saw and a rule tagged, with what matched.",
		Schema: "https://github.com/ttpstream/ttpstream/blob/main/schemas/jsonschema/tag.schema.json", Version: "1.0.0",
		ExtensionTypes: []string{"new-sco"}}
}

// Technique returns the attack-pattern of an ATT&CK id; ok is false when the
// release does not have it.
func (e *Exporter) Technique(id string) (pattern *Object, ok bool) {
	t, ok := e.catalogue.Technique(id)
	if !ok {
		return nil, false
	}
	path := strings.ReplaceAll(id, ".", "/")
	pattern = &Object{Type: "attack-pattern", SpecVersion: "2.1", ID: t.STIXID, Created: ancient, Modified: ancient, Name: t.Name,
		References: []Reference{{Source: "mitre-attack", ID: id, URL: "https://attack.mitre.org/techniques/" + path}}}
	for _, tactic := range t.Tactics {
		if in, ok := e.catalogue.Tactic(tactic); ok {
			pattern.KillChain = append(pattern.KillChain, Phase{"mitre-attack", in.ShortName})
		}
	}
	return pattern, true
}

// maxCount is the most that a sighting may count.
const maxCount = 999_999_999

// sighting says that a technique was seen under a tactic within a scope.
func (e *Exporter) sighting(scope string, r projections.TechniqueRollup, pattern string, observed []string) *Object {
	s := e.sighted(idOf("sighting", strings.Join([]string{scope, r.Tactic, techniqueOf(r)}, "\n")), pattern, r.FirstSeen, r.LastSeen, r.MaxConfidence)
	s.Count, s.ObservedData = min(r.Tags, maxCount), observed
	s.Description = fmt.Sprintf("%s under %s: %d tags, together %.2f sure", techniqueOf(r), r.Tactic, r.Tags, r.CombinedConfidence)
	return s
}

func (e *Exporter) sighted(id, pattern string, first, last time.Time, confidence float64) *Object {
	return &Object{Type: "sighting", SpecVersion: "2.1", ID: id, CreatedBy: e.identity, Created: Time(first), Modified: Time(last),
		FirstSeen: Time(first), LastSeen: Time(last), SightingOf: pattern, SightedBy: []string{e.identity}, Markings: e.marks(), Confidence: percent(confidence)}
}

func (e *Exporter) marks() []string { return []string{"marking-definition--" + markings[e.tlp]} }

// TagSighting says that one tag was made. It is one object per tag, for
// collections that are read as they grow; ok is false when the release does not
// have the technique.
func (e *Exporter) TagSighting(t *projections.TagRow) (sighting *Object, ok bool) {
	technique, ok := e.catalogue.Technique(t.Technique())
	if !ok {
		return nil, false
	}
	s := e.sighted(SightingID(t.UUID), technique.STIXID, t.Time(), t.Time(), t.Confidence())
	s.Count = 1
	s.Description = fmt.Sprintf("%s under %s by rule %s version %d: tag %s", t.Technique(), t.Tactic, printable.Text(t.RuleID, ""), t.RuleVersion, t.UUID)
	s.References = []Reference{{Source: "ttpstream", ID: t.UUID.String()}}
	return s, true
}

// SightingID returns the id of the sighting of a tag: the tag's own.
func SightingID(tag uuid.UUID) string { return "sighting--" + tag.String() }

// observed returns the event of a tag and the observed-data that holds it. What
// matched differs from tag to tag, so each has an event of its own; event_id
// says which are one.
func (e *Exporter) observed(t *projections.TagRow) (event, data *Object) {
	event = &Object{Type: "x-ttpstream-event", SpecVersion: "2.1", ID: idOf("x-ttpstream-event", t.UUID.String()), Markings: e.marks(),
		SourceKind: t.SourceKind, EventID: printable.Text(t.SourceID, ""), EventTime: Time(t.Time()), Sensor: printable.Text(t.Sensor, ""),
		SessionID: printable.Text(t.SessionID, ""), RuleID: t.RuleID, Rule: t.RuleVersion, Evidence: []byte(t.Evidence),
		Extensions: map[string]any{e.extension: map[string]string{"extension_type": "new-sco"}}}
	if t.AttackerUUID != uuid.Nil {
		event.Attacker = t.AttackerUUID.String()
	}
	data = &Object{Type: "observed-data", SpecVersion: "2.1", ID: idOf("observed-data", t.UUID.String()), CreatedBy: e.identity,
		Created: Time(t.Time()), Modified: Time(t.Time()), FirstObserved: Time(t.Time()), LastObserved: Time(t.Time()), NumberObserved: 1,
		ObjectRefs: []string{event.ID}, Markings: e.marks(), Confidence: percent(t.Confidence())}
	return event, data
}

func percent(confidence float64) *int {
	p := int(math.Round(confidence * 100))
	return &p
}

package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/ttpstream/ttpstream/schemas"
)

// Mapping is a format by configuration: JSON of any program, one object a line.
//
//	name: edge-proxy              # the word for --format
//	kind: http_request            # what a record is
//	when: {program: nginx}        # members that a record of it has, with these values; * is any
//	time: ts                      # where the time is
//	source: client.ip             # where the address is
//	fields:                       # our field: its path, or a constant after an equals sign
//	  method: request.method
//	  path: request.path
//	  scheme: "=https"
//
// A path goes down by dots; a member whose name has a dot is found by its
// whole name first. Our fields are those of the record that travels (see the
// JSON Schemas). The id is made of the record, so no member may be added on
// its way.
type Mapping struct {
	// Name is lower-case letters, digits and hyphens.
	Name string `yaml:"name"`
	// Kind is a source kind of a fact topic.
	Kind string `yaml:"kind"`
	// When says which objects are of this format. Required.
	When map[string]string `yaml:"when"`
	// Time and Source are paths. Required.
	Time   string `yaml:"time"`
	Source string `yaml:"source"`
	// Sensor and Session are paths or constants. Default to nothing.
	Sensor  string `yaml:"sensor"`
	Session string `yaml:"session"`
	// Fields are the record's own. A path that leads nowhere sets nothing.
	Fields map[string]string `yaml:"fields"`
	// Coarse says that the clock is coarser than a millisecond: identical
	// lines of one file are then counted apart. Defaults to false.
	Coarse bool `yaml:"coarse"`
}

// maxMapping bounds the text of a mapping, in bytes, and of its lists.
const maxMapping = 64 << 10

var mappingName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)

// ParseMapping reads a mapping from YAML. Errors: every problem of it.
func ParseMapping(text []byte) (*Mapping, error) {
	if len(text) > maxMapping {
		return nil, fmt.Errorf("mapping: %d bytes, at most %d", len(text), maxMapping)
	}
	m := new(Mapping)
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.DisallowUnknownField()).Decode(m); err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	return m, m.Validate()
}

// Validate returns every problem of the mapping, joined, or nil.
func (m *Mapping) Validate() error {
	var problems []error
	bad := func(format string, args ...any) { problems = append(problems, fmt.Errorf("mapping: "+format, args...)) }
	if !mappingName.MatchString(m.Name) {
		bad("name: %q is not made of lower-case letters, digits and hyphens", m.Name)
	}
	for _, s := range Sources() {
		if s.Name() == m.Name || m.Name == Auto {
			bad("name: %q is a format already", m.Name)
			break
		}
	}
	if newFact(schemas.SourceKind(m.Kind)) == nil {
		bad("kind: %q is on no topic of facts", m.Kind)
	}
	if len(m.When) == 0 {
		bad("when: required; say by which members a record is known")
	}
	if m.Time == "" || m.Source == "" {
		bad("time and source: both required")
	}
	for name := range m.Fields {
		if slices.Contains([]string{"event_id", "event_time", "source_kind", "attacker_uuid", "src_ip"}, name) {
			bad("fields: %s is made by ingest", name)
		}
	}
	return errors.Join(problems...)
}

// AsSource returns the mapping as a format. The mapping is valid.
func (m *Mapping) AsSource() Source {
	return sensor{name: m.Name, has: m.has, decode: m.decode, coarse: m.Coarse}
}

func (m *Mapping) has(o *object) bool {
	for path, want := range m.When {
		value := at(o, path)
		if value == nil || want != "*" && string(value.text) != want {
			return false
		}
	}
	return true
}

func (m *Mapping) decode(e *sensorEvent) {
	record := map[string]any{}
	for name, path := range m.Fields {
		if value, ok := mapped(e.object, path); ok {
			record[name] = value
		}
	}
	if value, ok := mapped(e.object, m.Sensor); ok {
		record["sensor"] = value
	}
	if value, ok := mapped(e.object, m.Session); ok {
		record["session_id"] = fmt.Sprint(value)
	}
	clock := at(e.object, m.Time)
	if clock == nil {
		e.refuse(ReasonNoTime, "the record has no "+m.Time)
		return
	}
	e.whenMember(m.Time, clock)
	if value := at(e.object, m.Source); value != nil {
		e.fromText(string(value.text), m.Source)
	} else {
		e.refuse(ReasonNoSource, "the record has no "+m.Source)
	}
	if e.refusal != nil {
		return
	}
	record["event_time"], record["src_ip"] = e.envelope.EventTime, e.srcIP
	raw, err := json.Marshal(record)
	if err != nil {
		e.refuse(ReasonBadValue, "a value has no JSON")
		return
	}
	fact, refusal := factOf(schemas.SourceKind(m.Kind), raw, e.canonical)
	if refusal != nil {
		e.refuse(refusal.Reason, refusal.Detail)
		return
	}
	fact.Event().EventID = e.as(fact.Event().SourceKind, 0).EventID
	e.add(fact)
}

// at follows a path, nil where it leads nowhere.
func at(o *object, path string) *member {
	for range maxDepth {
		if m := o.get(path); m != nil && m.kind != kindNull {
			return m
		}
		head, rest, ok := strings.Cut(path, ".")
		m := o.get(head)
		if !ok || m == nil || m.kind != kindObject {
			return nil
		}
		inner := new(object)
		if inner.parse(m.text) != nil {
			return nil
		}
		o, path = inner, rest
	}
	return nil
}

// mapped returns the value of a path or constant.
func mapped(o *object, path string) (any, bool) {
	if path == "" {
		return nil, false
	}
	if constant, ok := strings.CutPrefix(path, "="); ok {
		return constant, true
	}
	m := at(o, path)
	if m == nil {
		return nil, false
	}
	switch m.kind {
	case kindString:
		return string(m.text), true
	case kindNumber:
		if n, err := strconv.ParseFloat(string(m.text), 64); err == nil && !math.IsInf(n, 0) {
			return json.Number(m.text), true
		}
		return nil, false
	default:
		return json.RawMessage(m.text), true
	}
}

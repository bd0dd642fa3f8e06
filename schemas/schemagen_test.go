package schemas_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/invopop/jsonschema"

	"github.com/ttpstream/ttpstream/schemas"
)

const schemaBase = "https://github.com/ttpstream/ttpstream/schemas/jsonschema/"

// generator makes JSON Schemas of records.
type generator struct {
	reflector jsonschema.Reflector
	limits    map[string]limits
}

func newGenerator(tb testing.TB) *generator {
	return &generator{limits: probeAll(), reflector: jsonschema.Reflector{
		Anonymous: true, AllowAdditionalProperties: true, ExpandedStruct: true,
		Mapper: mapType, LookupComment: readComments(tb).lookup,
	}}
}

// mapType spells the types that reflection would get wrong.
func mapType(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[uuid.UUID]():
		return &jsonschema.Schema{Type: "string", Format: "uuid"}
	case reflect.TypeFor[schemas.SourceKind]():
		return &jsonschema.Schema{Type: "string", Enum: anys(schemas.SourceKinds())}
	case reflect.TypeFor[schemas.Evidence]():
		return &jsonschema.Schema{Type: "object"}
	}
	return nil
}

// generate returns the schema of a record as its file holds it.
func (g *generator) generate(tb testing.TB, r record) []byte {
	tb.Helper()
	schema := g.reflector.Reflect(r.zero)
	schema.ID = jsonschema.ID(schemaBase + r.name + ".schema.json")
	schema.Title = r.name
	if _, ok := r.zero.(*schemas.Tag); ok {
		g.addEvidence(schema)
	}
	g.limit(reflect.TypeOf(r.zero).Elem().Name(), schema)
	for name, definition := range schema.Definitions {
		g.limit(name, definition)
	}
	if add := conditions()[r.name]; add != nil {
		add(schema)
	}
	raw, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		tb.Fatal(err)
	}
	for _, char := range []string{"<", ">", "&"} {
		raw = bytes.ReplaceAll(raw, fmt.Appendf(nil, `\u%04x`, char[0]), []byte(char))
	}
	return append(raw, '\n')
}

// addEvidence says which evidence goes with which source kind.
func (g *generator) addEvidence(schema *jsonschema.Schema) {
	var order []string
	kinds := map[string][]any{}
	for _, kind := range schemas.SourceKinds() {
		evidence := reflect.TypeOf(evidenceGolden(kind)).Elem()
		name := evidence.Name()
		if kinds[name] == nil {
			order = append(order, name)
			whole := g.reflector.ReflectFromType(evidence)
			for inner, definition := range whole.Definitions {
				schema.Definitions[inner] = definition
			}
			whole.Definitions, whole.Version = nil, ""
			schema.Definitions[name] = whole
		}
		kinds[name] = append(kinds[name], string(kind))
	}
	for _, name := range order {
		schema.AllOf = append(schema.AllOf, ifField(
			"source_kind", kinds[name], properties("evidence", &jsonschema.Schema{Ref: "#/$defs/" + name})))
	}
}

// limit adds what Validate says of a type's fields.
func (g *generator) limit(owner string, schema *jsonschema.Schema) {
	for pair := schema.Properties.Oldest(); pair != nil; pair = pair.Next() {
		apply(g.limits[owner+"."+pair.Key], pair.Value, slices.Contains(schema.Required, pair.Key))
		if pair.Value.Items != nil {
			apply(g.limits[owner+"."+pair.Key+"[]"], pair.Value.Items, false)
		}
	}
}

func apply(l limits, s *jsonschema.Schema, required bool) {
	s.MaxLength, s.MaxItems = l.maxLength, l.maxItems
	if l.enum != nil {
		s.Enum, s.MaxLength = anys(l.enum), nil
	} else if l.nonEmpty && required {
		s.MinLength = new(uint64(1))
	}
	spell := func(x *float64) json.Number {
		if x == nil {
			return ""
		}
		return json.Number(strconv.FormatFloat(*x, 'f', -1, 64))
	}
	s.Minimum, s.Maximum = spell(l.minimum), spell(l.maximum)
}

func anys[T ~string](values []T) []any {
	var out []any
	for _, value := range values {
		out = append(out, string(value))
	}
	return out
}

package schemas_test

import (
	"github.com/invopop/jsonschema"

	"github.com/ttpstream/ttpstream/schemas"
)

// conditions holds, for some records, what no single field can say.
func conditions() map[string]func(*jsonschema.Schema) {
	return map[string]func(*jsonschema.Schema){
		"tag": tagConditions, "candidate": tagConditions,
		"canary": func(s *jsonschema.Schema) {
			s.AllOf = append(s.AllOf, ifField("source_kind", []any{string(schemas.KindCanaryFingerprint)}, required("fingerprint")))
		},
		"rule_state": func(s *jsonschema.Schema) {
			clipped := ifField("mode", []any{schemas.ModeClipped}, required("confidence_max"))
			clipped.Else = &jsonschema.Schema{Not: required("confidence_max")}
			s.AllOf = append(s.AllOf, clipped)
		},
		"retraction": func(s *jsonschema.Schema) {
			rule := ifField("target", []any{schemas.TargetRule}, &jsonschema.Schema{
				Required: []string{"rule_id"}, AllOf: []*jsonschema.Schema{
					{Not: required("id")}, {Not: required("version", "below")},
				},
			})
			rule.Else = required("id")
			for _, field := range []string{"rule_id", "version", "below", "from", "to"} {
				rule.Else.AllOf = append(rule.Else.AllOf, &jsonschema.Schema{Not: required(field)})
			}
			s.AllOf = append(s.AllOf, rule)
		},
		"rule_history": func(s *jsonschema.Schema) {
			s.AllOf = append(s.AllOf, ifField("change", []any{schemas.ChangeRule}, required("version", "hash")))
		},
		"dead_letter": func(s *jsonschema.Schema) {
			s.AnyOf = []*jsonschema.Schema{required("topic"), required("file")}
		},
	}
}

func tagConditions(s *jsonschema.Schema) {
	s.AnyOf = []*jsonschema.Schema{required("attacker_uuid"), required("identity_uuid")}
	for field, pattern := range map[string]string{
		"tactic": `^TA[0-9]{4}$`, "technique_id": `^T[0-9]{4}$`, "sub_technique_id": `^T[0-9]{4}\.[0-9]{3}$`,
	} {
		property, _ := s.Properties.Get(field)
		property.Pattern = pattern
	}
}

// ifField is: if field is one of values, then.
func ifField(field string, values []any, then *jsonschema.Schema) *jsonschema.Schema {
	test := &jsonschema.Schema{Enum: values}
	if len(values) == 1 {
		test = &jsonschema.Schema{Const: values[0]}
	}
	condition := properties(field, test)
	condition.Required = []string{field}
	return &jsonschema.Schema{If: condition, Then: then}
}

func required(fields ...string) *jsonschema.Schema { return &jsonschema.Schema{Required: fields} }

func properties(field string, schema *jsonschema.Schema) *jsonschema.Schema {
	out := &jsonschema.Schema{Properties: jsonschema.NewProperties()}
	out.Properties.Set(field, schema)
	return out
}

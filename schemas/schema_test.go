package schemas_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	validation "github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas"
)

func TestJSONSchemasAreGenerated(t *testing.T) {
	t.Parallel()
	g := newGenerator(t)
	var files []string
	for _, r := range records() {
		name := r.name + ".schema.json"
		files = append(files, name)
		path := filepath.Join("jsonschema", name)
		got := g.generate(t, r)
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s (%v; go test -update writes it) (-file +generated):\n%s", path, err, cmp.Diff(string(want), string(got)))
		}
		if again := g.generate(t, r); !bytes.Equal(got, again) {
			t.Errorf("%s comes out otherwise the second time", path)
		}
	}
	on, err := filepath.Glob("jsonschema/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range on {
		if !slices.Contains(files, filepath.Base(path)) {
			t.Errorf("%s is no record's", path)
		}
	}
}

func TestJSONSchemaKnowsEveryRecord(t *testing.T) {
	t.Parallel()
	if *update {
		t.Skip("the embedded schemas are those of before the update: run again without -update")
	}
	var want []string
	for _, r := range records() {
		want = append(want, r.name)
		if raw, ok := schemas.JSONSchema(r.name); !ok || !bytes.Contains(raw, []byte(`"title": "`+r.name+`"`)) {
			t.Errorf("JSONSchema(%q) = %.40q, %t", r.name, raw, ok)
		}
	}
	if diff := cmp.Diff(want, schemas.RecordNames()); diff != "" {
		t.Errorf("RecordNames (-want +got):\n%s", diff)
	}
	schemas.RecordNames()[0] = "changed"
	for _, name := range []string{"", "changed", "Command", "../doc", "command.schema.json", "tagged"} {
		if raw, ok := schemas.JSONSchema(name); ok || raw != nil {
			t.Errorf("JSONSchema(%q) is there", name)
		}
	}
	if schemas.RecordNames()[0] != "command" {
		t.Error("RecordNames hands out its own list")
	}
}

// compiled returns the embedded schemas, formats asserted.
func compiled(tb testing.TB) map[string]*validation.Schema {
	tb.Helper()
	if *update {
		tb.Skip("the embedded schemas are those of before the update: run again without -update")
	}
	compiler := validation.NewCompiler()
	compiler.AssertFormat()
	compiler.DefaultDraft(validation.Draft2020)
	out := map[string]*validation.Schema{}
	for _, name := range schemas.RecordNames() {
		raw, _ := schemas.JSONSchema(name)
		document, err := validation.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			tb.Fatal(err)
		}
		if err := compiler.AddResource(schemaBase+name+".schema.json", document); err != nil {
			tb.Fatal(err)
		}
		if out[name], err = compiler.Compile(schemaBase + name + ".schema.json"); err != nil {
			tb.Fatal(err)
		}
	}
	return out
}

func accepts(tb interface{ Fatal(...any) }, schema *validation.Schema, raw []byte) error {
	document, err := validation.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		tb.Fatal(err)
	}
	return schema.Validate(document)
}

func TestGoldensFitTheirSchemas(t *testing.T) {
	t.Parallel()
	all := compiled(t)
	for _, g := range goldens() {
		raw := g.bytes(t)
		if err := accepts(t, all[g.record], raw); err != nil {
			t.Errorf("%s: %v", g.name, err)
		}
		newer := append([]byte(`{"of_the_future":{},`), raw[1:]...)
		if err := accepts(t, all[g.record], newer); err != nil {
			t.Errorf("%s of a newer producer: %v", g.name, err)
		}
		for _, other := range goldens() {
			sameShape := other.record == g.record || strings.HasPrefix(other.record+g.record, "candidatetag") || strings.HasPrefix(g.record+other.record, "candidatetag")
			if !sameShape && accepts(t, all[other.record], raw) == nil {
				t.Errorf("%s passes for a %s", g.name, other.record)
			}
		}
	}
}

// What we would publish, a consumer's schema check lets through.
func TestValidRecordsFitTheirSchemas(t *testing.T) {
	t.Parallel()
	all := compiled(t)
	for _, name := range names(goldens()) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				g := goldenNamed(name)
				fields := places(g.value)
				for range rapid.IntRange(1, 4).Draw(t, "changes") {
					change(t, rapid.SampledFrom(fields).Draw(t, "place"))
				}
				value := remade(g.value)
				if value == nil || value.(validator).Validate() != nil {
					return
				}
				raw, err := schemas.EncodeJSON(value)
				if err != nil {
					t.Fatal(err)
				}
				if err := accepts(t, all[g.record], raw); err != nil {
					t.Fatalf("valid, yet its schema refuses it: %v\n%s", err, raw)
				}
			})
		})
	}
}

// beyondSchema are the refusals that JSON Schema has no words for: a zero
// uuid has a uuid's form, times have no order.
var beyondSchema = []string{
	"command/event_id: required", "command/attacker_uuid: required", "identity_link/identity_uuid: required",
	"identity_summary/attacker_uuid and identity_uuid: both", "match/event_id: required", "fired/tag_uuid: required",
	"rule_state/expires_at: 1999", "retraction/from, to: an empty range",
}

// What Validate refuses, the schema refuses, but for a known list.
func TestRefusalsAreInTheSchemas(t *testing.T) {
	t.Parallel()
	all := compiled(t)
	for _, test := range refusals() {
		g := goldenNamed(test.golden)
		test.change(g.value)
		raw, err := schemas.EncodeJSON(g.value)
		if err != nil {
			t.Fatal(err)
		}
		beyond := slices.Contains(beyondSchema, test.golden+"/"+test.want)
		if err := accepts(t, all[g.record], raw); (err == nil) != beyond {
			t.Errorf("%s/%s: schema says %v", test.golden, test.want, err)
		}
	}
}

// Evidence of another kind is refused by the schema too.
func TestTagSchemaTiesEvidenceToItsKind(t *testing.T) {
	t.Parallel()
	all := compiled(t)
	for field, bad := range map[string]string{
		`"matched_tokens":[`: `"matched_tokens":[{},`, `"decoding_depth":2`: `"decoding_depth":"2"`, `"fallback":true`: `"fallback":1`,
	} {
		for _, name := range []string{"tag", "candidate"} {
			raw := goldenNamed("candidate").bytes(t)
			if err := accepts(t, all[name], bytes.Replace(raw, []byte(field), []byte(bad), 1)); err == nil {
				t.Errorf("%s with %s passes", name, bad)
			}
		}
	}
	raw := goldenNamed("tag_intel_verdict").bytes(t)
	if err := accepts(t, all["tag"], bytes.Replace(raw, []byte(`"score":0.75`), []byte(`"score":1.5`), 1)); err == nil {
		t.Error("a score of 1.5 passes")
	}
}

package schemas

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// plainTag is a tag decoded by reflection: what the decoder by hand must equal.
type plainTag struct {
	UUID           uuid.UUID      `json:"uuid"`
	SourceKind     SourceKind     `json:"source_kind"`
	SourceID       string         `json:"source_id"`
	AttackerUUID   uuid.UUID      `json:"attacker_uuid"`
	IdentityUUID   uuid.UUID      `json:"identity_uuid"`
	SessionID      string         `json:"session_id"`
	Sensor         string         `json:"sensor"`
	Tactic         string         `json:"tactic"`
	TechniqueID    string         `json:"technique_id"`
	SubTechniqueID string         `json:"sub_technique_id"`
	Confidence     float64        `json:"confidence"`
	RuleID         string         `json:"rule_id"`
	RuleVersion    int64          `json:"rule_version"`
	RuleHash       string         `json:"rule_hash"`
	AttackRelease  string         `json:"attack_release"`
	Evidence       jsontext.Value `json:"evidence"`
	CreatedAt      time.Time      `json:"created_at"`
}

func (p plainTag) tag() (*Tag, error) {
	evidence, err := decodeEvidence(p.SourceKind, p.Evidence)
	return &Tag{
		p.UUID, p.SourceKind, p.SourceID, p.AttackerUUID, p.IdentityUUID, p.SessionID, p.Sensor, p.Tactic, p.TechniqueID,
		p.SubTechniqueID, p.Confidence, p.RuleID, p.RuleVersion, p.RuleHash, p.AttackRelease, evidence, p.CreatedAt,
	}, err
}

// A tag decoded by hand equals one decoded by reflection, and what one refuses
// the other refuses, whatever the JSON.
func TestTagDecodesAsByReflection(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { compareDecoders(t, drawTagJSON(t)) })
}

func FuzzTagDecodesAsByReflection(f *testing.F) {
	f.Add(`{"uuid":null,"source_kind":"command","evidence":{"matched_tokens":[]},"confidence":0.5,"rule_version":1.0}`)
	f.Add(`{"\u0075uid":"00000000-0000-0000-0000-000000000001","rule_id":"a\nb","rule_version":1e3,"x":[{}]}`)
	f.Fuzz(func(t *testing.T, text string) { compareDecoders(t, text) })
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

func compareDecoders(t fataler, text string) {
	t.Helper()
	var got Tag
	gotErr := unmarshal([]byte(text), &got)
	var plain plainTag
	wantErr := jsonv2.Unmarshal([]byte(text), &plain)
	var want *Tag
	if wantErr == nil {
		want, wantErr = plain.tag()
	}
	if strings.TrimSpace(text) == "null" {
		return // a record is never null: Validate refuses both
	}
	if (gotErr == nil) != (wantErr == nil) {
		t.Fatalf("%s\nby hand: %v\nby reflection: %v", text, gotErr, wantErr)
	}
	if gotErr != nil {
		return
	}
	if diff := cmp.Diff(want, &got); diff != "" {
		t.Fatalf("%s\n%s", text, diff)
	}
}

// drawTagJSON draws an object with the members of a tag, in any order, most
// of them well formed.
func drawTagJSON(t *rapid.T) string {
	names := rapid.Permutation(append(tagMembers[1:], "unknown")).Draw(t, "order")
	names = names[:rapid.IntRange(0, len(names)).Draw(t, "members")]
	var members []string
	for _, name := range names {
		quoted, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.IntRange(0, 9).Draw(t, "escape") == 0 {
			quoted = []byte(fmt.Sprintf(`"\u%04x%s"`, name[0], name[1:]))
		}
		members = append(members, string(quoted)+":"+drawMember(t, name))
	}
	return "{" + strings.Join(members, ",") + "}"
}

func drawMember(t *rapid.T, name string) string {
	if rapid.IntRange(0, 19).Draw(t, "odd") == 0 {
		return rapid.SampledFrom([]string{"null", "1", "1.5", "-0", "true", `""`, `"x"`, "[]", "{}", "1e400"}).Draw(t, "value")
	}
	var value any
	switch name {
	case "uuid", "attacker_uuid", "identity_uuid":
		value = uuid.NewSHA1(uuid.Nil, []byte(rapid.String().Draw(t, "id")))
	case "confidence":
		value = rapid.Float64().Draw(t, "confidence")
	case "rule_version":
		value = rapid.Int64().Draw(t, "version")
	case "created_at":
		value = time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "time"), 0).UTC()
	case "source_kind":
		value = rapid.SampledFrom(SourceKinds()).Draw(t, "kind")
	case "evidence":
		value = map[string]any{"matched_tokens": []Token{{Field: rapid.String().Draw(t, "field")}}}
	default:
		value = rapid.String().Draw(t, "text")
	}
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Whoever adds a field to a tag adds it to its decoder.
func TestEveryFieldOfATagIsDecoded(t *testing.T) {
	t.Parallel()
	var fields []string
	for i := range reflect.TypeFor[Tag]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[Tag]().Field(i).Tag.Get("json"), ",")
		fields = append(fields, name)
		if memberNamed(name) == memberUnknown {
			t.Errorf("%s: the decoder does not know it", name)
		}
	}
	if diff := cmp.Diff(fields, tagMembers[1:]); diff != "" {
		t.Error(diff)
	}
}

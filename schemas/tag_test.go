package schemas_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
)

func TestNewTagRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*schemas.Tag)
		want   []string // all of them in the error
	}{
		"no anchor":                 {func(f *schemas.Tag) { f.AttackerUUID, f.IdentityUUID = uuid.Nil, uuid.Nil }, []string{"attacker_uuid", "identity_uuid", "anchor"}},
		"confidence above 1":        {func(f *schemas.Tag) { f.Confidence = 1.004 }, []string{"confidence: 1.004 is outside [0,1]"}},
		"confidence below 0":        {func(f *schemas.Tag) { f.Confidence = -0.004 }, []string{"confidence: -0.004 is outside [0,1]"}},
		"confidence not a number":   {func(f *schemas.Tag) { f.Confidence = math.NaN() }, []string{"confidence: NaN"}},
		"confidence infinite":       {func(f *schemas.Tag) { f.Confidence = math.Inf(1) }, []string{"confidence: +Inf"}},
		"confidence minus infinite": {func(f *schemas.Tag) { f.Confidence = math.Inf(-1) }, []string{"confidence: -Inf"}},
		"no release":                {func(f *schemas.Tag) { f.AttackRelease = "" }, []string{"attack_release: required"}},
		"no evidence":               {func(f *schemas.Tag) { f.Evidence = nil }, []string{"evidence: required"}},
		"unknown kind":              {func(f *schemas.Tag) { f.SourceKind = "dns" }, []string{`source_kind: unknown value "dns"`}},
		"no kind":                   {func(f *schemas.Tag) { f.SourceKind = "" }, []string{"source_kind"}},
		"no source":                 {func(f *schemas.Tag) { f.SourceID = "" }, []string{"source_id: required"}},
		"no rule":                   {func(f *schemas.Tag) { f.RuleID = "" }, []string{"rule_id: required"}},
		"long rule id":              {func(f *schemas.Tag) { f.RuleID = strings.Repeat("R", schemas.MaxRuleID+1) }, []string{"rule_id: 129 bytes, at most 128"}},
		"no version":                {func(f *schemas.Tag) { f.RuleVersion = 0 }, []string{"rule_version: 0, at least 1"}},
		"no hash":                   {func(f *schemas.Tag) { f.RuleHash = "" }, []string{"rule_hash: required"}},
		"no time":                   {func(f *schemas.Tag) { f.CreatedAt = time.Time{} }, []string{"created_at"}},
		"clock of 1970":             {func(f *schemas.Tag) { f.CreatedAt = time.Unix(0, 0) }, []string{"created_at: 1970-01-01"}},
		"clock of 2100":             {func(f *schemas.Tag) { f.CreatedAt = schemas.MaxEventTime }, []string{"created_at: 2100-01-01"}},
		"source id not UTF-8":       {func(f *schemas.Tag) { f.SourceID = "a\xff" }, []string{"source_id: not UTF-8"}},
		"half a character": {func(f *schemas.Tag) {
			f.Evidence = &schemas.SessionEvidence{Hassh: "é"[:1]}
			f.SourceKind = schemas.KindSession
		}, []string{"evidence.hassh: not UTF-8"}},
		"too many tokens": {func(f *schemas.Tag) {
			f.Evidence = &schemas.CommandEvidence{Matched: schemas.Matched{MatchedTokens: slices.Repeat([]schemas.Token{{Field: "f"}}, schemas.MaxTokens+1)}}
		}, []string{"evidence.matched_tokens: 17, at most 16"}},
		"long token": {func(f *schemas.Tag) {
			f.Evidence = &schemas.CommandEvidence{Matched: schemas.Matched{MatchedTokens: []schemas.Token{{Text: strings.Repeat("x", schemas.MaxTokenText+1)}}}}
		}, []string{"evidence.matched_tokens.field: required", "evidence.matched_tokens.text: 257 bytes, at most 256"}},
		"everything at once": {func(f *schemas.Tag) { *f = schemas.Tag{} }, []string{"source_kind", "source_id", "anchor", "tactic", "technique_id", "rule_id", "attack_release", "evidence"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fields := tagFields(schemas.KindCommand)
			fields.Evidence = evidenceGolden(schemas.KindCommand)
			test.change(&fields)
			tag, err := schemas.NewTag(fields)
			if err == nil || tag != nil {
				t.Fatalf("NewTag = %v, %v; want a refusal", tag, err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error lacks %q:\n%v", want, err)
				}
			}
		})
	}
}

func TestNewTagRefusesIDsOfNoForm(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ tactic, technique, sub, field string }{
		{"", "T1059", "", "tactic"}, {"TA002", "T1059", "", "tactic"}, {"TA00002", "T1059", "", "tactic"},
		{"ta0002", "T1059", "", "tactic"}, {"TAOOO2", "T1059", "", "tactic"}, {"execution", "T1059", "", "tactic"},
		{"TA0002", "", "", "technique_id"}, {"TA0002", "T105", "", "technique_id"}, {"TA0002", "T10590", "", "technique_id"},
		{"TA0002", "t1059", "", "technique_id"}, {"TA0002", "T1O59", "", "technique_id"}, {"TA0002", "T1059.004", "", "technique_id"},
		{"TA0002", "TA002", "", "technique_id"}, {"TA0002", "T105९", "", "technique_id"},
		{"TA0002", "T1059", "T1059", "sub_technique_id"}, {"TA0002", "T1059", "004", "sub_technique_id"},
		{"TA0002", "T1059", ".004", "sub_technique_id"}, {"TA0002", "T1059", "T1059.04", "sub_technique_id"},
		{"TA0002", "T1059", "T1059.0040", "sub_technique_id"}, {"TA0002", "T1059", "T1059.abc", "sub_technique_id"},
		{"TA0002", "T1059", "T1059.004.1", "sub_technique_id"}, {"TA0002", "T1059", "T1105.004", "sub_technique_id"},
		{"TA0002", "T1059", "T1059.004\n", "sub_technique_id"},
	} {
		fields := tagFields(schemas.KindCommand)
		fields.Evidence = evidenceGolden(schemas.KindCommand)
		fields.Tactic, fields.TechniqueID, fields.SubTechniqueID = test.tactic, test.technique, test.sub
		if _, err := schemas.NewTag(fields); err == nil || !strings.Contains(err.Error(), test.field+": ") {
			t.Errorf("NewTag(%q, %q, %q) = %v, want an error that names %s", test.tactic, test.technique, test.sub, err, test.field)
		}
	}
}

// Of every source kind, exactly one type of evidence is taken.
func TestEvidenceBelongsToItsKind(t *testing.T) {
	t.Parallel()
	for _, kind := range schemas.SourceKinds() {
		for _, other := range schemas.SourceKinds() {
			fields := tagFields(kind)
			fields.Evidence = evidenceGolden(other)
			_, err := schemas.NewTag(fields)
			own := reflect.TypeOf(evidenceGolden(kind)) == reflect.TypeOf(fields.Evidence)
			if own != (err == nil) {
				t.Errorf("%T for %s: %v", fields.Evidence, kind, err)
			}
			if want := fmt.Sprintf("evidence: %T does not belong to source_kind %s", fields.Evidence, kind); !own && !strings.Contains(err.Error(), want) {
				t.Errorf("error lacks %q: %v", want, err)
			}
		}
	}
}

// An evidence pointer of the right type that is nil must not be dereferenced.
func TestNilEvidenceOfEachTypeIsRefused(t *testing.T) {
	t.Parallel()
	for _, kind := range schemas.SourceKinds() {
		fields := tagFields(kind)
		fields.Evidence = reflect.Zero(reflect.TypeOf(evidenceGolden(kind))).Interface().(schemas.Evidence)
		if _, err := schemas.NewTag(fields); err == nil || !strings.Contains(err.Error(), "evidence: required") {
			t.Errorf("nil %T: %v", fields.Evidence, err)
		}
	}
}

func TestNewTagCompletes(t *testing.T) {
	t.Parallel()
	fields := tagFields(schemas.KindCommand)
	fields.Evidence = evidenceGolden(schemas.KindCommand)
	fields.UUID = schematest.ID("ignored")
	fields.Confidence = 0.855
	fields.CreatedAt = eventTime.In(time.FixedZone("", 2*3600))
	tag, err := schemas.NewTag(fields)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tag.UUID.String(), "75397327-3aaa-56b0-8dcf-390d8dbc7b41"; got != want {
		t.Errorf("uuid %s, want %s", got, want)
	}
	if tag.Confidence != 0.86 || tag.CreatedAt != eventTime {
		t.Errorf("confidence %v, created_at %v; want 0.86, %v", tag.Confidence, tag.CreatedAt, eventTime)
	}
	if tag.Anchor() != attackerID || tag.Technique() != "T1059.004" {
		t.Errorf("anchor %s, technique %s", tag.Anchor(), tag.Technique())
	}
	fields.AttackerUUID, fields.SubTechniqueID = uuid.Nil, ""
	if tag, err = schemas.NewTag(fields); err != nil {
		t.Fatal(err)
	}
	if tag.Anchor() != identityID || tag.Technique() != "T1059" {
		t.Errorf("anchor %s, technique %s", tag.Anchor(), tag.Technique())
	}
}

func TestNewTagIsDeterministic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(schemas.SourceKinds()).Draw(t, "kind")
		build := func() ([]byte, error) {
			fields := tagFields(kind)
			fields.Evidence = evidenceGolden(kind)
			fields.UUID = uuid.New()
			return encoded(schemas.NewTag(fields))
		}
		first, err := build()
		if err != nil {
			t.Fatal(err)
		}
		if second, _ := build(); string(first) != string(second) {
			t.Fatalf("two runs disagree:\n%s\n%s", first, second)
		}
	})
}

func encoded(tag *schemas.Tag, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return schemas.EncodeJSON(tag)
}

// A tag that NewTag did not make is refused, whichever of the six fields or
// the id was touched.
func TestValidateRefusesTamperedTags(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]func(*schemas.Tag){
		"uuid":             func(tag *schemas.Tag) { tag.UUID[15] ^= 1 },
		"source_kind":      func(tag *schemas.Tag) { tag.SourceKind = schemas.KindTransfer },
		"source_id":        func(tag *schemas.Tag) { tag.SourceID += "0" },
		"rule_id":          func(tag *schemas.Tag) { tag.RuleID = "R0013" },
		"rule_version":     func(tag *schemas.Tag) { tag.RuleVersion++ },
		"technique_id":     func(tag *schemas.Tag) { tag.TechniqueID, tag.SubTechniqueID = "T1105", "" },
		"sub_technique_id": func(tag *schemas.Tag) { tag.SubTechniqueID = "" },
	} {
		tag := tagGolden(schemas.KindPayload)
		tamper(tag)
		if err := tag.Validate(); err == nil || !strings.Contains(err.Error(), "uuid: "+tag.UUID.String()+" is not the id of this tag") {
			t.Errorf("%s changed: %v", name, err)
		}
		raw, err := schemas.EncodeJSON(tag)
		if err != nil {
			t.Fatal(err)
		}
		if tag, err := schemas.Decode[schemas.Tag](raw); err == nil {
			t.Errorf("%s changed: decoded as %+v", name, tag)
		}
	}
	tag := tagGolden(schemas.KindCommand)
	tag.Confidence = 0.123
	if err := tag.Validate(); err == nil || !strings.Contains(err.Error(), "not rounded") {
		t.Errorf("confidence 0.123: %v", err)
	}
}

func TestRoundConfidence(t *testing.T) {
	t.Parallel()
	for in, want := range map[float64]float64{
		0: 0, 1: 1, 0.3: 0.3, 0.299: 0.3, 0.294999: 0.29, 0.005: 0.01, 0.125: 0.13, 0.999: 1, 0.994: 0.99, 1e-300: 0,
	} {
		if got := schemas.RoundConfidence(in); got != want {
			t.Errorf("RoundConfidence(%v) = %v, want %v", in, got, want)
		}
	}
	if got := schemas.RoundConfidence(math.Copysign(0, -1)); math.Signbit(got) {
		t.Error("RoundConfidence(-0) = -0, which JSON spells otherwise")
	}
	for step := range 101 {
		x := float64(step) / 100
		if got := schemas.RoundConfidence(x); got != x {
			t.Errorf("RoundConfidence(%v) = %v: not idempotent", x, got)
		}
	}
}

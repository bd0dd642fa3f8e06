package schemas_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"reflect"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas"
)

// A seventh field would change every id ever published, or make two runs that
// found the same thing disagree about its id. So would another order.
func TestTagIdentityIsExactlySixFields(t *testing.T) {
	t.Parallel()
	want := []string{
		"SourceKind schemas.SourceKind", "SourceID string", "RuleID string",
		"RuleVersion int64", "TechniqueID string", "SubTechniqueID string",
	}
	var got []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[schemas.TagIdentity]()) {
		got = append(got, fmt.Sprintf("%s %s", field.Name, field.Type))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("TagIdentity is %q, frozen as %q", got, want)
	}
}

// hostile yields texts that would confuse a hash of joined fields: separators,
// NUL, the bytes of lengths, digits, ids that begin alike.
func hostile() *rapid.Generator[string] {
	pieces := rapid.SampledFrom([]string{
		"", "a", "aa", "1", "12", "\x00", "\x00\x00\x00\x01", "\x00\x00\x00\x00", "\x00\x00\x00\x05T1059", "|", "/", ":", ",", "\n",
		"T1059", "T1059.004", ".004", "R0012", "command", "\x7f", "é", "\xff",
	})
	return rapid.Custom(func(t *rapid.T) string {
		var text string
		for _, piece := range rapid.SliceOfN(pieces, 0, 4).Draw(t, "pieces") {
			text += piece
		}
		return text
	})
}

func identities() *rapid.Generator[schemas.TagIdentity] {
	return rapid.Custom(func(t *rapid.T) schemas.TagIdentity {
		return schemas.TagIdentity{
			SourceKind: schemas.SourceKind(hostile().Draw(t, "kind")), SourceID: hostile().Draw(t, "source"),
			RuleID: hostile().Draw(t, "rule"), RuleVersion: rapid.Int64Range(0, 120).Draw(t, "version"),
			TechniqueID: hostile().Draw(t, "technique"), SubTechniqueID: hostile().Draw(t, "sub"),
		}
	})
}

func TestTagIDsCollideOnlyWhenEqual(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := identities().Draw(t, "a"), identities().Draw(t, "b")
		if (a == b) != (schemas.TagID(a) == schemas.TagID(b)) {
			t.Fatalf("%+v\n%+v\nids %s %s", a, b, schemas.TagID(a), schemas.TagID(b))
		}
	})
}

// Two ways to cut one run of bytes into fields are two identities.
func TestMovingBytesBetweenFieldsMovesTheID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		run := hostile().Draw(t, "run") + hostile().Draw(t, "more")
		cut := func(name string) schemas.TagIdentity {
			at := func(low int, field string) int { return rapid.IntRange(low, len(run)).Draw(t, name+field) }
			i := at(0, "kind")
			j := at(i, "source")
			k := at(j, "rule")
			l := at(k, "technique")
			return schemas.TagIdentity{
				SourceKind: schemas.SourceKind(run[:i]), SourceID: run[i:j], RuleID: run[j:k], RuleVersion: 1,
				TechniqueID: run[k:l], SubTechniqueID: run[l:],
			}
		}
		a, b := cut("a."), cut("b.")
		if (a == b) != (schemas.TagID(a) == schemas.TagID(b)) {
			t.Fatalf("%+v\n%+v\nids %s %s", a, b, schemas.TagID(a), schemas.TagID(b))
		}
	})
}

// The version is a number between two texts: its digits must not run into
// either.
func TestMovingDigitsIntoTheVersionMovesTheID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits := strconv.FormatInt(rapid.Int64Range(10, 1<<40).Draw(t, "digits"), 10)
		ids := map[uuid.UUID]schemas.TagIdentity{}
		for i := range digits {
			for j := i + 1; j <= len(digits); j++ {
				version, err := strconv.ParseInt(digits[i:j], 10, 64)
				if err != nil || digits[i] == '0' {
					continue // no version is spelt so
				}
				id := schemas.TagIdentity{SourceKind: "command", RuleID: "R" + digits[:i], RuleVersion: version, TechniqueID: digits[j:]}
				if other, taken := ids[schemas.TagID(id)]; taken {
					t.Fatalf("%+v and %+v share an id", id, other)
				}
				ids[schemas.TagID(id)] = id
			}
		}
	})
}

func TestSwappingFieldsMovesTheID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(hostile(), 5, 5).Draw(t, "texts")
		order := rapid.Permutation([]int{0, 1, 2, 3, 4}).Draw(t, "order")
		identity := func(at func(int) string) schemas.TagIdentity {
			return schemas.TagIdentity{
				SourceKind: schemas.SourceKind(at(0)), SourceID: at(1), RuleID: at(2), RuleVersion: 7, TechniqueID: at(3), SubTechniqueID: at(4),
			}
		}
		a := identity(func(i int) string { return texts[i] })
		b := identity(func(i int) string { return texts[order[i]] })
		if (a == b) != (schemas.TagID(a) == schemas.TagID(b)) {
			t.Fatalf("%+v\n%+v share an id", a, b)
		}
	})
}

// TagID and EventID are the UUIDv5 of the standard library's friends, over the
// plainest spelling of what the documentation says.
func TestIDsAreUUIDv5OfLengthPrefixedFields(t *testing.T) {
	t.Parallel()
	spelt := func(fields ...string) []byte {
		var out bytes.Buffer
		for _, field := range fields {
			_ = binary.Write(&out, binary.BigEndian, uint32(len(field)))
			out.WriteString(field)
		}
		return out.Bytes()
	}
	rapid.Check(t, func(t *rapid.T) {
		id := identities().Draw(t, "identity")
		want := uuid.NewSHA1(schemas.TagNamespace, spelt(string(id.SourceKind), id.SourceID, id.RuleID,
			strconv.FormatInt(id.RuleVersion, 10), id.TechniqueID, id.SubTechniqueID))
		if got := schemas.TagID(id); got != want {
			t.Fatalf("TagID = %s, want %s", got, want)
		}
		line := rapid.String().Draw(t, "line")
		want = uuid.NewSHA1(schemas.EventNamespace, spelt(line, "index", "2", "ordinal", "3"))
		if got := schemas.EventID([]byte(line), schemas.EventPart{Index: 2, Ordinal: 3}); got != want {
			t.Fatalf("EventID = %s, want %s", got, want)
		}
	})
}

// No part of one line has the id of another part, or of another line.
func TestEventIDsCollideOnlyWhenEqual(t *testing.T) {
	t.Parallel()
	type event struct {
		line string
		part schemas.EventPart
	}
	events := rapid.Custom(func(t *rapid.T) event {
		return event{hostile().Draw(t, "line"), schemas.EventPart{
			Index: rapid.IntRange(0, 12).Draw(t, "index"), Ordinal: rapid.IntRange(1, 12).Draw(t, "ordinal"),
		}}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := events.Draw(t, "a"), events.Draw(t, "b")
		if (a == b) != (schemas.EventID([]byte(a.line), a.part) == schemas.EventID([]byte(b.line), b.part)) {
			t.Fatalf("%+v\n%+v share an id", a, b)
		}
	})
}

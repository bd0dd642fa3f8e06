package schematest_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
)

// defaults calls every builder without changes.
func defaults(tb testing.TB) []any {
	return []any{
		schematest.Command(), schematest.Auth(), schematest.HTTP(), schematest.Session(), schematest.Transfer(),
		schematest.Intel(), schematest.Email(), schematest.Canary(), schematest.Behaviour(),
		schematest.IdentityLink(), schematest.IdentitySummary(),
		schematest.RuleState(), schematest.Retraction(), schematest.RuleHistory(), schematest.AppliedMarker(), schematest.RuleStatus(),
		schematest.Match(), schematest.Tag(tb), schematest.Fired(tb), schematest.Suppressed(), schematest.DeadLetter(),
	}
}

func TestDefaultsAreValidAndAlwaysTheSame(t *testing.T) {
	t.Parallel()
	again := defaults(t)
	for i, record := range defaults(t) {
		if err := record.(interface{ Validate() error }).Validate(); err != nil {
			t.Errorf("%T: %v", record, err)
		}
		if !reflect.DeepEqual(record, again[i]) {
			t.Errorf("%T differs from call to call", record)
		}
	}
	if want := len(schemas.RecordNames()) - 1; len(again) != want { // a candidate is a tag
		t.Errorf("%d builders for %d records", len(again), want)
	}
}

func TestEventIDFollowsContent(t *testing.T) {
	t.Parallel()
	other := schematest.Command(func(e *schemas.CommandEvent) { e.Command = "uname -a" })
	if other.EventID == schematest.Command().EventID {
		t.Error("two commands share an id")
	}
	want := schematest.ID("mine")
	if got := schematest.Auth(func(e *schemas.AuthEvent) { e.EventID = want }).EventID; got != want {
		t.Errorf("event id %s, set to %s", got, want)
	}
}

func TestChangesAreAppliedInOrder(t *testing.T) {
	t.Parallel()
	event := schematest.Session(
		func(e *schemas.SessionEvent) { e.Activity = schemas.ActivityClosed },
		func(e *schemas.SessionEvent) { e.Arch = "after " + e.Activity },
	)
	if event.Arch != "after closed" {
		t.Errorf("arch %q", event.Arch)
	}
}

func TestTagOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, kind := range schemas.SourceKinds() {
		tag := schematest.Tag(t, func(f *schemas.Tag) { f.SourceKind = kind })
		if tag.SourceKind != kind || tag.Evidence == nil {
			t.Errorf("tag of %s: %+v", kind, tag)
		}
	}
	if got := schematest.Evidence("dns"); got != nil {
		t.Errorf("evidence of an unknown kind: %v", got)
	}
	event := schematest.Transfer()
	tag := schematest.TagOf(t, event)
	if tag.SourceID != event.EventID.String() || tag.AttackerUUID != event.AttackerUUID || !tag.CreatedAt.Equal(event.EventTime) {
		t.Errorf("tag of a transfer: %+v", tag)
	}
}

// failing is a test that remembers what it failed with.
type failing struct {
	testing.TB
	message string
}

func (f *failing) Helper() {}
func (f *failing) Fatalf(format string, args ...any) {
	f.message = fmt.Sprintf(format, args...)
	panic(f)
}

func TestTagFailsTheTestThatAsksForNone(t *testing.T) {
	t.Parallel()
	tb := &failing{TB: t}
	func() {
		defer func() { recover() }()
		schematest.Tag(tb, func(f *schemas.Tag) { f.AttackerUUID, f.AttackRelease = uuid.Nil, "" })
	}()
	if !strings.Contains(tb.message, "anchor") || !strings.Contains(tb.message, "attack_release") {
		t.Errorf("failed with %q", tb.message)
	}
}

func ExampleCommand() {
	event := schematest.Command(func(e *schemas.CommandEvent) { e.Command = "uname -a" })
	fmt.Println(event.Command, event.AttackerUUID)
	// Output: uname -a 7d8ee344-775f-581f-8784-38ee8a373974
}

package schemas_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

// The spellings are part of every tag's id.
func TestSourceKindsAreFrozen(t *testing.T) {
	t.Parallel()
	want := []schemas.SourceKind{
		"command", "auth_attempt", "http_request", "payload", "transfer", "session", "scan", "behaviour", "canary",
		"canary_fingerprint", "email", "email_header", "email_body", "email_attachment", "intel_verdict", "identity_rollup", "correlation",
	}
	if diff := cmp.Diff(want, schemas.SourceKinds()); diff != "" {
		t.Errorf("source kinds (-want +got):\n%s", diff)
	}
	kinds := schemas.SourceKinds()
	kinds[0] = "changed"
	if schemas.SourceKinds()[0] != "command" || schemas.SourceKind("changed").Valid() || !schemas.KindScan.Valid() {
		t.Error("SourceKinds hands out its own list, or Valid is wrong")
	}
}

func TestActivitiesAreTheCallers(t *testing.T) {
	t.Parallel()
	activities := schemas.Activities()
	clear(activities)
	if !slices.Contains(schemas.Activities(), schemas.ActivityConnect) || slices.Contains(schemas.Activities(), "") {
		t.Error("Activities hands out its own list")
	}
}

// Every fact is an Eventer, whose envelope is the fact's own.
func TestFactsAreEventers(t *testing.T) {
	t.Parallel()
	for _, g := range factGoldens() {
		event, ok := g.value.(schemas.Eventer)
		if !ok || event.Event().EventID != eventID {
			t.Errorf("%s: %T is no Eventer", g.name, g.value)
			continue
		}
		event.Event().Sensor = ""
		if g.value.(schemas.Eventer).Event().Sensor != "" {
			t.Errorf("%s: Event returns a copy", g.name)
		}
	}
}

func TestNewFiredSaysWhatTheTagSays(t *testing.T) {
	t.Parallel()
	tag := tagGolden(schemas.KindCommand)
	want := goldenNamed("fired").value.(*schemas.Fired)
	want.TagUUID = tag.UUID
	fired := schemas.NewFired(tag)
	if diff := cmp.Diff(want, fired); diff != "" {
		t.Errorf("NewFired (-want +got):\n%s", diff)
	}
	if err := fired.Validate(); err != nil {
		t.Error(err)
	}
}

func TestDeadLetterPayload(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, schemas.MaxDeadLetterPayload, schemas.MaxDeadLetterPayload + 1, 50 << 20} {
		raw := bytes.Repeat([]byte{0xff}, size)
		letter := goldenNamed("dead_letter").value.(*schemas.DeadLetter)
		letter.SetPayload(raw)
		kept := min(size, schemas.MaxDeadLetterPayload)
		if letter.Size != int64(size) || letter.Truncated != (kept < size) || !bytes.Equal(letter.Payload, raw[:kept]) {
			t.Errorf("%d bytes: size %d, %d kept, truncated %t", size, letter.Size, len(letter.Payload), letter.Truncated)
		}
		if err := letter.Validate(); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestDeadLetterKeyIsItsCoordinates(t *testing.T) {
	t.Parallel()
	for want, letter := range map[string]schemas.DeadLetter{
		"attacker.command/3/1001": {Topic: "attacker.command", Partition: 3, Offset: 1001, File: "x", Line: 1},
		"attacker.command/0/0":    {Topic: "attacker.command"},
		"logs/cowrie.json:7":      {File: "logs/cowrie.json", Line: 7},
	} {
		if got := letter.Key(); got != want {
			t.Errorf("Key = %q, want %q", got, want)
		}
	}
}

// One key per target: a later word on it replaces the earlier one on the
// compacted inbox, and a word on another target does not.
func TestRetractionKeys(t *testing.T) {
	t.Parallel()
	from, to := eventTime.Add(-time.Hour), eventTime
	for want, r := range map[string]schemas.Retraction{
		"rule/R1":           {Target: "rule", RuleID: "R1", Reason: "a", Restore: true, Sequence: 4},
		"rule/R1/version=2": {Target: "rule", RuleID: "R1", Version: 2},
		"rule/R1/below=2":   {Target: "rule", RuleID: "R1", Below: 2},
		"rule/R1/version=2/from=2026-04-14T11:34:56.789012Z/to=2026-04-14T12:34:56.789012Z": {
			Target: "rule", RuleID: "R1", Version: 2, From: from, To: to.In(time.FixedZone("", 3600)),
		},
		"tag/" + eventID.String():       {Target: "tag", ID: eventID},
		"attacker/" + eventID.String():  {Target: "attacker", ID: eventID},
		"identity/" + uuid.Nil.String(): {Target: "identity"},
	} {
		if got := r.Key(); got != want {
			t.Errorf("Key = %q, want %q", got, want)
		}
	}
}

// Asking a provider again is another event with the same source: no new tag.
func TestSourceIDs(t *testing.T) {
	t.Parallel()
	for _, g := range factGoldens() {
		event := g.value.(schemas.Eventer)
		if _, intel := event.(*schemas.IntelEvent); !intel && schemas.SourceID(event) != eventID.String() {
			t.Errorf("%s: source %s, want the event's id", g.name, schemas.SourceID(event))
		}
	}
	intel := goldenNamed("intel").value.(*schemas.IntelEvent)
	intel.Provider, intel.Verdict = schemas.ProviderAbuseIPDB, "18,22"
	// uuid.uuid5(attacker, ...) by the recipe above the golden ids.
	const want = "1d58e525-2f35-5220-bfdf-47ac1d105308"
	for _, change := range []func(){func() {}, func() { intel.EventID = identityID }, func() { intel.Score, intel.Sensor = nil, "other" }} {
		change()
		if got := schemas.SourceID(intel); got != want {
			t.Errorf("source of a verdict: %s, want %s", got, want)
		}
	}
	for name, change := range map[string]func(*schemas.IntelEvent){
		"attacker": func(e *schemas.IntelEvent) { e.AttackerUUID = identityID },
		"provider": func(e *schemas.IntelEvent) { e.Provider, e.Verdict = "abuseipdb1", "8,22" },
		"verdict":  func(e *schemas.IntelEvent) { e.Verdict = "18" },
	} {
		other := *intel
		change(&other)
		if schemas.SourceID(&other) == want {
			t.Errorf("another %s, the same source", name)
		}
	}
}

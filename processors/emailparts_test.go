package processors

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/rules/pack"
	"github.com/ttpstream/ttpstream/schemas"
)

// packSet returns the set of the pack's rules.
func packSet(t *testing.T) *rules.Set {
	t.Helper()
	units, problems := rules.LoadFS(pack.FS, rules.Options{})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	set, _ := rules.NewSet(units, nil, 0)
	return set
}

func someEnvelope(kind schemas.SourceKind) schemas.Envelope {
	return schemas.Envelope{
		EventID: uuid.Max, AttackerUUID: uuid.NewSHA1(uuid.Nil, []byte("a")), SourceKind: kind, EventTime: time.Date(2026, 8, 21, 10, 0, 0, 0, time.UTC),
	}
}

func tagsOf(t *testing.T, set *rules.Set, s subject) []*schemas.Tag {
	t.Helper()
	var tags []*schemas.Tag
	j := judge(set, s, new(workspace))
	for _, f := range j.failures {
		t.Errorf("%s: %s %s", f.ruleID, f.reason, f.detail)
	}
	for _, c := range j.candidates {
		tags = append(tags, c.tag)
	}
	return tags
}

// A message is judged as a whole, by its headers and its text, and each
// attachment: the tags say of which kind they are, and an attachment's source
// adds its hash.
func TestAMessageIsJudgedInParts(t *testing.T) {
	t.Parallel()
	e := &schemas.EmailEvent{
		Envelope: someEnvelope(schemas.KindEmail), FromDomain: "pay-check.example", URLHosts: []string{"198.51.100.9"}, RecipientCount: 1, RecipientDomains: []string{"home.example"},
		Traits: []string{"body.account_threat", "body.credential_request", "body.html_smuggling", "header.brand_name", "header.freemail_reply", "url.ip_literal"},
		Attachments: []schemas.EmailAttachment{
			{SHA256: strings.Repeat("aa", 32), Extension: "exe", Traits: []string{"attachment.executable", "attachment.double_extension"}},
			{SHA256: strings.Repeat("aa", 32), Extension: "exe", Traits: []string{"attachment.executable"}},
		},
	}
	set := packSet(t)
	subjects := append([]subject{whole(e, func(msg any, out *match.Event) { facts.LiftEmail(msg.(*schemas.EmailEvent), out) })}, emailParts(e)...)
	if len(subjects) != 4 {
		t.Fatalf("%d subjects, want the message, headers, text and one attachment", len(subjects))
	}
	for i, kind := range []schemas.SourceKind{schemas.KindEmail, schemas.KindEmailHeader, schemas.KindEmailBody, schemas.KindEmailAttachment} {
		tags := tagsOf(t, set, subjects[i])
		if len(tags) == 0 {
			t.Errorf("%s: no tag", kind)
		}
		for _, tag := range tags {
			if tag.SourceKind != kind || (kind == schemas.KindEmailAttachment) != strings.HasSuffix(tag.SourceID, "/"+e.Attachments[0].SHA256) {
				t.Errorf("%s: a tag of kind %s and source %s", kind, tag.SourceKind, tag.SourceID)
			}
			if err := tag.Validate(); err != nil {
				t.Error(err)
			}
		}
	}
}

// Every kind of the new topics yields a tag whose evidence is of its type.
func TestNewKindsAreTagged(t *testing.T) {
	t.Parallel()
	yes, one := true, 1.0
	set := packSet(t)
	for kind, s := range map[schemas.SourceKind]subject{
		schemas.KindHTTPRequest: whole(&schemas.HTTPEvent{Envelope: someEnvelope(schemas.KindHTTPRequest), Method: "GET", Path: "/a", Query: "q=1+union+select+1,2--+", UserAgent: "sqlmap/1.7"}, func(m any, out *match.Event) {
			facts.LiftHTTP(m.(*schemas.HTTPEvent), out)
		}),
		schemas.KindCanary: whole(&schemas.CanaryEvent{Envelope: someEnvelope(schemas.KindCanary), TokenType: "aws_keys"}, liftCanary),
		schemas.KindCanaryFingerprint: whole(&schemas.CanaryEvent{
			Envelope: someEnvelope(schemas.KindCanaryFingerprint), TokenType: "web", Fingerprint: &schemas.BrowserFingerprint{Webdriver: &yes},
		}, liftCanary),
		schemas.KindIntelVerdict: whole(&schemas.IntelEvent{Envelope: someEnvelope(schemas.KindIntelVerdict), Provider: "feodo", Verdict: "listed", Score: &one}, func(m any, out *match.Event) {
			facts.LiftIntel(m.(*schemas.IntelEvent), out)
		}),
		schemas.KindBehaviour: whole(&schemas.BehaviourEvent{Envelope: someEnvelope(schemas.KindBehaviour), Class: "beaconing", Confidence: 1}, liftBehaviour),
		schemas.KindScan:      whole(&schemas.BehaviourEvent{Envelope: someEnvelope(schemas.KindScan), Class: "scanning", Confidence: 1}, liftBehaviour),
	} {
		tags := tagsOf(t, set, s)
		if len(tags) == 0 {
			t.Errorf("%s: no tag", kind)
		}
		for _, tag := range tags {
			raw, err := json.Marshal(tag)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := schemas.Decode[schemas.Tag](raw); err != nil || tag.SourceKind != kind {
				t.Errorf("%s: %s: %v", kind, raw, err)
			}
		}
	}
}

func liftCanary(m any, out *match.Event) { facts.LiftCanary(m.(*schemas.CanaryEvent), out) }

func liftBehaviour(m any, out *match.Event) { facts.LiftBehaviour(m.(*schemas.BehaviourEvent), out) }

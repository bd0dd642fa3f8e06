package ingest

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ttpstream/ttpstream/schemas"
)

// with returns a good line that has one member more, at its start.
func with(name, value string) string {
	const good = `{"eventid":"cowrie.command.input","timestamp":"2026-08-21T10:00:15Z","src_ip":"198.51.100.7","session":"a1b2c3d4e5f6","sensor":"hp-1","protocol":"ssh","input":"id"}`
	return strings.Replace(good, `"eventid"`, `"`+name+`":`+value+`,"eventid"`, 1)
}

// replacedMember returns a good line with another value of one of its members:
// the last of a name counts.
func replacedMember(name, value string) string {
	return strings.TrimSuffix(with("x", "0"), "}") + `,"` + name + `":` + value + `}`
}

func TestCowrieRefuses(t *testing.T) {
	t.Parallel()
	for l, want := range map[string]string{
		with("x", "1"): "",
		`{"timestamp":"2026-08-21T10:00:15Z","src_ip":"198.51.100.7"}`:                  ReasonNoEventID,
		replacedMember("eventid", `null`):                                               ReasonNoEventID,
		replacedMember("eventid", `17`):                                                 ReasonWrongType,
		replacedMember("eventid", `"honeytrap.x"`):                                      ReasonForeignEvent,
		replacedMember("timestamp", `null`):                                             ReasonNoTime,
		replacedMember("timestamp", `1787306415`):                                       ReasonWrongType,
		replacedMember("timestamp", `"yesterday"`):                                      ReasonBadTime,
		replacedMember("timestamp", `"1970-01-01T00:00:00.000000Z"`):                    ReasonClock,
		replacedMember("timestamp", `"2100-01-01T00:00:00.000000Z"`):                    ReasonClock,
		replacedMember("timestamp", `"2099-12-31T23:59:59.999999-0100"`):                ReasonClock,
		replacedMember("timestamp", `"2026-08-21T10:00:15.5+0200"`):                     "",
		replacedMember("src_ip", `null`):                                                ReasonNoSource,
		replacedMember("src_ip", `""`):                                                  ReasonNoSource,
		replacedMember("src_ip", `"3bac7d1a2c7b06a71b5813e72ca7ad6b7aad83cf"`):          ReasonBadSource,
		replacedMember("src_ip", `["198.51.100.7"]`):                                    ReasonWrongType,
		replacedMember("session", `7`):                                                  ReasonWrongType,
		replacedMember("input", `null`):                                                 ReasonMissingField,
		replacedMember("input", `17`):                                                   ReasonWrongType,
		replacedMember("input", `["ls"]`):                                               ReasonWrongType,
		replacedMember("input", `""`):                                                   "",
		replacedMember("input", `"\u0000"`):                                             "",
		replacedMember("input", quote(t, strings.Repeat("a", schemas.MaxLongText))):     "",
		replacedMember("input", quote(t, strings.Repeat("a", schemas.MaxLongText+1))):   ReasonFieldTooLong,
		replacedMember("sensor", quote(t, strings.Repeat("a", schemas.MaxShortText+1))): ReasonFieldTooLong,
		`{"eventid":"cowrie.session.closed","timestamp":"2026-08-21T10:00:15Z","src_ip":"198.51.100.7","duration":"long"}`: ReasonWrongType,
		`{"eventid":"cowrie.session.closed","timestamp":"2026-08-21T10:00:15Z","src_ip":"198.51.100.7","duration":"NaN"}`:  ReasonWrongType,
		`{"eventid":"cowrie.session.closed","timestamp":"2026-08-21T10:00:15Z","src_ip":"198.51.100.7","duration":1e300}`:  ReasonBadValue,
		`{"eventid":"cowrie.session.connect","timestamp":"2026-08-21T10:00:15Z","src_ip":"198.51.100.7","src_port":70000}`: ReasonBadValue,
		`{"eventid":"cowrie.session.connect","timestamp":"2026-08-21T10:00:15Z","src_ip":"198.51.100.7","src_port":"22"}`:  "",
		`{"eventid":"cowrie.client.size","timestamp":"2026-08-21T10:00:15Z","src_ip":"198.51.100.7","width":1.5}`:          ReasonBadValue,
		`{"_source":{"eventid":}}`:                ReasonNotJSON,
		`{"message":"{\"eventid\":\"cowrie.x\""}`: ReasonNotJSON,
	} {
		if _, err := (Cowrie{}).NewDecoder().Decode([]byte(l)); reasonOf(err) != want {
			t.Errorf("%.120s\nis refused as %q, want %q", l, reasonOf(err), want)
		}
	}
}

// Whatever a line is, Decode says what it is: valid facts, or a refusal with
// a reason and a sentence.
func FuzzCowrie(f *testing.F) {
	for _, l := range testLines(f) {
		f.Add(l)
	}
	f.Add([]byte(tpotSpelling))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !utf8.Valid(raw) {
			return
		}
		d := Cowrie{}.NewDecoder()
		facts, err := d.Decode(raw)
		var refusal *Refusal
		if errors.As(err, &refusal) {
			if refusal.Reason == "" || refusal.Detail == "" || len(facts) > 0 {
				t.Fatalf("a bad refusal: %#v with %d facts", refusal, len(facts))
			}
			return
		}
		if err != nil || len(facts) == 0 {
			t.Fatalf("%d facts, %v", len(facts), err)
		}
		for _, fact := range facts {
			if err := fact.Validate(); err != nil {
				t.Fatal(err)
			}
			if _, err := topicOf(fact); err != nil {
				t.Fatal(err)
			}
		}
		again, err := Cowrie{}.NewDecoder().Decode(raw)
		if err != nil || again[0].Event().EventID != facts[0].Event().EventID {
			t.Fatalf("another id the second time, or %v", err)
		}
	})
}

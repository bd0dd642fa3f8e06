package schemas_test

import (
	"net/netip"
	"testing"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

// The ids below were computed without this package. For fields of ASCII under
// 128 bytes, with Python's own UUIDv5:
//
//	import uuid
//	root = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ttpstream")
//	def v5(word, *fields):
//	    return uuid.uuid5(uuid.uuid5(root, word), "".join("\0\0\0" + chr(len(f)) + f for f in fields))
//	v5("tag", "command", "f9d65e88-d5ad-5da5-984f-2de8c5c8d4c4", "R0012", "3", "T1059", "T1059.004")
//	v5("event", LINE, "index", "3")
//	v5("attacker", "ip", "198.51.100.7")
//
// The general form is struct.pack(">I", len(f)) + f over the UTF-8 bytes,
// hashed by SHA-1 after the namespace's 16 bytes. A change to any of them is a
// change to every id that was ever published: there is none that is right.

func TestNamespacesAreMadeOfWords(t *testing.T) {
	t.Parallel()
	root := uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:ttpstream"))
	for word, got := range map[string]uuid.UUID{
		"tag": schemas.TagNamespace, "event": schemas.EventNamespace, "attacker": schemas.AttackerNamespace,
	} {
		if want := uuid.NewSHA1(root, []byte(word)); got != want {
			t.Errorf("namespace %q = %s, want %s", word, got, want)
		}
	}
}

func TestGoldenTagIDs(t *testing.T) {
	t.Parallel()
	const event = "f9d65e88-d5ad-5da5-984f-2de8c5c8d4c4"
	for _, test := range []struct {
		id   schemas.TagIdentity
		want string
	}{
		{schemas.TagIdentity{"command", event, "R0012", 3, "T1059", "T1059.004"}, "75397327-3aaa-56b0-8dcf-390d8dbc7b41"},
		{schemas.TagIdentity{"command", event, "R0012", 3, "T1059", ""}, "e5acbdc6-e48e-5b33-b954-8ac1dee1a24d"},
		{schemas.TagIdentity{"command", event, "R0012", 4, "T1059", "T1059.004"}, "a1279aaa-0b8d-5c5b-80a5-871b6ee83215"},
		{schemas.TagIdentity{"auth_attempt", event, "R0005", 1, "T1110", "T1110.001"}, "abf85afc-74d7-5515-b327-c15e64b10ead"},
		{schemas.TagIdentity{"email_attachment", event + "/2c26b46b", "R0100", 20260414, "T1566", "T1566.001"}, "0d7b8190-d9fc-513b-b1cf-7af0daa04cfe"},
		{schemas.TagIdentity{"intel_verdict", "0f1f8e0a-7c3f-5d7c-9a52-0e3f8f5f3c11/abuseipdb/18,22", "R0140", 1, "T1595", ""}, "4b7d804f-75d1-574c-8be4-67993be3c2d9"},
		{schemas.TagIdentity{"correlation", "R0100/5min/198.51.100.7/5921280", "R0100", 2, "T1110", ""}, "6d29836e-0038-5010-be23-f33f5f6091bb"},
		{schemas.TagIdentity{"command", "", "", 0, "", ""}, "aa9e2c35-85ea-50de-8702-5bce9b6de302"},
		{schemas.TagIdentity{"command", "é\x00\x01", "ü-rule", 1<<63 - 1, "T1059", ""}, "e8640426-af51-5ad3-8713-dd1b5d1e85e9"},
	} {
		if got := schemas.TagID(test.id).String(); got != test.want {
			t.Errorf("TagID(%+v) = %s, want %s", test.id, got, test.want)
		}
	}
}

// A line with five login attempts is five events, equal ones among them.
// Identical lines of one second are as many events as there are lines.
func TestGoldenEventIDs(t *testing.T) {
	t.Parallel()
	line := canonical(t, `{"ts": "2026-04-14T12:00:00Z", "logins": [{"p":"a"}, {"p":"b"}, {"p":"a"}, {"p":"a"}, {"p":"c"}]}`)
	seen := map[uuid.UUID]schemas.EventPart{}
	for _, test := range []struct {
		part schemas.EventPart
		want string
	}{
		{schemas.EventPart{}, "a9f59f44-22cf-55cc-8368-734183f5e57c"},
		{schemas.EventPart{Index: 1}, "5a61727d-a769-5089-9273-059a87eca242"},
		{schemas.EventPart{Index: 2}, "46abbeba-26eb-58e2-a17c-1dcece9f2afe"},
		{schemas.EventPart{Index: 3}, "69b494ce-0c90-5168-a07e-b93209db60f9"},
		{schemas.EventPart{Index: 4}, "d2fd0caf-3f70-565a-b806-3ca9c696abbc"},
		{schemas.EventPart{Index: 5}, "b5b5d708-6bcb-5a73-8e7d-330cc59c058b"},
		{schemas.EventPart{Ordinal: 2}, "ee8e7109-0d7b-5806-9dd9-bbb107bf3958"},
		{schemas.EventPart{Ordinal: 3}, "4973f9a1-4397-5283-bc55-1b1cdfcae23b"},
		{schemas.EventPart{Index: 2, Ordinal: 3}, "081efaaf-b488-58b8-80b2-983c68767aaa"},
	} {
		got := schemas.EventID(line, test.part)
		if got.String() != test.want {
			t.Errorf("EventID(line, %+v) = %s, want %s", test.part, got, test.want)
		}
		if other, taken := seen[got]; taken {
			t.Errorf("parts %+v and %+v share an id", test.part, other)
		}
		seen[got] = test.part
	}
	first, zero := schemas.EventID(line, schemas.EventPart{Ordinal: 1}), schemas.EventID(line, schemas.EventPart{})
	if first != zero {
		t.Errorf("the first of identical lines has id %s, a line alone %s: one that is joined later must not rename it", first, zero)
	}
	for raw, want := range map[string]string{
		"Apr 14 12:00:00 host sshd: bad": "ec3461a4-ba01-56b2-8843-fdb6821f6537",
		"":                               "31fa21de-13e4-529e-ae23-27e1f61bde09",
	} {
		if got := schemas.EventID([]byte(raw), schemas.EventPart{}).String(); got != want {
			t.Errorf("EventID(%q) = %s, want %s", raw, got, want)
		}
	}
}

// A sensor's file and its Kafka output spell the same event differently.
func TestOneEventSpeltDifferentlyHasOneID(t *testing.T) {
	t.Parallel()
	const want = "5b0596b9-bf20-5f15-a2e6-96cc2b89653a"
	for _, spelling := range []string{
		`{"eventid":"cowrie.command.input","input":"echo é < /tmp/\"x\"","k":10,"n":1.5,"timestamp":"2026-04-14T12:00:00.123456Z"}`,
		`{"eventid": "cowrie.command.input", "input": "echo \u00e9 < /tmp/\"x\"", "timestamp": "2026-04-14T12:00:00.123456Z", "n": 1.5, "k": 10}`,
		"\t{\"n\":1.50,\"k\":1e1,\"timestamp\":\"2026-04-14T12:00:00.123456Z\",\r\n\"input\":\"\\u0065cho \\u00E9 \\u003c \\/tmp\\/\\u0022x\\u0022\",\"eventid\":\"cowrie.command.input\"}\n",
		`{"n":15e-1,"k":10.0,"k":10,"eventid":"x","eventid":"cowrie.command.input","input":"echo é < /tmp/\"x\"","timestamp":"2026-04-14T12:00:00.123456Z"}`,
	} {
		if got := schemas.EventID(canonical(t, spelling), schemas.EventPart{}).String(); got != want {
			t.Errorf("id %s, want %s, of %s", got, want, spelling)
		}
	}
}

func TestGoldenAttackerIDs(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"198.51.100.7":                 "7d8ee344-775f-581f-8784-38ee8a373974",
		"::ffff:198.51.100.7":          "7d8ee344-775f-581f-8784-38ee8a373974",
		"2001:db8:1:2::7":              "db194731-5aae-5f07-aac7-4425d42a41f5",
		"2001:0db8:1:2:ffff:ffff:0:1":  "db194731-5aae-5f07-aac7-4425d42a41f5",
		"2001:db8:1:2:aaaa::1%eth0":    "db194731-5aae-5f07-aac7-4425d42a41f5",
		"::ffff:198.51.100.7%whatever": "7d8ee344-775f-581f-8784-38ee8a373974",
	} {
		if got := schemas.AttackerID(netip.MustParseAddr(addr)).String(); got != want {
			t.Errorf("AttackerID(%s) = %s, want %s", addr, got, want)
		}
	}
	for _, domain := range []string{"mailer.example", "Mailer.Example", "mailer.example."} {
		if got, want := schemas.AttackerDomainID(domain).String(), "0e7ea942-b151-5cc2-99f1-64adafbb6ae0"; got != want {
			t.Errorf("AttackerDomainID(%s) = %s, want %s", domain, got, want)
		}
	}
}

func canonical(tb testing.TB, raw string) []byte {
	tb.Helper()
	out, err := schemas.CanonicalJSON([]byte(raw))
	if err != nil {
		tb.Fatalf("%v: %s", err, raw)
	}
	return out
}

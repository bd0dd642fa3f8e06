package ingest

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

func TestCowrieGoldens(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"release-3.1.4", "older"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := fileLines(t, "cowrie/"+name+".jsonl")
			golden(t, "cowrie/"+name+".golden", decoded(t, Cowrie{}.NewDecoder(), lines))
		})
	}
}

func TestEveryKnownEventHasALine(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, l := range fileLines(t, "cowrie/release-3.1.4.jsonl") {
		seen[eventName(l)] = true
	}
	for id := range cowrieEvents {
		if !seen[id] {
			t.Errorf("no test line has %s", id)
		}
	}
}

// The secret of the test lines is in the password of a login, and nowhere
// else.
func TestPasswordsStayInTheirField(t *testing.T) {
	t.Parallel()
	d := Cowrie{}.NewDecoder()
	found := 0
	for _, l := range fileLines(t, "cowrie/release-3.1.4.jsonl") {
		facts, err := d.Decode(l)
		if err != nil {
			continue
		}
		if auth, ok := facts[0].(*schemas.AuthEvent); ok && auth.Password == "Pl4nted-s3cret" {
			auth.Password = ""
			found++
		}
		raw, err := schemas.EncodeJSON(facts[0])
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte("Pl4nted")) {
			t.Errorf("a password is in %s", raw)
		}
	}
	if found != 1 {
		t.Errorf("%d logins with the planted password, want 1", found)
	}
}

// cowrieID returns the id of the one fact of a line.
func cowrieID(t *testing.T, l string) uuid.UUID {
	t.Helper()
	facts, err := Cowrie{}.NewDecoder().Decode([]byte(l))
	if err != nil {
		t.Fatalf("%s: %v", l, err)
	}
	return facts[0].Event().EventID
}

const (
	kafkaSpelling = `{"session": "a1b2c3d4e5f6", "protocol": "ssh", "src_ip": "198.51.100.7", "src_port": 40022, "dst_ip": "192.0.2.10", "dst_port": 2222, "input": "echo \"h\u00e9\"", "eventid": "cowrie.command.input", "sensor": "hp-1", "uuid": "7c1f0d52", "timestamp": "2026-08-21T10:00:15.018510Z", "message": "CMD: echo \"h\u00e9\""}`
	fileSpelling  = `{"session":"a1b2c3d4e5f6","protocol":"ssh","src_ip":"198.51.100.7","src_port":40022,"dst_ip":"192.0.2.10","dst_port":2222,"input":"echo \"h\u00e9\"","eventid":"cowrie.command.input","sensor":"hp-1","uuid":"7c1f0d52","timestamp":"2026-08-21T10:00:15.018510Z","message":"CMD: echo \"h\u00e9\"","epoch":1787306415018}`
	// Twisted's members, as older releases let them through, and the
	// characters themselves where Python writes escapes.
	twistedSpelling = `{"isError":0,"system":"HoneyPotSSHTransport,1,198.51.100.7","time":1787306415.01851,"log_level":{"name":"info"},"log_namespace":"x","timestamp":"2026-08-21T10:00:15.018510Z","session":"a1b2c3d4e5f6","protocol":"ssh","src_ip":"198.51.100.7","src_port":40022,"dst_ip":"192.0.2.10","dst_port":2222,"input":"echo \"hé\"","eventid":"cowrie.command.input","sensor":"hp-1","uuid":"7c1f0d52","message":"CMD: echo \"hé\""}`
	tpotSpelling    = `{"_index":"logstash-2026.08.21","_id":"x","_score":null,"_source":{"@timestamp":"2026-08-21T10:00:15.018Z","@version":"1","path":"/data/cowrie/log/cowrie.json","host":"t-pot","type":"Cowrie","tags":["x"],"geoip":{"asn":1,"location":{"lat":1.5,"lon":2}},"geoip_ext":{"asn":2},"ip_rep":"mass scanner","t-pot_ip_ext":"192.0.2.99","t-pot_ip_int":"10.0.0.1","t-pot_hostname":"sensor","session":"a1b2c3d4e5f6","protocol":"ssh","src_ip":"198.51.100.7","src_port":40022,"dest_ip":"192.0.2.10","dest_port":2222,"input":"echo \"h\u00e9\"","eventid":"cowrie.command.input","sensor":"hp-1","uuid":"7c1f0d52","timestamp":"2026-08-21T10:00:15.018510Z","message":"CMD: echo \"h\u00e9\""}}`
)

// The id is of what Cowrie said about the event, however it comes.
func TestOneIDForEverySpelling(t *testing.T) {
	t.Parallel()
	want := uuid.MustParse("1a3c6fbe-f7df-5291-b610-e71b8624a99e") // frozen
	quoted, err := json.Marshal(fileSpelling)
	if err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]string{
		"kafka": kafkaSpelling, "file": fileSpelling, "twisted": twistedSpelling, "t-pot export": tpotSpelling,
		"filebeat":       `{"@timestamp":"2026-08-21T10:00:16Z","agent":{"type":"filebeat"},"input":{"type":"log"},"message":` + string(quoted) + `}`,
		"logstash":       `{"event.original":` + string(quoted) + `,"message":"x"}`,
		"docker":         `{"log":` + strings.TrimSuffix(string(quoted), `"`) + `\n","stream":"stdout","time":"2026-08-21T10:00:16Z"}`,
		"hit in docker":  `{"log":` + quote(t, `{"_source":`+fileSpelling+`}`) + `}`,
		"line separator": "\t" + fileSpelling + " ",
	} {
		if got := cowrieID(t, l); got != want {
			t.Errorf("%s: id %s, want %s", name, got, want)
		}
	}
	if got := cowrieID(t, strings.Replace(fileSpelling, "018510Z", "018511Z", 1)); got == want {
		t.Error("a microsecond later is the same event")
	}
}

// Release 3.1.4 wrote both files itself, output_jsonlog with epoch_timestamp
// on, the other by the Kafka output, from the same events.
func TestBothOutputsOfCowrieGiveOneID(t *testing.T) {
	t.Parallel()
	file, kafka := fileLines(t, "cowrie/spelt-by-jsonlog.jsonl"), fileLines(t, "cowrie/spelt-by-kafka.jsonl")
	if len(file) != len(kafka) || len(file) < 5 {
		t.Fatalf("%d and %d lines", len(file), len(kafka))
	}
	for i := range file {
		if bytes.Equal(file[i], kafka[i]) {
			t.Errorf("line %d is spelt alike: the test shows nothing", i+1)
		}
		if cowrieID(t, string(file[i])) != cowrieID(t, string(kafka[i])) {
			t.Errorf("line %d has two ids", i+1)
		}
	}
}

func quote(t *testing.T, text string) string {
	t.Helper()
	raw, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// An id does not depend on what a decoder has learnt.
func TestIDsDoNotDependOnOtherLines(t *testing.T) {
	t.Parallel()
	lines := testLines(t)
	knowing := Cowrie{}.NewDecoder()
	for i, l := range lines {
		knowing.Learn(l)
		facts, err := knowing.Decode(l)
		alone, errAlone := Cowrie{}.NewDecoder().Decode(l)
		if err != nil || errAlone != nil {
			continue
		}
		if facts[0].Event().EventID != alone[0].Event().EventID {
			t.Errorf("line %d has another id after other lines", i+1)
		}
	}
}

// A decoder that learnt a file's start goes on as one that decoded it.
func TestLearnLeavesWhatDecodeLeaves(t *testing.T) {
	t.Parallel()
	lines := testLines(t)
	for cut := range lines {
		learnt, whole := Cowrie{}.NewDecoder(), Cowrie{}.NewDecoder()
		for _, l := range lines[:cut] {
			learnt.Learn(l)
			_, _ = whole.Decode(l)
		}
		got, want := decoded(t, learnt, lines[cut:]), decoded(t, whole, lines[cut:])
		if got != want {
			t.Fatalf("after %d lines learnt: %s\nwant %s", cut, got, want)
		}
	}
}

func TestCowrieDetects(t *testing.T) {
	t.Parallel()
	for l, want := range map[string]bool{
		fileSpelling: true, kafkaSpelling: true, tpotSpelling: true, `{"eventid":"cowrie.x"}`: true,
		`{"eventid":"honeytrap.x"}`: false, `{"eventid":5}`: false, `{}`: false, `[]`: false, `cowrie.session.connect`: false,
		`{"message":"eventid cowrie.session.connect"}`: false, `{"message":"{\"eventid\":\"cowrie.x\"}"}`: true,
	} {
		if got := (Cowrie{}).Detect([]byte(l)); got != want {
			t.Errorf("Detect(%.60s) = %t", l, got)
		}
	}
}

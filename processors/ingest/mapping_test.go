package ingest

import (
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
)

const mappingText = `
name: edge-proxy
kind: http_request
when: {program: edge, request: "*"}
time: ts
source: client.ip
sensor: host.name
session: conn
coarse: true
fields:
  method: request.method
  path: request.path
  scheme: "=https"
  status: answer.code
  user_agent: no.such.path
`

const mappedLine = `{"program":"edge","ts":1787306415.25,"client":{"ip":"198.51.100.7"},"host.name":"edge-1","conn":77,"request":{"method":"GET","path":"/a"},"answer":{"code":404}}`

func mapping(t *testing.T) *Mapping {
	t.Helper()
	m, err := ParseMapping([]byte(mappingText))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMapping(t *testing.T) {
	t.Parallel()
	source := mapping(t).AsSource()
	facts, err := source.NewDecoder().Decode([]byte(mappedLine))
	if err != nil {
		t.Fatal(err)
	}
	e := facts[0].(*schemas.HTTPEvent)
	if e.Method != "GET" || e.Path != "/a" || e.Scheme != "https" || e.Status != 404 || e.SessionID != "77" || e.Sensor != "edge-1" || e.SrcIP != "198.51.100.7" || e.EventTime.Nanosecond() != 250_000_000 {
		t.Errorf("%+v", e)
	}
	if !source.Detect([]byte(mappedLine)) || source.Detect([]byte(`{"program":"other","request":{}}`)) || (auto{}).Detect([]byte(mappedLine)) {
		t.Error("it is not known by its members")
	}
	if !AutoWith(source).Detect([]byte(mappedLine)) {
		t.Error("auto does not know it when told")
	}
	d := source.NewDecoder()
	first, _ := d.Decode([]byte(mappedLine))
	id := first[0].Event().EventID
	if again, err := d.Decode([]byte(mappedLine)); err != nil || again[0].Event().EventID == id {
		t.Errorf("identical lines of a coarse clock are one event, or %v", err)
	}
}

func TestMappingRefuses(t *testing.T) {
	t.Parallel()
	for change, want := range map[string]string{
		`"ts":1787306415.25|"ts":"yesterday"`:                     ReasonBadTime,
		`"ts":1787306415.25|"t":1`:                                ReasonNoTime,
		`"ip":"198.51.100.7"|"ip":"nobody"`:                       ReasonBadSource,
		`"client":|"customer":`:                                   ReasonNoSource,
		`"method":"GET"|"method":5`:                               ReasonWrongType,
		`"code":404|"code":99999`:                                 ReasonBadValue,
		`"program":"edge"|"program":"x"`:                          ReasonForeignEvent,
		`"path":"/a"|"path":"` + strings.Repeat("a", 70000) + `"`: ReasonFieldTooLong,
	} {
		from, to, _ := strings.Cut(change, "|")
		line := strings.Replace(mappedLine, from, to, 1)
		if _, err := mapping(t).AsSource().NewDecoder().Decode([]byte(line)); reasonOf(err) != want {
			t.Errorf("%.80s: %v, want %s", to, err, want)
		}
	}
}

func TestParseMappingNamesEveryProblem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"name: X":                         "name:",
		"name: cowrie":                    "is a format already",
		"name: a\nkind: correlation":      "kind:",
		"name: a\nkind: command":          "when: required",
		"name: a\nwhen: {a: b}":           "time and source",
		"name: a\nfields: {src_ip: b}":    "src_ip is made by ingest",
		"name: a\nunknown: 1":             "unknown",
		"name: [":                         "mapping",
		strings.Repeat("#", maxMapping+1): "at most",
	} {
		if _, err := ParseMapping([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %s", text, err, want)
		}
	}
}

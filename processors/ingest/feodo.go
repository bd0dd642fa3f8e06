package ingest

import (
	"encoding/csv"
	"net/netip"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// feodo is Feodo Tracker's list of botnet controllers as JSON: being on it is
// the verdict, with score 1.
var feodo = sensor{
	name:   "feodo",
	has:    func(o *object) bool { return hasStrings(o, "ip_address", "malware", "first_seen") },
	decode: decodeFeodo,
}

func decodeFeodo(e *sensorEvent) {
	e.when("first_seen", "last_online")
	e.indicator(e.text("ip_address"))
	e.listed(e.text("malware"))
}

func (e *sensorEvent) listed(family string) {
	certain := 1.0
	fact := e.verdict(schemas.ProviderFeodo, "listed", &certain)
	fact.MalwareFamily, fact.ThreatType = clip(family, schemas.MaxShortText), "botnet_cc"
}

// FeodoCSV is the same list as CSV: comments, a header, and a row an address.
type FeodoCSV struct{}

// Name returns feodo-csv.
func (FeodoCSV) Name() string { return "feodo-csv" }

// Detect reports whether the line is the header or a row of six columns of
// which the first is a time and the second an address.
func (FeodoCSV) Detect(line []byte) bool {
	columns := feodoColumns(line)
	if len(columns) != 6 {
		return false
	}
	if columns[0] == "first_seen_utc" {
		return true
	}
	_, err := netip.ParseAddr(columns[1])
	_, refusal := parseClock(columns[0])
	return err == nil && refusal == nil
}

// NewDecoder returns a decoder for one file.
func (FeodoCSV) NewDecoder() Decoder { return feodoCSVDecoder{} }

type feodoCSVDecoder struct{}

// Learn implements [Decoder]: there is nothing to learn.
func (feodoCSVDecoder) Learn([]byte) {}

// Decode implements [Decoder].
func (feodoCSVDecoder) Decode(line []byte) ([]Fact, error) {
	if line[0] == '#' {
		return nil, refuse(ReasonNoEvent, "a comment")
	}
	columns := feodoColumns(line)
	switch {
	case len(columns) != 6:
		return nil, refuse(ReasonMissingField, "the row has not six columns")
	case columns[0] == "first_seen_utc":
		return nil, refuse(ReasonNoEvent, "the header")
	}
	at, refusal := parseClock(columns[0])
	if refusal != nil {
		return nil, refusal
	}
	e := &sensorEvent{canonical: line}
	e.envelope.EventTime = at
	e.indicator(columns[1])
	if e.refusal == nil {
		e.listed(columns[5])
	}
	return e.result()
}

func feodoColumns(line []byte) []string {
	columns, err := csv.NewReader(strings.NewReader(string(line))).Read()
	if err != nil {
		return nil
	}
	return columns
}

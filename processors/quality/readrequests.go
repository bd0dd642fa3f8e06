package quality

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// request is a test of a web application firewall: a request, and the numbers
// of the rules that it is to trigger, none for a harmless one.
type request struct {
	Family  string         `json:"family"`
	RuleID  int            `json:"rule_id"`
	TestID  int            `json:"test_id"`
	Desc    string         `json:"desc"`
	Stage   int            `json:"stage"`
	Method  string         `json:"method"`
	URI     string         `json:"uri"`
	Version string         `json:"version"`
	Headers map[string]any `json:"headers"`
	Data    *string        `json:"data"`
	Encoded *string        `json:"encoded_request"`
	Expect  []int          `json:"expect_ids"`
}

// RequestTechniques are those of which any answers a malicious request.
var RequestTechniques = []string{"T1190", "T1595", "T1505"}

// ReadRequests reads tests of a web application firewall, one JSON record a
// line. Errors name the line.
func ReadRequests(r io.Reader) ([]Case, error) {
	var cases []Case
	err := lines(r, func(n int, line string) error {
		var test request
		if err := json.Unmarshal([]byte(line), &test); err != nil {
			return err
		}
		given, err := test.given()
		if err != nil {
			return err
		}
		c := Case{
			ID:     fmt.Sprintf("%d-%d-%d", test.RuleID, test.TestID, test.Stage),
			Title:  fmt.Sprintf("%d-%d %s %s", test.RuleID, test.TestID, test.Method, test.URI),
			Events: []Event{{Kind: schemas.KindHTTPRequest, Given: given}},
		}
		if len(test.Expect) > 0 {
			c.Want = RequestTechniques
		}
		cases = append(cases, c)
		return nil
	})
	return cases, err
}

// given returns the request as the fields of a record.
func (r *request) given() (map[string]any, error) {
	if r.Encoded != nil && *r.Encoded != "" {
		raw, err := base64.StdEncoding.DecodeString(*r.Encoded)
		if err != nil {
			return nil, fmt.Errorf("encoded_request: %w", err)
		}
		r.parse(string(raw))
	}
	path, query, _ := strings.Cut(r.URI, "?")
	given := map[string]any{
		"method": cmp.Or(strings.ToValidUTF8(r.Method, "\uFFFD"), "GET"), "path": strings.ToValidUTF8(cmp.Or(path, "/"), "\uFFFD"),
		"query": strings.ToValidUTF8(query, "\uFFFD"),
	}
	if r.Data != nil {
		given["body"] = strings.ToValidUTF8(*r.Data, "\uFFFD")
	}
	var headers []map[string]any
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		value := strings.ToValidUTF8(fmt.Sprint(r.Headers[name]), "\uFFFD")
		headers = append(headers, map[string]any{"name": name, "value": value})
		switch strings.ToLower(name) {
		case "user-agent":
			given["user_agent"] = value
		case "referer":
			given["referer"] = value
		case "host":
			given["host"] = value
		}
	}
	if len(headers) > 0 {
		given["headers"] = headers
	}
	return given, nil
}

// parse takes a request apart that is given as it goes over the wire.
func (r *request) parse(raw string) {
	head, body, _ := strings.Cut(strings.ReplaceAll(raw, "\r\n", "\n"), "\n\n")
	first, rest, _ := strings.Cut(head, "\n")
	r.Headers = map[string]any{}
	if words := strings.Fields(first); len(words) > 1 {
		r.Method, r.URI = words[0], words[1]
	}
	for line := range strings.Lines(rest) {
		if name, value, ok := strings.Cut(strings.TrimRight(line, "\n"), ":"); ok && name != "" {
			r.Headers[name] = strings.TrimSpace(value)
		}
	}
	r.Data = &body
}
